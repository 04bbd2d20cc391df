//! A real DuckDB judges the lakes that Salus commits, and Salus reads what DuckDB writes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod catalog_support;

use std::collections::BTreeMap;

use salus_lake::catalog::{At, Catalog, CatalogError, Commit, TableCommit, Target};
use salus_lake::location::CatalogUrl;
use serde_json::json;

use catalog_support::{BIRTH, TestLake, commit_of, duckdb, on_each_database, patient, people};

const PATIENT: &str = r#"lake.fhir."Patient""#;

#[test]
fn duckdb_sees_an_empty_lake() {
    on_each_database(|lake| async move {
        duckdb::expect(
            &lake.url,
            "SELECT schema_name FROM information_schema.schemata \
            WHERE catalog_name = 'lake' ORDER BY 1",
            json!([["main"]]),
        );
        lake
    });
}

#[test]
fn duckdb_counts_sums_and_unnests_what_salus_committed() {
    on_each_database(|lake| async move {
        let files = vec![
            lake.put(people::write(0..100, &people::columns())).await,
            lake.put(people::write(100..150, &people::columns())).await,
        ];
        lake.add(people::columns(), files).await;
        let ask = |select: &str, rows| {
            duckdb::expect(&lake.url, &select.replace("PATIENT", PATIENT), rows)
        };
        ask(
            "SELECT count(*), sum(n), sum(score), sum(small) FROM PATIENT",
            json!([[150, 11175, 5587.5, 11175]]),
        );
        ask("SELECT count(*) FROM PATIENT WHERE active", json!([[75]]));
        ask(
            "SELECT count(*), count(DISTINCT f.family), max(f.given[2]) \
             FROM (SELECT unnest(name) AS f FROM PATIENT)",
            json!([[150, 7, "Zoe"]]),
        );
        ask(
            "SELECT n, epoch(\"at\"), hex(raw) FROM PATIENT WHERE id = 'p00077'",
            json!([[77, 77.0, "000000000000004D"]]),
        );
        ask("SELECT count(*) FROM PATIENT WHERE n > 120", json!([[29]]));
        ask(
            "SELECT min(id), max(id), min(\"at\"), max(score) FROM PATIENT",
            json!([["p00000", "p00149", "1970-01-01 00:00:00", 74.5]]),
        );
        ask(
            "SELECT min(rowid), max(rowid), count(DISTINCT rowid) FROM PATIENT",
            json!([[0, 149, 150]]),
        );
        lake
    });
}

#[test]
fn duckdb_follows_columns_that_appear_later() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..100, &people::columns())).await;
        let first = lake.add(people::columns(), vec![file]).await;
        let file = lake
            .put(people::write(100..120, &people::more_columns()))
            .await;
        let second = lake.add(people::more_columns(), vec![file]).await;
        let ask = |select: &str, rows| {
            duckdb::expect(&lake.url, &select.replace("PATIENT", PATIENT), rows)
        };
        ask(
            r#"SELECT count(*), count("birthDate") FROM PATIENT"#,
            json!([[120, 20]]),
        );
        ask(
            r#"SELECT count(*) FROM PATIENT WHERE "birthDate" IS NULL"#,
            json!([[100]]),
        );
        ask(
            r#"SELECT count(*) FROM PATIENT WHERE "birthDate" = '1900'"#,
            json!([[1]]),
        );
        ask(
            "SELECT count(*) FROM PATIENT WHERE name[1].use = 'official'",
            json!([[20]]),
        );
        ask(
            "SELECT count(*) FROM PATIENT WHERE name[1].use IS NULL AND name[1].family = 'F3'",
            json!([[14]]),
        );
        let before =
            format!("SELECT count(*), count(COLUMNS(*)) FROM PATIENT AT (VERSION => {first})");
        let columns = duckdb::ask(&lake.url, &[&before.replace("PATIENT", PATIENT)]);
        if let Some(rows) = columns {
            assert_eq!(
                rows[0][0].as_array().unwrap().len(),
                1 + people::columns().len()
            );
        }
        let view = lake.view().await;
        assert_eq!((view.snapshot, view.schema_version), (second, 2));
        assert_eq!(
            view.table("fhir", "Patient").unwrap().columns,
            people::more_columns()
        );
        lake
    });
}

