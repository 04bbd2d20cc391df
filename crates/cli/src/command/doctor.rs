//! `salus doctor`: are the files those that were committed, and are all records there.

use clap::Args;
use indicatif::ProgressBar;
use salus_lake::doctor::{Examination, examine, remove_orphans};

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink, bytes, thousands};
use crate::lake;
use crate::work::Work;

/// Arguments of `salus doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 1 means that something is wrong.")]
pub struct Doctor {
    /// Delete files that no snapshot knows, left behind by a load that was cut off
    #[arg(long)]
    clean: bool,
}

impl Doctor {
    /// Examines the lake, and says what was found.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = lake::open(&work, settings)?;
        let bar = if face.lively() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        let looked = |size: u64| {
            bar.inc(size);
            bar.set_message(format!("looked at {}", bytes(bar.position())));
        };
        let examined = work.wait(examine(&lake, &work.cancel, &looked));
        bar.finish_and_clear();
        let examination = examined?;
        for finding in &examination.findings {
            face.trouble(finding);
        }
        face.data(&verdict(face, &examination))?;
        if self.clean {
            let removed = work.wait(remove_orphans(&lake, &examination))?;
            face.talk(&format!(
                "Deleted {} files that no snapshot knew",
                thousands(removed)
            ));
        }
        work.end();
        Ok(if examination.is_sick() {
            Outcome::Findings
        } else {
            Outcome::Done
        })
    }
}

fn verdict(face: &Face, examination: &Examination) -> String {
    let looked = format!(
        "Looked at {} tables, {} files, {}, {} rows at snapshot {}",
        examination.tables,
        thousands(examination.files),
        bytes(examination.bytes),
        thousands(u64::try_from(examination.rows).unwrap_or(0)),
        examination.snapshot,
    );
    let orphans = match examination.orphans.as_slice() {
        [] => String::new(),
        files => {
            let size = bytes(files.iter().map(|(_, size)| size).sum());
            let count = thousands(files.len() as u64);
            format!(
                "\n{count} files ({size}) belong to no snapshot: `salus doctor --clean` deletes them"
            )
        }
    };
    let word = if examination.is_sick() {
        face.ink_data(Ink::Warn, "The lake is damaged: see above")
    } else {
        face.ink_data(Ink::Good, "The lake is sound")
    };
    format!("{looked}{orphans}\n{word}\n")
}
