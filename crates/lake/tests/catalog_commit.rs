//! Commits: what is merged, what conflicts, what is kept in the books; on SQLite and PostgreSQL.

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

use std::sync::Arc;

use salus_lake::catalog::{
    At, Catalog, CatalogError, Collision, Column, ColumnType, Commit, Fault, LoadStatus,
    LoadUpdate, Namesake, OnRace, RegisteredView, SourceUpdate, TableCommit, Target,
};
use salus_lake::location::{CatalogUrl, DataUrl};
use salus_lake::store::{DigestTable, Digests};
use sqlx::Executor;

use catalog_support::{BIRTH, commit_of, on_each_database, patient, people};

#[test]
fn a_commit_is_seen_as_it_was_asked_for() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..100, &people::columns())).await;
        let snapshot = lake.add(people::columns(), vec![file.clone()]).await;
        let view = lake.view().await;
        assert_eq!((view.snapshot, view.schema_version, snapshot), (1, 1, 1));
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!(table.columns, people::columns());
        assert_eq!(table.folder, "fhir/Patient/");
        assert_eq!(table.column_id_max, 12);
        let there = &table.files[0];
        assert_eq!((&there.path, there.record_count), (&file.path, 100));
        assert_eq!(
            (there.size_bytes, there.footer_bytes),
            (file.size_bytes, file.footer_bytes)
        );
        assert_eq!((there.row_id_start, there.begin_snapshot), (Some(0), 1));
        assert_eq!(there.stats, file.stats);
        assert_eq!(there.digest, Some(file.digest.clone()));
        let digests = DigestTable::from_view(&view);
        assert_eq!(digests.digest(&file.path).as_deref(), Some(&file.digest));
        let info = lake.catalog.snapshots().await.unwrap().pop().unwrap();
        assert_eq!(
            info.changes,
            r#"created_schema:"fhir",created_table:"fhir"."Patient",inserted_into_table:2"#
        );
        assert_eq!(
            (info.author.as_deref(), info.message.as_deref()),
            (Some("a test"), Some("because"))
        );
        lake
    });
}

#[test]
fn snapshots_are_found_by_number_and_by_time() {
    on_each_database(|lake| async move {
        for start in [0, 10] {
            let file = lake
                .put(people::write(start..start + 10, &people::columns()))
                .await;
            lake.add(people::columns(), vec![file]).await;
        }
        let rows = async |at: At| {
            let view = lake.catalog.view(at).await.unwrap();
            view.table("fhir", "Patient")
                .map_or(0, |table| table.record_count)
        };
        assert_eq!(rows(At::Id(0)).await, 0);
        assert_eq!(rows(At::Id(1)).await, 10);
        assert_eq!(rows(At::Time("2026-11-25T00:01:59Z".to_owned())).await, 10);
        assert_eq!(
            rows(At::Time("2026-11-25 00:02:00+00".to_owned())).await,
            20
        );
        assert_eq!(rows(At::Latest).await, 20);
        let gone = lake.catalog.view(At::Id(9)).await.unwrap_err();
        assert_eq!(gone.to_string(), "there is no snapshot 9");
        let early = lake
            .catalog
            .view(At::Time("2020-01-01T00:00:00Z".to_owned()))
            .await;
        assert!(matches!(early, Err(CatalogError::NoSnapshot { .. })));
        let odd = lake.catalog.view(At::Time("soon".to_owned())).await;
        assert!(matches!(odd, Err(CatalogError::Time { .. })));
        lake
    });
}

#[test]
fn a_clock_that_runs_behind_does_not_reorder_snapshots() {
    on_each_database(|lake| async move {
        let base = lake.view().await;
        let file = lake.put(people::write(0..1, &people::columns())).await;
        let commit = Commit {
            time: "1999-12-31T23:59:59Z".to_owned(),
            ..commit_of(&base, patient(people::columns(), vec![file]))
        };
        lake.catalog.commit(&base, commit).await.unwrap();
        let snapshots = lake.catalog.snapshots().await.unwrap();
        assert_eq!(snapshots[0].time, snapshots[1].time);
        lake
    });
}

