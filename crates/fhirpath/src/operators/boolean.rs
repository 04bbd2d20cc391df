//! Boolean logic (§6.5), three-valued: empty is unknown.

use salus_fhir::view::ElementView;
use salus_values::{Value, logic};

use super::truth;
use crate::evaluate::{Collection, Outcome, Part, boolean};
use crate::syntax::{BinaryOperator, Span};

/// What the left operand alone decides: `false and …`, `true or …`, `false implies …`. The right one is not evaluated
/// then, which §6.5 leaves open.
pub(crate) fn decided<V: ElementView>(
    operator: BinaryOperator,
    left: &[Value<V>],
    span: Span,
) -> Outcome<Option<Collection<V>>> {
    let (deciding, result) = match operator {
        BinaryOperator::And => (false, false),
        BinaryOperator::Or => (true, true),
        BinaryOperator::Implies => (false, true),
        _ => return Ok(None),
    };
    let left = boolean(left, Part::Left(operator.symbol()), span)?;
    Ok((left == Some(deciding)).then(|| truth(Some(result))))
}

/// `and`, `or`, `xor`, `implies`.
pub(super) fn binary<V: ElementView>(
    operator: BinaryOperator,
    left: &[Value<V>],
    right: &[Value<V>],
    span: Span,
) -> Outcome<Option<bool>> {
    let left = boolean(left, Part::Left(operator.symbol()), span)?;
    let right = boolean(right, Part::Right(operator.symbol()), span)?;
    Ok(match operator {
        BinaryOperator::And => logic::and(left, right),
        BinaryOperator::Or => logic::or(left, right),
        BinaryOperator::Xor => logic::xor(left, right),
        _ => logic::implies(left, right),
    })
}
