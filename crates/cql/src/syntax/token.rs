//! The words of CQL.

use salus_lexis::{Written, is_name_part, is_name_start};

use super::tree::Span;

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// Whether it is the first of its line.
    pub first: bool,
    pub span: Span,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `name`: no keyword.
    Word,
    /// `where`: one of [`KEYWORDS`].
    Keyword,
    /// `"name"`, `` `name` ``
    Delimited,
    /// `'text'`
    String,
    /// `5`, `5.0`
    Number,
    /// `5L`
    LongNumber,
    /// `@2015-02`
    Date,
    /// `@2015-02T`
    DateTime,
    /// `@T14:30`
    Time,
    /// `$this`, `$index`, `$total`
    This,
    Index,
    Total,
    Percent,
    Dot,
    Comma,
    Colon,
    ParenOpen,
    ParenClose,
    BracketOpen,
    BracketClose,
    BraceOpen,
    BraceClose,
    Star,
    Slash,
    Plus,
    Minus,
    Caret,
    Ampersand,
    Bar,
    Arrow,
    LessOrEqual,
    Less,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Tilde,
    NotTilde,
    /// What is no word of CQL; there is a diagnostic for it.
    Bad,
    /// After the last word.
    End,
}

/// The words that the grammar gives a meaning of their own, in the order of their bytes. As names of definitions they
/// are written in quotes.
const KEYWORDS: [&str; 118] = [
    "Choice",
    "Code",
    "Concept",
    "Interval",
    "List",
    "Tuple",
    "after",
    "aggregate",
    "all",
    "and",
    "as",
    "asc",
    "ascending",
    "before",
    "between",
    "by",
    "called",
    "case",
    "cast",
    "code",
    "codesystem",
    "codesystems",
    "collapse",
    "concept",
    "contains",
    "context",
    "convert",
    "date",
    "day",
    "days",
    "default",
    "define",
    "desc",
    "descending",
    "difference",
    "display",
    "distinct",
    "div",
    "duration",
    "during",
    "else",
    "end",
    "ends",
    "except",
    "exists",
    "expand",
    "external",
    "false",
    "flatten",
    "fluent",
    "from",
    "function",
    "hour",
    "hours",
    "if",
    "implies",
    "in",
    "include",
    "includes",
    "intersect",
    "is",
    "let",
    "library",
    "maximum",
    "meets",
    "millisecond",
    "milliseconds",
    "minimum",
    "minute",
    "minutes",
    "mod",
    "month",
    "months",
    "not",
    "null",
    "occurs",
    "of",
    "or",
    "overlaps",
    "parameter",
    "per",
    "point",
    "predecessor",
    "private",
    "properly",
    "public",
    "return",
    "returns",
    "same",
    "second",
    "seconds",
    "singleton",
    "sort",
    "start",
    "starting",
    "starts",
    "successor",
    "then",
    "time",
    "timezone",
    "timezoneoffset",
    "to",
    "true",
    "union",
    "using",
    "valueset",
    "version",
    "week",
    "weeks",
    "when",
    "where",
    "width",
    "with",
    "within",
    "without",
    "xor",
    "year",
    "years",
];

/// The keywords that can be names of elements, operands and functions without quotes, because no expression starts or
/// goes on with them but in a phrase of several words (grammar `keywordIdentifier`).
const SOFT: [&str; 47] = [
    "Choice",
    "Code",
    "Concept",
    "ascending",
    "called",
    "code",
    "codesystem",
    "codesystems",
    "concept",
    "context",
    "date",
    "day",
    "default",
    "descending",
    "display",
    "end",
    "external",
    "fluent",
    "function",
    "hour",
    "include",
    "library",
    "millisecond",
    "minute",
    "month",
    "occurs",
    "parameter",
    "point",
    "predecessor",
    "private",
    "public",
    "returns",
    "second",
    "singleton",
    "start",
    "starting",
    "successor",
    "time",
    "timezone",
    "timezoneoffset",
    "using",
    "valueset",
    "version",
    "week",
    "weeks",
    "width",
    "year",
];

/// The words of the language that the grammar gives a meaning of their own.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.into_iter()
}

/// Whether the grammar gives the word a meaning of its own.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

/// Whether the keyword can be a name where an expression may start.
pub(super) fn is_soft(word: &str) -> bool {
    SOFT.contains(&word)
}

/// Whether a name can be written without quotes.
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(is_name_start) && bytes.all(is_name_part) && !is_keyword(name)
}

impl From<Written> for TokenKind {
    fn from(written: Written) -> TokenKind {
        match written {
            Written::Number => TokenKind::Number,
            Written::LongNumber => TokenKind::LongNumber,
            Written::Date => TokenKind::Date,
            Written::DateTime => TokenKind::DateTime,
            Written::Time => TokenKind::Time,
        }
    }
}

impl TokenKind {
    /// How a number, date or time is written; `None` for other words.
    pub(super) fn written(self) -> Option<Written> {
        Some(match self {
            TokenKind::Number => Written::Number,
            TokenKind::LongNumber => Written::LongNumber,
            TokenKind::Date => Written::Date,
            TokenKind::DateTime => Written::DateTime,
            TokenKind::Time => Written::Time,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_in_order_so_that_each_is_found() {
        assert!(KEYWORDS.is_sorted());
        assert!(SOFT.iter().all(|word| is_keyword(word)));
    }
}
