//! Contagion: who is infected with what, when, and how badly.
//!
//! The county's epidemic is simulated once from seed, window, region and scenario, on the county's
//! own population: it does not depend on how many patients are asked for. Households are then infected from
//! outside by its force of infection, and within by contagion.

use crate::calendar::Day;
use crate::content::Content;
use crate::error::SynthError;
use crate::household::Household;

/// What an infection looks like when the person seeks care. Read from `content/synth/epidemics`.
#[derive(Debug)]
pub struct Pathogen {
    /// Id, as in the scenario.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Syndrome: `respiratory`, `gastrointestinal`, …
    pub syndrome: String,
    /// ICD-10-CM codes of visits, with weights.
    pub codes: Vec<(String, f64)>,
    /// Share with fever.
    pub fever_share: f64,
    /// Weights of emergency levels 3, 4, 5.
    pub acuity: [f64; 3],
    /// Medicines that may be ordered, and the share who get one.
    pub medicines: Vec<String>,
    /// Share who get one.
    pub medicine_share: f64,
    /// Measure (of `measures.toml`) of its test, with the share of visits tested.
    pub test: Option<(String, f64)>,
    /// Admission (of `admissions.toml`) for those who are admitted.
    pub admission: Option<String>,
}

/// How badly, and so where the person goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// No symptoms.
    Silent,
    /// Ill, stays at home: no record, only truth.
    Home,
    /// Seen at clinic, telehealth or urgent care.
    Ambulatory,
    /// Seen in an emergency department.
    Emergency,
    /// Admitted.
    Inpatient,
}

/// Where an infection came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From outside the household.
    Community,
    /// From a member of the household (patient number).
    Household(u64),
    /// From a planted outbreak (index into the scenario's outbreaks).
    Outbreak(usize),
}

/// One infection of one person.
#[derive(Debug, Clone, Copy)]
pub struct Infection {
    /// Patient number.
    pub number: u64,
    /// Index of the pathogen.
    pub pathogen: usize,
    /// Day of exposure.
    pub exposed: Day,
    /// First day of symptoms.
    pub onset: Day,
    /// Day of seeking care: onset and delay; meaningful from `Ambulatory` on.
    pub seeks: Day,
    /// How badly.
    pub severity: Severity,
    /// Where it came from.
    pub origin: Origin,
}

/// The epidemics of a county in a window.
#[derive(Debug, Default)]
pub struct Epidemics {
    /// The pathogens, in the order that [`Infection::pathogen`] counts.
    pub pathogens: Vec<Pathogen>,
}

impl Epidemics {
    /// Simulates the county. `scenario` is the text of a scenario file (TOML).
    ///
    /// # Errors
    /// What is wrong with the scenario or the content.
    pub fn simulate(
        _content: &Content,
        _seed: u64,
        (_start, _end): (Day, Day),
        _scenario: Option<&str>,
    ) -> Result<Epidemics, SynthError> {
        Ok(Epidemics::default())
    }

    /// All infections of a household in the window, in order of exposure. A function of the county's
    /// epidemic, the seed and the household only.
    #[must_use]
    pub fn infect(&self, _household: &Household) -> Vec<Infection> {
        Vec::new()
    }
}
