//! The published tests of SQL on FHIR, on all three executions.

use std::path::PathBuf;

use salus_values::DateTime;
use salus_views::conformance::{Exclusion, Report, Suite, run_folder, run_suite};

/// Tests that contradict the specification: one line each. Their number may only fall.
const EXCLUDED: &str = include_str!("conformance-exclusions.txt");
/// How many there are.
const EXCLUSIONS: usize = 0;

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
    let exclusions = Exclusion::parse_all(EXCLUDED).unwrap();
    assert_eq!(
        exclusions.len(),
        EXCLUSIONS,
        "exclusions may only become fewer: write down the new number"
    );
    let now = DateTime::parse("2026-01-01T00:00:00Z").unwrap();
    let report = run_folder(&folder, &exclusions, &now).unwrap();
    assert_eq!(report.failed(), 0, "{report}");
    assert_eq!(report.passed() + report.skipped(), 101, "{report}");
}

#[test]
fn what_the_specification_says_beside_its_tests_is_so_in_every_execution() {
    let suite = Suite::parse(include_str!("suite/specification.json")).unwrap();
    let now = DateTime::parse("2026-01-01T00:00:00Z").unwrap();
    let file = run_suite("specification.json", &suite, &[], &now);
    let report = Report { files: vec![file] };
    assert_eq!(report.failed(), 0, "{report}");
    assert_eq!(report.passed(), suite.tests.len());
}

#[test]
fn the_report_has_the_form_in_which_implementations_publish_theirs() {
    let suite = r#"{"title": "t", "resources": [], "tests": [
        {"title": "good", "view": {}, "expectError": true},
        {"title": "bad", "view": {}, "expect": []},
        {"title": "left out", "view": {}, "expect": []}
    ]}"#;
    let suite = Suite::parse(suite).unwrap();
    let exclusions =
        Exclusion::parse_all("# why\na.json | left out | it contradicts a sentence").unwrap();
    let now = DateTime::parse("2026-01-01T00:00:00Z").unwrap();
    let report = Report {
        files: vec![run_suite("a.json", &suite, &exclusions, &now)],
    };
    assert!(
        report
            .to_string()
            .ends_with("passed 1, failed 1, skipped 1"),
        "{report}"
    );
    let json = report.to_json();
    let tests = json["a.json"]["tests"].as_array().unwrap();
    assert_eq!(tests[0]["result"], serde_json::json!({"passed": true}));
    assert_eq!(tests[1]["name"], "bad");
    assert_eq!(tests[1]["result"]["passed"], false);
    assert!(tests[1]["result"]["error"].is_string());
    assert_eq!(tests[1]["result"]["details"].as_object().unwrap().len(), 3);
    assert!(Exclusion::parse_all("a.json | no reason").is_err());
}
