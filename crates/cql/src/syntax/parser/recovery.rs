//! Stepping through the words, saying what is wrong, and finding back.

use salus_lexis::unescape;

use super::{ERRORS_MAX, Parser};
use crate::syntax::DEPTH_MAX;
use crate::syntax::error::SyntaxError;
use crate::syntax::token::{Token, TokenKind, is_soft};
use crate::syntax::tree::{Comment, Expr, ExprKind, Name, QualifiedName, Span};

/// The words that definitions and statements start with.
const ITEM_STARTS: [&str; 12] = [
    "code",
    "codesystem",
    "concept",
    "context",
    "define",
    "include",
    "library",
    "parameter",
    "private",
    "public",
    "using",
    "valueset",
];

impl Parser<'_> {
    /// The word at hand.
    pub(super) fn peek(&self) -> Token {
        self.peek_at(0)
    }

    /// A word ahead; the end if there is none.
    pub(super) fn peek_at(&self, ahead: usize) -> Token {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let token = self.tokens.get(self.at + ahead).copied();
        token.unwrap_or(Token {
            kind: TokenKind::End,
            first: true,
            span: Span::new(end, end),
        })
    }

    /// The word before the one at hand.
    pub(super) fn before(&self) -> Option<Token> {
        self.tokens.get(self.at.checked_sub(1)?).copied()
    }

    /// Steps over the word at hand. The end stays.
    pub(super) fn next(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    /// Steps over the word at hand if it is this one.
    pub(super) fn accept(&mut self, kind: TokenKind) -> bool {
        let found = self.peek().kind == kind;
        self.at += usize::from(found && kind != TokenKind::End);
        found
    }

    /// What a word ahead says; nothing if it is a symbol, literal or delimited name.
    pub(super) fn word_at(&self, ahead: usize) -> &str {
        let token = self.peek_at(ahead);
        match token.kind {
            TokenKind::Word | TokenKind::Keyword => token.span.of(self.text),
            _ => "",
        }
    }

    /// Whether these words come next.
    pub(super) fn at_words(&self, words: &[&str]) -> bool {
        let mut words = words.iter().enumerate();
        words.all(|(ahead, word)| self.word_at(ahead) == *word)
    }

    /// Steps over this word if it comes next.
    pub(super) fn accept_word(&mut self, word: &str) -> bool {
        self.accept_words(&[word])
    }

    /// Steps over these words if they come next.
    pub(super) fn accept_words(&mut self, words: &[&str]) -> bool {
        let found = self.at_words(words);
        self.at += if found { words.len() } else { 0 };
        found
    }

    /// Steps over this word, or says that it is missing.
    pub(super) fn expect_word(&mut self, word: &str, expected: &'static str, help: &'static str) {
        if !self.accept_word(word) {
            self.unexpected(expected, help);
        }
    }

    /// Steps over this symbol, or says that it is missing.
    pub(super) fn expect(&mut self, kind: TokenKind, expected: &'static str, help: &'static str) {
        if !self.accept(kind) {
            self.unexpected(expected, help);
        }
    }

    /// From the start of `start` to the end of the last word that was stepped over.
    pub(super) fn since(&self, start: Token) -> Span {
        match self.before() {
            Some(before) if before.span.end > start.span.start => start.span.to(before.span),
            _ => Span::new(start.span.start, start.span.start),
        }
    }

    /// What stands between the delimiters of a word that was stepped over, escapes resolved.
    pub(super) fn undelimited(&mut self, token: Token) -> Name {
        let raw = token.span.of(self.text);
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let mut mistakes = Vec::new();
        let text = unescape(inside, token.span.start + 1, &mut mistakes);
        self.errors
            .extend(mistakes.into_iter().map(SyntaxError::from));
        Name {
            text: text.into(),
            span: token.span,
        }
    }

    /// Whether the word at hand can be a name where also an expression could start.
    pub(super) fn at_name(&self) -> bool {
        match self.peek().kind {
            TokenKind::Word | TokenKind::Delimited => true,
            TokenKind::Keyword => is_soft(self.word_at(0)),
            _ => false,
        }
    }

    /// The name at hand; any word is one if `any`.
    pub(super) fn name(&mut self, any: bool) -> Option<Name> {
        let is_word = self.peek().kind == TokenKind::Keyword && any;
        if !self.at_name() && !is_word {
            return None;
        }
        let token = self.next();
        Some(match token.kind {
            TokenKind::Delimited => self.undelimited(token),
            _ => Name {
                text: token.span.of(self.text).into(),
                span: token.span,
            },
        })
    }

    /// A name, or a diagnostic that it is missing.
    pub(super) fn expect_name(&mut self, expected: &'static str, help: &'static str) -> Name {
        self.name(false).unwrap_or_else(|| {
            self.unexpected(expected, help);
            let at = self.peek().span.start;
            Name {
                text: Box::default(),
                span: Span::new(at, at),
            }
        })
    }

    /// Names with dots between them.
    pub(super) fn qualified(&mut self, expected: &'static str) -> QualifiedName {
        let help = "write a name, in double quotes if it is not one plain word";
        let mut parts = vec![self.expect_name(expected, help)];
        while self.accept(TokenKind::Dot) {
            match self.name(true) {
                Some(name) => parts.push(name),
                None => self.unexpected("a name after `.`", help),
            }
        }
        QualifiedName { parts }
    }

    /// The comments before the word at hand that belong to nothing yet.
    pub(super) fn take_comments(&mut self) -> Box<[Comment]> {
        let before = self.peek().span.start;
        self.take_comments_before(before)
    }

    /// The comments before a byte of the text that belong to nothing yet.
    pub(super) fn take_comments_before(&mut self, byte: u32) -> Box<[Comment]> {
        let mut taken = Vec::new();
        while let Some(comment) = self.comments.pop_if(|comment| comment.span.start < byte) {
            taken.push(comment);
        }
        taken.into()
    }

    /// What could not be read.
    pub(super) fn error(&mut self, span: Span) -> Expr {
        Expr::new(ExprKind::Error, span)
    }

    /// An expression, unless its tree is too high.
    pub(super) fn expr(&mut self, kind: ExprKind, span: Span) -> Expr {
        let expr = Expr::new(kind, span);
        match expr.height() > DEPTH_MAX {
            true => self.too_deep(span),
            false => expr,
        }
    }

    /// Reads one level deeper, unless that is too deep.
    pub(super) fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.nesting >= super::NESTING_MAX {
            return self.too_deep(self.peek().span);
        }
        self.nesting += 1;
        let expr = read(self);
        self.nesting -= 1;
        expr
    }

    /// Gives up: what nests too deep is not read to its end.
    pub(super) fn too_deep(&mut self, span: Span) -> Expr {
        self.report(SyntaxError::TooDeep {
            depth_max: DEPTH_MAX,
            span,
        });
        self.gave_up = true;
        self.at = self.tokens.len();
        self.error(span)
    }

    pub(super) fn report(&mut self, error: SyntaxError) {
        if !self.gave_up && self.errors.len() < ERRORS_MAX {
            self.errors.push(error);
        }
    }

    /// Says that the word at hand does not belong there; once for each word, and not when the lexer has said so.
    pub(super) fn unexpected(&mut self, expected: &'static str, help: &'static str) {
        let token = self.peek();
        let said = |error: &SyntaxError| error.span() == token.span;
        let lexer_said = token.kind == TokenKind::Bad
            || self
                .before()
                .is_some_and(|before| before.kind == TokenKind::Bad);
        if lexer_said || self.errors.iter().rev().any(said) || self.cut_short() {
            return;
        }
        let found = match token.kind {
            TokenKind::End => "the end".to_owned(),
            _ => format!("`{}`", token.span.of(self.text)),
        };
        self.report(SyntaxError::Unexpected {
            expected,
            found,
            help,
            span: token.span,
        });
    }

    /// Whether the text ends within a text, name or comment, so that nothing after it can be missed.
    fn cut_short(&self) -> bool {
        self.peek().kind == TokenKind::End
            && self
                .errors
                .iter()
                .any(|error| matches!(error, SyntaxError::Unterminated { .. }))
    }

    /// Whether a definition starts with the word at hand, as far as can be told where one was not expected.
    pub(super) fn at_item(&self) -> bool {
        let word = self.word_at(0);
        word == "define"
            || (self.peek().first
                && ITEM_STARTS.contains(&word)
                && matches!(
                    self.peek_at(1).kind,
                    TokenKind::Word | TokenKind::Delimited | TokenKind::Keyword
                ))
    }

    /// Whether a definition starts with the word at hand where one may stand.
    pub(super) fn at_item_word(&self) -> bool {
        ITEM_STARTS.contains(&self.word_at(0))
    }

    /// Steps to the next definition.
    pub(super) fn skip_to_item(&mut self) {
        while self.peek().kind != TokenKind::End && !self.at_item() {
            self.next();
        }
    }

    /// Steps to one of these words on the level of `open`, or to the next definition, after saying what is wrong with
    /// the word at hand. There is nothing wrong if it is one of them.
    pub(super) fn skip_to(&mut self, wanted: &[TokenKind], open: Token) {
        if wanted.contains(&self.peek().kind) {
            return;
        }
        if self.peek().kind == TokenKind::End || self.at_item() {
            if !self.cut_short() {
                self.unclosed(open);
            }
            return;
        }
        self.unexpected(
            closing(open, wanted),
            "put a `.`, a `,` or an operator before it, or take it away",
        );
        let mut level = 0_usize;
        while self.peek().kind != TokenKind::End && !self.at_item() {
            let kind = self.peek().kind;
            if level == 0 && wanted.contains(&kind) {
                return;
            }
            match kind {
                TokenKind::ParenOpen | TokenKind::BracketOpen | TokenKind::BraceOpen => level += 1,
                TokenKind::ParenClose | TokenKind::BracketClose | TokenKind::BraceClose => {
                    level = level.saturating_sub(1);
                }
                _ => {}
            }
            self.next();
        }
    }

    fn unclosed(&mut self, open: Token) {
        let (open_character, close) = match open.kind {
            TokenKind::BracketOpen => ('[', ']'),
            TokenKind::BraceOpen => ('{', '}'),
            TokenKind::Less => ('<', '>'),
            _ => ('(', ')'),
        };
        self.report(SyntaxError::Unclosed {
            open: open_character,
            close,
            span: open.span,
        });
    }
}

/// What may stand before the end of what `open` opened.
fn closing(open: Token, wanted: &[TokenKind]) -> &'static str {
    match (open.kind, wanted.contains(&TokenKind::Comma)) {
        (TokenKind::BracketOpen, true) => "an operator, `,` or `]`",
        (TokenKind::BracketOpen, false) => "an operator or `]`",
        (TokenKind::BraceOpen, true) => "an operator, `,` or `}`",
        (TokenKind::BraceOpen, false) => "`}`",
        (TokenKind::Less, true) => "`,` or `>`",
        (TokenKind::Less, false) => "`>`",
        (_, true) => "an operator, `,` or `)`",
        (_, false) => "an operator or `)`",
    }
}
