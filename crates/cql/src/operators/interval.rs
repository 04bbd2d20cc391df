//! Operators of intervals alone (CQL 1.5.3 §9.B "Interval Operators"). [Relations](super::relation) and
//! [sets](super::set) are beside this. Null in, null out.

use std::sync::Arc;

use salus_values::{Expanded, INTERVALS_MAX, Interval, Point, Quantity};

use super::arithmetic::example;
use super::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};
use crate::elm::Kind;

/// `Interval[low, high]` with ends that are closed or open.
///
/// # Errors
/// When the start is known to be after the end.
pub fn interval<N: Record>(
    low: Value<N>,
    low_closed: bool,
    high: Value<N>,
    high_closed: bool,
    scene: &Scene<'_>,
) -> Outcome<N> {
    let interval = Interval::new(low, low_closed, high, high_closed);
    match interval.is_valid(&scene.grain(None)) {
        Some(false) => Err(EvaluationError::BadOperand {
            operator: "Interval",
            value: format!("{interval:?}").into(),
            reason: "starts after it ends",
        }),
        _ => Ok(Value::interval(interval)),
    }
}

/// What an operator gives of an interval whose ends are both null and whose point type nobody knows, as
/// `Interval[null, null]` is without a cast; `None` when it evaluates as ever. Such an interval has no start and no end
/// (§9.B "Start"), so what depends on them is null; the official suite has it that nothing is in it, and that it
/// includes every interval.
#[must_use]
pub fn of_unknown_point_type<N: Record>(operator: Kind) -> Option<Value<N>> {
    match operator {
        Kind::Contains | Kind::In | Kind::ProperContains | Kind::ProperIn => {
            Some(Value::Boolean(false))
        }
        Kind::Includes | Kind::IncludedIn | Kind::ProperIncludes | Kind::ProperIncludedIn => None,
        _ => Some(Value::Null),
    }
}

/// An interval, if the operand is not null.
fn operand<'v, N: Record>(
    operator: &'static str,
    value: &'v Value<N>,
) -> Result<Option<&'v Interval<Value<N>>>, EvaluationError> {
    match value {
        Value::Interval(interval) => Ok(Some(interval)),
        Value::Null => Ok(None),
        other => wrong_operands(operator, &[other]),
    }
}

/// `start of operand`: its first point. A closed end that is null is the least value of the point type, which the value
/// itself tells if the other end is not null, and else its name (`Integer`, `DateTime`, …) if that is given. Null of an
/// open end that is null: it could be any point.
pub fn start<N: Record>(value: &Value<N>, point_type: Option<&str>, _: &Scene<'_>) -> Outcome<N> {
    let Some(interval) = operand("Start", value)? else {
        return Ok(Value::Null);
    };
    match interval.start() {
        Value::Null if interval.low.is_null() && interval.low_closed => {
            let example = point_type.and_then(example);
            Ok(example
                .and_then(|example: Value<N>| example.minimum())
                .into())
        }
        start => Ok(start),
    }
}

/// `end of operand`: its last point; otherwise as [`start`].
pub fn end<N: Record>(value: &Value<N>, point_type: Option<&str>, _: &Scene<'_>) -> Outcome<N> {
    let Some(interval) = operand("End", value)? else {
        return Ok(Value::Null);
    };
    match interval.end() {
        Value::Null if interval.high.is_null() && interval.high_closed => {
            let example = point_type.and_then(example);
            Ok(example
                .and_then(|example: Value<N>| example.maximum())
                .into())
        }
        end => Ok(end),
    }
}

/// `width of operand`: the distance from its first to its last point. Null when one of them is not known.
///
/// # Errors
/// For intervals of dates and times, whose width is a duration in a unit that nobody named.
pub fn width<N: Record>(value: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    measured("Width", value, Interval::width)
}

/// `Size(operand)`: how many points it has: its width and the size of a point. Null when that is not known.
///
/// # Errors
/// As for [`width`].
pub fn size<N: Record>(value: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    measured("Size", value, Interval::size)
}

