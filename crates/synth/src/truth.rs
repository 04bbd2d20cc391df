//! What was planted, and what is so although nobody planted it. Serializes to `truth.json`.
//!
//! Everything here is read off the finished records (or is the plan behind them), never estimated.
//! References are `Type/id`. Dates are the county's own. `at end` means on the last day.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::content::{Label, PlantKind};
use crate::hl7v2::Message;

/// The answer key of one generated set.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Truth {
    /// The options, and the first and last day of the records.
    pub about: About,
    /// Resources by type.
    pub counts: BTreeMap<&'static str, u64>,
    /// Patients by number of people: all, alive at the end.
    pub people: People,
    /// Which plant is in which patient.
    pub plants: Vec<PlantTruth>,
    /// Outbreaks with their cases.
    pub outbreaks: Vec<OutbreakTruth>,
    /// Pairs of orders of the ONC high-priority list: harmful ones at the end (planted or not), and harmless twins.
    pub interactions: Vec<InteractionTruth>,
    /// Orders against an allergy, and harmless twins.
    pub allergy_conflicts: Vec<AllergyTruth>,
    /// Active metformin with the last eGFR below 30, and harmless twins.
    pub renal_conflicts: Vec<RenalTruth>,
    /// What should have been done and was not, at the end.
    pub care_gaps: Vec<CareGap>,
    /// Kidney patients with a G stage in each of the last two years.
    pub kidney: Vec<KidneyTruth>,
    /// Times without cover within the records.
    pub uninsured: Vec<Uninsured>,
    /// Stays within 30 days of the stay before.
    pub readmissions: Vec<Readmission>,
    /// People with two records.
    pub duplicates: Vec<Duplicate>,
    /// Living patients by chronic condition that is active in the record at the end.
    pub registries: BTreeMap<String, Vec<String>>,
    /// Flaws put into the records.
    pub flaws: FlawCounts,
}

/// The options behind a set.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields of `Options`, and the window")]
pub struct About {
    pub generator: &'static str,
    pub version: &'static str,
    pub patients: u64,
    pub years: u32,
    pub seed: u64,
    pub start_date: String,
    pub end_date: String,
}

/// How many people.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct People {
    /// People (a duplicate record is not a second person).
    pub all: u64,
    /// Alive at the end.
    pub living: u64,
}

/// A plant in a patient.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlantTruth {
    /// Id of the plant in `plants.toml`.
    pub plant: String,
    /// Kind of finding.
    pub kind: PlantKind,
    /// Whether a finding should be made.
    pub label: Label,
    /// `Patient/id`.
    pub patient: String,
    /// In words.
    pub why: String,
}

/// An outbreak.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct OutbreakTruth {
    pub outbreak: String,
    pub syndrome: String,
    pub postal_code: String,
    pub exposure_date: String,
    /// Mondays of the weeks that hold cases.
    pub weeks: Vec<String>,
    pub why: String,
    pub cases: Vec<OutbreakCase>,
}

/// A case of an outbreak.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct OutbreakCase {
    pub patient: String,
    pub encounter: String,
    pub date: String,
    pub class: String,
    pub code: String,
}

/// An order in a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderTruth {
    /// `MedicationRequest/id`.
    pub order: String,
    /// RxNorm product.
    pub rxcui: String,
    /// Ingredient.
    pub ingredient: String,
    /// Status in the record.
    pub status: &'static str,
    /// Taken at the end, as far as the record says.
    pub running: bool,
}

/// A pair of orders.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InteractionTruth {
    /// `Patient/id`.
    pub patient: String,
    /// The plant, if it is one.
    pub plant: Option<String>,
    /// Whether a finding should be made.
    pub label: Label,
    /// Item of the ONC high-priority list (21: two QT-prolonging medicines, members from labels).
    pub item: u32,
    /// The two orders.
    pub orders: [OrderTruth; 2],
}

/// An order against an allergy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllergyTruth {
    /// `Patient/id`.
    pub patient: String,
    /// The plant.
    pub plant: Option<String>,
    /// Whether a finding should be made.
    pub label: Label,
    /// `AllergyIntolerance/id`.
    pub allergy: String,
    /// `same-ingredient`, `same-class` or `other`.
    pub relation: &'static str,
    /// The order.
    pub order: OrderTruth,
}

/// Metformin and the kidney.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenalTruth {
    /// `Patient/id`.
    pub patient: String,
    /// The plant, if it is one.
    pub plant: Option<String>,
    /// Whether a finding should be made.
    pub label: Label,
    /// The order.
    pub order: OrderTruth,
    /// `Observation/id` of the last eGFR.
    pub egfr: String,
    /// mL/min/1.73 m².
    pub egfr_value: f64,
    /// Its date.
    pub egfr_date: String,
}

/// A gap in care at the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CareGap {
    /// `Patient/id`.
    pub patient: String,
    /// The plant, if it is one.
    pub plant: Option<String>,
    /// `hba1c-missing`, `hba1c-above-9`, `blood-pressure-uncontrolled`, `blood-pressure-missing`,
    /// `colorectal-overdue`, `lapsed`.
    pub gap: &'static str,
    /// The record that shows it, where there is one.
    pub evidence: Option<String>,
    /// Its date.
    pub since: Option<String>,
}

