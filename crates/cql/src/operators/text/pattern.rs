//! Regular expressions (CQL 1.5.3 §9.B "Matches"): a pattern may match any part of a text, case counts, `.` is any
//! character, line ends included, and characters are those of Unicode.
//!
//! Matching takes time that grows with the text and not with the pattern's cleverness, which is why patterns have no
//! look-around and no references back. Each thread keeps the patterns it met.

use std::cell::RefCell;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use regex::{Captures, Regex, RegexBuilder};

use super::text;
use crate::operators::{EvaluationError, Outcome, Record, Scene, Value};

/// So many patterns are kept by each thread.
const PATTERNS_MAX: usize = 256;
/// How many bytes a pattern may take when it is compiled.
const PATTERN_BYTES_MAX: usize = 1 << 20;

thread_local! {
    static PATTERNS: RefCell<HashMap<Box<str>, Regex, RandomState>> = RefCell::default();
}

/// `Matches(text, pattern)`: whether the pattern matches a part of the text.
///
/// # Errors
/// When the pattern is no regular expression.
pub fn matches<N: Record>(argument: &Value<N>, pattern: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let (text, pattern) = (text("Matches", argument)?, text("Matches", pattern)?);
    let Some((text, pattern)) = text.zip(pattern) else {
        return Ok(Value::Null);
    };
    Ok(Value::Boolean(compiled(pattern)?.is_match(text)))
}

/// `MatchesFull(text, pattern)`: whether the pattern matches all of the text (CQL 2.0).
///
/// # Errors
/// When the pattern is no regular expression.
pub fn matches_full<N: Record>(
    argument: &Value<N>,
    pattern: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let (text, pattern) = (
        text("MatchesFull", argument)?,
        text("MatchesFull", pattern)?,
    );
    let Some((text, pattern)) = text.zip(pattern) else {
        return Ok(Value::Null);
    };
    let whole = compiled(&format!("^(?:{pattern})$"))?;
    Ok(Value::Boolean(whole.is_match(text)))
}

/// `ReplaceMatches(text, pattern, substitution)`: each match replaced. `$1` and `${name}` in the substitution stand for
/// what groups matched, `\$` and `\\` for themselves.
///
/// # Errors
/// When the pattern is no regular expression.
pub fn replace_matches<N: Record>(
    argument: &Value<N>,
    pattern: &Value<N>,
    substitution: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let operator = "ReplaceMatches";
    let whole = text(operator, argument)?.zip(text(operator, pattern)?);
    let Some(((text, pattern), substitution)) = whole.zip(text(operator, substitution)?) else {
        return Ok(Value::Null);
    };
    let replaced = compiled(pattern)?.replace_all(text, |found: &Captures<'_>| {
        let mut written = String::new();
        substitute(substitution, found, &mut written);
        written
    });
    Ok(Value::string(&replaced))
}

/// `SplitOnMatches(text, pattern)`: the texts between matches; the text itself when there are none or the pattern is
/// null.
///
/// # Errors
/// When the pattern is no regular expression.
pub fn split_on_matches<N: Record>(
    argument: &Value<N>,
    pattern: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let pattern = text("SplitOnMatches", pattern)?;
    let Some(text) = text("SplitOnMatches", argument)? else {
        return Ok(Value::Null);
    };
    Ok(match pattern {
        None => Value::list([argument.clone()]),
        Some(pattern) => Value::list(compiled(pattern)?.split(text).map(Value::string)),
    })
}

/// Writes a substitution for a match.
fn substitute(substitution: &str, found: &Captures<'_>, written: &mut String) {
    let mut letters = substitution.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => written.extend(letters.next()),
            '$' if letters.peek() == Some(&'{') => {
                letters.next();
                let name: String = letters
                    .by_ref()
                    .take_while(|letter| *letter != '}')
                    .collect();
                let group = match name.parse() {
                    Ok(number) => found.get(number),
                    Err(_) => found.name(&name),
                };
                written.push_str(group.map_or("", |group| group.as_str()));
            }
            '$' => {
                let mut number: Option<usize> = None;
                while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
                    // As many digits as name a group that there is.
                    let longer = number.unwrap_or(0) * 10 + digit as usize;
                    if number.is_some() && longer >= found.len() {
                        break;
                    }
                    number = Some(longer);
                    letters.next();
                }
                match number {
                    Some(number) => {
                        written.push_str(found.get(number).map_or("", |group| group.as_str()));
                    }
                    None => written.push('$'),
                }
            }
            other => written.push(other),
        }
    }
}

/// The regular expression of a pattern.
fn compiled(pattern: &str) -> Result<Regex, EvaluationError> {
    let known = PATTERNS.try_with(|patterns| patterns.borrow().get(pattern).cloned());
    if let Ok(Some(regex)) = known {
        return Ok(regex);
    }
    let regex = RegexBuilder::new(pattern)
        .dot_matches_new_line(true)
        .size_limit(PATTERN_BYTES_MAX)
        .build()
        .map_err(|source| EvaluationError::BadPattern {
            pattern: pattern.into(),
            source: Box::new(source),
        })?;
    // A thread that ends keeps nothing.
    let _ = PATTERNS.try_with(|patterns| {
        let mut patterns = patterns.borrow_mut();
        if patterns.len() >= PATTERNS_MAX {
            patterns.clear();
        }
        patterns.insert(pattern.into(), regex.clone());
    });
    Ok(regex)
}
