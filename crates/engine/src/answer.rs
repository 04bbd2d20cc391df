//! What a query gives.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

/// The answer to a query, whole in memory.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Names and types of the columns. Text is `Utf8`.
    pub schema: SchemaRef,
    /// The rows, in batches that are not empty.
    pub batches: Vec<RecordBatch>,
    /// Set if rows are missing at the end, because the limits said to cut.
    pub truncated: Option<Truncated>,
}

/// An answer was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncated {
    /// Rows that were given.
    pub rows_max: u64,
}

impl Answer {
    /// Rows in the answer.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
