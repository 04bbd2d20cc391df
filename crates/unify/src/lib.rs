//! One feature set for the dependencies that the crates share, so that building one crate alone does not build
//! DataFusion again. It has no code: see its `Cargo.toml`.
