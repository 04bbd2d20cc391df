//! `sort` (Author's Guide §3).

use super::item_of;
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::resolve::names::NameMistake;
use crate::resolve::translator::Translator;
use crate::syntax::{Direction, Sort, SortItem, Span};

impl Translator<'_> {
    /// The clause, over the result of the query.
    pub(super) fn sorted(
        &mut self,
        sort: &Sort,
        result: &Spec,
        aggregates: bool,
        span: Span,
    ) -> Option<Node> {
        if aggregates {
            let why = "an aggregate is one result";
            return self.refuse(NameMistake::NothingToSort { why }, span);
        }
        let (item, single) = item_of(result);
        if single {
            let why = "no source is a list";
            return self.refuse(NameMistake::NothingToSort { why }, span);
        }
        let by = match sort {
            Sort::Direction(direction) => {
                let node = Node::new(Kind::ByDirection);
                vec![node.with("direction", direction_name(Some(direction)))]
            }
            Sort::By(items) => {
                let items: Vec<_> = items.iter().map(|key| self.sort_key(key, &item)).collect();
                items.into_iter().collect::<Option<_>>()?
            }
        };
        Some(Node::part(Kind::SortClause).with("by", by))
    }

    fn sort_key(&mut self, key: &SortItem, item: &Spec) -> Option<Node> {
        let before = self.names.scopes.mark();
        self.names.scopes.add_sorted(item.clone());
        let typed = self.expression(&key.expr);
        self.names.scopes.forget(before);
        let typed = typed?;
        let column = typed
            .node
            .text("name")
            .filter(|_| typed.node.kind() == Kind::IdentifierRef);
        let mut node = match column {
            Some(column) => Node::new(Kind::ByColumn).with("path", column),
            None => Node::new(Kind::ByExpression),
        };
        node.set("direction", direction_name(key.direction.as_ref()));
        self.mark(&mut node, &typed.ty, key.expr.span);
        if node.kind() == Kind::ByExpression {
            node.set("expression", typed.node);
        }
        Some(node)
    }
}

/// `asc` or `desc`, the first if nothing is said.
fn direction_name(direction: Option<&Direction>) -> &'static str {
    direction.map_or("asc", |direction| direction.direction.text())
}
