//! The parts of an item by name.

use salus_fhir::view::ElementView;
use salus_values::Value;

use super::Collection;

/// Adds the parts of this name: child elements; `value` and `unit` of a quantity; the fields of type information.
pub(crate) fn children<V: ElementView>(item: &Value<V>, name: &str, into: &mut Collection<V>) {
    match item {
        Value::Node(element) => element.children(name, &mut |child| into.push(Value::Node(child))),
        Value::Quantity(quantity) => match name {
            "value" => into.push(Value::Decimal(quantity.value)),
            "unit" => into.push(Value::string(&quantity.unit.to_string())),
            _ => {}
        },
        Value::Tuple(tuple) => into.extend(tuple.get(name).cloned()),
        _ => {}
    }
}

/// Adds all parts of an item.
pub(crate) fn all_children<V: ElementView>(item: &Value<V>, into: &mut Collection<V>) {
    match item {
        Value::Node(element) => {
            element.all_children(&mut |_, child| into.push(Value::Node(child)));
        }
        Value::Tuple(tuple) => into.extend(tuple.iter().map(|(_, value)| value.clone())),
        _ => {}
    }
}
