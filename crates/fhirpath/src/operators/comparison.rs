//! Comparison (§6.2).

use std::cmp::Ordering;

use salus_fhir::view::ElementView;
use salus_values::Value;

use crate::evaluate::{EvaluationError, Outcome, Part, is_unknown, type_name, value};
use crate::syntax::{BinaryOperator, Span};

/// `<`, `<=`, `>`, `>=`. `None` when an operand is empty or the order is not known.
pub(super) fn compare<V: ElementView>(
    operator: BinaryOperator,
    left: &[Value<V>],
    right: &[Value<V>],
    span: Span,
) -> Outcome<Option<bool>> {
    let symbol = operator.symbol();
    let operands = (
        value(left, Part::Left(symbol), span)?,
        value(right, Part::Right(symbol), span)?,
    );
    let (left, right) = match (operands, left, right) {
        ((Some(left), Some(right)), ..) => (left, right),
        ((None, _), [item], [_]) | ((_, None), [_], [item]) if !is_unknown(item) => {
            return Err(no_order(operator, left, right, span));
        }
        _ => return Ok(None),
    };
    let Some(order) = order(&left, &right) else {
        return Err(no_order(operator, &[left], &[right], span));
    };
    Ok(order.map(|order| match operator {
        BinaryOperator::Less => order.is_lt(),
        BinaryOperator::LessOrEqual => order.is_le(),
        BinaryOperator::Greater => order.is_gt(),
        _ => order.is_ge(),
    }))
}

fn no_order<V: ElementView>(
    operator: BinaryOperator,
    left: &[Value<V>],
    right: &[Value<V>],
    span: Span,
) -> EvaluationError {
    let of = |items: &[Value<V>]| items.first().map(type_name).unwrap_or_default();
    EvaluationError::NoSuchOperation {
        operator: operator.symbol(),
        left: of(left),
        right: of(right),
        span,
    }
}

/// The order of two System values: the outer `None` when their types have none, the inner when it is not known.
#[expect(
    clippy::option_option,
    reason = "no order and an unknown order are different answers"
)]
pub(crate) fn order<V>(left: &Value<V>, right: &Value<V>) -> Option<Option<Ordering>> {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return Some(Some(left.cmp(&right)));
    }
    Some(match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => left.compare(right),
        (Value::DateTime(left), Value::DateTime(right)) => left.compare(right),
        (Value::Date(left), Value::DateTime(right)) => left.to_date_time().compare(right),
        (Value::DateTime(left), Value::Date(right)) => left.compare(&right.to_date_time()),
        (Value::Time(left), Value::Time(right)) => left.compare(right),
        (Value::Quantity(left), Value::Quantity(right)) => left.compare(right),
        (Value::Quantity(left), right) => left.compare(&right.as_number()?.into()),
        (left, Value::Quantity(right)) => {
            salus_values::Quantity::from(left.as_number()?).compare(right)
        }
        _ => return None,
    })
}
