//! The data files: written durably, read verified.

mod digest;

pub use digest::{BLOCK_BYTES, FileDigest};
