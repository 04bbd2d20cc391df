//! The statistics of a whole table: `ducklake_table_stats` and `ducklake_table_column_stats`.
//!
//! They must stay true for all rows, since DuckDB's optimiser believes them: where something is not
//! known for certain, the bound is left out and nulls are assumed.

use std::collections::HashMap;

use sqlx::AnyConnection;

use super::super::columns;
use super::super::sql::{self, Fields, Value};
use super::super::{Column, ColumnStats, ColumnType, NewFile};

/// A row of `ducklake_table_stats`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TableStats {
    pub(super) record_count: i64,
    pub(super) next_row_id: i64,
    pub(super) size_bytes: i64,
}

/// The statistics of tables, by table id.
pub(super) async fn read_table_stats(
    tx: &mut AnyConnection,
) -> Result<HashMap<i64, TableStats>, sqlx::Error> {
    let text =
        "SELECT table_id, record_count, next_row_id, file_size_bytes FROM ducklake_table_stats";
    let mut stats = HashMap::new();
    for row in sql::fetch(tx, text, Vec::new()).await? {
        let mut fields = Fields::of(&row);
        let table = fields.take()?;
        let row = TableStats {
            record_count: fields.take()?,
            next_row_id: fields.take()?,
            size_bytes: fields.take()?,
        };
        stats.insert(table, row);
    }
    Ok(stats)
}

/// A row of `ducklake_table_column_stats`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TableColumnStats {
    contains_null: bool,
    contains_nan: Option<bool>,
    range: Range,
}

/// Where the values of a column lie.
#[derive(Clone, Debug, PartialEq)]
enum Range {
    /// There is no value, only nulls.
    Empty,
    /// Between these two.
    Known(String, String),
    /// Anywhere.
    Unknown,
}

impl TableColumnStats {
    /// The row for the catalogue.
    pub(super) fn row(self, table: i64, column: i64) -> Vec<Value> {
        let (min, max) = match self.range {
            Range::Known(min, max) => (Some(min), Some(max)),
            Range::Empty | Range::Unknown => (None, None),
        };
        vec![
            table.into(),
            column.into(),
            self.contains_null.into(),
            self.contains_nan.into(),
            min.into(),
            max.into(),
            Value::Text(None),
        ]
    }
}

/// The column statistics of one table, by column id.
pub(super) async fn read_column_stats(
    tx: &mut AnyConnection,
    table: i64,
) -> Result<HashMap<i64, TableColumnStats>, sqlx::Error> {
    let text = "SELECT column_id, CAST(contains_null AS INTEGER), CAST(contains_nan AS INTEGER), \
                min_value, max_value FROM ducklake_table_column_stats WHERE table_id = $1";
    let mut stats = HashMap::new();
    for row in sql::fetch(tx, text, vec![table.into()]).await? {
        let mut fields = Fields::of(&row);
        let column = fields.take()?;
        let row = TableColumnStats {
            contains_null: fields.flag()?,
            contains_nan: fields.take::<Option<i64>>()?.map(|flag| flag == 1),
            range: match (fields.take()?, fields.take()?) {
                (Some(min), Some(max)) => Range::Known(min, max),
                _ => Range::Unknown,
            },
        };
        stats.insert(column, row);
    }
    Ok(stats)
}

/// What the table held before the new files.
pub(super) struct Before<'a> {
    pub(super) stats: HashMap<i64, TableColumnStats>,
    /// Whether it had any file.
    pub(super) has_files: bool,
    /// The columns that come with this commit; the files there are have only nulls in them.
    pub(super) new_columns: &'a [i64],
}

/// The statistics of all columns after `added`; those of columns that only others know stay as they are.
pub(super) fn merge(
    mut before: Before<'_>,
    columns: &[Column],
    added: &[NewFile],
) -> Vec<(i64, TableColumnStats)> {
    let files: Vec<HashMap<i64, &ColumnStats>> = added
        .iter()
        .map(|file| {
            file.stats
                .iter()
                .map(|stats| (stats.column_id, stats))
                .collect()
        })
        .collect();
    let mut merged = Vec::new();
    for leaf in columns::flatten(columns) {
        if leaf.ty.is_nested() {
            continue;
        }
        let mut total = match before.stats.remove(&leaf.id) {
            Some(stats) => Some(stats),
            None if !before.has_files => None,
            None if before.new_columns.contains(&leaf.id) => Some(only_nulls(leaf.ty)),
            // Rows of before whose values are not known: no statement about the column at all.
            None => continue,
        };
        for file in &files {
            let next = match file.get(&leaf.id) {
                Some(stats) => of_file(stats),
                None => unknown(),
            };
            total = Some(match total {
                Some(total) => union(total, next, leaf.ty),
                None => next,
            });
        }
        merged.extend(total.map(|total| (leaf.id, total)));
    }
    merged.extend(before.stats);
    merged
}

fn of_file(stats: &ColumnStats) -> TableColumnStats {
    let range = match (&stats.min, &stats.max) {
        _ if stats.value_count == 0 => Range::Empty,
        (Some(min), Some(max)) => Range::Known(min.clone(), max.clone()),
        _ => Range::Unknown,
    };
    TableColumnStats {
        contains_null: stats.null_count > 0,
        contains_nan: stats.contains_nan,
        range,
    }
}

