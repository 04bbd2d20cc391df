//! Whole numbers of decimals.

use salus_values::{Decimal, Quantity};

use crate::operators::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// `Ceiling(operand)`: the least Integer that is not below it. Null when no Integer is.
pub fn ceiling<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    whole("Ceiling", operand, Decimal::ceiling)
}

/// `Floor(operand)`: the greatest Integer that is not above it. Null when no Integer is.
pub fn floor<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    whole("Floor", operand, Decimal::floor)
}

/// `Truncate(operand)`: the Integer before the point. Null when it is too large for one.
pub fn truncate<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    whole("Truncate", operand, Decimal::truncate)
}

fn whole<N: Record>(
    operator: &'static str,
    operand: &Value<N>,
    apply: fn(Decimal) -> Decimal,
) -> Outcome<N> {
    if operand.is_null() {
        return Ok(Value::Null);
    }
    match operand.as_number() {
        Some(value) => Ok(apply(value).to_i32().into()),
        None => wrong_operands(operator, &[operand]),
    }
}

/// `Round(operand, precision)`: to that many digits after the point, 0 when it is null or `None`; halves go away from
/// zero. The unit of a quantity stays (CQL 2.0).
///
/// # Errors
/// For a negative number of digits.
pub fn round<N: Record>(
    operand: &Value<N>,
    precision: Option<&Value<N>>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let digits = match precision {
        None | Some(Value::Null) => 0,
        Some(Value::Integer(digits)) => *digits,
        Some(other) => return wrong_operands("Round", &[operand, other]),
    };
    let rounded = |value: Decimal| {
        value
            .round(digits)
            .ok_or_else(|| EvaluationError::BadOperand {
                operator: "Round",
                value: digits.to_string().into(),
                reason: "is no number of digits",
            })
    };
    if let Value::Quantity(quantity) = operand {
        let value = rounded(quantity.value)?;
        return Ok(Value::quantity(Quantity::new(value, quantity.unit.clone())));
    }
    match (operand, operand.as_number()) {
        (Value::Null, _) => Ok(Value::Null),
        (_, Some(value)) => rounded(value).map(Value::Decimal),
        _ => wrong_operands("Round", &[operand]),
    }
}
