//! Queries and sorting.

use super::body::Body;
use super::list::{index_name, total_name};
use crate::elm::{Kind, Node};
use crate::program::expression::{
    Expression, ExpressionKind, Query, QueryResult, Relationship, Sort, SortBy, SortKey, Source,
};
use crate::program::path::Path;

impl<'l> Body<'_, 'l> {
    pub(super) fn query(&mut self, node: &'l Node) -> ExpressionKind {
        if node.nodes("source").next().is_none() {
            return self.malformed(node, "source");
        }
        self.scope(|inner| {
            // No source sees the aliases of the others.
            let sources = node.nodes("source").map(|source| {
                let name = source.text("alias").unwrap_or_default();
                (name, inner.field(source, "expression"))
            });
            let sources: Vec<(&str, Expression)> = sources.collect();
            let sources = sources.into_iter().map(|(name, expression)| Source {
                slot: inner.declare(name),
                name: name.into(),
                expression,
            });
            let sources = sources.collect();
            let lets = node.nodes("let").map(|one| {
                let expression = inner.field(one, "expression");
                let slot = inner.declare(one.text("identifier").unwrap_or_default());
                (slot, expression)
            });
            let lets = lets.collect();
            let relationships = node.nodes("relationship");
            let relationships = relationships.map(|one| inner.relationship(one)).collect();
            let condition = inner.optional(node, "where");
            let result = inner.query_result(node);
            let sort = node.node("sort").and_then(|sort| inner.sort(sort));
            ExpressionKind::Query(Box::new(Query {
                sources,
                lets,
                relationships,
                condition,
                result,
                sort,
            }))
        })
    }

    fn relationship(&mut self, node: &'l Node) -> Relationship {
        let source = self.field(node, "expression");
        let without = node.kind() == Kind::Without;
        let (slot, such_that) = self.scope(|inner| {
            let slot = inner.declare(node.text("alias").unwrap_or_default());
            (slot, inner.optional(node, "suchThat"))
        });
        Relationship {
            slot,
            without,
            source,
            // Found when all is compiled.
            is_fixed: false,
            such_that,
            join: None,
        }
    }

    fn query_result(&mut self, node: &'l Node) -> QueryResult {
        if let Some(aggregate) = node.node("aggregate") {
            let starting = self.optional(aggregate, "starting");
            let distinct = aggregate.boolean("distinct").unwrap_or(false);
            return self.scope(|inner| {
                let name = aggregate.text("identifier").unwrap_or("$total");
                let total = inner.declare(name);
                QueryResult::Aggregate {
                    total,
                    starting,
                    expression: inner.field(aggregate, "expression"),
                    distinct,
                }
            });
        }
        match node.node("return") {
            Some(result) => QueryResult::Return {
                expression: self.field(result, "expression"),
                distinct: result.boolean("distinct").unwrap_or(true),
            },
            None => QueryResult::Rows,
        }
    }

    /// The keys of a sort; `None` when there are none. The item's elements are names in its expressions.
    pub(super) fn sort(&mut self, node: &'l Node) -> Option<Sort> {
        node.nodes("by").next()?;
        self.scope(|inner| {
            let slot = inner.declare("$this");
            let outer = inner.sorted.replace(slot);
            let by = node.nodes("by").map(|by| inner.sort_by(by)).collect();
            inner.sorted = outer;
            Some(Sort { slot, by })
        })
    }

    fn sort_by(&mut self, node: &'l Node) -> SortBy {
        let descending = matches!(node.text("direction"), Some("desc" | "descending"));
        let key = match (node.node("expression"), node.text("path")) {
            (Some(expression), _) => SortKey::Expression(self.expression(expression)),
            (None, Some(path)) => match Path::parse(path) {
                Some(path) => SortKey::Path(path),
                None => {
                    self.malformed(node, "path");
                    SortKey::Item
                }
            },
            (None, None) => SortKey::Item,
        };
        SortBy { key, descending }
    }

    /// The slot of the item, position or total of a scope.
    pub(super) fn iteration(&self, node: &Node) -> Option<u32> {
        let scope = node.text("scope").or_else(|| node.text("name"));
        let scope = scope.unwrap_or("$this");
        match node.kind() {
            Kind::Iteration => self.named(&index_name(scope)),
            Kind::Total => {
                let total = self.named(&total_name(scope));
                total.or_else(|| self.named("$total"))
            }
            _ => self.named(scope),
        }
    }
}
