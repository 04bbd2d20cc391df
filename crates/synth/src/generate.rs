//! The way from options to records and truth.

use crate::agenda::exposure_day;
use crate::billing;
use crate::calendar::date_text;
use crate::care::Care;
use crate::chart::Chart;
use crate::content::Content;
use crate::cover;
use crate::emit::Emitter;
use crate::error::SynthError;
use crate::health::Health;
use crate::inspect::inspect;
use crate::person::Person;
use crate::sink::Sink;
use crate::truth::{About, OutbreakTruth, Truth};
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
}

/// Generates records into the sink and gives back the truth about them.
///
/// Places come first, then patient after patient with all their records.
///
/// # Errors
/// [`SynthError::Option`] for options out of range, [`SynthError::Sink`] when the sink refuses a
/// line; errors of the embedded content would be a bug of this crate (a test checks it).
pub fn generate(options: &Options, sink: &mut dyn Sink) -> Result<Truth, SynthError> {
    let world = World::new(options)?;
    let mut truth = begin(options, &world);
    let mut emitter = Emitter::new(&world, sink);
    emitter.places()?;
    for number in 1..=options.patients {
        let Some(chart) = chart(&world, number) else {
            continue;
        };
        emitter.chart(&chart)?;
        inspect(&world, &chart, &mut truth);
    }
    truth.counts.clone_from(emitter.counts());
    Ok(truth)
}

/// The finished chart of one patient: a pure function of the world and the number.
fn chart(world: &World, number: u64) -> Option<Chart<'_>> {
    let person = Person::draw(world, number)?;
    let health = Health::draw(world, &person);
    let cover = cover::draw(world, &person);
    let mut chart = Care::walk(world, person, &health, cover);
    billing::settle(world, &mut chart);
    Some(chart)
}

fn begin(options: &Options, world: &World) -> Truth {
    let outbreaks = world.content.outbreaks.iter().map(|o| OutbreakTruth {
        outbreak: o.id.clone(),
        syndrome: o.syndrome.clone(),
        postal_code: o.area.clone(),
        exposure_date: date_text(exposure_day(o, world.end)),
        weeks: Vec::new(),
        why: o.why.clone(),
        cases: Vec::new(),
    });
    Truth {
        about: About {
            generator: "salus-synth",
            version: env!("CARGO_PKG_VERSION"),
            patients: options.patients,
            years: options.years,
            seed: options.seed,
            start_date: date_text(world.start),
            end_date: date_text(world.end),
        },
        outbreaks: outbreaks.collect(),
        ..Truth::default()
    }
}

/// Where the rates of the embedded content come from: subject and citation, for the documentation.
///
/// # Errors
/// Errors of the embedded content, as for [`generate`].
pub fn sources() -> Result<Vec<(String, String)>, SynthError> {
    Ok(Content::embedded()?.sources())
}
