//! Subsetting (§5.3).

use salus_fhir::view::ElementView;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome, one};
use crate::operators::Members;

const NUM: &[Argument] = &[Argument::one("num", Types::INTEGER)];
const OTHER: &[Argument] = &[Argument::many("other")];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.3 Subsetting",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "single",
                        Input::ANY,
                        &[],
                        Returns::InputItem,
                        "The one item; several are an error.",
                    ),
                    single,
                ),
                Function::new(
                    Signature::new(
                        "first",
                        Input::ANY,
                        &[],
                        Returns::InputItem,
                        "The first item.",
                    ),
                    first,
                ),
                Function::new(
                    Signature::new(
                        "last",
                        Input::ANY,
                        &[],
                        Returns::InputItem,
                        "The last item.",
                    ),
                    last,
                ),
                Function::new(
                    Signature::new(
                        "tail",
                        Input::ANY,
                        &[],
                        Returns::Input,
                        "All items but the first.",
                    ),
                    tail,
                ),
                Function::new(
                    Signature::new(
                        "skip",
                        Input::ANY,
                        NUM,
                        Returns::Input,
                        "All items but the first `num`.",
                    ),
                    skip,
                ),
                Function::new(
                    Signature::new(
                        "take",
                        Input::ANY,
                        NUM,
                        Returns::Input,
                        "The first `num` items.",
                    ),
                    take,
                ),
                Function::new(
                    Signature::new(
                        "intersect",
                        Input::ANY,
                        OTHER,
                        Returns::Input,
                        "The items that are in both collections, each once.",
                    ),
                    intersect,
                ),
                Function::new(
                    Signature::new(
                        "exclude",
                        Input::ANY,
                        OTHER,
                        Returns::Input,
                        "The items that are not in the other collection.",
                    ),
                    exclude,
                ),
            ]
        },
    }
}

fn single<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    one(&input, call.input(), call.span)?;
    Ok(input)
}

fn first<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    mut input: Collection<V>,
) -> Outcome<Collection<V>> {
    input.truncate(1);
    Ok(input)
}

fn last<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    mut input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(input.pop().into_iter().collect())
}

fn tail<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(input.into_iter().skip(1).collect())
}

/// The number in an argument, 0 when it is negative; `None` when it is empty.
fn number<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
) -> Outcome<Option<usize>> {
    Ok(call
        .integer(machine, 0)?
        .map(|count| usize::try_from(count).unwrap_or(0)))
}

fn skip<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(match number(machine, call)? {
        Some(count) => input.into_iter().skip(count).collect(),
        None => Collection::new(),
    })
}

fn take<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    mut input: Collection<V>,
) -> Outcome<Collection<V>> {
    input.truncate(number(machine, call)?.unwrap_or(0));
    Ok(input)
}

fn intersect<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    let other = Members::of(machine, other, call.span)?;
    let mut out = Members::new();
    for item in input {
        if other.contains(machine, &item, call.span)? {
            out.insert(machine, item, call.span)?;
        }
    }
    Ok(out.into_items())
}

fn exclude<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    let other = Members::of(machine, other, call.span)?;
    let mut out = Collection::new();
    for item in input {
        if !other.contains(machine, &item, call.span)? {
            out.push(item);
        }
    }
    Ok(out)
}
