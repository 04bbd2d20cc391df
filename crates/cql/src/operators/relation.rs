//! How points, intervals and lists lie to each other (CQL 1.5.3 §9.B "Interval Operators", "List Operators", and the
//! comparisons of "Date and Time Operators").
//!
//! With a precision, points in time are compared as far as that; without, as far as they are known. An end that is null
//! is the least or greatest value where it is closed, and unknown where it is open. Where one operand is a point and
//! the operator is one of intervals, the point is the interval of that point alone.

use std::cmp::Ordering;

use salus_values::{Grain, Interval, Point, Precision, Uncertain};

use super::{Outcome, Record, Scene, Value, wrong_operands};

/// A relation of two intervals.
type OfIntervals<N> = fn(&Interval<Value<N>>, &Interval<Value<N>>, &Grain) -> Option<bool>;

/// What an operator is of each kind of operands.
struct Relation<N> {
    operator: &'static str,
    intervals: OfIntervals<N>,
    /// Of two points; `None` where the operator has no such form.
    points: Option<fn(Ordering) -> bool>,
}

impl<N: Record> Relation<N> {
    fn hold(
        &self,
        left: &Value<N>,
        right: &Value<N>,
        precision: Option<Precision>,
        scene: &Scene<'_>,
    ) -> Outcome<N> {
        let grain = scene.grain(precision);
        let holds = match (left, right, self.points) {
            (Value::Null, _, _) | (_, Value::Null, _) => None,
            (Value::Interval(left), Value::Interval(right), _) => {
                (self.intervals)(left, right, &grain)
            }
            (Value::Interval(left), point, _) if is_point(point) => {
                (self.intervals)(left, &Interval::of_point(point.clone()), &grain)
            }
            (point, Value::Interval(right), _) if is_point(point) => {
                (self.intervals)(&Interval::of_point(point.clone()), right, &grain)
            }
            (left, right, Some(points)) if is_point(left) && is_point(right) => {
                left.compare(right, &grain).map(points)
            }
            _ => return wrong_operands(self.operator, &[left, right]),
        };
        Ok(holds.into())
    }
}

/// Whether a value is of a type that intervals can be of.
fn is_point<N: Record>(value: &Value<N>) -> bool {
    matches!(
        value,
        Value::Integer(_)
            | Value::Long(_)
            | Value::Decimal(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Time(_)
            | Value::Quantity(_)
            | Value::Uncertain(_)
    )
}

macro_rules! relations {
    ($($(#[$doc:meta])* $name:ident, $operator:literal, $method:ident, $points:expr;)*) => {
        $($(#[$doc])*
        pub fn $name<N: Record>(
            left: &Value<N>,
            right: &Value<N>,
            precision: Option<Precision>,
            scene: &Scene<'_>,
        ) -> Outcome<N> {
            let relation = Relation { operator: $operator, intervals: Interval::$method, points: $points };
            relation.hold(left, right, precision, scene)
        })*
    };
}

relations! {
    /// `left before right`: it ends before the other starts. Null when either is null.
    before, "Before", before, Some(Ordering::is_lt);
    /// `left after right`: it starts after the other ends. Null when either is null.
    after, "After", after, Some(Ordering::is_gt);
    /// `left same as right`: they start and end together. Null when either is null.
    same_as, "SameAs", same_as, Some(Ordering::is_eq);
    /// `left same or before right`, `left on or before right`: it ends no later than the other starts. Null when either
    /// is null.
    same_or_before, "SameOrBefore", same_or_before, Some(Ordering::is_le);
    /// `left same or after right`, `left on or after right`: it starts no earlier than the other ends. Null when either
    /// is null.
    same_or_after, "SameOrAfter", same_or_after, Some(Ordering::is_ge);
    /// `left meets right`: one starts right after the other ends. Null when either is null.
    meets, "Meets", meets, None;
    /// `left meets before right`: the other starts right after it ends. Null when either is null.
    meets_before, "MeetsBefore", meets_before, None;
    /// `left meets after right`: it starts right after the other ends. Null when either is null.
    meets_after, "MeetsAfter", meets_after, None;
    /// `left overlaps right`: they have a point in common. Null when either is null.
    overlaps, "Overlaps", overlaps, None;
    /// `left overlaps before right`: they overlap, and it starts first. Null when either is null.
    overlaps_before, "OverlapsBefore", overlaps_before, None;
    /// `left overlaps after right`: they overlap, and it ends last. Null when either is null.
    overlaps_after, "OverlapsAfter", overlaps_after, None;
    /// `left starts right`: they start together, and it ends no later. Null when either is null.
    starts, "Starts", starts, None;
    /// `left ends right`: they end together, and it starts no earlier. Null when either is null.
    ends, "Ends", ends, None;
}

/// `left contains right`, of an interval or a list and an element. False when the left is null. A null is in a list
/// that has a null; whether it is in an interval is not known.
pub fn contains<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    element("Contains", left, right, precision, scene)
}

/// `left in right`, `left during right`: [`contains`], the other way round. False when the right is null.
pub fn in_<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    element("In", right, left, precision, scene)
}

fn element<N: Record>(
    operator: &'static str,
    whole: &Value<N>,
    element: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    Ok(match whole {
        Value::Null => Value::Boolean(false),
        Value::Interval(interval) => match element {
            Value::Uncertain(range) => contains_all(interval, *range, &scene.grain(precision)),
            point => interval.contains(point, &scene.grain(precision)),
        }
        .into(),
        Value::List(list) => scene.elements(precision).contains(list, element).into(),
        other => return wrong_operands(operator, &[other, element]),
    })
}

/// Whether an Integer that is not certain is in an interval: so if all that it may be are, not so if none is.
fn contains_all<N: Record>(
    interval: &Interval<Value<N>>,
    range: Uncertain<i32>,
    grain: &Grain,
) -> Option<bool> {
    let range = Interval::closed(Value::Integer(range.low()), Value::Integer(range.high()));
    match interval.includes(&range, grain) {
        Some(true) => Some(true),
        _ => interval
            .overlaps(&range, grain)
            .filter(|overlaps| !overlaps),
    }
}

/// `left properly includes right` of an element: it contains the element, and others; an interval has it strictly
/// between its ends. False when the left is null.
pub fn proper_contains<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    proper_element("ProperContains", left, right, precision, scene)
}

/// `left properly included in right` of an element: [`proper_contains`], the other way round.
pub fn proper_in<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    proper_element("ProperIn", right, left, precision, scene)
}

