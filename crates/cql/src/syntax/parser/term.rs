//! Terms: arithmetic, paths, and phrases in front of them.

use std::sync::Arc;

use salus_lexis::{Written, is_calendar_unit};
use salus_values::{CalendarUnit, Quantity, Unit};

use super::{Ends, Parser};
use crate::syntax::literal;
use crate::syntax::operator::{Binding, Component, Iteration, Precision, UnaryOperator};
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::tree::{
    Case, ConvertTarget, Expr, ExprKind, Literal, Per, Span, TypeKind, TypeSpecifier, WhenThen,
};

impl Parser<'_> {
    /// A term whose operators bind tighter than `above`.
    pub(super) fn term(&mut self, above: Option<Binding>) -> Expr {
        self.deeper(|parser| {
            let first = parser.primary();
            let path = parser.invocations(first);
            parser.operators(path, above.max(Some(Binding::Whole)))
        })
    }

    /// What is after a sign or a phrase like `start of`: a path, or another such.
    fn prefix_operand(&mut self) -> Expr {
        self.deeper(|parser| {
            let first = parser.primary();
            parser.invocations(first)
        })
    }

    /// `.name`, `.function(…)`, `[index]`, as many as there are; and the braces of `Type { … }`.
    pub(super) fn invocations(&mut self, mut on: Expr) -> Expr {
        loop {
            on = match self.peek().kind {
                TokenKind::Dot => self.member(on),
                TokenKind::BracketOpen => self.item_of(on),
                TokenKind::BraceOpen => match as_type(&on) {
                    Some(ty) => {
                        let comments = std::mem::take(&mut on.comments);
                        self.instance(ty).after(comments)
                    }
                    None => return on,
                },
                _ => return on,
            };
        }
    }

    fn member(&mut self, on: Expr) -> Expr {
        let dot = self.next();
        let Some(name) = self.name(true) else {
            self.unexpected("a name after `.`", "write an element or a function there");
            return self.error(on.span.to(dot.span));
        };
        if self.peek().kind == TokenKind::ParenOpen {
            let start = on.span;
            let arguments = self.arguments();
            let span = self.before().map_or(start, |before| start.to(before.span));
            let kind = ExprKind::Call {
                on: Some(Box::new(on)),
                name,
                arguments,
            };
            return self.expr(kind, span);
        }
        let span = on.span.to(name.span);
        let on = Box::new(on);
        self.expr(ExprKind::Member { on, name }, span)
    }

    pub(super) fn arguments(&mut self) -> Vec<Expr> {
        let open = self.next();
        self.list(open, TokenKind::ParenClose, |parser| {
            Some(parser.expression(None))
        })
    }

    fn item_of(&mut self, on: Expr) -> Expr {
        let open = self.next();
        let index = self.inner_expression();
        self.close(open, TokenKind::BracketClose);
        let span = self
            .before()
            .map_or(on.span, |before| on.span.to(before.span));
        let kind = ExprKind::Item {
            on: Box::new(on),
            index: Box::new(index),
        };
        self.expr(kind, span)
    }

    /// The smallest whole thing: a literal, a name, a call, a selector, something in parentheses, a phrase.
    pub(super) fn primary(&mut self) -> Expr {
        let comments = self.take_comments();
        self.bare_primary().after(comments)
    }

    fn bare_primary(&mut self) -> Expr {
        let token = self.peek();
        match token.kind {
            TokenKind::String => {
                let text = self.next();
                let text = Arc::from(self.undelimited(text).text);
                self.leaf(ExprKind::Literal(Literal::String(text)), token)
            }
            TokenKind::Number => self.number(),
            TokenKind::LongNumber | TokenKind::Date | TokenKind::DateTime | TokenKind::Time => {
                self.next();
                self.literal(token)
            }
            TokenKind::Plus => self.signed(UnaryOperator::Plus),
            TokenKind::Minus => self.signed(UnaryOperator::Negate),
            TokenKind::This => self.single(ExprKind::This),
            TokenKind::Index => self.single(ExprKind::Index),
            TokenKind::Total => self.single(ExprKind::Total),
            TokenKind::Percent => self.external(),
            TokenKind::ParenOpen => self.parenthesized(),
            TokenKind::BraceOpen => self.braces(),
            TokenKind::Keyword => self.keyword(token),
            _ => self.identifier(),
        }
    }

    fn single(&mut self, kind: ExprKind) -> Expr {
        let token = self.next();
        self.leaf(kind, token)
    }

    pub(super) fn leaf(&mut self, kind: ExprKind, start: Token) -> Expr {
        let span = self.since(start);
        self.expr(kind, span)
    }

    fn external(&mut self) -> Expr {
        let start = self.next();
        let name = match self.peek().kind {
            TokenKind::String => {
                let text = self.next();
                Some(self.undelimited(text))
            }
            _ => self.name(true),
        };
        match name {
            Some(name) => self.leaf(ExprKind::External(name), start),
            None => self.missing("the name of a constant after `%`"),
        }
    }

    fn parenthesized(&mut self) -> Expr {
        let open = self.next();
        let expr = self.inner_expression();
        self.close(open, TokenKind::ParenClose);
        expr
    }

    /// Says that an expression is missing, and stands for it.
    fn missing(&mut self, expected: &'static str) -> Expr {
        self.unexpected(expected, "write a literal, a name or a function there");
        let at = self.peek();
        // An operator too many is stepped over. Brackets, clauses and definitions are left to those who wait for them.
        let too_many = [
            TokenKind::Bad,
            TokenKind::Star,
            TokenKind::Slash,
            TokenKind::Caret,
            TokenKind::Dot,
        ];
        if too_many.contains(&at.kind) {
            self.next();
            return self.prefix_operand();
        }
        self.error(Span::new(at.span.start, at.span.start))
    }

    fn identifier(&mut self) -> Expr {
        let start = self.peek();
        if self.at_item() {
            return self.missing("an expression");
        }
        let Some(name) = self.name(false) else {
            return self.missing("an expression");
        };
        if self.peek().kind != TokenKind::ParenOpen {
            return self.leaf(ExprKind::Identifier(name), start);
        }
        let kind = ExprKind::Call {
            on: None,
            name,
            arguments: self.arguments(),
        };
        self.leaf(kind, start)
    }

    /// What starts with a keyword; a name if no phrase does.
    fn keyword(&mut self, start: Token) -> Expr {
        let (word, after) = (self.word_at(0), self.word_at(1));
        let next = self.peek_at(1).kind;
        if let Some(operator) = prefix_phrase(word, after) {
            return self.phrase(operator, operator.text().split(' ').count());
        }
        if after == "from"
            && let Some(component) = component_named(word)
        {
            return self.component(component);
        }
        match word {
            "null" => self.single(ExprKind::Literal(Literal::Null)),
            "true" => self.single(ExprKind::Literal(Literal::Boolean(true))),
            "false" => self.single(ExprKind::Literal(Literal::Boolean(false))),
            "if" => self.if_then_else(),
            "case" => self.case(),
            "convert" => self.convert(),
            "minimum" | "maximum" => self.extent(),
            "expand" => self.iterate(Iteration::Expand),
            "collapse" => self.iterate(Iteration::Collapse),
            "duration" | "difference" if after == "in" => self.lapse_of(),
            "Interval" => self.interval(),
            "Tuple" if next == TokenKind::BraceOpen => {
                self.next();
                self.braces()
            }
            "List" => self.list_selector(),
            "Code" if next == TokenKind::String => self.code_expression(start),
            "Concept" if next == TokenKind::BraceOpen && self.word_at(2) == "Code" => {
                self.concept_expression(start)
            }
            _ => self.identifier(),
        }
    }

    fn signed(&mut self, operator: UnaryOperator) -> Expr {
        let number = self.peek_at(1);
        let least = literal::least(number.kind, number.span.of(self.text));
        if let (UnaryOperator::Negate, Some(least), false) = (operator, least, self.at_unit(2)) {
            let start = self.next();
            self.next();
            return self.leaf(ExprKind::Literal(least), start);
        }
        self.phrase(operator, 1)
    }

    /// An operator of so many words, and what it is before.
    fn phrase(&mut self, operator: UnaryOperator, words: usize) -> Expr {
        let start = self.peek();
        self.at += words;
        let operand = Box::new(match operator.binding() {
            Binding::Open => self.expression(None),
            _ => self.prefix_operand(),
        });
        let span = start.span.to(operand.span);
        self.expr(ExprKind::Unary { operator, operand }, span)
    }

    fn component(&mut self, component: Component) -> Expr {
        let start = self.next();
        self.next();
        let operand = Box::new(self.prefix_operand());
        let span = start.span.to(operand.span);
        self.expr(ExprKind::ComponentFrom { component, operand }, span)
    }

    /// `duration in days of operand`
    fn lapse_of(&mut self) -> Expr {
        let start = self.peek();
        let (lapse, precision) = self.lapse();
        self.expect_word(
            "of",
            "`of` or `between`",
            "write `duration in days of` an interval, or `duration in days between` two points",
        );
        let operand = Box::new(self.prefix_operand());
        let span = start.span.to(operand.span);
        let kind = ExprKind::LapseOf {
            lapse,
            precision,
            operand,
        };
        self.expr(kind, span)
    }

    fn convert(&mut self) -> Expr {
        let start = self.next();
        let operand = Box::new(self.inner_expression());
        self.expect_word("to", "`to`", "write `convert … to Type`, or to a unit");
        let to = match self.unit() {
            Some(unit) => ConvertTarget::Unit(unit),
            None => ConvertTarget::Type(self.type_specifier()),
        };
        self.leaf(ExprKind::Convert { operand, to }, start)
    }

    fn extent(&mut self) -> Expr {
        let start = self.next();
        let maximum = start.span.of(self.text) == "maximum";
        let at = self.peek();
        let kind = self.named_type();
        let ty = TypeSpecifier {
            kind,
            span: self.since(at),
        };
        self.leaf(ExprKind::Extent { maximum, ty }, start)
    }

    fn iterate(&mut self, iteration: Iteration) -> Expr {
        let start = self.next();
        let operand = Box::new(self.expression(None));
        let per = self.accept_word("per").then(|| self.per());
        let kind = ExprKind::Iterate {
            iteration,
            operand,
            per,
        };
        self.leaf(kind, start)
    }

    fn per(&mut self) -> Per {
        // A word of the calendar is a name when something follows that makes it a path.
        let is_path = matches!(self.peek_at(1).kind, TokenKind::Dot | TokenKind::ParenOpen);
        match Precision::of(self.word_at(0)) {
            Some(precision) if !is_path && self.word_at(1) != "from" => {
                self.next();
                Per::Precision(precision)
            }
            _ => Per::Expr(Box::new(self.expression(None))),
        }
    }

    fn if_then_else(&mut self) -> Expr {
        let start = self.next();
        let help = "write `if … then … else …`; all three parts are needed";
        let condition = Box::new(self.inner_expression());
        self.expect_word("then", "`then`", help);
        let then = Box::new(self.inner_expression());
        self.expect_word("else", "`else`", help);
        let otherwise = Box::new(self.expression(None));
        let kind = ExprKind::If {
            condition,
            then,
            otherwise,
        };
        self.leaf(kind, start)
    }

    fn case(&mut self) -> Expr {
        let start = self.next();
        let help = "write `case when … then … else … end`";
        let comparand = (self.word_at(0) != "when").then(|| self.inner_expression());
        let mut items = Vec::new();
        while self.accept_word("when") {
            let when = self.inner_expression();
            self.expect_word("then", "`then`", help);
            let then = self.inner_expression();
            items.push(WhenThen { when, then });
        }
        if items.is_empty() {
            self.unexpected("`when`", help);
        }
        let otherwise = match self.accept_word("else") {
            true => self.inner_expression(),
            false => {
                self.unexpected("`else`", help);
                self.error(self.since(start))
            }
        };
        self.expect_word("end", "`end`", help);
        let case = Case {
            comparand,
            items,
            otherwise,
        };
        self.leaf(ExprKind::Case(Box::new(case)), start)
    }

    fn literal(&mut self, token: Token) -> Expr {
        let written = token.kind.written().unwrap_or(Written::Number);
        let kind = match literal::read(written, token.span.of(self.text), token.span) {
            Ok(literal) => ExprKind::Literal(literal),
            Err(error) => {
                self.report(error);
                ExprKind::Error
            }
        };
        self.leaf(kind, token)
    }

    /// A number, a quantity, or a ratio of two.
    fn number(&mut self) -> Expr {
        let start = self.peek();
        if !self.at_unit(1) && !self.at_ratio(1) {
            self.next();
            return self.literal(start);
        }
        let is_ratio = self.at_ratio(if self.at_unit(1) { 2 } else { 1 });
        let numerator = self.quantity();
        if !is_ratio {
            return match numerator {
                Some(quantity) => self.leaf(
                    ExprKind::Literal(Literal::Quantity(Arc::new(quantity))),
                    start,
                ),
                None => self.leaf(ExprKind::Error, start),
            };
        }
        self.next();
        let kind = match (numerator, self.quantity()) {
            (Some(numerator), Some(denominator)) => {
                ExprKind::Literal(Literal::Ratio(Arc::new((numerator, denominator))))
            }
            _ => ExprKind::Error,
        };
        self.leaf(kind, start)
    }

    /// What an `aggregate` starts with: a number there has no denominator after its colon.
    pub(super) fn starting_number(&mut self) -> Expr {
        let start = self.peek();
        if !self.at_unit(1) {
            self.next();
            return self.literal(start);
        }
        match self.quantity() {
            Some(quantity) => self.leaf(
                ExprKind::Literal(Literal::Quantity(Arc::new(quantity))),
                start,
            ),
            None => self.leaf(ExprKind::Error, start),
        }
    }

    fn at_ratio(&self, ahead: usize) -> bool {
        self.peek_at(ahead).kind == TokenKind::Colon
            && self.peek_at(ahead + 1).kind == TokenKind::Number
    }

    /// Whether a unit is so many words ahead.
    pub(super) fn at_unit(&self, ahead: usize) -> bool {
        self.peek_at(ahead).kind == TokenKind::String || is_calendar_unit(self.word_at(ahead))
    }

    fn unit(&mut self) -> Option<Unit> {
        if let Some(unit) = CalendarUnit::parse(self.word_at(0)) {
            self.next();
            return Some(Unit::Calendar(unit));
        }
        (self.peek().kind == TokenKind::String).then(|| {
            let token = self.next();
            Unit::ucum(&self.undelimited(token).text)
        })
    }

    /// A number and its unit; without a unit it is `'1'`.
    pub(super) fn quantity(&mut self) -> Option<Quantity> {
        let number = self.next();
        let unit = self.unit().unwrap_or_else(Unit::one);
        literal::quantity(number.span.of(self.text), number.span, unit)
            .map_err(|error| self.report(error))
            .ok()
    }

    /// Reads with the ends that hold inside brackets with commas.
    pub(super) fn item_expression(&mut self) -> Expr {
        let ends = Ends {
            at_comma: true,
            ..Ends::default()
        };
        self.with_ends(ends, |parser| parser.expression(None))
    }
}

