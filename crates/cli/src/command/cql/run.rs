//! `salus cql run`: the defines of a library, for each patient.

use std::io::{BufWriter, Stdout, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use salus_cql::evaluate::{JsonRecords, JsonSubject, json, notation, reference};
use salus_engine::OnRows;
use salus_engine::format::Format;
use salus_fhir::view::ElementView;
use salus_lake::catalog::At;

use super::define::{Define, chosen};
use super::held::Held;
use super::job::{Answer, Given, Job, options};
use super::population::Population;
use crate::app::Outcome;
use crate::clock;
use crate::command::output::{Output, Wanted, parse_format};
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink};
use crate::lake::{self, Look, parse_at};
use crate::work::Work;

/// Arguments of `salus cql run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Defines in the context Patient are evaluated for each patient of the records, others once.\n\
    Exit code 1 means that a define failed, or that records could not be read.\n\
    salus cql run Measure.cql --from patients/ --parameter 'Measurement Period=Interval[@2024-01-01, @2025-01-01)'"
)]
pub struct Run {
    /// The library
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only this define; may be given again [default: all public ones]
    #[arg(long = "define", value_name = "NAME")]
    defines: Vec<String>,
    #[command(flatten)]
    given: Given,
    /// One JSON object for each patient
    #[arg(long, conflicts_with_all = ["format", "output"])]
    json: bool,
    /// With --from lake: table, json, ndjson, csv, parquet or md [default: a table on a terminal, else CSV]
    #[arg(long, value_name = "FORMAT", value_parser = parse_format, default_value = "auto")]
    #[arg(hide_default_value = true)]
    format: Wanted,
    /// With --from lake: write to a file, whose ending tells the format
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// With --from lake: rows that a table on the terminal shows at most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rows: u64,
    /// With --from lake: the lake as it was, number of a snapshot or a time
    #[arg(long, value_name = "SNAPSHOT", default_value = "latest", value_parser = parse_at)]
    at: At,
}

impl Run {
    /// Evaluates.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let job = Job::new(
            face,
            settings,
            &work.cancel,
            &self.file,
            &self.given,
            &options(),
        )?;
        let defines = chosen(&job.library.main, &self.defines)?;
        if matches!(self.given.from.as_slice(), [from] if from == "lake") {
            return self.of_lake(face, settings, work, job, &defines);
        }
        let held = Held::read(face, settings, &work.cancel, &self.given.from)?;
        let documents = held.documents();
        let records = JsonRecords::new(&documents);
        let mut shown = Answers::new(face, &job, self.json);
        let wanted = |subject: &JsonSubject| is_wanted(&records, *subject, &self.given.patients);
        job.run(&records, &defines, &wanted, &mut |subject, answers| {
            let name = subject.and_then(|subject| reference(&records.resource(*subject)?));
            shown.add(name.as_deref(), answers)
        })?;
        let failed = shown.end()?;
        let stopped = work.cancel.is_cancelled();
        work.end();
        Ok(match (stopped, failed > 0 || held.bad > 0) {
            (true, _) => Outcome::Stopped,
            (false, true) => Outcome::Findings,
            (false, false) => Outcome::Done,
        })
    }
}

impl Run {
    fn of_lake(
        &self,
        face: &Face,
        settings: &Settings,
        work: Work,
        job: Job<'_>,
        defines: &[Define],
    ) -> Result<Outcome, CliError> {
        let output = Output::new(face, self.wanted(), self.output.clone(), self.rows)?;
        let lake = Arc::new(lake::open(&work, settings)?);
        let look = Look {
            as_of: clock::today(),
            at: self.at.clone(),
            rows_max: output.rows_max(),
            on_rows: OnRows::Cut,
        };
        let session = lake::session(&work, settings, &lake, look)?;
        let population = Population::new(job, defines);
        let done = work.wait(async {
            let mut stream = session.population(population.question).await?;
            output.stream(face, &mut stream).await
        });
        for said in population.heard.all() {
            face.talk(&said);
        }
        drop(session);
        work.end();
        done.map(|()| Outcome::Done)
    }

