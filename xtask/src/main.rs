//! What the project does to itself: ci, layers, codegen, tidy.

mod ci;
mod codegen;
mod layers;
mod tidy;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own chores, the same commands on a desk and in CI.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Everything that .ci/run does once its servers run
    Ci {
        /// Leave out the release build and the demo
        #[arg(long)]
        fast: bool,
    },
    /// Check that crates depend on each other in one direction only
    Layers,
    /// Make the FHIR R4 tables from ../shared/fhir-r4-definitions
    Codegen {
        /// Only check that the committed tables are fresh
        #[arg(long)]
        check: bool,
    },
    /// Check lines, spaces and headings of the sources
    Tidy,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome: Result<(), Box<dyn Error>> = match arguments.chore {
        Chore::Ci { fast } => ci::run(&root(), fast).map_err(Into::into),
        Chore::Layers => layers::run(&root()).map_err(Into::into),
        Chore::Codegen { check } => codegen::run(check).map_err(Into::into),
        Chore::Tidy => tidy::run(&root()).map_err(Into::into),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace: the folder above this crate.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// One line of talk on stderr; a closed stderr is nobody listening.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// An error and its sources in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
