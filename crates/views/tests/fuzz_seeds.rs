//! The kept seeds of the fuzz targets, among them every input that once found a mistake.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::path::Path;

/// The properties that the fuzz targets hold against any text.
#[path = "../../../fuzz/src/views.rs"]
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
    assert!(seeds > 10, "only {seeds} seeds");
}

#[test]
fn the_seeds_are_checked_compiled_and_run() {
    on_seeds("view_parse", properties::parse);
}

#[test]
fn the_seeds_give_the_same_rows_in_every_execution() {
    on_seeds("view_run", properties::run);
}
