//! Compaction: many small data files become few large ones, in the order of the layout; deleted rows go.
//!
//! A compaction is a commit like any other: readers see the files before it or after it. The old files stay for
//! the snapshots that need them, until those are forgotten.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use object_store::ObjectStore;
use salus_base::Cancel;
use salus_columns::FIELD_ID_KEY;

use crate::catalog::{
    At, CatalogView, Column, Commit, DataFile, NewFile, OnRace, TableCommit, TableView,
};
use crate::error::LakeError;
use crate::ingest::commit::known_files;
use crate::lake::Lake;
use crate::rows::{self, FileRef};
use crate::scan::reshape::reshape;
use crate::table_files::{TableName, store_data};

/// How a compaction goes about.
#[derive(Debug, Clone, Copy)]
pub struct CompactOptions {
    /// Rows in one data file, at most.
    pub file_rows_max: i64,
    /// Bytes of the files that become one file, at most.
    pub file_bytes_max: i64,
}

impl Default for CompactOptions {
    fn default() -> Self {
        Self {
            file_rows_max: 1 << 20,
            file_bytes_max: 128 << 20,
        }
    }
}

/// What a compaction did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Compacted {
    /// Tables that changed.
    pub tables: u64,
    /// Data files before, in those tables.
    pub files_before: u64,
    /// Data files that took their place.
    pub files_after: u64,
    /// Deleted rows that are gone.
    pub rows_dropped: i64,
    /// The snapshot; `None` if there was nothing to do.
    pub snapshot: Option<i64>,
}

/// Compacts every table where it is worth it.
///
/// # Errors
/// When files cannot be read or stored, or another process writes to the lake.
pub async fn compact(
    lake: &Lake,
    options: CompactOptions,
    time: &str,
    cancel: &Cancel,
) -> Result<Compacted, LakeError> {
    let _lock = lake.lock_for_writing()?;
    let view = lake.catalog().view(At::Latest).await?;
    let mut compacted = Compacted::default();
    let mut tables = Vec::new();
    for table in &view.tables {
        if cancel.is_cancelled() {
            return Err(LakeError::Stopped);
        }
        if let Some(change) = compact_table(lake, &view, table, options).await? {
            compacted.tables += 1;
            compacted.files_before += change.removed.len() as u64;
            compacted.files_after += change.added.len() as u64;
            let removed = table
                .files
                .iter()
                .filter(|file| change.removed.contains(&file.id));
            compacted.rows_dropped += removed.map(deleted_rows).sum::<i64>();
            tables.push(change);
        }
    }
    if tables.is_empty() {
        return Ok(compacted);
    }
    let commit = Commit {
        author: concat!("salus ", env!("CARGO_PKG_VERSION")).to_owned(),
        message: "compact".to_owned(),
        time: time.to_owned(),
        tables,
        load: None,
        on_race: OnRace::Refuse,
        compaction: true,
    };
    compacted.snapshot = Some(lake.catalog().commit(&view, commit).await?);
    Ok(compacted)
}

fn deleted_rows(file: &DataFile) -> i64 {
    file.deletes.as_ref().map_or(0, |deletes| deletes.count)
}

async fn compact_table(
    lake: &Lake,
    view: &CatalogView,
    table: &TableView,
    options: CompactOptions,
) -> Result<Option<TableCommit>, LakeError> {
    let mut change = TableCommit {
        schema: table.schema.clone(),
        name: table.name.clone(),
        columns: table.columns.clone(),
        ..TableCommit::default()
    };
    let reader = lake.reader(view);
    let known = known_files(lake, Some(table)).await?;
    let schema = stored_schema(&table.columns);
    for group in groups(table, options) {
        let mut batches = Vec::new();
        for &index in &group {
            let (Some(file), Some(known)) = (table.files.get(index), known.get(index)) else {
                continue;
            };
            batches.extend(read(&reader, known, file.record_count, &schema).await?);
            change.removed.push(file.id);
        }
        if let Some(file) = write(lake, table, &schema, &batches).await? {
            change.added.push(file);
        }
    }
    Ok((!change.removed.is_empty()).then_some(change))
}

