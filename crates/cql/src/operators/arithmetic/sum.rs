//! Sums, differences and signs.

use salus_values::{CalendarUnit, Duration, Precision, Quantity, Uncertain, Unit};

use crate::operators::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// `left + right` of numbers and quantities; of a date or time and a duration; of texts (as `Concatenate`). Null on
/// overflow, and for quantities of different dimensions.
///
/// # Errors
/// For a duration in a unit that no calendar has, and for a result outside the years 1 to 9999.
pub fn add<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Integer(left), Value::Integer(right)) => left.checked_add(*right).into(),
        (Value::Long(left), Value::Long(right)) => left.checked_add(*right).into(),
        (Value::Decimal(left), Value::Decimal(right)) => left.checked_add(*right).into(),
        (Value::Quantity(left), Value::Quantity(right)) => quantity(left.add(right)),
        (Value::String(_), Value::String(_)) => {
            return crate::operators::text::concatenate(&[left.clone(), right.clone()], scene);
        }
        (_, Value::Quantity(by)) => return shifted("Add", left, right, by, true),
        _ => return uncertain("Add", left, right, i32::checked_add),
    })
}

/// `left - right` of numbers and quantities; of a date or time and a duration. Null as for [`add`].
///
/// # Errors
/// As for [`add`].
pub fn subtract<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Integer(left), Value::Integer(right)) => left.checked_sub(*right).into(),
        (Value::Long(left), Value::Long(right)) => left.checked_sub(*right).into(),
        (Value::Decimal(left), Value::Decimal(right)) => left.checked_sub(*right).into(),
        (Value::Quantity(left), Value::Quantity(right)) => quantity(left.subtract(right)),
        (_, Value::Quantity(by)) => return shifted("Subtract", left, right, by, false),
        _ => return uncertain("Subtract", left, right, i32::checked_sub),
    })
}

/// `-operand`. Null for the least Integer and Long, which have no negative.
pub fn negate<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Null => Value::Null,
        Value::Integer(value) => value.checked_neg().into(),
        Value::Long(value) => value.checked_neg().into(),
        Value::Decimal(value) => value.negate().into(),
        Value::Quantity(value) => Value::quantity(value.negate()),
        Value::Uncertain(value) => {
            let negated = Uncertain::from(0).combine(*value, i32::checked_sub);
            negated.map_or(Value::Null, Value::of_uncertain)
        }
        other => return wrong_operands("Negate", &[other]),
    })
}

/// `Abs(operand)`; the unit of a quantity stays. Null for the least Integer and Long.
pub fn abs<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Null => Value::Null,
        Value::Integer(value) => value.checked_abs().into(),
        Value::Long(value) => value.checked_abs().into(),
        Value::Decimal(value) => value.abs().into(),
        Value::Quantity(value) => Value::quantity(value.abs()),
        other => return wrong_operands("Abs", &[other]),
    })
}

pub(super) fn quantity<N>(quantity: Option<Quantity>) -> Value<N> {
    quantity.map_or(Value::Null, Value::quantity)
}

/// Integers of which one is not certain: the range that the result is in.
pub(super) fn uncertain<N: Record>(
    operator: &'static str,
    left: &Value<N>,
    right: &Value<N>,
    apply: fn(i32, i32) -> Option<i32>,
) -> Outcome<N> {
    match (left.as_uncertain(), right.as_uncertain()) {
        (Some(left), Some(right)) => Ok(left
            .combine(right, apply)
            .map_or(Value::Null, Value::of_uncertain)),
        _ => wrong_operands(operator, &[left, right]),
    }
}

/// A point in time, later or earlier by a duration.
fn shifted<N: Record>(
    operator: &'static str,
    point: &Value<N>,
    right: &Value<N>,
    by: &Quantity,
    forwards: bool,
) -> Outcome<N> {
    if !matches!(point, Value::Date(_) | Value::DateTime(_) | Value::Time(_)) {
        return wrong_operands(operator, &[point, right]);
    }
    let bad = |value: String, reason| EvaluationError::BadOperand {
        operator,
        value: value.into(),
        reason,
    };
    let signed = match forwards {
        true => by.clone(),
        false => by.negate(),
    };
    let duration = duration(&signed).ok_or_else(|| bad(by.to_string(), NO_DURATION))?;
    if matches!(point, Value::Date(_)) && duration.unit > Precision::Day {
        return Err(bad(by.to_string(), "is shorter than the days of a date"));
    }
    if matches!(point, Value::Time(_)) && duration.unit < Precision::Hour {
        return Err(bad(
            by.to_string(),
            "is longer than a time of day has parts",
        ));
    }
    let moved: Option<Value<N>> = match point {
        Value::Date(date) => date.add(&duration).map(Value::Date),
        Value::DateTime(moment) => moment.add(&duration).map(Value::DateTime),
        Value::Time(time) => time.add(&duration).map(Value::Time),
        _ => None,
    };
    moved.ok_or_else(|| bad(by.to_string(), "leads out of the years 1 to 9999"))
}

/// What is added to a point in time. Seconds of UCUM are those of the calendar, fractions included.
fn duration(by: &Quantity) -> Option<Duration> {
    match &by.unit {
        Unit::Ucum(unit) if unit.code() == "s" => {
            Quantity::new(by.value, CalendarUnit::Second.into()).as_duration()
        }
        _ => by.as_duration(),
    }
}

const NO_DURATION: &str = "is no duration of the calendar: write years, months, weeks, days, …";
