//! Names in a text, by where they stand.

use salus_lexis::unescape;

use crate::syntax::Span;

/// A name, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What it says, without quotes.
    pub name: String,
    /// With its quotes.
    pub span: Span,
}

/// The name at a place.
pub(super) fn at(text: &str, at: usize) -> Option<Word> {
    words(text).find(|word| {
        let (start, end) = (word.span.start as usize, word.span.end as usize);
        (start..=end).contains(&at)
    })
}

/// The name before a point before a word: `C` of `C.Adult`.
pub(super) fn before(text: &str, word: Span) -> Option<Word> {
    let before = text.get(..word.start as usize)?.trim_end();
    let before = before.strip_suffix('.')?.trim_end();
    words(text).find(|word| word.span.end as usize == before.len())
}

/// The names of a text: plain ones, and those in quotes; texts and comments are passed over.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let first = rest.chars().next()?;
            let length = length(rest, first);
            let start = from;
            from += length;
            let word = rest.get(..length)?;
            let name = match first {
                '"' | '`' => Some(inside(word, first)),
                _ if is_name_start(first) => Some(word.to_owned()),
                _ => None,
            };
            if let Some(name) = name {
                let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                let span = Span::new(place(start), place(from));
                return Some(Word { name, span });
            }
        }
    })
}

/// How long the name, text, comment or sign is that a text begins with.
fn length(text: &str, first: char) -> usize {
    match first {
        '"' | '`' | '\'' => quoted(text, first),
        '/' if text.starts_with("//") => text.find('\n').unwrap_or(text.len()),
        '/' if text.starts_with("/*") => text.find("*/").map_or(text.len(), |end| end + 2),
        _ if is_name_start(first) => text
            .find(|one: char| !is_name_part(one))
            .unwrap_or(text.len()),
        other => other.len_utf8(),
    }
}

fn is_name_start(one: char) -> bool {
    u8::try_from(one).is_ok_and(salus_lexis::is_name_start)
}

/// Whether a character can stand in a plain name.
pub(super) fn is_name_part(one: char) -> bool {
    u8::try_from(one).is_ok_and(salus_lexis::is_name_part)
}

fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, one) in text.char_indices().skip(1) {
        match one {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if one == quote => return at + one.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn inside(word: &str, quote: char) -> String {
    let inside = word.strip_prefix(quote).unwrap_or(word);
    let inside = inside.strip_suffix(quote).unwrap_or(inside);
    unescape(inside, 0, &mut Vec::new())
}
