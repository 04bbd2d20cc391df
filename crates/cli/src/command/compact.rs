//! `salus compact`: many small data files become few, deleted rows go.

use clap::Args;
use salus_lake::compact::{CompactOptions, compact};

use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};
use crate::lake;
use crate::work::Work;

/// Arguments of `salus compact`.
#[derive(Debug, Args)]
#[command(
    after_help = "Snapshots made before keep their files, so the lake grows until they are given up."
)]
pub struct Compact {}

impl Compact {
    /// Compacts, and says what became of it.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = lake::open(&work, settings)?;
        let now = clock::now();
        let job = compact(&lake, CompactOptions::default(), &now, &work.cancel);
        let done = work.wait(job)?;
        work.end();
        face.data(&match done.snapshot {
            None => "Nothing to do: the files are as few as they should be".to_owned(),
            Some(snapshot) => format!(
                "{} files of {} tables became {}, {} deleted rows are gone; snapshot {snapshot}",
                thousands(done.files_before),
                thousands(done.tables),
                thousands(done.files_after),
                thousands(u64::try_from(done.rows_dropped).unwrap_or(0)),
            ),
        })?;
        Ok(Outcome::Done)
    }
}
