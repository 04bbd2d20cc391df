//! Answers as table, JSON, CSV, Parquet or Markdown.
//!
//! JSON, NDJSON, CSV and Parquet are written as the batches come, so a large answer needs no
//! memory; a table and Markdown need all rows to know their widths. Nested values are JSON
//! inside tables, CSV and Markdown.

mod cell;
mod csv;
mod docs;
mod grid;
mod json;
mod parquet;

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde::Serialize;

use crate::answer::Answer;
use crate::error::EngineError;
use crate::session::AnswerStream;

pub use docs::views_markdown;
pub use grid::TableStyle;

/// How an answer is written. What `auto` means is the caller's to decide: a table on a
/// terminal, else CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A table to be read on a screen.
    Table,
    /// One JSON array of objects.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// RFC 4180, with a header; nested values as JSON.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A GitHub-flavoured Markdown table.
    Markdown,
}

impl Format {
    /// All formats, for help and completion.
    pub const ALL: [Self; 6] = [
        Self::Table,
        Self::Json,
        Self::Ndjson,
        Self::Csv,
        Self::Parquet,
        Self::Markdown,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Markdown => "md",
        }
    }

    /// The format of this name, or of a file with this extension.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "markdown" => Some(Self::Markdown),
            "jsonl" => Some(Self::Ndjson),
            "txt" => Some(Self::Table),
            name => Self::ALL.into_iter().find(|format| format.name() == name),
        }
    }
}

/// Writes a whole answer.
///
/// # Errors
/// [`EngineError::Write`].
pub fn write(
    answer: &Answer,
    format: Format,
    style: &TableStyle,
    out: &mut (dyn Write + Send),
) -> Result<(), EngineError> {
    let mut writer = Writer::new(format, &answer.schema, style, out)?;
    for batch in &answer.batches {
        writer.batch(batch)?;
    }
    writer.finish()
}

/// Writes an answer as it comes; gives the number of rows.
///
/// # Errors
/// [`EngineError`] of the query or of the writing.
pub async fn write_stream(
    stream: &mut AnswerStream,
    format: Format,
    style: &TableStyle,
    out: &mut (dyn Write + Send),
) -> Result<u64, EngineError> {
    let schema = SchemaRef::clone(stream.schema());
    let mut writer = Writer::new(format, &schema, style, out)?;
    let mut rows = 0;
    while let Some(batch) = stream.next().await? {
        rows += u64::try_from(batch.num_rows()).unwrap_or(0);
        writer.batch(&batch)?;
    }
    writer.finish()?;
    Ok(rows)
}

/// Writes an answer that comes from elsewhere, batch by batch.
pub struct AnswerWriter<'a> {
    writer: Writer<'a>,
}

impl std::fmt::Debug for AnswerWriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerWriter").finish_non_exhaustive()
    }
}

impl<'a> AnswerWriter<'a> {
    /// Begins.
    ///
    /// # Errors
    /// [`EngineError::Write`].
    pub fn new(
        format: Format,
        schema: &SchemaRef,
        style: &TableStyle,
        out: &'a mut (dyn Write + Send),
    ) -> Result<Self, EngineError> {
        let writer = Writer::new(format, schema, style, out)?;
        Ok(Self { writer })
    }

    /// Takes rows, which must have the schema.
    ///
    /// # Errors
    /// [`EngineError::Write`].
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        self.writer.batch(batch)
    }

    /// Ends.
    ///
    /// # Errors
    /// [`EngineError::Write`].
    pub fn finish(self) -> Result<(), EngineError> {
        self.writer.finish()
    }
}

/// A writer that takes batches one by one.
enum Writer<'a> {
    Grid(grid::Grid<'a>),
    Json(json::JsonWriter<'a>),
    Csv(csv::CsvWriter<'a>),
    Parquet(Box<parquet::ParquetWriter<'a>>),
}

impl<'a> Writer<'a> {
    fn new(
        format: Format,
        schema: &SchemaRef,
        style: &TableStyle,
        out: &'a mut (dyn Write + Send),
    ) -> Result<Self, EngineError> {
        Ok(match format {
            Format::Table => Self::Grid(grid::Grid::table(schema, style, out)),
            Format::Markdown => Self::Grid(grid::Grid::markdown(schema, out)),
            Format::Json => Self::Json(json::JsonWriter::array(out).map_err(json_failed)?),
            Format::Ndjson => Self::Json(json::JsonWriter::lines(out)),
            Format::Csv => Self::Csv(csv::CsvWriter::new(schema, out).map_err(csv_failed)?),
            Format::Parquet => Self::Parquet(Box::new(parquet::ParquetWriter::new(schema, out)?)),
        })
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        match self {
            Self::Grid(grid) => {
                grid.batch(batch);
                Ok(())
            }
            Self::Json(json) => json.batch(batch).map_err(json_failed),
            Self::Csv(csv) => csv.batch(batch).map_err(csv_failed),
            Self::Parquet(parquet) => parquet.batch(batch),
        }
    }

    fn finish(self) -> Result<(), EngineError> {
        match self {
            Self::Grid(grid) => grid.finish().map_err(|error| failed("table", error)),
            Self::Json(json) => json.finish().map_err(json_failed),
            Self::Csv(csv) => csv.finish().map_err(csv_failed),
            Self::Parquet(parquet) => parquet.finish(),
        }
    }
}

fn failed(
    format: &'static str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> EngineError {
    EngineError::Write {
        format,
        source: Box::new(error),
    }
}

fn json_failed(error: io::Error) -> EngineError {
    failed("JSON", error)
}

fn csv_failed(error: io::Error) -> EngineError {
    failed("CSV", error)
}

#[cfg(test)]
mod tests;
