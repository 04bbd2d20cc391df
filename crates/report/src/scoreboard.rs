//! The scoreboard: every answer with its numbers, period, definition and source. This is also the JSON.
//!
//! The shape is versioned by `schema`; a field may be added within a version, never renamed or removed.
//! `f64` stands only where a number is a rate, a sum of amounts as the engine gives them, or a threshold.

use jiff::civil::Date;
use serde::Serialize;

use crate::content::{Direction, Kind};
use crate::period::{Period, iso};

/// Version of the JSON shape.
pub const SCHEMA: &str = "salus.scoreboard/1";

/// All sections of one report.
#[derive(Clone, Debug, Serialize)]
pub struct Scoreboard {
    /// `salus.scoreboard/1`.
    pub schema: &'static str,
    /// The measurement period of every indicator that does not say otherwise.
    pub period: Period,
    /// How the end of the period was chosen, in words.
    pub period_note: String,
    /// The lake's snapshot that was read.
    pub snapshot: i64,
    /// Who the records are about.
    pub population: Population,
    /// The six sections.
    pub sections: Vec<Section>,
}

/// Who the records are about.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Population {
    /// Patients on record.
    pub patients: u64,
    /// Of them, alive at the end of the period.
    pub living: u64,
}

/// One of the six jobs.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// `quality`.
    pub id: &'static str,
    /// "Quality".
    pub title: &'static str,
    /// "Is our care good?"
    pub question: &'static str,
    /// Its indicators.
    pub findings: Vec<Finding>,
}

/// One indicator with its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Id for `salus report --explain`.
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
    /// How rows became the number.
    pub kind: Kind,
    /// Which way is better.
    pub direction: Direction,
    /// Unit of a rate, median, ranking or series; empty for a share.
    pub unit: String,
    /// What a share counts, in the plural.
    pub subject: String,
    /// The days it is about; none where it is about all records.
    pub period: Option<Period>,
    /// The answer.
    pub answer: Answer,
}

/// Where a definition comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Citation {
    /// Name, number, year.
    pub text: String,
    /// Where to read it.
    pub url: String,
}

/// The answer of an indicator.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Answer {
    /// Some subjects out of others.
    Share(Share),
    /// Amount per exposure.
    Rate(Rate),
    /// Median over patients.
    Median(Median),
    /// Largest first.
    Ranking(Ranking),
    /// Weekly counts.
    Series(Series),
    /// The records cannot answer; why, in words that follow "Cannot answer:".
    CannotAnswer {
        /// What is missing.
        reason: String,
    },
    /// The query failed; the number is not known.
    Failed {
        /// What the engine said.
        reason: String,
    },
}

/// Subjects in the numerator out of the denominator.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// The counts of all strata together, each subject once.
    pub total: Fraction,
    /// What "could not be checked" means here; empty if it cannot happen.
    pub unknown_note: String,
    /// The same by stratum.
    pub groups: Vec<Group>,
}

/// Two counts and what they make.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Fraction {
    /// Subjects that meet the numerator.
    pub numerator: u64,
    /// Subjects that could be judged.
    pub denominator: u64,
    /// Subjects that could not be judged; not in the denominator.
    pub unknown: u64,
    /// numerator / denominator; none when nobody could be judged.
    pub share: Option<f64>,
    /// 95 % interval of the share by Wilson's score.
    pub interval: Option<(f64, f64)>,
}

/// A stratum of a share.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Its name.
    pub label: String,
    /// Its counts.
    pub fraction: Fraction,
}

/// Amount per exposure.
#[derive(Clone, Debug, Serialize)]
pub struct Rate {
    /// Sum of amounts.
    pub amount: f64,
    /// Sum of exposures (member months).
    pub exposure: f64,
    /// scale × amount / exposure.
    pub rate: f64,
    /// scale, so that the number can be made again.
    pub scale: f64,
    /// People in the exposure.
    pub members: u64,
    /// The same by stratum, over the exposure of all.
    pub groups: Vec<RateGroup>,
}

