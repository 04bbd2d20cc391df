//! `salus synth`: a health system that does not exist, as files or straight into the lake, with its answer key.

mod live;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;
use salus_synth::{Folder, Options, Summary, check, stream};

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};

/// Share of published figures that must be met.
const MET_SHARE: f64 = 0.9;

/// Arguments of `salus synth`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "The records are made up. The same options make the same bytes, on any number of threads.\n\
    salus synth --patients 10000 -o county\n\
    salus synth --patients 100000 --load\n\
    salus synth check"
)]
#[command(group = ArgGroup::new("to").args(["output", "load"]).required(true))]
pub struct Synth {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    options: Wanted,
    /// Write records by type into this folder, and truth/ beside them
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Load them straight into the lake, without files and without truth
    #[arg(long, conflicts_with = "hl7v2")]
    load: bool,
    /// The same care as HL7 v2 messages too, in DIR/hl7v2
    #[arg(long)]
    hl7v2: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Hold the records against published figures; exit code 1 if fewer than 90 % are within 20 %
    Check(Wanted),
}

/// What is to be made up.
#[derive(Debug, Clone, Args)]
struct Wanted {
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
    /// Other places and people: a TOML file like content/synth/region.toml
    #[arg(long, value_name = "FILE")]
    region: Option<PathBuf>,
    /// A disease of your own, or in place of one: a TOML file like those in content/synth/diseases; may be repeated
    #[arg(long, value_name = "FILE")]
    disease: Vec<PathBuf>,
    /// Outbreaks to plant: a TOML file like those in content/synth/scenarios
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Threads that make records [default: one for each core]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
}

impl Wanted {
    fn options(&self, hl7v2: bool) -> Result<Options, CliError> {
        Ok(Options {
            patients: self.patients,
            years: self.years,
            seed: self.seed,
            end_date: self.end_date,
            threads: self.threads,
            region: self.region.as_deref().map(read).transpose()?,
            diseases: self
                .disease
                .iter()
                .map(|path| read(path))
                .collect::<Result<_, _>>()?,
            scenario: self.scenario.as_deref().map(read).transpose()?,
            hl7v2,
        })
    }
}

impl Synth {
    /// Makes them.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        if let Some(Action::Check(wanted)) = &self.action {
            return hold(face, wanted);
        }
        let options = self.options.options(self.hl7v2)?;
        match &self.output {
            Some(folder) => to_folder(face, &options, folder),
            None => live::load(face, settings, options),
        }
    }
}

fn to_folder(face: &Face, options: &Options, folder: &Path) -> Result<Outcome, CliError> {
    let started = Instant::now();
    let mut sink = Folder::create(folder)?;
    let summary = stream(options, &mut sink)?;
    sink.finish()?;
    let seconds = started.elapsed().as_millis();
    face.talk(&format!(
        "Made up {} in {}.{} s: {}",
        made(options, &summary),
        seconds / 1000,
        seconds % 1000 / 100,
        folder.display()
    ));
    // Not the folder: truth and messages are no records to load.
    face.talk(&format!("Next: salus load '{}/*.ndjson'", folder.display()));
    Ok(Outcome::Done)
}

/// `1,000 patients, 5 years, 300,000 records`.
fn made(options: &Options, summary: &Summary) -> String {
    let records: u64 = summary.counts.values().sum();
    format!(
        "{} patients, {} years, {} records",
        thousands(options.patients),
        options.years,
        thousands(records)
    )
}

fn hold(face: &Face, wanted: &Wanted) -> Result<Outcome, CliError> {
    let report = check(&wanted.options(false)?)?;
    face.data(&report.to_string())?;
    Ok(match report.met_share() >= MET_SHARE {
        true => Outcome::Done,
        false => Outcome::Findings,
    })
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
        path: path.to_owned(),
        source,
    })
}
