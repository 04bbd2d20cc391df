//! The rows that make a view: one query per table of the catalogue.
//!
//! Columns and statistics, of which there are tens of thousands, come as one JSON text per table and file:
//! rows cost much more than their fields.

use std::collections::HashMap;

use sqlx::AnyConnection;

use super::super::columns::ColumnRow;
use super::super::sql::{self, Dialect, Fields};
use super::super::{ColumnStats, DataFile, DeleteFile};
use super::visible::visible;

pub(super) struct TableRow {
    pub(super) id: i64,
    pub(super) schema: String,
    pub(super) name: String,
    /// Folder of the table, relative to the data path; absolute if it lies elsewhere.
    pub(super) folder: String,
}

pub(super) struct FileRow {
    pub(super) file: DataFile,
    pub(super) relative: bool,
    /// Why Salus cannot read it.
    pub(super) obstacle: Option<&'static str>,
}

pub(super) struct DeleteRow {
    pub(super) delete: DeleteFile,
    pub(super) relative: bool,
    pub(super) obstacle: Option<&'static str>,
}

pub(super) async fn read_tables(
    tx: &mut AnyConnection,
    snapshot: i64,
    data_path: &str,
) -> Result<Vec<TableRow>, sqlx::Error> {
    let text = concat!(
        "SELECT t.table_id, s.schema_name, t.table_name, s.path, CAST(s.path_is_relative AS INTEGER), ",
        "t.path, CAST(t.path_is_relative AS INTEGER) ",
        "FROM ducklake_table t JOIN ducklake_schema s ON s.schema_id = t.schema_id WHERE ",
        visible!("t"),
        " AND ",
        visible!("s"),
        " ORDER BY s.schema_name, t.table_name"
    );
    let mut tables = Vec::new();
    for row in sql::fetch(tx, text, vec![snapshot.into()]).await? {
        let mut fields = Fields::of(&row);
        let (id, schema, name) = (fields.take()?, fields.take()?, fields.take()?);
        // The schema's path is relative to the data path, the table's to the schema's.
        let schema_path: String = fields.take()?;
        let schema_folder = place("", fields.flag()?, schema_path);
        let table_path: String = fields.take()?;
        let folder = place(&schema_folder, fields.flag()?, table_path);
        tables.push(TableRow {
            id,
            schema,
            name,
            folder: relative_to(data_path, folder),
        });
    }
    Ok(tables)
}

/// A row of `ducklake_column` as JSON: order, id, parent, name, type.
type ColumnTuple = (i64, i64, Option<i64>, String, String);

pub(super) async fn read_columns(
    tx: &mut AnyConnection,
    dialect: Dialect,
    snapshot: i64,
) -> Result<HashMap<i64, Vec<ColumnRow>>, sqlx::Error> {
    let fields = "c.column_order, c.column_id, c.parent_column, c.column_name, c.column_type";
    let text = format!(
        "SELECT c.table_id, {} FROM ducklake_column c WHERE {} GROUP BY c.table_id",
        dialect.json_rows(fields),
        visible!("c")
    );
    let mut columns = HashMap::new();
    for row in sql::fetch(tx, text, vec![snapshot.into()]).await? {
        let mut fields = Fields::of(&row);
        let table = fields.take()?;
        let mut rows: Vec<ColumnTuple> = fields.json()?;
        rows.sort_by_key(|(order, ..)| *order);
        let rows = rows.into_iter().map(|(_, id, parent, name, ty)| ColumnRow {
            id,
            parent,
            name,
            ty,
        });
        columns.insert(table, rows.collect());
    }
    Ok(columns)
}

pub(super) async fn read_column_id_max(
    tx: &mut AnyConnection,
) -> Result<HashMap<i64, i64>, sqlx::Error> {
    let text = "SELECT table_id, MAX(column_id) FROM ducklake_column GROUP BY table_id";
    let mut highest = HashMap::new();
    for row in sql::fetch(tx, text, Vec::new()).await? {
        let mut fields = Fields::of(&row);
        highest.insert(fields.take()?, fields.take()?);
    }
    Ok(highest)
}

pub(super) async fn read_files(
    tx: &mut AnyConnection,
    snapshot: i64,
) -> Result<HashMap<i64, Vec<FileRow>>, sqlx::Error> {
    let text = concat!(
        "SELECT f.table_id, f.data_file_id, f.path, f.record_count, f.file_size_bytes, f.footer_size, ",
        "f.row_id_start, f.begin_snapshot, CAST(f.path_is_relative AS INTEGER), f.file_format, ",
        "f.encryption_key, f.mapping_id, f.partial_max FROM ducklake_data_file f WHERE ",
        visible!("f"),
        " ORDER BY f.table_id, f.data_file_id"
    );
    let mut files: HashMap<i64, Vec<FileRow>> = HashMap::new();
    for row in sql::fetch(tx, text, vec![snapshot.into()]).await? {
        let mut fields = Fields::of(&row);
        let table = fields.take()?;
        let file = DataFile {
            id: fields.take()?,
            path: fields.take()?,
            record_count: fields.take()?,
            size_bytes: fields.take()?,
            footer_bytes: fields.take::<Option<i64>>()?.unwrap_or(0),
            row_id_start: fields.take()?,
            begin_snapshot: fields.take()?,
            deletes: None,
            stats: Vec::new(),
            digest: None,
        };
        let relative = fields.flag()?;
        let format: Option<String> = fields.take()?;
        let key: Option<String> = fields.take()?;
        let mapping: Option<i64> = fields.take()?;
        let partial_max: Option<i64> = fields.take()?;
        let obstacle = if mapping.is_some() {
            Some("has columns by name, not by field id")
        } else {
            obstacle(format.as_deref(), key.is_some(), partial_max, snapshot)
        };
        files.entry(table).or_default().push(FileRow {
            file,
            relative,
            obstacle,
        });
    }
    Ok(files)
}

