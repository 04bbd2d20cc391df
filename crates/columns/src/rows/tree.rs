//! A record batch as a tree of typed columns: what of which element stands where.

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, ListArray, RecordBatch,
    StringArray, StructArray,
};
use arrow::datatypes::{DataType, Fields};
use foldhash::HashMap;
use salus_fhir::schema::{Element, TypeDef, TypeId, r4};

use crate::json::WriteError;
use crate::node::DIGITS_SUFFIX;
use crate::table::is_element;

/// Stands for no column and for no row.
pub(super) const NONE: u32 = u32::MAX;

/// The columns of all elements; those inside an element come after it. The first is the resource itself.
#[derive(Debug)]
pub(super) struct Tree {
    resource: Branch,
    /// From the second on.
    columns: Vec<Branch>,
}

/// One element that may be in the rows, under one JSON name.
#[derive(Debug)]
pub(super) struct Branch {
    /// The type of its values; of an open place what it is declared as.
    pub ty: TypeId,
    /// The element; `None`: the resource itself.
    pub element: Option<&'static Element>,
    /// The element that it is in; [`NONE`] for the resource.
    pub above: u32,
    /// Of an element that repeats: whose each value is.
    pub list: Option<ListArray>,
    pub cells: Cells,
    pub sibling: Option<Sibling>,
    /// The elements inside it, in R4's order: of a primitive those of its sibling.
    pub members: Vec<u32>,
}

/// The `_` sibling of a primitive element: ids and extensions.
#[derive(Debug)]
pub(super) struct Sibling {
    pub list: Option<ListArray>,
    pub values: StructArray,
}

/// The values of an element, lists laid flat.
#[derive(Debug)]
pub(super) enum Cells {
    /// There are none: the batch has only the sibling.
    None,
    /// The resource itself: a value in every row.
    Rows,
    Text(StringArray),
    /// JSON texts of whole resources, and which of the tree's open places it is.
    Open(StringArray, usize),
    Boolean(BooleanArray),
    Int32(Int32Array),
    /// The nearest doubles, and the digits where they do not tell them.
    Decimal(Float64Array, Option<StringArray>),
    Object(StructArray),
}

/// What the columns of a group hold of one element.
struct Found<'c> {
    element: &'static Element,
    value: Option<&'c ArrayRef>,
    digits: Option<&'c ArrayRef>,
    sibling: Option<&'c ArrayRef>,
}

impl Tree {
    /// The tree of a batch of resources of this type.
    pub(super) fn new(resource: TypeId, batch: &RecordBatch) -> Result<Self, WriteError> {
        let root = Branch {
            ty: resource,
            element: None,
            above: NONE,
            list: None,
            cells: Cells::Rows,
            sibling: None,
            members: Vec::new(),
        };
        let mut growing = Growing {
            columns: vec![root],
            open_places: 0,
        };
        let schema = batch.schema_ref();
        let own = schema
            .fields()
            .iter()
            .zip(batch.columns())
            .filter(|(field, _)| is_element(field))
            .map(|(field, array)| (field.name().as_str(), array));
        growing.members(0, r4().get(resource), own)?;
        Ok(Self {
            resource: growing.columns.remove(0),
            columns: growing.columns,
        })
    }

    /// The column of the resource itself, whose id is 0.
    pub(super) fn resource(&self) -> &Branch {
        &self.resource
    }

    /// The column of an id that this tree gave.
    #[inline]
    pub(super) fn get(&self, column: u32) -> Option<&Branch> {
        match wide(column).checked_sub(1) {
            None => Some(&self.resource),
            Some(index) => self.columns.get(index),
        }
    }

    /// The number of columns that hold resources as JSON text, and how many values each has.
    pub(super) fn open_places(&self) -> impl Iterator<Item = usize> {
        self.columns
            .iter()
            .filter_map(|branch| match &branch.cells {
                Cells::Open(texts, _) => Some(texts.len()),
                _ => None,
            })
    }
}

struct Growing {
    columns: Vec<Branch>,
    open_places: usize,
}

