//! The catalogue's columns as an Arrow schema.
//!
//! Text at the top level is read as `Utf8View`: the reader then hands out views into
//! the dictionary pages instead of copying them. Text inside lists and structs stays
//! `Utf8`, which is what the files say: DataFusion's reader coerces only top-level
//! columns to views, and a cast of a nested column would copy it on every batch.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

use crate::catalog::{Column, ColumnType};

/// The Arrow schema of a table with these columns, in their order.
pub fn arrow_schema(columns: &[Column]) -> SchemaRef {
    let fields: Fields = columns.iter().map(top_level_field).collect();
    Arc::new(Schema::new(fields))
}

/// The Arrow field of one column, as it is stored (text as `Utf8`).
pub fn arrow_field(column: &Column) -> Field {
    Field::new(&column.name, stored_type(column), true)
}

fn top_level_field(column: &Column) -> Field {
    let stored = arrow_field(column);
    match stored.data_type() {
        DataType::Utf8 => stored.with_data_type(DataType::Utf8View),
        DataType::Binary => stored.with_data_type(DataType::BinaryView),
        _ => stored,
    }
}

fn stored_type(column: &Column) -> DataType {
    match column.ty {
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Varchar => DataType::Utf8,
        ColumnType::Blob => DataType::Binary,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnType::Struct => DataType::Struct(column.children.iter().map(arrow_field).collect()),
        ColumnType::List => match column.children.first() {
            Some(element) => DataType::List(Arc::new(arrow_field(element))),
            None => DataType::List(Arc::new(Field::new("element", DataType::Null, true))),
        },
    }
}
