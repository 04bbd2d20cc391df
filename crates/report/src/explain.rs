//! From a number down to its evidence: patients, and for each the records with source file and byte offset.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use salus_engine::Session;
use serde::Serialize;

use crate::ReportError;
use crate::content::{self, Direction, Indicator, Kind};
use crate::period::Period;
use crate::run::door::{Door, Rows};
use crate::run::{find, prepare};
use crate::scoreboard::{Citation, Day};

/// Ids that are looked up in one query.
const IDS_PER_QUERY: usize = 500;

/// The evidence of one indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// Id of the indicator.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it means, in plain words.
    pub meaning: String,
    /// Who or what is counted.
    pub numerator: String,
    /// Out of whom or what.
    pub denominator: String,
    /// Whose definition it is.
    pub source: Citation,
    /// The measurement period.
    pub period: Period,
    /// Why there is no evidence, where the records cannot answer.
    pub cannot_answer: Option<String>,
    /// Patients with evidence, those that need attention first.
    pub patients: Vec<PatientEvidence>,
    /// Patients left out because of the limit.
    pub more: u64,
}

/// What one patient contributes.
#[derive(Clone, Debug, Serialize)]
pub struct PatientEvidence {
    /// Patient key.
    pub patient: String,
    /// How the patient counts.
    pub outcome: Outcome,
    /// The records that decided it.
    pub records: Vec<Evidence>,
}

/// How a patient counts.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// In the numerator.
    Numerator,
    /// In the denominator only.
    DenominatorOnly,
    /// Could not be checked.
    Unknown,
    /// Counted (rates, medians, rankings, series have no numerator by patient).
    Counted,
}

/// One record, and where it came from.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Evidence {
    /// Resource type.
    pub resource_type: String,
    /// Resource id.
    pub id: String,
    /// Its clinical date.
    pub date: Option<Day>,
    /// What it says here: a value, a diagnosis, a place.
    pub detail: String,
    /// File that the record came from.
    pub source: Option<String>,
    /// Byte at which it starts in the decompressed file.
    pub offset: Option<u64>,
}

/// Lists the evidence of an indicator, for `patients_max` patients at most.
///
/// # Errors
///
/// When there is no such indicator or a query fails.
pub async fn explain(
    session: &Session,
    period: Period,
    id: &str,
    patients_max: usize,
) -> Result<Explanation, ReportError> {
    let all = content::indicators()?;
    let indicator = find(&all, id)?;
    let door = Door::new(session);
    prepare(door, &period).await?;
    let mut explanation = empty(indicator, period);
    explanation.cannot_answer = crate::run::lacking(door, indicator, &period).await?;
    if explanation.cannot_answer.is_none() {
        let (patients, more) = evidence(door, indicator, &period, patients_max).await?;
        explanation.patients = patients;
        explanation.more = more;
        locate(door, &mut explanation.patients).await?;
    }
    Ok(explanation)
}

fn empty(indicator: &Indicator, period: Period) -> Explanation {
    let definition = &indicator.definition;
    Explanation {
        id: indicator.id.clone(),
        title: definition.title.clone(),
        meaning: definition.meaning.clone(),
        numerator: definition.numerator.clone(),
        denominator: definition.denominator.clone(),
        source: Citation {
            text: definition.source.clone(),
            url: definition.url.clone(),
        },
        period,
        cannot_answer: None,
        patients: Vec::new(),
        more: 0,
    }
}

