//! Conversion (§5.5). What cannot be converted is empty.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::{CalendarUnit, Date, DateTime, Decimal, Quantity, Time, Unit, Value};

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome, one, system_value, value_text};
use crate::operators::truth;

const UNIT: &[Argument] = &[Argument::one("unit", Types::STRING)];

const fn to(name: &'static str, types: Types, summary: &'static str) -> Signature {
    Signature::new(
        name,
        Input::one(Types::ANY),
        &[],
        Returns::One(types),
        summary,
    )
}

const fn converts(name: &'static str, summary: &'static str) -> Signature {
    to(name, Types::BOOLEAN, summary)
}

const fn to_with_unit(name: &'static str, types: Types, summary: &'static str) -> Signature {
    Signature::new(
        name,
        Input::one(Types::ANY),
        UNIT,
        Returns::One(types),
        summary,
    )
    .required(0)
}

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.5 Conversion",
        functions: const {
            &[
                Function::new(
                    to(
                        "toBoolean",
                        Types::BOOLEAN,
                        "The Boolean that the item stands for.",
                    ),
                    |_, call, input| convert(call, &input, to_boolean),
                ),
                Function::new(
                    converts("convertsToBoolean", "Whether `toBoolean` has a result."),
                    |_, call, input| can(call, &input, to_boolean),
                ),
                Function::new(
                    to(
                        "toInteger",
                        Types::INTEGER,
                        "The Integer that the item stands for.",
                    ),
                    |_, call, input| convert(call, &input, to_integer),
                ),
                Function::new(
                    converts("convertsToInteger", "Whether `toInteger` has a result."),
                    |_, call, input| can(call, &input, to_integer),
                ),
                Function::new(
                    to("toLong", Types::LONG, "The Long that the item stands for."),
                    |_, call, input| convert(call, &input, to_long),
                ),
                Function::new(
                    converts("convertsToLong", "Whether `toLong` has a result."),
                    |_, call, input| can(call, &input, to_long),
                ),
                Function::new(
                    to(
                        "toDecimal",
                        Types::DECIMAL,
                        "The Decimal that the item stands for.",
                    ),
                    |_, call, input| convert(call, &input, to_decimal),
                ),
                Function::new(
                    converts("convertsToDecimal", "Whether `toDecimal` has a result."),
                    |_, call, input| can(call, &input, to_decimal),
                ),
                Function::new(
                    to("toDate", Types::DATE, "The Date that the item stands for."),
                    |_, call, input| convert(call, &input, to_date),
                ),
                Function::new(
                    converts("convertsToDate", "Whether `toDate` has a result."),
                    |_, call, input| can(call, &input, to_date),
                ),
                Function::new(
                    to(
                        "toDateTime",
                        Types::DATE_TIME,
                        "The DateTime that the item stands for.",
                    ),
                    |_, call, input| convert(call, &input, to_date_time),
                ),
                Function::new(
                    converts("convertsToDateTime", "Whether `toDateTime` has a result."),
                    |_, call, input| can(call, &input, to_date_time),
                ),
                Function::new(
                    to("toTime", Types::TIME, "The Time that the item stands for."),
                    |_, call, input| convert(call, &input, to_time),
                ),
                Function::new(
                    converts("convertsToTime", "Whether `toTime` has a result."),
                    |_, call, input| can(call, &input, to_time),
                ),
                Function::new(
                    to("toString", Types::STRING, "The item as text."),
                    |_, call, input| convert(call, &input, to_text),
                ),
                Function::new(
                    converts("convertsToString", "Whether `toString` has a result."),
                    |_, call, input| can(call, &input, to_text),
                ),
                Function::new(
                    to_with_unit(
                        "toQuantity",
                        Types::QUANTITY,
                        "The Quantity that the item stands for, in a unit if one is given.",
                    ),
                    to_quantity_in,
                ),
                Function::new(
                    to_with_unit(
                        "convertsToQuantity",
                        Types::BOOLEAN,
                        "Whether `toQuantity` has a result.",
                    ),
                    converts_to_quantity,
                ),
            ]
        },
    }
}

/// A conversion of one System value.
type Conversion<V> = fn(&Value<V>) -> Option<Value<V>>;

fn convert<V: ElementView>(
    call: &Call<'_, V>,
    input: &[Value<V>],
    conversion: Conversion<V>,
) -> Outcome<Collection<V>> {
    let item = one(input, call.input(), call.span)?;
    Ok(item
        .and_then(system_value)
        .and_then(|value| conversion(&value))
        .into_iter()
        .collect())
}

fn can<V: ElementView>(
    call: &Call<'_, V>,
    input: &[Value<V>],
    conversion: Conversion<V>,
) -> Outcome<Collection<V>> {
    let item = one(input, call.input(), call.span)?;
    let converts = |item| system_value(item).is_some_and(|value| conversion(&value).is_some());
    Ok(truth(item.map(converts)))
}

