//! The operators on the official suite, by an engine that only walks the tree: the engine itself is tested elsewhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod support;

use salus_cql::conformance::{Options, Outcome, Version, run};
use support::walk::Walk;

#[test]
fn the_operators_give_what_the_official_suite_expects() {
    let Some(suite) = support::shared_suite() else {
        return;
    };
    let engine = Walk::at("2026-11-25T08:00:00.000Z");
    let excluded = support::exclusions();
    let options = Options {
        version: Version { major: 2, minor: 0 },
        ..Options::default()
    };
    let results = run(&suite, &engine, &options);
    let mut wrong = Vec::new();
    for result in &results {
        let path = result.test.path();
        let passed = matches!(result.outcome, Outcome::Passed | Outcome::Skipped);
        if passed == excluded.has(&path) {
            wrong.push(format!(
                "{path}: {}\n    expected {}\n    got      {}",
                result.test.expression.trim(),
                result.expected,
                result.got
            ));
        }
    }
    println!("{} tests, {} wrong", results.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_operators_give_what_the_specification_says_beyond_the_suite() {
    let engine = Walk::at("2026-11-25T08:00:00.000Z");
    let results = run(&support::own_suite(), &engine, &Options::default());
    let mut wrong = Vec::new();
    for result in &results {
        // Walking knows no types, by which these are converted.
        if result.outcome != Outcome::Passed && result.test.group != "Implicit" {
            wrong.push(format!(
                "{}: {}\n    expected {}\n    got      {}",
                result.test.path(),
                result.test.expression.trim(),
                result.expected,
                result.got
            ));
        }
    }
    println!("{} tests, {} wrong", results.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
