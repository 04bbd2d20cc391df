//! Forgetting old snapshots, and deleting the files that nobody can see any more.
//!
//! In two steps, as DuckLake does: what no snapshot sees is *scheduled*; after a while, when no reader
//! of an old view can be left, the scheduled files are deleted and forgotten.

use sqlx::AnyConnection;

use super::sql::{self, Fields, Value};
use super::{Catalog, CatalogError, tables, time};
use crate::store::{Store, StoreError};

/// What forgetting snapshots did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// The snapshots that are gone.
    pub snapshots: Vec<i64>,
    /// The files that are scheduled for deletion now, relative to the data path.
    pub scheduled: Vec<String>,
}

/// A file that waits for its deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledFile {
    /// Number of the file in the catalogue.
    pub id: i64,
    /// Path relative to the data path.
    pub path: String,
    /// Since when, `YYYY-MM-DD HH:MM:SS.ffffff+00`.
    pub since: String,
}

/// Why the clean-up stopped.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
    /// The catalogue failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A file could not be deleted; it stays scheduled.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A condition on rows `x` that no snapshot sees.
const UNSEEN: &str = "x.end_snapshot IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ducklake_snapshot s \
                      WHERE s.snapshot_id >= x.begin_snapshot AND s.snapshot_id < x.end_snapshot)";