/// The operator that these two words are, or the first one alone.
fn prefix_phrase(word: &str, after: &str) -> Option<UnaryOperator> {
    Some(match (word, after) {
        ("start", "of") => UnaryOperator::StartOf,
        ("end", "of") => UnaryOperator::EndOf,
        ("width", "of") => UnaryOperator::WidthOf,
        ("successor", "of") => UnaryOperator::SuccessorOf,
        ("predecessor", "of") => UnaryOperator::PredecessorOf,
        ("singleton", "from") => UnaryOperator::SingletonFrom,
        ("point", "from") => UnaryOperator::PointFrom,
        ("distinct", _) => UnaryOperator::Distinct,
        ("flatten", _) => UnaryOperator::Flatten,
        _ => return None,
    })
}

/// The part of a point in time that the word names. `timezone` was the word of CQL 1.2, and is still in use.
fn component_named(word: &str) -> Option<Component> {
    match word {
        "timezone" => Some(Component::TimezoneOffset),
        _ => Component::of(word),
    }
}

/// The type that a path of names names.
fn as_type(expr: &Expr) -> Option<TypeSpecifier> {
    let mut names = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Identifier(name) => {
                names.push(name.clone());
                names.reverse();
                return Some(TypeSpecifier {
                    kind: TypeKind::Named(names),
                    span: expr.span,
                });
            }
            ExprKind::Member { on, name } => {
                names.push(name.clone());
                at = on;
            }
            _ => return None,
        }
    }
}
