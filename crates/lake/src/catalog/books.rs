//! Salus's own books: loads, sources and the digests of files.

use std::collections::HashMap;

use sqlx::AnyConnection;

use super::sql::{self, Fields, Value};
use super::{
    Catalog, CatalogError, Damage, Fault, LoadInfo, LoadStatus, LoadUpdate, SourceInfo, tables,
};
use crate::store::FileDigest;

impl Catalog {
    /// Notes that a load has begun, and gives its number.
    ///
    /// # Errors
    /// [`CatalogError::Sql`], [`CatalogError::Busy`] or [`CatalogError::Full`].
    pub async fn begin_load(&self, command: &str, started: &str) -> Result<i64, CatalogError> {
        let rest = vec![
            command.into(),
            started.into(),
            Value::Text(None),
            LoadStatus::Running.as_str().into(),
            Value::Int(None),
            "{}".into(),
        ];
        self.insert_numbered(&tables::LOAD, "noting a load", rest)
            .await
    }

    /// Notes a source of a load, and gives its number.
    ///
    /// # Errors
    /// As [`Catalog::begin_load`].
    pub async fn add_source(
        &self,
        load: i64,
        name: &str,
        size_bytes: Option<i64>,
    ) -> Result<i64, CatalogError> {
        let rest = vec![
            load.into(),
            name.into(),
            size_bytes.into(),
            Value::Bytes(None),
            "{}".into(),
        ];
        self.insert_numbered(&tables::SOURCE, "noting a source", rest)
            .await
    }

    /// Notes how a load stands, without a commit of data.
    ///
    /// # Errors
    /// [`CatalogError::InvalidCommit`] if the load does not exist; else as [`Catalog::begin_load`].
    pub async fn finish_load(&self, update: &LoadUpdate) -> Result<(), CatalogError> {
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        self.write_load(&mut tx, update, None).await?;
        let doing = "noting the end of a load";
        tx.commit()
            .await
            .map_err(|source| self.failed(doing, source))
    }

    /// All loads, oldest first.
    ///
    /// # Errors
    /// [`CatalogError::Sql`] or [`CatalogError::Damaged`].
    pub async fn loads(&self) -> Result<Vec<LoadInfo>, CatalogError> {
        let text = "SELECT load_id, command, started, finished, status, snapshot_id, counts \
                    FROM salus_load ORDER BY load_id";
        let mut connection = self.connection().await?;
        let rows = sql::fetch(&mut connection, text, Vec::new()).await;
        let rows = rows.map_err(|source| self.failed("reading its loads", source))?;
        rows.iter().map(|row| self.load(row)).collect()
    }

    /// The sources of one load, or of all.
    ///
    /// # Errors
    /// [`CatalogError::Sql`] or [`CatalogError::Damaged`].
    pub async fn sources(&self, load: Option<i64>) -> Result<Vec<SourceInfo>, CatalogError> {
        match load {
            Some(load) => self.sources_where("load_id = $1", vec![load.into()]).await,
            None => self.sources_where("1 = 1", Vec::new()).await,
        }
    }

    /// The sources with exactly these bytes that are wholly committed.
    ///
    /// # Errors
    /// [`CatalogError::Sql`] or [`CatalogError::Damaged`].
    pub async fn sources_with(&self, blake3: &[u8; 32]) -> Result<Vec<SourceInfo>, CatalogError> {
        self.sources_where("blake3 = $1", vec![blake3.to_vec().into()])
            .await
    }

    /// The digests of all files that Salus wrote and that are still stored, by path.
    ///
    /// # Errors
    /// [`CatalogError::Sql`] or [`CatalogError::Damaged`].
    pub async fn digests(&self) -> Result<HashMap<String, FileDigest>, CatalogError> {
        let mut connection = self.connection().await?;
        read_digests(&mut connection, self).await
    }

