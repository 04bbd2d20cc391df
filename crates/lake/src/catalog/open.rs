//! Opening and making a catalogue.

use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};
use uuid::Uuid;

use super::sql::{self, Dialect, Fields, Value};
use super::{CatalogError, tables, time};
use crate::location::CatalogUrl;
use crate::store::create_folder_durably;

/// The version of DuckLake that Salus reads and writes.
const DUCKLAKE_VERSION: &str = "1.0";
/// Connections of one process: a commit, and readers beside it.
const CONNECTIONS_MAX: u32 = 4;
/// How long to wait for another process that holds the SQLite file.
const BUSY_WAIT_MS: u64 = 30_000;

/// An open catalogue. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Catalog {
    pool: AnyPool,
    dialect: Dialect,
    place: String,
    data_path: String,
}

impl Catalog {
    /// Opens the catalogue of an existing lake whose data files lie at `data_path` (with a slash at
    /// its end, as [`crate::location::DataUrl::data_path`] gives it).
    ///
    /// A catalogue that DuckDB made is taken as it is; Salus adds its own books to it.
    ///
    /// # Errors
    /// [`CatalogError::Missing`] if there is none; [`CatalogError::Version`], [`CatalogError::Encrypted`]
    /// and [`CatalogError::DataPathDiffers`] if it is not for us.
    pub async fn open(url: &CatalogUrl, data_path: &str) -> Result<Catalog, CatalogError> {
        if let CatalogUrl::Sqlite(path) = url
            && !path.exists()
        {
            return Err(CatalogError::Missing {
                place: url.to_string(),
            });
        }
        let catalog = Catalog::connect(url, data_path).await?;
        catalog.check().await?;
        Ok(catalog)
    }

    /// Makes the catalogue of a new, empty lake: snapshot 0 with the schema `main`, as DuckDB makes it.
    ///
    /// `time` becomes the time of snapshot 0; see [`super::Commit::time`].
    ///
    /// # Errors
    /// [`CatalogError::Exists`] if the database holds a lake already.
    pub async fn create(
        url: &CatalogUrl,
        data_path: &str,
        time: &str,
    ) -> Result<Catalog, CatalogError> {
        match Catalog::make(url, data_path, time).await? {
            (catalog, true) => Ok(catalog),
            (catalog, false) => Err(CatalogError::Exists {
                place: catalog.place,
            }),
        }
    }

    /// Opens the lake, and makes it first if there is none. Safe against others who do the same.
    ///
    /// # Errors
    /// As [`Catalog::open`] and [`Catalog::create`].
    pub async fn open_or_create(
        url: &CatalogUrl,
        data_path: &str,
        time: &str,
    ) -> Result<Catalog, CatalogError> {
        let (catalog, made) = Catalog::make(url, data_path, time).await?;
        if !made {
            catalog.check().await?;
        }
        Ok(catalog)
    }