fn measured<N: Record>(
    operator: &'static str,
    value: &Value<N>,
    measure: fn(&Interval<Value<N>>) -> Option<Value<N>>,
) -> Outcome<N> {
    let Some(interval) = operand(operator, value)? else {
        return Ok(Value::Null);
    };
    if is_of_time(interval) {
        return Err(EvaluationError::BadOperand {
            operator,
            value: format!("{interval:?}").into(),
            reason: "is of time: ask for its duration in a unit",
        });
    }
    Ok(measure(interval).into())
}

fn is_of_time<N: Record>(interval: &Interval<Value<N>>) -> bool {
    let is = |end: &Value<N>| matches!(end, Value::Date(_) | Value::DateTime(_) | Value::Time(_));
    is(&interval.low) || is(&interval.high)
}

/// `point from operand`: the only point that it has. Null when it is not known whether there is only one.
///
/// # Errors
/// When there are several.
pub fn point_from<N: Record>(value: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let Some(interval) = operand("PointFrom", value)? else {
        return Ok(Value::Null);
    };
    let grain = scene.grain(None);
    if let Some(point) = interval.point(&grain) {
        return Ok(point);
    }
    match interval.start().compare(&interval.end(), &grain) {
        Some(_) => Err(EvaluationError::BadOperand {
            operator: "PointFrom",
            value: format!("{interval:?}").into(),
            reason: "has more than one point",
        }),
        None => Ok(Value::Null),
    }
}

/// The intervals of a list; nulls are left out.
fn intervals<N: Record>(
    operator: &'static str,
    list: &[Value<N>],
) -> Result<Vec<Interval<Value<N>>>, EvaluationError> {
    let mut intervals = Vec::with_capacity(list.len());
    for item in list {
        if let Some(interval) = operand(operator, item)? {
            intervals.push(interval.clone());
        }
    }
    Ok(intervals)
}

/// The size of steps, if it is given.
fn step<'v, N: Record>(
    operator: &'static str,
    per: &'v Value<N>,
) -> Result<Option<&'v Quantity>, EvaluationError> {
    match per {
        Value::Quantity(per) => Ok(Some(per)),
        Value::Null => Ok(None),
        other => wrong_operands(operator, &[other]),
    }
}

/// `collapse operand per step`: as few intervals as cover the same points, in order. With a step, gaps of no more than
/// that close. Null of null; intervals that are null, or of which no end is known, are left out.
pub fn collapse<N: Record>(value: &Value<N>, per: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let per = step("Collapse", per)?;
    match value {
        Value::Null => Ok(Value::Null),
        Value::List(list) => {
            let intervals = intervals("Collapse", list)?;
            let joined = Interval::collapse(&intervals, per, &scene.grain(None));
            Ok(Value::list(joined.into_iter().map(Value::interval)))
        }
        other => wrong_operands("Collapse", &[other]),
    }
}

/// `expand operand per step`: the pieces of the intervals of a list, each of that size; the points at which the pieces
/// of one interval begin. Without a step, the size is one of the coarsest precision of the ends. Null of null;
/// intervals that are null or of which an end is not known have no pieces.
///
/// # Errors
/// When there would be more than [`INTERVALS_MAX`].
pub fn expand<N: Record>(value: &Value<N>, per: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let per = step("Expand", per)?;
    let (intervals, is_list) = match value {
        Value::Null => return Ok(Value::Null),
        Value::List(list) => (intervals("Expand", list)?, true),
        Value::Interval(interval) => (vec![Interval::clone(interval)], false),
        other => return wrong_operands("Expand", &[other]),
    };
    let known: Vec<Interval<Value<N>>> = intervals
        .into_iter()
        .filter(|interval| !interval.low.is_null() && !interval.high.is_null())
        .collect();
    match Interval::expand(&known, per, &scene.grain(None)) {
        Expanded::Pieces(pieces) if is_list => {
            Ok(Value::list(pieces.into_iter().map(Value::interval)))
        }
        Expanded::Pieces(pieces) => Ok(Value::List(
            pieces
                .into_iter()
                .map(|piece| piece.low)
                .collect::<Arc<[_]>>(),
        )),
        Expanded::Unknown => Ok(Value::Null),
        Expanded::TooMany => Err(EvaluationError::TooMany {
            operator: "Expand",
            items_max: INTERVALS_MAX,
        }),
    }
}
