//! `salus cql translate`: a library in ELM.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use salus_cql::resolve::{self, Options};

use super::folders::Places;
use super::library::Library;
use crate::app::Outcome;
use crate::error::CliError;
use crate::face::Face;

/// Arguments of `salus cql translate`.
#[derive(Debug, Args)]
#[command(
    after_help = "The ELM is that of the reference translator, and the options are its own. ELM in XML comes out as JSON.\n\
    salus cql translate Measure.cql -o Measure.json"
)]
pub struct Translate {
    /// The library
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    places: Places,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// On one line, without spaces
    #[arg(long)]
    compact: bool,
    /// Leave out the text of definitions and the numbers of nodes
    #[arg(long)]
    no_annotations: bool,
    /// Leave out where in the text a node stands
    #[arg(long)]
    no_locators: bool,
    /// Write the types of results
    #[arg(long)]
    result_types: bool,
    /// For which calls to write the types of the operands: none, differing, overloads or all
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "overloads",
        hide_possible_values = true
    )]
    signatures: Signatures,
    /// A list may stand for its single item
    #[arg(long)]
    list_demotion: bool,
    /// A value may stand for a list of it alone
    #[arg(long)]
    list_promotion: bool,
    /// An interval may stand for its single point
    #[arg(long)]
    interval_demotion: bool,
    /// A point may stand for the interval of it alone
    #[arg(long)]
    interval_promotion: bool,
    /// An element of a list does not mean that element of all its items
    #[arg(long)]
    no_list_traversal: bool,
    /// Functions cannot be called on their first operand
    #[arg(long)]
    no_method_invocation: bool,
    /// Queries must start with `from`
    #[arg(long)]
    require_from: bool,
}

/// For which calls signatures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Signatures {
    None,
    Differing,
    Overloads,
    All,
}

impl Translate {
    /// Translates.
    pub fn run(self, face: &Face) -> Result<Outcome, CliError> {
        let options = self.options();
        let library = Library::read(&self.file, &self.places, &options)?;
        library.require_sound(face, &options)?;
        let json = match self.compact {
            true => library.main.to_json(),
            false => library.main.to_json_pretty(),
        };
        match &self.output {
            None => face.data(&json)?,
            Some(path) => {
                std::fs::write(path, json + "\n").map_err(|source| CliError::WriteFile {
                    path: path.clone(),
                    source,
                })?;
                face.talk(&format!("Written: {}", path.display()));
            }
        }
        Ok(Outcome::Done)
    }

    fn options(&self) -> Options {
        Options {
            annotations: !self.no_annotations,
            locators: !self.no_locators,
            result_types: self.result_types,
            signatures: match self.signatures {
                Signatures::None => resolve::Signatures::None,
                Signatures::Differing => resolve::Signatures::Differing,
                Signatures::Overloads => resolve::Signatures::Overloads,
                Signatures::All => resolve::Signatures::All,
            },
            list_demotion: self.list_demotion,
            list_promotion: self.list_promotion,
            interval_demotion: self.interval_demotion,
            interval_promotion: self.interval_promotion,
            list_traversal: !self.no_list_traversal,
            method_invocation: !self.no_method_invocation,
            requires_from: self.require_from,
            ..Options::default()
        }
    }
}
