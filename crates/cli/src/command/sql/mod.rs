//! `salus sql`: one query, a file of queries, or the prompt.

mod help;
mod prompt;
mod statements;

use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use salus_engine::{OnRows, Session};
use salus_lake::Lake;
use salus_lake::catalog::At;

use super::output::{self, Output, Wanted};
use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake::{self, Look, parse_at};
use crate::work::Work;

/// Arguments of `salus sql`.
#[derive(Debug, Args)]
#[command(
    after_help = "Tables are named after resource types (Observation), views are lower case (observations): \
    \\d at the prompt lists both. Queries can only read."
)]
pub struct Sql {
    /// The query; without it, and without -f, the prompt
    query: Option<String>,
    /// Read queries from a file, `-` for standard input; each ends with `;`
    #[arg(long, short, value_name = "FILE", conflicts_with = "query")]
    file: Option<PathBuf>,
    /// table, json, ndjson, csv, parquet or md [default: a table on a terminal, else CSV]
    #[arg(long, value_name = "FORMAT", value_parser = output::parse_format, default_value = "auto")]
    #[arg(hide_default_value = true)]
    format: Wanted,
    /// Write to a file, whose ending tells the format
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Rows that a table on the terminal shows at most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rows: u64,
    /// As the lake was: number of a snapshot, or a time
    #[arg(long, value_name = "SNAPSHOT", default_value = "latest", value_parser = parse_at)]
    at: At,
    /// The day from which ages and activity are told [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

impl Sql {
    /// Answers.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let script = self.script()?;
        let work = if script.is_some() {
            Work::start(face)?
        } else {
            Work::start_deaf()?
        };
        let lake = Arc::new(lake::open(&work, settings)?);
        let output = Output::new(face, self.format, self.output.clone(), self.rows)?;
        let session = self.session(&work, settings, &lake, &output)?;
        let answered = match script {
            Some(script) => statements::split(&script)
                .into_iter()
                .try_for_each(|statement| work.wait(output.answer(face, &session, &statement))),
            None => prompt::run(face, &work, &session, output),
        };
        drop(session);
        work.end();
        answered.map(|()| Outcome::Done)
    }

    /// What is to be answered; `None` for the prompt.
    fn script(&self) -> Result<Option<String>, CliError> {
        if let Some(query) = &self.query {
            return Ok(Some(query.clone()));
        }
        let from_stdin = || {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        };
        let failed = |path: PathBuf, source| CliError::ReadFile { path, source };
        match &self.file {
            Some(path) if path.as_os_str() != "-" => {
                let text = std::fs::read_to_string(path);
                text.map(Some)
                    .map_err(|source| failed(path.clone(), source))
            }
            None if std::io::stdin().is_terminal() => Ok(None),
            _ => from_stdin()
                .map(Some)
                .map_err(|source| failed("-".into(), source)),
        }
    }

    fn session(
        &self,
        work: &Work,
        settings: &Settings,
        lake: &Arc<Lake>,
        output: &Output,
    ) -> Result<Session, CliError> {
        let look = Look {
            as_of: self.as_of.unwrap_or_else(clock::today),
            at: self.at.clone(),
            rows_max: output.rows_max(),
            on_rows: OnRows::Cut,
        };
        lake::session(work, settings, lake, look)
    }
}