#[test]
fn duckdb_honours_deletes_at_every_snapshot() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..100, &people::columns())).await;
        let path = file.path.clone();
        let first = lake.add(people::columns(), vec![file]).await;
        let id = lake.view().await.table("fhir", "Patient").unwrap().files[0].id;
        for positions in [&[3][..], &[3, 7, 99][..]] {
            let delete = lake
                .put_deletes(Target::Existing(id), &path, positions)
                .await;
            let mut table = patient(people::columns(), Vec::new());
            table.deletes.push(delete);
            lake.commit(table).await;
        }
        let view = lake.view().await;
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!(table.record_count, 97);
        assert_eq!(table.files[0].deletes.as_ref().unwrap().count, 3);
        duckdb::expect(
            &lake.url,
            &format!("SELECT count(*), sum(n) FROM {PATIENT}"),
            json!([[97, 4950 - 3 - 7 - 99]]),
        );
        for (at, count) in [(first, 100), (first + 1, 99), (first + 2, 97)] {
            let select = format!("SELECT count(*) FROM {PATIENT} AT (VERSION => {at})");
            duckdb::expect(&lake.url, &select, json!([[count]]));
            let view = lake.catalog.view(At::Id(at)).await.unwrap();
            assert_eq!(view.table("fhir", "Patient").unwrap().record_count, count);
        }
        let at =
            "SELECT count(*) FROM PATIENT AT (TIMESTAMP => TIMESTAMPTZ '2026-11-25 00:02:30+00')";
        duckdb::expect(&lake.url, &at.replace("PATIENT", PATIENT), json!([[99]]));
        lake
    });
}

#[test]
fn rows_deleted_in_the_commit_that_brings_them_are_never_seen() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..10, &people::columns())).await;
        let delete = lake
            .put_deletes(Target::Added(0), &file.path, &[0, 1])
            .await;
        let mut table = patient(people::columns(), vec![file]);
        table.deletes.push(delete);
        lake.commit(table).await;
        duckdb::expect(
            &lake.url,
            &format!("SELECT count(*), min(n) FROM {PATIENT}"),
            json!([[8, 2]]),
        );
        lake
    });
}

#[test]
fn duckdb_understands_the_history() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..10, &people::columns())).await;
        lake.add(people::columns(), vec![file]).await;
        compact(&lake, 0..10).await;
        let asked = "SELECT snapshot_id, schema_version, author, commit_message, \
            map_keys(changes)::VARCHAR FROM lake.snapshots() ORDER BY 1";
        duckdb::expect(
            &lake.url,
            asked,
            json!([
                [0, 0, null, null, "[schemas_created]"],
                [
                    1,
                    1,
                    "a test",
                    "because",
                    "[schemas_created, tables_created, tables_inserted_into]"
                ],
                [2, 1, "a test", "because", "[merge_adjacent]"],
            ]),
        );
        lake
    });
}

/// Rewrites all files of the table into one.
async fn compact(lake: &TestLake, range: std::ops::Range<i64>) -> i64 {
    let base = lake.view().await;
    let file = lake.put(people::write(range, &people::columns())).await;
    let table = base.table("fhir", "Patient").unwrap();
    let change = TableCommit {
        removed: table.files.iter().map(|file| file.id).collect(),
        ..patient(people::columns(), vec![file])
    };
    let commit = Commit {
        compaction: true,
        ..commit_of(&base, change)
    };
    lake.catalog.commit(&base, commit).await.unwrap()
}

#[test]
fn compacted_expired_and_cleaned_lakes_hold_the_same_rows() {
    on_each_database(|lake| async move {
        for start in [0, 10] {
            let file = lake
                .put(people::write(start..start + 10, &people::columns()))
                .await;
            lake.add(people::columns(), vec![file]).await;
        }
        let compacted = compact(&lake, 0..20).await;
        let count = format!("SELECT count(*), sum(n) FROM {PATIENT}");
        duckdb::expect(&lake.url, &count, json!([[20, 190]]));
        duckdb::expect(
            &lake.url,
            &count.replace("Patient\"", "Patient\" AT (VERSION => 1)"),
            json!([[10, 45]]),
        );
        let (limit, now) = ("2026-11-25T00:03:00Z", "2026-11-25T01:00:00Z");
        let expired = lake.catalog.expire_snapshots(limit, now).await.unwrap();
        assert_eq!(expired.snapshots, [0, 1, 2]);
        assert_eq!(expired.scheduled.len(), 2);
        assert_eq!(
            lake.catalog.files().await.unwrap().len(),
            3,
            "scheduled files are still known"
        );
        let none = lake
            .catalog
            .clean_up(&lake.store, "2026-11-25T00:59:00Z")
            .await
            .unwrap();
        assert!(none.is_empty(), "not old enough");
        let cleaned = lake
            .catalog
            .clean_up(&lake.store, "2026-11-25T01:01:00Z")
            .await
            .unwrap();
        assert_eq!(cleaned, expired.scheduled);
        assert_eq!(lake.store.list().await.unwrap().len(), 1);
        assert_eq!(lake.catalog.digests().await.unwrap().len(), 1);
        assert_eq!(lake.catalog.files().await.unwrap().len(), 1);
        duckdb::expect(&lake.url, &count, json!([[20, 190]]));
        assert_eq!(lake.view().await.snapshot, compacted);
        lake
    });
}

