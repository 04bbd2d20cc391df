//! What a contagious disease is, as content: one TOML file of `content/synth/epidemics` each.

use serde::Deserialize;

use crate::chance::interpolate;

/// A contagious disease: how it spreads, how it runs, who falls ill and who seeks care.
///
/// Curves are `[age in years, share]` points, linear between and flat beyond their ends.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disease {
    /// Id, named by scenarios and in the truth.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Id of the illness in `acute.toml` that gives codes, medicines and places of care.
    pub illness: String,
    /// Where the figures come from.
    pub source: String,
    /// How it passes from one person to the next.
    pub spread: Spread,
    /// How it runs in one person.
    pub course: Course,
    /// How it looks when the person comes.
    pub complaint: Vec<Complaint>,
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
    /// Standard deviation of the logarithm of transmission between one season (July to June) and
    /// the next.
    pub season_log_sd: f64,
    /// Infections brought in from outside, per 100,000 susceptible people a week.
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
    /// Days from infection to the first symptom: median of a log-normal.
    pub incubation_days_median: f64,
    /// Standard deviation of the logarithm of the incubation.
    pub incubation_log_sd: f64,
    /// Share of the infected who have symptoms.
    pub symptomatic: Vec<[f64; 2]>,
    /// Share of those with symptoms who seek care.
    pub seeks_care: Vec<[f64; 2]>,
    /// Share of those with symptoms who need a hospital.
    pub hospital: Vec<[f64; 2]>,
    /// Days from the first symptom to care, median of a log-normal.
    pub care_delay_days_median: f64,
    /// Standard deviation of the logarithm of that delay.
    pub care_delay_log_sd: f64,
    /// Days from care until a laboratory result is reported, mean.
    pub report_delay_days: f64,
}

/// A chief complaint with its share.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    /// As a triage nurse writes it.
    pub text: String,
    /// Relative share.
    pub weight: f64,
}

impl Disease {
    /// Relative susceptibility at an age.
    #[must_use]
    pub fn susceptibility_at(&self, age: f64) -> f64 {
        interpolate(&self.spread.susceptibility, age).max(0.0)
    }

    /// Factor of transmission on a day of the year, 1 on average.
    #[must_use]
    pub fn season_at(&self, day_of_year: f64) -> f64 {
        let angle = (day_of_year - self.spread.peak_day) / 365.25 * std::f64::consts::TAU;
        (1.0 + self.spread.season_amplitude * angle.cos()).max(0.0)
    }
}
