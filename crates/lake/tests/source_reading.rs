//! How a source is read: finding it, stopping, failing, telling the progress.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod source_support;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use salus_base::{Cancel, Limits};
use salus_lake::source::{Chunk, Input, InputKind, SourceError, SourceSummary, discover, read};
use source_support::{gzip, read_named, small_limits};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"1"}"#;

fn names(paths: &[&Path]) -> Vec<String> {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let (inputs, diagnostics) = discover(&paths).unwrap();
    assert_eq!(diagnostics, []);
    inputs.into_iter().map(|input| input.name).collect()
}

#[test]
fn folders_are_walked_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in ["b.ndjson", "a/2.json", "a/10.json", "c/d/e"] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), PATIENT).unwrap();
    }
    let wanted = ["a/10.json", "a/2.json", "b.ndjson", "c/d/e"];
    let wanted = wanted.map(|path| root.join(path).display().to_string());
    assert_eq!(names(&[root]), wanted);
    assert_eq!(names(&[&root.join("*/*.json")]), wanted[..2]);
    assert_eq!(names(&[&root.join("**/[de]")]), wanted[3..]);
    assert_eq!(
        names(&[&root.join("c"), &root.join("b.ndjson")]),
        [wanted[3].clone(), wanted[2].clone()]
    );
}

#[test]
fn a_file_is_what_its_name_says_even_if_it_looks_like_a_pattern() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a[1]*.ndjson");
    fs::write(&path, PATIENT).unwrap();
    assert_eq!(names(&[&path]), [path.display().to_string()]);
}

#[test]
fn standard_input_is_named_once() {
    let (inputs, _) = discover(&["-".to_owned(), "-".to_owned()]).unwrap();
    assert_eq!(inputs.len(), 1);
    assert_eq!(inputs[0].kind, InputKind::Stdin);
}

#[test]
fn a_named_pipe_that_is_named_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    let (inputs, _) = discover(&[path.display().to_string()]).unwrap();
    assert_eq!(inputs[0].kind, InputKind::Pipe(path.clone()));
    let writer = std::thread::spawn(move || fs::write(path, format!("{PATIENT}\n{PATIENT}")));
    let (summary, _) = run(&inputs[0], &Cancel::new(), &mut |_| Ok(()));
    assert_eq!(summary.unwrap().resources, 2);
    writer.join().unwrap().unwrap();
}

#[test]
fn a_folder_that_is_read_as_a_file_is_a_worded_error() {
    let folder = tempfile::tempdir().unwrap();
    let Err(error) = read_named(folder.path()) else {
        panic!()
    };
    assert!(matches!(error, SourceError::Read { .. }));
}

type Sink<'s> = &'s mut dyn FnMut(Chunk) -> Result<(), SourceError>;

fn run(
    input: &Input,
    cancel: &Cancel,
    sink: Sink<'_>,
) -> (Result<SourceSummary, SourceError>, Vec<u64>) {
    let progress = RefCell::new(Vec::new());
    let tell = |bytes| progress.borrow_mut().push(bytes);
    let summary = read(input, &small_limits(), cancel, &tell, sink);
    (summary, progress.into_inner())
}

fn file(folder: &Path, bytes: &[u8]) -> Input {
    let path = folder.join("file");
    fs::write(&path, bytes).unwrap();
    Input {
        name: "file".to_owned(),
        kind: InputKind::File(path),
        size_bytes: None,
    }
}

fn many_lines() -> Vec<u8> {
    let line = |i: usize| format!("{{\"resourceType\":\"Patient\",\"id\":\"{}\"}}\n", i * 7919);
    (0..400_000).map(line).collect::<String>().into_bytes()
}

#[test]
fn progress_grows_and_ends_at_the_size_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let lines = many_lines();
    for bytes in [gzip(&lines), lines] {
        let input = file(folder.path(), &bytes);
        let (summary, progress) = run(&input, &Cancel::new(), &mut |_| Ok(()));
        assert_eq!(summary.unwrap().resources, 400_000);
        assert!(progress.len() > 5);
        assert!(progress.is_sorted());
        assert_eq!(progress.last(), Some(&(bytes.len() as u64)));
    }
}

#[test]
fn a_wish_to_stop_stops_between_two_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let input = file(folder.path(), &many_lines());
    let cancel = Cancel::new();
    let mut chunks = 0;
    let (summary, _) = run(&input, &cancel, &mut |_| {
        chunks += 1;
        cancel.cancel();
        Ok(())
    });
    assert!(matches!(summary, Err(SourceError::Cancelled { .. })));
    assert_eq!(chunks, 1);
}

#[test]
fn a_sink_that_fails_ends_the_reading_with_its_error() {
    let folder = tempfile::tempdir().unwrap();
    let input = file(folder.path(), &many_lines());
    let (summary, _) = run(&input, &Cancel::new(), &mut |_| {
        Err(SourceError::sink("full"))
    });
    let error = summary.unwrap_err();
    let cause = error.diagnostic().cause;
    assert_eq!(cause.as_deref(), Some("full"));
}

#[test]
fn a_file_that_changes_between_two_passes_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let entry = format!("{{\"resource\":{PATIENT}}},\n");
    let text = format!(
        "{{\"resourceType\":\"Bundle\",\"entry\":[\n{}null]}}",
        entry.repeat(200_000)
    );
    let input = file(folder.path(), text.as_bytes());
    let path = folder.path().join("file");
    let (summary, _) = run(&input, &Cancel::new(), &mut |_| {
        // The first chunk comes in the second pass.
        let mut changed = text.clone().into_bytes();
        let last = changed.len() - 3;
        changed[last] = b'L';
        fs::write(&path, changed).unwrap();
        Ok(())
    });
    assert!(
        matches!(summary, Err(SourceError::Changed { .. })),
        "{summary:?}"
    );
}

#[test]
fn a_source_over_its_limit_is_read_up_to_there() {
    let folder = tempfile::tempdir().unwrap();
    let input = file(folder.path(), &many_lines());
    let limits = Limits {
        source_bytes_max: 6 << 20,
        ..Limits::default()
    };
    let mut last = String::new();
    let summary = read(&input, &limits, &Cancel::new(), &|_| {}, &mut |chunk| {
        if let Some(salus_lake::source::FrameKind::Bad(defect)) =
            chunk.frames.last().map(|frame| &frame.kind)
        {
            last = defect.to_string();
        }
        Ok(())
    });
    let summary = summary.unwrap();
    assert!(summary.resources > 50_000 && summary.bad == 1);
    assert_eq!(
        last,
        "larger than 6291456 bytes when decompressed: what comes after is not read"
    );
}
