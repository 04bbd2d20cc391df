//! `Union`, `Intersect` and `Except` of two lists or two intervals (CQL 1.5.3 §9.B "Interval Operators", "List
//! Operators"). Of lists, each element comes once, in the order in which it first comes; null elements are the same.

use salus_values::Interval;

use super::{Outcome, Record, Scene, Value, wrong_operands};

/// `left union right`. A list that is null is empty; when both are null there is no telling what they are, and the
/// result is null: see [`union_of_lists`]. Of intervals, null when either is null or there is a gap between them.
pub fn union<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::List(left), Value::List(right)) => {
            Value::list(scene.elements(None).union(left, right))
        }
        (Value::List(list), Value::Null) | (Value::Null, Value::List(list)) => {
            Value::list(scene.elements(None).distinct(list))
        }
        _ => return intervals("Union", left, right, scene, Interval::union),
    })
}

/// [`union`] of operands that are known to be lists: of two nulls the empty list.
pub fn union_of_lists<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    if left.is_null() && right.is_null() {
        return Ok(Value::list([]));
    }
    union(left, right, scene)
}

/// `left intersect right`. Null when either is null; of intervals also when they have nothing in common.
pub fn intersect<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::List(left), Value::List(right)) => {
            Value::list(scene.elements(None).intersect(left, right))
        }
        _ => return intervals("Intersect", left, right, scene, Interval::intersect),
    })
}

/// `left except right`. Null when the left is null; a list on the right that is null is empty. Of intervals, null when
/// either is null, and when the rest is nothing or two intervals.
pub fn except<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::List(left), Value::List(right)) => {
            Value::list(scene.elements(None).except(left, right))
        }
        (Value::List(left), Value::Null) => Value::list(scene.elements(None).distinct(left)),
        _ => return intervals("Except", left, right, scene, Interval::except),
    })
}

/// An operator of two intervals that gives one, if any.
type OfIntervals<N> = fn(
    &Interval<Value<N>>,
    &Interval<Value<N>>,
    &salus_values::Grain,
) -> Option<Interval<Value<N>>>;

fn intervals<N: Record>(
    operator: &'static str,
    left: &Value<N>,
    right: &Value<N>,
    scene: &Scene<'_>,
    apply: OfIntervals<N>,
) -> Outcome<N> {
    match (left, right) {
        (Value::Interval(left), Value::Interval(right)) => {
            let found = apply(left, right, &scene.grain(None));
            Ok(found.map(Value::interval).into())
        }
        (Value::Null, Value::Null | Value::Interval(_) | Value::List(_))
        | (Value::Interval(_) | Value::List(_), Value::Null) => Ok(Value::Null),
        _ => wrong_operands(operator, &[left, right]),
    }
}