    /// Closes all connections; SQLite folds its log into the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// The place of the catalogue for messages, password hidden.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The place of the data files, with a slash at its end.
    pub fn data_path(&self) -> &str {
        &self.data_path
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    async fn connect(url: &CatalogUrl, data_path: &str) -> Result<Catalog, CatalogError> {
        install_default_drivers();
        let (dialect, text) = match url {
            CatalogUrl::Sqlite(path) => (Dialect::Sqlite, sqlite_url(path)),
            CatalogUrl::Postgres(url) => (Dialect::Postgres, url.expose().to_owned()),
        };
        let place = url.to_string();
        let failed = |source| CatalogError::Connect {
            place: place.clone(),
            source,
        };
        if dialect == Dialect::Postgres {
            // A pool knocks at a server that is not there until its patience ends; this fails at once.
            let knock = AnyConnection::connect(&text).await.map_err(failed)?;
            knock.close().await.map_err(failed)?;
        }
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(Duration::from_millis(2 * BUSY_WAIT_MS))
            .after_connect(move |connection, _| Box::pin(prepare(connection, dialect)))
            // SQLite ends a transaction by itself when the disk is full; the driver's rollback then fails and the
            // connection would count as being within a transaction for ever.
            .before_acquire(|connection, _| {
                let usable = !connection.is_in_transaction();
                Box::pin(async move { Ok(usable) })
            })
            .connect(&text)
            .await
            .map_err(failed)?;
        Ok(Catalog {
            pool,
            dialect,
            place,
            data_path: data_path.to_owned(),
        })
    }

    async fn make(
        url: &CatalogUrl,
        data_path: &str,
        time: &str,
    ) -> Result<(Catalog, bool), CatalogError> {
        let time = time::format(time::parse(time)?);
        if let CatalogUrl::Sqlite(path) = url {
            create_folder_durably(path.parent().unwrap_or(Path::new("/"))).map_err(|source| {
                CatalogError::Folder {
                    place: url.to_string(),
                    source,
                }
            })?;
        }
        let catalog = Catalog::connect(url, data_path).await?;
        let mut connection = catalog.connection().await?;
        let mut tx = catalog.begin_write(&mut connection).await?;
        let made = match catalog.has_table(&mut tx, "ducklake_metadata").await? {
            true => false,
            false => {
                let doing = "making a new lake";
                let filled = catalog.fill(&mut tx, &time).await;
                filled.map_err(|source| catalog.failed(doing, source))?;
                true
            }
        };
        tx.commit()
            .await
            .map_err(|source| catalog.failed("making a new lake", source))?;
        drop(connection);
        Ok((catalog, made))
    }

    /// Writes what DuckDB writes for a new lake, our books, and one option of DuckLake: small inserts
    /// of a DuckDB go into Parquet files too, not into the catalogue, where Salus would not read them.
    async fn fill(&self, tx: &mut AnyConnection, time: &str) -> Result<(), sqlx::Error> {
        for table in tables::DUCKLAKE.iter().chain(&tables::BOOKS) {
            tx.execute(sqlx::AssertSqlSafe(table.create(self.dialect)))
                .await?;
        }
        let created_by = format!("Salus {}", env!("CARGO_PKG_VERSION"));
        let metadata = [
            ("version", DUCKLAKE_VERSION),
            ("created_by", created_by.as_str()),
            ("data_path", self.data_path.as_str()),
            ("encrypted", "false"),
            ("data_inlining_row_limit", "0"),
        ];
        let metadata = metadata
            .iter()
            .map(|(key, value)| {
                vec![
                    (*key).into(),
                    (*value).into(),
                    Value::Text(None),
                    Value::Int(None),
                ]
            })
            .collect();
        let snapshot = vec![vec![0.into(), time.into(), 0.into(), 1.into(), 0.into()]];
        let none = || Value::Text(None);
        let changes = vec![vec![
            0.into(),
            r#"created_schema:"main""#.into(),
            none(),
            none(),
            none(),
        ]];
        let schema = vec![vec![
            0.into(),
            Uuid::new_v4().to_string().into(),
            0.into(),
            Value::Int(None),
            "main".into(),
            "main/".into(),
            true.into(),
        ]];
        for (table, rows) in [
            (&tables::METADATA, metadata),
            (&tables::SNAPSHOT, snapshot),
            (&tables::SNAPSHOT_CHANGES, changes),
            (&tables::SCHEMA, schema),
        ] {
            sql::insert(tx, self.dialect, table.name, table.columns, rows).await?;
        }
        Ok(())
    }

    /// Refuses what is not for us, and adds our books where they are missing.
    async fn check(&self) -> Result<(), CatalogError> {
        let mut connection = self.connection().await?;
        if !self.has_table(&mut connection, "ducklake_metadata").await? {
            return Err(CatalogError::Missing {
                place: self.place.clone(),
            });
        }
        let doing = "reading its version";
        let metadata = self.metadata(&mut connection).await;
        let metadata = metadata.map_err(|source| self.failed(doing, source))?;
        let value = |key: &str| {
            metadata
                .iter()
                .find(|(k, _)| k == key)
                .map(|(_, v)| v.as_str())
        };
        let version = value("version").unwrap_or("?");
        if version != DUCKLAKE_VERSION {
            return Err(CatalogError::Version {
                place: self.place.clone(),
                found: version.to_owned(),
            });
        }
        if value("encrypted") == Some("true") {
            return Err(CatalogError::Encrypted {
                place: self.place.clone(),
            });
        }
        self.check_data_path(value("data_path").unwrap_or_default())?;
        self.add_books(&mut connection).await
    }

    /// A lake whose folder was moved is welcome: its old data folder is gone. Else the places must agree.
    fn check_data_path(&self, recorded: &str) -> Result<(), CatalogError> {
        let same = recorded.trim_end_matches('/') == self.data_path.trim_end_matches('/');
        let moved = recorded.starts_with('/') && !Path::new(recorded).exists();
        if same || moved {
            return Ok(());
        }
        Err(CatalogError::DataPathDiffers {
            place: self.place.clone(),
            recorded: recorded.to_owned(),
            given: self.data_path.clone(),
        })
    }

    async fn add_books(&self, connection: &mut AnyConnection) -> Result<(), CatalogError> {
        if self
            .has_table(connection, tables::REGISTERED_VIEW.name)
            .await?
        {
            return Ok(());
        }
        for table in &tables::BOOKS {
            connection
                .execute(sqlx::AssertSqlSafe(table.create(self.dialect)))
                .await
                .map_err(|source| self.failed("adding the tables of Salus", source))?;
        }
        Ok(())
    }

    async fn metadata(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<(String, String)>, sqlx::Error> {
        let text = r#"SELECT "key", "value" FROM ducklake_metadata WHERE scope IS NULL"#;
        let rows = sql::fetch(connection, text, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let mut fields = Fields::of(row);
                Ok((fields.take()?, fields.take()?))
            })
            .collect()
    }

    async fn has_table(
        &self,
        connection: &mut AnyConnection,
        name: &str,
    ) -> Result<bool, CatalogError> {
        let tables = self.tables_like(connection, name).await;
        let tables = tables.map_err(|source| self.failed("looking for its tables", source))?;
        Ok(!tables.is_empty())
    }

    /// The names of the tables that fit an SQL pattern (`_` and `%`).
    pub(super) async fn tables_like(
        &self,
        connection: &mut AnyConnection,
        pattern: &str,
    ) -> Result<Vec<String>, sqlx::Error> {
        let text = match self.dialect {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE $1"
            }
            Dialect::Postgres => {
                "SELECT CAST(tablename AS VARCHAR) FROM pg_catalog.pg_tables \
                 WHERE schemaname = current_schema() AND tablename LIKE $1"
            }
        };
        let rows = sql::fetch(connection, text, vec![pattern.into()]).await?;
        rows.iter().map(|row| Fields::of(row).take()).collect()
    }

