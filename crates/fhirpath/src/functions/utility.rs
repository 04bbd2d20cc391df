//! Utility (§5.9), and variables that an expression defines.

use salus_fhir::view::ElementView;
use salus_values::Value;
use smallvec::smallvec;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{self, Collection, Machine, Outcome, one};

const CHOICE: &[Argument] = &[
    Argument::branch("criterion", Types::BOOLEAN, true),
    Argument::branch("true-result", Types::ANY, false),
    Argument::branch("otherwise-result", Types::ANY, false),
];
const NAME_PROJECTION: &[Argument] = &[
    Argument::one("name", Types::STRING),
    Argument::lambda("projection"),
];
const NAME_EXPR: &[Argument] = &[
    Argument::one("name", Types::STRING),
    Argument::branch("expr", Types::ANY, false),
];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.9 Utility",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "iif",
                        Input::one(Types::ANY),
                        CHOICE,
                        Returns::AnyArgument(1),
                        "The second argument if the criterion holds, the third if not.",
                    )
                    .required(2),
                    iif,
                ),
                Function::new(
                    Signature::new(
                        "trace",
                        Input::ANY,
                        NAME_PROJECTION,
                        Returns::Input,
                        "The input, shown to whoever watches.",
                    )
                    .required(1),
                    trace,
                ),
                Function::new(
                    Signature::new(
                        "defineVariable",
                        Input::ANY,
                        NAME_EXPR,
                        Returns::Input,
                        "The input; a variable is defined for the rest of the chain.",
                    )
                    .required(1),
                    define_variable,
                ),
                Function::new(
                    Signature::new(
                        "now",
                        Input::ANY,
                        &[],
                        Returns::One(Types::DATE_TIME),
                        "The moment of the evaluation.",
                    ),
                    now,
                ),
                Function::new(
                    Signature::new(
                        "today",
                        Input::ANY,
                        &[],
                        Returns::One(Types::DATE),
                        "The date of the evaluation.",
                    ),
                    today,
                ),
                Function::new(
                    Signature::new(
                        "timeOfDay",
                        Input::ANY,
                        &[],
                        Returns::One(Types::TIME),
                        "The time of day of the evaluation.",
                    ),
                    time_of_day,
                ),
            ]
        },
    }
}

fn iif<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    // Called on nothing, its `$this` is that of its surroundings, which may be a collection.
    if call.step.on.is_some() {
        one(&input, call.input(), call.span)?;
    }
    let found = call.branch(machine, 0, &input)?;
    match evaluate::boolean(&found, call.part(0), call.span)? {
        Some(true) => call.branch(machine, 1, &input),
        _ => call.branch(machine, 2, &input),
    }
}

fn trace<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let name = call.string(machine, 0)?.unwrap_or_default();
    if machine.observer.is_none() {
        return Ok(input);
    }
    let mut shown = Collection::new();
    match call.has(1) {
        true => {
            for (index, item) in input.iter().enumerate() {
                shown.extend(call.lambda(machine, 1, item, index)?);
            }
        }
        false => shown.extend(input.iter().cloned()),
    }
    if let Some(observer) = &mut machine.observer {
        observer.trace(&name, &shown);
    }
    Ok(input)
}

fn define_variable<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let name = call.string(machine, 0)?;
    let value = match call.has(1) {
        true => call.branch(machine, 1, &input)?,
        false => input.clone(),
    };
    if let Some(name) = name {
        machine.define(name, value, call.span)?;
    }
    Ok(input)
}

fn now<V: ElementView>(
    machine: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    _: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(smallvec![Value::DateTime(machine.environment.now)])
}

fn today<V: ElementView>(
    machine: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    _: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(smallvec![Value::Date(machine.environment.now.date())])
}

fn time_of_day<V: ElementView>(
    machine: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    _: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(machine
        .environment
        .now
        .time()
        .map(Value::Time)
        .into_iter()
        .collect())
}
