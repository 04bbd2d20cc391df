//! Reading one snapshot: a fixed number of queries, however many tables there are.

mod rows;
mod visible;

use std::collections::HashMap;

use sqlx::AnyConnection;

use self::rows::{DeleteRow, FileRow, TableRow};
use self::visible::visible;
use super::columns::ColumnRow;
use super::sql::{self, Fields, quoted};
use super::{
    At, Catalog, CatalogError, CatalogView, ColumnStats, Damage, DataFile, SnapshotInfo, TableView,
    UnreadableTable, books, columns, time,
};
use crate::store::FileDigest;

/// The schemas that Salus fills: a table of them that it cannot read is an error, not an omission.
const OUR_SCHEMAS: [&str; 2] = ["fhir", "salus"];

/// How much of a view is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Tables, columns and files: enough to plan a commit.
    Files,
    /// Column statistics and digests too: for reading.
    Everything,
}

impl Catalog {
    /// Everything that one snapshot sees.
    ///
    /// # Errors
    /// [`CatalogError::NoSnapshot`] if there is none such; [`CatalogError::Unreadable`] if a table of
    /// `fhir` or `salus` holds what Salus cannot read, such as rows that DuckDB inlined.
    pub async fn view(&self, at: At) -> Result<CatalogView, CatalogError> {
        self.view_with(at, Detail::Everything).await
    }

    /// As [`Catalog::view`], with as much as is wanted.
    ///
    /// # Errors
    /// As [`Catalog::view`].
    pub async fn view_with(&self, at: At, detail: Detail) -> Result<CatalogView, CatalogError> {
        let snapshot = self.find_snapshot(&at).await?;
        let mut connection = self.connection().await?;
        let mut tx = self.begin_read(&mut connection).await?;
        self.read_view(&mut tx, snapshot, detail).await
    }

    /// All snapshots, oldest first.
    ///
    /// # Errors
    /// [`CatalogError::Sql`].
    pub async fn snapshots(&self) -> Result<Vec<SnapshotInfo>, CatalogError> {
        let mut connection = self.connection().await?;
        let read = read_snapshots(&mut connection).await;
        read.map_err(|source| self.failed("reading its snapshots", source))
    }

    async fn find_snapshot(&self, at: &At) -> Result<Option<i64>, CatalogError> {
        let text = match at {
            At::Latest => return Ok(None),
            At::Id(id) => return Ok(Some(*id)),
            At::Time(text) => text,
        };
        let wanted = time::parse(text)?;
        for snapshot in self.snapshots().await?.iter().rev() {
            if time::parse(&snapshot.time)? <= wanted {
                return Ok(Some(snapshot.id));
            }
        }
        Err(CatalogError::NoSnapshot {
            asked: format!("as old as {text}"),
        })
    }

    /// Reads the view of a snapshot, the latest if `None`, inside a transaction.
    pub(super) async fn read_view(
        &self,
        tx: &mut AnyConnection,
        snapshot: Option<i64>,
        detail: Detail,
    ) -> Result<CatalogView, CatalogError> {
        let failed = |source| self.failed("reading a snapshot", source);
        let Some(head) = read_head(tx, snapshot).await.map_err(failed)? else {
            return Err(match snapshot {
                Some(id) => CatalogError::NoSnapshot {
                    asked: id.to_string(),
                },
                None => CatalogError::Damaged {
                    what: Damage::NoSnapshots,
                },
            });
        };
        let mut parts = Parts::read(tx, head.snapshot, detail, self)
            .await
            .map_err(failed)?;
        parts.inlined = self.inlined(tx, head.snapshot).await.map_err(failed)?;
        let digests = match detail {
            Detail::Files => HashMap::new(),
            Detail::Everything => books::read_digests(tx, self).await?,
        };
        parts.assemble(head, digests)
    }

