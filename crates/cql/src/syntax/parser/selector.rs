//! Selectors: intervals, tuples, instances, lists, codes, concepts.

use super::Parser;
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::tree::{CodeRef, Element, Expr, ExprKind, TypeSpecifier};

impl Parser<'_> {
    /// `Interval[low, high)`
    pub(super) fn interval(&mut self) -> Expr {
        let start = self.next();
        let open = self.peek();
        let low_closed = open.kind == TokenKind::BracketOpen;
        if !low_closed && open.kind != TokenKind::ParenOpen {
            self.unexpected(
                "`[` or `(` after `Interval`",
                "write `Interval[low, high]`, with `(` or `)` for an end that does not belong to it",
            );
            return self.error(start.span);
        }
        self.next();
        let low = self.item_expression();
        self.skip_to(
            &[
                TokenKind::Comma,
                TokenKind::BracketClose,
                TokenKind::ParenClose,
            ],
            open,
        );
        self.expect(
            TokenKind::Comma,
            "`,`",
            "write both ends: `Interval[low, high]`",
        );
        let high = self.item_expression();
        self.skip_to(&[TokenKind::BracketClose, TokenKind::ParenClose], open);
        let high_closed =
            self.accept(TokenKind::BracketClose) || !self.accept(TokenKind::ParenClose);
        let kind = ExprKind::Interval {
            low_closed,
            low: Box::new(low),
            high: Box::new(high),
            high_closed,
        };
        self.leaf(kind, start)
    }

    /// `{ … }`: a tuple when it starts with a name and a colon, or a colon; else a list. After `Tuple`, a tuple.
    pub(super) fn braces(&mut self) -> Expr {
        let after_tuple = self.before().is_some_and(|before| {
            before.span.of(self.text) == "Tuple" && before.kind == TokenKind::Keyword
        });
        let start = self.before().filter(|_| after_tuple).unwrap_or(self.peek());
        let open = self.next();
        if after_tuple || self.at_element() || self.peek().kind == TokenKind::Colon {
            let elements = self.elements(open);
            return self.leaf(ExprKind::Tuple(elements), start);
        }
        let items = self.list(open, TokenKind::BraceClose, |parser| {
            Some(parser.expression(None))
        });
        self.leaf(ExprKind::List { ty: None, items }, start)
    }

    fn at_element(&self) -> bool {
        matches!(
            self.peek().kind,
            TokenKind::Word | TokenKind::Keyword | TokenKind::Delimited
        ) && self.peek_at(1).kind == TokenKind::Colon
    }

    /// `Type { name: value, … }`
    pub(super) fn instance(&mut self, ty: TypeSpecifier) -> Expr {
        let open = self.next();
        let start = ty.span;
        let elements = self.elements(open);
        let span = self.before().map_or(start, |before| start.to(before.span));
        self.expr(ExprKind::Instance { ty, elements }, span)
    }

    /// What stands between the braces of a tuple or instance; `:` alone for nothing.
    fn elements(&mut self, open: Token) -> Vec<Element> {
        if self.accept(TokenKind::Colon) {
            self.close(open, TokenKind::BraceClose);
            return Vec::new();
        }
        self.list(open, TokenKind::BraceClose, |parser| {
            let help = "write `name: value`";
            let Some(name) = parser.name(true) else {
                parser.unexpected("the name of an element", help);
                return None;
            };
            parser.expect(TokenKind::Colon, "`:`", help);
            Some(Element {
                name,
                value: parser.expression(None),
            })
        })
    }

    /// `List{ … }`, `List<Type>{ … }`
    pub(super) fn list_selector(&mut self) -> Expr {
        let start = self.peek();
        let ty = match self.peek_at(1).kind {
            TokenKind::Less => Some(self.one_type()),
            _ => {
                self.next();
                None
            }
        };
        let open = self.peek();
        if !self.accept(TokenKind::BraceOpen) {
            self.unexpected("`{`", "write the items in braces: `List<Integer>{ 1, 2 }`");
            return self.error(start.span);
        }
        let items = self.list(open, TokenKind::BraceClose, |parser| {
            Some(parser.expression(None))
        });
        self.leaf(ExprKind::List { ty, items }, start)
    }

    pub(super) fn code_expression(&mut self, start: Token) -> Expr {
        let code = self.code_selector();
        self.leaf(ExprKind::Code(Box::new(code)), start)
    }

    /// `Code 'id' from system display '…'`
    fn code_selector(&mut self) -> CodeRef {
        self.expect_word("Code", "`Code`", "write `Code 'id' from System`");
        self.code_ref()
    }

    /// `Concept { Code …, … } display '…'`
    pub(super) fn concept_expression(&mut self, start: Token) -> Expr {
        self.next();
        let open = self.next();
        let codes = self.list(open, TokenKind::BraceClose, |parser| {
            Some(parser.code_selector())
        });
        let display = self.display();
        self.leaf(ExprKind::Concept { codes, display }, start)
    }
}
