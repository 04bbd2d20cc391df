//! The binary as a user meets it: words, exit codes, and the way from records to answers.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod cql;
mod duckdb;
mod errors;
mod help;
mod languages;
mod room;
mod spine;
mod synth;
