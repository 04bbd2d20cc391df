//! Intervals joined to as few as cover the same points (CQL 1.5.3 §19.6 `Collapse`).

use std::cmp::Ordering;
use std::sync::Arc;

use super::Interval;
use super::end::Place;
use super::point::{Grain, Point};
use crate::quantity::Quantity;
use crate::value::Value;

impl<N: Clone> Interval<Value<N>> {
    /// `collapse`: intervals that overlap or meet joined, in order; with `per`, also those with a gap of no more than
    /// that. Intervals of which neither end is known are left out.
    #[must_use]
    pub fn collapse(
        intervals: &[Interval<Value<N>>],
        per: Option<&Quantity>,
        grain: &Grain,
    ) -> Vec<Interval<Value<N>>> {
        let known = |interval: &&Interval<Value<N>>| {
            !(interval.low.is_null() && interval.high.is_null())
                || interval.low_closed
                || interval.high_closed
        };
        let mut rest: Vec<Interval<Value<N>>> = intervals.iter().filter(known).cloned().collect();
        rest.sort_by(|left, right| order(&left.lower_end().low, &right.lower_end().low, grain));
        let mut joined: Vec<Interval<Value<N>>> = Vec::with_capacity(rest.len());
        for next in rest {
            match joined.last_mut() {
                Some(last) if joins(last, &next, per, grain) => {
                    if last.upper_end().less(&next.upper_end(), grain) == Some(true) {
                        *last = last.until_end_of(&next);
                    }
                }
                _ => joined.push(next),
            }
        }
        joined
    }
}

/// The order of two places, for sorting.
fn order<V: Point>(left: &Place<'_, V>, right: &Place<'_, V>, grain: &Grain) -> Ordering {
    let rank = |place: &Place<'_, V>| match place {
        Place::Least => 0,
        Place::At(_) => 1,
        Place::Greatest => 2,
    };
    match (left, right) {
        (Place::At(left), Place::At(right)) => left.as_ref().order(right, grain),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn joins<N: Clone>(
    first: &Interval<Value<N>>,
    second: &Interval<Value<N>>,
    per: Option<&Quantity>,
    grain: &Grain,
) -> bool {
    let touches = first.overlaps(second, grain) == Some(true)
        || first.meets_before(second, grain) == Some(true);
    touches
        || per.and_then(|per| later(&first.end(), per)).is_some_and(
            |reach| matches!(second.start().compare(&reach, grain), Some(order) if order.is_le()),
        )
}

/// A point, so much later.
pub(super) fn later<N: Clone>(point: &Value<N>, by: &Quantity) -> Option<Value<N>> {
    Some(match point {
        Value::Integer(value) => Value::Integer(value.checked_add(by.value.truncate().to_i32()?)?),
        Value::Long(value) => Value::Long(value.checked_add(by.value.truncate().to_i64()?)?),
        Value::Decimal(value) => Value::Decimal(value.checked_add(by.value)?),
        Value::Date(value) => Value::Date(value.add(&by.as_duration()?)?),
        Value::DateTime(value) => Value::DateTime(value.add(&by.as_duration()?)?),
        Value::Time(value) => {
            let later = value.add(&by.as_duration()?)?;
            // Past midnight there is no such time on this day.
            Value::Time(Some(later).filter(|later| later.millis() >= value.millis())?)
        }
        Value::Quantity(value) if by.unit.is_one() => {
            let sum = value.value.checked_add(by.value)?;
            Value::Quantity(Arc::new(Quantity::new(sum, value.unit.clone())))
        }
        Value::Quantity(value) => {
            let by = by.convert_to(&value.unit)?;
            Value::Quantity(Arc::new(value.add(&by)?))
        }
        _ => return None,
    })
}
