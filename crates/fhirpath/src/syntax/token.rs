//! The words of an expression.

use salus_lexis::{Written, is_name_part, is_name_start};

use super::tree::Span;

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `name`; keywords too: where they are names, and where they are not, only the parser can tell.
    Word,
    /// `` `name` ``
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
    /// `%`
    Percent,
    Dot,
    Comma,
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
    Ampersand,
    Bar,
    LessOrEqual,
    Less,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Tilde,
    NotTilde,
    /// What is no word of FHIRPath; there is a diagnostic for it.
    Bad,
    /// After the last word.
    End,
}

/// The words that the grammar gives a meaning of their own, so that as names they are written in backticks.
/// `as`, `contains`, `in` and `is` are not among them: the grammar lets them be names.
const RESERVED: [&str; 26] = [
    "and",
    "asc",
    "day",
    "days",
    "desc",
    "div",
    "false",
    "hour",
    "hours",
    "implies",
    "millisecond",
    "milliseconds",
    "minute",
    "minutes",
    "mod",
    "month",
    "months",
    "or",
    "second",
    "seconds",
    "true",
    "week",
    "weeks",
    "xor",
    "year",
    "years",
];

/// Whether a name can be written without backticks.
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(is_name_start) && bytes.all(is_name_part) && !RESERVED.contains(&name)
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

impl Token {
    /// Whether it can be a name.
    pub(super) fn is_name(self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Delimited)
    }
}

/// The symbols, longer ones before their beginnings. Those of other languages say what FHIRPath has for them, and are
/// read as something of the same shape so that what follows can be read too.
pub(super) const SYMBOLS: [(&str, TokenKind, Option<&str>); 29] = [
    ("==", TokenKind::Equal, Some("`=`")),
    ("<>", TokenKind::NotEqual, Some("`!=`")),
    ("&&", TokenKind::Ampersand, Some("`and`")),
    (
        "||",
        TokenKind::Bar,
        Some("`or`, or `|` for the union of two collections"),
    ),
    ("<=", TokenKind::LessOrEqual, None),
    (">=", TokenKind::GreaterOrEqual, None),
    ("!=", TokenKind::NotEqual, None),
    ("!~", TokenKind::NotTilde, None),
    ("!", TokenKind::Minus, Some("`.not()` after the expression")),
    ("<", TokenKind::Less, None),
    (">", TokenKind::Greater, None),
    ("=", TokenKind::Equal, None),
    ("~", TokenKind::Tilde, None),
    (".", TokenKind::Dot, None),
    (",", TokenKind::Comma, None),
    ("(", TokenKind::ParenOpen, None),
    (")", TokenKind::ParenClose, None),
    ("[", TokenKind::BracketOpen, None),
    ("]", TokenKind::BracketClose, None),
    ("{", TokenKind::BraceOpen, None),
    ("}", TokenKind::BraceClose, None),
    ("*", TokenKind::Star, None),
    ("/", TokenKind::Slash, None),
    ("+", TokenKind::Plus, None),
    ("-", TokenKind::Minus, None),
    ("&", TokenKind::Ampersand, None),
    ("|", TokenKind::Bar, None),
    ("%", TokenKind::Percent, None),
    (";", TokenKind::Bad, Some("one expression only")),
];
