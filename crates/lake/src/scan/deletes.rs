//! Deleted rows of a data file, as a selection of the rows that remain.
//!
//! A delete file names the positions, counted from 0, of the deleted rows in the one data
//! file it belongs to.

use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use parquet::errors::ParquetError;

use super::error::ScanError;
use crate::catalog::{DataFile, DeleteFile, deletes as catalog_deletes};

/// Reads the delete file of a data file and gives the rows that remain.
///
/// # Errors
/// [`ScanError::DeleteFile`] when it cannot be read, [`ScanError::DeleteCount`] when it
/// does not hold what the catalogue says.
pub(super) async fn remaining_rows(
    store: &Arc<dyn ObjectStore>,
    file: &DataFile,
    deletes: &DeleteFile,
) -> Result<RowSelection, ScanError> {
    let mut positions = read_positions(store, &deletes.path)
        .await
        .map_err(|source| ScanError::DeleteFile {
            path: deletes.path.clone(),
            source,
        })?;
    positions.retain(|position| (0..file.record_count).contains(position));
    if i64::try_from(positions.len()) != Ok(deletes.count) {
        return Err(ScanError::DeleteCount {
            path: deletes.path.clone(),
            data_path: file.path.clone(),
            found: positions.len(),
            expected: deletes.count,
            record_count: file.record_count,
        });
    }
    Ok(selection(&positions, file.record_count))
}

async fn read_positions(
    store: &Arc<dyn ObjectStore>,
    path: &str,
) -> Result<Vec<i64>, ParquetError> {
    let fetch = async { store.get(&Path::from(path)).await?.bytes().await };
    let bytes = fetch
        .await
        .map_err(|error| ParquetError::External(Box::new(error)))?;
    catalog_deletes::read(bytes)
}

/// Skips the positions (sorted, distinct, inside the file) and selects all other rows.
fn selection(positions: &[i64], record_count: i64) -> RowSelection {
    let rows = |count: i64| usize::try_from(count).unwrap_or(0);
    let mut selectors = Vec::with_capacity(positions.len().saturating_mul(2));
    let mut next = 0;
    for &position in positions {
        if position > next {
            selectors.push(RowSelector::select(rows(position - next)));
        }
        selectors.push(RowSelector::skip(1));
        next = position + 1;
    }
    if record_count > next {
        selectors.push(RowSelector::select(rows(record_count - next)));
    }
    // Neighbouring selectors of the same kind are merged by this conversion.
    RowSelection::from(selectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_deletes_become_one_gap() {
        let selectors: Vec<RowSelector> = selection(&[0, 3, 4, 9], 10).into();
        let expected = [
            RowSelector::skip(1),
            RowSelector::select(2),
            RowSelector::skip(2),
            RowSelector::select(4),
            RowSelector::skip(1),
        ];
        assert_eq!(selectors, expected);
    }
}