#[test]
fn salus_reads_and_continues_what_duckdb_writes() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..10, &people::columns())).await;
        lake.add(people::columns(), vec![file]).await;
        let base = lake.view().await;
        let written = duckdb::ask(
            &lake.url,
            &[
                &format!("INSERT INTO {PATIENT}(id, n) VALUES ('d1', 1000), ('d2', 2000)"),
                &format!(r#"ALTER TABLE {PATIENT} ADD COLUMN "gender" VARCHAR"#),
                &format!("DELETE FROM {PATIENT} WHERE n = 5"),
            ],
        );
        if written.is_none() {
            return lake;
        }
        let view = lake.view().await;
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!((table.record_count, table.files.len()), (11, 2));
        assert!(table.files[1].digest.is_none(), "DuckDB keeps no digests");
        assert_eq!(table.columns.last().unwrap().name, "gender");
        let foreign = table.files[1].path.clone();
        let digest = lake.store.digest_of(&foreign).await.unwrap().unwrap();
        lake.catalog
            .adopt(&[(foreign, digest.clone())])
            .await
            .unwrap();
        let adopted = lake.view().await;
        let table = adopted.table("fhir", "Patient").unwrap();
        assert_eq!(table.files[1].digest, Some(digest));

        // An append that was planned before DuckDB came is merged.
        let file = lake.put(people::write(20..30, &people::columns())).await;
        let commit = commit_of(&base, patient(people::columns(), vec![file]));
        lake.catalog.commit(&base, commit).await.unwrap();
        duckdb::expect(
            &lake.url,
            &format!("SELECT count(*), sum(n), count(DISTINCT rowid) FROM {PATIENT}"),
            json!([[21, 45 - 5 + 3000 + 245, 21]]),
        );
        lake
    });
}

#[test]
fn duckdb_and_salus_write_at_the_same_time_and_lose_nothing() {
    const EACH: i64 = 8;
    on_each_database(|lake| async move {
        // On SQLite DuckDB gives up with "database is locked" instead of waiting for its turn.
        if matches!(lake.url, CatalogUrl::Sqlite(_)) {
            return lake;
        }
        let file = lake.put(people::write(0..10, &people::columns())).await;
        lake.add(people::columns(), vec![file]).await;
        let url = lake.url.clone();
        let duck = tokio::task::spawn_blocking(move || {
            let insert = format!("INSERT INTO {PATIENT}(id, n) VALUES ('d', 1000)");
            let statements = vec![insert.as_str(); EACH as usize];
            duckdb::ask(&url, &statements)
        });
        for number in 1..=EACH {
            let rows = number * 10..number * 10 + 10;
            let file = lake.put(people::write(rows, &people::columns())).await;
            lake.add(people::columns(), vec![file]).await;
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        }
        let ducks = if duck.await.unwrap().is_some() {
            EACH
        } else {
            0
        };
        let view = lake.view().await;
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!(table.record_count, 10 + EACH * 10 + ducks);
        assert_eq!(view.snapshot, 1 + EACH + ducks);
        let rows = 10 + EACH * 10 + ducks;
        duckdb::expect(
            &lake.url,
            &format!("SELECT count(*), count(DISTINCT rowid) FROM {PATIENT}"),
            json!([[rows, rows]]),
        );
        lake
    });
}