/// The patients to look at first, with their rows.
async fn evidence(
    door: Door<'_>,
    indicator: &Indicator,
    period: &Period,
    patients_max: usize,
) -> Result<(Vec<PatientEvidence>, u64), ReportError> {
    let share = indicator.definition.kind == Kind::Share;
    let numerator = if share {
        "numerator"
    } else {
        "CAST(NULL AS BOOLEAN)"
    };
    let attention = attention(indicator);
    let evidence = period.bind(&indicator.sql);
    let sql = format!(
        "WITH evidence AS ({evidence}),
              patients_of AS (
                  SELECT coalesce(patient, 'no patient') AS patient, bool_or({numerator}) AS met, count(*) AS size,
                         max({latest}) AS latest
                  FROM evidence GROUP BY coalesce(patient, 'no patient')
              ),
              ordered AS (
                  SELECT patient, met, count(*) OVER () AS patients,
                         row_number() OVER (ORDER BY {attention}, size DESC, patient) AS place
                  FROM patients_of
              )
         SELECT o.place, o.patients, o.patient, o.met, e.evidence_type, e.evidence_id,
                {date} AS date, {detail} AS detail
         FROM ordered o JOIN evidence e ON coalesce(e.patient, 'no patient') = o.patient
         WHERE o.place <= {patients_max}
         ORDER BY o.place, date, e.evidence_type, e.evidence_id",
        date = if gives(indicator, "date") { "CAST(e.date AS DATE)" } else { "CAST(NULL AS DATE)" },
        detail = detail(indicator),
        latest = if gives(indicator, "date") { "CAST(date AS DATE)" } else { "CAST(NULL AS DATE)" },
    );
    let rows = door.rows(&indicator.id, &sql).await?;
    let patients = rows.first_count("patients")?;
    let listed = gather(&rows, share)?;
    let more = patients.saturating_sub(listed.len() as u64);
    Ok((listed, more))
}

/// Whether the indicator's rows have a column. Told by the text, since every column has its name there.
fn gives(indicator: &Indicator, column: &str) -> bool {
    indicator.sql.contains(&format!(" AS {column}"))
        || indicator.sql.contains(&format!(" {column},"))
}

/// What a row says, with its stratum, label or place in front.
fn detail(indicator: &Indicator) -> String {
    let lead = match indicator.definition.kind {
        Kind::Ranking => Some("label"),
        Kind::Series => Some("place"),
        _ if indicator.definition.strata => Some("stratum"),
        _ => None,
    };
    let words = if gives(indicator, "detail") {
        "coalesce(e.detail, '')"
    } else {
        "''"
    };
    lead.map_or_else(
        || words.to_owned(),
        |lead| format!("concat(coalesce(concat(e.{lead}, ': '), ''), {words})"),
    )
}

/// Who comes first: those in the numerator of something bad, those outside of something good, the newest cases.
fn attention(indicator: &Indicator) -> &'static str {
    if indicator.definition.kind == Kind::Series {
        return "latest DESC";
    }
    match indicator.definition.direction {
        Direction::Higher => "CASE WHEN NOT met THEN 0 WHEN met IS NULL THEN 1 ELSE 2 END",
        _ => "CASE WHEN met THEN 0 WHEN met IS NULL THEN 1 ELSE 2 END",
    }
}

fn gather(rows: &Rows, share: bool) -> Result<Vec<PatientEvidence>, ReportError> {
    let (patients, met, types) = (
        rows.text("patient")?,
        rows.truth("met")?,
        rows.text("evidence_type")?,
    );
    let (ids, dates, details) = (
        rows.text("evidence_id")?,
        rows.day("date")?,
        rows.text("detail")?,
    );
    let mut listed: Vec<PatientEvidence> = Vec::new();
    let cells = patients
        .into_iter()
        .zip(met)
        .zip(types.into_iter().zip(ids))
        .zip(dates.into_iter().zip(details));
    for (((patient, met), (resource_type, id)), (date, detail)) in cells {
        let patient = patient.unwrap_or_default();
        if listed.last().is_none_or(|last| last.patient != patient) {
            listed.push(PatientEvidence {
                patient,
                outcome: outcome(share, met),
                records: Vec::new(),
            });
        }
        let (Some(last), Some(resource_type), Some(id)) = (listed.last_mut(), resource_type, id)
        else {
            continue;
        };
        let record = Evidence {
            resource_type,
            id,
            date: date.map(Day),
            detail: detail.unwrap_or_default(),
            source: None,
            offset: None,
        };
        if !last.records.contains(&record) {
            last.records.push(record);
        }
    }
    Ok(listed)
}

fn outcome(share: bool, met: Option<bool>) -> Outcome {
    match met {
        _ if !share => Outcome::Counted,
        Some(true) => Outcome::Numerator,
        Some(false) => Outcome::DenominatorOnly,
        None => Outcome::Unknown,
    }
}

