//! A value of any System type.

mod convert;
mod equality;
mod index;
mod list;
mod order;
mod tuple;

use std::fmt;
use std::sync::Arc;

pub use equality::{NodeRelation, SameNode};
pub use index::Index;
pub use list::Elements;
pub(crate) use order::total_order;
pub use tuple::Tuple;

use crate::coding::{Code, Concept};
use crate::decimal::Decimal;
use crate::interval::Interval;
use crate::quantity::Quantity;
use crate::ratio::Ratio;
use crate::temporal::{Date, DateTime, Time};
use crate::uncertain::Uncertain;

/// A value of any System type, or a node `N` of a record (an element of a FHIR resource). Cloning is cheap.
#[derive(Clone, PartialEq)]
pub enum Value<N> {
    /// Unknown (CQL). FHIRPath has empty collections in its place, and never holds this.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number of 32 bits.
    Integer(i32),
    /// A whole number of 64 bits.
    Long(i64),
    /// An Integer of which only the range is known: how long it is between partial dates (CQL). FHIRPath never holds
    /// this. It is never certain; [`Value::of_uncertain`] makes it.
    Uncertain(Uncertain<i32>),
    /// A number with a fraction, exact.
    Decimal(Decimal),
    /// A text.
    String(Arc<str>),
    /// A date, possibly partial.
    Date(Date),
    /// A date with a time, possibly partial.
    DateTime(DateTime),
    /// A time of day, possibly partial.
    Time(Time),
    /// A number with a unit.
    Quantity(Arc<Quantity>),
    /// Two quantities that stand in a relation.
    Ratio(Arc<Ratio>),
    /// A code of a code system.
    Code(Arc<Code>),
    /// Codes that mean the same.
    Concept(Arc<Concept>),
    /// All values from one to another.
    Interval(Arc<Interval<Value<N>>>),
    /// Values in order.
    List(Arc<[Value<N>]>),
    /// Values by name.
    Tuple(Arc<Tuple<Value<N>>>),
    /// A node of a record.
    Node(N),
}

impl<N> Value<N> {
    /// A text.
    #[must_use]
    pub fn string(text: &str) -> Value<N> {
        Value::String(Arc::from(text))
    }

    /// A quantity.
    #[must_use]
    pub fn quantity(quantity: Quantity) -> Value<N> {
        Value::Quantity(Arc::new(quantity))
    }

    /// A list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Value<N>>) -> Value<N> {
        Value::List(items.into_iter().collect())
    }

    /// An interval.
    #[must_use]
    pub fn interval(interval: Interval<Value<N>>) -> Value<N> {
        Value::Interval(Arc::new(interval))
    }

    /// An Integer that may not be certain.
    #[must_use]
    pub fn of_uncertain(value: Uncertain<i32>) -> Value<N> {
        value
            .certain()
            .map_or(Value::Uncertain(value), Value::Integer)
    }

    /// The range of an Integer, certain or not.
    #[must_use]
    pub fn as_uncertain(&self) -> Option<Uncertain<i32>> {
        match self {
            Value::Integer(value) => Some(Uncertain::from(*value)),
            Value::Uncertain(value) => Some(*value),
            _ => None,
        }
    }

    /// The least and the greatest number that it may be, of whichever type of number.
    #[must_use]
    pub fn number_range(&self) -> Option<(Decimal, Decimal)> {
        match self {
            Value::Uncertain(value) => Some((value.low().into(), value.high().into())),
            certain => certain.as_number().map(|value| (value, value)),
        }
    }

    /// Whether this is [`Value::Null`].
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The name of its System type (`Integer`), `Null` of null and `Node` of a node.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "Null",
            Value::Boolean(_) => "Boolean",
            Value::Integer(_) | Value::Uncertain(_) => "Integer",
            Value::Long(_) => "Long",
            Value::Decimal(_) => "Decimal",
            Value::String(_) => "String",
            Value::Date(_) => "Date",
            Value::DateTime(_) => "DateTime",
            Value::Time(_) => "Time",
            Value::Quantity(_) => "Quantity",
            Value::Ratio(_) => "Ratio",
            Value::Code(_) => "Code",
            Value::Concept(_) => "Concept",
            Value::Interval(_) => "Interval",
            Value::List(_) => "List",
            Value::Tuple(_) => "Tuple",
            Value::Node(_) => "Node",
        }
    }

    /// The number it is, of whichever type of number.
    #[must_use]
    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Value::Integer(value) => Some(Decimal::from(*value)),
            Value::Long(value) => Some(Decimal::from(*value)),
            Value::Decimal(value) => Some(*value),
            _ => None,
        }
    }
}

impl<N> From<Option<Value<N>>> for Value<N> {
    fn from(value: Option<Value<N>>) -> Value<N> {
        value.unwrap_or(Value::Null)
    }
}

macro_rules! from {
    ($($ty:ty => $variant:ident),*) => {
        $(impl<N> From<$ty> for Value<N> {
            fn from(value: $ty) -> Value<N> {
                Value::$variant(value)
            }
        }

        impl<N> From<Option<$ty>> for Value<N> {
            fn from(value: Option<$ty>) -> Value<N> {
                value.map_or(Value::Null, Value::$variant)
            }
        })*
    };
}

from!(
    bool => Boolean, i32 => Integer, i64 => Long, Decimal => Decimal, Date => Date, DateTime => DateTime, Time => Time
);

impl<N: fmt::Debug> fmt::Debug for Value<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Boolean(value) => fmt::Debug::fmt(value, f),
            Value::Integer(value) => fmt::Debug::fmt(value, f),
            Value::Long(value) => write!(f, "{value}L"),
            Value::Uncertain(value) => write!(f, "Interval[{}, {}]", value.low(), value.high()),
            Value::Decimal(value) => fmt::Debug::fmt(value, f),
            Value::String(value) => fmt::Debug::fmt(value, f),
            Value::Date(value) => write!(f, "@{value}"),
            Value::DateTime(value) if value.time().is_none() => write!(f, "@{value}T"),
            Value::DateTime(value) => write!(f, "@{value}"),
            Value::Time(value) => write!(f, "@T{value}"),
            Value::Quantity(value) => write!(f, "{value}"),
            Value::Ratio(value) => write!(f, "{value}"),
            Value::Code(value) => fmt::Debug::fmt(value, f),
            Value::Concept(value) => fmt::Debug::fmt(value, f),
            Value::Interval(value) => fmt::Debug::fmt(value, f),
            Value::List(values) => f.debug_set().entries(values.iter()).finish(),
            Value::Tuple(value) => fmt::Debug::fmt(value, f),
            Value::Node(node) => fmt::Debug::fmt(node, f),
        }
    }
}
