//! Logical operators (CQL 1.5.3 §9.B "Logical Operators"): three-valued, where null is *unknown*.

use salus_values::logic;

use super::{EvaluationError, Outcome, Record, Scene, Value};

/// A Boolean or null.
pub(super) fn truth<N: Record>(
    operator: &'static str,
    value: &Value<N>,
) -> Result<Option<bool>, EvaluationError> {
    match value {
        Value::Boolean(value) => Ok(Some(*value)),
        Value::Null => Ok(None),
        other => Err(EvaluationError::WrongOperands {
            operator,
            found: other.type_name().into(),
        }),
    }
}

/// `left and right`: false as soon as one is false; null when neither is and one is null.
pub fn and<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(logic::and(truth("And", left)?, truth("And", right)?).into())
}

/// `left or right`: true as soon as one is true; null when neither is and one is null.
pub fn or<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(logic::or(truth("Or", left)?, truth("Or", right)?).into())
}

/// `left xor right`: whether exactly one is true; null when either is null.
pub fn xor<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(logic::xor(truth("Xor", left)?, truth("Xor", right)?).into())
}

/// `left implies right`: true when the left is false or the right is true; null when that is not known.
pub fn implies<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(logic::implies(truth("Implies", left)?, truth("Implies", right)?).into())
}

/// `not operand`: null of null.
pub fn not<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(logic::not(truth("Not", operand)?).into())
}
