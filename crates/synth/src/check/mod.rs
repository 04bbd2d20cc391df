//! Realism, measured: the records held against cited public figures.
//!
//! ```text
//!  records (NDJSON lines) ─► Census: people, visits, last values, medicines, cover, money
//!  expected/*.toml ────────► Figure: what, value, source ──► measured on the census ──► Report: a table
//! ```
//!
//! The census reads finished records like anybody who receives them would, so it measures what is written, not
//! what was meant; it reads records of any generator of the same shape. It keeps every person in memory (about 4 kB
//! each): a check takes some thousand patients, not a million.

mod census;
mod figure;
mod measure;
mod report;
mod resource;

pub use census::Census;
pub use figure::{Figure, Measure, Whom};
pub use report::{Report, Row};

use crate::error::{SinkError, SynthError};
use crate::generate::{Options, stream};
use crate::sink::Sink;
use crate::world::World;

/// Generates records and holds them against the embedded figures and those of the diseases given.
///
/// # Errors
/// As for [`stream`].
pub fn check(options: &Options) -> Result<Report, SynthError> {
    let world = World::new(options)?;
    let mut census = Census::new(world.start, world.end);
    let mut figures = figure::embedded()?;
    figures.extend(world.content.figures);
    stream(options, &mut census)?;
    Ok(census.report(&figures))
}

impl Sink for Census {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        Ok(self.read(resource_type, line)?)
    }
}

#[cfg(test)]
mod tests;
