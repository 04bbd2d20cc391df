//! Lakes to test the catalogue on: in SQLite always, in PostgreSQL where there is a server; small Parquet
//! files for them; and a real DuckDB as the judge.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod duckdb;
pub mod people;

use std::future::Future;

use salus_lake::catalog::{
    At, Catalog, CatalogView, Column, Commit, NewDelete, NewFile, TableCommit, Target, deletes,
};
use salus_lake::location::{CatalogUrl, DataUrl};
use salus_lake::store::Store;
use sqlx::{AnyConnection, Connection, Executor};
use tempfile::TempDir;
use uuid::Uuid;

/// The time of the first snapshot; each commit of a test comes a minute later.
pub const BIRTH: &str = "2026-11-25T00:00:00Z";

/// A lake of its own for one test.
pub struct TestLake {
    pub url: CatalogUrl,
    pub data: DataUrl,
    pub catalog: Catalog,
    pub store: Store,
    pub folder: TempDir,
    /// The server and the name of the test's own database.
    database: Option<(String, String)>,
}

/// Runs a test on SQLite and, if `SALUS_TEST_POSTGRES` names a server, on PostgreSQL.
pub fn on_each_database<F: Future<Output = TestLake>>(test: impl Fn(TestLake) -> F) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        test(TestLake::in_sqlite().await).await.end().await;
        if let Some(lake) = TestLake::in_postgres().await {
            test(lake).await.end().await;
        }
    });
}

/// A value that tests need from their environment; in CI it must be there.
pub fn setting(name: &str, what: &str) -> Option<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        value.is_some() || !in_ci,
        "CI must set {name}: {what}; see .ci/run"
    );
    value
}

impl TestLake {
    pub async fn in_sqlite() -> TestLake {
        let folder = tempfile::tempdir().unwrap();
        let url = CatalogUrl::Sqlite(folder.path().join("catalog.sqlite"));
        TestLake::make(folder, url, None).await
    }

    pub async fn in_postgres() -> Option<TestLake> {
        let server = setting("SALUS_TEST_POSTGRES", "the URL of a PostgreSQL server")?;
        sqlx::any::install_default_drivers();
        let name = format!("salus_test_{}", Uuid::new_v4().simple());
        let mut admin = AnyConnection::connect(&server).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        admin.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = CatalogUrl::parse(&format!("{base}/{name}")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        Some(TestLake::make(folder, url, Some((server, name))).await)
    }

    async fn make(
        folder: TempDir,
        url: CatalogUrl,
        database: Option<(String, String)>,
    ) -> TestLake {
        let data = DataUrl::Local(folder.path().join("data"));
        let store = Store::open(&data).unwrap();
        let catalog = Catalog::create(&url, &data.data_path(), BIRTH)
            .await
            .unwrap();
        TestLake {
            url,
            data,
            catalog,
            store,
            folder,
            database,
        }
    }

    /// Closes the lake and drops its database.
    pub async fn end(self) {
        self.catalog.close().await;
        if let Some((server, name)) = self.database {
            let mut admin = AnyConnection::connect(&server).await.unwrap();
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            admin.execute(sqlx::AssertSqlSafe(drop)).await.unwrap();
        }
    }

    pub async fn view(&self) -> CatalogView {
        self.catalog.view(At::Latest).await.unwrap()
    }

    /// A connection past the catalogue, to look at it or to spoil it.
    pub async fn raw(&self) -> AnyConnection {
        let url = match &self.url {
            CatalogUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            CatalogUrl::Postgres(url) => url.expose().to_owned(),
        };
        AnyConnection::connect(&url).await.unwrap()
    }

    /// Stores a Parquet file of `fhir.Patient` durably.
    pub async fn put(&self, bytes: people::Written) -> NewFile {
        let path = format!("fhir/Patient/{}.parquet", Uuid::now_v7());
        let size_bytes = bytes.parquet.len() as i64;
        let footer_bytes = deletes::footer_bytes(&bytes.parquet).unwrap();
        let digest = self.store.put_durable(&path, bytes.parquet).await.unwrap();
        NewFile {
            path,
            record_count: bytes.record_count,
            size_bytes,
            footer_bytes,
            stats: bytes.stats,
            digest,
        }
    }

    /// Stores a delete file durably.
    pub async fn put_deletes(&self, target: Target, of: &str, positions: &[i64]) -> NewDelete {
        let full = format!("{}{of}", self.data.data_path());
        let bytes = deletes::write(&full, positions).unwrap();
        let path = format!("fhir/Patient/{}-delete.parquet", Uuid::now_v7());
        NewDelete {
            target,
            path: path.clone(),
            count: positions.len() as i64,
            size_bytes: bytes.len() as i64,
            footer_bytes: deletes::footer_bytes(&bytes).unwrap(),
            digest: self.store.put_durable(&path, bytes).await.unwrap(),
        }
    }

    /// Commits new files to `fhir.Patient` on top of the latest snapshot.
    pub async fn add(&self, columns: Vec<Column>, added: Vec<NewFile>) -> i64 {
        let table = patient(columns, added);
        self.commit(table).await
    }

    pub async fn commit(&self, table: TableCommit) -> i64 {
        let base = self.view().await;
        let commit = commit_of(&base, table);
        self.catalog.commit(&base, commit).await.unwrap()
    }
}

/// A change of `fhir.Patient`.
pub fn patient(columns: Vec<Column>, added: Vec<NewFile>) -> TableCommit {
    TableCommit {
        schema: "fhir".to_owned(),
        name: "Patient".to_owned(),
        columns,
        added,
        ..TableCommit::default()
    }
}

/// A commit of one table, a minute per snapshot after the birth of the lake.
pub fn commit_of(base: &CatalogView, table: TableCommit) -> Commit {
    Commit {
        author: "a test".to_owned(),
        message: "because".to_owned(),
        time: format!("2026-11-25T00:{:02}:00Z", base.snapshot + 1),
        tables: vec![table],
        ..Commit::default()
    }
}

/// Makes a bucket by hand: the store itself never does.
pub fn make_bucket(endpoint: &str, bucket: &str) {
    use std::io::{Read, Write};
    let authority = endpoint.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    let request = format!(
        "PUT /{bucket} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 0\r\nConnection: close\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=test/20261125/us-east-1/s3/aws4_request, \
         SignedHeaders=host, Signature=0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
