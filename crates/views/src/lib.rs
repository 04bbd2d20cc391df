//! SQL-on-FHIR ViewDefinitions (v2): read, checked, compiled, run.
//!
//! ```text
//!   JSON ─► ViewDefinition ─► CompiledView ─┬─ run_json    resource by resource, the readable way
//!          (all problems)    (all problems) ├─ run_batch   Arrow columns of the lake, all rows at once
//!                                           └─ run_ndjson  only the wanted elements, then as run_batch
//! ```
//!
//! ```
//! use salus_views::{CompiledView, ViewDefinition};
//!
//! let view = ViewDefinition::parse(r#"{
//!   "resource": "Patient",
//!   "select": [
//!     {"column": [{"name": "id", "path": "getResourceKey()"}]},
//!     {"forEach": "name", "column": [{"name": "family", "path": "family"}]}
//!   ]
//! }"#).unwrap();
//! let view = CompiledView::compile(&view).unwrap();
//!
//! let patient = r#"{"resourceType": "Patient", "id": "p", "name": [{"family": "Chalmers"}, {"family": "Windsor"}]}"#;
//! let now = salus_values::DateTime::parse("2026-01-01T00:00:00Z").unwrap();
//! let rows = view.run_json([patient], &now)?;
//! assert_eq!((rows.num_rows(), rows.num_columns()), (2, 2));
//! # Ok::<(), salus_views::ViewError>(())
//! ```
//!
//! Invariants: the three executions give the same rows in the same order; what keeps a view from running is found
//! before it runs, and all at once, unless it depends on the records; a run holds a bounded part of its input.
//!
//! Not here: where resources and rows come from and go to (`salus-lake`, `salus-engine`), the command line.

pub mod conformance;

mod compile;
mod definition;
mod error;
mod ndjson;
mod output;
mod problem;
mod row;
mod run;
mod vector;

pub use compile::{CompiledView, TableColumn, validate};
pub use definition::{
    At, COLUMNS_MAX, Column, Constant, ConstantValue, Iteration, PathText, SELECT_DEPTH_MAX,
    Select, ViewDefinition,
};
pub use error::{Record, RecordPlace, ViewError};
pub use ndjson::{NdjsonOptions, NdjsonSummary, RefusedCause, RefusedLine, Sink};
pub use output::{ColumnType, Content, FHIR_TYPE_KEY};
pub use problem::SOURCE;
pub use row::{REPEAT_DEPTH_MAX, ROWS_PER_RESOURCE_MAX};
