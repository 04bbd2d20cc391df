//! What comes out: typed Arrow columns, and rows as JSON.

pub(crate) mod cell;
pub(crate) mod column_type;
pub(crate) mod gather;
pub(crate) mod json;

pub use column_type::{ColumnType, Content, FHIR_TYPE_KEY};