fn proper_element<N: Record>(
    operator: &'static str,
    whole: &Value<N>,
    element: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    Ok(match whole {
        Value::Null => Value::Boolean(false),
        Value::Interval(interval) => interval
            .properly_contains(element, &scene.grain(precision))
            .into(),
        Value::List(list) => scene
            .elements(precision)
            .properly_contains(list, element)
            .into(),
        other => return wrong_operands(operator, &[other, element]),
    })
}

/// `left includes right` of two intervals or two lists: every point or element of the right is in the left. Null when
/// either is null.
pub fn includes<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    whole("Includes", left, right, precision, scene)
}

/// `left included in right`, `left during right`: [`includes`], the other way round.
pub fn included_in<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    whole("IncludedIn", right, left, precision, scene)
}

fn whole<N: Record>(
    operator: &'static str,
    whole: &Value<N>,
    part: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    Ok(match (whole, part) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::List(list), Value::List(part)) => {
            scene.elements(precision).includes(list, part).into()
        }
        (Value::Interval(interval), Value::Interval(part)) => {
            interval.includes(part, &scene.grain(precision)).into()
        }
        (Value::List(_) | Value::Interval(_), point) => {
            return element(operator, whole, point, precision, scene);
        }
        _ => return wrong_operands(operator, &[whole, part]),
    })
}

/// `left properly includes right` of two intervals or two lists: it includes the right and is larger. Null when either
/// is null.
pub fn proper_includes<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    proper_whole("ProperIncludes", left, right, precision, scene)
}

/// `left properly included in right`, `left properly during right`: [`proper_includes`], the other way round.
pub fn proper_included_in<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    proper_whole("ProperIncludedIn", right, left, precision, scene)
}

fn proper_whole<N: Record>(
    operator: &'static str,
    whole: &Value<N>,
    part: &Value<N>,
    precision: Option<Precision>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    Ok(match (whole, part) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::List(list), Value::List(part)) => scene
            .elements(precision)
            .properly_includes(list, part)
            .into(),
        (Value::Interval(interval), Value::Interval(part)) => interval
            .properly_includes(part, &scene.grain(precision))
            .into(),
        (Value::List(_) | Value::Interval(_), point) => {
            return proper_element(operator, whole, point, precision, scene);
        }
        _ => return wrong_operands(operator, &[whole, part]),
    })
}