    /// A connection of the pool.
    pub(super) async fn connection(&self) -> Result<PoolConnection<Any>, CatalogError> {
        self.pool
            .acquire()
            .await
            .map_err(|source| CatalogError::Connect {
                place: self.place.clone(),
                source,
            })
    }

    /// A transaction that sees one state of the database throughout.
    pub(super) async fn begin_read<'c>(
        &self,
        connection: &'c mut AnyConnection,
    ) -> Result<Transaction<'c, Any>, CatalogError> {
        let statement = match self.dialect {
            Dialect::Sqlite => "BEGIN",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        let begun = connection.begin_with(statement).await;
        begun.map_err(|source| self.failed("beginning to read", source))
    }

    /// A transaction that writes alone: other writers, DuckDB included, wait until it ends.
    pub(super) async fn begin_write<'c>(
        &self,
        connection: &'c mut AnyConnection,
    ) -> Result<Transaction<'c, Any>, CatalogError> {
        let begun = match self.dialect {
            Dialect::Sqlite => connection.begin_with("BEGIN IMMEDIATE").await,
            Dialect::Postgres => begin_write_postgres(connection).await,
        };
        begun.map_err(|source| self.failed("waiting for other writers", source))
    }

    /// The error for a statement that failed.
    pub(super) fn failed(&self, doing: &'static str, source: sqlx::Error) -> CatalogError {
        let place = self.place.clone();
        let code = source.as_database_error().and_then(|e| e.code());
        match (self.dialect, code.as_deref()) {
            // The lower byte of an extended code is the primary one: 5 busy, 6 locked, 13 full.
            (Dialect::Sqlite, Some(code)) => match code.parse::<i32>().map(|code| code & 0xff) {
                Ok(5 | 6) => CatalogError::Busy { place, source },
                Ok(13) => CatalogError::Full { place, source },
                _ => CatalogError::Sql {
                    place,
                    doing,
                    source,
                },
            },
            (Dialect::Postgres, Some("55P03" | "40001" | "40P01")) => {
                CatalogError::Busy { place, source }
            }
            (Dialect::Postgres, Some("53100")) => CatalogError::Full { place, source },
            _ => CatalogError::Sql {
                place,
                doing,
                source,
            },
        }
    }
}

