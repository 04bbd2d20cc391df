//! Rows written back as the JSON resources that they came as.

use arrow::array::{
    Array, AsArray, BooleanArray, Float64Array, Int32Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow::datatypes::{DataType, Fields};
use salus_fhir::schema::{TypeId, r4};
use thiserror::Error;

use crate::cursor::JsonError;
use crate::node::{DIGITS_SUFFIX, ELEMENT};
use crate::rest::{Patch, write_string};
use crate::table::{FLAG_ID_ASSIGNED, is_element};

/// Why a row could not be written back.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The `salus_rest` cell is not what the lake writes.
    #[error("the `salus_rest` cell of a row cannot be read")]
    Rest(#[source] JsonError),
    /// A column has a type that the lake does not write.
    #[error("column `{column}` has type {data_type}, which the lake does not write")]
    Column {
        /// The column.
        column: String,
        /// Its Arrow type.
        data_type: DataType,
    },
}

/// How resources are written back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Equal to what was loaded: `urn:uuid` references and absent ids as they came.
    AsLoaded,
    /// As the lake knows it: references resolved, ids given.
    Resolved,
}

/// Writes the rows of one table.
#[derive(Debug)]
pub struct ResourceWriter<'b> {
    resource: &'static str,
    columns: Vec<Column<'b>>,
    rest: Option<&'b StringArray>,
    flags: Option<&'b Int32Array>,
    form: Form,
}

#[derive(Debug)]
struct Column<'b> {
    name: &'b str,
    values: Values<'b>,
}

#[derive(Debug)]
enum Values<'b> {
    Text(&'b StringArray),
    /// JSON text of a whole resource.
    Open(&'b StringArray),
    Boolean(&'b BooleanArray),
    Int32(&'b Int32Array),
    Decimal(&'b Float64Array, Option<&'b StringArray>),
    Object(&'b StructArray, Vec<Column<'b>>),
    List(&'b ListArray, Box<Values<'b>>),
}

impl<'b> ResourceWriter<'b> {
    /// A writer for the rows of `batch`, which are resources of type `resource`.
    ///
    /// # Errors
    /// When a column has a type that the lake does not write.
    pub fn new(resource: TypeId, batch: &'b RecordBatch, form: Form) -> Result<Self, WriteError> {
        let def = r4().get(resource);
        let schema = batch.schema_ref();
        let elements: Vec<(&'b str, &'b dyn Array)> = schema
            .fields()
            .iter()
            .zip(batch.columns())
            .filter(|(field, _)| is_element(field))
            .map(|(field, array)| (field.name().as_str(), array.as_ref()))
            .collect();
        Ok(Self {
            resource: def.name,
            columns: columns(&elements, Some(resource))?,
            rest: batch
                .column_by_name("salus_rest")
                .and_then(|array| array.as_string_opt()),
            flags: batch
                .column_by_name("salus_flags")
                .and_then(|array| array.as_primitive_opt()),
            form,
        })
    }

    /// Appends row `row` to `out`, as one line without its end.
    ///
    /// # Errors
    /// When the row's `salus_rest` cannot be read.
    pub fn write(&self, row: usize, out: &mut String) -> Result<(), WriteError> {
        let rest = self
            .rest
            .filter(|rest| rest.is_valid(row))
            .map(|rest| rest.value(row));
        let patch = match rest {
            Some(text) => {
                Patch::read(text, self.form == Form::AsLoaded).map_err(WriteError::Rest)?
            }
            None => Patch::default(),
        };
        out.push_str("{\"resourceType\":");
        write_string(self.resource, out);
        let flags = self.flags.map_or(0, |flags| flags.value(row));
        let hide_id = self.form == Form::AsLoaded && flags & FLAG_ID_ASSIGNED != 0;
        let shown = self
            .columns
            .iter()
            .filter(|column| !(hide_id && column.name == "id"));
        write_members(shown, row, Some(&patch), false, out);
        out.push('}');
        Ok(())
    }
}

fn columns<'b>(
    elements: &[(&'b str, &'b dyn Array)],
    ty: Option<TypeId>,
) -> Result<Vec<Column<'b>>, WriteError> {
    let mut columns = Vec::new();
    for &(name, array) in elements {
        let is_digits = name
            .strip_suffix(DIGITS_SUFFIX)
            .is_some_and(|decimal| elements.iter().any(|(known, _)| *known == decimal));
        if is_digits {
            continue;
        }
        let digits_name = format!("{name}{DIGITS_SUFFIX}");
        let digits = elements
            .iter()
            .find(|(known, _)| *known == digits_name)
            .map(|(_, array)| *array);
        columns.push(Column {
            name,
            values: values(name, array, digits, ty)?,
        });
    }
    Ok(columns)
}

fn values<'b>(
    name: &'b str,
    array: &'b dyn Array,
    digits: Option<&'b dyn Array>,
    ty: Option<TypeId>,
) -> Result<Values<'b>, WriteError> {
    let element = ty.and_then(|ty| r4().get(ty).element(name));
    let below = match name.strip_prefix('_') {
        Some(_) => r4().named("Element"),
        None => element.map(|element| element.ty),
    };
    typed(
        name,
        array,
        digits,
        below,
        element.is_some_and(|element| element.open_resource),
    )
}

