//! Types (§6.3).

use salus_fhir::view::ElementView;
use salus_values::Value;

use super::truth;
use crate::evaluate::{Collection, Outcome, Part, one};
use crate::program::TypeSpecifier;
use crate::syntax::Span;

/// `operand is type`
pub(crate) fn is<V: ElementView>(
    operand: &[Value<V>],
    ty: TypeSpecifier,
    span: Span,
) -> Outcome<Collection<V>> {
    let item = one(operand, Part::Left("is"), span)?;
    Ok(truth(item.map(|item| ty.includes(item))))
}

/// `operand as type`
pub(crate) fn as_type<V: ElementView>(
    operand: Collection<V>,
    ty: TypeSpecifier,
    span: Span,
) -> Outcome<Collection<V>> {
    one(&operand, Part::Left("as"), span)?;
    Ok(operand.into_iter().filter(|item| ty.keeps(item)).collect())
}
