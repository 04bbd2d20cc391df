//! Nullological operators (CQL 1.5.3 §9.B "Nullological Operators").

use super::{EvaluationError, Outcome, Record, Scene, Value, logic};

/// `Coalesce(a, b, …)`: the first that is not null; null when all are. Of one list, its first element that is not null.
pub fn coalesce<N: Record>(operands: &[Value<N>], _: &Scene<'_>) -> Outcome<N> {
    let first = |values: &[Value<N>]| {
        let found = values.iter().find(|value| !value.is_null());
        found.cloned().unwrap_or(Value::Null)
    };
    Ok(match operands {
        [Value::List(list)] => first(list),
        operands => first(operands),
    })
}

/// `operand is null`: never null itself.
pub fn is_null<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(Value::Boolean(operand.is_null()))
}

/// `operand is true`: false of null.
pub fn is_true<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(Value::Boolean(known(operand)? == Some(true)))
}

/// `operand is false`: false of null.
pub fn is_false<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(Value::Boolean(known(operand)? == Some(false)))
}

fn known<N: Record>(operand: &Value<N>) -> Result<Option<bool>, EvaluationError> {
    logic::truth("IsTrue", operand)
}
