//! The published tests of SQL on FHIR, on all three executions.

use std::path::PathBuf;

use salus_values::DateTime;
use salus_views::conformance::{Exclusion, run_folder};

/// Tests that contradict the specification: one line each. Their number may only fall.
const EXCLUSIONS: &str = include_str!("conformance-exclusions.txt");
const EXCLUSIONS_MAX: usize = 0;

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/conformance/sql-on-fhir/tests");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the tests of github FHIR/sql-on-fhir-v2 must be in {}",
        folder.display()
    );
    None
}

#[test]
fn every_published_test_passes_over_json_over_columns_and_from_ndjson() {
    let Some(folder) = folder() else { return };
    let exclusions = Exclusion::parse_all(EXCLUSIONS).unwrap();
    assert!(
        exclusions.len() <= EXCLUSIONS_MAX,
        "exclusions may only become fewer"
    );
    let now = DateTime::parse("2026-01-01T00:00:00Z").unwrap();
    let report = run_folder(&folder, &exclusions, &now).unwrap();
    assert_eq!(report.failed(), 0, "{report}");
    assert_eq!(report.passed() + report.skipped(), 101, "{report}");
}
