//! Type operators that convert values (CQL 1.5.3 §9.B "Type Operators"). Null in, null out. What cannot be converted is
//! null, and `ConvertsTo…` is false of it. (`As`, `Is`, `Convert` and `CanConvert` need types, which the evaluator
//! knows; it chooses one of these by the target type.)

use std::sync::Arc;

use salus_values::{Code, Concept, Unit};

use super::arithmetic::settled;
use super::{Outcome, Record, Scene, Value, wrong_operands};

/// `ToBoolean(operand)`: of the texts `true`, `t`, `yes`, `y`, `1`, `false`, `f`, `no`, `n`, `0`, in any case; of the
/// numbers 1 and 0.
pub fn to_boolean<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        // FHIRPath reads `1.0`, too.
        Value::String(text) if text.contains('.') => Value::Null,
        _ => operand.to_boolean().into(),
    })
}

/// `ToInteger(operand)`: of a text of digits with a sign or none, a Boolean, a Long that is small enough.
pub fn to_integer<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Uncertain(_) => operand.clone(),
        _ => operand.to_integer().into(),
    })
}

/// `ToLong(operand)`: of a text of digits with a sign or none, a Boolean, an Integer. An Integer that is not certain
/// stays what it is.
pub fn to_long<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Uncertain(_) => operand.clone(),
        _ => operand.to_long().into(),
    })
}

/// `ToDecimal(operand)`: of a text of digits with a sign or none and at least one digit on both sides of a point if
/// there is one, rounded to the 8 digits after it that a Decimal has; of a Boolean, of a whole number. An Integer that
/// is not certain stays what it is.
pub fn to_decimal<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Uncertain(_) => operand.clone(),
        Value::String(text) if !is_decimal(text) => Value::Null,
        Value::String(_) => operand.to_decimal().map(settled).into(),
        _ => operand.to_decimal().into(),
    })
}

/// `(+|-)?#0(.0#)?`
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    }
}

/// `ToString(operand)`: what reads back as the same value; a Decimal has a digit after the point at least.
pub fn to_string<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Decimal(value) if value.scale() == 0 => Value::string(&format!("{value}.0")),
        _ => operand.to_text().map(|text| Value::string(&text)).into(),
    })
}

/// `ToDate(operand)`: of a DateTime its date; of a text in the form of ISO 8601, to any precision, a time being
/// ignored.
pub fn to_date<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::String(_) => match operand.to_date() {
            Some(date) => date.into(),
            None => operand.to_date_time().map(|moment| moment.date()).into(),
        },
        _ => operand.to_date().into(),
    })
}

/// `ToDateTime(operand)`: of a Date one without time; of a text in the form of ISO 8601, to any precision.
pub fn to_date_time<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(operand.to_date_time().into())
}

/// `ToTime(operand)`: of a text in the form of ISO 8601, to any precision; an offset is ignored. Of a DateTime its
/// time.
pub fn to_time<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(operand.to_time().into())
}

/// `ToQuantity(operand)`: of a number one of the unit `'1'`; of a ratio its quotient; of a text such as `5.5 'cm'` or
/// `4 days`.
pub fn to_quantity<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    if let Value::String(text) = operand {
        let end = text.find(|letter: char| !matches!(letter, '0'..='9' | '.' | '+' | '-'));
        let number = end.map_or(Some(&**text), |end| text.get(..end));
        if !number.is_some_and(is_decimal) {
            return Ok(Value::Null);
        }
    }
    Ok(operand.to_quantity().map(Value::quantity).into())
}

/// `ToRatio(operand)`: of a text of two quantities with a colon between.
pub fn to_ratio<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(operand
        .to_ratio()
        .map(|ratio| Value::Ratio(Arc::new(ratio)))
        .into())
}

/// `ToConcept(operand)`: of a code, with its display; of a list of codes, without one. Nulls in the list are left out.
pub fn to_concept<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let of = |concept| Value::Concept(Arc::new(concept));
    let Value::List(items) = operand else {
        return Ok(operand.to_concept().map(of).into());
    };
    let mut codes = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item {
            Value::Code(code) => codes.push(Code::clone(code)),
            Value::Null => {}
            other => return wrong_operands("ToConcept", &[other]),
        }
    }
    Ok(of(Concept {
        codes: codes.into(),
        display: None,
    }))
}

