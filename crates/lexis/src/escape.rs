//! Escapes in texts and in delimited names (FHIRPath §4.1.2 and §7.5, CQL Author's Guide §2.1.1).

use std::fmt::{self, Write};
use std::iter::Peekable;
use std::str::CharIndices;

use crate::mistake::Mistake;
use crate::span::Span;

/// Resolves the escapes of what stands between the delimiters, at this byte of the text.
///
/// A `\` before a character that needs no escape is left out, as the specifications want it.
#[must_use]
pub fn unescape(raw: &str, start: u32, mistakes: &mut Vec<Mistake>) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some((_, 'n')) => text.push('\n'),
            Some((_, 'r')) => text.push('\r'),
            Some((_, 't')) => text.push('\t'),
            Some((_, 'f')) => text.push('\u{c}'),
            Some((_, 'u')) => {
                text.push(unicode(raw, at, &mut characters).unwrap_or_else(|escape| {
                    mistakes.push(Mistake::LoneSurrogate {
                        span: span(start, at, escape.len()),
                        escape,
                    });
                    char::REPLACEMENT_CHARACTER
                }));
            }
            Some((_, other)) => text.push(other),
            None => {}
        }
    }
    text
}

/// The character of `\uXXXX` at `at`, or of two such that are a surrogate pair; the escape itself if it is half of one.
/// Without four digits it is a plain `u`.
fn unicode(raw: &str, at: usize, rest: &mut Peekable<CharIndices<'_>>) -> Result<char, String> {
    let Some(first) = hex(raw, at + 2) else {
        return Ok('u');
    };
    let second = raw
        .get(at + 6..)
        .filter(|after| after.starts_with("\\u"))
        .and_then(|_| hex(raw, at + 8));
    let (length, character) = match char::from_u32(first) {
        Some(character) => (6, Ok(character)),
        None => match second.and_then(|second| surrogates(first, second)) {
            Some(character) => (12, Ok(character)),
            None => (6, Err(raw.get(at..at + 6).unwrap_or_default().to_owned())),
        },
    };
    while rest.next_if(|(next, _)| *next < at + length).is_some() {}
    character
}

/// The four hexadecimal digits at `at`.
fn hex(raw: &str, at: usize) -> Option<u32> {
    let digits = raw.get(at..at + 4)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// The character that two halves make.
fn surrogates(high: u32, low: u32) -> Option<char> {
    let is_pair = (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
    is_pair
        .then(|| char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)))
        .flatten()
}

fn span(start: u32, at: usize, length: usize) -> Span {
    let start = start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    Span::new(
        start,
        start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)),
    )
}

/// Writes a text between these delimiters, escaped.
///
/// # Errors
/// When it cannot be written to.
pub fn write_delimited(out: &mut impl Write, text: &str, delimiter: char) -> fmt::Result {
    out.write_char(delimiter)?;
    for character in text.chars() {
        match character {
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\u{c}' => out.write_str("\\f")?,
            '\\' => out.write_str("\\\\")?,
            _ if character == delimiter => write!(out, "\\{character}")?,
            _ if character.is_control() => write!(out, "\\u{:04x}", u32::from(character))?,
            _ => out.write_char(character)?,
        }
    }
    out.write_char(delimiter)
}
