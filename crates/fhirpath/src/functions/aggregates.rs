//! Aggregates (§7), and sorting.

use std::cmp::Ordering;

use salus_fhir::view::ElementView;
use salus_values::{Decimal, Quantity, Value};

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{
    Collection, EvaluationError, Machine, Outcome, Part, Scope, one, system_value, type_name,
    wrong_type,
};
use crate::operators::{self, order};
use crate::program::StepKind;

const MEASURED: Input = Input::many(Types::NUMBER.or(Types::QUANTITY));

const AGGREGATOR_INIT: &[Argument] = &[Argument::lambda("aggregator"), Argument::many("init")];
const KEY: &[Argument] = &[Argument::lambda("key")];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "7 Aggregates",
        functions: const {
            &[
                Function::new(
                    Signature::new("aggregate", Input::ANY, AGGREGATOR_INIT, Returns::Argument(0), "What the aggregator gives for the last item; `$total` is what it gave for the item before.").required(1),
                    aggregate,
                ),
                Function::new(Signature::new("sum", MEASURED, &[], Returns::InputItem, "The sum of the items."), sum),
                Function::new(Signature::new("min", Input::ANY, &[], Returns::InputItem, "The least item."), min),
                Function::new(Signature::new("max", Input::ANY, &[], Returns::InputItem, "The greatest item."), max),
                Function::new(Signature::new("avg", MEASURED, &[], Returns::One(Types::DECIMAL.or(Types::QUANTITY)), "The mean of the items."), avg),
                Function::new(
                    Signature::new("sort", Input::ANY, KEY, Returns::Input, "The items in the order of the keys, of the items themselves without any; `-key` is the other way around.").required(0).variadic(),
                    sort,
                ),
            ]
        },
    }
}

fn aggregate<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut total = call.argument(machine, 1)?;
    let Some(aggregator) = call.step.arguments.first() else {
        return Ok(total);
    };
    for (index, item) in input.iter().enumerate() {
        let scope = Scope {
            this: std::slice::from_ref(item),
            index: Some(index),
            total: Some(&total),
        };
        total = machine.nested(aggregator, &scope)?;
    }
    Ok(total)
}

/// The sum, as a System value; `None` when the input is empty or the sum has no value.
fn total<V: ElementView>(call: &Call<'_, V>, input: &[Value<V>]) -> Outcome<Option<Value<V>>> {
    let mut total: Option<Value<V>> = None;
    for item in input {
        let value = system_value(item).filter(|value| {
            matches!(
                value,
                Value::Integer(_) | Value::Long(_) | Value::Decimal(_) | Value::Quantity(_)
            )
        });
        let Some(value) = value else {
            return Err(wrong_type(
                item,
                "a number or a Quantity",
                call.input(),
                call.span,
            ));
        };
        total = match total {
            None => Some(value),
            Some(before) => match operators::add(&before, &value, call.span)?.flatten() {
                Some(sum) => Some(sum),
                None => return Ok(None),
            },
        };
    }
    Ok(total)
}

fn sum<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(total(call, &input)?.into_iter().collect())
}

fn avg<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let count = i64::try_from(input.len()).map_or(Decimal::from(i64::MAX), Decimal::from);
    let mean_of = |sum: Decimal| sum.checked_div(count).map(Decimal::normalize);
    let mean = match total(call, &input)? {
        Some(Value::Quantity(sum)) => {
            mean_of(sum.value).map(|value| Value::quantity(Quantity::new(value, sum.unit.clone())))
        }
        sum => sum
            .and_then(|sum| sum.as_number())
            .and_then(mean_of)
            .map(Value::Decimal),
    };
    Ok(mean.into_iter().collect())
}