    /// Tables with live rows or deletes inside the catalogue, which DuckDB writes when it inlines.
    async fn inlined(
        &self,
        tx: &mut AnyConnection,
        snapshot: i64,
    ) -> Result<HashMap<i64, &'static str>, sqlx::Error> {
        let mut found = HashMap::new();
        let text = "SELECT table_id, table_name FROM ducklake_inlined_data_tables";
        for row in sql::fetch(tx, text, Vec::new()).await? {
            let mut fields = Fields::of(&row);
            let (table, name): (i64, String) = (fields.take()?, fields.take()?);
            let text = format!(
                "SELECT row_id FROM {} AS i WHERE {} LIMIT 1",
                quoted(&name),
                visible!("i")
            );
            if !sql::fetch(tx, text, vec![snapshot.into()])
                .await?
                .is_empty()
            {
                found.insert(table, "it has rows inside the catalogue");
            }
        }
        for name in self.tables_like(tx, "ducklake_inlined_delete_%").await? {
            let table = name.strip_prefix("ducklake_inlined_delete_");
            let Some(table) = table.and_then(|id| id.parse().ok()) else {
                continue;
            };
            let text = format!(
                "SELECT row_id FROM {} WHERE begin_snapshot <= $1 LIMIT 1",
                quoted(&name)
            );
            if !sql::fetch(tx, text, vec![snapshot.into()])
                .await?
                .is_empty()
            {
                found.insert(table, "it has deleted rows noted inside the catalogue");
            }
        }
        Ok(found)
    }
}

/// A row of `ducklake_snapshot`.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) snapshot: i64,
    pub(super) time: String,
    pub(super) schema_version: i64,
    pub(super) next_catalog_id: i64,
    pub(super) next_file_id: i64,
}

/// The row of a snapshot, or of the latest.
pub(super) async fn read_head(
    connection: &mut AnyConnection,
    snapshot: Option<i64>,
) -> Result<Option<Head>, sqlx::Error> {
    let text = "SELECT snapshot_id, CAST(snapshot_time AS VARCHAR), schema_version, \
                next_catalog_id, next_file_id FROM ducklake_snapshot";
    let rows = match snapshot {
        Some(id) => {
            let text = format!("{text} WHERE snapshot_id = $1");
            sql::fetch(connection, text, vec![id.into()]).await?
        }
        None => {
            let text = format!("{text} ORDER BY snapshot_id DESC LIMIT 1");
            sql::fetch(connection, text, Vec::new()).await?
        }
    };
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let mut fields = Fields::of(row);
    Ok(Some(Head {
        snapshot: fields.take()?,
        time: fields.take()?,
        schema_version: fields.take()?,
        next_catalog_id: fields.take()?,
        next_file_id: fields.take()?,
    }))
}

async fn read_snapshots(connection: &mut AnyConnection) -> Result<Vec<SnapshotInfo>, sqlx::Error> {
    let text = "SELECT s.snapshot_id, CAST(s.snapshot_time AS VARCHAR), s.schema_version, \
                c.changes_made, c.author, c.commit_message, c.commit_extra_info \
                FROM ducklake_snapshot s \
                LEFT JOIN ducklake_snapshot_changes c ON c.snapshot_id = s.snapshot_id \
                ORDER BY s.snapshot_id";
    let mut snapshots = Vec::new();
    for row in sql::fetch(connection, text, Vec::new()).await? {
        let mut fields = Fields::of(&row);
        snapshots.push(SnapshotInfo {
            id: fields.take()?,
            time: fields.take()?,
            schema_version: fields.take()?,
            changes: fields.take::<Option<String>>()?.unwrap_or_default(),
            author: fields.take()?,
            message: fields.take()?,
            load: fields
                .take::<Option<String>>()?
                .and_then(|extra| books::load_of_extra_info(&extra)),
        });
    }
    Ok(snapshots)
}

/// The rows of a view before they are put together.
struct Parts {
    tables: Vec<TableRow>,
    columns: HashMap<i64, Vec<ColumnRow>>,
    column_id_max: HashMap<i64, i64>,
    files: HashMap<i64, Vec<FileRow>>,
    deletes: HashMap<i64, Vec<DeleteRow>>,
    stats: HashMap<i64, Vec<ColumnStats>>,
    inlined: HashMap<i64, &'static str>,
}

