//! `salus quarantine list|show|retry`: bad pieces of input, kept whole with the reason.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use clap::{Args, Subcommand};
use salus_engine::format::{Format, TableStyle, write};
use salus_engine::{OnRows, Session};
use salus_lake::Lake;
use salus_lake::catalog::At;
use salus_lake::ingest::{RetryRequest, retry};

use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink, thousands};
use crate::lake::{self, Look};
use crate::work::Work;

/// Arguments of `salus quarantine`.
#[derive(Debug, Args)]
pub struct Quarantine {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List what is in quarantine: key, reason, file and byte offset
    List {
        /// Only pieces with this code
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        /// Count them by code instead
        #[arg(long)]
        count: bool,
    },
    /// Write the bytes of one piece as they came
    Show {
        /// The key, or its beginning, as `list` shows it
        key: String,
    },
    /// Try pieces again: after Salus has learnt to read them, or a bound was raised
    Retry {
        /// Only pieces with this code
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
    },
}

const KEY: &str = "lpad(to_hex(digest), 16, '0')";

impl Quarantine {
    /// Does it.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = Arc::new(lake::open(&work, settings)?);
        if let Action::Retry { code } = self.action {
            let outcome = try_again(face, settings, &work, &lake, code);
            work.end();
            return outcome;
        }
        let look = Look {
            as_of: clock::today(),
            at: At::Latest,
            rows_max: None,
            on_rows: OnRows::Fail,
        };
        let session = lake::session(&work, settings, &lake, look)?;
        // Without any piece the lake has no table, and the one that stands in for it has no keys.
        let is_empty = session
            .tables()
            .iter()
            .filter(|table| table.schema == "salus" && table.name == "quarantine")
            .all(|table| table.columns.iter().all(|(column, _)| column != "digest"));
        let outcome = match &self.action {
            _ if is_empty => {
                face.talk("Nothing is in quarantine");
                Ok(Outcome::Done)
            }
            Action::List { code, count } => list(face, &work, &session, code.as_deref(), *count),
            Action::Show { key } => show(face, &work, &session, key),
            Action::Retry { .. } => Ok(Outcome::Done),
        };
        drop(session);
        work.end();
        outcome
    }
}

fn list(
    face: &Face,
    work: &Work,
    session: &Session,
    code: Option<&str>,
    count: bool,
) -> Result<Outcome, CliError> {
    let only = code.map_or(String::new(), |code| {
        format!("WHERE code = '{}'", quoted(code))
    });
    let sql = if count {
        format!(
            "SELECT code, count(*) AS pieces FROM salus.quarantine {only} GROUP BY code ORDER BY 2 DESC, 1"
        )
    } else {
        format!(
            "SELECT {KEY} AS key, code, reason, source, \"offset\", character_length(encode(bytes, 'hex')) / 2 AS bytes, load \
             FROM salus.quarantine {only} ORDER BY load, source, \"offset\""
        )
    };
    let answer = work.wait(session.sql(&sql))?;
    if answer.rows() == 0 {
        face.talk("Nothing is in quarantine");
        return Ok(Outcome::Done);
    }
    let on_screen = face.terminal_out();
    let format = if on_screen {
        Format::Table
    } else {
        Format::Csv
    };
    let width = u16::try_from(face.width()).ok().filter(|_| on_screen);
    let mut text = Vec::new();
    write(&answer, format, &TableStyle { width }, &mut text)?;
    face.data(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Done)
}

fn show(face: &Face, work: &Work, session: &Session, key: &str) -> Result<Outcome, CliError> {
    let sql = format!(
        "SELECT {KEY} AS key, code, reason, source, CAST(\"offset\" AS VARCHAR) AS place, bytes \
         FROM salus.quarantine WHERE {KEY} LIKE '{}%' LIMIT 2",
        quoted(&key.to_lowercase()).replace(['%', '_'], ""),
    );
    let answer = work.wait(session.sql(&sql))?;
    let (Some(batch), 1) = (answer.batches.first(), answer.rows()) else {
        return Err(CliError::QuarantineKey {
            key: key.to_owned(),
            found: answer.rows(),
        });
    };
    let word = |column: &str| text_of(batch, column).unwrap_or_default();
    face.talk(&format!(
        "{}  {}: {}\n{}, byte {}\n",
        word("key"),
        face.ink(Ink::Strong, &word("code")),
        word("reason"),
        word("source"),
        word("place"),
    ));
    let bytes = batch
        .column_by_name("bytes")
        .and_then(|column| column.as_binary_opt::<i32>());
    if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
        face.data_bytes(bytes.value(0))?;
    }
    Ok(Outcome::Done)
}

fn try_again(
    face: &Face,
    settings: &Settings,
    work: &Work,
    lake: &Lake,
    code: Option<String>,
) -> Result<Outcome, CliError> {
    let only = code
        .as_ref()
        .map_or(String::new(), |code| format!(" --code {code}"));
    let request = RetryRequest {
        command: format!("salus quarantine retry{only}"),
        code,
        limits: settings.limits,
        cancel: work.cancel.clone(),
        clock: &clock::now,
    };
    let retried = retry(lake, &request)?;
    let left = retried.tried - retried.released;
    face.data(&format!(
        "Tried {} pieces: {} are loaded now, {} stay in quarantine",
        thousands(retried.tried),
        thousands(retried.released),
        thousands(left),
    ))?;
    if left > 0 {
        face.talk("What was cut when it was set aside, or is no resource, can only be loaded from its source");
    }
    Ok(if left == 0 {
        Outcome::Done
    } else {
        Outcome::Partial
    })
}

fn text_of(batch: &RecordBatch, column: &str) -> Option<String> {
    let column = batch.column_by_name(column)?.as_string_opt::<i32>()?;
    (!column.is_empty() && column.is_valid(0)).then(|| column.value(0).to_owned())
}

fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}
