//! Components of dates and times (§5.5, trial use).

use salus_fhir::view::ElementView;
use salus_values::{Decimal, Precision, Value};

use super::{Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome, one, value, wrong_type};

const MOMENT: Input = Input::one(Types::DATE.or(Types::DATE_TIME));
const CLOCK: Input = Input::one(Types::DATE_TIME.or(Types::TIME));
const TO_INTEGER: Returns = Returns::One(Types::INTEGER);

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.5 Components of dates and times",
        functions: const {
            &[
                Function::new(
                    Signature::new("yearOf", MOMENT, &[], TO_INTEGER, "The year."),
                    year_of,
                ),
                Function::new(
                    Signature::new("monthOf", MOMENT, &[], TO_INTEGER, "The month, from 1."),
                    month_of,
                ),
                Function::new(
                    Signature::new(
                        "dayOf",
                        MOMENT,
                        &[],
                        TO_INTEGER,
                        "The day of the month, from 1.",
                    ),
                    day_of,
                ),
                Function::new(
                    Signature::new("hourOf", CLOCK, &[], TO_INTEGER, "The hour, from 0."),
                    hour_of,
                ),
                Function::new(
                    Signature::new("minuteOf", CLOCK, &[], TO_INTEGER, "The minute."),
                    minute_of,
                ),
                Function::new(
                    Signature::new("secondOf", CLOCK, &[], TO_INTEGER, "The second."),
                    second_of,
                ),
                Function::new(
                    Signature::new("millisecondOf", CLOCK, &[], TO_INTEGER, "The millisecond."),
                    millisecond_of,
                ),
                Function::new(
                    Signature::new(
                        "timezoneOffsetOf",
                        Input::one(Types::DATE_TIME),
                        &[],
                        Returns::One(Types::DECIMAL),
                        "The offset of the time zone in hours.",
                    ),
                    timezone_offset_of,
                ),
                Function::new(
                    Signature::new(
                        "dateOf",
                        MOMENT,
                        &[],
                        Returns::One(Types::DATE),
                        "The date.",
                    ),
                    date_of,
                ),
                Function::new(
                    Signature::new(
                        "timeOf",
                        Input::one(Types::DATE_TIME),
                        &[],
                        Returns::One(Types::TIME),
                        "The time of day.",
                    ),
                    time_of,
                ),
            ]
        },
    }
}

/// The one item of the input when it is a date or time.
fn moment<V: ElementView>(call: &Call<'_, V>, input: &[Value<V>]) -> Outcome<Option<Value<V>>> {
    let Some(item) = one(input, call.input(), call.span)? else {
        return Ok(None);
    };
    match value(input, call.input(), call.span)? {
        Some(found @ (Value::Date(_) | Value::DateTime(_) | Value::Time(_))) => Ok(Some(found)),
        _ => Err(wrong_type(
            item,
            "a date or a time",
            call.input(),
            call.span,
        )),
    }
}

/// One part of the date or time; empty when it is not known.
fn part<V: ElementView>(
    call: &Call<'_, V>,
    input: &[Value<V>],
    precision: Precision,
) -> Outcome<Collection<V>> {
    let part = match moment(call, input)? {
        Some(Value::Date(date)) => date.component(precision),
        Some(Value::DateTime(moment)) => moment.component(precision),
        Some(Value::Time(time)) => time.component(precision),
        _ => None,
    };
    Ok(part.map(Value::Integer).into_iter().collect())
}

fn year_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Year)
}

fn month_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Month)
}

fn day_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Day)
}

fn hour_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Hour)
}

fn minute_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Minute)
}

fn second_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Second)
}

fn millisecond_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    part(call, &input, Precision::Millisecond)
}

fn timezone_offset_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let offset = match moment(call, &input)? {
        Some(Value::DateTime(moment)) => moment.offset(),
        _ => None,
    };
    let hours =
        offset.and_then(|minutes| Decimal::from(i32::from(minutes)).checked_div(Decimal::from(60)));
    Ok(hours.map(Value::Decimal).into_iter().collect())
}

fn date_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let date = match moment(call, &input)? {
        Some(Value::Date(date)) => Some(date),
        Some(Value::DateTime(moment)) => Some(moment.date()),
        _ => None,
    };
    Ok(date.map(Value::Date).into_iter().collect())
}

fn time_of<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let time = match moment(call, &input)? {
        Some(Value::DateTime(moment)) => moment.time(),
        Some(Value::Time(time)) => Some(time),
        _ => None,
    };
    Ok(time.map(Value::Time).into_iter().collect())
}
