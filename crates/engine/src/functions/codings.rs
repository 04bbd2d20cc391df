//! CodeableConcepts: which codes they carry, and what they say in words.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, ListArray, StringArray, StructArray, UInt32Array,
    new_null_array,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::compute::kernels::zip::zip;
use arrow::compute::{cast, is_not_null, take};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ColumnarValue;

use super::function::{Function, array, constant};
use super::nested::{Lists, Text, structs, text_array};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new("codings", &[1], |_| Ok(codings_type()), codings),
        Function::new("coding_code", &[2], |_| Ok(DataType::Utf8), coding_code),
        Function::new("concept_code", &[1], |_| Ok(DataType::Utf8), concept_code),
        Function::new(
            "concept_system",
            &[1],
            |_| Ok(DataType::Utf8),
            concept_system,
        ),
        Function::new("concept_text", &[1], |_| Ok(DataType::Utf8), concept_text),
        Function::new("concept_or", &[2], same_type, concept_or),
        Function::new("numbered", &[1], numbered_type, numbered),
        Function::new(
            "identifier_value",
            &[2],
            |_| Ok(DataType::Utf8),
            identifier_value,
        ),
    ]
}

/// The fields of one entry of `codings(concept)`.
fn coding_fields() -> Fields {
    Fields::from(vec![
        Field::new("index", DataType::Int32, true),
        Field::new("system", DataType::Utf8, true),
        Field::new("code", DataType::Utf8, true),
        Field::new("display", DataType::Utf8, true),
    ])
}

fn element() -> Arc<Field> {
    Arc::new(Field::new(
        "element",
        DataType::Struct(coding_fields()),
        true,
    ))
}

fn codings_type() -> DataType {
    DataType::List(element())
}

/// One entry per coding; a concept without codings, or none at all, gives one entry with
/// index and codes null and the concept's text as display, so that un-nesting keeps the row.
fn codings(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let (concepts, list) = concept_parts(&values);
    let text = Text::field(concepts, "text");
    let mut places = Vec::with_capacity(values.len());
    let mut indexes = Vec::with_capacity(values.len());
    let mut owners = Vec::with_capacity(values.len());
    let mut offsets = Vec::with_capacity(values.len() + 1);
    offsets.push(0);
    for row in 0..values.len() {
        let range = list.row(row);
        if range.is_empty() {
            places.push(None);
            indexes.push(None);
            owners.push(row);
        }
        for (index, place) in range.enumerate() {
            places.push(u32::try_from(place).ok());
            indexes.push(i32::try_from(index).ok());
            owners.push(row);
        }
        let Ok(end) = i32::try_from(places.len()) else {
            return exec_err!("too many codings in one batch");
        };
        offsets.push(end);
    }
    let places = UInt32Array::from(places);
    let system = coding_column(list.items, "system", &places)?;
    let code = coding_column(list.items, "code", &places)?;
    let display = with_text(
        coding_column(list.items, "display", &places)?,
        &text,
        &owners,
    );
    let columns: Vec<ArrayRef> = vec![Arc::new(Int32Array::from(indexes)), system, code, display];
    let entries = StructArray::try_new(coding_fields(), columns, None)?;
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(Arc::new(ListArray::try_new(
        element(),
        offsets,
        Arc::new(entries),
        None,
    )?))
}

/// The concept's structs and their codings; a bare list of codings is taken as well.
fn concept_parts(values: &ArrayRef) -> (Option<&StructArray>, Lists<'_>) {
    match values.data_type() {
        DataType::List(_) => (None, Lists::of(values)),
        _ => {
            let concepts = structs(values);
            (concepts, Lists::field(concepts, "coding"))
        }
    }
}

fn coding_column(
    items: Option<&StructArray>,
    name: &str,
    places: &UInt32Array,
) -> Result<ArrayRef> {
    match items.and_then(|items| items.column_by_name(name)) {
        Some(column) => Ok(cast(&take(column, places, None)?, &DataType::Utf8)?),
        None => Ok(new_null_array(&DataType::Utf8, places.len())),
    }
}

/// Fills missing displays with the text of the concept they belong to.
fn with_text(display: ArrayRef, text: &Text<'_>, owners: &[usize]) -> ArrayRef {
    if display.null_count() == 0 || matches!(text, Text::Absent) {
        return display;
    }
    let given = Text::of(&display);
    let rows = owners.iter().enumerate();
    text_array(rows.map(|(row, &owner)| given.get(row).or_else(|| text.get(owner))))
}

fn coding_code(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let wanted = constant(args, 1, "coding_code")?;
    let values = array(args, 0, rows)?;
    let (_, list) = concept_parts(&values);
    let (system, code) = (
        Text::field(list.items, "system"),
        Text::field(list.items, "code"),
    );
    Ok(text_array((0..values.len()).map(|row| {
        let place = list
            .row(row)
            .find(|&place| system.get(place) == Some(wanted))?;
        code.get(place)
    })))
}

