//! Columns of primitive values, filled row by row; rows that are passed over become nulls when the next value
//! comes, so that an element that is absent costs nothing.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, StringArray};
use arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};

use crate::cursor::Cursor;

/// Which rows have a value. Nulls are only written down once the first one comes.
#[derive(Debug, Default)]
pub struct Validity {
    bits: Vec<u8>,
    len: usize,
    nulls: usize,
}

impl Validity {
    /// The number of rows so far.
    #[inline]
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds one row.
    #[inline]
    pub fn push(&mut self, valid: bool) {
        if self.len.is_multiple_of(8) {
            self.bits.push(0);
        }
        if valid {
            if let Some(last) = self.bits.last_mut() {
                *last |= 1 << (self.len % 8);
            }
        } else {
            self.nulls += 1;
        }
        self.len += 1;
    }

    /// Adds nulls up to `rows` rows and gives how many were added.
    #[inline]
    pub fn pad_to(&mut self, rows: usize) -> usize {
        let missing = rows.saturating_sub(self.len);
        if missing > 0 {
            self.nulls += missing;
            self.len = rows;
            self.bits.resize(rows.div_ceil(8), 0);
        }
        missing
    }

    /// The Arrow buffer; `None` where every row has a value.
    #[must_use]
    pub fn finish(self) -> Option<NullBuffer> {
        (self.nulls > 0).then(|| NullBuffer::new(BooleanBuffer::new(self.bits.into(), 0, self.len)))
    }
}

/// A column of text.
#[derive(Debug)]
pub struct Text {
    validity: Validity,
    offsets: Vec<i32>,
    data: Vec<u8>,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            validity: Validity::default(),
            offsets: vec![0],
            data: Vec::new(),
        }
    }
}

impl Text {
    /// The number of rows so far.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.validity.len()
    }

    /// Sets the value of row `row`.
    #[inline]
    pub fn set(&mut self, row: usize, text: &str) {
        self.pad_to(row);
        self.data.extend_from_slice(text.as_bytes());
        self.offsets.push(offset(self.data.len()));
        self.validity.push(true);
    }

    #[inline]
    fn pad_to(&mut self, rows: usize) {
        if self.validity.pad_to(rows) > 0 {
            let end = offset(self.data.len());
            self.offsets.resize(rows + 1, end);
        }
    }

    /// The array of `rows` rows.
    #[must_use]
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.pad_to(rows);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        let nulls = self.validity.finish();
        match StringArray::try_new(offsets, self.data.into(), nulls) {
            Ok(array) => Arc::new(array),
            // Unreachable: every value came from a `&str`. An all-null column keeps the batch whole if not.
            Err(_) => Arc::new(StringArray::new_null(rows)),
        }
    }
}

/// Offsets are 32 bits: a flush holds at most [`crate::table::BATCH_BYTES_MAX`] bytes of JSON.
#[inline]
fn offset(bytes: usize) -> i32 {
    i32::try_from(bytes).unwrap_or(i32::MAX)
}

/// A column of primitive values.
#[derive(Debug)]
pub enum Leaf {
    /// Text: every primitive that is not one of the others, dates too, as written.
    Text(Text),
    /// `boolean`.
    Boolean {
        validity: Validity,
        values: Vec<bool>,
    },
    /// `integer`, `positiveInt`, `unsignedInt`.
    Int32 {
        validity: Validity,
        values: Vec<i32>,
    },
    /// `decimal`: the nearest double, and the digits where the double does not tell them.
    Decimal {
        validity: Validity,
        values: Vec<f64>,
        digits: Option<Text>,
    },
}

impl Leaf {
    /// A column of text.
    #[must_use]
    pub fn text() -> Self {
        Self::Text(Text::default())
    }

    /// A column of booleans.
    #[must_use]
    pub fn boolean() -> Self {
        Self::Boolean {
            validity: Validity::default(),
            values: Vec::new(),
        }
    }

    /// A column of integers.
    #[must_use]
    pub fn int32() -> Self {
        Self::Int32 {
            validity: Validity::default(),
            values: Vec::new(),
        }
    }

    /// A column of decimals.
    #[must_use]
    pub fn decimal() -> Self {
        Self::Decimal {
            validity: Validity::default(),
            values: Vec::new(),
            digits: None,
        }
    }

