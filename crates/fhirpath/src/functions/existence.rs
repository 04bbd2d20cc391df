//! Existence (§5.1).

use salus_fhir::view::ElementView;
use salus_values::Value;
use smallvec::smallvec;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{self, Collection, Machine, Outcome, system_value};
use crate::operators::{Members, truth};

const BOOLEAN: Returns = Returns::One(Types::BOOLEAN);
const BOOLEANS: Input = Input::many(Types::BOOLEAN);

const CRITERIA: &[Argument] = &[Argument::criteria()];
const OTHER: &[Argument] = &[Argument::many("other")];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.1 Existence",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "empty",
                        Input::ANY,
                        &[],
                        BOOLEAN,
                        "Whether the input has no items.",
                    ),
                    empty,
                ),
                Function::new(
                    Signature::new(
                        "exists",
                        Input::ANY,
                        CRITERIA,
                        BOOLEAN,
                        "Whether the input has items, of which the criteria hold for one.",
                    )
                    .required(0),
                    exists,
                ),
                Function::new(
                    Signature::new(
                        "all",
                        Input::ANY,
                        CRITERIA,
                        BOOLEAN,
                        "Whether the criteria hold for every item.",
                    ),
                    all,
                ),
                Function::new(
                    Signature::new(
                        "allTrue",
                        BOOLEANS,
                        &[],
                        BOOLEAN,
                        "Whether every item is true.",
                    ),
                    all_true,
                ),
                Function::new(
                    Signature::new(
                        "anyTrue",
                        BOOLEANS,
                        &[],
                        BOOLEAN,
                        "Whether an item is true.",
                    ),
                    any_true,
                ),
                Function::new(
                    Signature::new(
                        "allFalse",
                        BOOLEANS,
                        &[],
                        BOOLEAN,
                        "Whether every item is false.",
                    ),
                    all_false,
                ),
                Function::new(
                    Signature::new(
                        "anyFalse",
                        BOOLEANS,
                        &[],
                        BOOLEAN,
                        "Whether an item is false.",
                    ),
                    any_false,
                ),
                Function::new(
                    Signature::new(
                        "subsetOf",
                        Input::ANY,
                        OTHER,
                        BOOLEAN,
                        "Whether every item is in the other collection.",
                    ),
                    subset_of,
                ),
                Function::new(
                    Signature::new(
                        "supersetOf",
                        Input::ANY,
                        OTHER,
                        BOOLEAN,
                        "Whether every item of the other collection is in the input.",
                    ),
                    superset_of,
                ),
                Function::new(
                    Signature::new(
                        "count",
                        Input::ANY,
                        &[],
                        Returns::One(Types::INTEGER),
                        "The number of items.",
                    ),
                    count,
                ),
                Function::new(
                    Signature::new(
                        "distinct",
                        Input::ANY,
                        &[],
                        Returns::Input,
                        "The items, each once.",
                    ),
                    distinct,
                ),
                Function::new(
                    Signature::new(
                        "isDistinct",
                        Input::ANY,
                        &[],
                        BOOLEAN,
                        "Whether no item is there twice.",
                    ),
                    is_distinct,
                ),
                Function::new(
                    Signature::new(
                        "not",
                        Input::one(Types::ANY),
                        &[],
                        BOOLEAN,
                        "The opposite of a condition.",
                    ),
                    not,
                ),
            ]
        },
    }
}

fn empty<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(Some(input.is_empty())))
}

fn exists<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    if !call.has(0) {
        return Ok(truth(Some(!input.is_empty())));
    }
    for (index, item) in input.iter().enumerate() {
        if call.criterion(machine, 0, item, index)? == Some(true) {
            return Ok(truth(Some(true)));
        }
    }
    Ok(truth(Some(false)))
}

fn all<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    for (index, item) in input.iter().enumerate() {
        if call.criterion(machine, 0, item, index)? != Some(true) {
            return Ok(truth(Some(false)));
        }
    }
    Ok(truth(Some(true)))
}

/// Whether an item is this Boolean.
fn is_boolean<V: ElementView>(item: &Value<V>, wanted: bool) -> bool {
    matches!(system_value(item), Some(Value::Boolean(value)) if value == wanted)
}

fn all_true<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(Some(input.iter().all(|item| is_boolean(item, true)))))
}

fn any_true<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(Some(input.iter().any(|item| is_boolean(item, true)))))
}

fn all_false<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(Some(
        input.iter().all(|item| is_boolean(item, false)),
    )))
}

fn any_false<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(Some(
        input.iter().any(|item| is_boolean(item, false)),
    )))
}

fn is_subset<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    inner: &[Value<V>],
    outer: Collection<V>,
) -> Outcome<Collection<V>> {
    let outer = Members::of(machine, outer, call.span)?;
    for item in inner {
        if !outer.contains(machine, item, call.span)? {
            return Ok(truth(Some(false)));
        }
    }
    Ok(truth(Some(true)))
}

fn subset_of<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    is_subset(machine, call, &input, other)
}

fn superset_of<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    is_subset(machine, call, &other, input)
}

fn count<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(smallvec![Value::Integer(
        i32::try_from(input.len()).unwrap_or(i32::MAX)
    )])
}

fn distinct<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut members = Members::new();
    members.extend(machine, input, call.span)?;
    Ok(members.into_items())
}

fn is_distinct<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let count = input.len();
    Ok(truth(Some(distinct(machine, call, input)?.len() == count)))
}

fn not<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(
        evaluate::boolean(&input, call.input(), call.span)?.map(|value| !value),
    ))
}
