//! The files of a table, encoded and stored durably: data files, and delete files that name rows of them.
//!
//! A file stored here is not part of the lake until a commit names it.

use arrow::array::RecordBatch;
use uuid::Uuid;

use crate::catalog::{NewDelete, NewFile, Target, deletes};
use crate::error::LakeError;
use crate::ingest::parquet_file::encode;
use crate::lake::Lake;
use crate::store::Store;

/// A table by schema and name.
#[derive(Debug, Clone, Copy)]
pub struct TableName<'n> {
    /// Its schema.
    pub schema: &'n str,
    /// Its name.
    pub name: &'n str,
}

/// Deleted rows of one data file.
#[derive(Debug, Clone, Copy)]
pub struct DeletedRows<'r> {
    /// The data file, as the commit knows it.
    pub target: Target,
    /// The data file's path below the lake's data path.
    pub data_path: &'r str,
    /// All its deleted rows, counted from 0, in order.
    pub positions: &'r [i64],
}

/// Stores `rows` as a new data file of the table.
///
/// # Errors
/// When the rows cannot be encoded, or the file cannot be stored.
pub async fn store_data(
    store: &Store,
    table: TableName<'_>,
    rows: &RecordBatch,
) -> Result<NewFile, LakeError> {
    let file = encode(rows.schema_ref(), std::slice::from_ref(rows)).map_err(LakeError::parquet)?;
    let path = format!("{}/{}/{}.parquet", table.schema, table.name, Uuid::now_v7());
    let size_bytes = length(file.bytes.len());
    let digest = store.put_durable(&path, file.bytes).await?;
    Ok(NewFile {
        path,
        record_count: file.rows,
        size_bytes,
        footer_bytes: file.footer_bytes,
        stats: file.stats,
        digest,
    })
}

/// Stores a delete file of the table.
///
/// # Errors
/// When the positions cannot be encoded, or the file cannot be stored.
pub async fn store_deletes(
    lake: &Lake,
    table: TableName<'_>,
    rows: DeletedRows<'_>,
) -> Result<NewDelete, LakeError> {
    let data_file = format!("{}{}", lake.location().data.data_path(), rows.data_path);
    let bytes = deletes::write(&data_file, rows.positions).map_err(LakeError::parquet)?;
    let path = format!(
        "{}/{}/{}-delete.parquet",
        table.schema,
        table.name,
        Uuid::now_v7()
    );
    let size_bytes = length(bytes.len());
    let footer_bytes = deletes::footer_bytes(&bytes).unwrap_or(0);
    let digest = lake.store().put_durable(&path, bytes).await?;
    Ok(NewDelete {
        target: rows.target,
        path,
        count: length(rows.positions.len()),
        size_bytes,
        footer_bytes,
        digest,
    })
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