/// The item that comes first when `wanted` is the order of the better one. Empty when an order is not known.
fn extreme<V: ElementView>(
    call: &Call<'_, V>,
    input: Collection<V>,
    wanted: Ordering,
) -> Outcome<Collection<V>> {
    let mut best: Option<Value<V>> = None;
    for item in &input {
        let Some(value) = system_value(item) else {
            return Err(wrong_type(
                item,
                "of a type that has an order",
                call.input(),
                call.span,
            ));
        };
        best = match best {
            None => Some(value),
            Some(before) => match order(&value, &before) {
                None => return Err(no_order(&value, &before, call)),
                Some(None) => return Ok(Collection::new()),
                Some(Some(found)) => Some(if found == wanted { value } else { before }),
            },
        };
    }
    Ok(best.into_iter().collect())
}

fn no_order<V: ElementView>(
    left: &Value<V>,
    right: &Value<V>,
    call: &Call<'_, V>,
) -> EvaluationError {
    EvaluationError::NoSuchOperation {
        operator: "<",
        left: type_name(left),
        right: type_name(right),
        span: call.span,
    }
}

fn min<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    extreme(call, input, Ordering::Less)
}

fn max<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    extreme(call, input, Ordering::Greater)
}

/// The keys of an item with whether each descends.
type Keys<V> = Vec<(Option<Value<V>>, bool)>;

fn sort<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut keyed: Vec<(Keys<V>, Value<V>)> = Vec::with_capacity(input.len());
    for (index, item) in input.into_iter().enumerate() {
        let keys = keys(machine, call, &item, index)?;
        keyed.push((keys, item));
    }
    let comparisons = (keyed.len() as u64).saturating_mul(u64::from(keyed.len().max(2).ilog2()));
    machine.spend(comparisons, call.span)?;
    let sorted = merge_sort(keyed, &|left, right| {
        by_keys(&left.0, &right.0).map_err(|(left, right)| no_order(left, right, call))
    })?;
    Ok(sorted.into_iter().map(|(_, item)| item).collect())
}

/// A stable sort by an order that may be no total one (partial dates), which the standard library's sorts may punish.
fn merge_sort<T>(
    mut items: Vec<T>,
    order: &impl Fn(&T, &T) -> Outcome<Ordering>,
) -> Outcome<Vec<T>> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut out = Vec::with_capacity(items.len() + right.len());
    let mut left = merge_sort(items, order)?.into_iter().peekable();
    let mut right = merge_sort(right, order)?.into_iter().peekable();
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        let next = match order(one, other)? {
            Ordering::Greater => right.next(),
            Ordering::Less | Ordering::Equal => left.next(),
        };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}

fn keys<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    item: &Value<V>,
    index: usize,
) -> Outcome<Keys<V>> {
    if !call.has(0) {
        return Ok(vec![(system_value(item), false)]);
    }
    let scope = Scope {
        this: std::slice::from_ref(item),
        index: Some(index),
        total: None,
    };
    let mut keys = Vec::with_capacity(call.len());
    for (position, argument) in call.step.arguments.iter().enumerate() {
        // `-key` descends, also for keys that have no negative.
        let (step, descends) = match &argument.kind {
            StepKind::Polarity {
                negative: true,
                operand,
            } => (&**operand, true),
            _ => (argument, false),
        };
        let found = machine.nested(step, &scope)?;
        let part: Part = call.part(position);
        keys.push((
            one(&found, part, call.span)?.and_then(system_value),
            descends,
        ));
    }
    Ok(keys)
}

/// The order of two items by their keys; an item without a key comes first, also where a key descends. Keys whose
/// types have no order are given back.
fn by_keys<'k, V>(
    left: &'k Keys<V>,
    right: &'k Keys<V>,
) -> Result<Ordering, (&'k Value<V>, &'k Value<V>)> {
    for ((left, descends), (right, _)) in left.iter().zip(right) {
        let found = match (left, right) {
            (Some(left), Some(right)) => {
                let order = order(left, right).ok_or((left, right))?;
                let order = order.unwrap_or(Ordering::Equal);
                if *descends { order.reverse() } else { order }
            }
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
        };
        if found != Ordering::Equal {
            return Ok(found);
        }
    }
    Ok(Ordering::Equal)
}
