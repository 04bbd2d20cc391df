//! Operators.

use salus_values::Precision;

use super::checker::{Checker, shown};
use super::count::Count;
use super::operators;
use super::problem::TypeProblem;
use super::shape::{Shape, Type};
use crate::functions::Types;
use crate::operators::duration;
use crate::program::SystemType;
use crate::syntax::{BinaryOperator, Expr, ExprKind, Literal, Span};

impl Checker<'_> {
    pub(super) fn polarity(&mut self, negative: bool, operand: &Expr, span: Span) -> Shape {
        let shape = self.enclosed(operand);
        let sign = if negative { '-' } else { '+' };
        let numbers = Types::NUMBER | Types::QUANTITY;
        if !shape.is_empty() && !shape.system_types().meets(numbers) {
            self.error(TypeProblem::NoSign {
                sign,
                found: shown(&shape),
                span,
            });
            return Shape::system(numbers, Count::AT_MOST_ONE);
        }
        self.single(&shape, || format!("the operand of `{sign}`"), operand.span);
        let count = shape.count().or_one();
        // The least Integer and the least Long have no counterpart: their negative is nothing.
        let may_be_least = match operand.kind {
            ExprKind::Literal(Literal::Integer(value)) => value == i32::MIN,
            ExprKind::Literal(Literal::Long(value)) => value == i64::MIN,
            ExprKind::Literal(_) => false,
            _ => true,
        };
        let least = match negative && may_be_least {
            true => 0,
            false => count.least,
        };
        shape.as_system().with_count(Count { least, ..count })
    }

    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expr,
        right: &Expr,
        whole: &Expr,
    ) -> Shape {
        let (before, after) = (self.enclosed(left), self.enclosed(right));
        match operator {
            BinaryOperator::Union => {
                let count = before.count().and(after.count());
                let least = count.least.max(distinct_literals(whole));
                return before.join(&after, Count { least, ..count });
            }
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                self.equality(&before, &after, whole.span);
            }
            BinaryOperator::Equivalent | BinaryOperator::NotEquivalent => {}
            BinaryOperator::In => self.operand(&before, "left", operator, left.span),
            BinaryOperator::Contains => self.operand(&after, "right", operator, right.span),
            BinaryOperator::And
            | BinaryOperator::Or
            | BinaryOperator::Xor
            | BinaryOperator::Implies => {
                self.condition(
                    &before,
                    || format!("the left side of `{operator}`"),
                    left.span,
                );
                self.condition(
                    &after,
                    || format!("the right side of `{operator}`"),
                    right.span,
                );
            }
            _ => return self.operation(operator, [left, right], [before, after], whole.span),
        }
        Shape::of(Type::System(SystemType::Boolean), Count::AT_MOST_ONE)
    }

    fn operand(&mut self, shape: &Shape, side: &str, operator: BinaryOperator, span: Span) {
        self.single(shape, || format!("the {side} side of `{operator}`"), span);
    }

    /// Says so if a condition is certainly not one, or not a Boolean.
    pub(super) fn condition(&mut self, shape: &Shape, what: impl Fn() -> String, span: Span) {
        self.single(shape, &what, span);
        if !shape.is_empty() && !shape.system_types().meets(Types::BOOLEAN) {
            self.refuse_if_strict(TypeProblem::NoCondition {
                what: what(),
                found: shown(shape),
                span,
            });
        }
    }

    fn equality(&mut self, left: &Shape, right: &Shape, span: Span) {
        let known = !left.is_empty() && !right.is_empty();
        if known && !operators::may_be_equal(left.system_types(), right.system_types()) {
            self.warn(TypeProblem::NeverEqual {
                left: shown(left),
                right: shown(right),
                span,
            });
        }
    }

    /// An operator on two single values.
    fn operation(
        &mut self,
        operator: BinaryOperator,
        exprs: [&Expr; 2],
        [left, right]: [Shape; 2],
        span: Span,
    ) -> Shape {
        let [before, after] = exprs;
        self.operand(&left, "left", operator, before.span);
        self.operand(&right, "right", operator, after.span);
        let concatenates = operator == BinaryOperator::Concatenate;
        let types = |shape: &Shape| match shape.is_empty() && concatenates {
            true => Types::STRING,
            false => shape.system_types(),
        };
        if !concatenates && (left.is_empty() || right.is_empty()) {
            return Shape::empty();
        }
        match operators::result(operator, types(&left), types(&right)) {
            Some(_) if self.shifts_by_no_time(operator, types(&left), after) => Shape::empty(),
            Some(types) => Shape::system(types, Count::AT_MOST_ONE),
            None => {
                self.error(TypeProblem::NoSuchOperation {
                    operator: operator.symbol(),
                    left: shown(&left),
                    right: shown(&right),
                    span,
                });
                Shape::unknown()
            }
        }
    }
}

impl Checker<'_> {
    /// Says so when what is added to a date or time, or taken from it, is a Quantity of something else than time.
    fn shifts_by_no_time(&mut self, operator: BinaryOperator, left: Types, by: &Expr) -> bool {
        let ExprKind::Literal(Literal::Quantity(quantity)) = &by.kind else {
            return false;
        };
        let shifts = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract)
            && left != Types::NONE
            && Types::TEMPORAL.contains(left);
        let fits = duration(quantity)
            .is_some_and(|duration| left != Types::TIME || duration.unit >= Precision::Hour);
        if shifts && !fits {
            self.error(TypeProblem::NoTimeUnit {
                unit: quantity.unit.to_string(),
                span: by.span,
            });
        }
        shifts && !fits
    }
}

/// How many items a union of literals has for certain.
fn distinct_literals(expr: &Expr) -> usize {
    let mut found: Vec<&Literal> = Vec::new();
    let mut at = vec![expr];
    while let Some(expr) = at.pop() {
        match &expr.kind {
            ExprKind::Literal(literal) if found.iter().all(|known| differ(known, literal)) => {
                found.push(literal);
            }
            ExprKind::Binary {
                operator: BinaryOperator::Union,
                left,
                right,
            } => {
                at.push(left);
                at.push(right);
            }
            _ => {}
        }
    }
    found.len()
}

/// Whether two literals are two items for certain.
fn differ(a: &Literal, b: &Literal) -> bool {
    match (a, b) {
        (Literal::Boolean(a), Literal::Boolean(b)) => a != b,
        (Literal::String(a), Literal::String(b)) => a != b,
        (Literal::Integer(a), Literal::Integer(b)) => a != b,
        (Literal::Long(a), Literal::Long(b)) => a != b,
        _ => false,
    }
}
