//! Filtering and projection (§5.2).

use salus_fhir::view::ElementView;
use salus_values::Value;

use super::{Argument, Call, Function, Input, Returns, Section, Signature};
use crate::evaluate::{Collection, Machine, Outcome};
use crate::operators::Members;

const CRITERIA: &[Argument] = &[Argument::criteria()];
const PROJECTION: &[Argument] = &[Argument::lambda("projection")];
const TYPE: &[Argument] = &[Argument::ty()];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.2 Filtering and projection",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "where",
                        Input::ANY,
                        CRITERIA,
                        Returns::Input,
                        "The items for which the criteria hold.",
                    ),
                    filter,
                ),
                Function::new(
                    Signature::new(
                        "select",
                        Input::ANY,
                        PROJECTION,
                        Returns::Argument(0),
                        "What the projection gives for each item, one after the other.",
                    ),
                    select,
                ),
                Function::new(
                    Signature::new(
                        "repeat",
                        Input::ANY,
                        PROJECTION,
                        Returns::Repeated(0),
                        "What the projection gives, again and again until nothing new comes, each item once.",
                    ),
                    repeat,
                ),
                Function::new(
                    Signature::new(
                        "repeatAll",
                        Input::ANY,
                        PROJECTION,
                        Returns::Repeated(0),
                        "As `repeat`, with items that are there already.",
                    ),
                    repeat_all,
                ),
                Function::new(
                    Signature::new(
                        "ofType",
                        Input::ANY,
                        TYPE,
                        Returns::OfType(0),
                        "The items of a type.",
                    ),
                    of_type,
                ),
            ]
        },
    }
}

fn filter<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out = Collection::new();
    for (index, item) in input.into_iter().enumerate() {
        if call.criterion(machine, 0, &item, index)? == Some(true) {
            out.push(item);
        }
    }
    Ok(out)
}

fn select<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out = Collection::new();
    for (index, item) in input.iter().enumerate() {
        out.extend(call.lambda(machine, 0, item, index)?);
        machine.check_size(&out, call.span)?;
    }
    Ok(out)
}

fn repeat<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out = Members::new();
    let mut wave = input;
    while !wave.is_empty() {
        let mut next = Collection::new();
        for (index, item) in wave.iter().enumerate() {
            for found in call.lambda(machine, 0, item, index)? {
                if out.insert(machine, found.clone(), call.span)? {
                    next.push(found);
                }
            }
            machine.check_size(out.items(), call.span)?;
        }
        wave = next;
    }
    Ok(out.into_items())
}

fn repeat_all<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out: Collection<V> = Collection::new();
    let mut wave: Vec<Value<V>> = input.into_vec();
    while !wave.is_empty() {
        let mut next = Vec::new();
        for (index, item) in wave.iter().enumerate() {
            next.extend(call.lambda(machine, 0, item, index)?);
        }
        out.extend(next.iter().cloned());
        machine.check_size(&out, call.span)?;
        wave = next;
    }
    Ok(out)
}

fn of_type<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let ty = call.ty(0);
    Ok(input
        .into_iter()
        .filter(|item| ty.is_some_and(|ty| ty.keeps(item)))
        .collect())
}
