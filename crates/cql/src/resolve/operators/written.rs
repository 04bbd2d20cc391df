//! Operators as they are written: with signs and words before and between their operands.

use super::super::translator::Translator;
use super::super::type_mistake::TypeMistake;
use super::super::typed::{Typed, is_system, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::{
    BinaryOperator, Component, Expr, ExprKind, Iteration, Lapse, Literal, Per, Precision, Span,
    Truth, UnaryOperator,
};

/// The name that ELM has for a precision.
pub(in super::super) fn precision_name(precision: Precision) -> &'static str {
    match precision {
        Precision::Year => "Year",
        Precision::Month => "Month",
        Precision::Week => "Week",
        Precision::Day => "Day",
        Precision::Hour => "Hour",
        Precision::Minute => "Minute",
        Precision::Second => "Second",
        Precision::Millisecond => "Millisecond",
    }
}

fn unary_kind(operator: UnaryOperator) -> Option<Kind> {
    Some(match operator {
        UnaryOperator::Plus => return None,
        UnaryOperator::Not => Kind::Not,
        UnaryOperator::Exists => Kind::Exists,
        UnaryOperator::Negate => Kind::Negate,
        UnaryOperator::StartOf => Kind::Start,
        UnaryOperator::EndOf => Kind::End,
        UnaryOperator::WidthOf => Kind::Width,
        UnaryOperator::SuccessorOf => Kind::Successor,
        UnaryOperator::PredecessorOf => Kind::Predecessor,
        UnaryOperator::SingletonFrom => Kind::SingletonFrom,
        UnaryOperator::PointFrom => Kind::PointFrom,
        UnaryOperator::Distinct => Kind::Distinct,
        UnaryOperator::Flatten => Kind::Flatten,
    })
}

