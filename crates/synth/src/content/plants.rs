//! What is planted: `plants.toml`.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plants {
    pub plant: Vec<Plant>,
    pub outbreak: Vec<Outbreak>,
}

/// What kind of finding a plant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlantKind {
    /// Two medicines of a high-priority pair.
    Interaction,
    /// A medicine against a recorded allergy.
    Allergy,
    /// Metformin and low eGFR.
    Renal,
    /// Kidney function that falls within a year.
    KidneyDecline,
    /// Care that was missed.
    CareGap,
    /// No cover.
    Uninsured,
    /// One person with two records.
    Duplicate,
}

/// Whether a finding should be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// A finding should be made.
    Harmful,
    /// A twin that looks like it and is not.
    Harmless,
}

/// Something put into every patient whose number n has `n % every == offset`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plant {
    pub id: String,
    pub kind: PlantKind,
    pub label: Label,
    pub every: u64,
    pub offset: u64,
    pub why: String,
    #[serde(default)]
    pub make: Make,
    #[serde(default)]
    pub orders: Vec<Order>,
    pub allergy: Option<Allergy>,
}

impl Plant {
    /// Whether the patient of this number carries it.
    #[must_use]
    pub fn is_in(&self, number: u64) -> bool {
        self.every > 0 && number % self.every == self.offset
    }
}

/// How the patient is shaped for a plant.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Make {
    pub age: Option<[i32; 2]>,
    #[serde(default)]
    pub force: Vec<String>,
    #[serde(default)]
    pub forbid: Vec<String>,
    /// eGFR at the end of the data, and how much it falls a year.
    pub egfr: Option<[f64; 2]>,
    /// Reason for the planted visit.
    pub reason: Option<String>,
    /// A panel that is not drawn in the last `skip_days`.
    pub skip_panel: Option<String>,
    pub skip_days: Option<i32>,
    /// No contact at all in the last days.
    pub lapse_days: Option<i32>,
    #[serde(default)]
    pub never_screened: bool,
    /// No cover in the last days.
    pub uninsured_days: Option<i32>,
}

/// `MedicationRequest.status` of a planted order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderStatus {
    Active,
    Completed,
    Stopped,
    Cancelled,
    EnteredInError,
}

impl OrderStatus {
    /// The FHIR code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            OrderStatus::Active => "active",
            OrderStatus::Completed => "completed",
            OrderStatus::Stopped => "stopped",
            OrderStatus::Cancelled => "cancelled",
            OrderStatus::EnteredInError => "entered-in-error",
        }
    }
}

/// A planted order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub medicine: String,
    pub days_before: i32,
    pub status: OrderStatus,
    /// Length of the whole order; the medicine's own supply where absent.
    pub supply_days: Option<i32>,
    #[serde(default)]
    pub on_duplicate: bool,
    /// ICD-10-CM reason of its visit; the plant's where absent.
    pub reason: Option<String>,
}

/// A planted allergy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allergy {
    pub rxcui: String,
    pub display: String,
    pub status: String,
    pub verification: String,
    pub reaction: String,
}

/// A planted point-source outbreak.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbreak {
    pub id: String,
    pub syndrome: String,
    pub area: String,
    pub weeks_before_end: i32,
    /// Monday is 0.
    pub exposure_weekday: i32,
    /// Share of the area's people who fall ill and seek care.
    pub attack_share: f64,
    pub incubation_days_median: f64,
    pub incubation_log_sd: f64,
    pub secondary_share: f64,
    pub secondary_delay_days: i32,
    pub places: [f64; 4],
    pub codes: Vec<(String, f64)>,
    pub why: String,
}