/// Files that are worth becoming one file: small neighbours, and files with deleted rows.
fn groups(table: &TableView, options: CompactOptions) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let (mut rows, mut bytes) = (0, 0);
    for (index, file) in table.files.iter().enumerate() {
        let fits = rows + file.record_count <= options.file_rows_max
            && bytes + file.size_bytes <= options.file_bytes_max;
        match groups.last_mut().filter(|_| fits) {
            Some(group) => group.push(index),
            None => {
                (rows, bytes) = (0, 0);
                groups.push(vec![index]);
            }
        }
        rows += file.record_count;
        bytes += file.size_bytes;
    }
    groups.retain(|group| {
        group.len() > 1
            || group
                .iter()
                .filter_map(|index| table.files.get(*index))
                .any(|file| file.deletes.is_some())
    });
    groups
}

/// The live rows of a file, with all columns of the table.
async fn read(
    reader: &Arc<dyn ObjectStore>,
    file: &FileRef,
    rows: i64,
    schema: &SchemaRef,
) -> Result<Vec<RecordBatch>, LakeError> {
    let live: Vec<i64> = (0..rows)
        .filter(|position| file.deleted.binary_search(position).is_err())
        .collect();
    let batches = rows::read_positions(reader, file, &live, None).await?;
    batches.iter().map(|batch| conform(batch, schema)).collect()
}

fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, LakeError> {
    let arrays = schema
        .fields()
        .iter()
        .map(|field| match batch.column_by_name(field.name()) {
            Some(array) => reshape(array, field.data_type()),
            None => Ok(arrow::array::new_null_array(
                field.data_type(),
                batch.num_rows(),
            )),
        });
    let arrays = arrays
        .collect::<Result<Vec<_>, _>>()
        .map_err(LakeError::columns)?;
    RecordBatch::try_new(Arc::clone(schema), arrays).map_err(LakeError::columns)
}

async fn write(
    lake: &Lake,
    table: &TableView,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<Option<NewFile>, LakeError> {
    let all = concat_batches(schema, batches).map_err(LakeError::columns)?;
    if all.num_rows() == 0 {
        return Ok(None);
    }
    let sorted = sort(&all).map_err(LakeError::columns)?;
    let name = TableName {
        schema: &table.schema,
        name: &table.name,
    };
    store_data(lake.store(), name, &sorted).await.map(Some)
}

/// Puts rows in the order of the layout (docs/adr/0004), where the table has it.
fn sort(batch: &RecordBatch) -> Result<RecordBatch, arrow::error::ArrowError> {
    let columns: Vec<SortColumn> = [
        "salus_bucket",
        "salus_code",
        "salus_patient",
        "salus_source",
        "salus_offset",
    ]
    .iter()
    .filter_map(|name| batch.column_by_name(name))
    .map(|values| SortColumn {
        values: Arc::clone(values),
        options: None,
    })
    .collect();
    if columns.is_empty() {
        return Ok(batch.clone());
    }
    let order: UInt32Array = lexsort_to_indices(&columns, None)?;
    let arrays: Result<Vec<ArrayRef>, _> = batch
        .columns()
        .iter()
        .map(|column| take(column.as_ref() as &dyn Array, &order, None))
        .collect();
    RecordBatch::try_new(batch.schema(), arrays?)
}

/// The Arrow schema of a table as its files have it, column ids included.
fn stored_schema(columns: &[Column]) -> SchemaRef {
    Arc::new(Schema::new(
        columns.iter().map(stored_field).collect::<Vec<_>>(),
    ))
}

fn stored_field(column: &Column) -> Field {
    let plain = crate::scan::arrow_field(column);
    let data_type = match plain.data_type() {
        DataType::Struct(_) => DataType::Struct(column.children.iter().map(stored_field).collect()),
        DataType::List(_) => match column.children.first() {
            Some(element) => DataType::List(Arc::new(stored_field(element))),
            None => plain.data_type().clone(),
        },
        other => other.clone(),
    };
    let metadata = [(FIELD_ID_KEY.to_owned(), column.id.to_string())].into();
    Field::new(&column.name, data_type, true).with_metadata(metadata)
}
