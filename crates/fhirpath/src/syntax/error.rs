//! Why an expression cannot be read.

use salus_base::{Code, Diagnostic, Place};
use salus_lexis::Mistake;

use super::tree::Span;

/// What is wrong with the text of an expression. Reading goes on after it, so there may be several.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// A character that no word of FHIRPath has.
    #[error("`{character}` has no meaning in FHIRPath")]
    UnknownCharacter {
        /// The character.
        character: char,
        /// Where it stands.
        span: Span,
    },
    /// A word of another language.
    #[error("`{found}` is not FHIRPath")]
    Foreign {
        /// What stands there.
        found: &'static str,
        /// What FHIRPath has for it.
        instead: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// A text, a name or a comment that does not end.
    #[error("the {what} that starts here does not end")]
    Unterminated {
        /// `text`, `name in backticks`, `comment`.
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
    /// An expression that is too long.
    #[error("the expression has {bytes} bytes, more than {bytes_max}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
        /// All of it.
        span: Span,
    },
    /// An expression that nests too deep.
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
            | SyntaxError::TooLong { span, .. }
            | SyntaxError::TooDeep { span, .. } => *span,
        }
    }

    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            SyntaxError::UnknownCharacter { .. } => "SAL-FHIRPATH-0001",
            SyntaxError::Foreign { .. } => "SAL-FHIRPATH-0002",
            SyntaxError::Unterminated { .. } => "SAL-FHIRPATH-0003",
            SyntaxError::Unexpected { .. } => "SAL-FHIRPATH-0004",
            SyntaxError::Unclosed { .. } => "SAL-FHIRPATH-0005",
            SyntaxError::NumberTooLarge { .. } => "SAL-FHIRPATH-0006",
            SyntaxError::NoSuchDate { .. } => "SAL-FHIRPATH-0007",
            SyntaxError::TimeWithOffset { .. } => "SAL-FHIRPATH-0008",
            SyntaxError::UnknownSpecial { .. } => "SAL-FHIRPATH-0009",
            SyntaxError::LoneSurrogate { .. } => "SAL-FHIRPATH-0010",
            SyntaxError::TooLong { .. } => "SAL-FHIRPATH-0011",
            SyntaxError::TooDeep { .. } => "SAL-FHIRPATH-0012",
        })
    }

    /// The mistake in words, with what can be done. Its place is a byte of the expression; a caller that knows which
    /// file the expression stands in says so instead with [`Diagnostic::at`].
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let place = Place::in_file("expression").byte(self.span().start.into());
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
                None => "there are `$this`, `$index` and `$total`; variables start with `%`".into(),
            },
            SyntaxError::LoneSurrogate { .. } => {
                "write both halves one after the other, or the character itself".into()
            }
            SyntaxError::TooLong { .. } => "split it into several expressions".into(),
            SyntaxError::TooDeep { .. } => {
                "write a long chain of `or` as `in (… | …)`, or split the expression".into()
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
