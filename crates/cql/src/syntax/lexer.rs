//! From text to words.

use salus_lexis::{Scanner, Special, is_name_part, is_name_start};

use super::error::SyntaxError;
use super::token::{Token, TokenKind, is_keyword};
use super::tree::{Comment, Span};

/// What stands between words; a mark of byte order at the start too.
const SPACE: [char; 5] = [' ', '\t', '\r', '\n', '\u{feff}'];

/// What the lexer made of a text.
pub(super) struct Words {
    /// The words; the last one is [`TokenKind::End`].
    pub tokens: Vec<Token>,
    /// The comments, in order.
    pub comments: Vec<Comment>,
    /// What is no word.
    pub errors: Vec<SyntaxError>,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Words {
    let mut scanner = Scanner::new(text);
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    let mut comments = Vec::new();
    let mut keep = |span: Span| {
        comments.push(Comment {
            text: span.of(text).trim_end().into(),
            span,
        });
    };
    loop {
        let before = scanner.at();
        scanner.skip_space(&SPACE, &mut keep);
        let start = scanner.at();
        let between = text.get(before..start).unwrap_or_default();
        let kind = word(&mut scanner);
        tokens.push(Token {
            kind,
            first: before == 0 || between.contains('\n'),
            span: scanner.since(start),
        });
        if kind == TokenKind::End {
            let mistakes = scanner.into_mistakes().into_iter();
            return Words {
                tokens,
                comments,
                errors: mistakes.map(SyntaxError::from).collect(),
            };
        }
    }
}

/// Steps over one word.
fn word(scanner: &mut Scanner<'_>) -> TokenKind {
    let Some(first) = scanner.peek(0) else {
        return TokenKind::End;
    };
    let found = match first {
        _ if is_name_start(first) => {
            let start = scanner.at();
            scanner.take_while(is_name_part);
            match is_keyword(scanner.since(start).of(scanner.text())) {
                true => Some(TokenKind::Keyword),
                false => Some(TokenKind::Word),
            }
        }
        b'0'..=b'9' => Some(scanner.number().into()),
        b'\'' => scanner
            .delimited(b'\'', "text")
            .then_some(TokenKind::String),
        b'`' => scanner
            .delimited(b'`', "name in backticks")
            .then_some(TokenKind::Delimited),
        b'"' => scanner
            .delimited(b'"', "name in quotes")
            .then_some(TokenKind::Delimited),
        b'@' => scanner.temporal().map(TokenKind::from),
        b'$' => scanner.special().map(|special| match special {
            Special::This => TokenKind::This,
            Special::Index => TokenKind::Index,
            Special::Total => TokenKind::Total,
        }),
        _ => scanner.symbol(&SYMBOLS),
    };
    found.unwrap_or(TokenKind::Bad)
}

/// The symbols, longer ones before their beginnings. Those of other languages say what CQL has for them, and are
/// read as something of the same shape so that what follows can be read too.
const SYMBOLS: [(&str, TokenKind, Option<&str>); 32] = [
    ("==", TokenKind::Equal, Some("`=`")),
    ("<>", TokenKind::NotEqual, Some("`!=`")),
    ("&&", TokenKind::Ampersand, Some("`and`")),
    ("||", TokenKind::Bar, Some("`or`")),
    ("->", TokenKind::Arrow, None),
    ("<=", TokenKind::LessOrEqual, None),
    (">=", TokenKind::GreaterOrEqual, None),
    ("!=", TokenKind::NotEqual, None),
    ("!~", TokenKind::NotTilde, None),
    ("!", TokenKind::Minus, Some("`not`")),
    ("<", TokenKind::Less, None),
    (">", TokenKind::Greater, None),
    ("=", TokenKind::Equal, None),
    ("~", TokenKind::Tilde, None),
    (".", TokenKind::Dot, None),
    (",", TokenKind::Comma, None),
    (":", TokenKind::Colon, None),
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
    ("^", TokenKind::Caret, None),
    ("&", TokenKind::Ampersand, None),
    ("|", TokenKind::Bar, None),
    ("%", TokenKind::Percent, None),
    (
        ";",
        TokenKind::Bad,
        Some("nothing: CQL needs no mark between definitions"),
    ),
];