impl Parts {
    async fn read(
        tx: &mut AnyConnection,
        snapshot: i64,
        detail: Detail,
        catalog: &Catalog,
    ) -> Result<Parts, sqlx::Error> {
        let dialect = catalog.dialect();
        Ok(Parts {
            tables: rows::read_tables(tx, snapshot, catalog.data_path()).await?,
            columns: rows::read_columns(tx, dialect, snapshot).await?,
            column_id_max: rows::read_column_id_max(tx).await?,
            files: rows::read_files(tx, snapshot).await?,
            deletes: rows::read_deletes(tx, snapshot).await?,
            stats: match detail {
                Detail::Files => HashMap::new(),
                Detail::Everything => rows::read_stats(tx, dialect, snapshot).await?,
            },
            inlined: HashMap::new(),
        })
    }

    fn assemble(
        mut self,
        head: Head,
        mut digests: HashMap<String, FileDigest>,
    ) -> Result<CatalogView, CatalogError> {
        let mut view = CatalogView {
            snapshot: head.snapshot,
            time: head.time,
            schema_version: head.schema_version,
            tables: Vec::new(),
            unreadable: Vec::new(),
        };
        for table in std::mem::take(&mut self.tables) {
            match self.table(&table, &mut digests)? {
                Ok(table) => view.tables.push(table),
                Err(reason) if OUR_SCHEMAS.contains(&table.schema.as_str()) => {
                    return Err(CatalogError::Unreadable {
                        schema: table.schema,
                        table: table.name,
                        reason,
                    });
                }
                Err(reason) => view.unreadable.push(UnreadableTable {
                    schema: table.schema,
                    name: table.name,
                    reason,
                }),
            }
        }
        Ok(view)
    }

    /// One table, or the reason why it cannot be read.
    fn table(
        &mut self,
        table: &TableRow,
        digests: &mut HashMap<String, FileDigest>,
    ) -> Result<Result<TableView, String>, CatalogError> {
        if let Some(reason) = self.inlined.get(&table.id) {
            return Ok(Err((*reason).to_owned()));
        }
        let rows = self.columns.remove(&table.id).unwrap_or_default();
        let columns = match columns::tree(table.id, rows)? {
            Ok(columns) => columns,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut files = Vec::new();
        for row in self.files.remove(&table.id).unwrap_or_default() {
            match self.file(table, row, digests) {
                Ok(file) => files.push(file),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        let record_count = files
            .iter()
            .map(|file| file.record_count - file.deletes.as_ref().map_or(0, |d| d.count))
            .sum();
        Ok(Ok(TableView {
            id: table.id,
            schema: table.schema.clone(),
            name: table.name.clone(),
            folder: table.folder.clone(),
            columns,
            column_id_max: self.column_id_max.get(&table.id).copied().unwrap_or(0),
            files,
            record_count,
        }))
    }

    fn file(
        &mut self,
        table: &TableRow,
        row: FileRow,
        digests: &mut HashMap<String, FileDigest>,
    ) -> Result<DataFile, String> {
        let mut file = row.file;
        file.path = rows::place(&table.folder, row.relative, file.path);
        if let Some(obstacle) = row.obstacle {
            return Err(format!("its file `{}` {obstacle}", file.path));
        }
        file.stats = self.stats.remove(&file.id).unwrap_or_default();
        file.digest = digests.remove(&file.path);
        let mut deletes = self.deletes.remove(&file.id).unwrap_or_default();
        if let Some(row) = deletes.pop() {
            let mut delete = row.delete;
            delete.path = rows::place(&table.folder, row.relative, delete.path);
            if let Some(obstacle) = row.obstacle {
                return Err(format!("its delete file `{}` {obstacle}", delete.path));
            }
            delete.digest = digests.remove(&delete.path);
            file.deletes = Some(delete);
        }
        if !deletes.is_empty() {
            return Err(format!(
                "its file `{}` has more than one delete file",
                file.path
            ));
        }
        Ok(file)
    }
}
