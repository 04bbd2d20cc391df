//! The rows that a commit writes.

use std::collections::HashMap;

use sqlx::AnyConnection;
use uuid::Uuid;

use super::super::columns::Flat;
use super::super::sql::{self, Fields, Value};
use super::super::view::Head;
use super::super::{Catalog, CatalogError, Commit, NewDelete, NewFile, Target, books, tables};
use super::changes::Changes;
use super::plan::Plan;
use super::stats::{self, TableStats};

/// Writes one snapshot.
pub(super) struct Writer<'a> {
    catalog: &'a Catalog,
    commit: &'a Commit,
    mark: &'a str,
    time: &'a str,
    snapshot: i64,
    schema_version: i64,
    next_catalog_id: i64,
    next_file_id: i64,
    changes: Changes,
    rows: Rows,
}

/// The rows of tables that many tables of a lake share, gathered to be inserted at once.
#[derive(Default)]
struct Rows {
    schemas: Vec<Vec<Value>>,
    tables: Vec<Vec<Value>>,
    columns: Vec<Vec<Value>>,
    schema_versions: Vec<Vec<Value>>,
    data_files: Vec<Vec<Value>>,
    file_stats: Vec<Vec<Value>>,
    delete_files: Vec<Vec<Value>>,
    digests: Vec<Vec<Value>>,
}

/// A schema as the catalogue has it now.
struct Schema {
    id: i64,
    folder: String,
}

