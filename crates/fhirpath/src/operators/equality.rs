//! Equality and equivalence (§6.1).

use salus_fhir::view::ElementView;
use salus_values::{Value, text as words};

use crate::evaluate::{Machine, Outcome, is_unknown, system_value, text};
use crate::syntax::Span;

/// `left = right`: the same items in the same order. `None` when one is empty or an answer is unknown.
pub(crate) fn are_equal<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: &[Value<V>],
    right: &[Value<V>],
    span: Span,
) -> Outcome<Option<bool>> {
    if left.is_empty() || right.is_empty() {
        return Ok(None);
    }
    if left.len() != right.len() {
        return Ok(Some(false));
    }
    let mut result = Some(true);
    for (left, right) in left.iter().zip(right) {
        match items_equal(machine, left, right, span)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => result = None,
        }
    }
    Ok(result)
}

/// Whether two items are equal; `None` when it is not known, as for dates of different precision.
pub(crate) fn items_equal<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: &Value<V>,
    right: &Value<V>,
    span: Span,
) -> Outcome<Option<bool>> {
    machine.spend(1, span)?;
    // By far the most common: no copy of the texts is made.
    if let (Some(left), Some(right)) = (text(left), text(right)) {
        return Ok(Some(left == right));
    }
    if let (Value::Node(left), Value::Node(right)) = (left, right)
        && left.is_same(right)
    {
        return Ok(Some(true));
    }
    match (system_value(left), system_value(right), left, right) {
        (Some(left), Some(right), ..) => Ok(values_equal(&left, &right)),
        (None, None, Value::Node(left), Value::Node(right)) => {
            elements_equal(machine, left, right, span)
        }
        (None, Some(Value::Quantity(_)), quantity, _)
        | (Some(Value::Quantity(_)), None, _, quantity)
            if is_unknown(quantity) =>
        {
            Ok(None)
        }
        _ => Ok(Some(false)),
    }
}

fn values_equal<V>(left: &Value<V>, right: &Value<V>) -> Option<bool> {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return Some(left == right);
    }
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::String(left), Value::String(right)) => Some(left == right),
        (Value::Date(left), Value::Date(right)) => left.equal(right),
        (Value::DateTime(left), Value::DateTime(right)) => left.equal(right),
        (Value::Date(left), Value::DateTime(right)) => left.to_date_time().equal(right),
        (Value::DateTime(left), Value::Date(right)) => left.equal(&right.to_date_time()),
        (Value::Time(left), Value::Time(right)) => left.equal(right),
        (Value::Quantity(left), Value::Quantity(right)) => left.equal(right),
        (Value::Quantity(quantity), other) | (other, Value::Quantity(quantity)) => {
            match other.as_number() {
                Some(number) => quantity.equal(&number.into()),
                None => Some(false),
            }
        }
        (Value::Tuple(left), Value::Tuple(right)) => {
            let same = left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|((a, x), (b, y))| a == b && values_equal(x, y) == Some(true));
            Some(same)
        }
        _ => Some(false),
    }
}

/// Complex elements are equal when their children are, in order.
fn elements_equal<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: &V,
    right: &V,
    span: Span,
) -> Outcome<Option<bool>> {
    let (left, right) = (named_children(left), named_children(right));
    if left.len() != right.len() || left.iter().zip(&right).any(|((a, _), (b, _))| a != b) {
        return Ok(Some(false));
    }
    let mut result = Some(true);
    for ((_, left), (_, right)) in left.iter().zip(&right) {
        match items_equal(machine, left, right, span)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => result = None,
        }
    }
    Ok(result)
}

fn named_children<V: ElementView>(element: &V) -> Vec<(&'static str, Value<V>)> {
    let mut children = Vec::new();
    element.all_children(&mut |name, child| children.push((name, Value::Node(child))));
    children
}

/// `left ~ right`: the same items in any order. Never unknown.
pub(crate) fn are_equivalent<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: &[Value<V>],
    right: &[Value<V>],
    span: Span,
) -> Outcome<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let mut rest: Vec<&Value<V>> = right.iter().collect();
    'items: for left in left {
        for nth in 0..rest.len() {
            let Some(right) = rest.get(nth) else { break };
            if items_equivalent(machine, left, right, span)? {
                rest.swap_remove(nth);
                continue 'items;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

fn items_equivalent<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: &Value<V>,
    right: &Value<V>,
    span: Span,
) -> Outcome<bool> {
    machine.spend(1, span)?;
    match (system_value(left), system_value(right), left, right) {
        (Some(left), Some(right), ..) => Ok(values_equivalent(&left, &right)),
        (None, None, Value::Node(left), Value::Node(right)) => {
            elements_equivalent(machine, left, right, span)
        }
        _ => Ok(false),
    }
}

fn values_equivalent<V>(left: &Value<V>, right: &Value<V>) -> bool {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return left.equivalent(right);
    }
    match (left, right) {
        (Value::String(left), Value::String(right)) => words::equivalent(left, right),
        (Value::Date(left), Value::Date(right)) => left.equivalent(right),
        (Value::DateTime(left), Value::DateTime(right)) => left.equivalent(right),
        (Value::Date(left), Value::DateTime(right)) => left.to_date_time().equivalent(right),
        (Value::DateTime(left), Value::Date(right)) => left.equivalent(&right.to_date_time()),
        (Value::Time(left), Value::Time(right)) => left.equivalent(right),
        (Value::Quantity(left), Value::Quantity(right)) => left.equivalent(right),
        (Value::Quantity(quantity), other) | (other, Value::Quantity(quantity)) => other
            .as_number()
            .is_some_and(|number| quantity.equivalent(&number.into())),
        _ => values_equal(left, right) == Some(true),
    }
}

/// Complex elements are equivalent when their children of each name are, in any order. Ids do not count.
fn elements_equivalent<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: &V,
    right: &V,
    span: Span,
) -> Outcome<bool> {
    let (left, right) = (children_by_name(left), children_by_name(right));
    if left.len() != right.len() {
        return Ok(false);
    }
    for ((left_name, left), (right_name, right)) in left.iter().zip(&right) {
        if left_name != right_name || !are_equivalent(machine, left, right, span)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Children come in the order of the definitions, so those of one name stand together.
fn children_by_name<V: ElementView>(element: &V) -> Vec<(&'static str, Vec<Value<V>>)> {
    let mut groups: Vec<(&'static str, Vec<Value<V>>)> = Vec::new();
    element.all_children(&mut |name, child| match groups.last_mut() {
        Some((last, group)) if *last == name => group.push(Value::Node(child)),
        _ if name == "id" => {}
        _ => groups.push((name, vec![Value::Node(child)])),
    });
    groups
}
