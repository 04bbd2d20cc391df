//! Row counts and bounds from the catalogue, in DataFusion's form.
//!
//! A file without deleted rows has exact counts, so `count(*)` never opens it. Bounds of
//! text are passed on as inexact: they prune files and row groups but never answer
//! `min` or `max`, since other writers of DuckLake may shorten long texts.

use std::collections::HashMap;

use arrow::datatypes::{DataType, Schema, SchemaRef, TimeUnit};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};

use crate::catalog::{Column, ColumnStats, DataFile};

/// Rows of the file that are not deleted.
pub(super) fn live_rows(file: &DataFile) -> usize {
    let deleted = file.deletes.as_ref().map_or(0, |deletes| deletes.count);
    count(file.record_count.saturating_sub(deleted))
}

/// The statistics of one file for a table of this schema.
pub(super) fn of_file(file: &DataFile, columns: &[Column], schema: &Schema) -> Statistics {
    let ids: HashMap<&str, i64> = columns
        .iter()
        .map(|column| (column.name.as_str(), column.id))
        .collect();
    let stats: HashMap<i64, &ColumnStats> = file
        .stats
        .iter()
        .map(|stats| (stats.column_id, stats))
        .collect();
    let column_statistics = schema
        .fields()
        .iter()
        .map(|field| {
            let found = ids.get(field.name().as_str()).and_then(|id| stats.get(id));
            match found {
                Some(stats) if !field.data_type().is_nested() => {
                    of_column(stats, field.data_type(), file.deletes.is_none())
                }
                _ => ColumnStatistics::new_unknown(),
            }
        })
        .collect();
    Statistics {
        num_rows: Precision::Exact(live_rows(file)),
        total_byte_size: Precision::Inexact(count(file.size_bytes)),
        column_statistics,
    }
}

/// The statistics of a table: its files together.
pub(super) fn of_table(files: &[Statistics], schema: &SchemaRef) -> Statistics {
    if files.is_empty() {
        let mut none = Statistics::new_unknown(schema);
        none.num_rows = Precision::Exact(0);
        return none;
    }
    Statistics::try_merge_iter(files, schema).unwrap_or_else(|_| Statistics::new_unknown(schema))
}

fn of_column(stats: &ColumnStats, ty: &DataType, exact: bool) -> ColumnStatistics {
    let bound_is_exact = exact && !matches!(ty, DataType::Utf8 | DataType::Utf8View);
    let bound = |text: Option<&String>| match text.and_then(|text| parse(text, ty)) {
        Some(value) if bound_is_exact => Precision::Exact(value),
        Some(value) => Precision::Inexact(value),
        None => Precision::Absent,
    };
    let null_count = match usize::try_from(stats.null_count) {
        Ok(nulls) if exact => Precision::Exact(nulls),
        Ok(nulls) => Precision::Inexact(nulls),
        Err(_) => Precision::Absent,
    };
    let mut column = ColumnStatistics::new_unknown();
    column.null_count = null_count;
    if !stats.contains_nan.unwrap_or(false) {
        column.min_value = bound(stats.min.as_ref());
        column.max_value = bound(stats.max.as_ref());
    }
    column
}

/// A bound as the catalogue writes it, as a value of the column's type.
fn parse(text: &str, ty: &DataType) -> Option<ScalarValue> {
    match ty {
        DataType::Boolean => match text {
            "1" | "true" => Some(ScalarValue::Boolean(Some(true))),
            "0" | "false" => Some(ScalarValue::Boolean(Some(false))),
            _ => None,
        },
        DataType::Int32 => Some(ScalarValue::Int32(Some(text.parse().ok()?))),
        DataType::Int64 => Some(ScalarValue::Int64(Some(text.parse().ok()?))),
        DataType::Float64 => {
            let value: f64 = text.parse().ok()?;
            value
                .is_finite()
                .then_some(ScalarValue::Float64(Some(value)))
        }
        DataType::Utf8 => Some(ScalarValue::Utf8(Some(text.to_owned()))),
        DataType::Utf8View => Some(ScalarValue::Utf8View(Some(text.to_owned()))),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            let time: jiff::civil::DateTime = text.replacen(' ', "T", 1).parse().ok()?;
            let micros = jiff::tz::Offset::UTC
                .to_timestamp(time)
                .ok()?
                .as_microsecond();
            Some(ScalarValue::TimestampMicrosecond(Some(micros), None))
        }
        _ => None,
    }
}

fn count(rows: i64) -> usize {
    usize::try_from(rows).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_bound_is_read_as_ducklake_writes_it() {
        let ty = DataType::Timestamp(TimeUnit::Microsecond, None);
        let value = parse("2026-11-25 02:32:01.590597", &ty);
        assert_eq!(
            value,
            Some(ScalarValue::TimestampMicrosecond(
                Some(1_795_573_921_590_597),
                None
            ))
        );
        assert_eq!(parse("soon", &ty), None);
    }
}
