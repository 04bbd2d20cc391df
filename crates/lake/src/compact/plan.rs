//! Which data files are worth rewriting, and what becomes of them.
//!
//! Files of the layout hold all buckets of patients when a load wrote them. Once there are many rows, each rewritten
//! file takes a range of buckets of its own: then the rows of one code stand together in long runs, which a scan skips
//! by, and whoever walks patients bucket by bucket opens few files at a time.

use std::ops::RangeInclusive;

use super::CompactOptions;
use crate::catalog::{DataFile, TableView};
use crate::ingest::BUCKETS;

/// How many files with new rows wait beside those that are in order, as a share of all rows: one in this many.
const WAITING_SHARE: i64 = 4;

/// A file as the plan sees it.
#[derive(Debug, Clone, Copy)]
struct Shape {
    rows: i64,
    bytes: i64,
    /// How many buckets it reaches over.
    span: i64,
    has_deletes: bool,
}

/// The files of a table that are to be rewritten, by number; none if it is not worth it.
pub(super) fn worth_rewriting(table: &TableView, options: CompactOptions) -> Vec<usize> {
    let bucket = table
        .columns
        .iter()
        .find(|column| column.name == "salus_bucket");
    let bucket = bucket.map(|column| column.id);
    let shapes: Vec<Shape> = table
        .files
        .iter()
        .map(|file| Shape::of(file, bucket))
        .collect();
    chosen(&shapes, options)
}

fn chosen(shapes: &[Shape], options: CompactOptions) -> Vec<usize> {
    let total = Total::of(shapes.iter());
    let span_max = total.span(options).saturating_mul(2);
    let is_due =
        |shape: &Shape| shape.has_deletes || shape.is_small(options) || shape.span > span_max;
    let due: Vec<usize> = positions(shapes, is_due);
    let waiting = Total::of(due.iter().filter_map(|index| shapes.get(*index)));
    let all = waiting.rows.saturating_mul(WAITING_SHARE) >= total.rows;
    let rewritten = match all {
        true => (0..shapes.len()).collect(),
        false => due,
    };
    match is_settled(&rewritten, shapes, options) {
        true => Vec::new(),
        false => rewritten,
    }
}

fn positions(shapes: &[Shape], wanted: impl Fn(&Shape) -> bool) -> Vec<usize> {
    let numbered = shapes.iter().enumerate();
    numbered
        .filter(|(_, shape)| wanted(shape))
        .map(|(index, _)| index)
        .collect()
}

/// Whether rewriting would give no fewer files, none of them narrower.
fn is_settled(chosen: &[usize], shapes: &[Shape], options: CompactOptions) -> bool {
    let of_chosen = || chosen.iter().filter_map(|index| shapes.get(*index));
    let total = Total::of(of_chosen());
    let after = total.files(options);
    let span = total.span(options).saturating_mul(2);
    of_chosen().all(|shape| !shape.has_deletes && shape.span <= span)
        && i64::try_from(chosen.len()).unwrap_or(i64::MAX) <= after
}

impl Shape {
    fn of(file: &DataFile, bucket: Option<i64>) -> Shape {
        let deleted = file.deletes.as_ref().map_or(0, |deletes| deletes.count);
        Shape {
            rows: file.record_count - deleted,
            bytes: file.size_bytes,
            span: bucket.and_then(|column| span(file, column)).unwrap_or(0),
            has_deletes: deleted > 0,
        }
    }

    fn is_small(&self, options: CompactOptions) -> bool {
        self.rows.saturating_mul(2) < options.file_rows_max
            && self.bytes.saturating_mul(2) < options.file_bytes_max
    }
}

/// How many buckets a file reaches over, by its statistics; nothing if it has none.
fn span(file: &DataFile, bucket: i64) -> Option<i64> {
    let mut stats = file.stats.iter();
    let stats = stats.find(|stats| stats.column_id == bucket)?;
    let (min, max) = (stats.min.as_ref()?, stats.max.as_ref()?);
    Some(max.parse::<i64>().ok()? - min.parse::<i64>().ok()? + 1)
}

/// Rows and bytes of several files.
#[derive(Debug, Clone, Copy)]
struct Total {
    rows: i64,
    bytes: i64,
}

