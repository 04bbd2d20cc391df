//! Collections (§6.4), and the indexer (§5.3).

use salus_fhir::view::ElementView;
use salus_values::Value;

use super::equality::items_equal;
use super::members::Members;
use super::truth;
use crate::evaluate::{Collection, Machine, Outcome, Part, integer, one};
use crate::syntax::{BinaryOperator, Span};

/// `left | right`: the items of both, each once.
pub(super) fn union<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: Collection<V>,
    right: &[Value<V>],
    span: Span,
) -> Outcome<Collection<V>> {
    let mut members = Members::new();
    members.extend(machine, left, span)?;
    members.extend(machine, right.iter().cloned(), span)?;
    let out = members.into_items();
    machine.check_size(&out, span)?;
    Ok(out)
}

/// Whether a collection has an item equal to this one.
pub(crate) fn contains<V: ElementView>(
    machine: &mut Machine<'_, V>,
    items: &[Value<V>],
    wanted: &Value<V>,
    span: Span,
) -> Outcome<bool> {
    for item in items {
        if items_equal(machine, item, wanted, span)? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `item in items`, and `items contains item` with its operands the other way around.
pub(super) fn is_in<V: ElementView>(
    machine: &mut Machine<'_, V>,
    operator: BinaryOperator,
    item: &[Value<V>],
    items: &[Value<V>],
    span: Span,
) -> Outcome<Collection<V>> {
    let part = match operator {
        BinaryOperator::In => Part::Left("in"),
        _ => Part::Right("contains"),
    };
    match one(item, part, span)? {
        None => Ok(Collection::new()),
        Some(item) => Ok(truth(Some(contains(machine, items, item, span)?))),
    }
}

/// `items[index]`
pub(crate) fn item<V: ElementView>(
    items: Collection<V>,
    index: &[Value<V>],
    span: Span,
) -> Outcome<Collection<V>> {
    let index = integer(index, Part::Index, span)?.and_then(|index| usize::try_from(index).ok());
    Ok(match index {
        Some(index) => items.into_iter().nth(index).into_iter().collect(),
        None => Collection::new(),
    })
}
