//! Parquet files of people with nested columns, as the lake's writer makes them: a field id on every field.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema, TimeUnit};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use salus_lake::catalog::{Column, ColumnStats, ColumnType};

/// A Parquet file before it is stored.
pub struct Written {
    pub parquet: Bytes,
    pub record_count: i64,
    pub stats: Vec<ColumnStats>,
}

/// The columns of the first files.
pub fn columns() -> Vec<Column> {
    use ColumnType::*;
    let given = nested(5, "given", List, vec![Column::leaf(6, "element", Varchar)]);
    let name = nested(
        3,
        "element",
        Struct,
        vec![Column::leaf(4, "family", Varchar), given],
    );
    vec![
        Column::leaf(1, "id", Varchar),
        nested(2, "name", List, vec![name]),
        Column::leaf(7, "score", Float64),
        Column::leaf(8, "active", Boolean),
        Column::leaf(9, "n", Int64),
        Column::leaf(10, "small", Int32),
        Column::leaf(11, "at", Timestamp),
        Column::leaf(12, "raw", Blob),
    ]
}

/// The columns after `birthDate` and `name.use` have turned up.
pub fn more_columns() -> Vec<Column> {
    let mut columns = columns();
    columns.push(Column::leaf(13, "birthDate", ColumnType::Varchar));
    let name = &mut columns[1].children[0];
    name.children
        .push(Column::leaf(14, "use", ColumnType::Varchar));
    columns
}

fn nested(id: i64, name: &str, ty: ColumnType, children: Vec<Column>) -> Column {
    Column {
        children,
        ..Column::leaf(id, name, ty)
    }
}

/// People with the numbers in `range` and the columns given.
pub fn write(range: Range<i64>, columns: &[Column]) -> Written {
    let fields: Vec<Field> = columns.iter().map(field).collect();
    let arrays: Vec<ArrayRef> = columns.iter().map(|column| array(column, &range)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    Written {
        parquet: Bytes::from(bytes),
        record_count: range.end - range.start,
        stats: stats(&range, columns),
    }
}

fn field(column: &Column) -> Field {
    let id = HashMap::from([("PARQUET:field_id".to_owned(), column.id.to_string())]);
    Field::new(&column.name, data_type(column), true).with_metadata(id)
}

fn data_type(column: &Column) -> DataType {
    match column.ty {
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Varchar => DataType::Utf8,
        ColumnType::Blob => DataType::Binary,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnType::Struct => DataType::Struct(column.children.iter().map(field).collect()),
        ColumnType::List => DataType::List(Arc::new(field(&column.children[0]))),
    }
}

fn array(column: &Column, range: &Range<i64>) -> ArrayRef {
    let each = || range.clone();
    match column.name.as_str() {
        "id" => Arc::new(StringArray::from_iter_values(
            each().map(|i| format!("p{i:05}")),
        )),
        "name" => names(column, range),
        "score" => Arc::new(Float64Array::from_iter_values(
            each().map(|i| i as f64 / 2.0),
        )),
        "active" => Arc::new(BooleanArray::from_iter(each().map(|i| Some(i % 2 == 0)))),
        "n" => Arc::new(Int64Array::from_iter_values(each())),
        "small" => Arc::new(Int32Array::from_iter_values(each().map(|i| i as i32))),
        "at" => Arc::new(TimestampMicrosecondArray::from_iter_values(
            each().map(|i| i * 1_000_000),
        )),
        "raw" => Arc::new(BinaryArray::from_iter_values(
            each().map(|i| i.to_be_bytes()),
        )),
        "birthDate" => Arc::new(StringArray::from_iter_values(
            each().map(|i| format!("{}", 1900 + i % 100)),
        )),
        other => panic!("no data for {other}"),
    }
}

/// One name per person, with two given names.
fn names(column: &Column, range: &Range<i64>) -> ArrayRef {
    let count = (range.end - range.start) as usize;
    let element = &column.children[0];
    let fields: Fields = element.children.iter().map(field).collect();
    let members: Vec<ArrayRef> = element
        .children
        .iter()
        .map(|member| -> ArrayRef {
            match member.name.as_str() {
                "family" => Arc::new(StringArray::from_iter_values(
                    range.clone().map(|i| format!("F{}", i % 7)),
                )),
                "use" => Arc::new(StringArray::from_iter_values(
                    range.clone().map(|_| "official"),
                )),
                "given" => Arc::new(ListArray::new(
                    Arc::new(field(&member.children[0])),
                    OffsetBuffer::from_lengths(std::iter::repeat_n(2, count)),
                    Arc::new(StringArray::from_iter_values(
                        range.clone().flat_map(|_| ["Ann", "Zoe"]),
                    )),
                    None,
                )),
                other => panic!("no data for {other}"),
            }
        })
        .collect();
    let people = StructArray::new(fields, members, None);
    let element = Arc::new(field(element));
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(1, count));
    Arc::new(ListArray::new(element, offsets, Arc::new(people), None))
}

fn stats(range: &Range<i64>, columns: &[Column]) -> Vec<ColumnStats> {
    let (first, last) = (range.start, range.end - 1);
    let rows = range.end - range.start;
    let ids: Vec<(i64, String)> = leaves(columns);
    ids.into_iter()
        .map(|(column_id, name)| {
            let (min, max) = match name.as_str() {
                "id" => (format!("p{first:05}"), format!("p{last:05}")),
                "family" => ("F0".to_owned(), "F6".to_owned()),
                "element" => ("Ann".to_owned(), "Zoe".to_owned()),
                "use" => ("official".to_owned(), "official".to_owned()),
                "score" => (
                    format!("{:?}", first as f64 / 2.0),
                    format!("{:?}", last as f64 / 2.0),
                ),
                "active" => ("0".to_owned(), "1".to_owned()),
                "n" | "small" => (first.to_string(), last.to_string()),
                "at" => (stamp(first), stamp(last)),
                "raw" => (format!("{first:016X}"), format!("{last:016X}")),
                "birthDate" => ("1900".to_owned(), "1999".to_owned()),
                other => panic!("no statistics for {other}"),
            };
            ColumnStats {
                column_id,
                size_bytes: 100,
                value_count: if name == "element" { 2 * rows } else { rows },
                null_count: 0,
                min: Some(min),
                max: Some(max),
                contains_nan: (name == "score").then_some(false),
            }
        })
        .collect()
}

fn stamp(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap();
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn leaves(columns: &[Column]) -> Vec<(i64, String)> {
    columns
        .iter()
        .flat_map(|column| {
            if column.children.is_empty() {
                vec![(column.id, column.name.clone())]
            } else {
                leaves(&column.children)
            }
        })
        .collect()
}
