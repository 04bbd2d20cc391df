//! The official suite, and our own tests beyond it, through the translator and the evaluator.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod support;

use salus_cql::conformance::{
    Exclusions, Options, Outcome, Salus, Suite, TestResult, Version, run,
};
use salus_cql::evaluate::{JsonDocuments, JsonRecords};
use salus_cql::operators::Scene;
use salus_values::DateTime;

fn results(suite: &Suite, options: &Options) -> Vec<TestResult> {
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let now = DateTime::parse("2026-11-25T08:00:00.000Z").unwrap();
    run(suite, &Salus::new(Scene::at(now), &records), options)
}

/// Tests that fail, and excluded ones that pass, in words.
fn wrong(results: &[TestResult], excluded: &Exclusions) -> Vec<String> {
    let shown = |result: &TestResult| {
        let (path, expression) = (result.test.path(), result.test.expression.trim());
        let TestResult { expected, got, .. } = result;
        format!("{path}: {expression}\n    expected {expected}\n    got      {got}")
    };
    excluded.wrong(results).into_iter().map(shown).collect()
}

/// How many tests are excluded. It may only fall.
const EXCLUSIONS: usize = 3;

#[test]
fn every_test_of_the_suite_passes_unless_it_contradicts_the_specification() {
    let Some(suite) = support::shared_suite() else {
        return;
    };
    let excluded = support::exclusions();
    let results = results(&suite, &Options::default());
    assert!(results.len() >= 1_356, "only {} tests", results.len());
    let wrong = wrong(&results, &excluded);
    assert!(
        wrong.is_empty(),
        "{} of {} tests:\n{}",
        wrong.len(),
        results.len(),
        wrong.join("\n")
    );
    assert_eq!(
        excluded.all().len(),
        EXCLUSIONS,
        "exclusions may only become fewer"
    );
}

#[test]
fn our_own_tests_beyond_the_suite_pass() {
    let results = results(&support::own_suite(), &Options::default());
    let wrong = wrong(&results, &Exclusions::default());
    assert!(
        wrong.is_empty(),
        "{} of {} tests:\n{}",
        wrong.len(),
        results.len(),
        wrong.join("\n")
    );
}

#[test]
fn tests_of_other_versions_are_skipped_and_counted() {
    let Some(suite) = support::shared_suite() else {
        return;
    };
    let of_2_0 = |test: &salus_cql::conformance::Test| test.version == Version::parse("2.0");
    let results = results(&suite, &Options::default());
    for result in &results {
        if of_2_0(&result.test) {
            assert_eq!(result.outcome, Outcome::Skipped, "{}", result.test.path());
        }
    }
    let skipped = results
        .iter()
        .filter(|result| result.outcome == Outcome::Skipped);
    assert!(skipped.count() >= 11);
}