    /// Whether row `row` has been set.
    #[inline]
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        let validity = match self {
            Self::Text(text) => &text.validity,
            Self::Boolean { validity, .. }
            | Self::Int32 { validity, .. }
            | Self::Decimal { validity, .. } => validity,
        };
        validity.len() > row
    }

    /// Sets row `row` from a JSON number or word; `false` if this column cannot hold it.
    #[inline]
    pub fn set_scalar(&mut self, row: usize, raw: &str) -> bool {
        match self {
            Self::Text(_) => false,
            Self::Boolean { validity, values } => {
                let value = raw == "true";
                if !value && raw != "false" {
                    return false;
                }
                validity.pad_to(row);
                values.resize(row, false);
                values.push(value);
                validity.push(true);
                true
            }
            Self::Int32 { validity, values } => {
                let plain = raw
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'-')
                    && raw != "-0";
                let Some(value) = plain.then(|| raw.parse().ok()).flatten() else {
                    return false;
                };
                validity.pad_to(row);
                values.resize(row, 0);
                values.push(value);
                validity.push(true);
                true
            }
            Self::Decimal {
                validity,
                values,
                digits,
            } => {
                let Ok(value) = raw.parse::<f64>() else {
                    return false;
                };
                validity.pad_to(row);
                values.resize(row, 0.0);
                values.push(if value.is_finite() { value } else { 0.0 });
                validity.push(value.is_finite());
                if !tells_its_digits(raw, value) {
                    digits.get_or_insert_default().set(row, raw);
                }
                true
            }
        }
    }

    /// The arrays of `rows` rows: the column itself, and the digits of decimals if any were needed.
    #[must_use]
    pub fn finish(self, rows: usize) -> (ArrayRef, Option<ArrayRef>) {
        match self {
            Self::Text(text) => (text.finish(rows), None),
            Self::Boolean {
                mut validity,
                mut values,
            } => {
                validity.pad_to(rows);
                values.resize(rows, false);
                (
                    Arc::new(BooleanArray::new(
                        BooleanBuffer::from(values),
                        validity.finish(),
                    )),
                    None,
                )
            }
            Self::Int32 {
                mut validity,
                mut values,
            } => {
                validity.pad_to(rows);
                values.resize(rows, 0);
                (
                    Arc::new(Int32Array::new(values.into(), validity.finish())),
                    None,
                )
            }
            Self::Decimal {
                mut validity,
                mut values,
                digits,
            } => {
                validity.pad_to(rows);
                values.resize(rows, 0.0);
                let array = Arc::new(Float64Array::new(values.into(), validity.finish()));
                (array, digits.map(|digits| digits.finish(rows)))
            }
        }
    }
}

/// Whether writing the double in the shortest way gives back `raw`. Then the double is the decimal, exactly:
/// 15 significant digits always survive the way there and back.
fn tells_its_digits(raw: &str, value: f64) -> bool {
    let digits = raw.bytes().filter(u8::is_ascii_digit).count();
    let shortest = match raw.split_once('.') {
        Some((_, fraction)) => !fraction.ends_with('0'),
        None => true,
    };
    let plain = raw
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if digits <= 15 && raw != "-0" {
        return plain && shortest && !(value == 0.0 && raw.len() > 1);
    }
    value.is_finite() && format!("{value}") == raw
}

/// Reads one JSON value of a primitive element into `leaf`; `None` where the column cannot hold it.
/// Gives the raw text where it does not fit.
#[inline]
pub(super) fn scalar_text<'a>(
    cursor: &mut Cursor<'a>,
) -> Result<&'a str, crate::cursor::JsonError> {
    match cursor.peek() {
        b't' => cursor.word("true").map(|()| "true"),
        b'f' => cursor.word("false").map(|()| "false"),
        _ => cursor.number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::Array;
    use proptest::prelude::*;

    #[test]
    fn only_digits_that_the_double_does_not_tell_are_kept() {
        for (raw, told) in [
            ("1", true),
            ("0", true),
            ("-0", true),
            ("0.0", false),
            ("1.0", false),
            ("1.50", false),
            ("120.5", true),
            ("1e2", false),
            ("13.7449123456789", true),
            ("13.744912345678912345678", false),
            ("123456789012345678", false),
            ("-7.25", true),
        ] {
            assert_eq!(tells_its_digits(raw, raw.parse().unwrap()), told, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn told_digits_come_back(raw in "-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,18})?") {
            let value: f64 = raw.parse().unwrap();
            if tells_its_digits(&raw, value) {
                prop_assert_eq!(format!("{value}"), raw);
            }
        }
    }

    #[test]
    fn passed_over_rows_are_null() {
        let mut text = Text::default();
        text.set(2, "a");
        text.set(4, "b");
        let array = text.finish(6);
        assert_eq!(array.len(), 6);
        assert_eq!(array.null_count(), 4);
        assert!(array.is_valid(2) && array.is_valid(4));
    }
}
