//! One value of a column as text or as JSON.

use std::fmt::Write as _;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// Appends a value as plain text: nothing for null, JSON for nested values.
pub(super) fn text(array: &dyn Array, row: usize, out: &mut String) {
    if array.is_null(row) {
        return;
    }
    match array.data_type() {
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(row)),
        DataType::Utf8View => out.push_str(array.as_string_view().value(row)),
        DataType::List(_) | DataType::Struct(_) => json(array, row, out),
        _ => scalar(array, row, out),
    }
}

/// Whether values of this type are aligned to the right.
pub(super) fn is_number(ty: &DataType) -> bool {
    ty.is_numeric()
}

/// Appends a value as JSON.
pub(super) fn json(array: &dyn Array, row: usize, out: &mut String) {
    if array.is_null(row) {
        out.push_str("null");
        return;
    }
    match array.data_type() {
        DataType::Null => out.push_str("null"),
        DataType::Utf8 => string(array.as_string::<i32>().value(row), out),
        DataType::Utf8View => string(array.as_string_view().value(row), out),
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            out.push('[');
            for item in 0..items.len() {
                if item > 0 {
                    out.push(',');
                }
                json(&items, item, out);
            }
            out.push(']');
        }
        DataType::Struct(_) => object(array.as_struct(), row, out),
        DataType::Boolean => scalar(array, row, out),
        DataType::Float64 => number(array.as_primitive::<Float64Type>().value(row), out),
        DataType::Float32 => number(
            f64::from(array.as_primitive::<Float32Type>().value(row)),
            out,
        ),
        // RFC 3339, which says that it is UTC, as JSON readers expect.
        DataType::Timestamp(_, None) => {
            let mut words = String::new();
            scalar(array, row, &mut words);
            string(&format!("{}Z", words.replacen(' ', "T", 1)), out);
        }
        ty if ty.is_integer() => scalar(array, row, out),
        _ => {
            let mut words = String::new();
            scalar(array, row, &mut words);
            string(&words, out);
        }
    }
}

/// Nested objects leave out what is null, as FHIR does.
fn object(array: &arrow::array::StructArray, row: usize, out: &mut String) {
    out.push('{');
    let mut first = true;
    for (field, column) in array.fields().iter().zip(array.columns()) {
        if column.is_null(row) {
            continue;
        }
        if !first {
            out.push(',');
        }
        first = false;
        string(field.name(), out);
        out.push(':');
        json(column, row, out);
    }
    out.push('}');
}

/// JSON has no NaN and no infinity; they are null there.
fn number(value: f64, out: &mut String) {
    if value.is_finite() {
        let _ = write!(out, "{value}");
    } else {
        out.push_str("null");
    }
}

/// Appends a text as a JSON string.
pub(super) fn string(text: &str, out: &mut String) {
    match serde_json::to_string(text) {
        Ok(quoted) => out.push_str(&quoted),
        Err(_) => out.push_str("null"),
    }
}

// Writing to a String cannot fail, so the results are dropped.
fn scalar(array: &dyn Array, row: usize, out: &mut String) {
    macro_rules! whole {
        ($($ty:ident => $arrow:ty),*) => {
            match array.data_type() {
                $(DataType::$ty => {
                    let _ = write!(out, "{}", array.as_primitive::<$arrow>().value(row));
                    return;
                })*
                _ => {}
            }
        };
    }
    whole!(Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type,
        Float32 => Float32Type, Float64 => Float64Type);
    match array.data_type() {
        DataType::Boolean => {
            out.push_str(if array.as_boolean().value(row) {
                "true"
            } else {
                "false"
            });
        }
        DataType::Date32 => date(array.as_primitive::<Date32Type>().value(row), out),
        DataType::Timestamp(unit, None) => time(array, *unit, row, out),
        DataType::Binary => hex(array.as_binary::<i32>().value(row), out),
        _ => fallback(array, row, out),
    }
}

fn date(day: i32, out: &mut String) {
    let epoch = jiff::civil::date(1970, 1, 1);
    match jiff::Span::new()
        .try_days(day)
        .and_then(|span| epoch.checked_add(span))
    {
        Ok(date) => {
            let _ = write!(out, "{date}");
        }
        Err(_) => {
            let _ = write!(out, "{day} days");
        }
    }
}

/// `2020-01-31 08:30:00`, with a fraction only where there is one. Always UTC.
fn time(array: &dyn Array, unit: TimeUnit, row: usize, out: &mut String) {
    let instant = match unit {
        TimeUnit::Second => {
            jiff::Timestamp::from_second(array.as_primitive::<TimestampSecondType>().value(row))
        }
        TimeUnit::Millisecond => jiff::Timestamp::from_millisecond(
            array.as_primitive::<TimestampMillisecondType>().value(row),
        ),
        TimeUnit::Microsecond => jiff::Timestamp::from_microsecond(
            array.as_primitive::<TimestampMicrosecondType>().value(row),
        ),
        TimeUnit::Nanosecond => jiff::Timestamp::from_nanosecond(i128::from(
            array.as_primitive::<TimestampNanosecondType>().value(row),
        )),
    };
    match instant {
        Ok(instant) => {
            let civil = jiff::tz::Offset::UTC.to_datetime(instant);
            let _ = write!(out, "{} {}", civil.date(), civil.time());
        }
        Err(_) => fallback(array, row, out),
    }
}

fn hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
}

fn fallback(array: &dyn Array, row: usize, out: &mut String) {
    let options = FormatOptions::default();
    if let Ok(formatter) = ArrayFormatter::try_new(array, &options) {
        let _ = write!(out, "{}", formatter.value(row));
    }
}