/// The codes of a concept, to which it converts when that is asked for (§9.B "Convert").
pub fn to_codes<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::Concept(concept) => {
            let codes = concept.codes.iter();
            Ok(Value::list(
                codes.map(|code| Value::Code(Arc::new(code.clone()))),
            ))
        }
        other => wrong_operands("Convert", &[other]),
    }
}

/// `ToList(operand)`: a list of this one element; the empty list of null.
pub fn to_list<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    Ok(match operand {
        Value::Null => Value::list([]),
        other => Value::list([other.clone()]),
    })
}

/// `ToChars(operand)`: the characters of a text, each a text of its own.
pub fn to_chars<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::String(text) => {
            let mut letter = [0; 4];
            let letters = text
                .chars()
                .map(|character| Value::string(character.encode_utf8(&mut letter)));
            Ok(Value::list(letters))
        }
        other => wrong_operands("ToChars", &[other]),
    }
}

/// Whether a value converts: by the conversion itself.
fn converts<N: Record>(
    operand: &Value<N>,
    scene: &Scene<'_>,
    convert: fn(&Value<N>, &Scene<'_>) -> Outcome<N>,
) -> Outcome<N> {
    if operand.is_null() {
        return Ok(Value::Null);
    }
    Ok(Value::Boolean(!convert(operand, scene)?.is_null()))
}

macro_rules! converts_to {
    ($($(#[$doc:meta])* $name:ident: $convert:ident),* $(,)?) => {
        $($(#[$doc])*
        pub fn $name<N: Record>(operand: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
            converts(operand, scene, $convert)
        })*
    };
}

converts_to! {
    /// `ConvertsToBoolean(operand)`: whether [`to_boolean`] gives a value; null of null.
    converts_to_boolean: to_boolean,
    /// `ConvertsToInteger(operand)`: whether [`to_integer`] gives a value; null of null.
    converts_to_integer: to_integer,
    /// `ConvertsToLong(operand)`: whether [`to_long`] gives a value; null of null.
    converts_to_long: to_long,
    /// `ConvertsToDecimal(operand)`: whether [`to_decimal`] gives a value; null of null.
    converts_to_decimal: to_decimal,
    /// `ConvertsToString(operand)`: whether [`to_string`] gives a value; null of null.
    converts_to_string: to_string,
    /// `ConvertsToDate(operand)`: whether [`to_date`] gives a value; null of null.
    converts_to_date: to_date,
    /// `ConvertsToDateTime(operand)`: whether [`to_date_time`] gives a value; null of null.
    converts_to_date_time: to_date_time,
    /// `ConvertsToTime(operand)`: whether [`to_time`] gives a value; null of null.
    converts_to_time: to_time,
    /// `ConvertsToQuantity(operand)`: whether [`to_quantity`] gives a value; null of null.
    converts_to_quantity: to_quantity,
    /// `ConvertsToRatio(operand)`: whether [`to_ratio`] gives a value; null of null.
    converts_to_ratio: to_ratio,
}

/// `ConvertQuantity(quantity, unit)`: the same amount in another unit; null when that measures something else.
pub fn convert_quantity<N: Record>(
    quantity: &Value<N>,
    unit: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    match (quantity, unit) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Quantity(quantity), Value::String(unit)) => {
            let converted = quantity.convert_to(&Unit::of_text(unit));
            Ok(converted.map(Value::quantity).into())
        }
        _ => wrong_operands("ConvertQuantity", &[quantity, unit]),
    }
}

/// `CanConvertQuantity(quantity, unit)`: whether [`convert_quantity`] gives a value; null when either is null.
pub fn can_convert_quantity<N: Record>(
    quantity: &Value<N>,
    unit: &Value<N>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    if quantity.is_null() || unit.is_null() {
        return Ok(Value::Null);
    }
    let converted = convert_quantity(quantity, unit, scene)?;
    Ok(Value::Boolean(!converted.is_null()))
}

/// `Comparable(left, right)`: whether two quantities measure the same thing (CQL 2.0); null when either is null.
pub fn comparable<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Quantity(left), Value::Quantity(right)) => {
            Ok(Value::Boolean(left.comparable(right)))
        }
        _ => wrong_operands("Comparable", &[left, right]),
    }
}
