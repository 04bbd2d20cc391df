//! Errors planted at rates: `errors.toml`.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Errors {
    pub error: Vec<ErrorSpec>,
}

/// What kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// Two medicines of one class.
    DuplicateTherapy,
    /// A dose many times too high, or daily what is weekly.
    Dose,
    /// By a route that the product is not for.
    Route,
    /// A medicine that the kidney does not allow.
    Renal,
    /// A unit that does not belong to the number.
    Unit,
    /// A wrong result, entered in error; the right one is there as well.
    Correction,
    /// A wrong result, replaced by a new version under the same id.
    Amendment,
    /// A medicine that harms the child of a pregnant woman.
    Pregnancy,
    /// A claim that was denied and never sent again; the twin was.
    Denial,
    /// A second record of the same person, not linked.
    SecondRecord,
}

/// An error with its rate and its harmless twin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorSpec {
    pub id: String,
    pub kind: ErrorKind,
    /// Share of patients (of results, for `unit` and `correction`) who get it, if they can.
    pub share: f64,
    /// The same for the twin that only looks so.
    #[serde(default)]
    pub twin_share: f64,
    /// Medicines concerned: the one ordered, for `renal` and `duplicate-therapy`.
    #[serde(default)]
    pub medicines: Vec<String>,
    /// Measures concerned.
    #[serde(default)]
    pub measures: Vec<String>,
    /// How much and how often a day, for `dose`: wrong, and of the twin.
    #[serde(default)]
    pub dose: [u32; 2],
    #[serde(default)]
    pub twin_dose: [u32; 2],
    /// The wrong route.
    #[serde(default)]
    pub route: String,
    /// ICD-10-CM reason of the order, for `pregnancy`.
    #[serde(default)]
    pub reason: String,
    pub why: String,
}
