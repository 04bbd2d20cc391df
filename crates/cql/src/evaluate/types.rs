//! Which values are of a type.

use salus_fhir::schema;
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::Item;
use super::element::Element;
use crate::program::{SystemType, Type};

/// Whether a value is of a type. Null is of every type.
pub(super) fn is<V: ElementView>(value: &Item<V>, ty: &Type) -> bool {
    match (ty, value) {
        (Type::Any, _) | (_, Value::Null) => true,
        (Type::System(ty), value) => is_system(value, *ty),
        (Type::Fhir(ty), Value::Node(node)) => {
            let schema = schema::r4();
            node.type_id().is_some_and(|found| schema.is_a(found, *ty))
        }
        (Type::List(of), Value::List(items)) => items.iter().all(|item| is(item, of)),
        (Type::Interval(of), Value::Interval(interval)) => {
            is(&interval.low, of) && is(&interval.high, of)
        }
        (Type::Tuple(elements), Value::Tuple(tuple)) => {
            tuple.len() == elements.len()
                && elements
                    .iter()
                    .all(|(name, ty)| tuple.get(name).is_some_and(|value| is(value, ty)))
        }
        (Type::Choice(types), value) => types.iter().any(|ty| is(value, ty)),
        _ => false,
    }
}

/// Whether a function whose operands are of these types takes the values.
pub(super) fn take<V: ElementView>(types: &[Type], values: &[Item<V>]) -> bool {
    types.len() == values.len() && types.iter().zip(values).all(|(ty, value)| is(value, ty))
}

fn is_system<V>(value: &Item<V>, ty: SystemType) -> bool {
    match value {
        Value::Node(Element::ValueSet(_)) => {
            matches!(ty, SystemType::ValueSet | SystemType::Vocabulary)
        }
        Value::Node(Element::CodeSystem(_)) => {
            matches!(ty, SystemType::CodeSystem | SystemType::Vocabulary)
        }
        Value::Node(_) | Value::List(_) | Value::Interval(_) | Value::Tuple(_) => false,
        other => other.type_name() == ty.name(),
    }
}
