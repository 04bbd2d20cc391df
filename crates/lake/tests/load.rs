//! Records in, records out: what was loaded is what comes back, whatever was loaded twice, newer, older or deleted.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test's helpers may fail as the test does"
)]

mod catalog_support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use salus_base::{Cancel, Limits};
use salus_lake::Form;
use salus_lake::catalog::At;
use salus_lake::export::{ExportRequest, export};
use salus_lake::ingest::{LoadRequest, LoadSummary, Silent, load};
use salus_lake::location::Location;
use salus_lake::{Lake, source};

struct Scene {
    runtime: tokio::runtime::Runtime,
    lake: Lake,
    folder: tempfile::TempDir,
    limits: Limits,
}

fn clock() -> String {
    jiff::Timestamp::now().to_string()
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let catalog = std::env::var("SALUS_TEST_LOAD_POSTGRES").ok();
        let catalog = catalog.map(|server| runtime.block_on(new_database(&server)));
        let data = std::env::var("SALUS_TEST_LOAD_S3").ok();
        let data = data.map(|bucket| format!("{bucket}/{}", uuid::Uuid::new_v4()));
        let lake = folder.path().join("lake");
        let location = Location::resolve(&lake, catalog.as_deref(), data.as_deref()).unwrap();
        let lake = runtime
            .block_on(Lake::open_or_create(&location, &clock()))
            .unwrap();
        Self {
            runtime,
            lake,
            folder,
            limits: Limits::default(),
        }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn load(&self, path: &str) -> LoadSummary {
        let (inputs, _) = source::discover(&[path.to_owned()]).unwrap();
        let request = LoadRequest {
            inputs,
            command: format!("load {path}"),
            workers: 2,
            limits: self.limits,
            layout: salus_lake::ingest::Layout::default(),
            cancel: Cancel::new(),
            clock: &clock,
        };
        load(&self.lake, &request, &Silent).unwrap()
    }

    fn export(&self, form: Form) -> Vec<serde_json::Value> {
        let mut lines = Vec::new();
        self.each(form, &mut |line| {
            lines.push(serde_json::from_str(line).unwrap())
        });
        lines
    }

    fn each(&self, form: Form, take: &mut dyn FnMut(&str)) {
        let view = self
            .runtime
            .block_on(self.lake.catalog().view(At::Latest))
            .unwrap();
        let request = ExportRequest {
            types: vec![],
            patients: vec![],
            form,
        };
        let mut sink = |_: &str, line: &str| {
            take(line);
            Ok(())
        };
        self.runtime
            .block_on(export(
                &self.lake,
                &view,
                &request,
                &Cancel::new(),
                &mut sink,
            ))
            .unwrap();
    }
}

/// Makes a database on the server, and gives its URL.
async fn new_database(server: &str) -> String {
    use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
    sqlx::any::install_default_drivers();
    let name = format!("salus_load_{}", uuid::Uuid::new_v4().simple());
    let mut admin = AnyConnection::connect(server).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    admin.execute(AssertSqlSafe(create)).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// The tests of this file once more, in a process whose lakes lie in PostgreSQL and on S3.
#[test]
fn elsewhere_it_is_the_same() {
    if std::env::var("SALUS_TEST_LOAD_POSTGRES").is_ok() {
        return;
    }
    let postgres =
        catalog_support::setting("SALUS_TEST_POSTGRES", "the URL of a PostgreSQL server");
    let endpoint = catalog_support::setting("SALUS_TEST_S3_ENDPOINT", "an S3 server");
    let (Some(postgres), Some(endpoint)) = (postgres, endpoint) else {
        return;
    };
    let bucket = format!("salus-load-{}", uuid::Uuid::new_v4());
    catalog_support::make_bucket(&endpoint, &bucket);
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--skip", "every_shared", "--test-threads=2"])
        .env("SALUS_TEST_LOAD_POSTGRES", postgres)
        .env("SALUS_TEST_LOAD_S3", format!("s3://{bucket}"))
        .env("AWS_ENDPOINT_URL", &endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .status()
        .unwrap();
    assert!(status.success());
}

fn patient(id: &str, version: u32, family: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","meta":{{"versionId":"{version}"}},"name":[{{"family":"{family}"}}]}}"#
    )
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let scene = Scene::new();
    let path = scene.file(
        "a.ndjson",
        &format!("{}\n{}\n", patient("a", 1, "A"), patient("b", 1, "B")),
    );
    let first = scene.load(&path);
    assert_eq!(first.types["Patient"].loaded, 2);
    let second = scene.load(&path);
    assert_eq!(second.snapshot, None);
    assert_eq!(second.types["Patient"].unchanged, 2);
    assert_eq!(second.types["Patient"].loaded, 0);
    assert_eq!(scene.export(Form::AsLoaded).len(), 2);
}

#[test]
fn the_newest_version_counts_and_the_others_are_history() {
    let scene = Scene::new();
    scene.load(&scene.file("1.ndjson", &patient("a", 2, "Two")));
    let older = scene.load(&scene.file("2.ndjson", &patient("a", 1, "One")));
    assert_eq!(older.types["Patient"].older, 1);
    let newer = scene.load(&scene.file("3.ndjson", &patient("a", 3, "Three")));
    assert_eq!(newer.types["Patient"].updated, 1);
    let lines = scene.export(Form::AsLoaded);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["name"][0]["family"], "Three");
    let view = scene
        .runtime
        .block_on(scene.lake.catalog().view(At::Latest))
        .unwrap();
    assert_eq!(view.table("salus", "history").unwrap().record_count, 2);
    assert_eq!(
        scene
            .load(&scene.file("2.ndjson", &patient("a", 1, "One")))
            .snapshot,
        None
    );
}

