//! Operators as they are written: with signs and words before and between their operands.

use super::super::problem::TypeMistake;
use super::super::translator::Translator;
use super::super::typed::Typed;
use crate::elm::Kind;
use crate::syntax::{BinaryOperator, Expr, Name, Precision, Span, UnaryOperator};

impl Translator<'_> {
    pub fn unary(&mut self, operator: UnaryOperator, operand: &Expr, span: Span) -> Option<Typed> {
        let operand = self.expression(operand)?;
        let kind = match operator {
            UnaryOperator::Negate => Kind::Negate,
            _ => {
                return self.refuse(
                    TypeMistake::NotYet {
                        what: "this operator",
                    },
                    span,
                );
            }
        };
        self.apply(kind, operator.text(), vec![operand], span)
    }

    pub fn binary(
        &mut self,
        operator: BinaryOperator,
        _precision: Option<Precision>,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        let (left, right) = (self.expression(left), self.expression(right));
        let operands = vec![left?, right?];
        let kind = match operator {
            BinaryOperator::Add => Kind::Add,
            _ => {
                return self.refuse(
                    TypeMistake::NotYet {
                        what: "this operator",
                    },
                    span,
                );
            }
        };
        self.apply(kind, operator.text(), operands, span)
    }

    /// `name(…)`, `on.name(…)`
    pub fn call(
        &mut self,
        _on: Option<&Expr>,
        name: &Name,
        _arguments: &[Expr],
        _span: Span,
    ) -> Option<Typed> {
        self.refuse(
            TypeMistake::NotYet {
                what: "this function",
            },
            name.span,
        )
    }
}
