//! `salus load PATH…`: records into the lake.

use std::time::{Duration, Instant};

use clap::Args;
use salus_base::Cancel;
use salus_lake::Lake;
use salus_lake::ingest::{Layout, LoadRequest, LoadSummary, load};
use salus_lake::source::{Input, discover};

use crate::app::Outcome;
use crate::clock;
use crate::command::summary;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake;
use crate::progress::Meter;
use crate::work::Work;

/// Arguments of `salus load`.
#[derive(Debug, Args)]
#[command(
    after_help = "What a file holds is found by looking: NDJSON, a Bundle, a single resource, plain or \
    compressed with gzip or zstd. Loading the same again changes nothing."
)]
pub struct Load {
    /// Files, folders, patterns, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Threads that build columns [default: one per core]
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    /// Order of rows in the data files, for measuring: `bucket`, `code` or `patient`
    #[arg(long, hide = true, default_value = "bucket")]
    layout: Layout,
    /// Write the summary as JSON
    #[arg(long)]
    json: bool,
}

impl Load {
    /// Loads, and says what came of it.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let inputs = inputs(face, &self.paths)?;
        let work = Work::start(face)?;
        let lake = lake::open_or_create(&work, settings)?;
        let job = Job {
            command: format!("salus load {}", self.paths.join(" ")),
            inputs,
            workers: self.workers,
            layout: self.layout,
        };
        let (loaded, took) = job.run(face, settings, &lake, &work.cancel)?;
        if self.json {
            let text = serde_json::to_string_pretty(&loaded).map_err(CliError::Json)?;
            face.data(&text)?;
        } else {
            face.data(&summary::text(face, &loaded, took))?;
            summary::next(face, settings, &loaded);
        }
        work.end();
        Ok(outcome(&loaded))
    }
}

/// The sources that paths name; what cannot be read is told.
pub fn inputs(face: &Face, paths: &[String]) -> Result<Vec<Input>, CliError> {
    let (inputs, troubles) = discover(paths)?;
    for trouble in &troubles {
        face.trouble(trouble);
    }
    if inputs.is_empty() {
        return Err(CliError::NothingToLoad {
            paths: paths.join(" "),
        });
    }
    Ok(inputs)
}

/// One load, ready to start.
pub struct Job {
    /// The command as it is kept in the lake.
    pub command: String,
    /// The sources.
    pub inputs: Vec<Input>,
    /// Threads that build columns.
    pub workers: Option<usize>,
    /// Order of rows in the data files.
    pub layout: Layout,
}

impl Job {
    /// Runs it with a meter; gives what came of it and how long it took.
    pub fn run(
        self,
        face: &Face,
        settings: &Settings,
        lake: &Lake,
        cancel: &Cancel,
    ) -> Result<(LoadSummary, Duration), CliError> {
        let total = self
            .inputs
            .iter()
            .map(|input| input.size_bytes)
            .sum::<Option<u64>>();
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let request = LoadRequest {
            inputs: self.inputs,
            command: self.command,
            workers: self.workers.unwrap_or(cores),
            limits: settings.limits,
            layout: self.layout,
            cancel: cancel.clone(),
            clock: &clock::now,
        };
        let started = Instant::now();
        let meter = Meter::new(face, total);
        let loaded = load(lake, &request, &meter);
        meter.finish();
        Ok((loaded?, started.elapsed()))
    }
}

/// How a load ended, for the exit code.
pub fn outcome(loaded: &LoadSummary) -> Outcome {
    if loaded.stopped {
        Outcome::Stopped
    } else if loaded.quarantined + loaded.quarantined_before > 0 {
        Outcome::Partial
    } else {
        Outcome::Done
    }
}
