//! From the command line to an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{ArgAction, Args, Parser, ValueEnum};
use std::path::PathBuf;

use crate::command::Command;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;

/// The records of a health system, loaded once, asked anything.
#[derive(Debug, Parser)]
#[command(
    name = "salus",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(disable_help_subcommand = true)]
#[command(
    after_help = "Start with `salus demo`, or with your own records: `salus load DIR` and then `salus report`.\n\
    Exit codes: 0 done, 1 findings or \"no\", 2 failure, 3 done in part (something is in quarantine), 130 stopped."
)]
pub struct Arguments {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Globals {
    /// Folder of the lake [default: ./salus-lake]
    #[arg(
        long,
        global = true,
        env = "SALUS_LAKE",
        value_name = "DIR",
        hide_env_values = true
    )]
    pub lake: Option<PathBuf>,
    /// Catalogue elsewhere: a SQLite file or `postgres://…`
    #[arg(
        long,
        global = true,
        env = "SALUS_CATALOG",
        value_name = "URL",
        hide_env_values = true
    )]
    pub catalog: Option<String>,
    /// Data files elsewhere: a folder or `s3://bucket/prefix`
    #[arg(
        long,
        global = true,
        env = "SALUS_DATA",
        value_name = "URL",
        hide_env_values = true
    )]
    pub data: Option<String>,
    /// File of settings [default: ./salus.toml, if there is one]
    #[arg(
        long,
        global = true,
        env = "SALUS_CONFIG",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// Colour: auto, always or never [default: auto, which heeds NO_COLOR]
    #[arg(
        long,
        global = true,
        env = "SALUS_COLOR",
        value_name = "WHEN",
        hide_env_values = true
    )]
    #[arg(hide_possible_values = true)]
    pub color: Option<When>,
    /// Say nothing but data and errors
    #[arg(
        long,
        short,
        global = true,
        env = "SALUS_QUIET",
        hide_env_values = true
    )]
    pub quiet: bool,
    /// Say more; twice for what only developers want
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// How a command ended, when it did not fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// It was done, and the answer is "no" or there are findings.
    Findings,
    /// It was done but for what went into quarantine.
    Partial,
    /// The user stopped it; what was committed stays.
    Stopped,
}

impl Outcome {
    fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Partial => 3,
            Self::Stopped => 130,
        }
    }
}

const EXIT_FAILURE: u8 = 2;

/// Parses the command line, runs the command, shows what went wrong.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return show_usage(&usage),
    };
    let face = Face::new(
        arguments.globals.color.unwrap_or(When::Auto),
        arguments.globals.quiet,
    );
    let settings = match Settings::gather(&arguments.globals) {
        Ok(settings) => settings,
        Err(error) => return show_failure(&face, &error),
    };
    let face = Face::new(settings.color, settings.quiet);
    listen_to_tracing(settings.verbose);
    match arguments.command.run(&face, &settings) {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => show_failure(&face, &error),
    }
}

/// `--help` and `--version` are data; everything else clap says is an error.
fn show_usage(usage: &clap::Error) -> ExitCode {
    // Nobody may be listening any more; that is no reason to fail.
    let _ = usage.print();
    let _ = std::io::stdout().flush();
    ExitCode::from(if usage.use_stderr() { EXIT_FAILURE } else { 0 })
}

fn show_failure(face: &Face, error: &CliError) -> ExitCode {
    if error.is_broken_pipe() {
        return ExitCode::SUCCESS;
    }
    face.trouble(&error.diagnostic());
    ExitCode::from(EXIT_FAILURE)
}

/// `-v` shows what the crates trace: 1 information, 2 details, 3 everything.
fn listen_to_tracing(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => "info,sqlx=warn,datafusion=warn",
        2 => "debug,sqlx=info,datafusion=info",
        _ => "trace",
    };
    let filter = tracing_subscriber::EnvFilter::new(level);
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .try_init();
}
