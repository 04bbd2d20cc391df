//! Reading the lake: a DataFusion table over the data files of one snapshot.
//!
//! ```text
//! CatalogView ─► LakeTable ─► FileScanConfig(ParquetSource) ─► verified object store
//!                  │ schema      │ per file: deleted rows as a row selection,
//!                  │ statistics  │ row count and bounds from the catalogue
//!                  └ reshape: files older than a column read as nulls
//! ```
//!
//! Invariants: a table never lists a folder (the catalogue names its files), never
//! returns a deleted row, and every byte comes through the store it was given, which
//! checks lengths and digests. What this module does not do: SQL, sessions, policy.

mod adapter;
mod deletes;
mod error;
mod narrow;
mod patient;
mod reader;
pub(crate) mod reshape;
mod schema;
mod statistics;
mod table;

pub use error::ScanError;
pub use narrow::{Narrow, WantedCodes};
pub use patient::patients_of;
pub use schema::{arrow_field, arrow_schema};
pub use table::LakeTable;

#[cfg(test)]
mod tests;
