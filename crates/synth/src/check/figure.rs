//! Figures to be met, as content: `content/synth/expected/*.toml`.

use serde::Deserialize;

use crate::error::SynthError;

/// A published figure, and how it is measured on records.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it says, in words.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// Its unit, as printed: `%`, `per 100 a year`, `mg/dL`, …
    pub unit: String,
    /// Who published it.
    pub source: String,
    /// How it is measured.
    pub measure: Measure,
    /// Of whom.
    #[serde(default)]
    pub whom: Whom,
}

/// Of whom a figure is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Whom {
    /// From this age in years …
    pub from: f64,
    /// … to below this age.
    pub below: f64,
    /// `female` or `male`; none: both.
    pub sex: Option<String>,
    /// Only people with a problem of one of these ICD-10-CM prefixes.
    pub with: Vec<String>,
}

impl Default for Whom {
    fn default() -> Whom {
        Whom {
            from: 0.0,
            below: f64::INFINITY,
            sex: None,
            with: Vec::new(),
        }
    }
}

/// How a figure is measured. "At the end": on the last day of the records, among the living.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "kind")]
pub enum Measure {
    /// Percent with an active problem of one of these ICD-10-CM prefixes, at the end.
    Problem {
        /// Prefixes.
        codes: Vec<String>,
    },
    /// Percent whose last value lies in `from..below`, among those who have one.
    ValueShare {
        /// LOINC codes.
        loinc: Vec<String>,
        /// UCUM unit of the values that count.
        ucum: String,
        /// Lowest value that counts.
        #[serde(default = "lowest")]
        from: f64,
        /// First value that no longer counts.
        #[serde(default = "highest")]
        below: f64,
    },
    /// Mean of last values.
    ValueMean {
        /// LOINC codes.
        loinc: Vec<String>,
        /// UCUM unit of the values that count.
        ucum: String,
    },
    /// Percent whose last coded value is one of these, among those who have one.
    CodeShare {
        /// LOINC codes.
        loinc: Vec<String>,
        /// Codes of the value.
        codes: Vec<String>,
    },
    /// Encounters of these classes per 100 person-years.
    Visits {
        /// v3-ActCode classes.
        classes: Vec<String>,
        /// Only with a reason of one of these ICD-10-CM prefixes.
        #[serde(default)]
        reasons: Vec<String>,
    },
    /// Percent with an encounter of these classes in the last year.
    AnyVisit {
        /// v3-ActCode classes.
        classes: Vec<String>,
    },
    /// Mean length of hospital stays in days.
    StayDays,
    /// Percent of hospital stays that are followed by another within 30 days.
    Readmission,
    /// Percent who used at least so many medicines in the last 30 days.
    Medicines {
        /// How many.
        least: usize,
    },
    /// Percent who used a medicine with one of these words in its name in the last 30 days.
    Medicine {
        /// Words, in small letters.
        names: Vec<String>,
    },
    /// Percent vaccinated against influenza (CVX codes) in the last whole season, July to June.
    SeasonVaccine {
        /// CVX codes.
        cvx: Vec<String>,
    },
    /// Percent without cover at the end.
    Uninsured,
    /// Allowed dollars per member-month.
    Allowed {
        /// Plans that count.
        plans: Vec<String>,
    },
    /// Paid dollars per member-month.
    Paid {
        /// Plans that count.
        plans: Vec<String>,
    },
    /// Resources of a type per person-year.
    Resources {
        /// The type.
        resource: String,
    },
    /// Deaths per 1,000 person-years.
    Deaths,
    /// Percent of encounters with these reasons that fall in these months.
    MonthShare {
        /// ICD-10-CM prefixes.
        reasons: Vec<String>,
        /// 1 to 12.
        months: Vec<i32>,
    },
    /// Mean over seasons of the week with most encounters of these reasons, counted from the first of July.
    PeakWeek {
        /// ICD-10-CM prefixes.
        reasons: Vec<String>,
    },
}

fn lowest() -> f64 {
    f64::NEG_INFINITY
}

fn highest() -> f64 {
    f64::INFINITY
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    figure: Vec<Figure>,
}

macro_rules! read {
    ($file:literal) => {
        toml::from_str::<File>(include_str!(concat!(
            "../../../../content/synth/expected/",
            $file
        )))
        .map(|file| file.figure)
        .map_err(|source| SynthError::Content {
            file: concat!("expected/", $file),
            source: Box::new(source),
        })?
    };
}

/// The embedded figures.
///
/// # Errors
/// [`SynthError::Content`] for a file of the wrong shape.
pub(super) fn embedded() -> Result<Vec<Figure>, SynthError> {
    Ok([
        read!("people.toml"),
        read!("prevalence.toml"),
        read!("laboratory.toml"),
        read!("visits.toml"),
        read!("medicines.toml"),
        read!("money.toml"),
        read!("seasons.toml"),
    ]
    .concat())
}
