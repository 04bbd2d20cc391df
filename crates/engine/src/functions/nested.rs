//! Reading nested columns by name, whatever of them is there.
//!
//! A lake has only the elements that occurred, so each look-up may find nothing; then
//! the answer is null, never an error.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, LargeStringArray, ListArray, StringArray,
    StringViewArray, StructArray,
};
use arrow::datatypes::Float64Type;

/// A column of text in any of Arrow's layouts, or one that is not there.
pub(crate) enum Text<'a> {
    /// `Utf8`.
    Plain(&'a StringArray),
    /// `Utf8View`.
    View(&'a StringViewArray),
    /// `LargeUtf8`.
    Large(&'a LargeStringArray),
    /// No such column, or one that holds no text.
    Absent,
}

impl<'a> Text<'a> {
    /// The array as text.
    pub(crate) fn of(array: &'a dyn Array) -> Self {
        let any = array.as_any();
        if let Some(plain) = any.downcast_ref() {
            Self::Plain(plain)
        } else if let Some(view) = any.downcast_ref() {
            Self::View(view)
        } else if let Some(large) = any.downcast_ref() {
            Self::Large(large)
        } else {
            Self::Absent
        }
    }

    /// A field of a struct as text.
    pub(crate) fn field(parent: Option<&'a StructArray>, name: &str) -> Self {
        match parent.and_then(|parent| parent.column_by_name(name)) {
            Some(column) => Self::of(column),
            None => Self::Absent,
        }
    }

    /// The text in this row, unless it is null.
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Plain(array) => {
                (row < array.len() && array.is_valid(row)).then(|| array.value(row))
            }
            Self::View(array) => {
                (row < array.len() && array.is_valid(row)).then(|| array.value(row))
            }
            Self::Large(array) => {
                (row < array.len() && array.is_valid(row)).then(|| array.value(row))
            }
            Self::Absent => None,
        }
    }
}

/// A column of numbers, or one that is not there.
pub(super) struct Numbers<'a>(Option<&'a Float64Array>);

impl<'a> Numbers<'a> {
    /// A field of a struct as numbers.
    pub(super) fn field(parent: Option<&'a StructArray>, name: &str) -> Self {
        let column = parent.and_then(|parent| parent.column_by_name(name));
        Self(column.and_then(|column| column.as_primitive_opt::<Float64Type>()))
    }

    /// The array as numbers.
    pub(super) fn of(array: &'a ArrayRef) -> Self {
        Self(array.as_primitive_opt::<Float64Type>())
    }

    /// The number in this row, unless it is null.
    pub(super) fn get(&self, row: usize) -> Option<f64> {
        let array = self.0?;
        (row < array.len() && array.is_valid(row)).then(|| array.value(row))
    }
}

/// A column of lists of structs, or one that is not there.
#[derive(Clone, Copy)]
pub(super) struct Lists<'a> {
    list: Option<&'a ListArray>,
    /// The structs of all rows, one after another.
    pub(super) items: Option<&'a StructArray>,
}

impl<'a> Lists<'a> {
    /// The array as lists of structs.
    pub(super) fn of(array: &'a ArrayRef) -> Self {
        let list = array.as_list_opt::<i32>();
        Self {
            list,
            items: list.and_then(|list| list.values().as_struct_opt()),
        }
    }

    /// A field of a struct as lists of structs.
    pub(super) fn field(parent: Option<&'a StructArray>, name: &str) -> Self {
        match parent.and_then(|parent| parent.column_by_name(name)) {
            Some(column) => Self::of(column),
            None => Self {
                list: None,
                items: None,
            },
        }
    }

    /// The places in `items` that belong to this row; empty where the list is null.
    pub(super) fn row(&self, row: usize) -> Range<usize> {
        let Some(list) = self.list else { return 0..0 };
        if self.items.is_none() || row >= list.len() || list.is_null(row) {
            return 0..0;
        }
        let offsets = list.value_offsets();
        let at = |index: usize| {
            offsets
                .get(index)
                .and_then(|&offset| usize::try_from(offset).ok())
                .unwrap_or(0)
        };
        at(row)..at(row + 1)
    }
}

/// A struct inside a struct, if it is there.
pub(super) fn child<'a>(parent: Option<&'a StructArray>, name: &str) -> Option<&'a StructArray> {
    parent?.column_by_name(name)?.as_struct_opt()
}

/// The array as a struct, if it is one.
pub(super) fn structs(array: &ArrayRef) -> Option<&StructArray> {
    array.as_struct_opt()
}

/// An array of text from an iterator.
pub(super) fn text_array<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}
