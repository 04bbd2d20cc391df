//! String manipulation (§5.6). Positions and lengths count Unicode characters.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use salus_fhir::view::ElementView;
use salus_values::Value;
use smallvec::smallvec;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, EvaluationError, Machine, Outcome, text, wrong_type};
use crate::operators::truth;

const STRING: Input = Input::one(Types::STRING);
const TO_STRING: Returns = Returns::One(Types::STRING);
const TO_INTEGER: Returns = Returns::One(Types::INTEGER);
const TO_BOOLEAN: Returns = Returns::One(Types::BOOLEAN);

const fn words(name: &'static str) -> Argument {
    Argument::one(name, Types::STRING)
}

const SUBSTRING: &[Argument] = &[words("substring")];
const START_LENGTH: &[Argument] = &[
    Argument::one("start", Types::INTEGER),
    Argument::one("length", Types::INTEGER),
];
const PREFIX: &[Argument] = &[words("prefix")];
const SUFFIX: &[Argument] = &[words("suffix")];
const PATTERN_SUBSTITUTION: &[Argument] = &[words("pattern"), words("substitution")];
const REGEX_FLAGS: &[Argument] = &[words("regex"), words("flags")];
const REGEX_AND_SUBSTITUTION: &[Argument] =
    &[words("regex"), words("substitution"), words("flags")];
const SEPARATOR: &[Argument] = &[words("separator")];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.6 Strings",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "indexOf",
                        STRING,
                        SUBSTRING,
                        TO_INTEGER,
                        "The position of the first occurrence, -1 when there is none.",
                    ),
                    index_of,
                ),
                Function::new(
                    Signature::new(
                        "lastIndexOf",
                        STRING,
                        SUBSTRING,
                        TO_INTEGER,
                        "The position of the last occurrence, -1 when there is none.",
                    ),
                    last_index_of,
                ),
                Function::new(
                    Signature::new(
                        "substring",
                        STRING,
                        START_LENGTH,
                        TO_STRING,
                        "The characters from a position on.",
                    )
                    .required(1),
                    substring,
                ),
                Function::new(
                    Signature::new(
                        "startsWith",
                        STRING,
                        PREFIX,
                        TO_BOOLEAN,
                        "Whether the text begins with another.",
                    ),
                    starts_with,
                ),
                Function::new(
                    Signature::new(
                        "endsWith",
                        STRING,
                        SUFFIX,
                        TO_BOOLEAN,
                        "Whether the text ends with another.",
                    ),
                    ends_with,
                ),
                Function::new(
                    Signature::new(
                        "contains",
                        STRING,
                        SUBSTRING,
                        TO_BOOLEAN,
                        "Whether another text is in the text.",
                    ),
                    contains,
                ),
                Function::new(
                    Signature::new("upper", STRING, &[], TO_STRING, "The text in capitals."),
                    upper,
                ),
                Function::new(
                    Signature::new(
                        "lower",
                        STRING,
                        &[],
                        TO_STRING,
                        "The text in small letters.",
                    ),
                    lower,
                ),
                Function::new(
                    Signature::new(
                        "replace",
                        STRING,
                        PATTERN_SUBSTITUTION,
                        TO_STRING,
                        "The text with every occurrence replaced.",
                    ),
                    replace,
                ),
                Function::new(
                    Signature::new(
                        "matches",
                        STRING,
                        REGEX_FLAGS,
                        TO_BOOLEAN,
                        "Whether a regular expression matches somewhere in the text.",
                    )
                    .required(1),
                    matches,
                ),
                Function::new(
                    Signature::new(
                        "matchesFull",
                        STRING,
                        REGEX_FLAGS,
                        TO_BOOLEAN,
                        "Whether a regular expression matches the whole text.",
                    )
                    .required(1),
                    matches_full,
                ),
                Function::new(
                    Signature::new(
                        "replaceMatches",
                        STRING,
                        REGEX_AND_SUBSTITUTION,
                        TO_STRING,
                        "The text with every match replaced; `$1` or `${name}` stands for a group.",
                    )
                    .required(2),
                    replace_matches,
                ),
                Function::new(
                    Signature::new(
                        "length",
                        STRING,
                        &[],
                        TO_INTEGER,
                        "The number of characters.",
                    ),
                    length,
                ),
                Function::new(
                    Signature::new(
                        "toChars",
                        STRING,
                        &[],
                        Returns::Many(Types::STRING),
                        "The characters, one item each.",
                    ),
                    to_chars,
                ),
                Function::new(
                    Signature::new(
                        "trim",
                        STRING,
                        &[],
                        TO_STRING,
                        "The text without white space around it.",
                    ),
                    trim,
                ),
                Function::new(
                    Signature::new(
                        "split",
                        STRING,
                        SEPARATOR,
                        Returns::Many(Types::STRING),
                        "The parts between separators.",
                    ),
                    split,
                ),
                Function::new(
                    Signature::new(
                        "join",
                        Input::many(Types::STRING),
                        SEPARATOR,
                        TO_STRING,
                        "The texts as one, with a separator between them.",
                    )
                    .required(0),
                    join,
                ),
            ]
        },
    }
}

