//! The commands, one file each.

mod completions;
mod explain;

use clap::Subcommand;

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;

/// What Salus can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say at length what a code means and what to do
    Explain(explain::Explain),
    /// Write the completions of a shell
    Completions(completions::Completions),
}

impl Command {
    /// Runs the command.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let _ = settings;
        match self {
            Self::Explain(command) => command.run(face),
            Self::Completions(command) => command.run(face),
        }
    }
}
