//! Rows of one resource type, built into one record batch.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use salus_fhir::schema::TypeId;

use crate::cursor::{Cursor, JsonError, JsonFault};
use crate::ids::{ColumnIds, FieldIds};
use crate::node::Reading;
use crate::object::Object;
use crate::rest::{Rest, Trail};
use crate::wanted::Reach;

/// How much JSON one batch may hold: text offsets are 32 bits, and a flush must fit in memory.
pub const BATCH_BYTES_MAX: usize = 1 << 30;

/// Bit of `salus_flags`: the resource came without an id and the load gave it one.
pub const FLAG_ID_ASSIGNED: i32 = 1;
/// Bit of `salus_flags`: references were rewritten from `urn:…` to `Type/id`.
pub const FLAG_REWRITTEN: i32 = 2;

/// What the lake keeps of a row beside its elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowMeta {
    /// The id of the patient whom the row is about.
    pub patient: Option<String>,
    /// The first code of the main coded element.
    pub code: Option<String>,
    /// The main clinical date, microseconds since 1970 UTC.
    pub date_us: Option<i64>,
    /// Bucket of the patient.
    pub bucket: i32,
    /// The load that brought it.
    pub load: i64,
    /// The source file, by its number in `salus_source`.
    pub source: i64,
    /// Byte offset in the decompressed source.
    pub offset: i64,
    /// xxh3-64 of the resource as it came.
    pub digest: i64,
    /// [`FLAG_ID_ASSIGNED`] and others.
    pub flags: i32,
}

/// Gives the new text of a reference that is to be rewritten.
pub type Rewrite<'r> = &'r dyn Fn(&str) -> Option<String>;

/// Builds one record batch.
#[derive(Debug)]
pub struct TableBuilder {
    root: Object,
    rows: usize,
    kept: Vec<bool>,
    meta: MetaColumns,
    rest: Rest,
    scratch: String,
    rest_elements: u64,
}

#[derive(Debug, Default)]
struct MetaColumns {
    patient: StringBuilder,
    code: StringBuilder,
    date: Vec<Option<i64>>,
    bucket: Vec<i32>,
    load: Vec<i64>,
    source: Vec<i64>,
    offset: Vec<i64>,
    digest: Vec<i64>,
    rest: StringBuilder,
    flags: Vec<i32>,
}

impl TableBuilder {
    /// A builder for resources of one type.
    #[must_use]
    pub fn new(resource: TypeId) -> Self {
        Self {
            root: Object::new(resource, Reach::Everything),
            rows: 0,
            kept: Vec::new(),
            meta: MetaColumns::default(),
            rest: Rest::default(),
            scratch: String::new(),
            rest_elements: 0,
        }
    }

    /// Reads one resource into the next row.
    ///
    /// # Errors
    /// When the text is not JSON; the row is then left out of the batch and the builder goes on.
    pub fn append(
        &mut self,
        json: &str,
        meta: &RowMeta,
        rewrite: Option<Rewrite<'_>>,
    ) -> Result<(), JsonError> {
        let row = self.rows;
        self.rows += 1;
        let mut reading = Reading {
            cursor: Cursor::new(json),
            rest: &mut self.rest,
            scratch: &mut self.scratch,
            rewrite,
            structure: None,
        };
        reading.cursor.peek();
        let mut read = self
            .root
            .read(row, &Trail::ROOT, 1, &mut reading)
            .map(|_| ());
        if read.is_ok() {
            read = reading.cursor.finish();
        }
        if read.is_ok() && self.rest.is_duplicate() {
            read = Err(JsonError {
                at: 0,
                fault: JsonFault::DuplicateKey,
            });
        }
        self.kept.push(read.is_ok());
        self.rest_elements += if read.is_ok() {
            self.rest.count() as u64
        } else {
            0
        };
        let rest = self.rest.take();
        self.meta.push(meta, rest.as_deref());
        read
    }

    /// The rows so far, refused ones included.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many elements no column could hold.
    #[must_use]
    pub fn rest_elements(&self) -> u64 {
        self.rest_elements
    }

    /// The record batch, without the refused rows. Fields carry their column ids.
    ///
    /// # Errors
    /// When Arrow refuses the arrays, which would be a bug.
    pub fn finish(self, ids: &ColumnIds) -> Result<RecordBatch, ArrowError> {
        let mut field_ids = FieldIds::new(ids);
        let (mut fields, mut arrays) = self.root.finish_members(self.rows, &mut field_ids);
        for (name, array) in self.meta.finish() {
            field_ids.enter(name);
            fields.push(field_ids.field(name, array.data_type().clone()));
            field_ids.leave();
            arrays.push(array);
        }
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
        if self.kept.iter().all(|kept| *kept) {
            return Ok(batch);
        }
        filter_record_batch(&batch, &BooleanArray::from(self.kept))
    }
}

impl MetaColumns {
    fn push(&mut self, meta: &RowMeta, rest: Option<&str>) {
        self.patient.append_option(meta.patient.as_deref());
        self.code.append_option(meta.code.as_deref());
        self.date.push(meta.date_us);
        self.bucket.push(meta.bucket);
        self.load.push(meta.load);
        self.source.push(meta.source);
        self.offset.push(meta.offset);
        self.digest.push(meta.digest);
        self.rest.append_option(rest);
        self.flags.push(meta.flags);
    }

    fn finish(mut self) -> Vec<(&'static str, ArrayRef)> {
        vec![
            ("salus_patient", Arc::new(self.patient.finish())),
            ("salus_code", Arc::new(self.code.finish())),
            (
                "salus_date",
                Arc::new(TimestampMicrosecondArray::from(self.date)),
            ),
            ("salus_bucket", Arc::new(Int32Array::from(self.bucket))),
            ("salus_load", Arc::new(Int64Array::from(self.load))),
            ("salus_source", Arc::new(Int64Array::from(self.source))),
            ("salus_offset", Arc::new(Int64Array::from(self.offset))),
            ("salus_digest", Arc::new(Int64Array::from(self.digest))),
            ("salus_rest", Arc::new(self.rest.finish())),
            ("salus_flags", Arc::new(Int32Array::from(self.flags))),
        ]
    }
}

/// The columns that every FHIR table ends in.
pub const META_COLUMNS: [&str; 10] = [
    "salus_patient",
    "salus_code",
    "salus_date",
    "salus_bucket",
    "salus_load",
    "salus_source",
    "salus_offset",
    "salus_digest",
    "salus_rest",
    "salus_flags",
];

/// Whether a field is an element of the resource, not one of the lake's own columns.
#[must_use]
pub fn is_element(field: &Field) -> bool {
    !META_COLUMNS.contains(&field.name().as_str()) && !matches!(field.data_type(), DataType::Null)
}
