//! Studies, operations, what is done without need, why claims are denied: `studies.toml`, `operations.toml`,
//! `low-value.toml`, `denials.toml`.

use serde::Deserialize;

use super::clinical::age_band;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Studies {
    pub study: Vec<StudyKind>,
}

/// A kind of imaging, tracing or slide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyKind {
    pub id: String,
    pub loinc: String,
    pub display: String,
    /// Which department reports it.
    pub category: Department,
    /// Id of its price.
    pub service: String,
    /// Conclusions of an uneventful study, with weights.
    pub says: Vec<(String, f64)>,
}

/// Who reports a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Department {
    Radiology,
    Cardiology,
    Pathology,
}

impl Department {
    /// LOINC part of US Core's report categories.
    #[must_use]
    pub fn code(self) -> (&'static str, &'static str) {
        match self {
            Department::Radiology => ("LP29684-5", "Radiology"),
            Department::Cardiology => ("LP29708-2", "Cardiology"),
            Department::Pathology => ("LP7839-6", "Pathology"),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operations {
    pub source: String,
    pub operation: Vec<Operation>,
}

/// An operation without a night in hospital.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub id: String,
    /// ICD-10-CM reasons with weights.
    pub codes: Vec<(String, f64)>,
    /// ICD-10-PCS code and display.
    pub procedure: (String, String),
    /// Operations per 1,000 a year by age band.
    pub rates: [f64; 6],
    /// Id of its price.
    pub service: String,
    /// Who operates.
    pub specialty: String,
}

impl Operation {
    /// Operations per person-year at an age.
    #[must_use]
    pub fn rate(&self, age: i32) -> f64 {
        self.rates.get(age_band(age)).copied().unwrap_or(0.0) / 1000.0
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Denials {
    pub source: String,
    pub denial: Vec<Denial>,
}

/// Why a claim is denied.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denial {
    /// Claim adjustment reason code.
    pub code: String,
    /// In our own words.
    pub text: String,
    /// Among denials.
    pub weight: f64,
    /// Share that is sent again and paid.
    pub resubmitted: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LowValues {
    pub service: Vec<LowValue>,
}

/// When a service may be done without need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// A visit for one of the codes.
    Illness,
    /// A preventive visit.
    Wellness,
    /// The visit before an operation.
    Operation,
}

/// A service that is done without need, and its twins in whom it is indicated.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LowValue {
    pub id: String,
    pub why: String,
    pub source: String,
    pub occasion: Occasion,
    /// Reasons of the visit, for an illness.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Reasons of a visit in which its medicines are indicated.
    #[serde(default)]
    pub indicated_codes: Vec<String>,
    /// `female` or `male`; none: both.
    pub sex: Option<String>,
    #[serde(default)]
    pub from_age: f64,
    pub below_age: Option<f64>,
    /// Share of occasions without a reason for it.
    #[serde(default)]
    pub share: f64,
    /// Share of occasions with one: of all for a red flag, of those with the disease for `indicated_in`.
    #[serde(default)]
    pub twin_share: f64,
    /// ICD-10-CM codes that make it indicated.
    #[serde(default)]
    pub red_flags: Vec<String>,
    /// Diseases (or `disease/state`) in which it is indicated.
    #[serde(default)]
    pub indicated_in: Vec<String>,
    /// What is done: a study …
    pub study: Option<String>,
    /// … another one in a twin …
    pub twin_study: Option<String>,
    /// … or a panel …
    pub panel: Option<String>,
    /// … or one of these medicines, ordered by the illness itself.
    #[serde(default)]
    pub medicines: Vec<String>,
    /// Id of the price that its claim line carries, for a panel.
    pub bill: Option<String>,
}

impl LowValue {
    /// Whether it concerns people of an age and sex.
    #[must_use]
    pub fn concerns(&self, age: f64, female: bool) -> bool {
        let sex = match self.sex.as_deref() {
            Some("female") => female,
            Some(_) => !female,
            None => true,
        };
        sex && age >= self.from_age && self.below_age.is_none_or(|below| age < below)
    }
}
