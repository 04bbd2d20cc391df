//! `salus cql`: libraries of CQL, checked, translated, run, explained, formatted, tested.
//!
//! ```text
//!   file ─► folders (what it includes, models) ─► library (ELM, problems) ─► Program ─► job over records ─► values
//! ```

mod check;
mod define;
mod explain;
mod fmt;
mod folders;
mod held;
mod job;
mod library;
mod lsp;
mod messages;
mod parameter;
mod population;
mod run;
mod test;
mod translate;

use clap::{Args, Subcommand};

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;

/// Arguments of `salus cql`.
#[derive(Debug, Args)]
#[command(
    after_help = "Libraries are CQL (.cql), ELM in JSON (.json) or ELM in XML (.xml). What a library includes is looked \
    for in its own folder and in those of --include; FHIRHelpers is built in."
)]
pub struct Cql {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find all mistakes of libraries
    Check(check::Check),
    /// Translate a library to ELM
    Translate(translate::Translate),
    /// Evaluate the defines of a library
    Run(run::Run),
    /// Show the value of each clause of a define, and the records that decided it
    Explain(explain::Explain),
    /// Run test cases that are kept beside libraries, in Markdown
    Test(test::Test),
    /// Write libraries in the one layout that all have
    Fmt(fmt::Fmt),
    /// Serve editors: a language server
    Lsp(lsp::Lsp),
}

impl Cql {
    /// Does what is asked for.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        match self.command {
            Command::Check(command) => command.run(face),
            Command::Translate(command) => command.run(face),
            Command::Run(command) => command.run(face, settings),
            Command::Explain(command) => command.run(face, settings),
            Command::Test(command) => command.run(face, settings),
            Command::Fmt(command) => command.run(face),
            Command::Lsp(command) => command.run(),
        }
    }
}
