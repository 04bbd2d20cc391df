//! Every bad input gets its worded outcome: `bad_inputs/` makes them, the snapshot holds the words.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod bad_inputs;
mod source_support;

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use salus_base::{Diagnostic, Limits};
use salus_lake::source::{FrameKind, SourceError, discover};
use source_support::{ReadBack, read_path};

#[test]
fn every_bad_input_has_its_words() {
    let cases = bad_inputs::all();
    assert!(cases.len() >= 60);
    let names: HashSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "each name occurs once");
    let mut outcomes = String::new();
    for case in &cases {
        let folder = tempfile::tempdir().unwrap();
        let paths = case.place(folder.path());
        let words = outcome(&paths).replace(&folder.path().display().to_string(), "FOLDER");
        writeln!(outcomes, "{}:\n{words}", case.name).unwrap();
    }
    insta::assert_snapshot!("bad_inputs_as_sources", outcomes);
}

fn outcome(paths: &[String]) -> String {
    let mut words = String::new();
    let (inputs, diagnostics) = match discover(paths) {
        Ok(found) => found,
        Err(error) => return line(&error.diagnostic()),
    };
    for diagnostic in &diagnostics {
        words += &line(diagnostic);
    }
    for input in inputs {
        if inputs_are_named(paths) {
            let name = Path::new(&input.name)
                .file_name()
                .unwrap()
                .to_string_lossy();
            writeln!(words, "  {name}").unwrap();
        }
        match read_path(input.kind, &Limits::default()) {
            Ok(read) => words += &read_back(&read),
            Err(error) => words += &failed(&error),
        }
    }
    words
}

fn inputs_are_named(paths: &[String]) -> bool {
    paths.iter().all(|path| Path::new(path).is_dir())
}

fn failed(error: &SourceError) -> String {
    line(&error.diagnostic())
}

fn line(diagnostic: &Diagnostic) -> String {
    let help = diagnostic
        .help
        .as_ref()
        .map(|help| format!("; {help}"))
        .unwrap_or_default();
    format!("  {} {diagnostic}{help}\n", diagnostic.severity)
}

fn read_back(read: &ReadBack) -> String {
    let summary = &read.summary;
    let mut words = String::new();
    for (count, what) in [
        (summary.resources, "resource"),
        (summary.deletes, "deletion"),
    ] {
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            writeln!(words, "  {count} {what}{plural}").unwrap();
        }
    }
    for piece in &read.pieces {
        if let FrameKind::Bad(defect) = &piece.kind {
            let (code, at, kept) = (defect.code(), piece.offset, piece.length);
            writeln!(words, "  bad at {at}, {kept} bytes: {code} {defect}").unwrap();
        }
    }
    for (note, count) in &summary.notes {
        writeln!(words, "  note: {note} ({count})").unwrap();
    }
    words
}
