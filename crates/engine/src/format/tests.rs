//! What the formats look like.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int32Array, ListArray, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Int32Type};

use super::*;

fn answer() -> Answer {
    let name: ArrayRef = Arc::new(StringArray::from(vec![Some("a \"b\", c"), None, Some("")]));
    let count: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), Some(20), None]));
    let share: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), Some(2.0), None]));
    let day: ArrayRef = Arc::new(Date32Array::from(vec![Some(0), None, Some(20_000)]));
    let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![
        Some(1_500_000),
        None,
        Some(0),
    ]));
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
    ]));
    let field = Arc::new(Field::new("n", list.data_type().clone(), true));
    let nested: ArrayRef = Arc::new(StructArray::from(vec![(field, list)]));
    let columns = [
        ("name", name),
        ("count", count),
        ("share", share),
        ("day", day),
        ("at", at),
        ("nested", nested),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    Answer {
        schema: batch.schema(),
        batches: vec![batch],
        truncated: None,
    }
}

fn written(format: Format) -> String {
    let mut out = Vec::new();
    write(&answer(), format, &TableStyle::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_table_is_readable() {
    insta::assert_snapshot!(written(Format::Table));
}

#[test]
fn csv_tells_null_from_an_empty_text() {
    insta::assert_snapshot!(written(Format::Csv));
}

#[test]
fn json_keeps_every_column() {
    insta::assert_snapshot!(written(Format::Json));
    insta::assert_snapshot!(written(Format::Ndjson));
}

#[test]
fn markdown_escapes_bars() {
    insta::assert_snapshot!(written(Format::Markdown));
}

#[test]
fn an_empty_answer_is_still_well_formed() {
    let mut answer = answer();
    answer.batches.clear();
    let mut out = Vec::new();
    write(&answer, Format::Json, &TableStyle::default(), &mut out).unwrap();
    assert_eq!(out, b"[]\n");
}

#[test]
fn parquet_starts_and_ends_with_its_magic() {
    let mut out = Vec::new();
    write(&answer(), Format::Parquet, &TableStyle::default(), &mut out).unwrap();
    assert!(out.starts_with(b"PAR1") && out.ends_with(b"PAR1"));
}
