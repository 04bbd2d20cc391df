//! What the tests of the suite share.

#![allow(dead_code, reason = "each test uses a part")]

pub mod functions;
pub mod libraries;
pub mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use salus_cql::conformance::Suite;

/// The shared part of the official suite. `None`: it is not on this machine, where that may be so.
pub fn shared_suite() -> Option<Suite> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/cql-tests");
    if !folder.is_dir() {
        let in_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(
            !in_ci,
            "the suite of cqframework/cql-tests (tests/cql) must be at {folder:?}/tests"
        );
        return None;
    }
    Some(Suite::read(&folder).unwrap())
}

/// Our own tests in the suite's format.
pub fn own_suite() -> Suite {
    Suite::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ours")).unwrap()
}

/// `suite/group/name` of each excluded test. Each line has the reason, and the sentence that the test contradicts.
pub fn exclusions() -> BTreeSet<String> {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/exclusions.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let name = |line: &str| {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [name, _, sentence] = parts.as_slice() else {
            panic!("`suite/group/name | reason | sentence and link`: {line}");
        };
        assert!(sentence.contains("https://"), "no link: {line}");
        (*name).to_owned()
    };
    lines.map(name).collect()
}
