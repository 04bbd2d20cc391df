//! String operators (CQL 1.5.3 §9.B "String Operators"). Positions and lengths are in characters (Unicode scalar values),
//! from 0. Null in, null out, where the function does not say otherwise.

mod pattern;
mod position;

pub use pattern::{matches, matches_full, replace_matches, split_on_matches};
pub use position::{indexer, last_position_of, length, position_of, substring};

use std::sync::Arc;

use super::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// A text or null.
fn text<'v, N: Record>(
    operator: &'static str,
    value: &'v Value<N>,
) -> Result<Option<&'v Arc<str>>, EvaluationError> {
    match value {
        Value::String(text) => Ok(Some(text)),
        Value::Null => Ok(None),
        other => wrong_operands(operator, &[other]),
    }
}

/// A whole number or null.
fn integer<N: Record>(
    operator: &'static str,
    value: &Value<N>,
) -> Result<Option<i32>, EvaluationError> {
    match value {
        Value::Integer(value) => Ok(Some(*value)),
        Value::Null => Ok(None),
        other => wrong_operands(operator, &[other]),
    }
}

/// A count as an Integer. No text and no list is longer than one can say.
fn count<N: Record>(count: usize) -> Value<N> {
    i32::try_from(count).ok().into()
}

/// `left + right`, `Concatenate(a, b, …)`: null when any is null. (`&`, to which null is the empty text, is this of
/// `Coalesce(operand, '')`.)
pub fn concatenate<N: Record>(operands: &[Value<N>], _: &Scene<'_>) -> Outcome<N> {
    let mut joined = String::new();
    let mut known = true;
    for operand in operands {
        match text("Concatenate", operand)? {
            Some(text) => joined.push_str(text),
            None => known = false,
        }
    }
    Ok(known.then(|| Value::string(&joined)).into())
}

/// `Combine(source, separator)`: the texts of a list, one after the other. Nulls in the list are left out, a null
/// separator is none. Null for a list that is null or has no text.
pub fn combine<N: Record>(
    source: &Value<N>,
    separator: Option<&Value<N>>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let separator = match separator {
        Some(separator) => text("Combine", separator)?.map_or("", |text| &**text),
        None => "",
    };
    let items = match source {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items,
        other => return wrong_operands("Combine", &[other]),
    };
    let mut combined: Option<String> = None;
    for item in items.iter() {
        let Some(item) = text("Combine", item)? else {
            continue;
        };
        match &mut combined {
            Some(combined) => {
                combined.push_str(separator);
                combined.push_str(item);
            }
            None => combined = Some(item.to_string()),
        }
    }
    Ok(combined.map(|text| Value::string(&text)).into())
}

/// `Split(text, separator)`: the texts between separators; the text itself when the separator is null or not in it. Of
/// an empty separator, which is between any two characters, the characters.
pub fn split<N: Record>(argument: &Value<N>, separator: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let separator = text("Split", separator)?;
    let Some(whole) = text("Split", argument)? else {
        return Ok(Value::Null);
    };
    Ok(match separator.map(|text| &**text) {
        None => Value::list([argument.clone()]),
        Some("") if whole.is_empty() => Value::list([argument.clone()]),
        Some("") => {
            let mut letter = [0; 4];
            Value::list(
                whole
                    .chars()
                    .map(|character| Value::string(character.encode_utf8(&mut letter))),
            )
        }
        Some(separator) => Value::list(whole.split(separator).map(Value::string)),
    })
}

/// `Upper(text)`, the same in every locale.
pub fn upper<N: Record>(argument: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let text = text("Upper", argument)?;
    Ok(text.map(|text| Value::string(&text.to_uppercase())).into())
}

/// `Lower(text)`, the same in every locale.
pub fn lower<N: Record>(argument: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let text = text("Lower", argument)?;
    Ok(text.map(|text| Value::string(&text.to_lowercase())).into())
}

/// `StartsWith(text, prefix)`: true of an empty prefix.
pub fn starts_with<N: Record>(argument: &Value<N>, prefix: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    both("StartsWith", argument, prefix, |text, prefix| {
        text.starts_with(prefix)
    })
}

/// `EndsWith(text, suffix)`: true of an empty suffix.
pub fn ends_with<N: Record>(argument: &Value<N>, suffix: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    both("EndsWith", argument, suffix, |text, suffix| {
        text.ends_with(suffix)
    })
}

fn both<N: Record>(
    operator: &'static str,
    left: &Value<N>,
    right: &Value<N>,
    is: fn(&str, &str) -> bool,
) -> Outcome<N> {
    let (left, right) = (text(operator, left)?, text(operator, right)?);
    Ok(left.zip(right).map(|(left, right)| is(left, right)).into())
}