    /// The paths of all files that the catalogue knows of, relative to the data path: those of any
    /// snapshot, and those that wait for their deletion. Any other file is left over from a writer
    /// that was cut off.
    ///
    /// # Errors
    /// [`CatalogError::Sql`].
    pub async fn files(&self) -> Result<Vec<String>, CatalogError> {
        let failed = |source| self.failed("reading its files", source);
        let mut connection = self.connection().await?;
        let mut files = Vec::new();
        for table in ["ducklake_data_file", "ducklake_delete_file"] {
            let known = self.placed_files(&mut connection, table, "1 = 1").await;
            files.extend(known.map_err(failed)?.into_iter().map(|(_, path)| path));
        }
        drop(connection);
        files.extend(
            self.scheduled_files()
                .await?
                .into_iter()
                .map(|file| file.path),
        );
        Ok(files)
    }

    /// Takes the digests of files that another writer committed, so that Salus reads them verified.
    ///
    /// # Errors
    /// As [`Catalog::begin_load`].
    pub async fn adopt(&self, digests: &[(String, FileDigest)]) -> Result<(), CatalogError> {
        let doing = "noting digests";
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        for (path, _) in digests {
            let text = "DELETE FROM salus_file_digest WHERE path = $1";
            let deleted = sql::execute(&mut tx, text, vec![path.as_str().into()]).await;
            deleted.map_err(|source| self.failed(doing, source))?;
        }
        let rows = digests
            .iter()
            .map(|(path, digest)| digest_row(path, digest));
        self.insert(&mut tx, &tables::FILE_DIGEST, rows.collect())
            .await?;
        tx.commit()
            .await
            .map_err(|source| self.failed(doing, source))
    }

