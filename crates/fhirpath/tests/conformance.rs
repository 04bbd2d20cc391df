//! HL7's test suite: all of it passes but what contradicts the specification.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use salus_fhirpath::conformance::{self, Outcome, Suite};
use salus_values::DateTime;

/// `None`: the suite is not on this machine, where that may be so.
fn suite() -> Option<Suite> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/fhirpath");
    if !folder.is_dir() {
        let in_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(
            !in_ci,
            "the suite of FHIR/fhir-test-cases (r4/fhirpath) must be at {folder:?}"
        );
        return None;
    }
    Some(Suite::read(&folder).unwrap())
}

/// `group/name` of each excluded test. Each line has the reason, and the sentence that the test contradicts.
fn exclusions() -> BTreeSet<String> {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/exclusions.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let name = |line: &str| {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [name, _, sentence] = parts.as_slice() else {
            panic!("`group/name | reason | sentence and link`: {line}");
        };
        assert!(sentence.contains("https://"), "no link: {line}");
        (*name).to_owned()
    };
    lines.map(name).collect()
}

/// How many tests are excluded. It may only fall.
const EXCLUSIONS: usize = 0;

#[test]
fn every_test_of_the_suite_passes_unless_it_contradicts_the_specification() {
    let Some(suite) = suite() else { return };
    let excluded = exclusions();
    let now = DateTime::parse("2026-11-25T08:00:00.000Z").unwrap();
    let results = conformance::run(&suite, &now).unwrap();
    assert!(results.len() >= 696, "only {} tests", results.len());
    let mut wrong = Vec::new();
    for result in &results {
        let name = format!("{}/{}", result.group, result.name);
        let passed = result.outcome == Outcome::Passed;
        if passed == excluded.contains(&name) {
            wrong.push(format!(
                "{name}: {}\n    expected {}\n    got      {}",
                result.expression, result.expected, result.got
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} tests:\n{}",
        wrong.len(),
        results.len(),
        wrong.join("\n")
    );
    assert_eq!(
        excluded.len(),
        EXCLUSIONS,
        "exclusions may only become fewer"
    );
}
