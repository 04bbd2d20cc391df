//! A column as a file has it, made into the column the table wants.
//!
//! DataFusion casts nested structs by field name and fills what is missing with nulls,
//! but refuses a struct that shares no field name at all with the wanted one. In a lake
//! that grows, such a file is ordinary (`code` had only `text`, a view wants `coding`),
//! so that case is done here: the struct keeps its nulls and every wanted field is null.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Fields};
use arrow::error::ArrowError;

/// Whether DataFusion's own cast can make `wanted` of `stored`: where both are structs
/// they share a field at every level.
pub(super) fn fits(stored: &DataType, wanted: &DataType) -> bool {
    match (stored, wanted) {
        (DataType::Struct(stored), DataType::Struct(wanted)) => {
            let mut shared = wanted
                .iter()
                .filter_map(|want| Some((find(stored, want.name())?, want)))
                .peekable();
            shared.peek().is_some()
                && shared.all(|(have, want)| fits(have.data_type(), want.data_type()))
        }
        (DataType::List(stored), DataType::List(wanted)) => {
            fits(stored.data_type(), wanted.data_type())
        }
        (DataType::Struct(_) | DataType::List(_), _)
        | (_, DataType::Struct(_) | DataType::List(_)) => false,
        _ => true,
    }
}

/// The field of this name, if the struct has one.
pub(super) fn find<'a>(fields: &'a Fields, name: &str) -> Option<&'a FieldRef> {
    fields.iter().find(|field| field.name() == name)
}

/// Makes an array of type `wanted`: struct fields by name, missing ones null, and a value
/// of a wholly different kind (a struct where text is wanted) null as well.
pub(crate) fn reshape(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef, ArrowError> {
    match (array.data_type(), wanted) {
        (have, want) if have == want => Ok(Arc::clone(array)),
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let stored = array.as_struct();
            let children = fields
                .iter()
                .map(|field| match stored.column_by_name(field.name()) {
                    Some(child) => reshape(child, field.data_type()),
                    None => Ok(new_null_array(field.data_type(), array.len())),
                })
                .collect::<Result<Vec<_>, _>>()?;
            let nulls = stored.nulls().cloned();
            Ok(Arc::new(StructArray::try_new(
                fields.clone(),
                children,
                nulls,
            )?))
        }
        (DataType::List(_), DataType::List(element)) => {
            let stored = array.as_list::<i32>();
            let values = reshape(stored.values(), element.data_type())?;
            let (offsets, nulls) = (stored.offsets().clone(), stored.nulls().cloned());
            Ok(Arc::new(ListArray::try_new(
                Arc::clone(element),
                offsets,
                values,
                nulls,
            )?))
        }
        (DataType::Struct(_) | DataType::List(_), _)
        | (_, DataType::Struct(_) | DataType::List(_)) => Ok(new_null_array(wanted, array.len())),
        _ => cast(array, wanted),
    }
}