fn only_nulls(ty: ColumnType) -> TableColumnStats {
    TableColumnStats {
        contains_null: true,
        contains_nan: (ty == ColumnType::Float64).then_some(false),
        range: Range::Empty,
    }
}

fn unknown() -> TableColumnStats {
    TableColumnStats {
        contains_null: true,
        contains_nan: None,
        range: Range::Unknown,
    }
}

fn union(a: TableColumnStats, b: TableColumnStats, ty: ColumnType) -> TableColumnStats {
    let contains_nan = match (a.contains_nan, b.contains_nan) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    let range = match (a.range, b.range) {
        (Range::Empty, range) | (range, Range::Empty) => range,
        (Range::Known(min_a, max_a), Range::Known(min_b, max_b)) => {
            match (lower(ty, &min_a, &min_b), lower(ty, &max_a, &max_b)) {
                (Some(a_first), Some(a_lower)) => Range::Known(
                    if a_first { min_a } else { min_b },
                    if a_lower { max_b } else { max_a },
                ),
                _ => Range::Unknown,
            }
        }
        _ => Range::Unknown,
    };
    TableColumnStats {
        contains_null: a.contains_null || b.contains_null,
        contains_nan,
        range,
    }
}

/// Whether bound `a` is lower than `b`, or equal; `None` if they cannot be compared.
fn lower(ty: ColumnType, a: &str, b: &str) -> Option<bool> {
    match ty {
        ColumnType::Boolean | ColumnType::Int32 | ColumnType::Int64 => {
            Some(a.parse::<i64>().ok()? <= b.parse::<i64>().ok()?)
        }
        ColumnType::Float64 => a
            .parse::<f64>()
            .ok()?
            .partial_cmp(&b.parse::<f64>().ok()?)
            .map(std::cmp::Ordering::is_le),
        ColumnType::Varchar | ColumnType::Blob => Some(a <= b),
        // Years of four digits sort as text; others are not worth the trouble.
        ColumnType::Timestamp => {
            let plain = |text: &str| text.as_bytes().get(4) == Some(&b'-');
            (plain(a) && plain(b)).then_some(a <= b)
        }
        ColumnType::Struct | ColumnType::List => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::FileDigest;

    fn stats(id: i64, values: i64, nulls: i64, bounds: Option<(&str, &str)>) -> ColumnStats {
        ColumnStats {
            column_id: id,
            value_count: values,
            null_count: nulls,
            min: bounds.map(|(min, _)| min.to_owned()),
            max: bounds.map(|(_, max)| max.to_owned()),
            ..ColumnStats::default()
        }
    }

    fn file(stats: Vec<ColumnStats>) -> NewFile {
        NewFile {
            path: String::new(),
            record_count: 1,
            size_bytes: 1,
            footer_bytes: 1,
            stats,
            digest: FileDigest::of(b""),
        }
    }

    fn known(min: &str, max: &str, contains_null: bool) -> TableColumnStats {
        TableColumnStats {
            contains_null,
            contains_nan: None,
            range: Range::Known(min.to_owned(), max.to_owned()),
        }
    }

    fn merged(
        before: Option<TableColumnStats>,
        has_files: bool,
        new_columns: &[i64],
        ty: ColumnType,
        files: &[NewFile],
    ) -> Option<TableColumnStats> {
        let before = Before {
            stats: before.into_iter().map(|stats| (1, stats)).collect(),
            has_files,
            new_columns,
        };
        let columns = [Column::leaf(1, "c", ty)];
        merge(before, &columns, files).pop().map(|(_, stats)| stats)
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let added = [file(vec![stats(1, 2, 0, Some(("-10", "9")))])];
        let total = merged(
            Some(known("3", "10", false)),
            true,
            &[],
            ColumnType::Int64,
            &added,
        );
        assert_eq!(total, Some(known("-10", "10", false)));
    }

    #[test]
    fn a_file_of_nulls_keeps_the_bounds() {
        let added = [file(vec![stats(1, 0, 5, None)])];
        let total = merged(
            Some(known("a", "b", false)),
            true,
            &[],
            ColumnType::Varchar,
            &added,
        );
        assert_eq!(total, Some(known("a", "b", true)));
    }

    #[test]
    fn a_file_without_statistics_loosens_everything() {
        let total = merged(
            Some(known("a", "b", false)),
            true,
            &[],
            ColumnType::Varchar,
            &[file(vec![])],
        );
        assert_eq!(total, Some(unknown()));
    }

    #[test]
    fn a_new_column_of_an_old_table_contains_nulls() {
        let added = [file(vec![stats(1, 1, 0, Some(("x", "x")))])];
        let total = merged(None, true, &[1], ColumnType::Varchar, &added);
        assert_eq!(total, Some(known("x", "x", true)));
        let not_known = merged(None, true, &[], ColumnType::Varchar, &added);
        assert_eq!(not_known, None);
        let first = merged(None, false, &[1], ColumnType::Varchar, &added);
        assert_eq!(first, Some(known("x", "x", false)));
    }
}
