//! Sessions over real loads: one binary, so that DataFusion is linked once.

mod common;
mod corrupt;
mod docs;
mod limits;
mod merges;
mod names;
mod real;
mod views;
