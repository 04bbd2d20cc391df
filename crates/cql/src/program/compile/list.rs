//! Selectors, and operators that evaluate an expression for every item of a list.

use std::sync::Arc;

use super::body::Body;
use crate::elm::{Kind, Node};
use crate::program::error::ProgramProblem;
use crate::program::expression::{
    Closed, Expression, ExpressionKind, Fold, Instance, Interval, Scoped, SortList,
};
use crate::program::types::{InstanceType, Type};

impl<'l> Body<'_, 'l> {
    pub(super) fn selector(&mut self, node: &'l Node) -> ExpressionKind {
        match node.kind() {
            Kind::Tuple => ExpressionKind::Tuple(self.elements(node)),
            Kind::Instance => {
                let ty = self.ty(node, "classType");
                let elements = self.elements(node);
                let ty = match ty {
                    Type::System(ty) => InstanceType::System(ty),
                    Type::Fhir(ty) => InstanceType::Fhir(ty),
                    _ => return self.malformed(node, "classType"),
                };
                ExpressionKind::Instance(Box::new(Instance { ty, elements }))
            }
            Kind::Interval => ExpressionKind::Interval(Box::new(Interval {
                low: self.field_or_null(node, "low"),
                high: self.field_or_null(node, "high"),
                low_closed: self.closed(node, "lowClosed", "lowClosedExpression"),
                high_closed: self.closed(node, "highClosed", "highClosedExpression"),
            })),
            _ => ExpressionKind::List(self.all(node, "element")),
        }
    }

    fn elements(&mut self, node: &'l Node) -> Box<[(Arc<str>, Expression)]> {
        let elements = node.nodes("element").map(|element| {
            let name = Arc::from(element.text("name").unwrap_or_default());
            (name, self.field(element, "value"))
        });
        elements.collect()
    }

    fn closed(&mut self, node: &'l Node, field: &str, expression: &str) -> Closed {
        match node.node(expression) {
            Some(found) => Closed::Expression(self.expression(found)),
            None => Closed::Known(node.boolean(field).unwrap_or(true)),
        }
    }

    pub(super) fn list_operator(&mut self, node: &'l Node) -> ExpressionKind {
        match node.kind() {
            Kind::Filter => ExpressionKind::Filter(Box::new(self.scoped(node, "condition"))),
            Kind::ForEach => ExpressionKind::ForEach(Box::new(self.scoped(node, "element"))),
            Kind::Repeat => ExpressionKind::Repeat(Box::new(self.scoped(node, "element"))),
            Kind::Aggregate => self.fold(node),
            Kind::Sort => {
                let source = self.field(node, "source");
                match self.sort(node) {
                    Some(sort) => ExpressionKind::Sort(Box::new(SortList { source, sort })),
                    None => self.malformed(node, "by"),
                }
            }
            Kind::Children => ExpressionKind::Children(Box::new(self.field(node, "source"))),
            _ => ExpressionKind::Descendants(Box::new(self.field(node, "source"))),
        }
    }

    /// The names of the item of a scope and of its position: `X`, and for FHIRPath's sake `$this` and `$index`.
    fn scoped(&mut self, node: &'l Node, body: &'static str) -> Scoped {
        let source = self.field(node, "source");
        let name = node.text("scope").unwrap_or("$this");
        self.scope(|inner| {
            let this = inner.declare(name);
            let index = inner.declare(&index_name(name));
            Scoped {
                source,
                this,
                index,
                body: inner.field(node, body),
            }
        })
    }

    fn fold(&mut self, node: &'l Node) -> ExpressionKind {
        if node.node("iteration").is_none() {
            let what = "`Aggregate` without an `iteration`";
            return self.report(node, ProgramProblem::Unsupported { what });
        }
        let source = self.field(node, "source");
        let starting = self.optional(node, "initialValue");
        let name = node.text("scope").unwrap_or("$this");
        self.scope(|inner| {
            let this = inner.declare(name);
            let index = inner.declare(&index_name(name));
            let total = inner.declare(&total_name(name));
            ExpressionKind::Fold(Box::new(Fold {
                source,
                this,
                index,
                total,
                starting,
                body: inner.field(node, "iteration"),
            }))
        })
    }
}

/// The name of the position of a scope's item. No name in CQL has a line feed.
pub(super) fn index_name(scope: &str) -> String {
    format!("{scope}\nindex")
}

/// The name of the total of a scope.
pub(super) fn total_name(scope: &str) -> String {
    format!("{scope}\ntotal")
}