fn concept_code(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    first_of(args, rows, "code")
}

fn concept_system(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    first_of(args, rows, "system")
}

/// The field of the first coding that has a code. A list of concepts answers with its first concept.
fn first_of(args: &[ColumnarValue], rows: usize, field: &str) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let firsts = Firsts::of(&values);
    let list = Lists::field(firsts.concepts, "coding");
    let (code, wanted) = (
        Text::field(list.items, "code"),
        Text::field(list.items, field),
    );
    Ok(text_array((0..values.len()).map(|row| {
        let concept = firsts.place(row)?;
        let place = list.row(concept).find(|&place| code.get(place).is_some())?;
        wanted.get(place)
    })))
}

/// The concept's text, else the first display, else the first code.
fn concept_text(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let firsts = Firsts::of(&values);
    let text = Text::field(firsts.concepts, "text");
    let list = Lists::field(firsts.concepts, "coding");
    let (code, display) = (
        Text::field(list.items, "code"),
        Text::field(list.items, "display"),
    );
    let words = (0..values.len()).map(|row| {
        let concept = firsts.place(row)?;
        text.get(concept)
            .or_else(|| list.row(concept).find_map(|place| display.get(place)))
            .or_else(|| list.row(concept).find_map(|place| code.get(place)))
    });
    Ok(Arc::new(words.collect::<StringArray>()))
}

/// `concept_or(a, b)` and its type: both have to be of one type.
fn same_type(types: &[DataType]) -> Result<DataType> {
    match types {
        [first, second] if first == second || second.is_null() => Ok(first.clone()),
        [first, second] => {
            plan_err!("`concept_or` takes two concepts alike, not {first} and {second}")
        }
        _ => plan_err!("`concept_or` takes two concepts"),
    }
}

/// The first concept where it is there, else the second.
fn concept_or(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let (first, second) = (array(args, 0, rows)?, array(args, 1, rows)?);
    if first.null_count() == 0 || second.data_type().is_null() || second.null_count() == rows {
        return Ok(first);
    }
    let there = is_not_null(&first)?;
    Ok(zip(&there, &first, &second)?)
}

/// The type of `numbered(list)`: the same list with each item as `{index, item}`.
fn numbered_type(types: &[DataType]) -> Result<DataType> {
    match types {
        [DataType::List(item)] => Ok(DataType::List(numbered_element(item.data_type()))),
        _ => plan_err!("`numbered` takes a list"),
    }
}

fn numbered_element(item: &DataType) -> FieldRef {
    let fields = Fields::from(vec![
        Field::new("index", DataType::Int32, true),
        Field::new("item", item.clone(), true),
    ]);
    Arc::new(Field::new("element", DataType::Struct(fields), true))
}

/// The items of each list with their places, from 0.
fn numbered(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let Some(list) = values.as_list_opt::<i32>() else {
        return exec_err!("`numbered` takes a list");
    };
    let mut indexes = vec![0; list.values().len()];
    let mut bounds = list
        .value_offsets()
        .iter()
        .map(|&offset| usize::try_from(offset).unwrap_or(0));
    let mut start = bounds.next().unwrap_or(0);
    for end in bounds {
        for (index, place) in indexes.iter_mut().take(end).skip(start).zip(0..) {
            *index = place;
        }
        start = end;
    }
    let element = numbered_element(&list.value_type());
    let DataType::Struct(fields) = element.data_type() else {
        return exec_err!("`numbered` takes a list");
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(indexes)),
        Arc::clone(list.values()),
    ];
    let items = Arc::new(StructArray::try_new(fields.clone(), columns, None)?);
    let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
    Ok(Arc::new(ListArray::try_new(
        element, offsets, items, nulls,
    )?))
}

/// The value of the first identifier of a system.
fn identifier_value(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let wanted = constant(args, 1, "identifier_value")?;
    let values = array(args, 0, rows)?;
    let list = Lists::of(&values);
    let (system, value) = (
        Text::field(list.items, "system"),
        Text::field(list.items, "value"),
    );
    Ok(text_array((0..values.len()).map(|row| {
        let place = list
            .row(row)
            .find(|&place| system.get(place) == Some(wanted))?;
        value.get(place)
    })))
}

/// Concepts, or the first concept of each list of concepts.
struct Firsts<'a> {
    concepts: Option<&'a StructArray>,
    lists: Option<Lists<'a>>,
}

impl<'a> Firsts<'a> {
    fn of(values: &'a ArrayRef) -> Self {
        match values.data_type() {
            DataType::List(_) => {
                let lists = Lists::of(values);
                Self {
                    concepts: lists.items,
                    lists: Some(lists),
                }
            }
            _ => Self {
                concepts: structs(values),
                lists: None,
            },
        }
    }

    fn place(&self, row: usize) -> Option<usize> {
        match &self.lists {
            Some(lists) => lists.row(row).next(),
            None => self
                .concepts
                .is_some_and(|all| all.is_valid(row))
                .then_some(row),
        }
    }
}