#[test]
fn deletions_delete_and_a_later_resource_comes_back() {
    let scene = Scene::new();
    scene.load(&scene.file(
        "1.ndjson",
        &format!("{}\n{}\n", patient("a", 1, "A"), patient("b", 1, "B")),
    ));
    let deleted = r#"{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/a"}}]}"#;
    let summary = scene.load(&scene.file("2.json", deleted));
    assert_eq!(summary.types["Patient"].deleted, 1);
    assert_eq!(scene.export(Form::AsLoaded).len(), 1);
    scene.load(&scene.file("3.ndjson", &patient("a", 2, "A2")));
    assert_eq!(scene.export(Form::AsLoaded).len(), 2);
}

#[test]
fn a_bundle_keeps_its_people_together() {
    let scene = Scene::new();
    let bundle = r#"{"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient","name":[{"family":"A"}]},"request":{"method":"POST","url":"Patient"}},
      {"fullUrl":"urn:uuid:22222222-2222-4222-8222-222222222222","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}},"request":{"method":"POST","url":"Observation"}}]}"#;
    scene.load(&scene.file("b.json", bundle));
    let resolved = scene.export(Form::Resolved);
    let observation = resolved
        .iter()
        .find(|line| line["resourceType"] == "Observation")
        .unwrap();
    assert_eq!(
        observation["subject"]["reference"],
        "Patient/11111111-1111-4111-8111-111111111111"
    );
    let as_loaded = scene.export(Form::AsLoaded);
    let observation = as_loaded
        .iter()
        .find(|line| line["resourceType"] == "Observation")
        .unwrap();
    assert_eq!(
        observation["subject"]["reference"],
        "urn:uuid:11111111-1111-4111-8111-111111111111"
    );
    assert!(observation.get("id").is_none());
    assert_eq!(scene.load(&scene.file("b.json", bundle)).snapshot, None);
}

#[test]
fn bad_lines_are_kept_and_the_rest_is_loaded() {
    let scene = Scene::new();
    let text = format!(
        "{}\n{{\"resourceType\":\"Patient\",\"id\":\n{{\"resourceType\":\"Patiend\",\"id\":\"x\"}}\n{}\n",
        patient("a", 1, "A"),
        patient("b", 1, "B")
    );
    let path = scene.file("a.ndjson", &text);
    let summary = scene.load(&path);
    assert_eq!(
        (summary.types["Patient"].loaded, summary.quarantined),
        (2, 2)
    );
    let again = scene.load(&path);
    assert_eq!(
        (again.quarantined, again.quarantined_before, again.snapshot),
        (0, 2, None)
    );
}

#[test]
fn batches_are_committed_one_after_the_other() {
    let mut scene = Scene::new();
    scene.limits.batch_bytes_max = 3 << 20;
    scene.limits.buffer_bytes_max = 1 << 20;
    let filler = "x".repeat(400);
    let lines: Vec<String> = (0..20_000)
        .map(|n| patient(&format!("p{n}"), 1, &filler))
        .collect();
    let summary = scene.load(&scene.file("a.ndjson", &lines.join("\n")));
    assert!(summary.commits > 1, "{summary:?}");
    assert_eq!(summary.types["Patient"].loaded, 20_000);
    assert_eq!(scene.export(Form::AsLoaded).len(), 20_000);
}

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let missing = "../shared/data is missing: it is the project's shared folder, beside the clone";
    assert!(path.exists() || std::env::var("CI").is_err(), "{missing}");
    path.exists().then_some(path)
}

/// A digest of a resource as JSON that does not depend on the order of keys, but on every digit.
fn fingerprint(json: &str) -> u128 {
    let value: serde_json::Value = serde_json::from_str(&quote_numbers(json)).unwrap();
    twox_hash::XxHash3_128::oneshot(value.to_string().as_bytes())
}

fn quote_numbers(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 64);
    let bytes = json.as_bytes();
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        let start = at;
        let byte = bytes[at];
        at += 1;
        if in_string {
            if byte == b'\\' {
                at += 1;
            } else if byte == b'"' {
                in_string = false;
            }
            out.push_str(std::str::from_utf8(&bytes[start..at]).unwrap_or_else(|_| {
                while std::str::from_utf8(&bytes[start..at]).is_err() {
                    at += 1;
                }
                std::str::from_utf8(&bytes[start..at]).unwrap()
            }));
        } else if byte == b'-' || byte.is_ascii_digit() {
            while at < bytes.len()
                && (bytes[at].is_ascii_alphanumeric() || b"+-.".contains(&bytes[at]))
            {
                at += 1;
            }
            out.push_str("\"#");
            out.push_str(&json[start..at]);
            out.push('"');
        } else {
            in_string = byte == b'"';
            out.push(char::from(byte));
        }
    }
    out
}

