//! Rows of the wanted elements, read from NDJSON while everything else is skipped.
//!
//! ```
//! use salus_columns::{Extent, Lines, ProjectedTables, Projection};
//! use salus_fhir::schema::r4;
//!
//! let mut patients = Projection::new(r4().resource("Patient").unwrap());
//! patients.want(&["id"], Extent::Value)?;
//! patients.want(&["name", "family"], Extent::Value)?;
//! let mut tables = ProjectedTables::new([patients]);
//! let ndjson = br#"{"resourceType":"Patient","id":"p","text":{"div":"<div/>"},"name":[{"family":"Chalmers"}]}
//! {"resourceType":"Observation","id":"o"}"#;
//! for line in Lines::new(ndjson) {
//!     let taken = tables.read(line.bytes)?;
//!     assert_eq!(taken, (line.offset == 0).then_some(0));
//! }
//! let batch = tables.finish().next().unwrap()?;
//! assert_eq!((batch.num_rows(), batch.num_columns()), (1, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use salus_fhir::schema::{TypeId, r4};
use thiserror::Error;

use crate::cursor::{Cursor, JsonError, JsonFault};
use crate::ids::{ColumnIds, FieldIds};
use crate::leaf::Text;
use crate::lines::{first_resource_type, resource_type_among};
use crate::node::Reading;
use crate::object::Object;
use crate::rest::{Rest, Trail};
use crate::structure::Structure;
use crate::wanted::Projection;

/// Builds one record batch of the wanted elements of one resource type.
///
/// Columns are laid out as a [`crate::TableBuilder`] lays them out, with these differences: there are none but the
/// wanted ones; a complex element of which nothing inside is wanted is a struct without fields, which says whether
/// it is there; of the lake's own columns there is only `salus_rest`, and only if some wanted element did not fit
/// its column.
///
/// What is wanted is read as strictly as by the full builder. What is skipped must have strings that end and
/// brackets that are balanced in number, and is not looked at further.
#[derive(Debug)]
pub struct ProjectedTable {
    root: Object,
    rows: usize,
    kept: Vec<bool>,
    rest: Rest,
    rests: Option<Text>,
    structure: Structure,
    scratch: String,
}

impl ProjectedTable {
    /// A builder of the wanted columns.
    #[must_use]
    pub fn new(projection: &Projection) -> Self {
        Self {
            root: Object::new(projection.resource(), projection.reach()),
            rows: 0,
            kept: Vec::new(),
            rest: Rest::default(),
            rests: None,
            structure: Structure::default(),
            scratch: String::new(),
        }
    }

    /// Reads one resource, which must be of the projection's type, into the next row.
    ///
    /// # Errors
    /// When the text is found not to be JSON, or has a wanted key twice; the row is then left out of the batch and
    /// the builder goes on.
    pub fn append(&mut self, json: &str) -> Result<(), JsonError> {
        let mut structure = std::mem::take(&mut self.structure);
        structure.read(json.as_bytes());
        let read = self.append_known(json, &structure);
        self.structure = structure;
        read
    }

    /// As [`ProjectedTable::append`], where the strings and brackets of the text are known.
    fn append_known(&mut self, json: &str, structure: &Structure) -> Result<(), JsonError> {
        let row = self.rows;
        self.rows += 1;
        let mut reading = Reading {
            cursor: Cursor::new(json),
            rest: &mut self.rest,
            scratch: &mut self.scratch,
            rewrite: None,
            structure: Some(structure),
        };
        reading.cursor.peek();
        let mut read = self
            .root
            .read(row, &Trail::ROOT, 1, &mut reading)
            .and_then(|_| reading.cursor.finish());
        if read.is_ok() && self.rest.is_duplicate() {
            read = Err(JsonError {
                at: 0,
                fault: JsonFault::DuplicateKey,
            });
        }
        self.kept.push(read.is_ok());
        if let Some(rest) = self.rest.take() {
            self.rests.get_or_insert_default().set(row, &rest);
        }
        read
    }

