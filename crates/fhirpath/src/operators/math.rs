//! Math (§6.6), and date and time arithmetic (§6.7). Overflow and division by zero are empty.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::{CalendarUnit, Decimal, Duration, Precision, Quantity, Unit, Value};
use smallvec::smallvec;

use crate::evaluate::{
    Collection, EvaluationError, Machine, Outcome, Part, is_unknown, one, string, system_value,
    type_name, value, wrong_type,
};
use crate::syntax::{BinaryOperator, Span};

/// `*`, `/`, `div`, `mod`, `+`, `-`, `&`
pub(super) fn binary<V: ElementView>(
    machine: &mut Machine<'_, V>,
    operator: BinaryOperator,
    left: &[Value<V>],
    right: &[Value<V>],
    span: Span,
) -> Outcome<Collection<V>> {
    let symbol = operator.symbol();
    let (left_part, right_part) = (Part::Left(symbol), Part::Right(symbol));
    if operator == BinaryOperator::Concatenate {
        let left = string(left, left_part, span)?;
        let right = string(right, right_part, span)?;
        return concatenate(machine, left.as_deref(), right.as_deref(), span);
    }
    let (Some(left_item), Some(right_item)) =
        (one(left, left_part, span)?, one(right, right_part, span)?)
    else {
        return Ok(Collection::new());
    };
    let (left, right) = (
        value(left, left_part, span)?,
        value(right, right_part, span)?,
    );
    let no_such = || EvaluationError::NoSuchOperation {
        operator: symbol,
        left: type_name(left_item),
        right: type_name(right_item),
        span,
    };
    let (Some(left), Some(right)) = (left, right) else {
        let is_wrong = |item: &Value<V>| system_value(item).is_none() && !is_unknown(item);
        return match is_wrong(left_item) || is_wrong(right_item) {
            true => Err(no_such()),
            false => Ok(Collection::new()),
        };
    };
    if let (BinaryOperator::Add, Value::String(left), Value::String(right)) =
        (operator, &left, &right)
    {
        return concatenate(machine, Some(left), Some(right), span);
    }
    let result = match operator {
        BinaryOperator::Add => add(&left, &right, span)?,
        BinaryOperator::Subtract => subtract(&left, &right, span)?,
        BinaryOperator::Multiply => multiply(&left, &right),
        BinaryOperator::Divide => divide(&left, &right),
        BinaryOperator::DivideTruncated => {
            whole(&left, &right, i32::checked_div, Decimal::div_truncated)
        }
        _ => whole(&left, &right, i32::checked_rem, Decimal::modulo),
    };
    match result {
        Some(found) => Ok(found.into_iter().collect()),
        None => Err(no_such()),
    }
}

/// What an operator gives: the outer `None` when it is not defined for the types, the inner when it has no value.
type Found<V> = Option<Option<Value<V>>>;

fn concatenate<V: ElementView>(
    machine: &mut Machine<'_, V>,
    left: Option<&str>,
    right: Option<&str>,
    span: Span,
) -> Outcome<Collection<V>> {
    let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
    machine.spend_text(left.len() + right.len(), span)?;
    let mut out = String::with_capacity(left.len() + right.len());
    out.push_str(left);
    out.push_str(right);
    Ok(smallvec![Value::String(Arc::from(out))])
}

/// `left + right` of two System values that are no Strings.
pub(crate) fn add<V>(left: &Value<V>, right: &Value<V>, span: Span) -> Outcome<Found<V>> {
    match right {
        Value::Quantity(quantity) if is_temporal(left) => shift(left, quantity, span).map(Some),
        _ => Ok(numeric(
            left,
            right,
            i32::checked_add,
            i64::checked_add,
            Decimal::checked_add,
        )
        .or_else(|| quantities(left, right, Quantity::add))),
    }
}

fn subtract<V>(left: &Value<V>, right: &Value<V>, span: Span) -> Outcome<Found<V>> {
    match right {
        Value::Quantity(quantity) if is_temporal(left) => {
            shift(left, &quantity.negate(), span).map(Some)
        }
        _ => Ok(numeric(
            left,
            right,
            i32::checked_sub,
            i64::checked_sub,
            Decimal::checked_sub,
        )
        .or_else(|| quantities(left, right, Quantity::subtract))),
    }
}

fn multiply<V>(left: &Value<V>, right: &Value<V>) -> Found<V> {
    numeric(
        left,
        right,
        i32::checked_mul,
        i64::checked_mul,
        Decimal::checked_mul,
    )
    .or_else(|| quantities(left, right, Quantity::multiply))
}

