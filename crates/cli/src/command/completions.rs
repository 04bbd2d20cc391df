//! `salus completions SHELL`: what a shell needs to complete commands and flags.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::app::{Arguments, Outcome};
use crate::error::CliError;
use crate::face::Face;

/// Arguments of `salus completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "For bash: salus completions bash > ~/.local/share/bash-completion/completions/salus"
)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Writes the script on stdout.
    pub fn run(self, face: &Face) -> Result<Outcome, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "salus", &mut script);
        face.data(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Done)
    }
}