fn one_text<V>(text: impl Into<Arc<str>>) -> Collection<V> {
    smallvec![Value::String(text.into())]
}

fn one_integer<V>(number: usize) -> Collection<V> {
    smallvec![Value::Integer(i32::try_from(number).unwrap_or(i32::MAX))]
}

/// The input and the first argument; `None` when one is empty.
fn both<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: &[Value<V>],
) -> Outcome<Option<(Arc<str>, Arc<str>)>> {
    let text = call.text(input)?;
    let argument = call.string(machine, 0)?;
    Ok(text.zip(argument))
}

/// A byte position as a position of characters, -1 for none.
fn position<V>(text: &str, byte: Option<usize>) -> Collection<V> {
    match byte.and_then(|byte| text.get(..byte)) {
        Some(before) => one_integer(before.chars().count()),
        None => smallvec![Value::Integer(-1)],
    }
}

fn index_of<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    Ok(found.map_or_else(Collection::new, |(text, part)| {
        position(&text, text.find(&*part))
    }))
}

fn last_index_of<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    Ok(found.map_or_else(Collection::new, |(text, part)| {
        // The specification has it that nothing is last found where it is first found.
        position(
            &text,
            if part.is_empty() {
                Some(0)
            } else {
                text.rfind(&*part)
            },
        )
    }))
}

fn substring<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let (Some(text), Some(start)) = (call.text(&input)?, call.integer(machine, 0)?) else {
        return Ok(Collection::new());
    };
    // An empty length is as none.
    let length = call
        .integer(machine, 1)?
        .map(|length| usize::try_from(length).unwrap_or(0));
    let Some((from, _)) = usize::try_from(start)
        .ok()
        .and_then(|start| text.char_indices().nth(start))
    else {
        return Ok(Collection::new());
    };
    let rest = text.get(from..).unwrap_or_default();
    let end = length
        .and_then(|length| rest.char_indices().nth(length))
        .map_or(rest.len(), |(end, _)| end);
    Ok(one_text(rest.get(..end).unwrap_or_default()))
}

fn starts_with<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    Ok(truth(
        found.map(|(text, prefix)| text.starts_with(&*prefix)),
    ))
}

fn ends_with<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    Ok(truth(found.map(|(text, suffix)| text.ends_with(&*suffix))))
}

fn contains<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    Ok(truth(found.map(|(text, part)| text.contains(&*part))))
}

fn upper<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(call
        .text(&input)?
        .map_or_else(Collection::new, |text| one_text(text.to_uppercase())))
}

fn lower<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(call
        .text(&input)?
        .map_or_else(Collection::new, |text| one_text(text.to_lowercase())))
}

/// An empty pattern is found around every character, as §5.6.8 says.
fn replace<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    let substitution = call.string(machine, 1)?;
    let (Some((text, pattern)), Some(substitution)) = (found, substitution) else {
        return Ok(Collection::new());
    };
    let places = match pattern.is_empty() {
        true => text.len() + 1,
        false => text.len() / pattern.len(),
    };
    machine.spend_text(
        text.len()
            .saturating_add(places.saturating_mul(substitution.len())),
        call.span,
    )?;
    Ok(one_text(text.replace(&*pattern, &substitution)))
}

/// Bytes of the compiled form of a pattern: hostile ones are refused.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// Reads a pattern. `.` matches line ends too (§5.6.9: single-line mode); flags are `i` and `m`.
fn read_pattern<V: ElementView>(
    call: &Call<'_, V>,
    pattern: &str,
    flags: Option<&str>,
) -> Outcome<Regex> {
    let flags = flags.unwrap_or_default();
    if let Some(flag) = flags.chars().find(|flag| !matches!(flag, 'i' | 'm')) {
        return Err(EvaluationError::BadArgument {
            function: call.name(),
            value: flag.to_string(),
            expected: "of the flags `i` (case does not count) and `m` (`^` and `$` are the ends of lines)",
            span: call.span,
        });
    }
    let regex = RegexBuilder::new(pattern)
        .dot_matches_new_line(true)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .size_limit(PATTERN_BYTES_MAX)
        .build();
    regex.map_err(|source| EvaluationError::BadPattern {
        pattern: pattern.to_owned(),
        source,
        span: call.span,
    })
}