/// Kidney stages in the last two years.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct KidneyTruth {
    pub patient: String,
    pub plant: Option<String>,
    pub before: String,
    pub before_stage: String,
    pub after: String,
    pub after_stage: String,
    pub worsened: bool,
}

/// Time without cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct Uninsured {
    pub patient: String,
    pub plant: Option<String>,
    pub from: String,
    pub to: String,
    pub at_end: bool,
}

/// A readmission.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct Readmission {
    pub patient: String,
    pub index: String,
    pub readmission: String,
    pub days: i32,
    pub planned: bool,
}

/// One person, two records.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct Duplicate {
    pub survivor: String,
    pub replaced: String,
    pub encounters_on_replaced: Vec<String>,
}

/// How many flaws of each kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "named as in visits.toml")]
pub struct FlawCounts {
    pub observation_without_unit: u64,
    pub observation_without_date: u64,
    pub condition_without_code: u64,
    pub condition_without_onset: u64,
    pub encounter_without_end: u64,
}

impl Truth {
    /// Adds what is true of further patients.
    pub fn absorb(&mut self, more: Truth) {
        self.people.all += more.people.all;
        self.people.living += more.people.living;
        for (kind, count) in more.counts {
            *self.counts.entry(kind).or_default() += count;
        }
        self.plants.extend(more.plants);
        for outbreak in more.outbreaks {
            self.absorb_outbreak(outbreak);
        }
        self.interactions.extend(more.interactions);
        self.allergy_conflicts.extend(more.allergy_conflicts);
        self.renal_conflicts.extend(more.renal_conflicts);
        self.care_gaps.extend(more.care_gaps);
        self.kidney.extend(more.kidney);
        self.uninsured.extend(more.uninsured);
        self.readmissions.extend(more.readmissions);
        self.duplicates.extend(more.duplicates);
        for (condition, patients) in more.registries {
            self.registries
                .entry(condition)
                .or_default()
                .extend(patients);
        }
        self.flaws.absorb(&more.flaws);
    }

    fn absorb_outbreak(&mut self, more: OutbreakTruth) {
        let known = self.outbreaks.iter_mut();
        match known.into_iter().find(|o| o.outbreak == more.outbreak) {
            Some(outbreak) => {
                outbreak.weeks.extend(more.weeks);
                outbreak.weeks.sort();
                outbreak.weeks.dedup();
                outbreak.cases.extend(more.cases);
            }
            None => self.outbreaks.push(more),
        }
    }
}

impl FlawCounts {
    fn absorb(&mut self, more: &FlawCounts) {
        self.observation_without_unit += more.observation_without_unit;
        self.observation_without_date += more.observation_without_date;
        self.condition_without_code += more.condition_without_code;
        self.condition_without_onset += more.condition_without_onset;
        self.encounter_without_end += more.encounter_without_end;
    }
}

/// What is true of a group of patients, handed to [`Sink::rows`](crate::Sink::rows) after their records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// What was planted and what follows from the records.
    pub truth: Truth,
    /// What no record says.
    pub latent: Latent,
    /// HL7 v2 messages about these patients, patient by patient, where they are asked for.
    pub messages: Vec<Message>,
}

/// What no record says: the true state of things.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Latent {
    /// States of diseases over time.
    pub states: Vec<StateRow>,
    /// Infections, with or without a record.
    pub infections: Vec<InfectionRow>,
    /// Who lives with whom.
    pub households: Vec<HouseholdRow>,
    /// Errors and gaps that were planted at rates.
    pub errors: Vec<ErrorRow>,
}

/// A disease was in a state from one day to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct StateRow {
    pub patient: String,
    pub disease: String,
    pub state: String,
    pub from: String,
    /// First day of the next state, or nothing at the end.
    pub to: Option<String>,
}

/// An infection.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct InfectionRow {
    pub patient: String,
    pub pathogen: String,
    pub exposed: String,
    pub onset: String,
    /// `silent`, `home`, `ambulatory`, `emergency`, `inpatient`.
    pub severity: &'static str,
    /// `community`, `household` or the id of an outbreak.
    pub origin: String,
    /// Id of the outbreak that it belongs to, infected by its source or at home.
    pub outbreak: Option<String>,
    /// `Encounter/id`, where care was sought.
    pub encounter: Option<String>,
}

/// Where a patient lives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "field names say it")]
pub struct HouseholdRow {
    pub patient: String,
    pub household: String,
    pub area: String,
    pub role: &'static str,
}

/// An error or gap planted at a rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorRow {
    /// What kind, as in `errors.toml` or `low-value.toml`.
    pub kind: String,
    /// Whether a finding should be made.
    pub label: Label,
    /// `Patient/id`.
    pub patient: String,
    /// The resource that carries it.
    pub resource: String,
    /// In words.
    pub why: String,
}
