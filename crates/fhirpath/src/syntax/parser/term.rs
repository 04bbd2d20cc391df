//! Operands: names, functions, literals, variables, parentheses.

use salus_lexis::{is_calendar_unit, unescape};
use salus_values::Unit;

use super::{Node, Parser};
use crate::syntax::error::SyntaxError;
use crate::syntax::literal;
use crate::syntax::operator::Binding;
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::tree::{Expr, ExprKind, Literal, Name, Span};

impl Parser<'_> {
    /// A term, with a sign or without.
    pub(super) fn operand(&mut self) -> Node {
        let token = self.peek();
        match token.kind {
            TokenKind::Minus => self.least().unwrap_or_else(|| self.polarity(true)),
            TokenKind::Plus => self.polarity(false),
            TokenKind::Word => match token.span.of(self.text) {
                "true" => self.leaf(ExprKind::Literal(Literal::Boolean(true))),
                "false" => self.leaf(ExprKind::Literal(Literal::Boolean(false))),
                "and" | "or" | "xor" | "implies" => self.no_operand(),
                _ => self.name_first(),
            },
            TokenKind::Delimited => self.name_first(),
            TokenKind::String
            | TokenKind::Number
            | TokenKind::LongNumber
            | TokenKind::Date
            | TokenKind::DateTime
            | TokenKind::Time => self.literal(),
            TokenKind::This => self.leaf(ExprKind::This),
            TokenKind::Index => self.leaf(ExprKind::Index),
            TokenKind::Total => self.leaf(ExprKind::Total),
            TokenKind::Percent => self.variable(),
            TokenKind::ParenOpen => self.parenthesised(),
            TokenKind::BraceOpen => self.empty(),
            TokenKind::Bad => self.leaf(ExprKind::Error),
            _ => self.no_operand(),
        }
    }

    /// One word that is an expression.
    pub(super) fn leaf(&mut self, kind: ExprKind) -> Node {
        let span = self.next().span;
        self.node(kind, span, 0)
    }

    fn no_operand(&mut self) -> Node {
        self.unexpected(
            "an expression",
            "write a path, a literal, a function, a `%variable` or `{}` there",
        );
        self.error(self.peek().span)
    }

    fn polarity(&mut self, negative: bool) -> Node {
        let sign = self.next();
        let operand = self.expression(Some(Binding::Polarity));
        let (span, height) = (sign.span.to(operand.span), operand.height);
        let operand = Box::new(operand.expr);
        self.node(ExprKind::Polarity { negative, operand }, span, height)
    }

    /// The least `Integer` and `Long`: without their sign they would be too large.
    fn least(&mut self) -> Option<Node> {
        let (sign, number) = (self.peek(), self.peek_at(1));
        let literal = literal::least(number.kind, number.span.of(self.text))?;
        let follows = self.peek_at(2);
        let binds_tighter = matches!(follows.kind, TokenKind::Dot | TokenKind::BracketOpen);
        if binds_tighter || self.is_unit(follows) {
            return None;
        }
        self.next();
        self.next();
        let kind = ExprKind::Literal(literal);
        Some(self.node(kind, sign.span.to(number.span), 0))
    }

    fn literal(&mut self) -> Node {
        let token = self.next();
        let unit = self.peek();
        if token.kind == TokenKind::Number && self.is_unit(unit) {
            return self.quantity(token);
        }
        let text = token.span.of(self.text);
        let read = match token.kind.written() {
            Some(written) => literal::read(written, text, token.span),
            None => Ok(Literal::String(self.unescaped(token).into())),
        };
        self.literal_or_error(read, token.span)
    }

    fn literal_or_error(&mut self, read: Result<Literal, SyntaxError>, span: Span) -> Node {
        match read {
            Ok(literal) => self.node(ExprKind::Literal(literal), span, 0),
            Err(error) => {
                self.report(error);
                self.error(span)
            }
        }
    }

    fn is_unit(&self, token: Token) -> bool {
        match token.kind {
            TokenKind::String => true,
            TokenKind::Word => is_calendar_unit(token.span.of(self.text)),
            _ => false,
        }
    }

    /// A number and its unit.
    fn quantity(&mut self, number: Token) -> Node {
        let token = self.next();
        let unit = match token.kind {
            TokenKind::String => Unit::ucum(&self.unescaped(token)),
            _ => Unit::of_text(token.span.of(self.text)),
        };
        let read = literal::quantity(number.span.of(self.text), number.span, unit);
        self.literal_or_error(read, number.span.to(token.span))
    }

    /// What stands between the delimiters, escapes resolved.
    fn unescaped(&mut self, token: Token) -> String {
        let inner = Span::new(token.span.start + 1, token.span.end.saturating_sub(1));
        let mut mistakes = Vec::new();
        let text = unescape(inner.of(self.text), inner.start, &mut mistakes);
        mistakes
            .into_iter()
            .for_each(|mistake| self.report(mistake.into()));
        text
    }

    /// `%name`, `` %`name` ``, `%'name'`, `%"name"`.
    fn variable(&mut self) -> Node {
        let percent = self.next();
        let token = self.peek();
        let name = match token.kind {
            TokenKind::String => {
                self.next();
                let text = self.unescaped(token).into();
                let span = token.span;
                Some(Name { text, span })
            }
            _ => self.name(),
        };
        let Some(name) = name else {
            self.unexpected(
                "the name of a variable after `%`",
                "write a name, one in backticks or a text",
            );
            return self.error(percent.span);
        };
        let span = percent.span.to(name.span);
        self.node(ExprKind::Variable { name }, span, 0)
    }

    fn parenthesised(&mut self) -> Node {
        let open = self.next();
        let inner = self.expression(None);
        let end = self.close(open, TokenKind::ParenClose);
        Node {
            span: open.span.to(end),
            ..inner
        }
    }

    fn empty(&mut self) -> Node {
        let open = self.next();
        let end = self.close(open, TokenKind::BraceClose);
        self.node(ExprKind::Empty, open.span.to(end), 0)
    }

    /// `[…]` after an expression.
    pub(super) fn item(&mut self, on: Node) -> Node {
        let open = self.next();
        let index = self.expression(None);
        let end = self.close(open, TokenKind::BracketClose);
        let (span, height) = (on.span.to(end), on.height.max(index.height));
        let kind = ExprKind::Item {
            on: Box::new(on.expr),
            index: Box::new(index.expr),
        };
        self.node(kind, span, height)
    }

    /// Steps over what closes `open`, wherever on its level that is.
    fn close(&mut self, open: Token, close: TokenKind) -> Span {
        let expected = match close {
            TokenKind::BracketClose => "an operator or `]`",
            TokenKind::BraceClose => "`}`",
            _ => "an operator or `)`",
        };
        self.skip_to(&[close], open, expected);
        self.next().span
    }

    fn name_first(&mut self) -> Node {
        match self.name() {
            Some(name) => self.named(None, name),
            None => self.no_operand(),
        }
    }

    /// A name, if one is at hand.
    pub(super) fn name(&mut self) -> Option<Name> {
        let token = self.peek();
        let text = match token.kind {
            TokenKind::Word => token.span.of(self.text).into(),
            TokenKind::Delimited => self.unescaped(token).into(),
            _ => return None,
        };
        self.next();
        let span = token.span;
        Some(Name { text, span })
    }

    /// A function if there are parentheses, elements if not.
    pub(super) fn named(&mut self, on: Option<Node>, name: Name) -> Node {
        let start = on.as_ref().map_or(name.span, |on| on.span);
        let height = on.as_ref().map_or(0, |on| on.height);
        let on = on.map(|on| Box::new(on.expr));
        if self.peek().kind != TokenKind::ParenOpen {
            let span = start.to(name.span);
            return self.node(ExprKind::Member { on, name }, span, height);
        }
        let (arguments, end, deepest) = self.arguments(&name);
        let kind = ExprKind::Call {
            on,
            name,
            arguments,
        };
        self.node(kind, start.to(end), height.max(deepest))
    }

    /// `(…, …)`: the arguments, where they end, and the height of the highest.
    fn arguments(&mut self, function: &Name) -> (Vec<Expr>, Span, usize) {
        let open = self.next();
        let (mut arguments, mut deepest) = (Vec::new(), 0);
        if self.peek().kind == TokenKind::ParenClose {
            return (arguments, self.next().span, deepest);
        }
        loop {
            let mut argument = self.expression(None);
            if &*function.text == "sort" {
                argument = self.direction(argument);
            }
            deepest = deepest.max(argument.height);
            arguments.push(argument.expr);
            let wanted = [TokenKind::Comma, TokenKind::ParenClose];
            self.skip_to(&wanted, open, "an operator, `,` or `)`");
            let after = self.next();
            if after.kind != TokenKind::Comma {
                return (arguments, after.span, deepest);
            }
        }
    }

    /// `asc` or `desc` after a key of `sort`.
    fn direction(&mut self, key: Node) -> Node {
        let token = self.peek();
        match (token.kind, token.span.of(self.text)) {
            (TokenKind::Word, "asc") => {
                self.next();
                key
            }
            (TokenKind::Word, "desc") => {
                self.next();
                let kind = ExprKind::Polarity {
                    negative: true,
                    operand: Box::new(key.expr),
                };
                self.node(kind, key.span.to(token.span), key.height)
            }
            _ => key,
        }
    }
}
