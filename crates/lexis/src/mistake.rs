//! What can be wrong with a word. Each language says it in its own words, and goes on reading.

use crate::span::Span;

/// What is wrong with a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A character that no word has.
    UnknownCharacter {
        /// The character.
        character: char,
        /// Where it stands.
        span: Span,
    },
    /// A word of another language.
    Foreign {
        /// What stands there.
        found: &'static str,
        /// What the language has for it.
        instead: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A text, a name or a comment that does not end.
    Unterminated {
        /// `text`, `name in backticks`, `comment`.
        what: &'static str,
        /// What would end it.
        end: &'static str,
        /// From its start on.
        span: Span,
    },
    /// A number larger than its type can hold.
    NumberTooLarge {
        /// The number as written.
        text: String,
        /// `Integer`, `Long`, `Decimal`.
        type_name: &'static str,
        /// How to write a number of this size.
        help: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A date or time that no calendar or clock has.
    NoSuchDate {
        /// The literal as written.
        text: String,
        /// `Date`, `DateTime`, `Time`.
        type_name: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// An offset after a time of day.
    TimeWithOffset {
        /// Where the offset stands.
        span: Span,
    },
    /// `$name` that is none of the three.
    UnknownSpecial {
        /// The name.
        name: String,
        /// Which it may have been meant for.
        suggestion: Option<&'static str>,
        /// Where it stands.
        span: Span,
    },
    /// `\u` with half a character.
    LoneSurrogate {
        /// The escape as written.
        escape: String,
        /// Where it stands.
        span: Span,
    },
}
