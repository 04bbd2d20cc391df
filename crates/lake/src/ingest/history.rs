//! Versions that do not count any more: kept as JSON in the table `salus.history`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::error::ArrowError;
use twox_hash::XxHash3_64;

use salus_columns::{ColumnIds, FieldIds, batch_of};

/// Why a version does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A newer version came.
    Superseded,
    /// It came after a newer version.
    Older,
    /// The resource was deleted.
    Deleted,
}

impl Cause {
    /// The word in the column `cause`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::Older => "older",
            Self::Deleted => "deleted",
        }
    }
}

/// One version that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// Resource type.
    pub resource: String,
    /// Id of the resource.
    pub id: String,
    /// `meta.versionId`.
    pub version: Option<String>,
    /// `meta.lastUpdated`.
    pub last_updated: Option<String>,
    /// The load that put it here.
    pub replaced_by_load: i64,
    /// The load that brought it.
    pub load: i64,
    /// The source that it came from.
    pub source: i64,
    /// Where in that source.
    pub offset: i64,
    /// The resource as JSON.
    pub json: String,
    /// Why it does not count.
    pub cause: Cause,
}

impl HistoryRow {
    /// What tells this version from others: the same version of the same resource is kept once.
    #[must_use]
    pub fn digest(&self) -> i64 {
        let seed = XxHash3_64::oneshot(format!("{}/{}", self.resource, self.id).as_bytes());
        XxHash3_64::oneshot_with_seed(seed, self.json.as_bytes()).cast_signed()
    }
}

/// The rows as a batch of `salus.history`.
///
/// # Errors
/// When Arrow refuses the arrays, which would be a bug.
pub fn batch(rows: &[HistoryRow], ids: &ColumnIds) -> Result<RecordBatch, ArrowError> {
    let text = |get: &dyn Fn(&HistoryRow) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let number = |get: &dyn Fn(&HistoryRow) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(get)))
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("type", text(&|row| Some(row.resource.clone()))),
        ("id", text(&|row| Some(row.id.clone()))),
        ("version", text(&|row| row.version.clone())),
        ("last_updated", text(&|row| row.last_updated.clone())),
        ("replaced_by_load", number(&|row| row.replaced_by_load)),
        ("load", number(&|row| row.load)),
        ("source", number(&|row| row.source)),
        ("offset", number(&|row| row.offset)),
        ("resource", text(&|row| Some(row.json.clone()))),
        ("digest", number(&HistoryRow::digest)),
        ("cause", text(&|row| Some(row.cause.word().to_owned()))),
    ];
    batch_of(columns, &mut FieldIds::new(ids))
}