#[test]
fn rows_that_duckdb_keeps_inside_its_catalogue_are_refused_in_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let url = CatalogUrl::Sqlite(folder.path().join("duck.sqlite"));
        let data = format!("{}/data/", folder.path().display());
        let made = duckdb::ask_with(
            &url,
            &format!("(DATA_PATH '{data}')"),
            &[
                "CREATE SCHEMA lake.fhir",
                r#"CREATE TABLE lake.fhir."Patient"(id VARCHAR)"#,
                r#"CREATE TABLE lake.main.other(d DATE)"#,
                r#"INSERT INTO lake.fhir."Patient" VALUES ('a')"#,
            ],
        );
        if made.is_none() {
            return;
        }
        let catalog = Catalog::open(&url, &data).await.unwrap();
        let error = catalog.view(At::Latest).await.unwrap_err();
        assert!(matches!(error, CatalogError::Unreadable { .. }), "{error}");
        assert!(
            error
                .diagnostic()
                .help
                .unwrap()
                .contains("ducklake_flush_inlined_data")
        );
        catalog.close().await;
        duckdb::ask(&url, &["CALL ducklake_flush_inlined_data('lake')"]);
        let catalog = Catalog::open(&url, &data).await.unwrap();
        let view = catalog.view(At::Latest).await.unwrap();
        assert_eq!(view.table("fhir", "Patient").unwrap().record_count, 1);
        assert_eq!(view.unreadable[0].reason, "column `d` has the type `date`");
    });
}

#[test]
fn a_new_catalogue_has_the_tables_that_duckdb_makes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        for (ours, theirs) in pairs().await {
            let data = format!("{}/theirs/", ours.folder.path().display());
            if duckdb::ask_with(&theirs, &format!("(DATA_PATH '{data}')"), &[]).is_none() {
                ours.end().await;
                continue;
            }
            let (our_tables, their_tables) =
                (columns_of(&ours.url).await, columns_of(&theirs).await);
            for (table, columns) in &their_tables {
                assert_eq!(our_tables.get(table), Some(columns), "{table}");
            }
            let more: Vec<_> = our_tables
                .keys()
                .filter(|t| !their_tables.contains_key(*t))
                .collect();
            let ours_alone = [
                "salus_file_digest",
                "salus_load",
                "salus_source",
                "salus_view",
            ];
            assert_eq!(more, ours_alone);
            ours.end().await;
        }
    });
}

/// Lakes of ours, each with an empty place of the same kind for DuckDB.
async fn pairs() -> Vec<(TestLake, CatalogUrl)> {
    let ours = TestLake::in_sqlite().await;
    let theirs = CatalogUrl::Sqlite(ours.folder.path().join("theirs.sqlite"));
    let mut pairs = vec![(ours, theirs)];
    if let Some(ours) = TestLake::in_postgres().await {
        // DuckDB keeps a lake per schema, so one database is room enough for both.
        let theirs = TestLake::in_postgres().await.unwrap();
        let mut raw = theirs.raw().await;
        sqlx::Executor::execute(&mut raw, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            .await
            .unwrap();
        pairs.push((ours, theirs.url));
    }
    pairs
}

/// Each table's columns with their types.
async fn columns_of(url: &CatalogUrl) -> BTreeMap<String, Vec<(String, String)>> {
    use sqlx::{Connection, Row};
    sqlx::any::install_default_drivers();
    let (url, text) = match url {
        CatalogUrl::Sqlite(path) => (
            format!("sqlite://{}", path.display()),
            "SELECT m.name, c.name, c.type || c.pk || c.\"notnull\" FROM sqlite_master m \
             JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, c.cid",
        ),
        CatalogUrl::Postgres(url) => (
            url.expose().to_owned(),
            "SELECT CAST(table_name AS VARCHAR), CAST(column_name AS VARCHAR), \
             CAST(data_type || is_nullable AS VARCHAR) FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
        ),
    };
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    let rows = sqlx::query(text).fetch_all(&mut connection).await.unwrap();
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in rows {
        tables
            .entry(row.get(0))
            .or_default()
            .push((row.get(1), row.get(2)));
    }
    tables
}

#[test]
fn the_first_snapshot_is_the_one_duckdb_makes() {
    on_each_database(|lake| async move {
        let snapshots = lake.catalog.snapshots().await.unwrap();
        assert_eq!(snapshots.len(), 1);
        assert_eq!(snapshots[0].changes, r#"created_schema:"main""#);
        assert_eq!(
            snapshots[0].time,
            "2026-11-25 00:00:00.000000+00".replace(".000000", fraction(&lake.url))
        );
        assert!(
            Catalog::create(&lake.url, &lake.data.data_path(), BIRTH)
                .await
                .is_err()
        );
        lake
    });
}

/// PostgreSQL shows no fraction where there is none.
fn fraction(url: &CatalogUrl) -> &'static str {
    match url {
        CatalogUrl::Sqlite(_) => ".000000",
        CatalogUrl::Postgres(_) => "",
    }
}
