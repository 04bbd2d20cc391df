//! The views that people want first, as data: one SQL file each, with its documentation.
//!
//! A file starts with a comment: one line on what the view is, `@reads TABLE: shape` for
//! each FHIR table (the notation of [`shape`]), `@column name TYPE: meaning` for each
//! column. The SQL after it names a FHIR table in braces, `{Condition}`, and gets it in
//! exactly that shape, so it need not care which elements a lake happens to have.

mod definition;
pub(crate) mod shape;

pub use definition::{ColumnDoc, ViewDoc};
pub(crate) use definition::{View, all};

/// The view `merged_patients` reads the session's own table of this name.
pub(crate) const MERGED_PATIENTS: &str = "merged_patients";
