//! The values of a type as steps: the next, the previous, the first, the last, and what a value may stand for.

use salus_values::{Date, DateTime, Decimal, Point, Quantity, Time};

use crate::operators::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// `successor of operand`: one more; of a Decimal or a quantity 10⁻⁸ more; of a date or time one more of the finest
/// part that is known.
///
/// # Errors
/// After the last value of the type.
pub fn successor<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    step(
        "Successor",
        operand,
        Point::successor,
        "is the last of its type",
    )
}

/// `predecessor of operand`: as [`successor`], backwards.
///
/// # Errors
/// Before the first value of the type.
pub fn predecessor<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    step(
        "Predecessor",
        operand,
        Point::predecessor,
        "is the first of its type",
    )
}

fn step<N: Record>(
    operator: &'static str,
    operand: &Value<N>,
    take: fn(&Value<N>) -> Option<Value<N>>,
    reason: &'static str,
) -> Outcome<N> {
    if operand.is_null() {
        return Ok(Value::Null);
    }
    if operand.minimum().is_none() {
        return wrong_operands(operator, &[operand]);
    }
    take(operand).ok_or_else(|| EvaluationError::BadOperand {
        operator,
        value: format!("{operand:?}").into(),
        reason,
    })
}

/// `minimum T` of a type of System, by its name without model: `Integer`, `DateTime`.
///
/// # Errors
/// For types that have no least value.
pub fn min_value<N: Record>(type_name: &str, _: &Scene<'_>) -> Outcome<N> {
    extreme("MinValue", type_name, Point::minimum)
}

/// `maximum T` of a type of System, by its name without model.
///
/// # Errors
/// For types that have no greatest value.
pub fn max_value<N: Record>(type_name: &str, _: &Scene<'_>) -> Outcome<N> {
    extreme("MaxValue", type_name, Point::maximum)
}

fn extreme<N: Record>(
    operator: &'static str,
    type_name: &str,
    take: fn(&Value<N>) -> Option<Value<N>>,
) -> Outcome<N> {
    let example = example(type_name);
    let found = example.as_ref().and_then(take);
    found.ok_or_else(|| EvaluationError::WrongOperands {
        operator,
        found: type_name.into(),
    })
}

/// Some value of a type of System whose values have an order, by the type's name.
pub(in crate::operators) fn example<N>(type_name: &str) -> Option<Value<N>> {
    Some(match type_name {
        "Integer" => Value::Integer(0),
        "Long" => Value::Long(0),
        "Decimal" => Value::Decimal(Decimal::ZERO),
        "Quantity" => Value::quantity(Quantity::from(Decimal::ZERO)),
        "Date" => Value::Date(Date::MIN),
        "DateTime" => Value::DateTime(DateTime::MIN),
        "Time" => Value::Time(Time::MIN),
        _ => return None,
    })
}

/// `Precision(operand)`: the digits after the point of a Decimal, all digits of a date or time.
pub fn precision<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(Value::Integer(match operand {
        Value::Null => return Ok(Value::Null),
        Value::Decimal(value) => value.precision(),
        Value::Date(value) => value.precision().digits(),
        Value::DateTime(value) => value.precision().digits(),
        Value::Time(value) => value.digits(),
        other => return wrong_operands("Precision", &[other]),
    }))
}

/// `LowBoundary(operand, precision)`: the least that it may stand for, to so many digits; to all that the type has
/// when that is null. Null for a number of digits that the type does not have.
pub fn low_boundary<N: Record>(
    operand: &Value<N>,
    precision: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let digits = digits("LowBoundary", operand, precision)?;
    Ok(match operand {
        Value::Null => Value::Null,
        Value::Decimal(value) => value.low_boundary_cql(digits).into(),
        Value::Date(value) => value.low_boundary(digits).into(),
        Value::DateTime(value) => value.low_boundary_cql(digits).into(),
        Value::Time(value) => value.low_boundary(digits).into(),
        other => return wrong_operands("LowBoundary", &[other]),
    })
}

/// `HighBoundary(operand, precision)`: the greatest that it may stand for; otherwise as [`low_boundary`].
pub fn high_boundary<N: Record>(
    operand: &Value<N>,
    precision: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let digits = digits("HighBoundary", operand, precision)?;
    Ok(match operand {
        Value::Null => Value::Null,
        Value::Decimal(value) => value.high_boundary_cql(digits).into(),
        Value::Date(value) => value.high_boundary(digits).into(),
        Value::DateTime(value) => value.high_boundary_cql(digits).into(),
        Value::Time(value) => value.high_boundary(digits).into(),
        other => return wrong_operands("HighBoundary", &[other]),
    })
}

fn digits<N: Record>(
    operator: &'static str,
    operand: &Value<N>,
    precision: &Value<N>,
) -> Result<Option<i32>, EvaluationError> {
    match precision {
        Value::Null => Ok(None),
        Value::Integer(digits) => Ok(Some(*digits)),
        other => wrong_operands(operator, &[operand, other]),
    }
}