impl Growing {
    /// Adds the elements that these columns of an object hold.
    fn members<'c>(
        &mut self,
        above: u32,
        def: &'static TypeDef,
        columns: impl Iterator<Item = (&'c str, &'c ArrayRef)>,
    ) -> Result<(), WriteError> {
        for found in found(def, columns) {
            let column = self.branch(above, &found)?;
            if let Some(above) = self.columns.get_mut(wide(above)) {
                above.members.push(column);
            }
        }
        Ok(())
    }

    fn branch(&mut self, above: u32, found: &Found<'_>) -> Result<u32, WriteError> {
        let element = found.element;
        let (list, values) = match found.value {
            Some(array) => flat(array),
            None => (None, None),
        };
        let cells = match values {
            Some(values) => self.cells(element, values, found.digits)?,
            None => Cells::None,
        };
        let sibling = match found.sibling.map(flat) {
            Some((list, Some(values))) => Some(Sibling {
                list: list.cloned(),
                values: values
                    .as_struct_opt()
                    .ok_or_else(|| unknown(element, values))?
                    .clone(),
            }),
            _ => None,
        };
        let inside = match (&cells, &sibling) {
            (Cells::Object(values), _) => Some(values.clone()),
            (_, Some(sibling)) => Some(sibling.values.clone()),
            _ => None,
        };
        let column = narrow(self.columns.len());
        self.columns.push(Branch {
            ty: element.ty,
            element: Some(element),
            above,
            list: list.cloned(),
            cells,
            sibling,
            members: Vec::new(),
        });
        if let Some(inside) = inside {
            self.members(column, r4().get(element.ty), named(&inside))?;
        }
        Ok(column)
    }

    fn cells(
        &mut self,
        element: &Element,
        values: &ArrayRef,
        digits: Option<&ArrayRef>,
    ) -> Result<Cells, WriteError> {
        let refused = || unknown(element, values);
        Ok(match values.data_type() {
            DataType::Utf8 if element.open_resource => {
                self.open_places += 1;
                let texts = values.as_string_opt().ok_or_else(refused)?;
                Cells::Open(texts.clone(), self.open_places - 1)
            }
            DataType::Utf8 => Cells::Text(values.as_string_opt().ok_or_else(refused)?.clone()),
            DataType::Boolean => {
                Cells::Boolean(values.as_boolean_opt().ok_or_else(refused)?.clone())
            }
            DataType::Int32 => Cells::Int32(values.as_primitive_opt().ok_or_else(refused)?.clone()),
            DataType::Float64 => {
                let doubles = values.as_primitive_opt().ok_or_else(refused)?.clone();
                let digits = digits.and_then(|digits| digits.as_string_opt::<i32>());
                Cells::Decimal(doubles, digits.cloned())
            }
            DataType::Struct(_) => {
                Cells::Object(values.as_struct_opt().ok_or_else(refused)?.clone())
            }
            _ => return Err(refused()),
        })
    }
}

fn unknown(element: &Element, array: &ArrayRef) -> WriteError {
    WriteError::Column {
        column: element.name.to_owned(),
        data_type: array.data_type().clone(),
    }
}

/// A list and its items laid flat; or values that are in no list.
fn flat(array: &ArrayRef) -> (Option<&ListArray>, Option<&ArrayRef>) {
    match array.as_list_opt::<i32>() {
        Some(list) => (Some(list), Some(list.values())),
        None => (None, Some(array)),
    }
}

fn named(array: &StructArray) -> impl Iterator<Item = (&str, &ArrayRef)> {
    let fields: &Fields = array.fields();
    fields
        .iter()
        .map(|field| field.name().as_str())
        .zip(array.columns())
}

