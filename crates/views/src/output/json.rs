//! Rows as JSON objects, for tests and for reading.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Map, Number, Value as Json};

use super::column_type::{ColumnType, Content};

/// The rows of a batch. Numbers and booleans are JSON's own, complex values objects, everything else text.
pub(crate) fn rows(batch: &RecordBatch, types: &[&ColumnType]) -> Vec<Map<String, Json>> {
    let mut rows = vec![Map::new(); batch.num_rows()];
    let schema = batch.schema_ref();
    for ((field, column), ty) in schema.fields().iter().zip(batch.columns()).zip(types) {
        for (at, row) in rows.iter_mut().enumerate() {
            row.insert(field.name().clone(), value(column, at, ty));
        }
    }
    rows
}

fn value(column: &ArrayRef, at: usize, ty: &ColumnType) -> Json {
    if column.is_null(at) {
        return Json::Null;
    }
    match column.data_type() {
        DataType::Boolean => Json::Bool(column.as_boolean().value(at)),
        DataType::Int32 => Json::from(column.as_primitive::<Int32Type>().value(at)),
        DataType::Int64 => Json::from(column.as_primitive::<Int64Type>().value(at)),
        DataType::Float64 => number(column.as_primitive::<Float64Type>().value(at)),
        DataType::Utf8 => text(column.as_string::<i32>().value(at), ty),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(at);
            (0..items.len()).map(|at| value(&items, at, ty)).collect()
        }
        _ => match ArrayFormatter::try_new(column, &FormatOptions::new()) {
            Ok(formatter) => Json::String(formatter.value(at).to_string()),
            Err(_) => Json::Null,
        },
    }
}

fn text(text: &str, ty: &ColumnType) -> Json {
    let parsed = match ty.content {
        Content::Json => serde_json::from_str(text).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| Json::String(text.to_owned()))
}

/// A whole number is written without a fraction, as FHIR writes it.
fn number(value: f64) -> Json {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT_MAX {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole, and within the exact range"
        )]
        return Json::from(value as i64);
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}
