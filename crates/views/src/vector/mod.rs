//! Views over Arrow batches, all items at once.
//!
//! ```text
//!   path ─► lowering ─► Expression: column operations, and a program for what has none
//!                            │
//!   batch ─► Rows (columns of elements) ─► evaluator ─► Ragged: values, and whose each is ─► columns of the table
//! ```
//!
//! An operation that does not know what to do with the columns at hand stops, and the path is evaluated item by item
//! over the same columns: the result is always the row evaluator's.

mod cells;
mod evaluate;
mod expression;
mod operations;
mod owners;
mod ragged;
mod repeat;
mod rows;
mod select;

pub(crate) use evaluate::Evaluator;
pub(crate) use expression::{Expression, Lowering, Op};
pub(crate) use owners::narrow;
pub(crate) use ragged::{Elements, Picks, Values};
pub(crate) use rows::Rows;
pub(crate) use select::BatchRows;