    fn wanted(&self) -> Wanted {
        match self.json {
            true => Wanted::This(Format::Ndjson),
            false => self.format,
        }
    }
}

/// Whether a subject is among those that are asked for: by its id, with or without its type.
pub fn is_wanted(records: &JsonRecords<'_>, subject: JsonSubject, ids: &[String]) -> bool {
    if ids.is_empty() {
        return true;
    }
    let name = records.resource(subject).and_then(|one| reference(&one));
    name.is_some_and(|name| {
        let id = name.split_once('/').map_or(name.as_str(), |(_, id)| id);
        ids.iter().any(|wanted| *wanted == name || wanted == id)
    })
}

/// Writes answers, and counts those that failed.
struct Answers<'a> {
    face: &'a Face,
    job: &'a Job<'a>,
    is_json: bool,
    out: BufWriter<Stdout>,
    failed: usize,
}

impl<'a> Answers<'a> {
    fn new(face: &'a Face, job: &'a Job<'a>, is_json: bool) -> Self {
        Self {
            face,
            job,
            is_json,
            out: BufWriter::with_capacity(1 << 16, std::io::stdout()),
            failed: 0,
        }
    }

    fn add<V: ElementView>(
        &mut self,
        subject: Option<&str>,
        answers: Vec<Answer<'_, V>>,
    ) -> Result<(), CliError> {
        let text = match self.is_json {
            true => as_json(subject, &answers),
            false => self.as_table(subject, &answers),
        };
        self.out
            .write_all(text.as_bytes())
            .map_err(CliError::Stdout)?;
        let failures: Vec<_> = answers
            .iter()
            .filter_map(|(_, answer)| answer.as_ref().err())
            .collect();
        if failures.is_empty() {
            return Ok(());
        }
        // So that what is said stands below what it is about.
        self.out.flush().map_err(CliError::Stdout)?;
        self.failed += failures.len();
        for failure in failures {
            self.job.library.show_failure(self.face, failure);
        }
        Ok(())
    }

    fn as_table<V: ElementView>(&self, subject: Option<&str>, answers: &[Answer<'_, V>]) -> String {
        let mut text = String::new();
        let indent = match subject {
            Some(subject) => {
                text.push_str(&self.face.ink_data(Ink::Strong, subject));
                text.push('\n');
                "  "
            }
            None => "",
        };
        let width = answers
            .iter()
            .map(|(define, _)| define.name.chars().count())
            .max();
        let width = width.unwrap_or(0);
        for (define, answer) in answers {
            let value = match answer {
                Ok(value) => self.inked(notation(value)),
                Err(_) => self.face.ink_data(Ink::Bad, "failed"),
            };
            let name = &define.name;
            let gap = width - name.chars().count();
            text.push_str(&format!("{indent}{name}{:gap$}  {value}\n", ""));
        }
        text
    }

    fn inked(&self, value: String) -> String {
        let ink = match value.as_str() {
            "true" => Ink::Good,
            "null" => Ink::Faint,
            _ => return value,
        };
        self.face.ink_data(ink, &value)
    }

    fn end(mut self) -> Result<usize, CliError> {
        self.out.flush().map_err(CliError::Stdout)?;
        Ok(self.failed)
    }
}

/// `{"subject":"Patient/ann","defines":{"Adult":true},"errors":{}}`
fn as_json<V: ElementView>(subject: Option<&str>, answers: &[Answer<'_, V>]) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let mut values = Vec::new();
    let mut errors = Vec::new();
    for (define, answer) in answers {
        let name = quoted(&define.name);
        match answer {
            Ok(value) => values.push(format!("{name}:{}", json(value))),
            Err(failure) => errors.push(format!("{name}:{}", quoted(&failure.to_string()))),
        }
    }
    let subject = subject.map_or_else(|| "null".to_owned(), quoted);
    let errors = match errors.is_empty() {
        true => String::new(),
        false => format!(",\"errors\":{{{}}}", errors.join(",")),
    };
    format!(
        "{{\"subject\":{subject},\"defines\":{{{}}}{errors}}}\n",
        values.join(",")
    )
}