impl Translator<'_> {
    pub fn unary(&mut self, operator: UnaryOperator, operand: &Expr, span: Span) -> Option<Typed> {
        let operand = self.expression(operand)?;
        match unary_kind(operator) {
            Some(kind) => self.apply(kind, operator.text(), vec![operand], span),
            None => Some(operand),
        }
    }

    pub fn binary(
        &mut self,
        operator: BinaryOperator,
        precision: Option<Precision>,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        use BinaryOperator as B;
        self.warn_null_compared(operator, (left, right), span);
        let (left, right) = (self.expression(left), self.expression(right));
        let (left, right) = (left?, right?);
        self.warn_codes_compared(operator, (&left, &right), span);
        let written = operator.text();
        let kind = match operator {
            B::Union => return self.chained(Kind::Union, left, right, span),
            B::Intersect => return self.chained(Kind::Intersect, left, right, span),
            B::Except => return self.set_operator(Kind::Except, left, right, span),
            B::In => return self.member_of(left, right, precision, span),
            B::Contains => return self.contains(left, right, precision, span),
            B::Concatenate => return self.concatenate(left, right, span),
            B::NotEqual => return self.negated(Kind::Equal, written, left, right, span),
            B::NotEquivalent => return self.negated(Kind::Equivalent, written, left, right, span),
            B::Add => return self.add(left, right, span),
            B::Implies => Kind::Implies,
            B::Or => Kind::Or,
            B::Xor => Kind::Xor,
            B::And => Kind::And,
            B::Equal => Kind::Equal,
            B::Equivalent => Kind::Equivalent,
            B::LessOrEqual => Kind::LessOrEqual,
            B::Less => Kind::Less,
            B::Greater => Kind::Greater,
            B::GreaterOrEqual => Kind::GreaterOrEqual,
            B::Subtract => Kind::Subtract,
            B::Multiply => Kind::Multiply,
            B::Divide => Kind::Divide,
            B::TruncatedDivide => Kind::TruncatedDivide,
            B::Modulo => Kind::Modulo,
            B::Power => Kind::Power,
        };
        self.apply(kind, written, vec![left, right], span)
    }

    /// What is compared with null is never more or less than it, nor the same: the result is null.
    fn warn_null_compared(&mut self, operator: BinaryOperator, sides: (&Expr, &Expr), span: Span) {
        use BinaryOperator as B;
        let compares = matches!(
            operator,
            B::Equal | B::NotEqual | B::Less | B::LessOrEqual | B::Greater | B::GreaterOrEqual
        );
        let is_null = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(Literal::Null));
        if compares && (is_null(sides.0) || is_null(sides.1)) {
            self.warn(TypeMistake::NullCompared, span);
        }
    }

    /// `=` of codes compares how they are shown and the version of their system, too, which is seldom meant.
    fn warn_codes_compared(
        &mut self,
        operator: BinaryOperator,
        sides: (&Typed, &Typed),
        span: Span,
    ) {
        let is_code = |ty: &Spec| is_system(ty, "Code") || is_system(ty, "Concept");
        let holds_code = |ty: &Spec| is_code(ty) || self.conversions.targets(ty).any(is_code);
        let equal = match operator {
            BinaryOperator::Equal => "~",
            BinaryOperator::NotEqual => "!~",
            _ => return,
        };
        if holds_code(&sides.0.ty) && holds_code(&sides.1.ty) {
            self.warn(TypeMistake::CodesCompared { instead: equal }, span);
        }
    }

    /// `left + right`: of texts it is `Concatenate`.
    fn add(&mut self, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let typed = self.apply(Kind::Add, "+", vec![left, right], span)?;
        if !is_system(&typed.ty, "String") {
            return Some(typed);
        }
        let operands: Vec<Node> = typed.node.operands().cloned().collect();
        let node = Node::new(Kind::Concatenate).with("operand", operands);
        Some(Typed::new(node, typed.ty))
    }

    /// `left & right`: null is the empty text.
    fn concatenate(&mut self, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let mut operands = Vec::new();
        for operand in [left, right] {
            let operand = self.fit(operand, &system("String"), span)?;
            let empty = self.value("String", "");
            operands.push(self.apply(Kind::Coalesce, "&", vec![operand, empty], span)?);
        }
        self.apply(Kind::Concatenate, "&", operands, span)
    }

    /// `!=`, `!~`
    fn negated(
        &mut self,
        kind: Kind,
        written: &str,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        let mut inner = self.apply(kind, written, vec![left, right], span)?;
        self.mark(&mut inner.node, &inner.ty, span);
        self.apply(Kind::Not, "not", vec![inner], span)
    }

    /// `operand is not null`
    pub fn truth(
        &mut self,
        operand: &Expr,
        negated: bool,
        truth: Truth,
        span: Span,
    ) -> Option<Typed> {
        let operand = self.expression(operand)?;
        let kind = match truth {
            Truth::Null => Kind::IsNull,
            Truth::True => Kind::IsTrue,
            Truth::False => Kind::IsFalse,
        };
        let written = ["is", truth.text()].join(" ");
        let mut test = self.apply(kind, &written, vec![operand], span)?;
        if !negated {
            return Some(test);
        }
        self.mark(&mut test.node, &test.ty, span);
        self.apply(Kind::Not, "not", vec![test], span)
    }

    /// `on[index]`
    pub fn item(&mut self, on: &Expr, index: &Expr, span: Span) -> Option<Typed> {
        let (on, index) = (self.expression(on), self.expression(index));
        self.apply(Kind::Indexer, "[…]", vec![on?, index?], span)
    }

    /// `year from operand`
    pub fn component_from(
        &mut self,
        component: Component,
        operand: &Expr,
        span: Span,
    ) -> Option<Typed> {
        let operand = self.expression(operand);
        let (kind, precision) = match component {
            Component::Date => (Kind::DateFrom, None),
            Component::Time => (Kind::TimeFrom, None),
            Component::TimezoneOffset => (Kind::TimezoneOffsetFrom, None),
            Component::Week => return self.refuse(TypeMistake::NoWeeks, span),
            Component::Year => (Kind::DateTimeComponentFrom, Some("Year")),
            Component::Month => (Kind::DateTimeComponentFrom, Some("Month")),
            Component::Day => (Kind::DateTimeComponentFrom, Some("Day")),
            Component::Hour => (Kind::DateTimeComponentFrom, Some("Hour")),
            Component::Minute => (Kind::DateTimeComponentFrom, Some("Minute")),
            Component::Second => (Kind::DateTimeComponentFrom, Some("Second")),
            Component::Millisecond => (Kind::DateTimeComponentFrom, Some("Millisecond")),
        };
        let written = [component.text(), "from"].join(" ");
        let mut typed = self.apply(kind, &written, vec![operand?], span)?;
        if let Some(precision) = precision {
            typed.node.set("precision", precision);
        }
        Some(typed)
    }

    /// `days between low and high`, `difference in days between low and high`
    pub fn lapse_between(
        &mut self,
        lapse: Lapse,
        precision: Precision,
        (low, high): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        let (low, high) = (self.expression(low), self.expression(high));
        self.lapse(lapse, precision, low?, high?, span)
    }

    /// `duration in days of operand`: from its start to its end.
    pub fn lapse_of(
        &mut self,
        lapse: Lapse,
        precision: Precision,
        operand: &Expr,
        span: Span,
    ) -> Option<Typed> {
        let operand = self.expression(operand)?;
        let again = self.copy(&operand, span)?;
        let start = self.apply(Kind::Start, lapse.text(), vec![operand], span)?;
        let end = self.apply(Kind::End, lapse.text(), vec![again], span)?;
        self.lapse(lapse, precision, start, end, span)
    }

    fn lapse(
        &mut self,
        lapse: Lapse,
        precision: Precision,
        low: Typed,
        high: Typed,
        span: Span,
    ) -> Option<Typed> {
        let kind = match lapse {
            Lapse::Duration => Kind::DurationBetween,
            Lapse::Difference => Kind::DifferenceBetween,
        };
        let mut typed = self.apply(kind, lapse.text(), vec![low, high], span)?;
        typed.node.set("precision", precision_name(precision));
        Some(typed)
    }

    /// `expand operand per day`, `collapse operand`
    pub fn iterate(
        &mut self,
        iteration: Iteration,
        operand: &Expr,
        per: Option<&Per>,
        span: Span,
    ) -> Option<Typed> {
        let operand = self.expression(operand);
        let per = match per {
            None => Some(self.null_of(&system("Quantity"))),
            Some(Per::Precision(precision)) => Some(self.unit_quantity("1.0", precision.text())),
            Some(Per::Expr(expr)) => self.expression(expr).map(|per| self.per_quantity(per)),
        };
        let kind = match iteration {
            Iteration::Expand => Kind::Expand,
            Iteration::Collapse => Kind::Collapse,
        };
        self.apply(kind, iteration.text(), vec![operand?, per?], span)
    }

    /// A number as step is a quantity without a unit.
    fn per_quantity(&self, per: Typed) -> Typed {
        let is_number = ["Integer", "Long", "Decimal"]
            .iter()
            .any(|name| is_system(&per.ty, name));
        match per.node.text("value") {
            Some(value) if is_number && per.node.kind() == Kind::Literal => {
                self.unit_quantity(value, "1")
            }
            _ => per,
        }
    }
}
