//! Expressions: one match, one method for each kind in the module of its concept.

use super::translator::Translator;
use super::type_mistake::TypeMistake;
use super::typed::Typed;
use crate::syntax::{Expr, ExprKind, Literal, Name};

impl Translator<'_> {
    /// An expression in ELM; nothing when a mistake in it has been reported.
    ///
    /// Methods that this calls translate all the parts of an expression before they give up on one, so that all its
    /// mistakes are found.
    pub fn expression(&mut self, expr: &Expr) -> Option<Typed> {
        let mut typed = self.unmarked(expr)?;
        self.mark(&mut typed.node, &typed.ty, expr.span);
        Some(typed)
    }

    fn unmarked(&mut self, expr: &Expr) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Literal(literal) => {
                if let Literal::String(text) = literal {
                    self.warn_of_text(text, expr.span);
                }
                self.literal(literal)
            }
            ExprKind::Unary { operator, operand } => self.unary(*operator, operand, expr.span),
            ExprKind::Binary {
                operator,
                precision,
                left,
                right,
            } => self.binary(*operator, *precision, (left, right), expr.span),
            ExprKind::Identifier(name) => self.identifier(name),
            ExprKind::External(name) => self.constant(name),
            ExprKind::This => self.this(expr.span),
            ExprKind::Index => self.index(expr.span),
            ExprKind::Total => self.total(expr.span),
            ExprKind::Member { on, name } => self.member(on, name, expr.span),
            ExprKind::Call {
                on,
                name,
                arguments,
            } => self.call(on.as_deref(), name, arguments, expr.span),
            ExprKind::Retrieve(retrieve) => self.retrieve(retrieve, expr.span),
            ExprKind::Query(query) => self.query(query, expr.span),
            // What could not be read has been reported.
            ExprKind::Error => None,
            _ => self.operation(expr),
        }
    }

    /// Expressions with words of their own.
    fn operation(&mut self, expr: &Expr) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Item { on, index } => self.item(on, index, span),
            ExprKind::Timing {
                phrase,
                left,
                right,
            } => self.timing(phrase, (left, right), span),
            ExprKind::Between {
                properly,
                operand,
                low,
                high,
            } => self.between(*properly, operand, (low, high), span),
            ExprKind::LapseBetween {
                lapse,
                precision,
                low,
                high,
            } => self.lapse_between(*lapse, *precision, (low, high), span),
            ExprKind::LapseOf {
                lapse,
                precision,
                operand,
            } => self.lapse_of(*lapse, *precision, operand, span),
            ExprKind::ComponentFrom { component, operand } => {
                self.component_from(*component, operand, span)
            }
            ExprKind::Truth {
                operand,
                negated,
                truth,
            } => self.truth(operand, *negated, *truth, span),
            ExprKind::Iterate {
                iteration,
                operand,
                per,
            } => self.iterate(*iteration, operand, per.as_ref(), span),
            _ => self.selection(expr),
        }
    }

    /// Expressions about types, choices between expressions, and selectors.
    fn selection(&mut self, expr: &Expr) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Type {
                operand,
                operator,
                ty,
            } => self.type_operator(*operator, operand, ty, span),
            ExprKind::Convert { operand, to } => self.conversion(operand, to, span),
            ExprKind::Extent { maximum, ty } => self.extent(*maximum, ty),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.condition(condition, (then, otherwise), span),
            ExprKind::Case(case) => self.case(case, span),
            ExprKind::Interval {
                low_closed,
                low,
                high,
                high_closed,
            } => self.interval_selector((low, *low_closed), (high, *high_closed), span),
            ExprKind::Tuple(elements) => self.tuple_selector(elements),
            ExprKind::Instance { ty, elements } => self.instance_selector(ty, elements),
            ExprKind::List { ty, items } => self.list_selector(ty.as_ref(), items),
            ExprKind::Code(code) => self.code_selector(code),
            ExprKind::Concept { codes, display } => self.concept_selector(codes, display.as_ref()),
            _ => None,
        }
    }

    /// `%name`: what the environment gives under this name, which is a parameter of that name.
    fn constant(&mut self, name: &Name) -> Option<Typed> {
        let parameter: Box<str> = ["%", &*name.text].concat().into();
        if self.names.named(&parameter).is_none() {
            let name_text = name.text.clone();
            return self.refuse(TypeMistake::UnknownConstant { name: name_text }, name.span);
        }
        let span = name.span;
        self.identifier(&Name {
            text: parameter,
            span,
        })
    }
}
