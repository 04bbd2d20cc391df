//! Whether a result is what the suite expects.

use std::cmp::Ordering;

use salus_values::{Interval, Tuple};

use crate::operators::{Record, Value};

/// Whether two values are the same: of one type, in the same order, decimals by their number, dates to the same
/// precision. Values without an offset are where the evaluation is (`offset`, in minutes).
pub(super) fn same<N: Record>(found: &Value<N>, expected: &Value<N>, offset: i16) -> bool {
    match (found, expected) {
        (Value::Null, Value::Null) => true,
        (Value::Boolean(found), Value::Boolean(expected)) => found == expected,
        (Value::Integer(found), Value::Integer(expected)) => found == expected,
        (Value::Long(found), Value::Long(expected)) => found == expected,
        (Value::Decimal(found), Value::Decimal(expected)) => found == expected,
        // The specification itself writes a Decimal that is whole without its point
        // (`expand { Interval[10.0, 12.5] }`).
        (Value::Decimal(found), Value::Integer(expected)) => *found == (*expected).into(),
        (Value::String(found), Value::String(expected)) => found == expected,
        (Value::Date(found), Value::Date(expected)) => found == expected,
        (Value::DateTime(found), Value::DateTime(expected)) => {
            found.precision() == expected.precision()
                && found.compare_cql(expected, offset) == Some(Ordering::Equal)
        }
        // A Date converts to a DateTime, and `~` of the two would be true (`RolledOutIntervals`).
        (Value::DateTime(found), Value::Date(expected)) => *found == expected.to_date_time(),
        (Value::Time(found), Value::Time(expected)) => found == expected,
        (Value::Quantity(found), Value::Quantity(expected)) => found == expected,
        (Value::Ratio(found), Value::Ratio(expected)) => found == expected,
        (Value::Code(found), Value::Code(expected)) => found == expected,
        (Value::Concept(found), Value::Concept(expected)) => found == expected,
        (Value::Uncertain(found), Value::Interval(expected)) => {
            let range = Interval::closed(Value::Integer(found.low()), Value::Integer(found.high()));
            intervals(&range, expected, offset)
        }
        (Value::Interval(found), Value::Interval(expected)) => intervals(found, expected, offset),
        (Value::List(found), Value::List(expected)) => {
            found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected.iter())
                    .all(|(found, expected)| same(found, expected, offset))
        }
        (Value::Tuple(found), Value::Tuple(expected)) => tuples(found, expected, offset),
        _ => false,
    }
}

/// The same first and last points; of ends that are not known, the same kind of end.
fn intervals<N: Record>(
    found: &Interval<Value<N>>,
    expected: &Interval<Value<N>>,
    offset: i16,
) -> bool {
    let ends = |found: (Value<N>, bool), expected: (Value<N>, bool)| match found.0.is_null() {
        true => expected.0.is_null() && found.1 == expected.1,
        false => same(&found.0, &expected.0, offset),
    };
    ends(
        (found.start(), found.low_closed),
        (expected.start(), expected.low_closed),
    ) && ends(
        (found.end(), found.high_closed),
        (expected.end(), expected.high_closed),
    )
}

/// The same elements; one that is null need not be there.
fn tuples<N: Record>(found: &Tuple<Value<N>>, expected: &Tuple<Value<N>>, offset: i16) -> bool {
    let all_in = |one: &Tuple<Value<N>>, other: &Tuple<Value<N>>| {
        one.iter().all(|(name, value)| match other.get(name) {
            Some(known) => same(value, known, offset),
            None => value.is_null(),
        })
    };
    all_in(found, expected) && all_in(expected, found)
}