#[test]
fn appends_of_two_writers_are_merged() {
    on_each_database(|lake| async move {
        let first = lake.put(people::write(0..10, &people::columns())).await;
        lake.add(people::columns(), vec![first]).await;
        let base = lake.view().await;
        for start in [10, 20] {
            let file = lake
                .put(people::write(start..start + 10, &people::columns()))
                .await;
            let commit = commit_of(&base, patient(people::columns(), vec![file]));
            lake.catalog.commit(&base, commit).await.unwrap();
        }
        let view = lake.view().await;
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!((view.snapshot, table.record_count), (3, 30));
        let starts: Vec<_> = table.files.iter().map(|file| file.row_id_start).collect();
        assert_eq!(starts, [Some(0), Some(10), Some(20)]);
        lake
    });
}

#[test]
fn a_commit_that_must_not_be_merged_conflicts_if_its_table_was_touched() {
    on_each_database(|lake| async move {
        let base = lake.view().await;
        let file = lake.put(people::write(0..10, &people::columns())).await;
        lake.add(people::columns(), vec![file]).await;
        let file = lake.put(people::write(0..10, &people::columns())).await;
        let alone = Commit {
            on_race: OnRace::Refuse,
            ..commit_of(&base, patient(people::columns(), vec![file.clone()]))
        };
        let error = lake.catalog.commit(&base, alone.clone()).await.unwrap_err();
        assert!(matches!(
            error,
            CatalogError::Conflict {
                what: Collision::Touched { base: 0 },
                ..
            }
        ));
        assert_eq!(lake.view().await.snapshot, 1, "nothing happened");
        let base = lake.view().await;
        let other = TableCommit {
            name: "Observation".to_owned(),
            ..patient(vec![Column::leaf(1, "id", ColumnType::Varchar)], Vec::new())
        };
        lake.commit(other).await;
        lake.catalog.commit(&base, alone).await.unwrap();
        lake
    });
}

#[test]
fn two_writers_may_not_delete_from_the_same_file() {
    on_each_database(|lake| async move {
        let file = lake.put(people::write(0..10, &people::columns())).await;
        let path = file.path.clone();
        lake.add(people::columns(), vec![file]).await;
        let base = lake.view().await;
        let id = base.table("fhir", "Patient").unwrap().files[0].id;
        let mut changes = Vec::new();
        for position in [1, 2] {
            let mut table = patient(people::columns(), Vec::new());
            let delete = lake
                .put_deletes(Target::Existing(id), &path, &[position])
                .await;
            table.deletes.push(delete);
            changes.push(table);
        }
        let remove = TableCommit {
            removed: vec![id],
            ..patient(people::columns(), Vec::new())
        };
        lake.catalog
            .commit(&base, commit_of(&base, changes.remove(0)))
            .await
            .unwrap();
        for late in [changes.remove(0), remove.clone()] {
            let error = lake
                .catalog
                .commit(&base, commit_of(&base, late))
                .await
                .unwrap_err();
            assert!(matches!(
                error,
                CatalogError::Conflict {
                    what: Collision::FileDeletes { .. },
                    ..
                }
            ));
        }
        lake.commit(remove).await;
        let delete = lake.put_deletes(Target::Existing(id), &path, &[3]).await;
        let mut late = patient(people::columns(), Vec::new());
        late.deletes.push(delete);
        let error = lake
            .catalog
            .commit(&base, commit_of(&base, late))
            .await
            .unwrap_err();
        assert!(matches!(
            error,
            CatalogError::Conflict {
                what: Collision::FileGone { .. },
                ..
            }
        ));
        let view = lake.view().await;
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!((table.record_count, table.files.len()), (0, 0));
        lake
    });
}