/// A table while its rows are written.
struct Place {
    id: i64,
    folder: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        head: &'a Head,
        commit: &'a Commit,
        mark: &'a str,
    ) -> Writer<'a> {
        Writer {
            catalog,
            commit,
            mark,
            time: &head.time,
            snapshot: head.snapshot + 1,
            schema_version: head.schema_version,
            next_catalog_id: head.next_catalog_id,
            next_file_id: head.next_file_id,
            changes: Changes::default(),
            rows: Rows::default(),
        }
    }

    /// Writes everything and gives the snapshot's number; the caller ends the transaction.
    pub(super) async fn write(
        mut self,
        tx: &mut AnyConnection,
        plans: &[Plan<'_>],
    ) -> Result<i64, CatalogError> {
        let failed = |source| self.catalog.failed("writing a snapshot", source);
        if plans.iter().any(Plan::changes_columns) {
            self.schema_version += 1;
        }
        let mut schemas = read_schemas(tx).await.map_err(failed)?;
        let table_stats = stats::read_table_stats(tx).await.map_err(failed)?;
        for plan in plans {
            let place = self.table(&mut schemas, plan);
            self.new_columns(place.id, plan);
            let before = table_stats.get(&place.id).copied();
            let first_row_id = before.unwrap_or_default().next_row_id;
            self.files(&place, plan, first_row_id);
            self.note(place.id, plan);
            self.table_stats(tx, place.id, plan, before)
                .await
                .map_err(failed)?;
            self.end_files(tx, plan).await.map_err(failed)?;
        }
        self.insert_rows(tx).await?;
        self.move_data_path(tx).await.map_err(failed)?;
        if let Some(load) = &self.commit.load {
            self.catalog
                .write_load(tx, load, Some(self.snapshot))
                .await?;
        }
        Ok(self.snapshot)
    }

    /// The table's place; makes the table, and its schema, if they are missing.
    fn table(&mut self, schemas: &mut HashMap<String, Schema>, plan: &Plan<'_>) -> Place {
        if let Some(table) = plan.current {
            return Place {
                id: table.id,
                folder: table.folder.clone(),
            };
        }
        let (schema_name, name) = (&plan.commit.schema, &plan.commit.name);
        if !schemas.contains_key(schema_name) {
            let schema = self.schema(schema_name);
            schemas.insert(schema_name.clone(), schema);
        }
        let id = self.take_catalog_id();
        let (schema_id, folder) = match schemas.get(schema_name) {
            Some(schema) => (schema.id, format!("{}{name}/", schema.folder)),
            None => (0, format!("{name}/")),
        };
        self.rows.tables.push(vec![
            id.into(),
            Uuid::now_v7().to_string().into(),
            self.snapshot.into(),
            Value::Int(None),
            schema_id.into(),
            name.as_str().into(),
            format!("{name}/").into(),
            true.into(),
        ]);
        self.changes
            .created_tables
            .push((schema_name.clone(), name.clone()));
        Place { id, folder }
    }

    fn schema(&mut self, name: &str) -> Schema {
        let id = self.take_catalog_id();
        let folder = format!("{name}/");
        self.rows.schemas.push(vec![
            id.into(),
            Uuid::now_v7().to_string().into(),
            self.snapshot.into(),
            Value::Int(None),
            name.into(),
            folder.as_str().into(),
            true.into(),
        ]);
        self.changes.created_schemas.push(name.to_owned());
        Schema { id, folder }
    }

    fn new_columns(&mut self, table: i64, plan: &Plan<'_>) {
        for column in &plan.new_columns {
            self.rows
                .columns
                .push(column_row(table, self.snapshot, column));
        }
        if plan.changes_columns() {
            self.rows.schema_versions.push(vec![
                self.snapshot.into(),
                self.schema_version.into(),
                table.into(),
            ]);
        }
    }

    fn files(&mut self, place: &Place, plan: &Plan<'_>, first: i64) {
        let mut ids = Vec::with_capacity(plan.commit.added.len());
        let mut row_id = first;
        for file in &plan.commit.added {
            let id = self.take_file_id();
            ids.push(id);
            self.data_file(place, id, row_id, file);
            row_id += file.record_count;
        }
        for delete in &plan.commit.deletes {
            let target = match delete.target {
                Target::Existing(id) => id,
                // The plan has checked that the index is there.
                Target::Added(index) => ids.get(index).copied().unwrap_or(-1),
            };
            let id = self.take_file_id();
            self.delete_file(place, id, target, delete);
        }
    }

    fn data_file(&mut self, place: &Place, id: i64, row_id_start: i64, file: &NewFile) {
        let (path, relative) = self.path_in(place, &file.path);
        self.rows.data_files.push(vec![
            id.into(),
            place.id.into(),
            self.snapshot.into(),
            Value::Int(None),
            Value::Int(None),
            path.into(),
            relative.into(),
            "parquet".into(),
            file.record_count.into(),
            file.size_bytes.into(),
            file.footer_bytes.into(),
            row_id_start.into(),
            Value::Int(None),
            Value::Text(None),
            Value::Int(None),
            Value::Int(None),
        ]);
        self.rows.file_stats.extend(file.stats.iter().map(|stats| {
            vec![
                id.into(),
                place.id.into(),
                stats.column_id.into(),
                stats.size_bytes.into(),
                stats.value_count.into(),
                stats.null_count.into(),
                stats.min.clone().into(),
                stats.max.clone().into(),
                stats.contains_nan.into(),
                Value::Text(None),
            ]
        }));
        self.rows
            .digests
            .push(books::digest_row(&file.path, &file.digest));
    }

    fn delete_file(&mut self, place: &Place, id: i64, target: i64, delete: &NewDelete) {
        let (path, relative) = self.path_in(place, &delete.path);
        self.rows.delete_files.push(vec![
            id.into(),
            place.id.into(),
            self.snapshot.into(),
            Value::Int(None),
            target.into(),
            path.into(),
            relative.into(),
            "parquet".into(),
            delete.count.into(),
            delete.size_bytes.into(),
            delete.footer_bytes.into(),
            Value::Text(None),
            Value::Int(None),
        ]);
        self.rows
            .digests
            .push(books::digest_row(&delete.path, &delete.digest));
    }

    /// A file's path as the catalogue has it: relative to its table's folder, else absolute.
    fn path_in(&self, place: &Place, path: &str) -> (String, bool) {
        match path.strip_prefix(&place.folder) {
            Some(rest) => (rest.to_owned(), true),
            None => (format!("{}{path}", self.catalog.data_path()), false),
        }
    }

    /// Notes the changes of one table for the history.
    fn note(&mut self, table: i64, plan: &Plan<'_>) {
        if plan.current.is_some() && !plan.new_columns.is_empty() {
            self.changes.altered.push(table);
        }
        if self.commit.compaction {
            let words = if plan.ended_deletes.is_empty() {
                &mut self.changes.merged
            } else {
                &mut self.changes.rewritten
            };
            words.push(table);
            return;
        }
        if !plan.commit.added.is_empty() {
            self.changes.inserted_into.push(table);
        }
        if !(plan.commit.deletes.is_empty() && plan.commit.removed.is_empty()) {
            self.changes.deleted_from.push(table);
        }
    }

    async fn table_stats(
        &self,
        tx: &mut AnyConnection,
        table: i64,
        plan: &Plan<'_>,
        before: Option<TableStats>,
    ) -> Result<(), sqlx::Error> {
        let added = &plan.commit.added;
        if added.is_empty() && plan.removed.is_empty() {
            return Ok(());
        }
        let old = before.unwrap_or_default();
        let rows_added: i64 = added.iter().map(|file| file.record_count).sum();
        let rows_removed: i64 = plan.removed.iter().map(|file| file.record_count).sum();
        let bytes_added: i64 = added.iter().map(|file| file.size_bytes).sum();
        let bytes_removed: i64 = plan.removed.iter().map(|file| file.size_bytes).sum();
        let values = vec![
            (old.record_count + rows_added - rows_removed).into(),
            (old.next_row_id + rows_added).into(),
            (old.size_bytes + bytes_added - bytes_removed).into(),
            table.into(),
        ];
        let text = if before.is_some() {
            "UPDATE ducklake_table_stats SET record_count = $1, next_row_id = $2, \
             file_size_bytes = $3 WHERE table_id = $4"
        } else {
            "INSERT INTO ducklake_table_stats (record_count, next_row_id, file_size_bytes, table_id) \
             VALUES ($1, $2, $3, $4)"
        };
        sql::execute(tx, text, values).await?;
        if added.is_empty() {
            return Ok(());
        }
        self.column_stats(tx, table, plan).await
    }

    async fn column_stats(
        &self,
        tx: &mut AnyConnection,
        table: i64,
        plan: &Plan<'_>,
    ) -> Result<(), sqlx::Error> {
        let new_columns: Vec<i64> = plan.new_columns.iter().map(|column| column.id).collect();
        let before = stats::Before {
            stats: stats::read_column_stats(tx, table).await?,
            has_files: plan.current.is_some_and(|table| !table.files.is_empty()),
            new_columns: &new_columns,
        };
        let merged = stats::merge(before, &plan.commit.columns, &plan.commit.added);
        let text = "DELETE FROM ducklake_table_column_stats WHERE table_id = $1";
        sql::execute(tx, text, vec![table.into()]).await?;
        let rows = merged
            .into_iter()
            .map(|(column, stats)| stats.row(table, column));
        let to = &tables::TABLE_COLUMN_STATS;
        sql::insert(
            tx,
            self.catalog.dialect(),
            to.name,
            to.columns,
            rows.collect(),
        )
        .await
    }

    /// Ends the files that the commit replaces or removes.
    async fn end_files(&self, tx: &mut AnyConnection, plan: &Plan<'_>) -> Result<(), sqlx::Error> {
        for file in &plan.removed {
            let text = "UPDATE ducklake_data_file SET end_snapshot = $1 WHERE data_file_id = $2";
            sql::execute(tx, text, vec![self.snapshot.into(), file.id.into()]).await?;
        }
        for delete in &plan.ended_deletes {
            let text =
                "UPDATE ducklake_delete_file SET end_snapshot = $1 WHERE delete_file_id = $2";
            sql::execute(tx, text, vec![self.snapshot.into(), (*delete).into()]).await?;
        }
        Ok(())
    }

    async fn insert_rows(&mut self, tx: &mut AnyConnection) -> Result<(), CatalogError> {
        let rows = std::mem::take(&mut self.rows);
        let snapshot = vec![vec![
            self.snapshot.into(),
            self.time.into(),
            self.schema_version.into(),
            self.next_catalog_id.into(),
            self.next_file_id.into(),
        ]];
        let load = self.commit.load.as_ref().map(|load| load.load);
        let changes = vec![vec![
            self.snapshot.into(),
            self.changes.text().into(),
            self.commit.author.as_str().into(),
            self.commit.message.as_str().into(),
            books::extra_info(load, self.mark).into(),
        ]];
        for (table, rows) in [
            (&tables::SNAPSHOT, snapshot),
            (&tables::SNAPSHOT_CHANGES, changes),
            (&tables::SCHEMA, rows.schemas),
            (&tables::TABLE, rows.tables),
            (&tables::COLUMN, rows.columns),
            (&tables::SCHEMA_VERSIONS, rows.schema_versions),
            (&tables::DATA_FILE, rows.data_files),
            (&tables::FILE_COLUMN_STATS, rows.file_stats),
            (&tables::DELETE_FILE, rows.delete_files),
            (&tables::FILE_DIGEST, rows.digests),
        ] {
            self.catalog.insert(tx, table, rows).await?;
        }
        Ok(())
    }

    /// Writes down where the data files are now, if the lake was moved since.
    async fn move_data_path(&self, tx: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let text = r#"UPDATE ducklake_metadata SET "value" = $1
                      WHERE "key" = 'data_path' AND scope IS NULL AND "value" <> $1"#;
        sql::execute(tx, text, vec![self.catalog.data_path().into()]).await?;
        Ok(())
    }

    fn take_catalog_id(&mut self) -> i64 {
        let id = self.next_catalog_id;
        self.next_catalog_id += 1;
        id
    }

    fn take_file_id(&mut self) -> i64 {
        let id = self.next_file_id;
        self.next_file_id += 1;
        id
    }
}

fn column_row(table: i64, snapshot: i64, column: &Flat<'_>) -> Vec<Value> {
    let default_type = if column.ty.is_nested() { "" } else { "literal" };
    vec![
        column.id.into(),
        snapshot.into(),
        Value::Int(None),
        table.into(),
        column.id.into(),
        column.name.into(),
        column.ty.ducklake_name().into(),
        Value::Text(None),
        "NULL".into(),
        true.into(),
        column.parent.into(),
        default_type.into(),
        "duckdb".into(),
    ]
}

/// The schemas that exist now, by name.
async fn read_schemas(tx: &mut AnyConnection) -> Result<HashMap<String, Schema>, sqlx::Error> {
    let text =
        "SELECT schema_name, schema_id, path FROM ducklake_schema WHERE end_snapshot IS NULL";
    let mut schemas = HashMap::new();
    for row in sql::fetch(tx, text, Vec::new()).await? {
        let mut fields = Fields::of(&row);
        let name = fields.take()?;
        let schema = Schema {
            id: fields.take()?,
            folder: fields.take()?,
        };
        schemas.insert(name, schema);
    }
    Ok(schemas)
}
