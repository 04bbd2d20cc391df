//! What one query may use.

use std::num::NonZeroU64;
use std::time::Duration;

use salus_base::{Cancel, Limits};

/// What one query may use; passing a bound is an error that names it.
#[derive(Debug, Clone)]
pub struct QueryLimits {
    /// Memory of all running queries of the session, in bytes; beyond it they spill to disk.
    pub memory_bytes: usize,
    /// Disk for spilling, in bytes.
    pub spill_bytes_max: u64,
    /// Wall-clock time of one query.
    pub time_max: Duration,
    /// Rows of one answer; `None` for no bound (a stream to a file).
    pub rows_max: Option<NonZeroU64>,
    /// What happens at `rows_max`.
    pub on_rows: OnRows,
    /// Length of the text of a query, in bytes.
    pub text_bytes_max: usize,
    /// Threads that work on one query.
    pub partitions: usize,
    /// The caller's wish to stop, looked at every 50 ms and at every batch.
    pub cancel: Cancel,
}

/// What happens when an answer has more rows than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRows {
    /// The query fails: nobody takes a part for the whole.
    Fail,
    /// The answer is cut and says so in [`crate::Answer::truncated`]. For showing on a screen.
    Cut,
}

impl From<&Limits> for QueryLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            memory_bytes: limits.memory_pool_bytes,
            spill_bytes_max: limits.spill_bytes_max,
            time_max: Duration::from_secs(limits.query_seconds_max),
            rows_max: NonZeroU64::new(limits.query_rows_max),
            on_rows: OnRows::Fail,
            text_bytes_max: limits.query_text_bytes_max,
            partitions: std::thread::available_parallelism().map_or(2, usize::from),
            cancel: Cancel::new(),
        }
    }
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self::from(&Limits::default())
    }
}
