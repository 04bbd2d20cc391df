//! From text to words.

use salus_lexis::{Mistake, Scanner, Special, is_name_part, is_name_start};

use super::error::SyntaxError;
use super::token::{SYMBOLS, Token, TokenKind};

/// What stands between words.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The words of an expression, and what is no word.
pub(super) fn words(text: &str) -> (Vec<Token>, Vec<SyntaxError>) {
    let mut scanner = Scanner::new(text);
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    loop {
        scanner.skip_space(&SPACE, |_| {});
        let start = scanner.at();
        let kind = word(&mut scanner);
        tokens.push(Token {
            kind,
            span: scanner.since(start),
        });
        if kind == TokenKind::End {
            let mistakes = scanner.into_mistakes().into_iter();
            return (tokens, mistakes.map(SyntaxError::from).collect());
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
            scanner.take_while(is_name_part);
            Some(TokenKind::Word)
        }
        b'0'..=b'9' => Some(scanner.number().into()),
        b'\'' => scanner
            .delimited(b'\'', "text")
            .then_some(TokenKind::String),
        b'`' => scanner
            .delimited(b'`', "name in backticks")
            .then_some(TokenKind::Delimited),
        b'@' => scanner.temporal().map(TokenKind::from),
        b'$' => scanner.special().map(|special| match special {
            Special::This => TokenKind::This,
            Special::Index => TokenKind::Index,
            Special::Total => TokenKind::Total,
        }),
        // The way of FHIRPath's first version, which FHIR R4 still writes: `%"vs-name"`.
        b'"' if is_after_percent(scanner) => scanner
            .delimited(b'"', "name in double quotes")
            .then_some(TokenKind::Delimited),
        b'"' => double_quoted(scanner),
        _ => scanner.symbol(&SYMBOLS),
    };
    found.unwrap_or(TokenKind::Bad)
}

fn is_after_percent(scanner: &Scanner<'_>) -> bool {
    let before = scanner.text().as_bytes().get(..scanner.at());
    before.is_some_and(|before| before.ends_with(b"%"))
}

/// A text or name as other languages write it, read to its end so that there is one mistake, not many.
fn double_quoted(scanner: &mut Scanner<'_>) -> Option<TokenKind> {
    let start = scanner.at();
    scanner.skip(1);
    let rest = scanner.rest();
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    scanner.skip(line.find('"').map_or(line.len(), |end| end + 1));
    scanner.report(Mistake::Foreign {
        found: "\"",
        instead: "texts in single quotes, `'…'`, and names in backticks",
        span: scanner.since(start),
    });
    None
}
