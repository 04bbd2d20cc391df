//! An order of all values, so that any list can be sorted (CQL 1.5.3 §20 `Sort`).

use std::cmp::Ordering;

use super::Value;
use crate::interval::Grain;
use crate::temporal::{Date, DateTime, Time};

/// Nulls first, then by type, then by value. Partial dates are ordered by the first moment that they may be, and what
/// is less precise comes first. Values without an order are all the same.
pub(crate) fn total_order<N>(left: &Value<N>, right: &Value<N>, grain: &Grain) -> Ordering {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Long(left), Value::Long(right)) => left.cmp(right),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => dates(left, right),
        (Value::Time(left), Value::Time(right)) => times(left, right),
        (Value::Quantity(left), Value::Quantity(right)) => left.order(right),
        (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_)) => {
            match (date_time(left), date_time(right)) {
                (Some(left), Some(right)) => date_times(&left, &right, grain),
                _ => Ordering::Equal,
            }
        }
        _ => match (left.number_range(), right.number_range()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => rank(left).cmp(&rank(right)),
        },
    }
}

fn dates(left: &Date, right: &Date) -> Ordering {
    left.epoch_days()
        .cmp(&right.epoch_days())
        .then(left.precision().cmp(&right.precision()))
}

fn times(left: &Time, right: &Time) -> Ordering {
    left.millis()
        .cmp(&right.millis())
        .then(left.precision().cmp(&right.precision()))
}

fn date_times(left: &DateTime, right: &DateTime, grain: &Grain) -> Ordering {
    left.epoch_millis(grain.offset)
        .cmp(&right.epoch_millis(grain.offset))
        .then(left.precision().cmp(&right.precision()))
}

fn date_time<N>(value: &Value<N>) -> Option<DateTime> {
    match value {
        Value::Date(date) => Some(date.to_date_time()),
        Value::DateTime(moment) => Some(*moment),
        _ => None,
    }
}

/// Types among each other; numbers have one rank, and so have dates.
fn rank<N>(value: &Value<N>) -> u8 {
    match value {
        Value::Null => 0,
        Value::Boolean(_) => 1,
        Value::Integer(_) | Value::Uncertain(_) | Value::Long(_) | Value::Decimal(_) => 2,
        Value::String(_) => 3,
        Value::Date(_) | Value::DateTime(_) => 4,
        Value::Time(_) => 5,
        Value::Quantity(_) => 6,
        _ => 7,
    }
}
