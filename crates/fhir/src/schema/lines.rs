//! Walks a table's lines: `# comment`, `= section …`, row.

use super::read::TableError;

/// What a line of a table is.
pub(super) enum Line<'a> {
    /// `= NAME …`: starts a section.
    Section(&'a str),
    /// Anything else: a row of the section.
    Row(&'a str),
}

/// The lines of a table without its comments; numbers from 1.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = (usize, Line<'static>)> {
    let numbered = (1..).zip(text.lines());
    numbered
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .map(|(n, line)| {
            (
                n,
                line.strip_prefix("= ")
                    .map_or(Line::Row(line), Line::Section),
            )
        })
}

/// The next word of a line, or the error that it is missing.
pub(super) fn word<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    table: &'static str,
    line: usize,
) -> Result<&'a str, TableError> {
    words.next().ok_or(TableError::Malformed { table, line })
}

/// A list written `a,b`, with `-` for the empty one.
pub(super) fn list(word: &'static str) -> Vec<&'static str> {
    if word == "-" {
        Vec::new()
    } else {
        word.split(',').collect()
    }
}