#[test]
fn columns_of_two_writers_merge_or_conflict() {
    on_each_database(|lake| async move {
        let column = |id, name: &str| Column::leaf(id, name, ColumnType::Varchar);
        let id = column(1, "id");
        lake.add(vec![id.clone()], Vec::new()).await;
        let base = lake.view().await;
        lake.add(vec![id.clone(), column(2, "theirs")], Vec::new())
            .await;
        let attempt = async |columns: Vec<Column>| {
            let file = lake.put(people::write(0..1, &people::columns())).await;
            let commit = commit_of(&base, patient(columns, vec![file]));
            lake.catalog.commit(&base, commit).await
        };
        let taken = attempt(vec![id.clone(), column(2, "ours")])
            .await
            .unwrap_err();
        assert!(matches!(
            taken,
            CatalogError::Conflict {
                what: Collision::ColumnId { id: 2, .. },
                ..
            }
        ));
        attempt(vec![id.clone()]).await.unwrap();
        attempt(vec![id.clone(), column(2, "theirs"), column(3, "ours")])
            .await
            .unwrap();
        let lost = lake.catalog.view(At::Latest).await.unwrap();
        let commit = commit_of(&lost, patient(vec![id], Vec::new()));
        let error = lake.catalog.commit(&lost, commit).await.unwrap_err();
        assert!(matches!(
            error,
            CatalogError::InvalidCommit {
                what: Fault::ColumnLost { .. },
                ..
            }
        ));
        let names: Vec<_> = lost
            .table("fhir", "Patient")
            .unwrap()
            .columns
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(names, ["id", "theirs", "ours"]);
        lake
    });
}

#[test]
fn a_commit_that_contradicts_itself_is_refused_and_changes_nothing() {
    on_each_database(|lake| async move {
        let columns = || vec![Column::leaf(1, "id", ColumnType::Varchar)];
        let unknown = TableCommit {
            removed: vec![77],
            ..patient(columns(), Vec::new())
        };
        let named = TableCommit {
            name: "../evil".to_owned(),
            ..patient(columns(), Vec::new())
        };
        let dangling = {
            let mut table = patient(columns(), Vec::new());
            table
                .deletes
                .push(lake.put_deletes(Target::Added(3), "x", &[1]).await);
            table
        };
        let base = lake.view().await;
        for table in [unknown, named, dangling] {
            let error = lake
                .catalog
                .commit(&base, commit_of(&base, table))
                .await
                .unwrap_err();
            assert!(
                matches!(error, CatalogError::InvalidCommit { .. }),
                "{error}"
            );
        }
        let twice = Commit {
            tables: vec![
                patient(columns(), Vec::new()),
                patient(columns(), Vec::new()),
            ],
            ..commit_of(&base, patient(columns(), Vec::new()))
        };
        assert!(lake.catalog.commit(&base, twice).await.is_err());
        assert_eq!(lake.catalog.snapshots().await.unwrap().len(), 1);
        lake
    });
}

