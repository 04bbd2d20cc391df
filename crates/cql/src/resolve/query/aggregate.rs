//! `aggregate` (Author's Guide §8).

use crate::elm::{Kind, Node};
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, system};
use crate::syntax::Aggregate;

impl Translator<'_> {
    /// The clause. Its name is, inside it, the result so far: of the type of what it starts with.
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) -> Option<Typed> {
        let starting = aggregate
            .starting
            .as_ref()
            .map(|starting| self.expression(starting));
        let starting = match starting {
            Some(starting) => Some(starting?),
            None => None,
        };
        self.warn_hiding("let", &aggregate.name);
        let ty = starting
            .as_ref()
            .map_or(system("Any"), |starting| starting.ty.clone());
        self.names.scopes.add_let(&aggregate.name.text, ty);
        let next = self.expression(&aggregate.expr)?;
        let mut node = Node::part(Kind::AggregateClause).with("identifier", &*aggregate.name.text);
        if aggregate.distinct {
            node.set("distinct", true);
        }
        self.mark(
            &mut node,
            &next.ty,
            aggregate.name.span.to(aggregate.expr.span),
        );
        node.set("expression", next.node);
        let starting = starting.unwrap_or_else(|| {
            let mut null = Typed::null();
            self.mark_type(&mut null.node, &next.ty);
            null
        });
        node.set("starting", starting.node);
        Some(Typed::new(node, next.ty))
    }
}
