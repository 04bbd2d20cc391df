//! `salus report`: the scoreboard, on the terminal and as one HTML file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use salus_engine::{OnRows, Session};
use salus_lake::Lake;
use salus_lake::catalog::At;
use salus_report::{Colour, Period, Request, Scoreboard};

use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake::{self, Look, parse_at};
use crate::work::Work;

/// Name of the page.
pub const HTML: &str = "salus-report.html";
/// Name of the scoreboard as JSON.
pub const JSON: &str = "salus-report.json";

/// Arguments of `salus report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Last day of the 12 months looked at [default: the latest day in the records]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Only this indicator; may be given again
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
    /// List the patients behind an indicator, and for each the records with file and byte offset
    #[arg(long, value_name = "ID")]
    explain: Option<String>,
    /// Patients that --explain lists at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    patients: usize,
    /// What standard output gets
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Folder for salus-report.html and salus-report.json
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// Write no files
    #[arg(long)]
    no_files: bool,
    /// As the lake was: number of a snapshot, or a time
    #[arg(long, value_name = "SNAPSHOT", default_value = "latest", value_parser = parse_at)]
    at: At,
}

/// What standard output gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Form {
    /// For reading.
    Text,
    /// For programs.
    Json,
    /// The page itself.
    Html,
}

impl Report {
    /// Runs the indicators and shows them.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = Arc::new(lake::open(&work, settings)?);
        let desk = Desk {
            work: &work,
            settings,
            lake: &lake,
            at: self.at.clone(),
        };
        let (session, note) = desk.session(self.as_of)?;
        if let Some(id) = &self.explain {
            self.explain(face, &work, &session, id)?;
        } else {
            let scoreboard = board(&work, &session, note, &self.only)?;
            face.data(&shown(face, &scoreboard, self.format)?)?;
            if !self.no_files {
                let page = write_files(&scoreboard, &self.output)?;
                face.talk(&format!("\nWritten: {}", page.display()));
            }
        }
        drop(session);
        work.end();
        Ok(Outcome::Done)
    }

    fn explain(
        &self,
        face: &Face,
        work: &Work,
        session: &Session,
        id: &str,
    ) -> Result<(), CliError> {
        let period = Period::year_ending(session.as_of());
        let found = work.wait(salus_report::explain(session, period, id, self.patients))?;
        face.data(&match self.format {
            Form::Json => serde_json::to_string_pretty(&found).map_err(CliError::Json)?,
            Form::Text | Form::Html => salus_report::explanation_text(&found),
        })
    }
}

/// What a session is opened from.
pub struct Desk<'d> {
    /// The threads.
    pub work: &'d Work,
    /// The settings.
    pub settings: &'d Settings,
    /// The lake.
    pub lake: &'d Arc<Lake>,
    /// The snapshot.
    pub at: At,
}

impl Desk<'_> {
    /// A session that looks from `as_of`, or from the latest day in the records; and the choice in words.
    pub fn session(&self, as_of: Option<Date>) -> Result<(Session, String), CliError> {
        if let Some(day) = as_of {
            return Ok((self.open(day)?, "as asked".to_owned()));
        }
        let today = clock::today();
        let session = self.open(today)?;
        match self.work.wait(salus_report::latest_date(&session, today))? {
            Some(day) => Ok((self.open(day)?, "the latest day in the records".to_owned())),
            None => Ok((session, "today: the records hold no dates".to_owned())),
        }
    }

    fn open(&self, as_of: Date) -> Result<Session, CliError> {
        let rows_max = Some(self.settings.limits.query_rows_max);
        let look = Look {
            as_of,
            at: self.at.clone(),
            rows_max,
            on_rows: OnRows::Fail,
        };
        lake::session(self.work, self.settings, self.lake, look)
    }
}

/// The scoreboard of the 12 months that end with the session's day.
pub fn board(
    work: &Work,
    session: &Session,
    note: String,
    only: &[String],
) -> Result<Scoreboard, CliError> {
    let request = Request {
        only: only.to_vec(),
        ..Request::year_ending(session.as_of(), note)
    };
    Ok(work.wait(salus_report::run(session, &request))?)
}

/// The scoreboard for standard output.
pub fn shown(face: &Face, scoreboard: &Scoreboard, format: Form) -> Result<String, CliError> {
    Ok(match format {
        Form::Text => {
            salus_report::terminal(scoreboard, face.width(), Colour::from(face.color_out()))
        }
        Form::Json => salus_report::json(scoreboard)?,
        Form::Html => salus_report::html(scoreboard)?,
    })
}

/// Writes the page and the JSON into `folder`; gives the page's path.
pub fn write_files(scoreboard: &Scoreboard, folder: &Path) -> Result<PathBuf, CliError> {
    let failed = |path: &Path, source| CliError::WriteFile {
        path: path.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let (page, json) = (folder.join(HTML), folder.join(JSON));
    for (path, text) in [
        (&page, salus_report::html(scoreboard)?),
        (&json, salus_report::json(scoreboard)?),
    ] {
        std::fs::write(path, text).map_err(|source| failed(path, source))?;
    }
    Ok(page)
}
