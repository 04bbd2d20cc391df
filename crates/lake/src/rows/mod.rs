//! Rows of data files read for the lake's own use: which resources a file holds, and single resources as JSON.

mod file_reader;

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;
use futures::TryStreamExt;
use object_store::ObjectStore;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, RowSelection, RowSelector};
use parquet::arrow::async_reader::ParquetRecordBatchStreamBuilder;
use parquet::file::metadata::PageIndexPolicy;
use salus_fhir::date;
use salus_fhir::schema::TypeId;
use twox_hash::XxHash3_128;

use crate::error::LakeError;
use crate::ingest::Version;
use salus_columns::{Form, ResourceWriter};

use file_reader::FileReader;

/// Rows decoded at a time.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// A data file that can be read.
#[derive(Debug, Clone)]
pub struct FileRef {
    /// Path relative to the data path.
    pub path: String,
    /// Length, bytes.
    pub size_bytes: i64,
    /// Positions of deleted rows, ascending.
    pub deleted: Vec<i64>,
}

/// What tells one resource from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowKey {
    /// xxh3-128 of the id.
    pub id_hash: u128,
    /// xxh3-64 of the resource as it came.
    pub digest: i64,
    /// Its version.
    pub version: Version,
    /// Its row in the file, deleted rows counted.
    pub position: i64,
}

/// The hash of a resource's id.
#[must_use]
pub fn id_hash(id: &str) -> u128 {
    XxHash3_128::oneshot(id.as_bytes())
}

type Builder = ParquetRecordBatchStreamBuilder<FileReader>;

/// Opens a data file.
///
/// # Errors
/// When it cannot be read, or its bytes are not those that were committed.
pub async fn open(
    store: &Arc<dyn ObjectStore>,
    path: &str,
    size_bytes: i64,
) -> Result<Builder, LakeError> {
    let size = u64::try_from(size_bytes).unwrap_or(0);
    let reader = FileReader::new(Arc::clone(store), path, size);
    ParquetRecordBatchStreamBuilder::new(reader)
        .await
        .map_err(LakeError::parquet)
}

/// Opens a data file of which only some rows are read: it knows where each page is, so that others are not fetched.
async fn open_for_some(store: &Arc<dyn ObjectStore>, file: &FileRef) -> Result<Builder, LakeError> {
    let size = u64::try_from(file.size_bytes).unwrap_or(0);
    let reader = FileReader::new(Arc::clone(store), &file.path, size);
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    ParquetRecordBatchStreamBuilder::new_with_options(reader, options)
        .await
        .map_err(LakeError::parquet)
}

/// Calls `each` for every live row's key.
///
/// # Errors
/// When the file cannot be read, or its bytes are not those that were committed.
pub async fn for_each_key(
    store: &Arc<dyn ObjectStore>,
    file: &FileRef,
    mut each: impl FnMut(RowKey),
) -> Result<(), LakeError> {
    let builder = open(store, &file.path, file.size_bytes).await?;
    let mask = ProjectionMask::columns(
        builder.parquet_schema(),
        ["id", "salus_digest", "meta.versionId", "meta.lastUpdated"],
    );
    let mut batches = builder
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(LakeError::parquet)?;
    let mut deleted = file.deleted.iter().copied().peekable();
    let mut position = 0;
    while let Some(batch) = batches.try_next().await.map_err(LakeError::parquet)? {
        let keys = Keys::of(&batch);
        for row in 0..batch.num_rows() {
            while deleted.next_if(|&gone| gone < position).is_some() {}
            if deleted.peek() != Some(&position)
                && let Some(key) = keys.get(row, position)
            {
                each(key);
            }
            position += 1;
        }
    }
    Ok(())
}

/// The key columns of a batch.
struct Keys<'b> {
    id: Option<&'b StringArray>,
    digest: Option<&'b Int64Array>,
    version: Option<&'b StringArray>,
    updated: Option<&'b StringArray>,
}

impl<'b> Keys<'b> {
    fn of(batch: &'b RecordBatch) -> Self {
        let meta = batch
            .column_by_name("meta")
            .and_then(|meta| meta.as_struct_opt());
        let of_meta = |name| meta.and_then(|meta| meta.column_by_name(name)?.as_string_opt());
        Self {
            id: batch.column_by_name("id").and_then(|id| id.as_string_opt()),
            digest: batch
                .column_by_name("salus_digest")
                .and_then(|digest| digest.as_primitive_opt::<Int64Type>()),
            version: of_meta("versionId"),
            updated: of_meta("lastUpdated"),
        }
    }

    fn get(&self, row: usize, position: i64) -> Option<RowKey> {
        let text = |array: Option<&'b StringArray>| {
            array
                .filter(|array| array.is_valid(row))
                .map(|array| array.value(row))
        };
        Some(RowKey {
            id_hash: id_hash(text(self.id)?),
            digest: self.digest?.value(row),
            version: Version {
                number: text(self.version).and_then(|version| version.parse().ok()),
                updated_us: text(self.updated)
                    .and_then(date::parse)
                    .map(|updated| updated.earliest()),
            },
            position,
        })
    }
}

/// The rows of a data file at `positions` (ascending), in batches, deleted ones too; all columns, or some.
///
/// # Errors
/// When the file cannot be read, or its bytes are not those that were committed.
pub async fn read_positions(
    store: &Arc<dyn ObjectStore>,
    file: &FileRef,
    positions: &[i64],
    columns: Option<&[&str]>,
) -> Result<Vec<RecordBatch>, LakeError> {
    let builder = open_for_some(store, file).await?;
    let mask = match columns {
        Some(columns) => ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied()),
        None => ProjectionMask::all(),
    };
    let selection = selection(positions);
    let batches = builder
        .with_projection(mask)
        .with_row_selection(selection)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(LakeError::parquet)?;
    batches.try_collect().await.map_err(LakeError::parquet)
}

/// Selects single rows.
fn selection(positions: &[i64]) -> RowSelection {
    let mut selectors = Vec::new();
    let mut next = 0;
    for &position in positions {
        let position = usize::try_from(position).unwrap_or(0);
        if position > next {
            selectors.push(RowSelector::skip(position - next));
        }
        selectors.push(RowSelector::select(1));
        next = position + 1;
    }
    selectors.into()
}

/// Writes every row of `batch` as JSON.
///
/// # Errors
/// When a row cannot be written back.
pub fn to_json(
    resource: TypeId,
    batch: &RecordBatch,
    form: Form,
) -> Result<Vec<String>, LakeError> {
    let writer = ResourceWriter::new(resource, batch, form).map_err(LakeError::write_back)?;
    (0..batch.num_rows())
        .map(|row| {
            let mut json = String::new();
            writer
                .write(row, &mut json)
                .map_err(LakeError::write_back)?;
            Ok(json)
        })
        .collect()
}