/// Works on the input with the pattern of the first argument. The pattern is read once for each call's first pattern:
/// nearly always it is a literal.
fn with_pattern<V: ElementView, T>(
    call: &Call<'_, V>,
    pattern: &str,
    flags: Option<&str>,
    work: impl FnOnce(&Regex) -> T,
) -> Outcome<T> {
    if flags.is_some() {
        return Ok(work(&read_pattern(call, pattern, flags)?));
    }
    if call.step.pattern.get().is_none() {
        let read = read_pattern(call, pattern, None)?;
        // Another thread may have been first, with the same pattern or another: both are right.
        let _ = call.step.pattern.set((pattern.into(), read));
    }
    match call.step.pattern.get() {
        Some((known, regex)) if **known == *pattern => Ok(work(regex)),
        _ => Ok(work(&read_pattern(call, pattern, None)?)),
    }
}

fn matches<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    let flags = call.string(machine, 1)?;
    let Some((text, pattern)) = found else {
        return Ok(Collection::new());
    };
    machine.spend_text(text.len(), call.span)?;
    let is_match = with_pattern(call, &pattern, flags.as_deref(), |regex| {
        regex.is_match(&text)
    })?;
    Ok(truth(Some(is_match)))
}

fn matches_full<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    let flags = call.string(machine, 1)?;
    let Some((text, pattern)) = found else {
        return Ok(Collection::new());
    };
    machine.spend_text(text.len(), call.span)?;
    let whole = format!(r"\A(?:{pattern})\z");
    let is_match = with_pattern(call, &whole, flags.as_deref(), |regex| {
        regex.is_match(&text)
    })?;
    Ok(truth(Some(is_match)))
}

fn replace_matches<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let found = both(machine, call, &input)?;
    let substitution = call.string(machine, 1)?;
    let flags = call.string(machine, 2)?;
    let (Some((text, pattern)), Some(substitution)) = (found, substitution) else {
        return Ok(Collection::new());
    };
    // An empty pattern replaces nothing, unlike an empty string in `replace`.
    if pattern.is_empty() {
        return Ok(one_text(text));
    }
    let substitution = braced(&substitution);
    let (places, longest) = (text.len() + 1, substitution.len() + text.len());
    let likely = with_pattern(call, &pattern, flags.as_deref(), |regex| {
        regex.find_iter(&text).count()
    })?;
    machine.spend_text(
        likely
            .min(places)
            .saturating_mul(longest)
            .saturating_add(text.len()),
        call.span,
    )?;
    let out = with_pattern(call, &pattern, flags.as_deref(), |regex| {
        regex.replace_all(&text, substitution.as_str()).into_owned()
    })?;
    Ok(one_text(out))
}

/// `$1x` as `${1}x`: in the dialect of the specification a group's number ends with its digits.
fn braced(substitution: &str) -> String {
    let mut out = String::with_capacity(substitution.len());
    let mut letters = substitution.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter != '$' || !letters.peek().is_some_and(char::is_ascii_digit) {
            continue;
        }
        out.push('{');
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            out.push(digit);
        }
        out.push('}');
    }
    out
}

fn length<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(call
        .text(&input)?
        .map_or_else(Collection::new, |text| one_integer(text.chars().count())))
}

fn to_chars<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some(text) = call.text(&input)? else {
        return Ok(Collection::new());
    };
    machine.spend(text.len() as u64, call.span)?;
    let mut buffer = [0; 4];
    Ok(text
        .chars()
        .map(|letter| Value::String(Arc::from(&*letter.encode_utf8(&mut buffer))))
        .collect())
}

fn trim<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(call.text(&input)?.map_or_else(Collection::new, |text| {
        one_text(text.trim_matches(WHITE_SPACE))
    }))
}

/// What is white space to FHIRPath (§8.1).
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

fn split<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some((text, separator)) = both(machine, call, &input)? else {
        return Ok(Collection::new());
    };
    machine.spend(text.len() as u64, call.span)?;
    // An empty separator stands between all characters.
    if separator.is_empty() {
        return to_chars(machine, call, input);
    }
    Ok(text
        .split(&*separator)
        .map(|part| Value::String(Arc::from(part)))
        .collect())
}

fn join<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let separator = call.string(machine, 0)?.unwrap_or_default();
    if input.is_empty() {
        return Ok(Collection::new());
    }
    let mut out = String::new();
    for (nth, item) in input.iter().enumerate() {
        let Some(part) = text(item) else {
            return Err(wrong_type(item, "a String", call.input(), call.span));
        };
        out.push_str(if nth > 0 { &separator } else { "" });
        out.push_str(&part);
        machine.spend_text(out.len(), call.span)?;
    }
    Ok(one_text(out))
}
