//! Columns that cells are gathered in, row by row.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListArray, StringBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;
use arrow::util::display::FormatOptions;

use super::cell::Cell;
use super::column_type::{ColumnType, ELEMENT};

/// A column being filled.
#[derive(Debug)]
pub(crate) struct Gather<'t> {
    ty: &'t ColumnType,
    values: Values,
    /// Of a collection: where each row ends, and whether it has a list at all.
    lists: Option<Lists>,
}

#[derive(Debug)]
struct Lists {
    ends: Vec<usize>,
    valid: Vec<bool>,
}

#[derive(Debug)]
enum Values {
    Boolean(BooleanBuilder),
    Integer(Int32Builder),
    Long(Int64Builder),
    Decimal(Float64Builder),
    Text(StringBuilder),
}

impl<'t> Gather<'t> {
    pub(crate) fn new(ty: &'t ColumnType) -> Gather<'t> {
        let values = match ty.base() {
            DataType::Boolean => Values::Boolean(BooleanBuilder::new()),
            DataType::Int32 => Values::Integer(Int32Builder::new()),
            DataType::Int64 => Values::Long(Int64Builder::new()),
            DataType::Float64 => Values::Decimal(Float64Builder::new()),
            _ => Values::Text(StringBuilder::new()),
        };
        let lists = ty.collection.then(|| Lists {
            ends: Vec::new(),
            valid: Vec::new(),
        });
        Gather { ty, values, lists }
    }

    /// Adds the value of one more row.
    pub(crate) fn push(&mut self, cell: &Cell) {
        let Some(lists) = &mut self.lists else {
            self.values.push(cell);
            return;
        };
        let items: &[Cell] = match cell {
            Cell::List(items) => items,
            Cell::Null => &[],
            one => std::slice::from_ref(one),
        };
        for item in items {
            self.values.push(item);
        }
        let start = lists.ends.last().copied().unwrap_or(0);
        lists.ends.push(start + items.len());
        lists.valid.push(*cell != Cell::Null);
    }

    /// The column, in the type that was asked for.
    ///
    /// # Errors
    /// When the values cannot be brought into that type.
    pub(crate) fn finish(self) -> Result<ArrayRef, ArrowError> {
        let values = convert(&self.values.finish(), self.ty)?;
        let Some(lists) = self.lists else {
            return Ok(values);
        };
        let mut from = 0;
        let lengths = lists
            .ends
            .into_iter()
            .map(|end| end - std::mem::replace(&mut from, end));
        list(
            OffsetBuffer::from_lengths(lengths),
            values,
            Some(lists.valid.into()),
        )
    }
}

/// A list column of these values.
pub(crate) fn list(
    offsets: OffsetBuffer<i32>,
    values: ArrayRef,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    let field = Field::new(ELEMENT, values.data_type().clone(), true);
    let list = ListArray::try_new(Arc::new(field), offsets, values, nulls)?;
    Ok(Arc::new(list))
}

/// Values in the type that a tag asks for. A value that the type cannot hold (a month as `DATE`) becomes null.
pub(crate) fn convert(values: &ArrayRef, ty: &ColumnType) -> Result<ArrayRef, ArrowError> {
    let wanted = ty.value_type();
    if *values.data_type() == wanted {
        return Ok(Arc::clone(values));
    }
    let options = CastOptions {
        safe: true,
        format_options: FormatOptions::new(),
    };
    cast_with_options(values, &wanted, &options)
}

impl Values {
    fn push(&mut self, cell: &Cell) {
        match (self, cell) {
            (Values::Boolean(values), Cell::Boolean(value)) => values.append_value(*value),
            (Values::Integer(values), Cell::Integer(value)) => values.append_value(*value),
            (Values::Long(values), Cell::Long(value)) => values.append_value(*value),
            (Values::Decimal(values), Cell::Decimal(value)) => values.append_value(*value),
            (Values::Text(values), Cell::Text(value)) => values.append_value(value),
            (Values::Boolean(values), _) => values.append_null(),
            (Values::Integer(values), _) => values.append_null(),
            (Values::Long(values), _) => values.append_null(),
            (Values::Decimal(values), _) => values.append_null(),
            (Values::Text(values), _) => values.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Values::Boolean(mut values) => Arc::new(values.finish()),
            Values::Integer(mut values) => Arc::new(values.finish()),
            Values::Long(mut values) => Arc::new(values.finish()),
            Values::Decimal(mut values) => Arc::new(values.finish()),
            Values::Text(mut values) => Arc::new(values.finish()),
        }
    }
}