/// A stratum of a rate.
#[derive(Clone, Debug, Serialize)]
pub struct RateGroup {
    /// Its name.
    pub label: String,
    /// Its sum of amounts.
    pub amount: f64,
    /// scale × amount / exposure of all.
    pub rate: f64,
    /// Rows (claims, visits) in it.
    pub events: u64,
}

/// A median over patients.
#[derive(Clone, Debug, Serialize)]
pub struct Median {
    /// Half of the patients are at or below.
    pub median: f64,
    /// Nine of ten patients are at or below.
    pub ninetieth: f64,
    /// Patients.
    pub patients: u64,
    /// Rows (visits).
    pub events: u64,
}

/// Labels in order.
#[derive(Clone, Debug, Serialize)]
pub struct Ranking {
    /// What shares are of: the total amount, or the number of living patients.
    pub total: f64,
    /// What the total is, in words.
    pub total_note: &'static str,
    /// The rows that are shown.
    pub rows: Vec<Ranked>,
    /// How many more labels there are.
    pub more: u64,
}

/// One row of a ranking.
#[derive(Clone, Debug, Serialize)]
pub struct Ranked {
    /// Its name.
    pub label: String,
    /// Amount, or patients.
    pub value: f64,
    /// value / total.
    pub share: Option<f64>,
    /// Patients in it.
    pub patients: u64,
    /// Rows (service lines, diagnoses) in it.
    pub events: u64,
}

/// Weekly counts with signals.
#[derive(Clone, Debug, Serialize)]
pub struct Series {
    /// The weeks, each by its Monday.
    pub weeks: Vec<Day>,
    /// All places together.
    pub total: Line,
    /// Places, those with signals first, then by size.
    pub places: Vec<Line>,
    /// How many more places have cases.
    pub more: u64,
}

/// The weekly counts of one place.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The place.
    pub label: String,
    /// Patients in the whole period, summed over weeks.
    pub sum: u64,
    /// One count per week.
    pub counts: Vec<u64>,
    /// The threshold of each week; none where there is no baseline.
    pub thresholds: Vec<Option<f64>>,
    /// Weeks with a signal, as places in `weeks`.
    pub signals: Vec<usize>,
}

/// A day, ISO in JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Day(#[serde(serialize_with = "iso")] pub Date);

impl Fraction {
    /// The share of two counts, with its interval.
    #[must_use]
    pub fn of(numerator: u64, denominator: u64, unknown: u64) -> Self {
        let share = (denominator > 0).then(|| numerator as f64 / denominator as f64);
        let interval = (denominator > 0).then(|| wilson(numerator as f64, denominator as f64));
        Self {
            numerator,
            denominator,
            unknown,
            share,
            interval,
        }
    }
}

/// 95 % interval of a proportion by Wilson's score: Wilson EB, J Am Stat Assoc 1927;22:209.
fn wilson(successes: f64, trials: f64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let share = successes / trials;
    let centre = share + Z * Z / (2.0 * trials);
    let spread = Z * (share * (1.0 - share) / trials + Z * Z / (4.0 * trials * trials)).sqrt();
    let width = 1.0 + Z * Z / trials;
    (
        ((centre - spread) / width).max(0.0),
        ((centre + spread) / width).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::Fraction;

    #[test]
    fn nobody_in_the_denominator_is_no_share_rather_than_zero() {
        let none = Fraction::of(0, 0, 3);
        assert_eq!(none.share, None);
        assert_eq!(none.interval, None);
    }

    #[test]
    fn the_interval_is_the_published_wilson_interval() {
        // Newcombe RG, Stat Med 1998;17:857, table I: 15 of 148.
        let (low, high) = Fraction::of(15, 148, 0).interval.unwrap();
        assert!((low - 0.0624).abs() < 5e-5, "{low}");
        assert!((high - 0.1605).abs() < 5e-5, "{high}");
    }
}