impl Catalog {
    /// Forgets the snapshots that are older than `older_than`, never the latest, and schedules the
    /// files that only they saw. `now` is noted as the time of the schedule.
    ///
    /// # Errors
    /// [`CatalogError::Time`], [`CatalogError::Sql`], [`CatalogError::Busy`] or [`CatalogError::Full`].
    pub async fn expire_snapshots(
        &self,
        older_than: &str,
        now: &str,
    ) -> Result<Expired, CatalogError> {
        let failed = |source| self.failed("forgetting snapshots", source);
        let limit = time::parse(older_than)?;
        let now = time::format(time::parse(now)?);
        let mut old = Vec::new();
        let snapshots = self.snapshots().await?;
        let latest = snapshots.last().map(|snapshot| snapshot.id);
        for snapshot in &snapshots {
            if Some(snapshot.id) != latest && time::parse(&snapshot.time)? < limit {
                old.push(snapshot.id);
            }
        }
        if old.is_empty() {
            return Ok(Expired::default());
        }
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        for id in &old {
            for table in ["ducklake_snapshot", "ducklake_snapshot_changes"] {
                let text = format!("DELETE FROM {table} WHERE snapshot_id = $1");
                sql::execute(&mut tx, text, vec![(*id).into()])
                    .await
                    .map_err(failed)?;
            }
        }
        let unseen = self.unseen_files(&mut tx).await.map_err(failed)?;
        let rows = unseen.iter().map(|file| {
            vec![
                file.id.into(),
                file.path.as_str().into(),
                true.into(),
                now.as_str().into(),
            ]
        });
        self.insert(&mut tx, &tables::SCHEDULED, rows.collect())
            .await?;
        forget_unseen(&mut tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(Expired {
            snapshots: old,
            scheduled: unseen.into_iter().map(|file| file.path).collect(),
        })
    }

    /// The files that wait for their deletion, oldest first.
    ///
    /// # Errors
    /// [`CatalogError::Sql`].
    pub async fn scheduled_files(&self) -> Result<Vec<ScheduledFile>, CatalogError> {
        let text = "SELECT data_file_id, path, CAST(schedule_start AS VARCHAR) \
                    FROM ducklake_files_scheduled_for_deletion ORDER BY schedule_start, data_file_id";
        let failed = |source| self.failed("reading scheduled files", source);
        let mut connection = self.connection().await?;
        let rows = sql::fetch(&mut connection, text, Vec::new())
            .await
            .map_err(failed)?;
        let scheduled = |row: &sqlx::any::AnyRow| {
            let mut fields = Fields::of(row);
            let (id, path): (i64, String) = (fields.take()?, fields.take()?);
            Ok(ScheduledFile {
                id,
                path: self.relative(path),
                since: fields.take()?,
            })
        };
        rows.iter()
            .map(scheduled)
            .collect::<Result<_, sqlx::Error>>()
            .map_err(failed)
    }

    /// Deletes the files that are scheduled since before `older_than`, and forgets them and their
    /// digests. Can be repeated: files that are gone already are only forgotten.
    ///
    /// # Errors
    /// [`CleanupError`]; what is deleted by then is forgotten by the next call.
    pub async fn clean_up(
        &self,
        store: &Store,
        older_than: &str,
    ) -> Result<Vec<String>, CleanupError> {
        let limit = time::parse(older_than)?;
        let mut deleted = Vec::new();
        for file in self.scheduled_files().await? {
            if time::parse(&file.since)? < limit {
                store.delete(&file.path).await?;
                deleted.push(file);
            }
        }
        self.forget(&deleted).await?;
        Ok(deleted.into_iter().map(|file| file.path).collect())
    }

    async fn forget(&self, files: &[ScheduledFile]) -> Result<(), CatalogError> {
        let failed = |source| self.failed("forgetting deleted files", source);
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        for file in files {
            let text = "DELETE FROM ducklake_files_scheduled_for_deletion WHERE data_file_id = $1";
            sql::execute(&mut tx, text, vec![file.id.into()])
                .await
                .map_err(failed)?;
            let text = "DELETE FROM salus_file_digest WHERE path = $1";
            let path = vec![Value::from(file.path.as_str())];
            sql::execute(&mut tx, text, path).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// Data files and delete files that no snapshot sees.
    async fn unseen_files(
        &self,
        tx: &mut AnyConnection,
    ) -> Result<Vec<ScheduledFile>, sqlx::Error> {
        let mut files = Vec::new();
        for table in ["ducklake_data_file", "ducklake_delete_file"] {
            for (id, path) in self.placed_files(tx, table, UNSEEN).await? {
                let since = String::new();
                files.push(ScheduledFile { id, path, since });
            }
        }
        Ok(files)
    }

    /// Numbers and paths, relative to the data path, of the rows `x` of a table of files that fulfil a
    /// condition.
    pub(super) async fn placed_files(
        &self,
        tx: &mut AnyConnection,
        table: &'static str,
        condition: &'static str,
    ) -> Result<Vec<(i64, String)>, sqlx::Error> {
        let key = match table {
            "ducklake_data_file" => "data_file_id",
            _ => "delete_file_id",
        };
        let text = format!(
            "SELECT x.{key}, x.path, CAST(x.path_is_relative AS INTEGER), t.path, \
             CAST(t.path_is_relative AS INTEGER), c.path, CAST(c.path_is_relative AS INTEGER) \
             FROM {table} x JOIN ducklake_table t ON t.table_id = x.table_id \
             JOIN ducklake_schema c ON c.schema_id = t.schema_id WHERE {condition} ORDER BY x.{key}"
        );
        let mut files = Vec::new();
        for row in sql::fetch(tx, text, Vec::new()).await? {
            let mut fields = Fields::of(&row);
            let id = fields.take()?;
            let mut path: String = fields.take()?;
            // A file's path may be relative to its table's, that to its schema's.
            let mut relative = fields.flag()?;
            for _ in 0..2 {
                let (folder, folder_relative): (String, bool) = (fields.take()?, fields.flag()?);
                if relative {
                    path.insert_str(0, &folder);
                    relative = folder_relative;
                }
            }
            files.push((id, self.relative(path)));
        }
        Ok(files)
    }

    /// A path relative to the data path, if it lies under it.
    pub(super) fn relative(&self, path: String) -> String {
        match path.strip_prefix(self.data_path()) {
            Some(rest) => rest.to_owned(),
            None => path,
        }
    }
}

/// Removes the rows of files that no snapshot sees.
async fn forget_unseen(tx: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for table in [
        "ducklake_file_column_stats",
        "ducklake_file_variant_stats",
        "ducklake_file_partition_value",
    ] {
        let text = format!(
            "DELETE FROM {table} WHERE data_file_id IN \
             (SELECT x.data_file_id FROM ducklake_data_file x WHERE {UNSEEN})"
        );
        sql::execute(tx, text, Vec::new()).await?;
    }
    for (table, key) in [
        ("ducklake_delete_file", "delete_file_id"),
        ("ducklake_data_file", "data_file_id"),
    ] {
        let text = format!(
            "DELETE FROM {table} WHERE {key} IN (SELECT x.{key} FROM {table} x WHERE {UNSEEN})"
        );
        sql::execute(tx, text, Vec::new()).await?;
    }
    Ok(())
}