#[test]
fn loads_and_sources_are_written_with_the_commit() {
    on_each_database(|lake| async move {
        let load = lake
            .catalog
            .begin_load("salus load x", "2026-11-25T00:00:00Z")
            .await
            .unwrap();
        let source = lake
            .catalog
            .add_source(load, "/x/Patient.ndjson", Some(12))
            .await
            .unwrap();
        assert_eq!((load, source), (1, 1));
        assert_eq!(
            lake.catalog.loads().await.unwrap()[0].status,
            LoadStatus::Running
        );
        let update = LoadUpdate {
            load,
            status: LoadStatus::Complete,
            finished: Some("2026-11-25T00:01:00Z".to_owned()),
            counts: r#"{"resources":10}"#.to_owned(),
            sources: vec![SourceUpdate {
                source,
                size_bytes: None,
                blake3: Some([7; 32]),
                counts: r#"{"lines":10}"#.to_owned(),
            }],
        };
        let file = lake.put(people::write(0..10, &people::columns())).await;
        let base = lake.view().await;
        let bad = Commit {
            load: Some(LoadUpdate {
                load: 99,
                ..update.clone()
            }),
            ..commit_of(&base, patient(people::columns(), vec![file.clone()]))
        };
        assert!(lake.catalog.commit(&base, bad).await.is_err());
        assert_eq!(
            lake.view().await.snapshot,
            0,
            "the data waits for its books"
        );
        let good = Commit {
            load: Some(update.clone()),
            ..commit_of(&base, patient(people::columns(), vec![file]))
        };
        lake.catalog.commit(&base, good).await.unwrap();
        let there = lake.catalog.loads().await.unwrap().remove(0);
        assert_eq!(
            (there.status, there.snapshot),
            (LoadStatus::Complete, Some(1))
        );
        assert_eq!(
            (there.finished, there.counts),
            (update.finished.clone(), update.counts.clone())
        );
        let found = lake.catalog.sources_with(&[7; 32]).await.unwrap();
        assert_eq!(
            (found[0].name.as_str(), found[0].size_bytes),
            ("/x/Patient.ndjson", Some(12))
        );
        assert!(
            lake.catalog
                .sources_with(&[8; 32])
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(lake.catalog.sources(Some(load)).await.unwrap(), found);
        assert_eq!(lake.catalog.snapshots().await.unwrap()[1].load, Some(load));

        let second = lake
            .catalog
            .begin_load("again", "2026-11-25T00:02:00Z")
            .await
            .unwrap();
        let failed = LoadUpdate {
            load: second,
            status: LoadStatus::Failed,
            sources: Vec::new(),
            ..update
        };
        lake.catalog.finish_load(&failed).await.unwrap();
        assert_eq!(
            lake.catalog.loads().await.unwrap()[1].status,
            LoadStatus::Failed
        );
        lake
    });
}

#[test]
fn a_commit_without_changes_makes_no_snapshot() {
    on_each_database(|lake| async move {
        lake.add(vec![Column::leaf(1, "id", ColumnType::Varchar)], Vec::new())
            .await;
        let snapshot = lake
            .add(vec![Column::leaf(1, "id", ColumnType::Varchar)], Vec::new())
            .await;
        assert_eq!(snapshot, 1);
        assert_eq!(lake.catalog.snapshots().await.unwrap().len(), 2);
        lake
    });
}

#[test]
fn many_writers_at_once_lose_nothing() {
    const WRITERS: i64 = 4;
    const COMMITS: i64 = 5;
    on_each_database(|lake| async move {
        lake.add(people::columns(), Vec::new()).await;
        let lake = Arc::new(lake);
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let lake = Arc::clone(&lake);
            writers.spawn(async move {
                // Its own connections, as another process would have.
                let catalog = Catalog::open(&lake.url, &lake.data.data_path())
                    .await
                    .unwrap();
                for number in 0..COMMITS {
                    let start = (writer * COMMITS + number) * 10;
                    let file = lake
                        .put(people::write(start..start + 10, &people::columns()))
                        .await;
                    let base = catalog.view(At::Latest).await.unwrap();
                    let commit = commit_of(&base, patient(people::columns(), vec![file]));
                    catalog.commit(&base, commit).await.unwrap();
                }
                catalog.close().await;
            });
        }
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
        let lake = Arc::into_inner(lake).unwrap();
        let view = lake.view().await;
        let table = view.table("fhir", "Patient").unwrap();
        assert_eq!(view.snapshot, 1 + WRITERS * COMMITS);
        assert_eq!(table.record_count, WRITERS * COMMITS * 10);
        let mut starts: Vec<_> = table
            .files
            .iter()
            .filter_map(|file| file.row_id_start)
            .collect();
        starts.sort_unstable();
        let expected: Vec<i64> = (0..WRITERS * COMMITS).map(|n| n * 10).collect();
        assert_eq!(starts, expected, "no row id is given twice");
        lake
    });
}

#[test]
fn lakes_that_are_not_for_us_are_refused_in_words() {
    on_each_database(|lake| async move {
        let data = lake.data.data_path();
        let other = Catalog::open(&lake.url, "/tmp/").await.unwrap_err();
        assert!(
            matches!(other, CatalogError::DataPathDiffers { .. }),
            "{other}"
        );
        for (key, value, code) in [
            ("version", "2.0", "SAL-CAT-0005"),
            ("encrypted", "true", "SAL-CAT-0006"),
        ] {
            let mut raw = lake.raw().await;
            let before = format!(
                "UPDATE ducklake_metadata SET \"value\" = '{value}' WHERE \"key\" = '{key}'"
            );
            raw.execute(sqlx::AssertSqlSafe(before)).await.unwrap();
            let error = Catalog::open(&lake.url, &data).await.unwrap_err();
            assert_eq!(error.diagnostic().code.as_str(), code);
            let after = if key == "version" { "1.0" } else { "false" };
            let after = format!(
                "UPDATE ducklake_metadata SET \"value\" = '{after}' WHERE \"key\" = '{key}'"
            );
            raw.execute(sqlx::AssertSqlSafe(after)).await.unwrap();
        }
        Catalog::open(&lake.url, &data).await.unwrap().close().await;
        lake
    });
}

