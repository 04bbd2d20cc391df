//! Math (§5.7, trial use). What has no result (the logarithm of 0, an overflow) is empty.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::{Decimal, Quantity, Value};

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{
    Collection, EvaluationError, Machine, Outcome, decimal, one, value, wrong_type,
};

const NUMBER: Input = Input::one(Types::NUMBER);
const MEASURED: Input = Input::one(Types::NUMBER.or(Types::QUANTITY));
const TO_INTEGER: Returns = Returns::One(Types::INTEGER);
const TO_DECIMAL: Returns = Returns::One(Types::DECIMAL);

const BASE: &[Argument] = &[Argument::one("base", Types::NUMBER)];
const EXPONENT: &[Argument] = &[Argument::one("exponent", Types::NUMBER)];
const PRECISION: &[Argument] = &[Argument::one("precision", Types::INTEGER)];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.7 Math",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "abs",
                        MEASURED,
                        &[],
                        Returns::InputItem,
                        "The number without its sign.",
                    ),
                    abs,
                ),
                Function::new(
                    Signature::new(
                        "ceiling",
                        NUMBER,
                        &[],
                        TO_INTEGER,
                        "The least whole number that is not less.",
                    ),
                    ceiling,
                ),
                Function::new(
                    Signature::new(
                        "exp",
                        NUMBER,
                        &[],
                        TO_DECIMAL,
                        "*e* to the power of the number.",
                    ),
                    exp,
                ),
                Function::new(
                    Signature::new(
                        "floor",
                        NUMBER,
                        &[],
                        TO_INTEGER,
                        "The greatest whole number that is not greater.",
                    ),
                    floor,
                ),
                Function::new(
                    Signature::new("ln", NUMBER, &[], TO_DECIMAL, "The natural logarithm."),
                    ln,
                ),
                Function::new(
                    Signature::new("log", NUMBER, BASE, TO_DECIMAL, "The logarithm to a base."),
                    log,
                ),
                Function::new(
                    Signature::new(
                        "power",
                        NUMBER,
                        EXPONENT,
                        Returns::One(Types::NUMBER),
                        "The number to a power.",
                    ),
                    power,
                ),
                Function::new(
                    Signature::new(
                        "round",
                        NUMBER,
                        PRECISION,
                        TO_DECIMAL,
                        "The number to so many decimals, none unless said; halves away from zero.",
                    )
                    .required(0),
                    round,
                ),
                Function::new(
                    Signature::new("sqrt", NUMBER, &[], TO_DECIMAL, "The square root."),
                    sqrt,
                ),
                Function::new(
                    Signature::new(
                        "truncate",
                        NUMBER,
                        &[],
                        TO_INTEGER,
                        "The number without its decimals.",
                    ),
                    truncate,
                ),
            ]
        },
    }
}

fn abs<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some(item) = one(&input, call.input(), call.span)? else {
        return Ok(input);
    };
    let result = match value(&input, call.input(), call.span)? {
        Some(Value::Integer(number)) => number.checked_abs().map(Value::Integer),
        Some(Value::Long(number)) => number.checked_abs().map(Value::Long),
        Some(Value::Decimal(number)) => Some(Value::Decimal(number.abs())),
        Some(Value::Quantity(quantity)) => {
            let (value, unit) = (quantity.value.abs(), quantity.unit.clone());
            Some(Value::Quantity(Arc::new(Quantity { value, unit })))
        }
        _ => {
            return Err(wrong_type(
                item,
                "a number or a Quantity",
                call.input(),
                call.span,
            ));
        }
    };
    Ok(result.into_iter().collect())
}

/// Works on the one number of the input.
fn with<V: ElementView>(
    call: &Call<'_, V>,
    input: &[Value<V>],
    work: impl FnOnce(Decimal) -> Option<Value<V>>,
) -> Outcome<Collection<V>> {
    let number = decimal(input, call.input(), call.span)?;
    Ok(number.and_then(work).into_iter().collect())
}

/// A whole number as an Integer, as a Long when it is too large for one.
fn whole<V>(number: Decimal) -> Option<Value<V>> {
    let long = number.to_i64()?;
    Some(i32::try_from(long).map_or(Value::Long(long), Value::Integer))
}

fn ceiling<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    with(call, &input, |number| whole(number.ceiling()))
}

fn floor<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    with(call, &input, |number| whole(number.floor()))
}

fn truncate<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    with(call, &input, |number| whole(number.truncate()))
}

fn exp<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    with(call, &input, |number| number.exp().map(Value::Decimal))
}

fn ln<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    with(call, &input, |number| number.ln().map(Value::Decimal))
}

fn sqrt<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    with(call, &input, |number| number.sqrt().map(Value::Decimal))
}

fn log<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let base = call.decimal(machine, 0)?;
    with(call, &input, |number| number.log(base?).map(Value::Decimal))
}

/// Integers to the power of one that is not negative stay Integers.
fn power<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let exponent = call.argument(machine, 0)?;
    let whole = (
        value(&input, call.input(), call.span)?,
        value(&exponent, call.part(0), call.span)?,
    );
    if let (Some(Value::Integer(base)), Some(Value::Integer(exponent))) = whole
        && let Ok(exponent) = u32::try_from(exponent)
    {
        return Ok(base
            .checked_pow(exponent)
            .map(Value::Integer)
            .into_iter()
            .collect());
    }
    let exponent = decimal(&exponent, call.part(0), call.span)?;
    with(call, &input, |number| {
        number
            .power(exponent?)
            .map(Decimal::normalize)
            .map(Value::Decimal)
    })
}

fn round<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let precision = call.integer(machine, 0)?.unwrap_or(0);
    if precision < 0 {
        return Err(EvaluationError::BadArgument {
            function: call.name(),
            value: precision.to_string(),
            expected: "a number of decimals, 0 or more",
            span: call.span,
        });
    }
    with(call, &input, |number| {
        number.round(precision).map(Value::Decimal)
    })
}
