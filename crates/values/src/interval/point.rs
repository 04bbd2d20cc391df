//! What intervals are made of.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::decimal::Decimal;
use crate::quantity::Quantity;
use crate::temporal::{Date, DateTime, Precision, Time};
use crate::uncertain::Uncertain;
use crate::value::Value;

/// How points in time are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grain {
    /// As far as this and no further (`overlaps day of`); as far as they are known when `None`.
    pub precision: Option<Precision>,
    /// The offset in minutes of the evaluation request, where values without one are.
    pub offset: i16,
}

impl Grain {
    /// Points are compared as far as they are known, at an offset.
    #[must_use]
    pub fn at_offset(offset: i16) -> Grain {
        Grain {
            precision: None,
            offset,
        }
    }

    /// As this, to a precision.
    #[must_use]
    pub fn to(self, precision: Precision) -> Grain {
        Grain {
            precision: Some(precision),
            ..self
        }
    }
}

/// A value of a type that has an order, a next and a previous value, or null.
pub trait Point: Clone {
    /// No value.
    fn null() -> Self;

    /// Whether this is no value.
    fn is_null(&self) -> bool;

    /// The order of two values; `None` when it is not known or there is none.
    fn compare(&self, other: &Self, grain: &Grain) -> Option<Ordering>;

    /// An order of all values, for sorting: nulls first, then by [`Point::compare`], where that does not know by the
    /// first moment that a date may be, and then by what is less precise (CQL 1.5.3 §20 `Sort`).
    fn order(&self, other: &Self, grain: &Grain) -> Ordering;

    /// The next value; `None` after the last (CQL 1.5.3 §16 `Successor`).
    fn successor(&self) -> Option<Self>;

    /// The previous value; `None` before the first (CQL 1.5.3 §16 `Predecessor`).
    fn predecessor(&self) -> Option<Self>;

    /// The least value of the type of this one (CQL 1.5.3 §22 `minimum`).
    fn minimum(&self) -> Option<Self>;

    /// The greatest value of the type of this one (CQL 1.5.3 §22 `maximum`).
    fn maximum(&self) -> Option<Self>;
}

impl<N: Clone> Point for Value<N> {
    fn null() -> Value<N> {
        Value::Null
    }

    fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    fn compare(&self, other: &Value<N>, grain: &Grain) -> Option<Ordering> {
        match (self, other) {
            (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
            (Value::Long(left), Value::Long(right)) => Some(left.cmp(right)),
            (Value::Decimal(left), Value::Decimal(right)) => Some(left.cmp(right)),
            (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
            (Value::Date(left), Value::Date(right)) => match grain.precision {
                None => left.compare(right),
                Some(precision) => left.compare_to(right, precision),
            },
            (Value::DateTime(left), Value::DateTime(right)) => date_times(left, right, grain),
            (Value::Date(left), Value::DateTime(right)) => {
                date_times(&left.to_date_time(), right, grain)
            }
            (Value::DateTime(left), Value::Date(right)) => {
                date_times(left, &right.to_date_time(), grain)
            }
            (Value::Time(left), Value::Time(right)) => match grain.precision {
                None => left.compare_cql(right),
                Some(precision) => left.compare_to(right, precision),
            },
            (Value::Quantity(left), Value::Quantity(right)) => Quantity::compare(left, right),
            (Value::Uncertain(_), _) | (_, Value::Uncertain(_)) => {
                let (low, high) = self.number_range()?;
                let (other_low, other_high) = other.number_range()?;
                Uncertain::new(low, high).compare(Uncertain::new(other_low, other_high))
            }
            (left, right) => Some(left.as_number()?.cmp(&right.as_number()?)),
        }
    }

    fn order(&self, other: &Value<N>, grain: &Grain) -> Ordering {
        crate::value::total_order(self, other, grain)
    }

    fn successor(&self) -> Option<Value<N>> {
        Some(match self {
            Value::Integer(value) => Value::Integer(value.checked_add(1)?),
            Value::Long(value) => Value::Long(value.checked_add(1)?),
            Value::Decimal(value) => Value::Decimal(value.successor()?),
            Value::Date(value) => Value::Date(value.successor()?),
            Value::DateTime(value) => Value::DateTime(value.successor()?),
            Value::Time(value) => Value::Time(value.successor()?),
            Value::Quantity(value) => with_value(value, value.value.successor()?),
            _ => return None,
        })
    }

    fn predecessor(&self) -> Option<Value<N>> {
        Some(match self {
            Value::Integer(value) => Value::Integer(value.checked_sub(1)?),
            Value::Long(value) => Value::Long(value.checked_sub(1)?),
            Value::Decimal(value) => Value::Decimal(value.predecessor()?),
            Value::Date(value) => Value::Date(value.predecessor()?),
            Value::DateTime(value) => Value::DateTime(value.predecessor()?),
            Value::Time(value) => Value::Time(value.predecessor()?),
            Value::Quantity(value) => with_value(value, value.value.predecessor()?),
            _ => return None,
        })
    }

    fn minimum(&self) -> Option<Value<N>> {
        Some(match self {
            Value::Integer(_) => Value::Integer(i32::MIN),
            Value::Long(_) => Value::Long(i64::MIN),
            Value::Decimal(_) => Value::Decimal(Decimal::MIN),
            Value::Date(_) => Value::Date(Date::MIN),
            Value::DateTime(_) => Value::DateTime(DateTime::MIN),
            Value::Time(_) => Value::Time(Time::MIN),
            Value::Quantity(value) => with_value(value, Decimal::MIN),
            _ => return None,
        })
    }

    fn maximum(&self) -> Option<Value<N>> {
        Some(match self {
            Value::Integer(_) => Value::Integer(i32::MAX),
            Value::Long(_) => Value::Long(i64::MAX),
            Value::Decimal(_) => Value::Decimal(Decimal::MAX),
            Value::Date(_) => Value::Date(Date::MAX),
            Value::DateTime(_) => Value::DateTime(DateTime::MAX),
            Value::Time(_) => Value::Time(Time::MAX),
            Value::Quantity(value) => with_value(value, Decimal::MAX),
            _ => return None,
        })
    }
}

fn date_times(left: &DateTime, right: &DateTime, grain: &Grain) -> Option<Ordering> {
    match grain.precision {
        None => left.compare_cql(right, grain.offset),
        Some(precision) => left.compare_to(right, precision, grain.offset),
    }
}

fn with_value<N>(quantity: &Quantity, value: Decimal) -> Value<N> {
    Value::Quantity(Arc::new(Quantity {
        value,
        unit: quantity.unit.clone(),
    }))
}
