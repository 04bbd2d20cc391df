//! JSON string escapes.

use std::borrow::Cow;

/// One escape: the character it stands for and how many bytes it is written in.
pub(super) struct Escape {
    pub character: char,
    pub size_bytes: usize,
}

/// Reads the escape at the start of `text` (a backslash). `None` when it is none, or half of a surrogate pair.
pub(super) fn escape(text: &[u8]) -> Option<Escape> {
    let short = |character| {
        Some(Escape {
            character,
            size_bytes: 2,
        })
    };
    match text.get(1)? {
        b'"' => short('"'),
        b'\\' => short('\\'),
        b'/' => short('/'),
        b'b' => short('\u{8}'),
        b'f' => short('\u{c}'),
        b'n' => short('\n'),
        b'r' => short('\r'),
        b't' => short('\t'),
        b'u' => unicode(text),
        _ => None,
    }
}

fn unicode(text: &[u8]) -> Option<Escape> {
    let first = hex(text.get(2..6)?)?;
    if let Some(character) = char::from_u32(first) {
        return Some(Escape {
            character,
            size_bytes: 6,
        });
    }
    let second = text.get(6..12)?.strip_prefix(br"\u").and_then(hex)?;
    let is_pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
    let character = char::from_u32(0x1_0000 + ((first & 0x3FF) << 10) + (second & 0x3FF))?;
    is_pair.then_some(Escape {
        character,
        size_bytes: 12,
    })
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digit = |sum: u32, b: &u8| Some(sum * 16 + char::from(*b).to_digit(16)?);
    digits.iter().try_fold(0, digit)
}

/// The value of a string's text (between its quotes); borrowed when nothing is escaped.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut at = Some(first);
    while let Some((before, from)) = at.and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        // The tape holds only strings whose escapes were read before.
        let Some(found) = escape(from.as_bytes()) else {
            break;
        };
        out.push(found.character);
        rest = from.get(found.size_bytes..).unwrap_or("");
        at = memchr::memchr(b'\\', rest.as_bytes());
    }
    out.push_str(rest);
    Cow::Owned(out)
}