#[test]
fn a_missing_lake_is_refused_and_one_that_is_made_twice_is_one() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let url = CatalogUrl::Sqlite(folder.path().join("deep/er/catalog ?#%.sqlite"));
        let missing = Catalog::open(&url, "/data/").await.unwrap_err();
        assert!(matches!(missing, CatalogError::Missing { .. }));
        let (a, b) = tokio::join!(
            Catalog::open_or_create(&url, "/data/", BIRTH),
            Catalog::open_or_create(&url, "/data/", BIRTH),
        );
        for catalog in [a.unwrap(), b.unwrap()] {
            assert_eq!(catalog.snapshots().await.unwrap().len(), 1);
            catalog.close().await;
        }
        assert!(folder.path().join("deep/er/catalog ?#%.sqlite").is_file());
    });
}

#[test]
fn a_lake_whose_folder_was_moved_goes_on() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        let at = |root: &std::path::Path| {
            let url = CatalogUrl::Sqlite(root.join("catalog.sqlite"));
            (url, DataUrl::Local(root.join("data")).data_path())
        };
        let (url, data) = at(&old);
        std::fs::create_dir_all(old.join("data")).unwrap();
        Catalog::create(&url, &data, BIRTH)
            .await
            .unwrap()
            .close()
            .await;
        std::fs::rename(&old, &new).unwrap();
        let (url, data) = at(&new);
        let catalog = Catalog::open(&url, &data).await.unwrap();
        let base = catalog.view(At::Latest).await.unwrap();
        let table = patient(vec![Column::leaf(1, "id", ColumnType::Varchar)], Vec::new());
        catalog
            .commit(&base, commit_of(&base, table))
            .await
            .unwrap();
        catalog.close().await;
        std::fs::create_dir_all(old.join("data")).unwrap();
        let catalog = Catalog::open(&url, &data)
            .await
            .expect("the new place is written down");
        catalog.close().await;
    });
}

#[test]
fn a_password_does_not_appear_in_errors() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = CatalogUrl::parse("postgres://me:s3cret@127.0.0.1:1/db").unwrap();
        let error = Catalog::open(&url, "/data/").await.unwrap_err();
        let shown = format!("{error} {error:?} {}", error.diagnostic());
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("me:…@127.0.0.1:1/db"), "{shown}");
    });
}

fn view_of(name: &str, definition: &str) -> RegisteredView {
    RegisteredView {
        name: name.to_owned(),
        definition: definition.to_owned(),
        created: "2026-01-01T00:00:00Z".to_owned(),
    }
}

#[test]
fn a_registered_view_holds_from_its_snapshot_until_it_is_replaced_or_dropped() {
    on_each_database(|lake| async move {
        let (first, second) = (view_of("bp", "{\"a\":1}"), view_of("bp", "{\"a\":2}"));
        let catalog = &lake.catalog;
        let file = lake.put(people::write(0..10, &people::columns())).await;
        let one = lake.add(people::columns(), vec![file]).await;
        catalog
            .register_view(&first, Namesake::Refuse)
            .await
            .unwrap();
        let refused = catalog.register_view(&second, Namesake::Refuse).await;
        assert!(matches!(refused, Err(CatalogError::ViewExists { name }) if name == "bp"));
        let file = lake.put(people::write(10..20, &people::columns())).await;
        let two = lake.add(people::columns(), vec![file]).await;
        catalog
            .register_view(&second, Namesake::Replace)
            .await
            .unwrap();
        assert_eq!(catalog.registered_views(one - 1).await.unwrap(), []);
        assert_eq!(
            catalog.registered_views(one).await.unwrap(),
            std::slice::from_ref(&first)
        );
        assert_eq!(catalog.registered_views(two).await.unwrap(), [second]);
        catalog.drop_view("bp").await.unwrap();
        assert_eq!(catalog.registered_views(two).await.unwrap(), []);
        assert_eq!(catalog.registered_views(one).await.unwrap(), [first]);
        let gone = catalog.drop_view("bp").await;
        assert!(matches!(gone, Err(CatalogError::NoView { name }) if name == "bp"));
        lake
    });
}
