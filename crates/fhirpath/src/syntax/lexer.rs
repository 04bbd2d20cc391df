//! From text to words.

use salus_base::suggest;

use super::error::SyntaxError;
use super::token::{SYMBOLS, Token, TokenKind, is_name_part, is_name_start};
use super::tree::Span;

/// The words of an expression, and what is no word.
pub(super) fn words(text: &str) -> (Vec<Token>, Vec<SyntaxError>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        errors: Vec::new(),
    };
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    loop {
        lexer.skip_space();
        let start = lexer.at;
        let kind = lexer.word();
        tokens.push(Token {
            kind,
            span: lexer.since(start),
        });
        if kind == TokenKind::End {
            return (tokens, lexer.errors);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    /// The next byte; always at the start of a character.
    at: usize,
    errors: Vec<SyntaxError>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn since(&self, start: usize) -> Span {
        // Texts are shorter than 4 GiB: `parse` refuses longer ones before.
        Span::new(
            u32::try_from(start).unwrap_or(u32::MAX),
            u32::try_from(self.at).unwrap_or(u32::MAX),
        )
    }

    /// Steps over spaces and comments.
    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let space = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            if space > 0 {
                self.at += space;
            } else if rest.starts_with("//") {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.skip_comment();
            } else {
                return;
            }
        }
    }

    fn skip_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        if let Some(end) = self.rest().find("*/") {
            self.at += end + 2;
            return;
        }
        self.at = self.text.len();
        self.errors.push(SyntaxError::Unterminated {
            what: "comment",
            end: "*/",
            span: self.since(start),
        });
    }

    /// Steps over one word.
    fn word(&mut self) -> TokenKind {
        let Some(first) = self.peek(0) else {
            return TokenKind::End;
        };
        match first {
            _ if is_name_start(first) => {
                self.take_while(is_name_part);
                TokenKind::Word
            }
            b'0'..=b'9' => self.number(),
            b'\'' => self.delimited(b'\'', "text", TokenKind::String),
            b'`' => self.delimited(b'`', "name in backticks", TokenKind::Delimited),
            b'@' => self.temporal(),
            b'$' => self.special(),
            // The way of FHIRPath's first version, which FHIR R4 still writes: `%"vs-name"`.
            b'"' if self
                .text
                .as_bytes()
                .get(..self.at)
                .is_some_and(|before| before.ends_with(b"%")) =>
            {
                self.delimited(b'"', "name in double quotes", TokenKind::Delimited)
            }
            b'"' => self.double_quoted(),
            _ => self.symbol(),
        }
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek(0).is_some_and(&wanted) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> TokenKind {
        self.take_while(|byte| byte.is_ascii_digit());
        if self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        } else if self.peek(0) == Some(b'L') {
            self.at += 1;
            return TokenKind::LongNumber;
        }
        TokenKind::Number
    }

    fn delimited(&mut self, delimiter: u8, what: &'static str, kind: TokenKind) -> TokenKind {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'\\') => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                Some(byte) if byte == delimiter => {
                    self.at += 1;
                    return kind;
                }
                Some(_) => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
                None => {
                    let end = match delimiter {
                        b'\'' => "'",
                        b'"' => "\"",
                        _ => "`",
                    };
                    self.errors.push(SyntaxError::Unterminated {
                        what,
                        end,
                        span: self.since(start),
                    });
                    return TokenKind::Bad;
                }
            }
        }
    }

    /// `@` with a date, a date and time, or a time. What the digits mean is checked when the literal is made.
    fn temporal(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        if self.peek(0) == Some(b'T') {
            self.at += 1;
            if !self.time_of_day() {
                return self.no_date(start, "Time");
            }
            let offset = self.at;
            if self.offset() {
                self.errors.push(SyntaxError::TimeWithOffset {
                    span: self.since(offset),
                });
                return TokenKind::Bad;
            }
            return TokenKind::Time;
        }
        if !self.digits(4) {
            return self.no_date(start, "Date");
        }
        if self.after(b'-', 2) {
            self.after(b'-', 2);
        }
        if self.peek(0) != Some(b'T') {
            return TokenKind::Date;
        }
        self.at += 1;
        if self.time_of_day() {
            self.offset();
        }
        TokenKind::DateTime
    }

    fn no_date(&mut self, start: usize, type_name: &'static str) -> TokenKind {
        self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':'));
        let span = self.since(start);
        self.errors.push(SyntaxError::NoSuchDate {
            text: span.of(self.text).to_owned(),
            type_name,
            span,
        });
        TokenKind::Bad
    }

    /// `14`, `14:30`, `14:30:15`, `14:30:15.123`.
    fn time_of_day(&mut self) -> bool {
        if !self.digits(2) {
            return false;
        }
        if self.after(b':', 2) && self.after(b':', 2) && self.is_fraction() {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        true
    }

    fn is_fraction(&self) -> bool {
        self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|byte| byte.is_ascii_digit())
    }

    /// `Z`, `+01:00`, `-05:00`.
    fn offset(&mut self) -> bool {
        let start = self.at;
        if self.peek(0) == Some(b'Z') && !self.peek(1).is_some_and(is_name_part) {
            self.at += 1;
            return true;
        }
        if (self.after(b'+', 2) || self.after(b'-', 2)) && self.after(b':', 2) {
            return true;
        }
        self.at = start;
        false
    }

    /// Steps over exactly this many digits.
    fn digits(&mut self, count: usize) -> bool {
        let all = (0..count).all(|n| self.peek(n).is_some_and(|byte| byte.is_ascii_digit()));
        self.at += if all { count } else { 0 };
        all
    }

    /// Steps over `mark` and this many digits.
    fn after(&mut self, mark: u8, count: usize) -> bool {
        if self.peek(0) != Some(mark) {
            return false;
        }
        self.at += 1;
        let all = self.digits(count);
        self.at -= usize::from(!all);
        all
    }

    fn special(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        self.take_while(is_name_part);
        let span = self.since(start);
        match span.of(self.text) {
            "$this" => TokenKind::This,
            "$index" => TokenKind::Index,
            "$total" => TokenKind::Total,
            other => {
                let name = other.trim_start_matches('$').to_owned();
                self.errors.push(SyntaxError::UnknownSpecial {
                    suggestion: suggest::closest(&name, ["this", "index", "total"]),
                    name,
                    span,
                });
                TokenKind::Bad
            }
        }
    }

    /// A text or name as other languages write it, read to its end so that there is one mistake, not many.
    fn double_quoted(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        let line = self.rest().split(['\n', '\r']).next().unwrap_or_default();
        self.at += line.find('"').map_or(line.len(), |end| end + 1);
        self.errors.push(SyntaxError::Foreign {
            found: "\"",
            instead: "texts in single quotes, `'…'`, and names in backticks",
            span: self.since(start),
        });
        TokenKind::Bad
    }

    fn symbol(&mut self) -> TokenKind {
        let start = self.at;
        let known = SYMBOLS
            .iter()
            .find(|(symbol, _, _)| self.rest().starts_with(symbol));
        if let Some((symbol, kind, instead)) = known {
            self.at += symbol.len();
            if let Some(instead) = instead {
                self.errors.push(SyntaxError::Foreign {
                    found: symbol,
                    instead,
                    span: self.since(start),
                });
            }
            return *kind;
        }
        let character = self.rest().chars().next().unwrap_or_default();
        self.at += character.len_utf8();
        self.errors.push(SyntaxError::UnknownCharacter {
            character,
            span: self.since(start),
        });
        TokenKind::Bad
    }
}