pub(super) async fn read_deletes(
    tx: &mut AnyConnection,
    snapshot: i64,
) -> Result<HashMap<i64, Vec<DeleteRow>>, sqlx::Error> {
    let text = concat!(
        "SELECT d.data_file_id, d.delete_file_id, d.path, d.delete_count, d.file_size_bytes, ",
        "d.footer_size, d.begin_snapshot, CAST(d.path_is_relative AS INTEGER), d.format, ",
        "d.encryption_key, d.partial_max FROM ducklake_delete_file d WHERE ",
        visible!("d"),
        " ORDER BY d.data_file_id, d.begin_snapshot"
    );
    let mut deletes: HashMap<i64, Vec<DeleteRow>> = HashMap::new();
    for row in sql::fetch(tx, text, vec![snapshot.into()]).await? {
        let mut fields = Fields::of(&row);
        let target = fields.take()?;
        let delete = DeleteFile {
            id: fields.take()?,
            path: fields.take()?,
            count: fields.take()?,
            size_bytes: fields.take()?,
            footer_bytes: fields.take::<Option<i64>>()?.unwrap_or(0),
            begin_snapshot: fields.take()?,
            digest: None,
        };
        let relative = fields.flag()?;
        let format: Option<String> = fields.take()?;
        let key: Option<String> = fields.take()?;
        let obstacle = obstacle(format.as_deref(), key.is_some(), fields.take()?, snapshot);
        deletes.entry(target).or_default().push(DeleteRow {
            delete,
            relative,
            obstacle,
        });
    }
    Ok(deletes)
}

/// Why a file cannot be read at a snapshot, as the end of "its file …".
fn obstacle(
    format: Option<&str>,
    encrypted: bool,
    partial_max: Option<i64>,
    snapshot: i64,
) -> Option<&'static str> {
    if encrypted {
        Some("is encrypted")
    } else if format.is_some_and(|format| format != "parquet") {
        Some("is not a Parquet file")
    } else if partial_max.is_some_and(|last| last > snapshot) {
        // DuckDB folds the files of several snapshots into one that shows which rows are younger.
        Some("was merged by DuckDB with those of later snapshots")
    } else {
        None
    }
}

/// A row of `ducklake_file_column_stats` as JSON, in the order of the columns.
type StatsTuple = (
    i64,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<i64>,
);

pub(super) async fn read_stats(
    tx: &mut AnyConnection,
    dialect: Dialect,
    snapshot: i64,
) -> Result<HashMap<i64, Vec<ColumnStats>>, sqlx::Error> {
    let fields = "s.column_id, s.column_size_bytes, s.value_count, s.null_count, \
                  s.min_value, s.max_value, CAST(s.contains_nan AS INTEGER)";
    let text = format!(
        "SELECT s.data_file_id, {} FROM ducklake_file_column_stats s \
         JOIN ducklake_data_file f ON f.data_file_id = s.data_file_id WHERE {} \
         GROUP BY s.data_file_id",
        dialect.json_rows(fields),
        visible!("f")
    );
    let mut stats = HashMap::new();
    for row in sql::fetch(tx, text, vec![snapshot.into()]).await? {
        let mut fields = Fields::of(&row);
        let file = fields.take()?;
        let rows: Vec<StatsTuple> = fields.json()?;
        let mut rows: Vec<ColumnStats> = rows.into_iter().map(column_stats).collect();
        rows.sort_by_key(|row| row.column_id);
        stats.insert(file, rows);
    }
    Ok(stats)
}

fn column_stats(
    (column_id, size_bytes, value_count, null_count, min, max, contains_nan): StatsTuple,
) -> ColumnStats {
    ColumnStats {
        column_id,
        size_bytes: size_bytes.unwrap_or(0),
        value_count: value_count.unwrap_or(0),
        null_count: null_count.unwrap_or(0),
        min,
        max,
        contains_nan: contains_nan.map(|flag| flag == 1),
    }
}
/// The path of a file relative to the data path.
pub(super) fn place(folder: &str, relative: bool, path: String) -> String {
    if relative {
        format!("{folder}{path}")
    } else {
        path
    }
}

/// Makes `path` relative to `data_path` where it lies under it.
fn relative_to(data_path: &str, path: String) -> String {
    match path.strip_prefix(data_path) {
        Some(rest) => rest.to_owned(),
        None => path,
    }
}
