//! `salus snapshots`: the lake's history, newest last.

use clap::Args;

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::grid;
use crate::lake;
use crate::work::Work;

/// Arguments of `salus snapshots`.
#[derive(Debug, Args)]
#[command(after_help = "A query can look at any of them: salus sql --at SNAPSHOT …")]
pub struct Snapshots {}

impl Snapshots {
    /// Lists them.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = lake::open(&work, settings)?;
        let snapshots = work
            .wait(lake.catalog().snapshots())
            .map_err(salus_lake::LakeError::from)?;
        let rows = snapshots.into_iter().map(|one| {
            let load = one.load.map_or(String::new(), |load| load.to_string());
            [
                one.id.to_string(),
                one.time,
                load,
                one.message.unwrap_or_default(),
            ]
        });
        face.data(&grid::text(["snapshot", "time", "load", "what"], rows))?;
        work.end();
        Ok(Outcome::Done)
    }
}
