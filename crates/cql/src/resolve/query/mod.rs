//! Queries (Author's Guide §3 and §8, Developer's Guide §2).

mod aggregate;
mod retrieve;
mod sort;

use super::names::NameMistake;
use super::translator::Translator;
use super::typed::{Typed, list_of, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::{Expr, Let, Query, Relationship, Return, Source, Span};

/// The sources of a query, in ELM.
struct Sources {
    nodes: Vec<Node>,
    /// Alias and type of an item of each.
    items: Vec<(Box<str>, Spec)>,
    /// Whether no source is a list: the result is none, either.
    single: bool,
}

impl Translator<'_> {
    pub fn query(&mut self, query: &Query, span: Span) -> Option<Typed> {
        let outer = self.names.scopes.mark();
        let made = self.query_in_scope(query, span);
        self.names.scopes.forget(outer);
        made
    }

    fn query_in_scope(&mut self, query: &Query, span: Span) -> Option<Typed> {
        if self.options.requires_from && !self.starts_with_from(span) {
            self.refuse::<()>(NameMistake::NeedsFrom, span);
        }
        let before = self.names.scopes.mark();
        let sources = self.sources(&query.sources);
        let lets = self.lets(&query.lets);
        let relationships = self.relationships(&query.relationships);
        let filter = query.filter.as_ref().map(|filter| self.holds(filter));
        let single = sources.as_ref().is_none_or(|sources| sources.single);
        let result = query
            .result
            .as_ref()
            .map(|result| self.returned(result, single));
        let aggregate = query
            .aggregate
            .as_ref()
            .map(|aggregate| self.aggregate(aggregate));
        let (sources, lets, relationships) = (sources?, lets?, relationships?);
        let mut node = Node::new(Kind::Query).with("source", sources.nodes);
        set_list(&mut node, "let", lets);
        set_list(&mut node, "relationship", relationships);
        if let Some(filter) = filter {
            node.set("where", filter?.node);
        }
        let ty = match (result, aggregate) {
            (Some(result), _) => {
                let result = result?;
                node.set("return", result.node);
                result.ty
            }
            (None, Some(aggregate)) => {
                let aggregate = aggregate?;
                node.set("aggregate", aggregate.node);
                aggregate.ty
            }
            (None, None) => match sources.items.as_slice() {
                [(_, item)] if single => item.clone(),
                [(_, item)] => list_of(item.clone()),
                items => {
                    let result = self.tuple_of(items, single);
                    node.set("return", result.node);
                    result.ty
                }
            },
        };
        self.names.scopes.forget(before);
        if let Some(sort) = &query.sort {
            let sort = self.sorted(sort, &ty, query.aggregate.is_some(), span)?;
            node.set("sort", sort);
        }
        self.mark_type(&mut node, &ty);
        Some(Typed::new(node, ty))
    }

    /// Whether the query at this place starts with the word `from`.
    fn starts_with_from(&self, span: Span) -> bool {
        let rest = span.of(self.text).strip_prefix("from");
        rest.is_some_and(|rest| {
            !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
        })
    }

    /// The sources, none of which sees the aliases of the others.
    fn sources(&mut self, sources: &[Source]) -> Option<Sources> {
        let made: Vec<Option<Typed>> = sources
            .iter()
            .map(|source| self.expression(&source.expr))
            .collect();
        let mut all = Sources {
            nodes: Vec::new(),
            items: Vec::new(),
            single: true,
        };
        let mut sound = true;
        for (source, typed) in sources.iter().zip(made) {
            self.warn_hiding("alias", &source.alias);
            let Some(typed) = typed else {
                sound = false;
                self.names.scopes.add_unknown(&source.alias.text);
                continue;
            };
            let (item, single) = item_of(&typed.ty);
            all.single &= single;
            self.names
                .scopes
                .add_alias(&source.alias.text, item.clone());
            all.items.push((source.alias.text.clone(), item));
            all.nodes
                .push(self.aliased(Node::part(Kind::AliasedQuerySource), source, typed));
        }
        sound.then_some(all)
    }

    /// A source with its alias.
    fn aliased(&mut self, node: Node, source: &Source, typed: Typed) -> Node {
        let mut node = node.with("alias", &*source.alias.text);
        let span = source.expr.span.to(source.alias.span);
        self.mark(&mut node, &typed.ty, span);
        node.with("expression", typed.node)
    }

    fn lets(&mut self, lets: &[Let]) -> Option<Vec<Node>> {
        let mut all = Vec::new();
        let mut sound = true;
        for one in lets {
            self.warn_hiding("let", &one.name);
            let Some(typed) = self.expression(&one.expr) else {
                sound = false;
                self.names.scopes.add_unknown(&one.name.text);
                continue;
            };
            self.names.scopes.add_let(&one.name.text, typed.ty.clone());
            let mut node = Node::part(Kind::LetClause).with("identifier", &*one.name.text);
            self.mark(&mut node, &typed.ty, one.name.span.to(one.expr.span));
            all.push(node.with("expression", typed.node));
        }
        sound.then_some(all)
    }

    /// `with` and `without`, each of which sees its own alias beside those of the query.
    fn relationships(&mut self, relationships: &[Relationship]) -> Option<Vec<Node>> {
        let mut all = Vec::new();
        let mut sound = true;
        for one in relationships {
            let before = self.names.scopes.mark();
            let source = self.expression(&one.source.expr);
            self.warn_hiding("alias", &one.source.alias);
            match &source {
                Some(source) => {
                    let (item, _) = item_of(&source.ty);
                    self.names.scopes.add_alias(&one.source.alias.text, item);
                }
                None => self.names.scopes.add_unknown(&one.source.alias.text),
            }
            let condition = self.holds(&one.condition);
            self.names.scopes.forget(before);
            let (Some(source), Some(condition)) = (source, condition) else {
                sound = false;
                continue;
            };
            let kind = if one.without {
                Kind::Without
            } else {
                Kind::With
            };
            let node = self.aliased(Node::new(kind), &one.source, source);
            all.push(node.with("suchThat", condition.node));
        }
        sound.then_some(all)
    }

    /// An expression that must be true or false.
    fn holds(&mut self, condition: &Expr) -> Option<Typed> {
        let typed = self.expression(condition)?;
        self.convert(typed, &system("Boolean"), condition.span)
    }

    fn returned(&mut self, result: &Return, single: bool) -> Option<Typed> {
        let typed = self.expression(&result.expr)?;
        let ty = match single {
            true => typed.ty.clone(),
            false => list_of(typed.ty.clone()),
        };
        let mut node = Node::part(Kind::ReturnClause).with("distinct", !result.all);
        self.mark_place(&mut node, result.expr.span);
        self.mark_type(&mut node, &ty);
        Some(Typed::new(node.with("expression", typed.node), ty))
    }

    /// The result of a query of several sources that says none: a tuple with an element for each.
    fn tuple_of(&self, items: &[(Box<str>, Spec)], single: bool) -> Typed {
        let element = |(alias, item): &(Box<str>, Spec)| {
            let mut value = Node::new(Kind::AliasRef).with("name", &**alias);
            self.mark_type(&mut value, item);
            Node::part(Kind::TupleElement)
                .with("name", &**alias)
                .with("value", value)
        };
        let elements: Vec<Node> = items.iter().map(element).collect();
        let row = Spec::Tuple(items.to_vec());
        let mut tuple = Node::new(Kind::Tuple).with("element", elements);
        self.mark_type(&mut tuple, &row);
        let ty = if single { row } else { list_of(row) };
        let node = Node::part(Kind::ReturnClause)
            .with("distinct", true)
            .with("expression", tuple);
        Typed::new(node, ty)
    }
}

/// The type of one item of a source, and whether the source is that item.
fn item_of(ty: &Spec) -> (Spec, bool) {
    match ty {
        Spec::List(item) => ((**item).clone(), false),
        one => (one.clone(), true),
    }
}

fn set_list(node: &mut Node, name: &str, nodes: Vec<Node>) {
    if !nodes.is_empty() {
        node.set(name, nodes);
    }
}
