//! Combining (§5.4), and what stands for an empty collection.

use salus_fhir::view::ElementView;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome};
use crate::operators::Members;

const OTHER: &[Argument] = &[Argument::many("other")];
const OTHER_IN_ORDER: &[Argument] = &[
    Argument::many("other"),
    Argument::one("preserveOrder", Types::BOOLEAN),
];
const VALUE: &[Argument] = &[Argument::many("value")];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.4 Combining",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "union",
                        Input::ANY,
                        OTHER,
                        Returns::InputAnd(0),
                        "The items of both collections, each once; as `|`.",
                    ),
                    union,
                ),
                Function::new(
                    Signature::new(
                        "combine",
                        Input::ANY,
                        OTHER_IN_ORDER,
                        Returns::InputAnd(0),
                        "The items of both collections, one after the other.",
                    )
                    .required(1),
                    combine,
                ),
                Function::new(
                    Signature::new(
                        "coalesce",
                        Input::ANY,
                        VALUE,
                        Returns::AnyArgument(0),
                        "The first argument that is not empty.",
                    )
                    .variadic(),
                    coalesce,
                ),
            ]
        },
    }
}

fn union<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    let mut members = Members::new();
    members.extend(machine, input, call.span)?;
    members.extend(machine, other, call.span)?;
    Ok(members.into_items())
}

/// The order is always kept, whether it is asked for or not.
fn combine<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    mut input: Collection<V>,
) -> Outcome<Collection<V>> {
    input.extend(call.argument(machine, 0)?);
    Ok(input)
}

fn coalesce<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    _: Collection<V>,
) -> Outcome<Collection<V>> {
    for position in 0..call.len() {
        let found = call.argument(machine, position)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Collection::new())
}
