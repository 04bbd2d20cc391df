//! Bad pieces of input: kept whole, with the reason, in the table `salus.quarantine`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow::error::ArrowError;

use salus_columns::{ColumnIds, FieldIds, batch_of};
use twox_hash::XxHash3_64;

/// One bad piece of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// The source, by its number.
    pub source: i64,
    /// Byte offset in the decompressed source.
    pub offset: i64,
    /// The code of the reason: `salus explain CODE` tells more.
    pub code: String,
    /// The reason, in words.
    pub reason: String,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
}

impl QuarantineRow {
    /// What tells this piece from others: the same piece of the same source is kept once.
    #[must_use]
    pub fn digest(&self, source_name: &str) -> i64 {
        let mut seed = XxHash3_64::oneshot(source_name.as_bytes());
        seed ^= self.offset.cast_unsigned().rotate_left(17);
        XxHash3_64::oneshot_with_seed(seed, &self.bytes).cast_signed()
    }
}

/// The rows as a batch of `salus.quarantine`. `names` gives a source's name.
///
/// # Errors
/// When Arrow refuses the arrays, which would be a bug.
pub fn batch(
    rows: &[QuarantineRow],
    load: i64,
    names: &dyn Fn(i64) -> String,
    ids: &ColumnIds,
) -> Result<RecordBatch, ArrowError> {
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "load",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|_| load))),
        ),
        (
            "source",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| names(row.source)),
            )),
        ),
        (
            "offset",
            Arc::new(Int64Array::from_iter_values(
                rows.iter().map(|row| row.offset),
            )),
        ),
        (
            "code",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| &row.code),
            )),
        ),
        (
            "reason",
            Arc::new(StringArray::from_iter_values(
                rows.iter().map(|row| &row.reason),
            )),
        ),
        (
            "digest",
            Arc::new(Int64Array::from_iter_values(
                rows.iter().map(|row| row.digest(&names(row.source))),
            )),
        ),
        (
            "bytes",
            Arc::new(BinaryArray::from_iter_values(
                rows.iter().map(|row| &row.bytes),
            )),
        ),
    ];
    batch_of(columns, &mut FieldIds::new(ids))
}
