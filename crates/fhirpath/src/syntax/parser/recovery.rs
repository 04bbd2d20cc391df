//! Stepping through the words, saying what is wrong, and finding back.

use super::{ERRORS_MAX, Node, Parser};
use crate::syntax::DEPTH_MAX;
use crate::syntax::error::SyntaxError;
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::tree::{Expr, ExprKind, Span};

impl Parser<'_> {
    /// The word at hand.
    pub(super) fn peek(&self) -> Token {
        self.peek_at(0)
    }

    /// A word ahead; the end if there is none.
    pub(super) fn peek_at(&self, ahead: usize) -> Token {
        let end = || Token {
            kind: TokenKind::End,
            span: Span::new(self.text_end(), self.text_end()),
        };
        self.tokens
            .get(self.at + ahead)
            .copied()
            .unwrap_or_else(end)
    }

    fn before(&self) -> Option<TokenKind> {
        let token = self.tokens.get(self.at.checked_sub(1)?)?;
        Some(token.kind)
    }

    /// Steps over the word at hand. The end stays.
    pub(super) fn next(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn text_end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    /// A part of the tree one level higher than its parts, which are `height` high.
    pub(super) fn node(&mut self, kind: ExprKind, span: Span, height: usize) -> Node {
        if height >= DEPTH_MAX {
            return self.too_deep(span);
        }
        Node {
            expr: Expr { kind, span },
            span,
            height: height + 1,
        }
    }

    /// What could not be read.
    pub(super) fn error(&mut self, span: Span) -> Node {
        self.node(ExprKind::Error, span, 0)
    }

    /// Gives up: what nests too deep is not read to its end.
    pub(super) fn too_deep(&mut self, span: Span) -> Node {
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
        let (before, token) = (self.before(), self.peek());
        let said = |error: &SyntaxError| matches!(error, SyntaxError::Unexpected { span, .. } if *span == token.span);
        let lexer_said = before == Some(TokenKind::Bad) || token.kind == TokenKind::Bad;
        if lexer_said || self.errors.iter().any(said) || self.cut_short() {
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

    /// Steps to one of these words on the level of `open`, or to the end, after saying what is wrong with the word
    /// at hand. There is nothing wrong if it is one of them.
    pub(super) fn skip_to(&mut self, wanted: &[TokenKind], open: Token, expected: &'static str) {
        if wanted.contains(&self.peek().kind) {
            return;
        }
        if self.peek().kind == TokenKind::End {
            if !self.cut_short() {
                self.unclosed(open);
            }
            return;
        }
        self.unexpected(
            expected,
            "put a `.`, a `,` or an operator before it, or take it away",
        );
        let mut level = 0_usize;
        while self.peek().kind != TokenKind::End {
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
            _ => ('(', ')'),
        };
        self.report(SyntaxError::Unclosed {
            open: open_character,
            close,
            span: open.span,
        });
    }
}
