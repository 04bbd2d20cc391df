//! Killed at any moment, out of disk, or with damaged files: what was acknowledged is there, nothing is half there.

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

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use salus_base::{Cancel, Limits};
use salus_lake::Form;
use salus_lake::catalog::At;
use salus_lake::doctor::examine;
use salus_lake::export::{ExportRequest, export};
use salus_lake::ingest::{LoadRequest, LoadSummary, Silent, load};
use salus_lake::location::Location;
use salus_lake::{Lake, LakeError, source};

/// Moments at which the loader is killed. CI takes the bar of the issue; a longer run sets `SALUS_KILLS`.
const KILLS: usize = 200;
const FILES: usize = 6;
const ROWS: usize = 150;

fn clock() -> String {
    jiff::Timestamp::now().to_string()
}

fn open(runtime: &tokio::runtime::Runtime, folder: &Path) -> Lake {
    let location = Location::resolve(folder, None, None).unwrap();
    runtime
        .block_on(Lake::open_or_create(&location, &clock()))
        .unwrap()
}

fn load_file(lake: &Lake, path: &Path) -> Result<LoadSummary, LakeError> {
    let (inputs, _) = source::discover(&[path.display().to_string()]).unwrap();
    let request = LoadRequest {
        inputs,
        command: "test".to_owned(),
        workers: 2,
        limits: Limits::default(),
        layout: salus_lake::ingest::Layout::default(),
        cancel: Cancel::new(),
        clock: &clock,
    };
    load(lake, &request, &Silent)
}

/// Each file has as many patients as observations, and an update of one patient of the file before.
fn write_sources(folder: &Path) {
    for file in 0..FILES {
        let mut text = String::new();
        for row in 0..ROWS {
            text += &format!(
                "{{\"resourceType\":\"Patient\",\"id\":\"p{file}-{row}\",\"meta\":{{\"versionId\":\"1\"}}}}\n"
            );
            text += &format!(
                "{{\"resourceType\":\"Observation\",\"id\":\"o{file}-{row}\",\"status\":\"final\",\"code\":{{\"text\":\"x\"}},\"subject\":{{\"reference\":\"Patient/p{file}-{row}\"}}}}\n"
            );
        }
        if let Some(before) = file.checked_sub(1) {
            text += &format!(
                "{{\"resourceType\":\"Patient\",\"id\":\"p{before}-0\",\"meta\":{{\"versionId\":\"2\"}}}}\n"
            );
        }
        std::fs::write(folder.join(format!("{file}.ndjson")), text).unwrap();
    }
}

/// Not a test of its own: the process that [`a_killed_load_loses_nothing_and_shows_nothing_half`] kills.
#[test]
fn child_that_loads() {
    let Ok(folder) = std::env::var("SALUS_TEST_KILLED_LAKE") else {
        return;
    };
    let folder = Path::new(&folder);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = open(&runtime, &folder.join("lake"));
    for file in 0..FILES {
        load_file(&lake, &folder.join(format!("{file}.ndjson"))).unwrap();
        println!("\nacknowledged {file}");
        std::io::stdout().flush().unwrap();
    }
}

/// Starts the child, kills it after `patience`, and gives how many files it acknowledged.
fn load_and_kill(folder: &Path, patience: Duration) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "child_that_loads",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("SALUS_TEST_KILLED_LAKE", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        lines
            .filter(|line| line.starts_with("acknowledged "))
            .count()
    });
    std::thread::sleep(patience);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

/// Ids in the lake, by type; checks that no id is there twice.
fn ids(runtime: &tokio::runtime::Runtime, lake: &Lake) -> (Vec<String>, Vec<String>) {
    let view = runtime.block_on(lake.catalog().view(At::Latest)).unwrap();
    let request = ExportRequest {
        types: vec![],
        patients: vec![],
        form: Form::AsLoaded,
    };
    let (mut patients, mut observations) = (Vec::new(), Vec::new());
    let mut sink = |kind: &str, line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let list = if kind == "Patient" {
            &mut patients
        } else {
            &mut observations
        };
        list.push(value["id"].as_str().unwrap().to_owned());
        Ok(())
    };
    runtime
        .block_on(export(lake, &view, &request, &Cancel::new(), &mut sink))
        .unwrap();
    for list in [&mut patients, &mut observations] {
        let all = list.len();
        list.sort();
        list.dedup();
        assert_eq!(list.len(), all, "an id is there twice");
    }
    (patients, observations)
}

fn check(folder: &Path, acknowledged: usize) -> usize {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = open(&runtime, &folder.join("lake"));
    let (patients, observations) = ids(&runtime, &lake);
    let mut whole = 0;
    for file in 0..FILES {
        let of = |list: &[String], letter: char| {
            list.iter()
                .filter(|id| id.starts_with(&format!("{letter}{file}-")))
                .count()
        };
        let (p, o) = (of(&patients, 'p'), of(&observations, 'o'));
        // The file after it brings one of its patients again.
        let only_the_update = p == 1 && o == 0;
        assert!(
            p == o && (p == 0 || p == ROWS),
            "file {file} is half there: {p} patients, {o} observations ({only_the_update})"
        );
        whole += usize::from(p == ROWS);
    }
    assert!(
        whole >= acknowledged,
        "{acknowledged} files were acknowledged, {whole} are there"
    );
    assert_eq!(whole, (0..whole).count());
    let examination = runtime
        .block_on(examine(&lake, &Cancel::new(), &|_| {}))
        .unwrap();
    assert!(!examination.is_sick(), "{:?}", examination.findings);
    whole
}

