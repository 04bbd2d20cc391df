//! Places in a text.

use serde::Serialize;

/// A part of the text, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// Where it starts.
    pub start: u32,
    /// Where it has ended: the byte after its last one.
    pub end: u32,
}

impl Span {
    /// From `start` to before `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// From the start of this span to the end of another one.
    #[must_use]
    pub const fn to(self, end: Span) -> Span {
        Span {
            start: self.start,
            end: end.end,
        }
    }

    /// The text of this span; empty when it is not one of this text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Line and column of its start, both from 1; columns count characters, as ELM's `locator` does.
    #[must_use]
    pub fn line_column(self, text: &str) -> (u32, u32) {
        let before = text.get(..self.start as usize).unwrap_or(text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        let from_one = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
        (from_one(line), from_one(column))
    }
}
