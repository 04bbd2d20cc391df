//! Why a library cannot be read.

use salus_base::{Code, Diagnostic, Place};
use salus_lexis::Mistake;

use super::tree::Span;

/// What is wrong with the text of a library. Reading goes on after it, so there may be several.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// A character that no word of CQL has.
    #[error("`{character}` has no meaning in CQL")]
    UnknownCharacter {
        /// The character.
        character: char,
        /// Where it stands.
        span: Span,
    },
    /// A word of another language.
    #[error("`{found}` is not CQL")]
    Foreign {
        /// What stands there.
        found: &'static str,
        /// What CQL has for it.
        instead: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A text, a name or a comment that does not end.
    #[error("the {what} that starts here does not end")]
    Unterminated {
        /// `text`, `name in quotes`, `name in backticks`, `comment`.
        what: &'static str,
        /// What would end it.
        end: &'static str,
        /// From its start on.
        span: Span,
    },
    /// Something stands where something else should.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What could stand there.
        expected: &'static str,
        /// What does: a word in backticks, or `the end`.
        found: String,
        /// What to do about it.
        help: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A parenthesis, bracket or brace that is not closed.
    #[error("the `{open}` here is not closed")]
    Unclosed {
        /// The one that is open.
        open: char,
        /// What would close it.
        close: char,
        /// Where it was opened.
        span: Span,
    },
    /// A number larger than its type can hold.
    #[error("`{text}` is too large for {type_name}")]
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
    #[error("`{text}` is no {type_name}")]
    NoSuchDate {
        /// The literal as written.
        text: String,
        /// `Date`, `DateTime`, `Time`.
        type_name: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// An offset after a time of day.
    #[error("a time of day has no time zone")]
    TimeWithOffset {
        /// Where the offset stands.
        span: Span,
    },
    /// `$name` that is none of the three.
    #[error("there is no `${name}`")]
    UnknownSpecial {
        /// The name.
        name: String,
        /// Which it may have been meant for.
        suggestion: Option<&'static str>,
        /// Where it stands.
        span: Span,
    },
    /// `\u` with half a character.
    #[error("`{escape}` is half of a surrogate pair")]
    LoneSurrogate {
        /// The escape as written.
        escape: String,
        /// Where it stands.
        span: Span,
    },
    /// A definition where its kind cannot stand.
    #[error("`{keyword}` stands after the first statement")]
    Misplaced {
        /// The word that it starts with.
        keyword: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A library that is too long.
    #[error("the library has {bytes} bytes, more than {bytes_max}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
        /// All of it.
        span: Span,
    },
    /// A library that nests too deep.
    #[error("the expression nests deeper than {depth_max} levels")]
    TooDeep {
        /// The bound.
        depth_max: usize,
        /// Where it passes the bound.
        span: Span,
    },
}

impl From<Mistake> for SyntaxError {
    fn from(mistake: Mistake) -> SyntaxError {
        match mistake {
            Mistake::UnknownCharacter { character, span } => {
                SyntaxError::UnknownCharacter { character, span }
            }
            Mistake::Foreign {
                found,
                instead,
                span,
            } => SyntaxError::Foreign {
                found,
                instead,
                span,
            },
            Mistake::Unterminated { what, end, span } => {
                SyntaxError::Unterminated { what, end, span }
            }
            Mistake::NumberTooLarge {
                text,
                type_name,
                help,
                span,
            } => SyntaxError::NumberTooLarge {
                text,
                type_name,
                help,
                span,
            },
            Mistake::NoSuchDate {
                text,
                type_name,
                span,
            } => SyntaxError::NoSuchDate {
                text,
                type_name,
                span,
            },
            Mistake::TimeWithOffset { span } => SyntaxError::TimeWithOffset { span },
            Mistake::UnknownSpecial {
                name,
                suggestion,
                span,
            } => SyntaxError::UnknownSpecial {
                name,
                suggestion,
                span,
            },
            Mistake::LoneSurrogate { escape, span } => SyntaxError::LoneSurrogate { escape, span },
        }
    }
}

impl SyntaxError {
    /// Where it is.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            SyntaxError::UnknownCharacter { span, .. }
            | SyntaxError::Foreign { span, .. }
            | SyntaxError::Unterminated { span, .. }
            | SyntaxError::Unexpected { span, .. }
            | SyntaxError::Unclosed { span, .. }
            | SyntaxError::NumberTooLarge { span, .. }
            | SyntaxError::NoSuchDate { span, .. }
            | SyntaxError::TimeWithOffset { span }
            | SyntaxError::UnknownSpecial { span, .. }
            | SyntaxError::LoneSurrogate { span, .. }
            | SyntaxError::Misplaced { span, .. }
            | SyntaxError::TooLong { span, .. }
            | SyntaxError::TooDeep { span, .. } => *span,
        }
    }

    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            SyntaxError::UnknownCharacter { .. } => "SAL-CQL-0001",
            SyntaxError::Foreign { .. } => "SAL-CQL-0002",
            SyntaxError::Unterminated { .. } => "SAL-CQL-0003",
            SyntaxError::Unexpected { .. } => "SAL-CQL-0004",
            SyntaxError::Unclosed { .. } => "SAL-CQL-0005",
            SyntaxError::NumberTooLarge { .. } => "SAL-CQL-0006",
            SyntaxError::NoSuchDate { .. } => "SAL-CQL-0007",
            SyntaxError::TimeWithOffset { .. } => "SAL-CQL-0008",
            SyntaxError::UnknownSpecial { .. } => "SAL-CQL-0009",
            SyntaxError::LoneSurrogate { .. } => "SAL-CQL-0010",
            SyntaxError::TooLong { .. } => "SAL-CQL-0011",
            SyntaxError::TooDeep { .. } => "SAL-CQL-0012",
            SyntaxError::Misplaced { .. } => "SAL-CQL-0013",
        })
    }

    /// The mistake in words, with what can be done. Its place is a byte of the library; a caller that knows which
    /// file the library stands in says so instead with [`Diagnostic::at`].
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let place = Place::in_file("library").byte(self.span().start.into());
        Diagnostic::error(self.code(), self.to_string())
            .at(place)
            .help(self.help())
    }

    fn help(&self) -> String {
        match self {
            SyntaxError::UnknownCharacter { .. } => {
                "take it away, or put it into a text: `'…'`".into()
            }
            SyntaxError::Foreign { instead, .. } => format!("write {instead}"),
            SyntaxError::Unterminated { end, .. } => format!("end it with `{end}`"),
            SyntaxError::Unclosed { close, .. } => format!("close it with `{close}`"),
            SyntaxError::Unexpected { help, .. } | SyntaxError::NumberTooLarge { help, .. } => {
                (*help).into()
            }
            SyntaxError::NoSuchDate { type_name, .. } => format!("write it {}", form(type_name)),
            SyntaxError::TimeWithOffset { .. } => {
                "take the offset away, or write a date before the time: `@2015-02-04T14:30Z`".into()
            }
            SyntaxError::UnknownSpecial { suggestion, .. } => match suggestion {
                Some(name) => format!("did you mean `${name}`?"),
                None => "there are `$this`, `$index` and `$total`; constants start with `%`".into(),
            },
            SyntaxError::LoneSurrogate { .. } => {
                "write both halves one after the other, or the character itself".into()
            }
            SyntaxError::Misplaced { .. } => {
                "move it up, before the first `define` and `context`".into()
            }
            SyntaxError::TooLong { .. } => "split it into several libraries".into(),
            SyntaxError::TooDeep { .. } => {
                "give a part of it a name of its own, with `define`".into()
            }
        }
    }
}

/// How a date or time is written.
fn form(type_name: &str) -> &'static str {
    match type_name {
        "Date" => "`@2015`, `@2015-02` or `@2015-02-04`",
        "Time" => "`@T14`, `@T14:30`, `@T14:30:15` or `@T14:30:15.123`",
        _ => "`@2015T`, `@2015-02-04T14:30` or `@2015-02-04T14:30:15.123+01:00`",
    }
}
