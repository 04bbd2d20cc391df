//! One table of the truth as a Parquet file.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::calendar::from_civil;

/// Rows handed to the Parquet writer at a time.
const BATCH_ROWS: usize = 8192;

/// Rows of a row group: bounds what the writer keeps in memory.
const GROUP_ROWS: usize = 65_536;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words, codes and ids.
    Text,
    /// A day.
    Date,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
}

/// A table: its name and columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
}

/// One value of a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    /// `YYYY-MM-DD`; anything else becomes null.
    Date(&'a str),
    Number(f64),
    Flag(bool),
    Null,
}

impl<'a> Cell<'a> {
    /// The text, or null.
    pub(super) fn maybe(text: Option<&'a str>) -> Cell<'a> {
        text.map_or(Cell::Null, Cell::Text)
    }

    /// The day, or null.
    pub(super) fn maybe_date(text: Option<&'a str>) -> Cell<'a> {
        text.map_or(Cell::Null, Cell::Date)
    }

    /// The id of a reference `Type/id`.
    pub(super) fn id(reference: &'a str) -> Cell<'a> {
        Cell::Text(reference.rsplit_once('/').map_or(reference, |(_, id)| id))
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The rows do not fit the columns: a bug of this crate.
    #[error("the rows of truth table `{table}` do not fit its columns")]
    Rows {
        /// Which table.
        table: &'static str,
        /// What Arrow said.
        #[source]
        source: ArrowError,
    },
    /// The Parquet file could not be written.
    #[error("truth table `{table}` could not be written")]
    Write {
        /// Which table.
        table: &'static str,
        /// What the writer said.
        #[source]
        source: ParquetError,
    },
}

enum Builder {
    Text(StringBuilder),
    Date(Date32Builder),
    Number(Float64Builder),
    Flag(BooleanBuilder),
}

impl Builder {
    fn new(kind: Kind) -> Builder {
        match kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Date => Builder::Date(Date32Builder::new()),
            Kind::Number => Builder::Number(Float64Builder::new()),
            Kind::Flag => Builder::Flag(BooleanBuilder::new()),
        }
    }

    /// Appends a cell; one of another kind becomes null.
    fn append(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Builder::Text(column), Cell::Text(text)) => column.append_value(text),
            (Builder::Text(column), _) => column.append_null(),
            (Builder::Date(column), Cell::Date(text)) => column.append_option(day(text)),
            (Builder::Date(column), _) => column.append_null(),
            (Builder::Number(column), Cell::Number(number)) => column.append_value(number),
            (Builder::Number(column), _) => column.append_null(),
            (Builder::Flag(column), Cell::Flag(flag)) => column.append_value(flag),
            (Builder::Flag(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(column) => Arc::new(column.finish()),
            Builder::Date(column) => Arc::new(column.finish()),
            Builder::Number(column) => Arc::new(column.finish()),
            Builder::Flag(column) => Arc::new(column.finish()),
        }
    }
}

/// A day since 1970-01-01 of `YYYY-MM-DD`.
fn day(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(date))) => Some(from_civil(year, month, date)),
        _ => None,
    }
}

/// Writes a table row by row.
pub(super) struct Table<W: Write + Send> {
    layout: Layout,
    schema: SchemaRef,
    builders: Vec<Builder>,
    rows: usize,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> Table<W> {
    pub(super) fn new(layout: Layout, to: W) -> Result<Table<W>, TableError> {
        let fields = layout.columns.iter().map(|&(name, kind)| {
            let kind = match kind {
                Kind::Text => DataType::Utf8,
                Kind::Date => DataType::Date32,
                Kind::Number => DataType::Float64,
                Kind::Flag => DataType::Boolean,
            };
            Field::new(name, kind, true)
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        // The writer's own name carries its version; ours keeps the bytes the same.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("salus-synth".to_owned())
            .build();
        let writer = ArrowWriter::try_new(to, schema.clone(), Some(properties));
        let builders = layout.columns.iter().map(|&(_, kind)| Builder::new(kind));
        Ok(Table {
            schema,
            builders: builders.collect(),
            rows: 0,
            writer: writer.map_err(|source| TableError::Write {
                table: layout.name,
                source,
            })?,
            layout,
        })
    }

    /// Adds a row: one cell for each column.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        let cells = cells.iter().copied().chain(std::iter::repeat(Cell::Null));
        for (builder, cell) in self.builders.iter_mut().zip(cells) {
            builder.append(cell);
        }
        self.rows += 1;
        if self.rows < BATCH_ROWS {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<(), TableError> {
        self.rows = 0;
        let table = self.layout.name;
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|source| TableError::Rows { table, source })?;
        self.writer
            .write(&batch)
            .map_err(|source| TableError::Write { table, source })
    }

    /// Writes what is left and gives the place back.
    pub(super) fn finish(mut self) -> Result<W, TableError> {
        self.flush()?;
        let table = self.layout.name;
        self.writer
            .into_inner()
            .map_err(|source| TableError::Write { table, source })
    }
}