/// Finds file and offset of every record, by type.
async fn locate(door: Door<'_>, patients: &mut [PatientEvidence]) -> Result<(), ReportError> {
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in patients.iter().flat_map(|patient| &patient.records) {
        wanted
            .entry(record.resource_type.clone())
            .or_default()
            .push(record.id.clone());
    }
    let mut places = HashMap::new();
    for (resource_type, mut ids) in wanted {
        ids.sort();
        ids.dedup();
        let Some(view) = view_of(&resource_type) else {
            continue;
        };
        for ids in ids.chunks(IDS_PER_QUERY) {
            find_places(door, view, &resource_type, ids, &mut places).await?;
        }
    }
    for record in patients.iter_mut().flat_map(|patient| &mut patient.records) {
        let key = (record.resource_type.clone(), record.id.clone());
        if let Some((source, offset)) = places.get(&key) {
            record.source.clone_from(source);
            record.offset = *offset;
        }
    }
    Ok(())
}

type Places = HashMap<(String, String), (Option<String>, Option<u64>)>;

async fn find_places(
    door: Door<'_>,
    view: &str,
    resource_type: &str,
    ids: &[String],
    places: &mut Places,
) -> Result<(), ReportError> {
    let list: Vec<String> = ids
        .iter()
        .map(|id| format!("'{}'", id.replace('\'', "''")))
        .collect();
    let sql = format!(
        "SELECT DISTINCT id, source, source_offset FROM {view} WHERE resource_type = '{resource_type}' AND id IN ({})",
        list.join(", ")
    );
    let rows = door.rows(view, &sql).await?;
    let cells = rows
        .text("id")?
        .into_iter()
        .zip(rows.text("source")?)
        .zip(rows.integer("source_offset")?);
    for ((id, source), offset) in cells {
        let offset = offset.and_then(|offset| u64::try_from(offset).ok());
        places.insert(
            (resource_type.to_owned(), id.unwrap_or_default()),
            (source, offset),
        );
    }
    Ok(())
}

/// The view that shows resources of a type.
fn view_of(resource_type: &str) -> Option<&'static str> {
    Some(match resource_type {
        "AllergyIntolerance" => "allergies",
        "Claim" | "ExplanationOfBenefit" => "claims",
        "Condition" => "conditions",
        "Coverage" => "coverages",
        "Encounter" => "encounters",
        "Immunization" => "immunizations",
        "MedicationAdministration"
        | "MedicationDispense"
        | "MedicationRequest"
        | "MedicationStatement" => "medications",
        "Observation" => "observations",
        "Patient" => "patients",
        "Procedure" => "procedures",
        _ => return None,
    })
}

/// The explanation as text for a terminal.
#[must_use]
pub fn explanation_text(explanation: &Explanation) -> String {
    let mut text = String::new();
    let _ = write_text(&mut text, explanation);
    text
}

fn write_text(text: &mut String, explanation: &Explanation) -> std::fmt::Result {
    writeln!(text, "{}  ({})", explanation.title, explanation.id)?;
    writeln!(text, "{}\n", explanation.meaning)?;
    writeln!(text, "  Numerator    {}", explanation.numerator)?;
    writeln!(text, "  Denominator  {}", explanation.denominator)?;
    writeln!(
        text,
        "  Period       {} to {}",
        explanation.period.start, explanation.period.end
    )?;
    writeln!(text, "  Source       {}", explanation.source.text)?;
    writeln!(text, "               {}\n", explanation.source.url)?;
    if let Some(reason) = &explanation.cannot_answer {
        return writeln!(text, "Cannot answer: {reason}.");
    }
    for patient in &explanation.patients {
        writeln!(text, "{}  {}", patient.patient, words(patient.outcome))?;
        for record in &patient.records {
            write_record(text, record)?;
        }
    }
    if explanation.more > 0 {
        writeln!(text, "… and {} more patients", explanation.more)?;
    }
    Ok(())
}

fn write_record(text: &mut String, record: &Evidence) -> std::fmt::Result {
    let date = record
        .date
        .map_or_else(|| " ".repeat(10), |day| day.0.to_string());
    writeln!(
        text,
        "  {date}  {}/{}  {}",
        record.resource_type, record.id, record.detail
    )?;
    match (&record.source, record.offset) {
        (Some(source), Some(offset)) => writeln!(text, "              {source}, byte {offset}"),
        (Some(source), None) => writeln!(text, "              {source}"),
        _ => Ok(()),
    }
}

fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Numerator => "in the numerator",
        Outcome::DenominatorOnly => "in the denominator only",
        Outcome::Unknown => "could not be checked",
        Outcome::Counted => "counted",
    }
}