/// The elements that columns hold something of, in R4's order.
fn found<'c>(
    def: &'static TypeDef,
    columns: impl Iterator<Item = (&'c str, &'c ArrayRef)>,
) -> Vec<Found<'c>> {
    let mut by_place: HashMap<usize, Found<'c>> = HashMap::default();
    for (name, array) in columns {
        let (sibling_of, digits_of) = (name.strip_prefix('_'), name.strip_suffix(DIGITS_SUFFIX));
        let Some(element) = def.element(sibling_of.or(digits_of).unwrap_or(name)) else {
            continue;
        };
        // Elements stand in one slice, in the order of the definitions.
        let place = std::ptr::from_ref(element).addr();
        let found = by_place.entry(place).or_insert(Found {
            element,
            value: None,
            digits: None,
            sibling: None,
        });
        match (sibling_of, digits_of) {
            (Some(_), _) => found.sibling = Some(array),
            (None, Some(_)) => found.digits = Some(array),
            (None, None) => found.value = Some(array),
        }
    }
    let mut places: Vec<_> = by_place.into_iter().collect();
    places.sort_by_key(|(place, _)| *place);
    places.into_iter().map(|(_, found)| found).collect()
}

impl Branch {
    /// The element's name: of a choice without its type. Empty for the resource itself.
    #[inline]
    pub(super) fn name(&self) -> &'static str {
        self.element
            .map_or("", |element| element.choice_of.unwrap_or(element.name))
    }

    /// The values of a row of the element around it; to be asked for validity one by one.
    #[inline]
    pub(super) fn values_of(&self, row: u32) -> (u32, u32) {
        match self.cells {
            Cells::None => (row, row),
            _ => range(self.list.as_ref(), row),
        }
    }

    /// The siblings of a row of the element around it.
    #[inline]
    pub(super) fn siblings_of(&self, row: u32) -> (u32, u32) {
        match &self.sibling {
            None => (row, row),
            Some(sibling) => range(sibling.list.as_ref(), row),
        }
    }

    /// Whether there is a value here.
    #[inline]
    pub(super) fn has_value(&self, value: u32) -> bool {
        let at = wide(value);
        match &self.cells {
            Cells::None => false,
            Cells::Rows => true,
            Cells::Text(cells) | Cells::Open(cells, _) => is_valid(cells, at),
            Cells::Boolean(cells) => is_valid(cells, at),
            Cells::Int32(cells) => is_valid(cells, at),
            Cells::Decimal(cells, digits) => {
                is_valid(cells, at) || digits.as_ref().is_some_and(|digits| is_valid(digits, at))
            }
            Cells::Object(cells) => is_valid(cells, at),
        }
    }

    /// Whether there is a sibling here.
    #[inline]
    pub(super) fn has_sibling(&self, sibling: u32) -> bool {
        let siblings = self.sibling.as_ref();
        siblings.is_some_and(|siblings| is_valid(&siblings.values, wide(sibling)))
    }

    /// The row of the element around it that a value or sibling belongs to.
    pub(super) fn row_above(&self, value: u32, sibling: u32) -> u32 {
        let (list, at) = match value {
            NONE => (self.sibling.as_ref().and_then(|s| s.list.as_ref()), sibling),
            _ => (self.list.as_ref(), value),
        };
        let Some(list) = list else {
            return at;
        };
        let ends = list.value_offsets().get(1..).unwrap_or_default();
        narrow(ends.partition_point(|end| i64::from(*end) <= i64::from(at)))
    }
}

#[inline]
fn is_valid(array: &dyn Array, at: usize) -> bool {
    at < array.len() && array.is_valid(at)
}

/// The items of a list's row, or the row itself where there is no list.
#[inline]
fn range(list: Option<&ListArray>, row: u32) -> (u32, u32) {
    let Some(list) = list else {
        return (row, row.saturating_add(1));
    };
    if !is_valid(list, wide(row)) {
        return (0, 0);
    }
    let offset = |at: usize| {
        let offset = list.value_offsets().get(at).copied().unwrap_or(0);
        u32::try_from(offset).unwrap_or(0)
    };
    (offset(wide(row)), offset(wide(row) + 1))
}

/// A row or column as elements keep it; batches have far fewer than 4 G of either.
#[inline]
pub(super) fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

/// A row or column as used with slices.
#[inline]
pub(super) fn wide(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}