#[test]
fn a_killed_load_loses_nothing_and_shows_nothing_half() {
    if std::env::var("SALUS_TEST_KILLED_LAKE").is_ok() {
        return;
    }
    let kills = std::env::var("SALUS_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let mut killed = 0;
    let mut states = [0; FILES + 1];
    while killed < kills {
        let folder = tempfile::tempdir().unwrap();
        write_sources(folder.path());
        // Kill the same lake again and again, until a run gets through.
        loop {
            let acknowledged = load_and_kill(
                folder.path(),
                Duration::from_micros(random.random_range(2_000..400_000)),
            );
            killed += 1;
            let whole = check(folder.path(), acknowledged);
            states[whole] += 1;
            if whole == FILES || killed >= kills {
                break;
            }
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let lake = open(&runtime, &folder.path().join("lake"));
        for file in 0..FILES {
            load_file(&lake, &folder.path().join(format!("{file}.ndjson"))).unwrap();
        }
        drop(lake);
        assert_eq!(check(folder.path(), FILES), FILES);
    }
    assert!(
        states.iter().filter(|count| **count > 0).count() > 2,
        "the kills all hit the same moment: {states:?}"
    );
}

#[test]
fn a_full_disk_is_an_error_and_the_lake_stays_whole() {
    let mount = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1500k", "tmpfs"])
        .arg(mount.path())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: a small tmpfs cannot be mounted here");
        return;
    }
    let outcome = std::panic::catch_unwind(|| fill(mount.path()));
    let unmounted = Command::new("umount").arg(mount.path()).status().unwrap();
    assert!(unmounted.success());
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

fn fill(mount: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = open(&runtime, &mount.join("lake"));
    let sources = tempfile::tempdir().unwrap();
    let mut loaded = 0;
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(3);
    let failure = (0..200).find_map(|round| {
        let path = sources.path().join(format!("{round}.ndjson"));
        let lines: Vec<String> = (0..400)
            .map(|row| {
                let noise: String = (0..60).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect();
                format!("{{\"resourceType\":\"Patient\",\"id\":\"{round}-{row}\",\"name\":[{{\"family\":\"{noise}\"}}]}}")
            })
            .collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        match load_file(&lake, &path) {
            Ok(_) => {
                loaded += 400;
                None
            }
            Err(error) => Some(error),
        }
    });
    let failure = failure.expect("the disk never filled up");
    let text = format!("{:?}", failure.diagnostic()).to_lowercase();
    assert!(text.contains("space") || text.contains("full"), "{text}");
    let (patients, _) = ids(&runtime, &lake);
    assert_eq!(patients.len(), loaded);
}

/// A lake with one load, and the paths of its data files.
fn small_lake(folder: &Path) -> (tokio::runtime::Runtime, Lake, Vec<std::path::PathBuf>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = open(&runtime, &folder.join("lake"));
    write_sources(folder);
    load_file(&lake, &folder.join("0.ndjson")).unwrap();
    let files = walkdir::WalkDir::new(folder.join("lake/data"))
        .sort_by_file_name()
        .into_iter();
    let files = files
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .collect();
    (runtime, lake, files)
}

fn read_all(runtime: &tokio::runtime::Runtime, lake: &Lake) -> Result<(), LakeError> {
    let view = runtime.block_on(lake.catalog().view(At::Latest)).unwrap();
    let request = ExportRequest {
        types: vec![],
        patients: vec![],
        form: Form::AsLoaded,
    };
    let counts = runtime.block_on(export(
        lake,
        &view,
        &request,
        &Cancel::new(),
        &mut |_, _| Ok(()),
    ));
    counts.map(|_| ())
}

fn assert_detected(runtime: &tokio::runtime::Runtime, lake: &Lake, what: &str) {
    let examination = runtime
        .block_on(examine(lake, &Cancel::new(), &|_| {}))
        .unwrap();
    assert!(examination.is_sick(), "the doctor did not see: {what}");
    assert!(
        read_all(runtime, lake).is_err(),
        "a scan did not refuse: {what}"
    );
}

#[test]
fn damaged_files_are_seen_by_the_doctor_and_refused_at_scan() {
    let folder = tempfile::tempdir().unwrap();
    let (runtime, lake, files) = small_lake(folder.path());
    read_all(&runtime, &lake).unwrap();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(11);
    for path in &files {
        let whole = std::fs::read(path).unwrap();
        for _ in 0..40 {
            let mut bytes = whole.clone();
            let at = random.random_range(0..bytes.len());
            bytes[at] ^= 1 << random.random_range(0..8);
            std::fs::write(path, &bytes).unwrap();
            assert_detected(
                &runtime,
                &lake,
                &format!("bit flipped at byte {at} of {}", path.display()),
            );
        }
        for keep in [0, 1, whole.len() / 2, whole.len() - 1] {
            std::fs::write(path, &whole[..keep]).unwrap();
            assert_detected(
                &runtime,
                &lake,
                &format!("cut to {keep} bytes: {}", path.display()),
            );
        }
        std::fs::remove_file(path).unwrap();
        assert_detected(&runtime, &lake, "a missing file");
        std::fs::write(path, &whole).unwrap();
        read_all(&runtime, &lake).unwrap();
    }
}

#[test]
fn swapped_files_are_seen_by_the_doctor_and_refused_at_scan() {
    let folder = tempfile::tempdir().unwrap();
    let (runtime, lake, files) = small_lake(folder.path());
    let [one, other] = files.as_slice() else {
        panic!("{files:?}")
    };
    let aside = one.with_extension("aside");
    std::fs::rename(one, &aside).unwrap();
    std::fs::rename(other, one).unwrap();
    std::fs::rename(&aside, other).unwrap();
    assert_detected(&runtime, &lake, "two files swapped");
}