/// `/` gives a Decimal also for Integers.
fn divide<V>(left: &Value<V>, right: &Value<V>) -> Found<V> {
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => {
            let quotient = left.checked_div(right).map(Decimal::normalize);
            Some(quotient.map(Value::Decimal))
        }
        _ => quantities(left, right, Quantity::divide),
    }
}

fn numeric<V>(
    left: &Value<V>,
    right: &Value<V>,
    integers: fn(i32, i32) -> Option<i32>,
    longs: fn(i64, i64) -> Option<i64>,
    decimals: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Found<V> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => {
            return Some(integers(*left, *right).map(Value::Integer));
        }
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => {}
        _ => {
            if let (Some(left), Some(right)) = (long(left), long(right)) {
                return Some(longs(left, right).map(Value::Long));
            }
        }
    }
    let (left, right) = (left.as_number()?, right.as_number()?);
    Some(decimals(left, right).map(Value::Decimal))
}

/// `div` and `mod`: Integers of Integers, Decimals otherwise; `div` of Decimals is a whole number.
fn whole<V>(
    left: &Value<V>,
    right: &Value<V>,
    integers: fn(i32, i32) -> Option<i32>,
    decimals: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Found<V> {
    if let (Value::Integer(left), Value::Integer(right)) = (left, right) {
        return Some(integers(*left, *right).map(Value::Integer));
    }
    let (left, right) = (left.as_number()?, right.as_number()?);
    Some(decimals(left, right).map(Value::Decimal))
}

fn long<V>(value: &Value<V>) -> Option<i64> {
    match value {
        Value::Integer(value) => Some(i64::from(*value)),
        Value::Long(value) => Some(*value),
        _ => None,
    }
}

/// An operation of quantities; a number among them is one of unit `1`.
fn quantities<V>(
    left: &Value<V>,
    right: &Value<V>,
    apply: impl Fn(&Quantity, &Quantity) -> Option<Quantity>,
) -> Found<V> {
    let of = |value: &Value<V>| match value {
        Value::Quantity(quantity) => Some((**quantity).clone()),
        other => other.as_number().map(Quantity::from),
    };
    let (left, right) = (of(left)?, of(right)?);
    Some(apply(&left, &right).map(|found| Value::Quantity(Arc::new(found))))
}

fn is_temporal<V>(value: &Value<V>) -> bool {
    matches!(value, Value::Date(_) | Value::DateTime(_) | Value::Time(_))
}

/// A date or time that much later. A time of day has no days that could be added to it.
fn shift<V>(from: &Value<V>, by: &Quantity, span: Span) -> Outcome<Option<Value<V>>> {
    let duration = duration(by).filter(|duration| match from {
        Value::Time(_) => duration.unit >= Precision::Hour,
        _ => true,
    });
    let Some(duration) = duration else {
        return Err(EvaluationError::NoCalendarUnit {
            unit: by.unit.to_string(),
            span,
        });
    };
    Ok(match from {
        Value::Date(date) => date.add(&duration).map(Value::Date),
        Value::DateTime(moment) => moment.add(&duration).map(Value::DateTime),
        Value::Time(time) => time.add(&duration).map(Value::Time),
        _ => None,
    })
}

/// What may be added to a date or time. `None` for other units than of time.
pub(crate) fn duration(quantity: &Quantity) -> Option<Duration> {
    quantity.as_duration().or_else(|| in_words(quantity))
}

/// `1 'month'`: a word of the calendar in the quotes of UCUM, which has no such unit, can only be meant as the word.
fn in_words(quantity: &Quantity) -> Option<Duration> {
    let Unit::Ucum(unit) = &quantity.unit else {
        return None;
    };
    let unit = CalendarUnit::parse(unit.code())?;
    Quantity::new(quantity.value, unit.into()).as_duration()
}

/// `-operand`, `+operand`
pub(crate) fn polarity<V: ElementView>(
    negative: bool,
    operand: &[Value<V>],
    span: Span,
) -> Outcome<Collection<V>> {
    let part = Part::Operand(if negative { "-" } else { "+" });
    let Some(item) = one(operand, part, span)? else {
        return Ok(Collection::new());
    };
    let Some(found) = value(operand, part, span)? else {
        return Err(wrong_type(item, "a number or a Quantity", part, span));
    };
    let negated = match found {
        Value::Integer(value) => value.checked_neg().map(Value::Integer),
        Value::Long(value) => value.checked_neg().map(Value::Long),
        Value::Decimal(value) => Some(Value::Decimal(value.negate())),
        Value::Quantity(ref value) => Some(Value::Quantity(Arc::new(value.negate()))),
        _ => return Err(wrong_type(item, "a number or a Quantity", part, span)),
    };
    Ok(match negative {
        true => negated.into_iter().collect(),
        false => smallvec![found],
    })
}
