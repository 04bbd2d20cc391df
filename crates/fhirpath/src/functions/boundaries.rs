//! Boundaries and precision (§5.5, trial use): what a value that is written with so many digits may be.

use salus_fhir::view::ElementView;
use salus_values::{Decimal, Value};

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome, one, quantity, value, wrong_type};
use crate::operators::truth;

const BOUNDED: Types = Types::NUMBER.or(Types::QUANTITY).or(Types::TEMPORAL);
const PRECISION: &[Argument] = &[Argument::one("precision", Types::INTEGER)];

const QUANTITY: &[Argument] = &[Argument::one("quantity", Types::QUANTITY)];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.5 Boundaries and precision",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "lowBoundary",
                        Input::one(BOUNDED),
                        PRECISION,
                        Returns::InputItem,
                        "The least value that the input may be, to so many digits.",
                    )
                    .required(0),
                    low_boundary,
                ),
                Function::new(
                    Signature::new(
                        "highBoundary",
                        Input::one(BOUNDED),
                        PRECISION,
                        Returns::InputItem,
                        "The greatest value that the input may be, to so many digits.",
                    )
                    .required(0),
                    high_boundary,
                ),
                Function::new(
                    Signature::new(
                        "precision",
                        Input::one(BOUNDED),
                        &[],
                        Returns::One(Types::INTEGER),
                        "The number of digits that the input is written with.",
                    ),
                    precision,
                ),
                Function::new(
                    Signature::new(
                        "comparable",
                        Input::one(Types::QUANTITY),
                        QUANTITY,
                        Returns::One(Types::BOOLEAN),
                        "Whether both quantities are of one dimension.",
                    ),
                    comparable,
                ),
            ]
        },
    }
}

/// The one item of the input, and the precision asked for. `None`: there is no input.
fn bounded<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: &[Value<V>],
) -> Outcome<Option<(Value<V>, Option<i32>)>> {
    let Some(item) = one(input, call.input(), call.span)? else {
        return Ok(None);
    };
    let precision = call.integer(machine, 0)?;
    match value(input, call.input(), call.span)? {
        Some(value) => Ok(Some((value, precision))),
        None => Err(wrong_type(
            item,
            "a number, a Quantity, a date or a time",
            call.input(),
            call.span,
        )),
    }
}

fn low_boundary<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some((value, digits)) = bounded(machine, call, &input)? else {
        return Ok(Collection::new());
    };
    let boundary = match value {
        Value::Date(date) => date.low_boundary(digits).map(Value::Date),
        Value::DateTime(moment) => moment.low_boundary(digits).map(Value::DateTime),
        Value::Time(time) => time.low_boundary(digits).map(Value::Time),
        Value::Quantity(quantity) => quantity.low_boundary(digits).map(Value::quantity),
        number => number
            .as_number()
            .and_then(|number| number.low_boundary(digits))
            .map(Value::Decimal),
    };
    Ok(boundary.into_iter().collect())
}

fn high_boundary<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some((value, digits)) = bounded(machine, call, &input)? else {
        return Ok(Collection::new());
    };
    let boundary = match value {
        Value::Date(date) => date.high_boundary(digits).map(Value::Date),
        Value::DateTime(moment) => moment.high_boundary(digits).map(Value::DateTime),
        Value::Time(time) => time.high_boundary(digits).map(Value::Time),
        Value::Quantity(quantity) => quantity.high_boundary(digits).map(Value::quantity),
        number => number
            .as_number()
            .and_then(|number| number.high_boundary(digits))
            .map(Value::Decimal),
    };
    Ok(boundary.into_iter().collect())
}

fn precision<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some((value, _)) = bounded(machine, call, &input)? else {
        return Ok(Collection::new());
    };
    let digits = match value {
        Value::Date(date) => Some(date.precision().digits()),
        Value::DateTime(moment) => Some(moment.precision().digits()),
        Value::Time(time) => Some(time.digits()),
        Value::Quantity(quantity) => Some(quantity.value.precision()),
        number => number.as_number().map(Decimal::precision),
    };
    Ok(digits.map(Value::Integer).into_iter().collect())
}

fn comparable<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    let left = quantity(&input, call.input(), call.span)?;
    let right = quantity(&other, call.part(0), call.span)?;
    Ok(truth(
        left.zip(right).map(|(left, right)| left.comparable(&right)),
    ))
}
