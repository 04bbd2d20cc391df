//! What the tests of the suite share.

#![allow(dead_code, reason = "each test uses a part")]

pub mod functions;
pub mod libraries;
pub mod query;
pub mod timing;
pub mod walk;

use std::path::Path;

use salus_cql::conformance::{Exclusions, Suite};

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

/// The tests that contradict the specification.
pub fn exclusions() -> Exclusions {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/exclusions.txt");
    Exclusions::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
}
