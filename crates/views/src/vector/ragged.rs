//! Ragged columns: for each item of a focus, any number of values.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, StringArray, UInt32Array,
};
use arrow::compute::take;
use arrow::error::ArrowError;
use salus_columns::{ElementColumn, Items, RowElement};
use salus_fhir::schema::{self, Kind, Primitive};
use salus_values::Value;

use super::expression::{EXACT_DIGITS, Scalar};
use super::owners::{Owners, narrow, wide};

/// For each item of a focus, any number of values. A value that is absent (null) counts as none.
#[derive(Debug, Clone)]
pub(crate) struct Ragged<'a> {
    pub owners: Owners,
    pub values: Values<'a>,
}

/// The values of a ragged column.
#[derive(Debug, Clone)]
pub(crate) enum Values<'a> {
    /// Elements of the batch.
    Elements(Elements<'a>),
    /// The same value again and again.
    Scalar(Scalar, usize),
    /// What operations made: booleans, integers or texts.
    Made(Dense),
    /// What was evaluated item by item.
    Mixed(Arc<[Value<RowElement<'a>>]>),
}

/// Elements of one column, some of them, in order.
#[derive(Clone)]
pub(crate) struct Elements<'a> {
    pub column: ElementColumn<'a>,
    /// Places in the column.
    pub picks: Picks,
}

/// Places, in order.
#[derive(Debug, Clone)]
pub(crate) enum Picks {
    /// From 0 on.
    All(usize),
    Some(Arc<[u32]>),
}

/// An array of one value, or none, for each place.
#[derive(Debug, Clone)]
pub(crate) enum Dense {
    Boolean(BooleanArray),
    Integer(Int32Array),
    Decimal(Float64Array),
    Text(StringArray),
}

impl Picks {
    pub(crate) fn len(&self) -> usize {
        match self {
            Picks::All(len) => *len,
            Picks::Some(picks) => picks.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> u32 {
        match self {
            Picks::All(_) => narrow(index),
            Picks::Some(picks) => picks.get(index).copied().unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The places at these places.
    pub(crate) fn pick(&self, picks: &[u32]) -> Picks {
        Picks::Some(picks.iter().map(|pick| self.get(wide(*pick))).collect())
    }

    /// The values of an array at the places.
    pub(crate) fn take(&self, array: &dyn Array) -> Result<ArrayRef, ArrowError> {
        match self {
            Picks::All(len) => Ok(array.slice(0, (*len).min(array.len()))),
            Picks::Some(picks) => take(array, &UInt32Array::from(picks.to_vec()), None),
        }
    }
}

impl std::fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ty = schema::r4().get(self.column.ty()).name;
        write!(f, "{} {ty}", self.len())
    }
}

impl<'a> Elements<'a> {
    pub(crate) fn len(&self) -> usize {
        self.picks.len()
    }

    /// Whether an element is there.
    pub(crate) fn is_there(&self, index: usize) -> bool {
        let values = self.column.values();
        values.is_none_or(|values| values.is_valid(wide(self.picks.get(index))))
    }

    fn has_gaps(&self) -> bool {
        let values = self.column.values();
        values.is_some_and(|values| values.null_count() > 0)
            && (0..self.len()).any(|index| !self.is_there(index))
    }

    /// One of them as FHIRPath sees it.
    pub(crate) fn element(&self, index: usize) -> Option<RowElement<'a>> {
        self.column.item(self.picks.get(index), Items::NONE)
    }

    /// The elements at these places.
    fn pick(&self, picks: &[u32]) -> Self {
        Elements {
            column: self.column,
            picks: self.picks.pick(picks),
        }
    }

    /// The values of primitive elements, in the type that their column has.
    pub(crate) fn leaf(&self) -> Result<Option<ArrayRef>, ArrowError> {
        match (self.primitive(), self.column.values()) {
            (Some(_), Some(values)) => self.picks.take(values).map(Some),
            _ => Ok(None),
        }
    }

    /// The primitive type of the elements, if they are primitive.
    fn primitive(&self) -> Option<Primitive> {
        match schema::r4().get(self.column.ty()).kind {
            Kind::Primitive(primitive) => Some(primitive),
            _ => None,
        }
    }

    /// Whether all decimals are told exactly by their doubles, as far as comparing goes.
    fn are_exact(&self) -> bool {
        let digits = self.column.digits().into_iter().flatten();
        digits.flatten().all(|text| {
            text.bytes().filter(u8::is_ascii_digit).count() <= EXACT_DIGITS
                && !text.contains(['e', 'E'])
        })
    }

    /// The values as what System type they convert to; `None` for complex elements, dates and times, and what an
    /// array of doubles cannot tell.
    pub(crate) fn dense(&self) -> Result<Option<Dense>, ArrowError> {
        let is_plain = match self.primitive() {
            None
            | Some(Primitive::Date | Primitive::DateTime | Primitive::Instant | Primitive::Time) => {
                false
            }
            Some(Primitive::Decimal) => self.are_exact(),
            Some(_) => true,
        };
        match is_plain {
            true => Ok(self.leaf()?.and_then(|array| Dense::of(&array))),
            false => Ok(None),
        }
    }
}

impl Dense {
    /// The array as one of the kinds that are known.
    pub(crate) fn of(array: &ArrayRef) -> Option<Dense> {
        let any = array.as_any();
        if let Some(array) = any.downcast_ref::<StringArray>() {
            return Some(Dense::Text(array.clone()));
        }
        if let Some(array) = any.downcast_ref::<BooleanArray>() {
            return Some(Dense::Boolean(array.clone()));
        }
        if let Some(array) = any.downcast_ref::<Int32Array>() {
            return Some(Dense::Integer(array.clone()));
        }
        any.downcast_ref::<Float64Array>()
            .map(|array| Dense::Decimal(array.clone()))
    }

    pub(crate) fn array(&self) -> ArrayRef {
        match self {
            Dense::Boolean(array) => Arc::new(array.clone()),
            Dense::Integer(array) => Arc::new(array.clone()),
            Dense::Decimal(array) => Arc::new(array.clone()),
            Dense::Text(array) => Arc::new(array.clone()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Dense::Boolean(array) => array.len(),
            Dense::Integer(array) => array.len(),
            Dense::Decimal(array) => array.len(),
            Dense::Text(array) => array.len(),
        }
    }

    fn is_there(&self, index: usize) -> bool {
        match self {
            Dense::Boolean(array) => array.is_valid(index),
            Dense::Integer(array) => array.is_valid(index),
            Dense::Decimal(array) => array.is_valid(index),
            Dense::Text(array) => array.is_valid(index),
        }
    }

    pub(crate) fn has_gaps(&self) -> bool {
        self.array().null_count() > 0
    }

    pub(crate) fn take(&self, picks: &UInt32Array) -> Result<Option<Dense>, ArrowError> {
        Ok(Dense::of(&take(&self.array(), picks, None)?))
    }
}

impl<'a> Values<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Values::Elements(elements) => elements.len(),
            Values::Scalar(_, len) => *len,
            Values::Made(dense) => dense.len(),
            Values::Mixed(values) => values.len(),
        }
    }

    /// Whether a value is there.
    pub(crate) fn is_there(&self, index: usize) -> bool {
        match self {
            Values::Elements(elements) => elements.is_there(index),
            Values::Made(dense) => dense.is_there(index),
            Values::Scalar(..) | Values::Mixed(_) => true,
        }
    }

    /// Whether some value is absent.
    pub(crate) fn has_gaps(&self) -> bool {
        match self {
            Values::Elements(elements) => elements.has_gaps(),
            Values::Made(dense) => dense.has_gaps(),
            Values::Scalar(..) | Values::Mixed(_) => false,
        }
    }

    /// The values at these places.
    pub(crate) fn pick(&self, picks: &[u32]) -> Result<Self, ArrowError> {
        Ok(match self {
            Values::Elements(elements) => Values::Elements(elements.pick(picks)),
            Values::Scalar(scalar, _) => Values::Scalar(scalar.clone(), picks.len()),
            Values::Made(dense) => match dense.take(&UInt32Array::from(picks.to_vec()))? {
                Some(dense) => Values::Made(dense),
                None => Values::Mixed(Arc::new([])),
            },
            Values::Mixed(values) => {
                let picked = picks
                    .iter()
                    .filter_map(|pick| values.get(wide(*pick)).cloned());
                Values::Mixed(picked.collect())
            }
        })
    }
}

impl<'a> Ragged<'a> {
    /// Nothing for any item.
    pub(crate) fn none(items: usize) -> Self {
        Ragged {
            owners: Owners::none(items),
            values: Values::Mixed(Arc::new([])),
        }
    }

    /// One value, or none, for each item.
    pub(crate) fn each(values: Values<'a>) -> Self {
        Ragged {
            owners: Owners::Each(values.len()),
            values,
        }
    }

    pub(crate) fn items(&self) -> usize {
        self.owners.items()
    }

    /// The values at these places.
    pub(crate) fn pick(&self, picks: &[u32]) -> Result<Self, ArrowError> {
        Ok(Ragged {
            owners: self.owners.pick(picks),
            values: self.values.pick(picks)?,
        })
    }

    /// The same without the values that are absent.
    pub(crate) fn compact(&self) -> Result<Self, ArrowError> {
        if !self.values.has_gaps() {
            return Ok(self.clone());
        }
        let there = (0..self.values.len()).filter(|index| self.values.is_there(*index));
        self.pick(&there.map(narrow).collect::<Vec<_>>())
    }
}
