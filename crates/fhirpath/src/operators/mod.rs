//! The operators (§6), one module for each section.

mod boolean;
mod collections;
mod comparison;
mod equality;
mod math;
mod members;
mod types;

use salus_fhir::view::ElementView;
use salus_values::Value;
use smallvec::smallvec;

use crate::evaluate::{Collection, Machine, Outcome};
use crate::syntax::{BinaryOperator, Span};

pub(crate) use boolean::decided;
pub(crate) use collections::{contains, item};
pub(crate) use comparison::order;
use equality::{are_equal, are_equivalent};
pub(crate) use math::{add, duration, polarity};
pub(crate) use members::Members;
pub(crate) use types::{as_type, is};

/// Applies an operator to both its operands.
pub(crate) fn binary<V: ElementView>(
    machine: &mut Machine<'_, V>,
    operator: BinaryOperator,
    left: Collection<V>,
    right: &[Value<V>],
    span: Span,
) -> Outcome<Collection<V>> {
    match operator {
        BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::DivideTruncated
        | BinaryOperator::Modulo
        | BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Concatenate => math::binary(machine, operator, &left, right, span),
        BinaryOperator::Union => collections::union(machine, left, right, span),
        BinaryOperator::LessOrEqual
        | BinaryOperator::Less
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual => {
            comparison::compare(operator, &left, right, span).map(truth)
        }
        BinaryOperator::Equal => are_equal(machine, &left, right, span).map(truth),
        BinaryOperator::NotEqual => Ok(truth(
            are_equal(machine, &left, right, span)?.map(|equal| !equal),
        )),
        BinaryOperator::Equivalent => Ok(truth(Some(are_equivalent(machine, &left, right, span)?))),
        BinaryOperator::NotEquivalent => {
            Ok(truth(Some(!are_equivalent(machine, &left, right, span)?)))
        }
        BinaryOperator::In => collections::is_in(machine, operator, &left, right, span),
        BinaryOperator::Contains => collections::is_in(machine, operator, right, &left, span),
        BinaryOperator::And
        | BinaryOperator::Or
        | BinaryOperator::Xor
        | BinaryOperator::Implies => boolean::binary(operator, &left, right, span).map(truth),
    }
}

/// A condition as a collection: unknown is empty.
pub(crate) fn truth<V>(value: Option<bool>) -> Collection<V> {
    match value {
        Some(value) => smallvec![Value::Boolean(value)],
        None => Collection::new(),
    }
}
