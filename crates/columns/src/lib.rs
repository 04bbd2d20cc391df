//! Resources as nested Arrow columns, and back; and as FHIR elements in place.
//!
//! ```text
//! JSON text ─► Cursor ─► Object / List / Leaf (only what occurs) ─► RecordBatch ─► ResourceWriter ─► JSON text
//!     │          └─────► Rest: what no column can hold ─► salus_rest ───┤ └────────────────┘
//!     │                                                                └─► Rows ─► RowElement: typed elements
//!     └ lines of NDJSON ─► Projection: only what is wanted ─► RecordBatch ─┘  └──► ElementColumn: whole columns
//! ```
//!
//! Three ways in and out:
//! - [`TableBuilder`] takes every element of a resource, for the lake; [`ResourceWriter`] gives the resource back.
//! - [`ProjectedTables`] take the wanted elements out of NDJSON and skip everything else, for views.
//! - [`Rows`] show a batch of either as elements ([`salus_fhir::view`]) to FHIRPath, and as columns to plans that
//!   work on whole columns.
//!
//! Invariants: a resource that was taken can be written back equal as JSON; a resource that is refused leaves no
//! trace in the batch; an element that never occurs has no column; the elements of a row are those of its JSON, also
//! where no column could hold them.

mod column;
mod cursor;
mod ids;
mod json;
mod key;
mod leaf;
mod lines;
mod list;
mod node;
mod object;
mod project;
mod prune;
mod rest;
mod rows;
mod structure;
mod table;
mod wanted;

pub use column::{Column, ColumnType};
pub use cursor::{Cursor, JsonError, JsonFault};
pub use ids::{ColumnIds, FIELD_ID_KEY, FieldIds, batch_of};
pub use json::{Form, ResourceWriter, WriteError};
pub use lines::{Line, Lines, last_line_end, resource_type};
pub use node::{DIGITS_SUFFIX, ELEMENT};
pub use project::{LineError, ProjectedTable, ProjectedTables};
pub use rest::write_string;
pub use rows::{ElementColumn, Items, RowElement, Rows, Siblings};
pub use table::{
    BATCH_BYTES_MAX, FLAG_ID_ASSIGNED, FLAG_REWRITTEN, META_COLUMNS, Rewrite, RowMeta,
    TableBuilder, is_element,
};
pub use wanted::{Extent, Projection, ProjectionError};

#[cfg(test)]
mod tests;
