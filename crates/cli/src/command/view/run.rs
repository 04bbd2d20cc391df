//! `salus view run`: the table of a view, from the lake or straight from files.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use clap::Args;
use jiff::civil::Date;
use salus_base::Place;
use salus_engine::OnRows;
use salus_engine::format::AnswerWriter;
use salus_lake::catalog::At;
use salus_lake::source::{Input, discover};
use salus_views::{CompiledView, NdjsonOptions, RefusedLine, Sink};

use super::compile;
use super::resource_lines::ResourceLines;
use crate::app::Outcome;
use crate::clock;
use crate::command::output::{Output, Wanted, parse_format};
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake::{self, Look, parse_at};
use crate::work::Work;

/// Threads that make rows of files; beside them one reads.
const THREADS: usize = 2;

/// Arguments of `salus view run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The file with the ViewDefinition
    #[arg(value_name = "VIEW.json")]
    view: PathBuf,
    /// Files, folders or patterns with resources, or `lake`; may be given again
    #[arg(long, value_name = "PATH", default_value = "lake")]
    from: Vec<String>,
    /// table, json, ndjson, csv, parquet or md [default: a table on a terminal, else CSV]
    #[arg(long, value_name = "FORMAT", value_parser = parse_format, default_value = "auto")]
    #[arg(hide_default_value = true)]
    format: Wanted,
    /// Write to a file, whose ending tells the format
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Rows that a table on the terminal shows at most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rows: u64,
    /// The lake as it was: number of a snapshot, or a time
    #[arg(long, value_name = "SNAPSHOT", default_value = "latest", value_parser = parse_at)]
    at: At,
    /// The day that now() and today() give [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

impl Run {
    /// Makes the table.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let (_, view) = compile(face, &self.view)?;
        for warning in view.warnings() {
            face.trouble(warning);
        }
        let output = Output::new(face, self.format, self.output.clone(), self.rows)?;
        match self.from.as_slice() {
            [lake] if lake == "lake" => self.of_lake(face, settings, Arc::new(view), &output),
            paths => of_files(face, settings, &view, paths, &output),
        }
    }

    fn of_lake(
        &self,
        face: &Face,
        settings: &Settings,
        view: Arc<CompiledView>,
        output: &Output,
    ) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = Arc::new(lake::open(&work, settings)?);
        let look = Look {
            as_of: self.as_of.unwrap_or_else(clock::today),
            at: self.at.clone(),
            rows_max: output.rows_max(),
            on_rows: OnRows::Cut,
        };
        let session = lake::session(&work, settings, &lake, look)?;
        let done = work.wait(async {
            let mut stream = session.view(view).await?;
            output.stream(face, &mut stream).await
        });
        drop(session);
        work.end();
        done.map(|()| Outcome::Done)
    }
}

fn of_files(
    face: &Face,
    settings: &Settings,
    view: &CompiledView,
    paths: &[String],
    output: &Output,
) -> Result<Outcome, CliError> {
    let (inputs, found) = discover(paths)?;
    found.iter().for_each(|one| face.trouble(one));
    if inputs.is_empty() {
        return Err(CliError::NothingToLoad {
            paths: paths.join(" "),
        });
    }
    let work = Work::start(face)?;
    let mut left_out = 0;
    output.write(face, view.schema(), |writer| {
        let mut rows = Rows {
            face,
            writer,
            rows: 0,
            rows_max: output.rows_max(),
            source: String::new(),
        };
        for input in &inputs {
            left_out += one_file(settings, &work, view, input, &mut rows)?;
            if rows.is_full() {
                break;
            }
        }
        Ok((rows.rows, rows.is_full()))
    })?;
    work.end();
    Ok(match left_out {
        0 => Outcome::Done,
        _ => Outcome::Partial,
    })
}

/// The rows of one source; gives how many pieces were left out.
fn one_file(
    settings: &Settings,
    work: &Work,
    view: &CompiledView,
    input: &Input,
    rows: &mut Rows<'_, '_>,
) -> Result<u64, CliError> {
    rows.source.clone_from(&input.name);
    let options = NdjsonOptions {
        threads: THREADS,
        ..NdjsonOptions::new(clock::moment())
    };
    let mut bad = 0;
    let summary = ResourceLines::scope(input, &settings.limits, &work.cancel, |lines| {
        let summary = view.run_lines(&mut *lines, &options, rows);
        bad = lines.bad();
        summary.map_err(Box::new)
    })?;
    match summary {
        Ok(summary) => Ok(summary.refused + bad),
        Err(_) if rows.is_full() => Ok(bad),
        Err(error) => Err(CliError::ViewRun {
            source: error,
            file: input.name.clone(),
        }),
    }
}

/// Writes rows, up to a bound.
struct Rows<'r, 'w> {
    face: &'r Face,
    writer: &'r mut AnswerWriter<'w>,
    rows: u64,
    rows_max: Option<u64>,
    source: String,
}

impl Rows<'_, '_> {
    fn is_full(&self) -> bool {
        self.rows_max.is_some_and(|max| self.rows >= max)
    }
}

/// Ends a run that has given enough rows.
#[derive(Debug, thiserror::Error)]
#[error("there are enough rows")]
struct Enough;

impl Sink for Rows<'_, '_> {
    fn rows(&mut self, batch: RecordBatch) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let wanted = self
            .rows_max
            .map_or(u64::MAX, |max| max - self.rows.min(max));
        let length = usize::try_from(wanted)
            .unwrap_or(usize::MAX)
            .min(batch.num_rows());
        self.writer.batch(&batch.slice(0, length))?;
        self.rows += length as u64;
        match self.is_full() {
            true => Err(Box::new(Enough)),
            false => Ok(()),
        }
    }

    fn refused(&mut self, line: RefusedLine) {
        let found = line.diagnostic();
        self.face
            .trouble(&found.at(Place::in_file(self.source.clone())));
    }
}
