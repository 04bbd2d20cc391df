//! Evaluation of a [`Program`](crate::program::Program) over records.
//!
//! ```text
//!   Program ──┐
//!   Records ──┼─► Evaluation ──► define(name) ──► Value of Elements
//!   Scene ────┘        │
//!   (clock, terminology, messages)   memo of defines for each patient; what never changes is kept for all
//! ```
//!
//! The walk is over the tree of steps, generic over the records ([`Records`]): JSON of one patient
//! ([`JsonRecords`]) or rows of a lake. Scalars are not allocated; lists, texts and intervals are shared.
//! Everything is bounded ([`Limits`]); passing a bound is a typed refusal.

mod arguments;
mod budget;
mod codes;
mod element;
mod error;
mod evaluation;
mod json;
mod limits;
mod list;
mod notation;
mod observer;
mod property;
mod query;
mod records;
mod relationship;
mod retrieve;
mod selector;
mod step;
mod types;

pub use element::{Element, Instance};
pub use error::{Cause, Failure};
pub use evaluation::Evaluation;
pub use json::{JsonDocuments, JsonRecords, JsonSubject};
pub use limits::Limits;
pub use notation::{json, notation, reference};
pub use observer::{Observer, Unobserved};
pub use records::{CodeFilter, Found, Records, RecordsError, Request};

use salus_values::Value;

/// A value of an evaluation over records whose nodes are `V`.
pub type Item<V> = Value<Element<V>>;

/// Values in order.
pub(crate) type Items<V> = std::sync::Arc<[Item<V>]>;
/// Values by name.
pub(crate) type Named<V> = Vec<(std::sync::Arc<str>, Item<V>)>;

/// What a step gives.
pub(crate) type Outcome<T> = Result<T, Box<Failure>>;
