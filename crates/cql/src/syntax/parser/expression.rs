//! Expressions: logic, comparisons, and what else is no term.

use super::{Ends, Parser};
use crate::syntax::operator::{
    BinaryOperator, Binding, Lapse, Precision, Truth, TypeOperator, UnaryOperator,
};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Expr, ExprKind};

/// What stands after an operand.
enum Operator {
    Binary(BinaryOperator),
    /// `is null` and the like, or `is Type`.
    Is,
    As,
    Between,
    Timing,
}

impl Operator {
    fn binding(&self) -> Binding {
        match self {
            Operator::Binary(operator) => operator.binding(),
            // `is Type` binds less tightly, but no operator stands between the two.
            Operator::Is => Binding::Truth,
            Operator::As => Binding::Type,
            Operator::Between => Binding::Between,
            Operator::Timing => Binding::Timing,
        }
    }
}

impl Parser<'_> {
    /// An expression whose operators bind tighter than `above`.
    pub(super) fn expression(&mut self, above: Option<Binding>) -> Expr {
        self.deeper(|parser| {
            let first = parser.operand();
            parser.operators(first, above)
        })
    }

    /// An expression inside brackets or clauses that end it: nothing of what is outside does.
    pub(super) fn inner_expression(&mut self) -> Expr {
        self.with_ends(Ends::default(), |parser| parser.expression(None))
    }

    /// What follows an operand, as long as it binds tighter than `above`.
    pub(super) fn operators(&mut self, mut left: Expr, above: Option<Binding>) -> Expr {
        while let Some(operator) = self.operator()
            && Some(operator.binding()) > above
        {
            left = match operator {
                Operator::Binary(operator) => self.binary(left, operator),
                Operator::Is => self.is(left),
                Operator::As => self.as_type(left),
                Operator::Between => self.between(left),
                Operator::Timing => self.timing(left),
            };
        }
        left
    }

    fn operator(&self) -> Option<Operator> {
        let token = self.peek();
        if !matches!(
            token.kind,
            TokenKind::Keyword | TokenKind::Word | TokenKind::Number
        ) {
            return symbol_operator(token.kind).map(Operator::Binary);
        }
        match self.word_at(0) {
            "is" => Some(Operator::Is),
            "as" if !self.ends.at_as => Some(Operator::As),
            "as" => None,
            "between" => Some(Operator::Between),
            "properly" if self.word_at(1) == "between" => Some(Operator::Between),
            _ if self.at_timing() => Some(Operator::Timing),
            word => BinaryOperator::of(word).map(Operator::Binary),
        }
    }

    fn binary(&mut self, left: Expr, operator: BinaryOperator) -> Expr {
        self.next();
        let precision = match operator {
            BinaryOperator::In | BinaryOperator::Contains => self.precision_of(),
            _ => None,
        };
        let right = match operator.binding() >= Binding::Addition {
            true => self.term(Some(operator.binding())),
            false => self.expression(Some(operator.binding())),
        };
        let span = left.span.to(right.span);
        let kind = ExprKind::Binary {
            operator,
            precision,
            left: Box::new(left),
            right: Box::new(right),
        };
        self.expr(kind, span)
    }

    /// `is null`, `is not true`, `is Type`
    fn is(&mut self, operand: Expr) -> Expr {
        let start = operand.span;
        self.next();
        let negated = self.accept_word("not");
        let operand = Box::new(operand);
        let kind = if let Some(truth) = Truth::of(self.word_at(0)) {
            self.next();
            ExprKind::Truth {
                operand,
                negated,
                truth,
            }
        } else if negated {
            self.unexpected(
                "`null`, `true` or `false`",
                "write `not (… is Type)` to say that something is of another type",
            );
            ExprKind::Error
        } else {
            ExprKind::Type {
                operand,
                operator: TypeOperator::Is,
                ty: self.type_specifier(),
            }
        };
        let span = self.before().map_or(start, |before| start.to(before.span));
        self.expr(kind, span)
    }

    fn as_type(&mut self, operand: Expr) -> Expr {
        self.next();
        let ty = self.type_specifier();
        let span = operand.span.to(ty.span);
        let kind = ExprKind::Type {
            operand: Box::new(operand),
            operator: TypeOperator::As,
            ty,
        };
        self.expr(kind, span)
    }

    fn between(&mut self, operand: Expr) -> Expr {
        let properly = self.accept_word("properly");
        self.next();
        let (low, high) = self.low_and_high();
        let span = operand.span.to(high.span);
        let kind = ExprKind::Between {
            properly,
            operand: Box::new(operand),
            low: Box::new(low),
            high: Box::new(high),
        };
        self.expr(kind, span)
    }

    /// The terms around the `and` that belongs to `between`.
    fn low_and_high(&mut self) -> (Expr, Expr) {
        let low = self.term(None);
        self.expect_word(
            "and",
            "`and`",
            "`between` has two ends, with `and` between them",
        );
        (low, self.term(None))
    }

    /// What stands before, between and after operators.
    fn operand(&mut self) -> Expr {
        let start = self.peek();
        match self.word_at(0) {
            "not" => self.prefixed(UnaryOperator::Not, 1),
            "exists" => self.prefixed(UnaryOperator::Exists, 1),
            "cast" => self.cast(),
            "from" => self.query_from(),
            "duration" | "difference"
                if self.word_at(1) == "in" && self.word_at(3) == "between" =>
            {
                self.lapse_between()
            }
            word if Precision::of_plural(word).is_some() && self.word_at(1) == "between" => {
                self.lapse_between()
            }
            _ if start.kind == TokenKind::BracketOpen => {
                let retrieve = self.retrieve();
                self.query_on(retrieve)
            }
            _ => {
                let first = self.primary();
                let path = self.invocations(first);
                self.query_on(path)
            }
        }
    }

    /// `not operand`, `exists operand`
    fn prefixed(&mut self, operator: UnaryOperator, words: usize) -> Expr {
        let comments = self.take_comments();
        let start = self.peek();
        self.at += words;
        let operand = Box::new(self.expression(Some(operator.binding())));
        let span = start.span.to(operand.span);
        self.expr(ExprKind::Unary { operator, operand }, span)
            .after(comments)
    }

    fn cast(&mut self) -> Expr {
        let comments = self.take_comments();
        let start = self.next();
        let ends = Ends {
            at_as: true,
            ..self.ends
        };
        let operand = Box::new(self.with_ends(ends, |parser| parser.expression(None)));
        self.expect_word("as", "`as`", "write `cast … as Type`");
        let ty = self.type_specifier();
        let kind = ExprKind::Type {
            operand,
            operator: TypeOperator::Cast,
            ty,
        };
        let span = self.since(start);
        self.expr(kind, span).after(comments)
    }

    /// `duration in days between a and b`, `difference in …`, `days between …`
    fn lapse_between(&mut self) -> Expr {
        let comments = self.take_comments();
        let start = self.peek();
        let (lapse, precision) = self.lapse();
        self.expect_word("between", "`between`", "write `days between … and …`");
        let (low, high) = self.low_and_high();
        let span = start.span.to(high.span);
        let kind = ExprKind::LapseBetween {
            lapse,
            precision,
            low: Box::new(low),
            high: Box::new(high),
        };
        self.expr(kind, span).after(comments)
    }

    /// `duration in days`, `difference in days`, `days`
    pub(super) fn lapse(&mut self) -> (Lapse, Precision) {
        let lapse = Lapse::of(self.word_at(0));
        if lapse.is_some() {
            self.next();
            self.next();
        }
        let precision = Precision::of_plural(self.word_at(0));
        match precision.is_some() {
            true => {
                self.next();
            }
            false => self.unexpected(
                "a unit of time",
                "write `years`, `months`, `weeks`, `days`, `hours`, `minutes`, `seconds` or `milliseconds`",
            ),
        }
        (
            lapse.unwrap_or(Lapse::Duration),
            precision.unwrap_or(Precision::Day),
        )
    }
}

fn symbol_operator(symbol: TokenKind) -> Option<BinaryOperator> {
    Some(match symbol {
        TokenKind::Star => BinaryOperator::Multiply,
        TokenKind::Slash => BinaryOperator::Divide,
        TokenKind::Plus => BinaryOperator::Add,
        TokenKind::Minus => BinaryOperator::Subtract,
        TokenKind::Caret => BinaryOperator::Power,
        TokenKind::Ampersand => BinaryOperator::Concatenate,
        TokenKind::Bar => BinaryOperator::Union,
        TokenKind::LessOrEqual => BinaryOperator::LessOrEqual,
        TokenKind::Less => BinaryOperator::Less,
        TokenKind::Greater => BinaryOperator::Greater,
        TokenKind::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
        TokenKind::Equal => BinaryOperator::Equal,
        TokenKind::NotEqual => BinaryOperator::NotEqual,
        TokenKind::Tilde => BinaryOperator::Equivalent,
        TokenKind::NotTilde => BinaryOperator::NotEquivalent,
        _ => return None,
    })
}