fn typed<'b>(
    name: &'b str,
    array: &'b dyn Array,
    digits: Option<&'b dyn Array>,
    ty: Option<TypeId>,
    open: bool,
) -> Result<Values<'b>, WriteError> {
    let unknown = || WriteError::Column {
        column: name.to_owned(),
        data_type: array.data_type().clone(),
    };
    Ok(match array.data_type() {
        DataType::Utf8 if open => Values::Open(array.as_string()),
        DataType::Utf8 => Values::Text(array.as_string()),
        DataType::Boolean => Values::Boolean(array.as_boolean()),
        DataType::Int32 => Values::Int32(array.as_primitive_opt().ok_or_else(unknown)?),
        DataType::Float64 => {
            let digits = digits.and_then(|digits| digits.as_string_opt::<i32>());
            Values::Decimal(array.as_primitive_opt().ok_or_else(unknown)?, digits)
        }
        DataType::Struct(fields) => {
            let array = array.as_struct();
            Values::Object(array, columns(&members(fields, array), ty)?)
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            Values::List(
                list,
                Box::new(typed(ELEMENT, list.values().as_ref(), None, ty, open)?),
            )
        }
        _ => return Err(unknown()),
    })
}

fn members<'b>(fields: &'b Fields, array: &'b StructArray) -> Vec<(&'b str, &'b dyn Array)> {
    fields
        .iter()
        .zip(array.columns())
        .map(|(field, column)| (field.name().as_str(), column.as_ref()))
        .collect()
}

/// Writes the members of an object, each with its comma before it unless it is the first.
fn write_members<'c, 'b: 'c>(
    columns: impl Iterator<Item = &'c Column<'b>>,
    row: usize,
    patch: Option<&Patch<'_>>,
    mut first: bool,
    out: &mut String,
) {
    let mut key = |name: &str, out: &mut String| {
        if !first {
            out.push(',');
        }
        first = false;
        write_string(name, out);
        out.push(':');
    };
    let mut seen = Vec::new();
    for column in columns {
        let patch = patch.and_then(|patch| patch.key(column.name));
        if patch.is_some() {
            seen.push(column.name);
        }
        if patch.is_some() || column.values.is_valid(row) {
            key(column.name, out);
            column.values.write(row, patch, out);
        }
    }
    let others = patch
        .map(|patch| patch.below.as_slice())
        .unwrap_or_default();
    for (step, patch) in others {
        if let crate::rest::Step::Key(name) = step
            && !seen.contains(&name.as_str())
        {
            key(name, out);
            write_patch(patch, out);
        }
    }
}

/// Writes what only the rest knows.
fn write_patch(patch: &Patch<'_>, out: &mut String) {
    if let Some(raw) = patch.raw {
        out.push_str(raw);
        return;
    }
    let items = patch.items();
    if items == 0 {
        out.push('{');
        write_members(std::iter::empty(), 0, Some(patch), true, out);
        out.push('}');
        return;
    }
    out.push('[');
    for position in 0..items {
        if position > 0 {
            out.push(',');
        }
        match patch.item(position) {
            Some(patch) => write_patch(patch, out),
            None => out.push_str("null"),
        }
    }
    out.push(']');
}

impl Values<'_> {
    fn is_valid(&self, row: usize) -> bool {
        match self {
            Self::Text(array) | Self::Open(array) => array.is_valid(row),
            Self::Boolean(array) => array.is_valid(row),
            Self::Int32(array) => array.is_valid(row),
            Self::Decimal(array, digits) => {
                array.is_valid(row) || digits.is_some_and(|digits| digits.is_valid(row))
            }
            Self::Object(array, _) => array.is_valid(row),
            Self::List(array, _) => array.is_valid(row),
        }
    }

    fn write(&self, row: usize, patch: Option<&Patch<'_>>, out: &mut String) {
        if let Some(raw) = patch.and_then(|patch| patch.raw) {
            out.push_str(raw);
            return;
        }
        if !self.is_valid(row) {
            match patch {
                Some(patch) => write_patch(patch, out),
                None => out.push_str("null"),
            }
            return;
        }
        match self {
            Self::Text(array) => write_string(array.value(row), out),
            Self::Open(array) => out.push_str(array.value(row)),
            Self::Boolean(array) => out.push_str(if array.value(row) { "true" } else { "false" }),
            Self::Int32(array) => out.push_str(&array.value(row).to_string()),
            Self::Decimal(array, digits) => match digits.filter(|digits| digits.is_valid(row)) {
                Some(digits) => out.push_str(digits.value(row)),
                None => out.push_str(&array.value(row).to_string()),
            },
            Self::Object(_, columns) => {
                out.push('{');
                write_members(columns.iter(), row, patch, true, out);
                out.push('}');
            }
            Self::List(array, values) => write_items(array, values, row, patch, out),
        }
    }
}

fn write_items(
    array: &ListArray,
    values: &Values<'_>,
    row: usize,
    patch: Option<&Patch<'_>>,
    out: &mut String,
) {
    let offsets = array.value_offsets();
    let bound = |index: usize| {
        offsets
            .get(index)
            .and_then(|offset| usize::try_from(*offset).ok())
            .unwrap_or(0)
    };
    let (from, to) = (bound(row), bound(row + 1));
    out.push('[');
    for (position, item) in (from..to).enumerate() {
        if position > 0 {
            out.push(',');
        }
        values.write(item, patch.and_then(|patch| patch.item(position)), out);
    }
    out.push(']');
}
