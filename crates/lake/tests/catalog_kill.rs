//! A writer that is killed at any moment: what it was told is committed stays, and nothing is half there.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and the writer talks through its standard output"
)]

mod catalog_support;

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use salus_lake::catalog::{At, Catalog, Column, ColumnType, NewFile, TableCommit};
use salus_lake::location::Location;
use salus_lake::store::{Store, Verdict};

use catalog_support::{BIRTH, commit_of, patient};

/// How often the writer is killed.
const KILLS: u64 = 40;
/// Set for the process that writes until it is killed: the folder of the lake.
const WRITER: &str = "SALUS_TEST_KILLED_WRITER";
/// Rows that each file claims to have; the catalogue does not look into files.
const ROWS: i64 = 10;

#[test]
fn no_kill_loses_an_acknowledged_commit_or_leaves_half_of_one() {
    if std::env::var_os(WRITER).is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        // Moments spread over several commits, the opening of the catalogue included.
        let moment = Duration::from_micros(3_000 + kill * 7_919 % 120_000);
        let told = write_until(folder.path(), moment);
        acknowledged = told.unwrap_or(acknowledged).max(acknowledged);
        runtime.block_on(check(folder.path(), acknowledged));
    }
    assert!(acknowledged > 0, "the writer never came to commit");
}

/// Runs a writer, kills it and gives the last snapshot that it said was committed.
fn write_until(folder: &Path, moment: Duration) -> Option<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_writer", "--nocapture"])
        .env(WRITER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let listener = std::thread::spawn(move || {
        let committed = |line: String| line.strip_prefix("committed ")?.parse::<i64>().ok();
        lines.map_while(Result::ok).filter_map(committed).last()
    });
    std::thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    listener.join().unwrap()
}

async fn check(folder: &Path, acknowledged: i64) {
    let location = Location::resolve(folder, None, None).unwrap();
    let Ok(catalog) = Catalog::open(&location.catalog, &location.data.data_path()).await else {
        assert_eq!(acknowledged, 0, "a lake that was written to opens");
        return;
    };
    let view = catalog.view(At::Latest).await.unwrap();
    assert!(
        view.snapshot >= acknowledged,
        "{} < {acknowledged}",
        view.snapshot
    );
    let snapshots = catalog.snapshots().await.unwrap();
    let ids: Vec<i64> = snapshots.iter().map(|snapshot| snapshot.id).collect();
    assert_eq!(ids, (0..=view.snapshot).collect::<Vec<_>>());
    let store = Store::open(&location.data).unwrap();
    let mut known = HashSet::new();
    for name in ["Patient", "Observation"] {
        let files = view
            .table("fhir", name)
            .map_or(&[][..], |table| &table.files);
        assert_eq!(
            files.len() as i64,
            view.snapshot,
            "each commit is in both tables or in none"
        );
        for file in files {
            let verdict = store
                .verify(&file.path, file.digest.as_ref().unwrap())
                .await
                .unwrap();
            assert_eq!(verdict, Verdict::Intact, "{}", file.path);
            known.insert(file.path.clone());
        }
    }
    let loads = catalog.loads().await.unwrap();
    let noted = loads.iter().filter_map(|load| load.snapshot).max();
    assert_eq!(
        noted.unwrap_or(0),
        view.snapshot,
        "the books and the data are one"
    );
    let listed = store.list().await.unwrap();
    let left: Vec<_> = listed
        .iter()
        .filter(|(path, _)| !known.contains(path))
        .collect();
    // Two files per writer at most wait for a commit that never came, finished or not.
    assert!(
        left.len() as u64 <= 2 * KILLS,
        "{} files are left over",
        left.len()
    );
    catalog.close().await;
}

#[test]
fn the_writer() {
    let Some(folder) = std::env::var_os(WRITER) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(write(Path::new(&folder)));
}

/// Commits to two tables at once, again and again, until it is killed.
async fn write(folder: &Path) {
    let location = Location::resolve(folder, None, None).unwrap();
    let (store, data_path) = (
        Store::open(&location.data).unwrap(),
        location.data.data_path(),
    );
    let catalog = Catalog::open_or_create(&location.catalog, &data_path, BIRTH)
        .await
        .unwrap();
    let load = catalog.begin_load("a writer", BIRTH).await.unwrap();
    loop {
        let base = catalog.view(At::Latest).await.unwrap();
        let mut tables = Vec::new();
        for name in ["Patient", "Observation"] {
            let file = put(&store, name, base.snapshot).await;
            let columns = vec![Column::leaf(1, "id", ColumnType::Varchar)];
            tables.push(TableCommit {
                name: name.to_owned(),
                ..patient(columns, vec![file])
            });
        }
        let mut commit = commit_of(&base, TableCommit::default());
        commit.time = BIRTH.to_owned();
        commit.tables = tables;
        commit.load = Some(salus_lake::catalog::LoadUpdate {
            load,
            status: salus_lake::catalog::LoadStatus::Running,
            finished: None,
            counts: "{}".to_owned(),
            sources: Vec::new(),
        });
        let snapshot = catalog.commit(&base, commit).await.unwrap();
        println!("committed {snapshot}");
        std::io::stdout().flush().unwrap();
    }
}

async fn put(store: &Store, table: &str, number: i64) -> NewFile {
    let path = format!("fhir/{table}/{}.parquet", uuid::Uuid::now_v7());
    let bytes = vec![u8::try_from(number % 251).unwrap(); 100_000];
    NewFile {
        path: path.clone(),
        record_count: ROWS,
        size_bytes: 100_000,
        footer_bytes: 100,
        stats: Vec::new(),
        digest: store.put_durable(&path, bytes.into()).await.unwrap(),
    }
}