impl Total {
    fn of<'s>(shapes: impl Iterator<Item = &'s Shape>) -> Total {
        shapes.fold(Total { rows: 0, bytes: 0 }, |total, shape| Total {
            rows: total.rows.saturating_add(shape.rows),
            bytes: total.bytes.saturating_add(shape.bytes),
        })
    }

    /// How many files they fill.
    fn files(self, options: CompactOptions) -> i64 {
        let by_rows = self.rows.div_euclid(options.file_rows_max.max(1)) + 1;
        let by_bytes = self.bytes.div_euclid(options.file_bytes_max.max(1)) + 1;
        by_rows.max(by_bytes)
    }

    /// How many buckets each of these files reaches over.
    fn span(self, options: CompactOptions) -> i64 {
        let buckets = i64::try_from(BUCKETS).unwrap_or(i64::MAX);
        (buckets / self.files(options)).max(1)
    }
}

/// Cuts the buckets into as many ranges as the files that their rows fill, about equal in rows. `rows` has the number
/// of rows of each bucket, `bytes` is what all of them take.
pub(super) fn ranges(
    rows: &[i64],
    bytes: i64,
    options: CompactOptions,
) -> Vec<RangeInclusive<i32>> {
    let all: i64 = rows.iter().sum();
    let files = Total { rows: all, bytes }.files(options);
    let share = (all / files + i64::from(all % files > 0)).max(1);
    let mut ranges = Vec::new();
    let (mut start, mut taken) = (0, 0_i64);
    for (bucket, count) in (0_i32..).zip(rows) {
        taken += count;
        if taken >= share {
            ranges.push(start..=bucket);
            (start, taken) = (bucket + 1, 0);
        }
    }
    if taken > 0 {
        let last = i32::try_from(rows.len()).unwrap_or(i32::MAX) - 1;
        ranges.push(start..=last);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: CompactOptions = CompactOptions {
        file_rows_max: 100,
        file_bytes_max: 1_000_000,
    };

    fn shape(rows: i64, span: i64) -> Shape {
        Shape {
            rows,
            bytes: rows,
            span,
            has_deletes: false,
        }
    }

    #[test]
    fn small_files_become_one() {
        assert_eq!(chosen(&[shape(10, 256), shape(20, 256)], OPTIONS), [0, 1]);
        assert_eq!(chosen(&[shape(30, 256)], OPTIONS), [] as [usize; 0]);
    }

    #[test]
    fn large_files_over_all_buckets_become_narrow_ones() {
        let broad = [shape(95, 256), shape(95, 256), shape(95, 256)];
        assert_eq!(chosen(&broad, OPTIONS), [0, 1, 2]);
        let narrow = [shape(95, 85), shape(95, 86), shape(95, 85)];
        assert_eq!(chosen(&narrow, OPTIONS), [] as [usize; 0]);
    }

    #[test]
    fn few_new_rows_wait_beside_files_in_order() {
        let mut files = vec![shape(95, 26); 10];
        files.extend([shape(5, 256), shape(5, 256)]);
        assert_eq!(chosen(&files, OPTIONS), [10, 11]);
        files.truncate(10);
        files.push(shape(10, 256));
        assert_eq!(chosen(&files, OPTIONS), [] as [usize; 0]);
        files.extend(vec![shape(40, 256); 10]);
        assert_eq!(chosen(&files, OPTIONS).len(), 21);
    }

    #[test]
    fn deleted_rows_are_a_reason_of_their_own() {
        let deleted = Shape {
            has_deletes: true,
            ..shape(80, 256)
        };
        assert_eq!(chosen(&[deleted], OPTIONS), [0]);
    }

    #[test]
    fn ranges_share_the_rows() {
        let mut rows = vec![1_i64; 256];
        assert_eq!(ranges(&rows, 0, OPTIONS), [0..=85, 86..=171, 172..=255]);
        if let Some(first) = rows.first_mut() {
            *first = 300;
        }
        let cut = ranges(&rows, 0, OPTIONS);
        assert_eq!(cut.first(), Some(&(0..=0)));
        assert_eq!(cut.last().map(|range| *range.end()), Some(255));
        assert_eq!(ranges(&[0, 0, 7, 0], 0, OPTIONS), [0..=2]);
        assert_eq!(ranges(&[0, 30, 90, 60], 0, OPTIONS), [0..=2, 3..=3]);
        assert_eq!(ranges(&[], 0, OPTIONS), []);
    }
}
