//! `salus demo`: a small health system made up, loaded, and shown with what was planted in it.

mod planted;
mod records;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use jiff::civil::Date;
use salus_lake::catalog::At;
use salus_synth::{Options, Truth, generate};

use self::records::Records;
use crate::app::Outcome;
use crate::command::load::{Job, inputs, outcome};
use crate::command::report::{self, Desk, Form};
use crate::command::summary;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink, bytes, thousands};
use crate::lake;
use crate::work::Work;

/// Kept beside the records: what is true of them. Also says that the folder is ours.
const TRUTH: &str = "truth.json";

/// Arguments of `salus demo`.
#[derive(Debug, Args)]
#[command(after_help = "The records are made up. The same options make the same records.")]
pub struct Demo {
    /// Folder for the records, the lake and the report
    #[arg(value_name = "DIR", default_value = "salus-demo")]
    folder: PathBuf,
    /// How many patients
    #[arg(long, value_name = "N", default_value_t = Options::default().patients)]
    patients: u64,
    /// How many years of records
    #[arg(long, value_name = "N", default_value_t = Options::default().years)]
    years: u32,
    /// Another seed makes other people
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,
    /// Last day of the records
    #[arg(long, value_name = "DATE", default_value_t = Options::default().end_date)]
    end_date: Date,
}

impl Demo {
    /// Makes, loads, reports.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let started = Instant::now();
        self.make_room()?;
        let truth = self.make_records(face)?;
        let settings = Settings {
            lake: self.folder.join("lake"),
            lake_named: true,
            catalog: None,
            data: None,
            ..settings.clone()
        };
        let work = Work::start(face)?;
        let lake = Arc::new(lake::open_or_create(&work, &settings)?);
        let records = self.folder.join("records").display().to_string();
        let job = Job {
            command: format!("salus load {records}"),
            inputs: inputs(face, &[records])?,
            workers: None,
            layout: salus_lake::ingest::Layout::default(),
        };
        let (loaded, took) = job.run(face, &settings, &lake, &work.cancel)?;
        face.talk(&summary::text(face, &loaded, took));
        if loaded.stopped {
            return Ok(Outcome::Stopped);
        }
        let desk = Desk {
            work: &work,
            settings: &settings,
            lake: &lake,
            at: At::Latest,
        };
        let (session, _) = desk.session(Some(self.end_date))?;
        let note = "the last day of the made-up records".to_owned();
        let scoreboard = report::board(&work, &session, note, &[])?;
        face.data(&report::shown(face, &scoreboard, Form::Text)?)?;
        let page = report::write_files(&scoreboard, &self.folder)?;
        face.data(&planted::text(face, &truth, &self.folder.join(TRUTH)))?;
        farewell(face, &settings, &page, started);
        drop(session);
        work.end();
        Ok(outcome(&loaded))
    }

    /// Removes what an earlier demo left; refuses a folder that holds anything else.
    fn make_room(&self) -> Result<(), CliError> {
        let folder = &self.folder;
        let failed = |source| CliError::WriteFile {
            path: folder.clone(),
            source,
        };
        let is_empty = match std::fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
            Err(source) => return Err(failed(source)),
        };
        if !is_empty && !folder.join(TRUTH).is_file() {
            return Err(CliError::DemoFolder {
                path: folder.clone(),
            });
        }
        for ours in ["records", "lake"] {
            match std::fs::remove_dir_all(folder.join(ours)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failed(error));
                }
                _ => {}
            }
        }
        std::fs::create_dir_all(folder).map_err(failed)
    }

    fn make_records(&self, face: &Face) -> Result<Truth, CliError> {
        let started = Instant::now();
        let options = Options {
            patients: self.patients,
            years: self.years,
            seed: self.seed,
            end_date: self.end_date,
            ..Options::default()
        };
        // Before the first record, so that a demo that is cut off can be done again.
        write_truth(&self.folder, &Truth::default())?;
        let mut records = Records::create(&self.folder.join("records"))?;
        let truth = generate(&options, &mut records)?;
        let size = records.finish()?;
        write_truth(&self.folder, &truth)?;
        let count: u64 = truth.counts.values().sum();
        let seconds = started.elapsed().as_millis();
        face.talk(&format!(
            "Made up {} patients, {} years, {} records ({}) in {}.{} s: {}\n",
            thousands(self.patients),
            self.years,
            thousands(count),
            bytes(size),
            seconds / 1000,
            seconds % 1000 / 100,
            self.folder.join("records").display(),
        ));
        Ok(truth)
    }
}

fn write_truth(folder: &Path, truth: &Truth) -> Result<(), CliError> {
    let path = folder.join(TRUTH);
    let text = serde_json::to_string_pretty(truth).map_err(CliError::Json)?;
    std::fs::write(&path, text).map_err(|source| CliError::WriteFile { path, source })
}

fn farewell(face: &Face, settings: &Settings, page: &Path, started: Instant) {
    let lake = lake::flags(settings);
    let page = face.ink(Ink::Strong, &page.display().to_string());
    let seconds = started.elapsed().as_secs();
    face.talk(&format!(
        "\nThe same as a page: {page}  ({seconds} s in all)"
    ));
    face.talk(&format!(
        "Next: salus report{lake} --explain ID\n      salus sql{lake}"
    ));
}
