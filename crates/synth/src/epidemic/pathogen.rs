//! A pathogen as content: one TOML file of `content/synth/epidemics` each.

use serde::Deserialize;

use super::mixing::Contacts;
use crate::calendar::YEAR_DAYS;
use crate::chance::interpolate;
use crate::content::Content;
use crate::error::SynthError;

macro_rules! read {
    ($file:literal) => {
        parse(
            concat!("epidemics/", $file),
            include_str!(concat!("../../../../content/synth/epidemics/", $file)),
        )
    };
}

/// A pathogen: how it spreads, how it runs, who falls ill, who seeks care, and how that looks.
///
/// Curves are `[age in years, share]` points, linear between and flat beyond their ends.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pathogen {
    /// Id, named by scenarios and in the truth.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Syndrome: `respiratory`, `gastrointestinal`, …
    pub syndrome: String,
    /// Where the figures come from.
    pub source: String,
    /// Illnesses of `acute.toml` that it takes the place of, with the share of them.
    #[serde(default)]
    pub replaces: Vec<(String, f64)>,
    /// How it passes from one person to the next.
    pub spread: Spread,
    /// How it runs in one person.
    pub course: Course,
    /// ICD-10-CM codes of visits, with weights.
    pub codes: Vec<(String, f64)>,
    /// Chief complaints as a triage nurse writes them, with weights.
    pub complaints: Vec<(String, f64)>,
    /// Share with fever.
    pub fever_share: f64,
    /// Weights of emergency levels 3, 4, 5.
    pub acuity: [f64; 3],
    /// Medicines that may be ordered.
    pub medicines: Vec<String>,
    /// Share who get one.
    pub medicine_share: f64,
    /// Measure (of `measures.toml`) of its test, with the share of visits tested.
    pub test: Option<(String, f64)>,
    /// Admission (of `admissions.toml`) for those who are admitted.
    pub admission: Option<String>,
}

/// How a disease spreads.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Mean number of people whom one case would infect outside the home if nobody were immune,
    /// averaged over the year.
    pub community_r: f64,
    /// Chance that a case infects a given susceptible member of the household.
    pub household_attack: f64,
    /// Transmission is `1 + amplitude × cos` over the year, highest on the day of the year `peak_day`.
    pub season_amplitude: f64,
    /// See `season_amplitude`.
    pub peak_day: f64,
    /// The same for a wave twice a year, one of whose peaks is on `second_peak_day`.
    #[serde(default)]
    pub second_amplitude: f64,
    /// See `second_amplitude`.
    #[serde(default)]
    pub second_peak_day: f64,
    /// Standard deviation of the logarithm of transmission between one season (July to June) and
    /// the next.
    pub season_log_sd: f64,
    /// Infections brought in from outside, per 100,000 susceptible people a week at the peak of the
    /// season; out of season a twentieth.
    pub imported_per_100000_week: f64,
    /// Days from infection until infectious, mean.
    pub latent_days: f64,
    /// Days infectious, mean.
    pub infectious_days: f64,
    /// Mean years until immunity is lost.
    pub immune_years: f64,
    /// Share not immune when the first simulated year begins.
    pub susceptible_at_start: f64,
    /// Relative susceptibility by age.
    pub susceptibility: Vec<[f64; 2]>,
}

/// How a disease runs in one person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Share of the illnesses for which care would be sought that the yearly influenza vaccine keeps mild. It spares
    /// visits; it does not slow the county's epidemic.
    #[serde(default)]
    pub vaccine_effect: f64,
    /// Days from infection to the first symptom: median of a log-normal.
    pub incubation_days_median: f64,
    /// Standard deviation of the logarithm of the incubation.
    pub incubation_log_sd: f64,
    /// Share of the infected who have symptoms.
    pub symptomatic: Vec<[f64; 2]>,
    /// Share of those with symptoms who seek care and go home again.
    pub seeks_care: Vec<[f64; 2]>,
    /// Share of those who seek care who go to an emergency department.
    pub emergency: Vec<[f64; 2]>,
    /// Share of those with symptoms who are admitted to a hospital.
    pub hospital: Vec<[f64; 2]>,
    /// Days from the first symptom to care, median of a log-normal.
    pub care_delay_days_median: f64,
    /// Standard deviation of the logarithm of that delay.
    pub care_delay_log_sd: f64,
    /// Days from care until a laboratory result is reported, mean.
    pub report_delay_days: f64,
}

impl Pathogen {
    /// Checks that every name resolves.
    pub(super) fn check(&self, content: &Content) -> Result<(), SynthError> {
        let known = |kind: &'static str, name: &str, found: bool| {
            if found {
                return Ok(());
            }
            Err(SynthError::Unknown {
                kind,
                name: name.to_owned(),
                place: self.id.clone(),
                near: None,
            })
        };
        for (code, _) in &self.codes {
            known("ICD-10-CM code", code, !content.display(code).is_empty())?;
        }
        for medicine in &self.medicines {
            known("medicine", medicine, content.medicine(medicine).is_some())?;
        }
        if let Some((test, _)) = &self.test {
            known("measure", test, content.measure(test).is_some())?;
        }
        if let Some(stay) = &self.admission {
            let found = content.admissions.iter().any(|a| &a.id == stay);
            known("admission", stay, found)?;
        }
        for (illness, _) in &self.replaces {
            let found = content.illnesses.iter().any(|i| &i.id == illness);
            known("illness", illness, found)?;
        }
        Ok(())
    }

    /// Relative susceptibility at an age.
    #[must_use]
    pub fn susceptibility_at(&self, age: f64) -> f64 {
        interpolate(&self.spread.susceptibility, age).max(0.0)
    }

    /// Factor of transmission on a day of the year, 1 on average.
    #[must_use]
    pub fn season_at(&self, day_of_year: f64) -> f64 {
        let spread = &self.spread;
        let year = wave(day_of_year, spread.peak_day, 1.0);
        let half = wave(day_of_year, spread.second_peak_day, 2.0);
        (1.0 + spread.season_amplitude * year + spread.second_amplitude * half).max(0.0)
    }

    /// Chance a day that a susceptible person is infected outside the county: elsewhere it is the
    /// same season.
    #[must_use]
    pub fn imported_at(&self, day_of_year: f64) -> f64 {
        let spread = &self.spread;
        let most = spread.season_amplitude + spread.second_amplitude;
        let height = if most > 0.0 {
            ((self.season_at(day_of_year) - 1.0) / most).midpoint(1.0)
        } else {
            1.0
        };
        let share = 0.05 + 0.95 * height.clamp(0.0, 1.0).powi(2);
        share * spread.imported_per_100000_week / 700_000.0
    }
}

/// A wave with `times` peaks a year, one of them on `peak`: −1 to 1.
fn wave(day: f64, peak: f64, times: f64) -> f64 {
    ((day - peak) / YEAR_DAYS * std::f64::consts::TAU * times).cos()
}

/// The embedded pathogens.
///
/// # Errors
/// [`SynthError::Content`] for a file of the wrong shape.
pub fn embedded() -> Result<Vec<Pathogen>, SynthError> {
    Ok(vec![
        read!("influenza.toml")?,
        read!("rsv.toml")?,
        read!("covid.toml")?,
        read!("norovirus.toml")?,
    ])
}

/// The embedded contacts.
///
/// # Errors
/// [`SynthError::Content`] for a file of the wrong shape.
pub fn contacts() -> Result<Contacts, SynthError> {
    read!("contacts.toml")
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, SynthError> {
    toml::from_str(text).map_err(|source| SynthError::Content {
        file,
        source: Box::new(source),
    })
}
