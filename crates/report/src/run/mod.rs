//! From a session to a scoreboard: prepare shared tables once, then ask each indicator.

mod answers;
pub(crate) mod door;
mod series;

use jiff::civil::Date;
use salus_engine::Session;

use crate::ReportError;
use crate::content::{self, Indicator, Prepared, SECTIONS, Span};
use crate::period::Period;
use crate::scoreboard::{Answer, Citation, Finding, Population, SCHEMA, Scoreboard, Section};
use door::Door;

/// What a report is about.
#[derive(Clone, Debug)]
pub struct Request {
    /// The measurement period.
    pub period: Period,
    /// How the end of the period was chosen, in words: "the latest date in the records".
    pub period_note: String,
    /// Indicators to run, by id; all when empty.
    pub only: Vec<String>,
}

impl Request {
    /// All indicators over the 12 months that end with `as_of`.
    #[must_use]
    pub fn year_ending(as_of: Date, period_note: impl Into<String>) -> Self {
        Self {
            period: Period::year_ending(as_of),
            period_note: period_note.into(),
            only: Vec::new(),
        }
    }
}

/// Runs the indicators.
///
/// # Errors
///
/// When a shared table cannot be made or an asked-for indicator does not exist. An indicator that fails by itself
/// is in the scoreboard as [`Answer::Failed`], beside the others.
pub async fn run(session: &Session, request: &Request) -> Result<Scoreboard, ReportError> {
    let chosen = chosen(&request.only)?;
    let door = Door::new(session);
    prepare(door, &request.period).await?;
    let population = population(door).await?;
    let mut findings = Vec::new();
    for indicator in &chosen {
        let answer = answer(door, indicator, &request.period, population).await;
        findings.push((
            indicator.section,
            finding(indicator, request.period, answer),
        ));
    }
    Ok(Scoreboard {
        schema: SCHEMA,
        period: request.period,
        period_note: request.period_note.clone(),
        snapshot: session.snapshot(),
        population,
        sections: sections(findings),
    })
}

/// The latest day of a visit or observation, else of a claim: the natural end of the period. Days after `today` count
/// only where there is none before, as in records whose dates were shifted to hide who they are of.
///
/// # Errors
///
/// When a query fails.
pub async fn latest_date(session: &Session, today: Date) -> Result<Option<Date>, ReportError> {
    let door = Door::new(session);
    let past = format!("WHERE salus_date < DATE '{today}' + INTERVAL '1 day'");
    for filter in [past.as_str(), ""] {
        let met = latest_of(door, "Encounter", filter).await?;
        let seen = latest_of(door, "Observation", filter).await?;
        let latest = met.max(seen);
        if latest.is_some() {
            return Ok(latest);
        }
        let billed = latest_of(door, "ExplanationOfBenefit", filter).await?;
        if billed.is_some() {
            return Ok(billed);
        }
    }
    Ok(None)
}

/// The latest clinical date of a table, if the lake has it.
async fn latest_of(door: Door<'_>, table: &str, filter: &str) -> Result<Option<Date>, ReportError> {
    if !door.has_rows(table) {
        return Ok(None);
    }
    let sql = format!("SELECT CAST(max(salus_date) AS DATE) AS day FROM \"{table}\" {filter}");
    let rows = door.rows("latest date", &sql).await?;
    Ok(rows.day("day")?.first().copied().flatten())
}

/// The indicators that were asked for.
fn chosen(only: &[String]) -> Result<Vec<Indicator>, ReportError> {
    let all = content::indicators()?;
    if only.is_empty() {
        return Ok(all);
    }
    only.iter().map(|id| find(&all, id).cloned()).collect()
}

/// The indicator with an id.
pub(crate) fn find<'a>(all: &'a [Indicator], id: &str) -> Result<&'a Indicator, ReportError> {
    all.iter()
        .find(|indicator| indicator.id == id)
        .ok_or_else(|| ReportError::UnknownIndicator {
            id: id.to_owned(),
            closest: salus_base::suggest::closest(id, all.iter().map(|one| one.id.as_str()))
                .map(str::to_owned),
        })
}

/// Makes value sets, knowledge and the shared tables readable in SQL.
pub(crate) async fn prepare(door: Door<'_>, period: &Period) -> Result<(), ReportError> {
    door.register("value_sets", content::value_set_table()?)?;
    for (name, table) in content::tables()? {
        door.register(name, table)?;
    }
    for Prepared { name, sql } in content::prepared()? {
        let rows = door.rows(&name, &period.bind(&sql)).await?;
        door.register(&name, rows.into_batch())?;
    }
    Ok(())
}

async fn population(door: Door<'_>) -> Result<Population, ReportError> {
    let sql = "SELECT (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM report_people) AS living";
    let rows = door.rows("population", sql).await?;
    Ok(Population {
        patients: rows.first_count("patients")?,
        living: rows.first_count("living")?,
    })
}

/// The answer of one indicator, or the words why there is none.
async fn answer(
    door: Door<'_>,
    indicator: &Indicator,
    period: &Period,
    population: Population,
) -> Answer {
    let result = match lacking(door, indicator, period).await {
        Ok(Some(reason)) => return Answer::CannotAnswer { reason },
        Ok(None) => answers::answer(door, indicator, period, population).await,
        Err(error) => Err(error),
    };
    result.unwrap_or_else(|error| Answer::Failed {
        reason: chain(&error),
    })
}

/// What the records lack before this indicator can answer.
pub(crate) async fn lacking(
    door: Door<'_>,
    indicator: &Indicator,
    period: &Period,
) -> Result<Option<String>, ReportError> {
    for need in &indicator.definition.needs {
        let mut met = false;
        for query in need.queries() {
            met = met || door.any(&indicator.id, &period.bind(&query)).await?;
        }
        if !met {
            return Ok(Some(need.missing.clone()));
        }
    }
    Ok(None)
}

/// An error and its causes on one line.
fn chain(error: &ReportError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn finding(indicator: &Indicator, period: Period, answer: Answer) -> Finding {
    let definition = &indicator.definition;
    Finding {
        id: indicator.id.clone(),
        title: definition.title.clone(),
        meaning: definition.meaning.clone(),
        numerator: definition.numerator.clone(),
        denominator: definition.denominator.clone(),
        source: Citation {
            text: definition.source.clone(),
            url: definition.url.clone(),
        },
        kind: definition.kind,
        direction: definition.direction,
        unit: definition.unit.clone(),
        subject: definition.subject.clone(),
        period: (definition.period == Span::Period).then_some(period),
        answer,
    }
}

fn sections(findings: Vec<(&'static str, Finding)>) -> Vec<Section> {
    let mut sections: Vec<Section> = SECTIONS
        .into_iter()
        .map(|(id, title, question)| Section {
            id,
            title,
            question,
            findings: Vec::new(),
        })
        .collect();
    for (id, finding) in findings {
        if let Some(section) = sections.iter_mut().find(|section| section.id == id) {
            section.findings.push(finding);
        }
    }
    sections.retain(|section| !section.findings.is_empty());
    sections
}
