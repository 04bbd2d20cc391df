//! `salus cql lsp`: a language server over standard input and output (Language Server Protocol 3.17).
//!
//! ```text
//!   stdin ─► wire: JSON-RPC frames ─► server: one answer for each request ─► wire ─► stdout
//!                                       │
//!                        documents (salus_cql::editor), one for each open file
//! ```

mod place;
mod server;
mod wire;

use std::io;

use clap::Args;

use self::server::Server;
use super::folders::Places;
use crate::app::Outcome;
use crate::error::CliError;

/// Arguments of `salus cql lsp`.
#[derive(Debug, Args)]
#[command(
    after_help = "An editor starts it and talks to it over standard input and output: mistakes as one types, types under \
    the pointer,\ngo to definition, completion, formatting."
)]
pub struct Lsp {
    #[command(flatten)]
    places: Places,
    /// What editors add to say how they talk; it is the only way there is
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    /// Serves until the editor leaves.
    pub fn run(self) -> Result<Outcome, CliError> {
        let mut input = io::stdin().lock();
        let mut output = io::stdout().lock();
        let mut server = Server::new(self.places);
        while let Some(message) = wire::read(&mut input).map_err(CliError::Wire)? {
            for answer in server.take(&message) {
                wire::write(&mut output, &answer).map_err(CliError::Stdout)?;
            }
            if let Some(is_orderly) = server.left() {
                return Ok(match is_orderly {
                    true => Outcome::Done,
                    // `exit` without `shutdown` (Language Server Protocol, "Exit Notification").
                    false => Outcome::Findings,
                });
            }
        }
        Ok(Outcome::Done)
    }
}