#[test]
fn every_shared_record_comes_back_equal() {
    let Some(shared) = shared() else { return };
    let mut checked = 0;
    for folder in std::fs::read_dir(&shared).unwrap() {
        let folder = folder.unwrap().path();
        let sources = ndjson_files(&folder);
        if sources.is_empty() {
            continue;
        }
        let scene = Scene::new();
        let mut expected: BTreeMap<(String, String), Vec<u128>> = BTreeMap::new();
        for path in &sources {
            each_line(path, &mut |line| {
                let (kind, id) = name_of(line);
                expected
                    .entry((kind, id))
                    .or_default()
                    .push(fingerprint(line));
            });
        }
        scene.load(&folder.display().to_string());
        let mut seen = 0;
        scene.each(Form::AsLoaded, &mut |line| {
            let name = name_of(line);
            let known = expected
                .get(&name)
                .unwrap_or_else(|| panic!("{name:?} was not loaded"));
            assert!(
                known.contains(&fingerprint(line)),
                "{name:?} differs: {line}"
            );
            seen += 1;
        });
        assert_eq!(seen, expected.len(), "{}", folder.display());
        checked += seen;
    }
    assert!(checked > 100_000, "{checked}");
}

fn name_of(line: &str) -> (String, String) {
    #[derive(serde::Deserialize)]
    struct Name {
        #[serde(rename = "resourceType")]
        kind: String,
        #[serde(default)]
        id: String,
    }
    let name: Name = serde_json::from_str(line).unwrap();
    (name.kind, name.id)
}

fn ndjson_files(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    files
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.to_string_lossy().contains(".ndjson"))
        .collect()
}

fn each_line(path: &Path, take: &mut dyn FnMut(&str)) {
    use std::io::BufRead;
    let file = std::fs::File::open(path).unwrap();
    let reader: Box<dyn std::io::Read> =
        if path.extension().is_some_and(|extension| extension == "gz") {
            Box::new(flate2::read::MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
    for line in std::io::BufReader::new(reader).lines() {
        let line = line.unwrap();
        if !line.trim().is_empty() {
            take(&line);
        }
    }
}

#[test]
fn compacting_gives_each_file_buckets_of_its_own_and_loses_nothing() {
    let scene = Scene::new();
    for part in 0..4 {
        let lines: Vec<String> = (0..300)
            .map(|n| patient(&format!("p{part}-{n}"), 1, "A"))
            .collect();
        scene.load(&scene.file(&format!("{part}.ndjson"), &lines.join("\n")));
    }
    scene.load(&scene.file("again.ndjson", &patient("p0-7", 2, "B")));
    let before = sorted(scene.export(Form::AsLoaded));
    let options = salus_lake::compact::CompactOptions {
        file_rows_max: 200,
        ..salus_lake::compact::CompactOptions::default()
    };
    let compact = || {
        let (now, cancel) = (clock(), Cancel::new());
        let work = salus_lake::compact::compact(&scene.lake, options, &now, &cancel);
        scene.runtime.block_on(work).unwrap()
    };
    let compacted = compact();
    assert_eq!(sorted(scene.export(Form::AsLoaded)), before);
    assert_eq!(before.len(), 1_200);
    assert_eq!(compacted.rows_dropped, 1);
    let ranges = bucket_ranges(&scene, "Patient");
    assert!(ranges.len() >= 5, "{ranges:?}");
    let disjoint = ranges.windows(2).all(|pair| pair[0].1 < pair[1].0);
    assert!(disjoint, "{ranges:?}");
    assert_eq!(
        compact().snapshot,
        None,
        "a second time there is nothing to do"
    );
}

fn sorted(mut lines: Vec<serde_json::Value>) -> Vec<serde_json::Value> {
    lines.sort_by_key(|line| line["id"].as_str().unwrap_or_default().to_owned());
    lines
}

/// The first and the last bucket of each data file of a table, by the statistics, in order.
fn bucket_ranges(scene: &Scene, table: &str) -> Vec<(i64, i64)> {
    let view = scene
        .runtime
        .block_on(scene.lake.catalog().view(At::Latest));
    let view = view.unwrap();
    let table = view.table("fhir", table).unwrap();
    let column = table
        .columns
        .iter()
        .find(|column| column.name == "salus_bucket");
    let column = column.unwrap().id;
    let bound = |bound: &Option<String>| bound.as_ref().unwrap().parse::<i64>().unwrap();
    let of_file = |file: &salus_lake::catalog::DataFile| {
        let stats = file.stats.iter().find(|stats| stats.column_id == column);
        let stats = stats.unwrap();
        (bound(&stats.min), bound(&stats.max))
    };
    let mut ranges: Vec<(i64, i64)> = table.files.iter().map(of_file).collect();
    ranges.sort_unstable();
    ranges
}
