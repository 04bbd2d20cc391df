//! The way from options to records and truth.

use crate::content::Content;
use crate::error::SynthError;
use crate::sink::Sink;
use crate::truth::{People, Truth};
use crate::weave::weave;
use crate::world::World;

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many patients; 0 gives the places only.
    pub patients: u64,
    /// How many years of records, 1 to 40. Plants need at least 2.
    pub years: u32,
    /// The seed: the same options give the same bytes.
    pub seed: u64,
    /// The last day of the records ("today" for the report), 1990 to 2100.
    pub end_date: jiff::civil::Date,
    /// Threads that make records; 0: one for each core. The bytes do not depend on it.
    pub threads: usize,
    /// Text of a region file (TOML, as `content/synth/region.toml`); none: the embedded county.
    pub region: Option<String>,
    /// Texts of disease files (TOML, as in `content/synth/diseases`), each a new disease or one in place of
    /// the embedded one of its id.
    pub diseases: Vec<String>,
    /// Text of a scenario file (TOML, as in `content/synth/scenarios`); none: an ordinary time.
    pub scenario: Option<String>,
    /// Whether [`Rows`](crate::Rows) carry HL7 v2 messages as well.
    pub hl7v2: bool,
}

impl Default for Options {
    /// The demo: 1,000 patients, 5 years up to 31 October 2026, seed 42.
    fn default() -> Options {
        let end_date = jiff::civil::Date::constant(2026, 10, 31);
        Options {
            patients: 1000,
            years: 5,
            seed: 42,
            end_date,
            threads: 0,
            region: None,
            diseases: Vec::new(),
            scenario: None,
            hl7v2: false,
        }
    }
}

impl Options {
    /// Checks the ranges.
    pub(crate) fn check(&self) -> Result<(), SynthError> {
        let years = i64::from(self.years);
        if !(1..=40).contains(&years) {
            return Err(SynthError::Option {
                option: "years",
                value: years,
                allowed: "1 to 40",
            });
        }
        let year = i64::from(self.end_date.year());
        if !(1990..=2100).contains(&year) {
            let allowed = "years 1990 to 2100";
            return Err(SynthError::Option {
                option: "end_date",
                value: year,
                allowed,
            });
        }
        Ok(())
    }

    /// How many threads make records.
    pub(crate) fn workers(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads.min(256),
        }
    }
}

/// How much was made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Resources by type.
    pub counts: std::collections::BTreeMap<&'static str, u64>,
    /// People: all, alive at the end.
    pub people: People,
}

/// Generates records into the sink and gives back the truth about them.
///
/// Places come first, then patients by number with all their records. The truth grows with the
/// patients; [`stream`] does not keep it.
///
/// # Errors
/// [`SynthError::Option`] for options out of range, [`SynthError::Sink`] when the sink refuses a
/// line; errors of the embedded content would be a bug of this crate (a test checks it).
pub fn generate(options: &Options, sink: &mut dyn Sink) -> Result<Truth, SynthError> {
    let world = World::new(options)?;
    let mut truth = world.truth(options);
    weave(&world, options, sink, &mut |rows| truth.absorb(rows.truth))?;
    Ok(truth)
}

/// Generates records into the sink, and keeps only counts: memory does not grow with the patients.
/// Truth goes to [`Sink::rows`].
///
/// # Errors
/// As for [`generate`].
pub fn stream(options: &Options, sink: &mut dyn Sink) -> Result<Summary, SynthError> {
    let world = World::new(options)?;
    let mut summary = Summary::default();
    weave(&world, options, sink, &mut |rows| {
        summary.people.all += rows.truth.people.all;
        summary.people.living += rows.truth.people.living;
        for (kind, count) in rows.truth.counts {
            *summary.counts.entry(kind).or_default() += count;
        }
    })?;
    Ok(summary)
}

/// Where the rates of the embedded content come from: subject and citation, for the documentation.
///
/// # Errors
/// Errors of the embedded content, as for [`generate`].
pub fn sources() -> Result<Vec<(String, String)>, SynthError> {
    Ok(Content::embedded()?.sources())
}
