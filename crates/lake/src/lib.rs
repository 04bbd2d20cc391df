//! The lake: records in, DuckLake commits, verified scans, records out.
//!
//! ```text
//! source ─► ingest (keys, columns, Parquet) ─► store (durable) ─► catalog (one commit) ─► scan (verified) ─► engine
//! ```

pub mod catalog;
pub mod compact;
pub mod doctor;
mod error;
pub mod export;
pub mod ingest;
mod lake;
pub mod location;
pub mod rows;
pub mod scan;
pub mod source;
pub mod store;
mod table_files;

pub use error::LakeError;
pub use lake::{Lake, WriteLock};
pub use salus_columns::Form;