    /// The rows so far, refused ones included.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The record batch, without the refused rows.
    ///
    /// # Errors
    /// When Arrow refuses the arrays, which would be a bug.
    pub fn finish(self) -> Result<RecordBatch, ArrowError> {
        let ids = ColumnIds::new(&[]);
        let (mut fields, mut arrays) = self
            .root
            .finish_members(self.rows, &mut FieldIds::new(&ids));
        if let Some(rests) = self.rests {
            fields.push(Arc::new(Field::new("salus_rest", DataType::Utf8, true)));
            arrays.push(rests.finish(self.rows));
        }
        // Nothing may be wanted but the rows.
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new_with_options(schema, arrays, &options)?;
        if self.kept.iter().all(|kept| *kept) {
            return Ok(batch);
        }
        filter_record_batch(&batch, &BooleanArray::from(self.kept))
    }
}

/// Why a line gave no row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineError {
    /// The bytes are not UTF-8.
    #[error("the line is not UTF-8 at byte {at}")]
    NotUtf8 {
        /// Byte offset in the line.
        at: usize,
    },
    /// It is not JSON that Salus reads.
    #[error("the line is not JSON")]
    Json(#[from] JsonError),
    /// It is no object with a `resourceType`.
    #[error("the line holds no resource: it has no `resourceType`")]
    NotAResource,
}

/// Projections of several resource types, filled from the same lines.
#[derive(Debug)]
pub struct ProjectedTables {
    tables: Vec<(&'static str, ProjectedTable)>,
    projections: Vec<Projection>,
    structure: Structure,
    scratch: String,
}

impl ProjectedTables {
    /// Builders of these projections; of two of the same type the first one takes the lines.
    #[must_use]
    pub fn new(projections: impl IntoIterator<Item = Projection>) -> Self {
        let mut tables = Self {
            tables: Vec::new(),
            projections: projections.into_iter().collect(),
            structure: Structure::default(),
            scratch: String::new(),
        };
        tables.start();
        tables
    }

    fn start(&mut self) {
        let table = |projection: &Projection| {
            let name = r4().get(projection.resource()).name;
            (name, ProjectedTable::new(projection))
        };
        self.tables = self.projections.iter().map(table).collect();
    }

    /// Reads one line, and gives the position of the projection that took it: `None` when its type is not wanted,
    /// of which no more is looked at than it takes to know.
    ///
    /// # Errors
    /// When the line is no resource, as far as it was looked at; no table then has a row of it.
    pub fn read(&mut self, line: &[u8]) -> Result<Option<usize>, LineError> {
        let text = std::str::from_utf8(line).map_err(|error| LineError::NotUtf8 {
            at: error.valid_up_to(),
        })?;
        let first = first_resource_type(text);
        if first.is_none() {
            self.structure.read(line);
        }
        let name = match first {
            Some(name) => name,
            None => resource_type_among(text, &self.structure, &mut self.scratch)?
                .ok_or(LineError::NotAResource)?,
        };
        let mut tables = self.tables.iter_mut().enumerate();
        let Some((position, (_, table))) = tables.find(|(_, (known, _))| *known == name) else {
            return Ok(None);
        };
        if first.is_some() {
            self.structure.read(line);
        }
        table.append_known(text, &self.structure)?;
        Ok(Some(position))
    }

    /// The type of each projection, by position.
    pub fn types(&self) -> impl Iterator<Item = TypeId> {
        self.projections.iter().map(Projection::resource)
    }

    /// The rows so far of the table that has most of them, refused ones included.
    #[must_use]
    pub fn rows_max(&self) -> usize {
        let rows = self.tables.iter().map(|(_, table)| table.rows());
        rows.max().unwrap_or(0)
    }

    /// The record batches, one for each projection, in their order; begins new ones.
    pub fn finish(&mut self) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> + use<> {
        let tables = std::mem::take(&mut self.tables);
        self.start();
        tables.into_iter().map(|(_, table)| table.finish())
    }
}

#[cfg(test)]
mod tests;
