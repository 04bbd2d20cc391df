//! Powers and logarithms.

use salus_values::Decimal;

use super::settled;
use crate::operators::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// `Ln(operand)`, the natural logarithm. Null below zero.
///
/// # Errors
/// For zero, as the official suite has it.
pub fn ln<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match (operand, operand.as_number()) {
        (Value::Null, _) => Ok(Value::Null),
        (_, Some(value)) if value.is_zero() => Err(EvaluationError::BadOperand {
            operator: "Ln",
            value: value.to_string().into(),
            reason: "has no logarithm",
        }),
        (_, Some(value)) => Ok(value.ln().map(settled).into()),
        _ => wrong_operands("Ln", &[operand]),
    }
}

/// `Exp(operand)`: e to that power. Null on overflow.
///
/// # Errors
/// Never on numbers.
pub fn exp<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match (operand, operand.as_number()) {
        (Value::Null, _) => Ok(Value::Null),
        (_, Some(value)) => Ok(value.exp().map(settled).into()),
        _ => wrong_operands("Exp", &[operand]),
    }
}

/// `Log(operand, base)`. Null where there is no logarithm: of zero and below, to the base 1.
pub fn log<N: Record>(operand: &Value<N>, base: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    if operand.is_null() || base.is_null() {
        return Ok(Value::Null);
    }
    match (operand.as_number(), base.as_number()) {
        (Some(value), Some(base)) => Ok(value.log(base).map(settled).into()),
        _ => wrong_operands("Log", &[operand, base]),
    }
}

/// `argument ^ exponent`: of Integers an Integer and of Longs a Long where the exponent is not negative; a Decimal
/// otherwise. Null on overflow, and where there is no real result.
pub fn power<N: Record>(argument: &Value<N>, exponent: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match (argument, exponent) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Integer(argument), Value::Integer(exponent)) if *exponent >= 0 => {
            let exponent = u32::try_from(*exponent).ok();
            exponent
                .and_then(|exponent| argument.checked_pow(exponent))
                .into()
        }
        (Value::Long(argument), Value::Long(exponent)) if *exponent >= 0 => {
            long_power(*argument, *exponent).into()
        }
        _ => match (argument.as_number(), exponent.as_number()) {
            (Some(argument), Some(exponent)) => real_power(argument, exponent).into(),
            _ => return wrong_operands("Power", &[argument, exponent]),
        },
    })
}

fn long_power(argument: i64, exponent: i64) -> Option<i64> {
    match argument {
        0 if exponent > 0 => Some(0),
        1 => Some(1),
        -1 => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => argument.checked_pow(u32::try_from(exponent).ok()?),
    }
}

pub(in crate::operators) fn real_power(argument: Decimal, exponent: Decimal) -> Option<Decimal> {
    argument.power(exponent).map(settled)
}
