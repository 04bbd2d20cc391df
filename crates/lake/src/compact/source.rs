//! A data file that is rewritten, read one range of buckets at a time.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int32Type;
use object_store::ObjectStore;

use crate::error::LakeError;
use crate::ingest::BUCKETS;
use crate::rows::{self, FileRef};

/// The column that says in which bucket a row is.
const BUCKET: &str = "salus_bucket";

/// A file, and where in it the live rows of each bucket are.
#[derive(Debug)]
pub(super) struct Source<'f> {
    file: &'f FileRef,
    /// Runs of live rows of one bucket, in the order of the file.
    runs: Vec<(i32, Range<i64>)>,
}

impl<'f> Source<'f> {
    /// Looks where which bucket is. A file without buckets has one, the first.
    pub(super) async fn open(
        store: &Arc<dyn ObjectStore>,
        file: &'f FileRef,
        rows: i64,
    ) -> Result<Self, LakeError> {
        let live: Vec<i64> = (0..rows)
            .filter(|position| file.deleted.binary_search(position).is_err())
            .collect();
        let batches = rows::read_positions(store, file, &live, Some(&[BUCKET])).await?;
        let mut source = Self {
            file,
            runs: Vec::new(),
        };
        let mut positions = live.iter().copied();
        for batch in &batches {
            source.take(batch, &mut positions);
        }
        positions.for_each(|position| source.add(0, position));
        Ok(source)
    }

    fn take(&mut self, batch: &RecordBatch, positions: &mut impl Iterator<Item = i64>) {
        let buckets = batch.column_by_name(BUCKET);
        let buckets = buckets.and_then(|buckets| buckets.as_primitive_opt::<Int32Type>());
        // Not the other way round: `zip` takes from its first iterator before it knows that the second has ended.
        for (row, position) in (0..batch.num_rows()).zip(positions) {
            let valid = buckets.filter(|buckets| buckets.is_valid(row));
            self.add(valid.map_or(0, |buckets| buckets.value(row)), position);
        }
    }

    fn add(&mut self, bucket: i32, position: i64) {
        match self.runs.last_mut() {
            Some((last, run)) if *last == bucket && run.end == position => run.end = position + 1,
            _ => self.runs.push((bucket, position..position + 1)),
        }
    }

    /// The live rows of these buckets, with all columns that the file has.
    pub(super) async fn read(
        &self,
        store: &Arc<dyn ObjectStore>,
        buckets: &RangeInclusive<i32>,
    ) -> Result<Vec<RecordBatch>, LakeError> {
        let wanted = self
            .runs
            .iter()
            .filter(|(bucket, _)| buckets.contains(bucket));
        let positions: Vec<i64> = wanted.flat_map(|(_, run)| run.clone()).collect();
        match positions.is_empty() {
            true => Ok(Vec::new()),
            false => rows::read_positions(store, self.file, &positions, None).await,
        }
    }
}

/// How many live rows each bucket has.
pub(super) fn rows_by_bucket(sources: &[Source<'_>]) -> Vec<i64> {
    let mut rows = vec![0; usize::try_from(BUCKETS).unwrap_or(0)];
    for (bucket, run) in sources.iter().flat_map(|source| &source.runs) {
        let index = usize::try_from(*bucket).unwrap_or(0);
        if let Some(rows) = rows.get_mut(index) {
            *rows += run.end - run.start;
        }
    }
    rows
}