fn to_boolean<V>(value: &Value<V>) -> Option<Value<V>> {
    let found = match value {
        Value::Boolean(value) => *value,
        Value::String(text) => word(text)?,
        Value::Integer(_) | Value::Long(_) | Value::Decimal(_) => {
            let number = value.as_number()?;
            match (number == Decimal::ONE, number.is_zero()) {
                (true, _) => true,
                (_, true) => false,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Value::Boolean(found))
}

/// The words for true and false, in any case.
fn word(text: &str) -> Option<bool> {
    let is = |words: [&str; 6]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match (
        is(["true", "t", "yes", "y", "1", "1.0"]),
        is(["false", "f", "no", "n", "0", "0.0"]),
    ) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn to_integer<V>(value: &Value<V>) -> Option<Value<V>> {
    match to_long(value)? {
        Value::Long(value) => i32::try_from(value).ok().map(Value::Integer),
        _ => None,
    }
}

/// A Decimal is not converted: `truncate()` and `round()` say how.
fn to_long<V>(value: &Value<V>) -> Option<Value<V>> {
    let found = match value {
        Value::Integer(value) => i64::from(*value),
        Value::Long(value) => *value,
        Value::Boolean(value) => i64::from(*value),
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    Some(Value::Long(found))
}

fn to_decimal<V>(value: &Value<V>) -> Option<Value<V>> {
    let found = match value {
        Value::Boolean(value) => one_or_zero(*value),
        // The specification's form has no exponent.
        Value::String(text) if !text.contains(['e', 'E']) => Decimal::parse(text)?,
        other => other.as_number()?,
    };
    Some(Value::Decimal(found))
}

/// `1.0` and `0.0`, as §5.5.6 writes them.
fn one_or_zero(value: bool) -> Decimal {
    let digits = if value { 10 } else { 0 };
    Decimal::new(digits, 1).unwrap_or_default()
}

fn to_date<V>(value: &Value<V>) -> Option<Value<V>> {
    match value {
        Value::Date(date) => Some(*date),
        Value::DateTime(moment) => Some(moment.date()),
        Value::String(text) => Date::parse(text),
        _ => None,
    }
    .map(Value::Date)
}

fn to_date_time<V>(value: &Value<V>) -> Option<Value<V>> {
    match value {
        Value::Date(date) => Some(date.to_date_time()),
        Value::DateTime(moment) => Some(*moment),
        Value::String(text) => DateTime::parse(text),
        _ => None,
    }
    .map(Value::DateTime)
}

fn to_time<V>(value: &Value<V>) -> Option<Value<V>> {
    match value {
        Value::Time(time) => Some(*time),
        Value::String(text) => Time::parse(text.strip_prefix('T').unwrap_or(text)),
        _ => None,
    }
    .map(Value::Time)
}

fn to_text<V>(value: &Value<V>) -> Option<Value<V>> {
    match value {
        Value::String(text) => Some(Value::String(text.clone())),
        other => value_text(other).map(|text| Value::String(Arc::from(text))),
    }
}

fn to_quantity<V>(value: &Value<V>) -> Option<Arc<Quantity>> {
    match value {
        Value::Quantity(quantity) => Some(quantity.clone()),
        Value::Boolean(value) => Some(Arc::new(one_or_zero(*value).into())),
        Value::String(text) => Quantity::parse(text).map(Arc::new),
        other => Some(Arc::new(other.as_number()?.into())),
    }
}

/// The quantity of the input in the unit of the argument. The outer `None`: there is no input, or the unit is empty.
#[expect(
    clippy::option_option,
    reason = "no input is empty, an input that cannot be converted is false"
)]
fn quantity_in<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: &[Value<V>],
) -> Outcome<Option<Option<Arc<Quantity>>>> {
    let Some(item) = one(input, call.input(), call.span)? else {
        return Ok(None);
    };
    let found = system_value(item).and_then(|value| to_quantity(&value));
    if !call.has(0) {
        return Ok(Some(found));
    }
    let Some(unit) = call.string(machine, 0)? else {
        return Ok(None);
    };
    Ok(Some(found.and_then(|found| {
        found.convert_to(&unit_of(&unit)?).map(Arc::new)
    })))
}

/// A unit of the calendar in words, or one that UCUM knows.
fn unit_of(text: &str) -> Option<Unit> {
    CalendarUnit::parse(text)
        .map(Unit::Calendar)
        .or_else(|| Unit::ucum_valid(text).ok())
}

fn to_quantity_in<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = quantity_in(machine, call, &input)?;
    Ok(found.flatten().map(Value::Quantity).into_iter().collect())
}

fn converts_to_quantity<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = quantity_in(machine, call, &input)?;
    Ok(truth(found.map(|found| found.is_some())))
}
