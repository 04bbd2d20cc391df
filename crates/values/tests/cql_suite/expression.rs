//! Reading the simple expressions of the suite: literals, selectors, calls, and operators in words.

/// A word, number, text or sign of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Word(String),
    /// Digits, with `L` for a Long.
    Number(String),
    Text(String),
    /// What follows `@`.
    Moment(String),
    Sign(String),
}

/// The tokens of an expression; `None` for signs that it does not know.
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                let end = rest[1..].find('\'')? + 1;
                // Escapes are the parser's.
                if rest[1..end].contains('\\') {
                    return None;
                }
                (Token::Text(rest[1..end].to_owned()), end + 1)
            }
            '@' => {
                let end = span(rest, 1, |c| c.is_ascii_alphanumeric() || ".:+-".contains(c));
                (Token::Moment(rest[1..end].to_owned()), end)
            }
            c if c.is_ascii_digit() => {
                let end = span(rest, 0, |c| c.is_ascii_digit() || c == '.');
                let end = if rest[end..].starts_with('L') {
                    end + 1
                } else {
                    end
                };
                (Token::Number(rest[..end].to_owned()), end)
            }
            c if c.is_ascii_alphabetic() => {
                let end = span(rest, 0, |c| c.is_ascii_alphanumeric() || c == '_');
                (Token::Word(rest[..end].to_owned()), end)
            }
            _ => {
                let long = ["!=", "<=", ">=", "!~"]
                    .into_iter()
                    .find(|sign| rest.starts_with(sign));
                let sign = long.map_or_else(|| first.to_string(), str::to_owned);
                let length = sign.len();
                (Token::Sign(sign), length)
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

fn span(text: &str, from: usize, belongs: impl Fn(char) -> bool) -> usize {
    text[from..]
        .find(|c| !belongs(c))
        .map_or(text.len(), |end| from + end)
}

/// Tokens with a place in them.
pub struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    pub fn new(tokens: Vec<Token>) -> Reader {
        Reader { tokens, at: 0 }
    }

    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    pub fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Skips words if they are all there.
    pub fn skip(&mut self, phrase: &str) -> bool {
        let words: Vec<&str> = phrase.split(' ').collect();
        let found =
            words
                .iter()
                .enumerate()
                .all(|(nth, word)| match self.tokens.get(self.at + nth) {
                    Some(Token::Word(found) | Token::Sign(found)) => found == word,
                    _ => false,
                });
        if found {
            self.at += words.len();
        }
        found
    }

    /// Skips the first of several phrases that is there.
    pub fn skip_any<'p>(&mut self, phrases: &[&'p str]) -> Option<&'p str> {
        phrases.iter().copied().find(|phrase| self.skip(phrase))
    }
}