    /// Writes how a load stands, inside a transaction.
    pub(super) async fn write_load(
        &self,
        tx: &mut AnyConnection,
        update: &LoadUpdate,
        snapshot: Option<i64>,
    ) -> Result<(), CatalogError> {
        let failed = |source| self.failed("noting the end of a load", source);
        let text = "UPDATE salus_load SET status = $1, finished = $2, counts = $3, \
                    snapshot_id = COALESCE($4, snapshot_id) WHERE load_id = $5";
        let values = vec![
            update.status.as_str().into(),
            update.finished.clone().into(),
            update.counts.as_str().into(),
            snapshot.into(),
            update.load.into(),
        ];
        if sql::execute(tx, text, values).await.map_err(failed)? == 0 {
            return Err(CatalogError::InvalidCommit {
                schema: "salus".to_owned(),
                table: "load".to_owned(),
                what: Fault::UnknownLoad { load: update.load },
            });
        }
        for source in &update.sources {
            let text = "UPDATE salus_source SET size_bytes = COALESCE($1, size_bytes), \
                        blake3 = COALESCE($2, blake3), counts = $3 \
                        WHERE source_id = $4 AND load_id = $5";
            let values = vec![
                source.size_bytes.into(),
                Value::Bytes(source.blake3.map(|digest| digest.to_vec())),
                source.counts.as_str().into(),
                source.source.into(),
                update.load.into(),
            ];
            sql::execute(tx, text, values).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Inserts rows into a table.
    pub(super) async fn insert(
        &self,
        tx: &mut AnyConnection,
        table: &tables::Table,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), CatalogError> {
        sql::insert(tx, self.dialect(), table.name, table.columns, rows)
            .await
            .map_err(|source| self.failed("writing a snapshot", source))
    }

    /// Inserts one row whose first column gets the next number.
    async fn insert_numbered(
        &self,
        table: &tables::Table,
        doing: &'static str,
        rest: Vec<Value>,
    ) -> Result<i64, CatalogError> {
        let failed = |source| self.failed(doing, source);
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        let key = table.columns.first().map_or("", |(name, _)| name);
        let text = format!("SELECT COALESCE(MAX({key}), 0) + 1 FROM {}", table.name);
        let rows = sql::fetch(&mut tx, text, Vec::new())
            .await
            .map_err(failed)?;
        let number = match rows.first() {
            Some(row) => Fields::of(row).take().map_err(failed)?,
            None => 1,
        };
        let mut row = vec![Value::Int(Some(number))];
        row.extend(rest);
        self.insert(&mut tx, table, vec![row]).await?;
        tx.commit().await.map_err(failed)?;
        Ok(number)
    }

    fn load(&self, row: &sqlx::any::AnyRow) -> Result<LoadInfo, CatalogError> {
        let failed = |source| self.failed("reading its loads", source);
        let mut fields = Fields::of(row);
        let id = fields.take().map_err(failed)?;
        let command = fields.take().map_err(failed)?;
        let started = fields.take().map_err(failed)?;
        let finished = fields.take().map_err(failed)?;
        let word: String = fields.take().map_err(failed)?;
        let Some(status) = LoadStatus::parse(&word) else {
            return Err(CatalogError::Damaged {
                what: Damage::LoadStatus { load: id, word },
            });
        };
        Ok(LoadInfo {
            id,
            command,
            started,
            finished,
            status,
            snapshot: fields.take().map_err(failed)?,
            counts: fields.take().map_err(failed)?,
        })
    }

    async fn sources_where(
        &self,
        condition: &str,
        values: Vec<Value>,
    ) -> Result<Vec<SourceInfo>, CatalogError> {
        let failed = |source| self.failed("reading its sources", source);
        let text = format!(
            "SELECT source_id, load_id, name, size_bytes, counts, blake3 FROM salus_source \
             WHERE {condition} ORDER BY source_id"
        );
        let mut connection = self.connection().await?;
        let rows = sql::fetch(&mut connection, text, values)
            .await
            .map_err(failed)?;
        let source = |row: &sqlx::any::AnyRow| -> Result<SourceInfo, CatalogError> {
            let mut fields = Fields::of(row);
            Ok(SourceInfo {
                id: fields.take().map_err(failed)?,
                load: fields.take().map_err(failed)?,
                name: fields.take().map_err(failed)?,
                size_bytes: fields.take().map_err(failed)?,
                counts: fields.take().map_err(failed)?,
                blake3: fields
                    .take::<Option<Vec<u8>>>()
                    .map_err(failed)?
                    .and_then(|bytes| bytes.try_into().ok()),
            })
        };
        rows.iter().map(source).collect()
    }
}

/// The row of `salus_file_digest` for a file.
pub(super) fn digest_row(path: &str, digest: &FileDigest) -> Vec<Value> {
    vec![
        path.into(),
        i64::try_from(digest.size_bytes).unwrap_or(i64::MAX).into(),
        digest.blake3.to_vec().into(),
        i64::from(digest.block_bytes).into(),
        digest.blocks_to_bytes().into(),
    ]
}

/// All digests, by path.
pub(super) async fn read_digests(
    connection: &mut AnyConnection,
    catalog: &Catalog,
) -> Result<HashMap<String, FileDigest>, CatalogError> {
    let failed = |source| catalog.failed("reading its digests", source);
    let text = "SELECT path, size_bytes, blake3, block_bytes, blocks FROM salus_file_digest";
    let rows = sql::fetch(connection, text, Vec::new())
        .await
        .map_err(failed)?;
    let mut digests = HashMap::with_capacity(rows.len());
    for row in &rows {
        let mut fields = Fields::of(row);
        let path: String = fields.take().map_err(failed)?;
        let size: i64 = fields.take().map_err(failed)?;
        let blake3: Vec<u8> = fields.take().map_err(failed)?;
        let block_bytes: i64 = fields.take().map_err(failed)?;
        let blocks: Vec<u8> = fields.take().map_err(failed)?;
        let Some(digest) = FileDigest::from_parts(size, &blake3, block_bytes, &blocks) else {
            return Err(CatalogError::Damaged {
                what: Damage::Digest { path },
            });
        };
        digests.insert(path, digest);
    }
    Ok(digests)
}

/// What Salus writes into `commit_extra_info`: the load, and a mark that no other commit has.
pub(super) fn extra_info(load: Option<i64>, mark: &str) -> String {
    match load {
        Some(load) => format!(r#"{{"load":{load},"commit":"{mark}"}}"#),
        None => format!(r#"{{"commit":"{mark}"}}"#),
    }
}

/// The load in a `commit_extra_info`.
pub(super) fn load_of_extra_info(extra: &str) -> Option<i64> {
    serde_json::from_str::<serde_json::Value>(extra)
        .ok()?
        .get("load")?
        .as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_is_found_in_the_extra_info() {
        assert_eq!(load_of_extra_info(&extra_info(Some(7), "m")), Some(7));
        assert_eq!(load_of_extra_info(&extra_info(None, "m")), None);
        assert_eq!(load_of_extra_info("somebody else's words"), None);
    }
}
