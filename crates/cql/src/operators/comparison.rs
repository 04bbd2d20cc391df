//! Comparison operators (CQL 1.5.3 §9.B "Comparison Operators"). An Integer that is not certain compares by its range:
//! the answer is known when it is the same for every value that it may be.

use std::cmp::Ordering;

use salus_values::{Point, logic};

use super::{Outcome, Record, Records, Scene, Value, wrong_operands};

/// `left = right`: null when either is null, or when it is not known (partial dates, units that do not compare). Lists
/// and tuples: null elements are the same as each other, the first pair that is not equal decides.
pub fn equal<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    Ok(left.equal(right, &scene.grain(None), &Records).into())
}

/// `left != right`: `not (left = right)`.
pub fn not_equal<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    Ok(logic::not(left.equal(right, &scene.grain(None), &Records)).into())
}

/// `left ~ right`: true or false, never null; null is equivalent to null only.
pub fn equivalent<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let is = left.equivalent(right, &scene.grain(None), &Records);
    Ok(Value::Boolean(is))
}

/// `left < right`: null when either is null, or when it is not known.
pub fn less<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    ordered("Less", left, right, scene, Ordering::is_lt)
}

/// `left > right`: null when either is null, or when it is not known.
pub fn greater<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    ordered("Greater", left, right, scene, Ordering::is_gt)
}

/// `left <= right`: null when either is null, or when it is not known.
pub fn less_or_equal<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    ordered("LessOrEqual", left, right, scene, Ordering::is_le)
}

/// `left >= right`: null when either is null, or when it is not known.
pub fn greater_or_equal<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    ordered("GreaterOrEqual", left, right, scene, Ordering::is_ge)
}

fn ordered<N: Record>(
    operator: &'static str,
    left: &Value<N>,
    right: &Value<N>,
    scene: &Scene<'_>,
    is: fn(Ordering) -> bool,
) -> Outcome<N> {
    if left.is_null() || right.is_null() {
        return Ok(Value::Null);
    }
    if !are_ordered(left, right) {
        return wrong_operands(operator, &[left, right]);
    }
    if let (Value::Uncertain(_), _) | (_, Value::Uncertain(_)) = (left, right) {
        return Ok(uncertain(left, right, is).into());
    }
    Ok(left.compare(right, &scene.grain(None)).map(is).into())
}

/// Whether it is so for all values that both may be, or for none: where two ranges meet, the order of their ends
/// answers as much as that of each pair between them.
fn uncertain<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    is: fn(Ordering) -> bool,
) -> Option<bool> {
    let (left, right) = (left.number_range()?, right.number_range()?);
    let least = is(left.0.cmp(&right.1));
    let greatest = is(left.1.cmp(&right.0));
    (least == greatest).then_some(least)
}

/// Whether the types of two values have an order among them.
fn are_ordered<N: Record>(left: &Value<N>, right: &Value<N>) -> bool {
    use Value::{Date, DateTime, Decimal, Integer, Long, Quantity, String, Time, Uncertain};
    matches!(
        (left, right),
        (
            Integer(_) | Long(_) | Decimal(_) | Uncertain(_),
            Integer(_) | Long(_) | Decimal(_) | Uncertain(_)
        ) | (String(_), String(_))
            | (Date(_) | DateTime(_), Date(_) | DateTime(_))
            | (Time(_), Time(_))
            | (Quantity(_), Quantity(_))
    )
}
