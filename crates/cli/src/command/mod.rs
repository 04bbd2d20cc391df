//! The commands, one file each.

mod compact;
mod completions;
mod conformance;
mod cql;
mod delete;
mod demo;
mod doctor;
mod explain;
mod export;
mod fhirpath;
mod history;
mod history_file;
mod load;
mod output;
mod quarantine;
mod records;
mod report;
mod snapshots;
mod sql;
mod summary;
mod synth;
mod terminology;
mod view;

use clap::Subcommand;

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;

/// What Salus can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a small health system, load it, and show what Salus says about it
    Demo(demo::Demo),
    /// Make up a health system, as files or straight into the lake, with its answer key
    Synth(synth::Synth),
    /// Load FHIR records: files, folders, patterns or standard input
    Load(load::Load),
    /// Show the scoreboard: quality, safety, cost, access, outbreak, chronic
    Report(report::Report),
    /// Ask in SQL; without a query, a prompt
    Sql(sql::Sql),
    /// Make tables of resources with SQL-on-FHIR views
    View(view::View),
    /// Clinical Quality Language: check, translate, run, explain, format and test libraries
    Cql(cql::Cql),
    /// Ask records in FHIRPath
    Fhirpath(fhirpath::Fhirpath),
    /// Write out resources as the JSON that they came as
    Export(export::Export),
    /// List the versions that one resource had
    History(history::History),
    /// Look at the pieces of input that could not be loaded
    Quarantine(quarantine::Quarantine),
    /// Delete resources
    Delete(delete::Delete),
    /// List the lake's snapshots
    Snapshots(snapshots::Snapshots),
    /// Check every file against the catalogue, and counts against the loads
    Doctor(doctor::Doctor),
    /// Make many small data files into few
    Compact(compact::Compact),
    /// Run an official test suite: CQL, FHIRPath or SQL-on-FHIR views
    Conformance(conformance::Conformance),
    /// Say at length what a code means and what to do
    Explain(explain::Explain),
    /// Write the completions of a shell
    Completions(completions::Completions),
}

impl Command {
    /// Runs the command.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        match self {
            Self::Demo(command) => command.run(face, settings),
            Self::Synth(command) => command.run(face, settings),
            Self::Load(command) => command.run(face, settings),
            Self::Report(command) => command.run(face, settings),
            Self::Sql(command) => command.run(face, settings),
            Self::View(command) => command.run(face, settings),
            Self::Cql(command) => command.run(face, settings),
            Self::Fhirpath(command) => command.run(face, settings),
            Self::Export(command) => command.run(face, settings),
            Self::History(command) => command.run(face, settings),
            Self::Quarantine(command) => command.run(face, settings),
            Self::Delete(command) => command.run(face, settings),
            Self::Snapshots(command) => command.run(face, settings),
            Self::Doctor(command) => command.run(face, settings),
            Self::Compact(command) => command.run(face, settings),
            Self::Conformance(command) => command.run(face),
            Self::Explain(command) => command.run(face),
            Self::Completions(command) => command.run(face),
        }
    }
}
