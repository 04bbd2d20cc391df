//! Compaction: many small data files become few large ones, in the order of the layout; deleted rows go.
//!
//! ```text
//! files ─► plan: which are worth it ─► ranges of buckets, a file each ─► read, sort, store ─► one commit
//! ```
//!
//! A compaction is a commit like any other: readers see the files before it or after it. The old files stay for
//! the snapshots that need them, until those are forgotten.

mod plan;
mod source;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use salus_base::Cancel;
use salus_columns::FIELD_ID_KEY;

use crate::catalog::{
    At, CatalogView, Column, Commit, DataFile, NewFile, OnRace, TableCommit, TableView,
};
use crate::error::LakeError;
use crate::ingest::commit::known_files;
use crate::lake::Lake;
use crate::scan::reshape::reshape;
use crate::table_files::{TableName, store_data};
use source::Source;

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
            file_rows_max: 1 << 18,
            file_bytes_max: 32 << 20,
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
    let chosen = plan::worth_rewriting(table, options);
    if chosen.is_empty() {
        return Ok(None);
    }
    let known = known_files(lake, Some(table)).await?;
    let of_chosen = || chosen.iter().filter_map(|index| table.files.get(*index));
    let reader = lake.reader(view);
    let mut sources = Vec::new();
    for index in &chosen {
        if let (Some(file), Some(known)) = (table.files.get(*index), known.get(*index)) {
            sources.push(Source::open(&reader, known, file.record_count).await?);
        }
    }
    let mut change = TableCommit {
        schema: table.schema.clone(),
        name: table.name.clone(),
        columns: table.columns.clone(),
        removed: of_chosen().map(|file| file.id).collect(),
        ..TableCommit::default()
    };
    let schema = stored_schema(&table.columns);
    let bytes = of_chosen().map(|file| file.size_bytes).sum();
    for range in plan::ranges(&source::rows_by_bucket(&sources), bytes, options) {
        let mut batches = Vec::new();
        for source in &sources {
            for batch in source.read(&reader, &range).await? {
                batches.push(conform(&batch, &schema)?);
            }
        }
        change
            .added
            .extend(write(lake, table, &schema, &batches, options).await?);
    }
    Ok(Some(change))
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

/// Stores the rows as a file, or as several if one bucket has more rows than a file may have.
async fn write(
    lake: &Lake,
    table: &TableView,
    schema: &SchemaRef,
    batches: &[RecordBatch],
    options: CompactOptions,
) -> Result<Vec<NewFile>, LakeError> {
    let all = concat_batches(schema, batches).map_err(LakeError::columns)?;
    let sorted = sort(&all).map_err(LakeError::columns)?;
    let name = TableName {
        schema: &table.schema,
        name: &table.name,
    };
    // A range has its share of the rows and at most one bucket more.
    let rows_max = usize::try_from(options.file_rows_max.saturating_mul(2)).unwrap_or(usize::MAX);
    let mut files = Vec::new();
    let mut start = 0;
    while start < sorted.num_rows() {
        let rows = rows_max.clamp(1, sorted.num_rows() - start);
        files.push(store_data(lake.store(), name, &sorted.slice(start, rows)).await?);
        start += rows;
    }
    Ok(files)
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
