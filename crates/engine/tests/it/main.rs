//! Sessions over real loads: one binary, so that DataFusion is linked once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod common;
mod corrupt;
mod docs;
mod limits;
mod merges;
mod names;
mod population;
mod real;
mod views;
