//! Expressions: one match, one method for each kind in the module of its concept.

use super::problem::TypeMistake;
use super::translator::Translator;
use super::typed::Typed;
use crate::syntax::{Expr, ExprKind};

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
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Unary { operator, operand } => self.unary(*operator, operand, expr.span),
            ExprKind::Binary {
                operator,
                precision,
                left,
                right,
            } => self.binary(*operator, *precision, (left, right), expr.span),
            ExprKind::Identifier(name) => self.identifier(name),
            ExprKind::External(_) => self.not_yet("a constant of the environment", expr),
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
            _ => self.not_yet("this", expr),
        }
    }

    fn not_yet(&mut self, what: &'static str, expr: &Expr) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what }, expr.span)
    }
}
