//! Characters by their positions.

use super::{count, integer, text};
use crate::operators::{Outcome, Record, Scene, Value};

/// `Length(text)`. (Of a list, see [`length`](crate::operators::list::length).)
pub fn length<N: Record>(argument: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let text = text("Length", argument)?;
    Ok(text.map_or(Value::Null, |text| count(characters(text))))
}

/// `text[index]`, a text of one character. Null when the text has no such character.
pub fn indexer<N: Record>(argument: &Value<N>, index: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let (text, index) = (text("Indexer", argument)?, integer("Indexer", index)?);
    let found = text.zip(index).and_then(|(text, index)| {
        let from = offset(text, index)?;
        let rest = text.get(from..)?;
        let end = rest.chars().next()?.len_utf8();
        rest.get(..end).map(Value::string)
    });
    Ok(found.into())
}

/// `PositionOf(pattern, text)`: where the pattern first begins; -1 when it is not in the text, 0 of an empty pattern.
pub fn position_of<N: Record>(
    pattern: &Value<N>,
    argument: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    found("PositionOf", pattern, argument, |text, pattern| {
        text.find(pattern)
    })
}

/// `LastPositionOf(pattern, text)`: where the pattern last begins; -1 when it is not in the text, the text's length of
/// an empty pattern.
pub fn last_position_of<N: Record>(
    pattern: &Value<N>,
    argument: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    found("LastPositionOf", pattern, argument, |text, pattern| {
        text.rfind(pattern)
    })
}

fn found<N: Record>(
    operator: &'static str,
    pattern: &Value<N>,
    argument: &Value<N>,
    find: fn(&str, &str) -> Option<usize>,
) -> Outcome<N> {
    let (pattern, text) = (text(operator, pattern)?, text(operator, argument)?);
    Ok(pattern
        .zip(text)
        .map_or(Value::Null, |(pattern, text)| match find(text, pattern) {
            Some(at) => count(characters(text.get(..at).unwrap_or_default())),
            None => Value::Integer(-1),
        }))
}

/// `Substring(text, start, length)`: so many characters from a position, or as many as there are; all of them when the
/// length is null or `None`. Null when the start is null or not a position in the text.
pub fn substring<N: Record>(
    argument: &Value<N>,
    start: &Value<N>,
    length: Option<&Value<N>>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let length = match length {
        Some(length) => integer("Substring", length)?,
        None => None,
    };
    let (text, start) = (text("Substring", argument)?, integer("Substring", start)?);
    let part = text.zip(start).and_then(|(text, start)| {
        let rest = text.get(offset(text, start)?..)?;
        let end = match length {
            Some(length) => offset(rest, length.max(0)).unwrap_or(rest.len()),
            None => rest.len(),
        };
        rest.get(..end).map(Value::string)
    });
    Ok(part.into())
}

/// How many characters a text has.
fn characters(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().count()
}

/// Where the character of a position begins, in bytes; `None` when there is none.
fn offset(text: &str, position: i32) -> Option<usize> {
    let position = usize::try_from(position).ok()?;
    if text.is_ascii() {
        return (position < text.len()).then_some(position);
    }
    text.char_indices().nth(position).map(|(at, _)| at)
}
