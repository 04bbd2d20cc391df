//! What expressions found, as columns of the table.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::compute::{cast, take};
use arrow::datatypes::DataType;

use super::evaluate::{Outcome, Stop};
use super::operations::{places, repeated};
use super::owners::Owners;
use super::ragged::{Ragged, Values};
use crate::output::gather::{convert, list};
use crate::output::{ColumnType, Content};

/// The column of one place for each item. What does not fit, and what must be written as JSON, is left to be
/// evaluated item by item.
pub(crate) fn column(on: &Ragged<'_>, ty: &ColumnType) -> Outcome<ArrayRef> {
    if ty.collection {
        let on = on.compact()?;
        let values = convert(&base(&on.values, ty)?, ty)?;
        let offsets = on.owners.offsets().into_iter();
        let offsets: Vec<i32> = offsets
            .map(|at| i32::try_from(at).unwrap_or(i32::MAX))
            .collect();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        return Ok(list(offsets, values, None)?);
    }
    if matches!(on.owners, Owners::Each(_)) {
        return Ok(convert(&base(&on.values, ty)?, ty)?);
    }
    let on = on.compact()?;
    if !on.owners.is_single() {
        return Err(Stop::ItemByItem);
    }
    let values = convert(&base(&on.values, ty)?, ty)?;
    Ok(take(&values, &places(&on.owners), None)?)
}

/// The values in the type that the column gathers.
fn base(values: &Values<'_>, ty: &ColumnType) -> Outcome<ArrayRef> {
    let array = match values {
        values if values.len() == 0 => arrow::array::new_empty_array(&ty.base()),
        Values::Elements(elements) => elements.leaf()?.ok_or(Stop::ItemByItem)?,
        Values::Made(dense) => dense.array(),
        Values::Scalar(scalar, len) => repeated(scalar, *len).array(),
        Values::Mixed(_) => return Err(Stop::ItemByItem),
    };
    fit(&array, ty)
}

fn fit(array: &ArrayRef, ty: &ColumnType) -> Outcome<ArrayRef> {
    let base = ty.base();
    match (array.data_type(), ty.content) {
        (DataType::Utf8, Content::Text | Content::Any)
        | (DataType::Boolean, Content::Boolean)
        | (DataType::Int32, Content::Integer) => Ok(Arc::clone(array)),
        (DataType::Float64, Content::Decimal) if base == DataType::Float64 => Ok(Arc::clone(array)),
        (DataType::Int32, Content::Long | Content::Decimal) => Ok(cast(array, &base)?),
        (found, _) if array.is_empty() && *found == base => Ok(Arc::clone(array)),
        _ => Err(Stop::ItemByItem),
    }
}
