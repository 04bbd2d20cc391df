//! The kept seeds of the fuzz targets, among them every input that once found a mistake.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::path::Path;

/// The properties that the fuzz targets hold against any text.
#[path = "../../../fuzz/src/cql.rs"]
mod properties;

/// Runs a property on every seed of a target.
fn on_seeds(target: &str, property: fn(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder.join(target)).unwrap() {
        let path = entry.unwrap().path();
        property(&std::fs::read_to_string(&path).unwrap());
        seeds += 1;
    }
    assert!(seeds >= 5, "only {seeds} seeds");
}

#[test]
fn the_seeds_are_read_printed_and_translated() {
    for target in ["cql_parse", "cql_translate", "cql_evaluate"] {
        on_seeds(target, properties::parse);
        on_seeds(target, properties::translate);
    }
}

#[test]
fn the_seeds_are_evaluated() {
    for target in ["cql_translate", "cql_evaluate"] {
        on_seeds(target, properties::evaluate);
    }
}

#[test]
fn the_seeds_of_elm_are_loaded() {
    on_seeds("elm_load", properties::load);
}
