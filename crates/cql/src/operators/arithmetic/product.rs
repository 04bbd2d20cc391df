//! Products and quotients.

use salus_values::{Decimal, Quantity};

use super::sum::{quantity, uncertain};
use super::{settled, settled_quantity};
use crate::operators::{Outcome, Record, Scene, Value, wrong_operands};

/// `left * right`. The unit of a product of quantities is the product of their units. Null on overflow, and for units
/// that take part in no product.
pub fn multiply<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Integer(left), Value::Integer(right)) => left.checked_mul(*right).into(),
        (Value::Long(left), Value::Long(right)) => left.checked_mul(*right).into(),
        (Value::Decimal(left), Value::Decimal(right)) => {
            left.checked_mul(*right).map(settled).into()
        }
        (Value::Quantity(left), Value::Quantity(right)) => {
            quantity(left.multiply(right).map(settled_quantity))
        }
        _ => return uncertain("Multiply", left, right, i32::checked_mul),
    })
}

/// `left / right` of Decimals and quantities, to 8 digits after the point. Null for a division by zero, on overflow,
/// and for units that take part in no quotient.
pub fn divide<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Quantity(left), Value::Quantity(right)) => {
            quantity(left.divide(right).map(settled_quantity))
        }
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => left.checked_div(right).map(settled).into(),
            _ => return wrong_operands("Divide", &[left, right]),
        },
    })
}

/// `left div right`: the whole part of the quotient, of the type of the operands. Null for a division by zero, and on
/// overflow.
///
/// # Errors
/// For Integers that are not certain: the suite has it that their quotient is none.
pub fn truncated_divide<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    whole(
        "TruncatedDivide",
        left,
        right,
        &Whole {
            integers: i32::checked_div,
            longs: i64::checked_div,
            decimals: Decimal::div_truncated,
            quantities: Quantity::div_truncated,
        },
    )
}

/// `left mod right`: what `div` leaves, with the sign of the left. Null for a division by zero.
pub fn modulo<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    whole(
        "Modulo",
        left,
        right,
        &Whole {
            // The least Integer and -1 leave nothing, though their quotient overflows.
            integers: |left, right| (right != 0).then(|| left.wrapping_rem(right)),
            longs: |left, right| (right != 0).then(|| left.wrapping_rem(right)),
            decimals: Decimal::modulo,
            quantities: Quantity::modulo,
        },
    )
}

/// An operator for each type of its operands.
struct Whole {
    integers: fn(i32, i32) -> Option<i32>,
    longs: fn(i64, i64) -> Option<i64>,
    decimals: fn(Decimal, Decimal) -> Option<Decimal>,
    quantities: fn(&Quantity, &Quantity) -> Option<Quantity>,
}

fn whole<N: Record>(
    operator: &'static str,
    left: &Value<N>,
    right: &Value<N>,
    apply: &Whole,
) -> Outcome<N> {
    Ok(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Integer(left), Value::Integer(right)) => (apply.integers)(*left, *right).into(),
        (Value::Long(left), Value::Long(right)) => (apply.longs)(*left, *right).into(),
        (Value::Decimal(left), Value::Decimal(right)) => {
            (apply.decimals)(*left, *right).map(settled).into()
        }
        (Value::Quantity(left), Value::Quantity(right)) => {
            quantity((apply.quantities)(left, right).map(settled_quantity))
        }
        _ => return wrong_operands(operator, &[left, right]),
    })
}