/// One lock for all writers of Salus (the number is `salus` in ASCII), held until the transaction ends,
/// and one that DuckDB's inserts into the table of snapshots wait for.
async fn begin_write_postgres(
    connection: &mut AnyConnection,
) -> Result<Transaction<'_, Any>, sqlx::Error> {
    let mut tx = connection.begin_with("BEGIN").await?;
    let lock = "DO $$ BEGIN PERFORM pg_advisory_xact_lock(495722493299); \
                IF to_regclass('ducklake_snapshot') IS NOT NULL THEN \
                LOCK TABLE ducklake_snapshot IN SHARE ROW EXCLUSIVE MODE; END IF; END $$";
    tx.execute(lock).await?;
    Ok(tx)
}

/// Sets a fresh connection up: durable commits, times in UTC, patience.
async fn prepare(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), sqlx::Error> {
    let statements: &[&'static str] = match dialect {
        Dialect::Sqlite => &[
            "PRAGMA busy_timeout = 30000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
        ],
        Dialect::Postgres => &["SET TIME ZONE 'UTC'", "SET lock_timeout = '30s'"],
    };
    for statement in statements {
        connection.execute(*statement).await?;
    }
    Ok(())
}

/// The URL of a SQLite file; whatever has a meaning in a URL is escaped.
fn sqlite_url(path: &Path) -> String {
    use std::fmt::Write;
    let mut url = String::from("sqlite://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                url.push(char::from(*byte));
            }
            // Writing into a string cannot fail.
            other => drop(write!(url, "%{other:02X}")),
        }
    }
    url.push_str("?mode=rwc");
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_odd_characters_becomes_a_url() {
        assert_eq!(
            sqlite_url(Path::new("/a b/é?#%.db")),
            "sqlite:///a%20b/%C3%A9%3F%23%25.db?mode=rwc"
        );
    }

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_itself_does_not_spoil_its_connection() {
        let folder = tempfile::tempdir().unwrap();
        let url = CatalogUrl::Sqlite(folder.path().join("catalog.sqlite"));
        let made = Catalog::create(&url, "data/", "2026-01-01T00:00:00Z").await;
        let catalog = made.unwrap();
        for _ in 0..=CONNECTIONS_MAX {
            let mut connection = catalog.connection().await.unwrap();
            let mut tx = catalog.begin_write(&mut connection).await.unwrap();
            // What SQLite does when the disk is full.
            sql::execute(&mut tx, "ROLLBACK", Vec::new()).await.unwrap();
        }
        assert_eq!(
            catalog
                .view(super::super::At::Latest)
                .await
                .unwrap()
                .snapshot,
            0
        );
    }
}
