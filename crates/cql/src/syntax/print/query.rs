//! Retrieves and queries.

use super::doc::{Doc, enclosed, indent, text};
use super::expression::{expr, within};
use super::name;
use crate::syntax::operator::Binding;
use crate::syntax::tree::{Comparator, Expr, ExprKind, Query, Retrieve, Sort, Source};

pub(super) fn retrieve(retrieve: &Retrieve) -> Doc {
    let context = retrieve
        .context
        .as_ref()
        .map_or(String::new(), |context| format!("{context} -> "));
    let ty = text(format!("{context}{}", retrieve.ty));
    let Some(codes) = &retrieve.codes else {
        return Doc::All(vec![text("["), ty, text("]")]);
    };
    let mut inside = vec![ty, text(": ")];
    if let Some((path, comparator)) = &codes.path {
        let comparator = match comparator {
            Comparator::In => "in",
            Comparator::Equal => "=",
            Comparator::Equivalent => "~",
        };
        inside.extend([expr(path), text(format!(" {comparator} "))]);
        inside.push(expr(&codes.terminology));
    } else {
        // `[T: (a in b)]` has no path.
        inside.push(match codes.terminology.kind {
            ExprKind::Binary { .. } => within(&codes.terminology, Binding::Invocation),
            _ => expr(&codes.terminology),
        });
    }
    enclosed("[", vec![Doc::All(inside)], "]")
}

/// Each clause on its own line when they do not fit on one.
pub(super) fn query(query: &Query) -> Doc {
    let mut clauses = Vec::new();
    let mut clause = |docs: Vec<Doc>| {
        clauses.push(Doc::Space);
        clauses.extend(docs);
    };
    if !query.lets.is_empty() {
        let lets = query.lets.iter().map(|one| {
            Doc::All(vec![
                text(format!("{}: ", name(&one.name))),
                item(&one.expr),
            ])
        });
        clause(vec![text("let "), commas(lets.collect())]);
    }
    for relationship in &query.relationships {
        let word = if relationship.without {
            "without "
        } else {
            "with "
        };
        clause(vec![
            text(word),
            source(&relationship.source),
            indent(vec![
                Doc::Space,
                text("such that "),
                within(&relationship.condition, Binding::Set),
            ]),
        ]);
    }
    if let Some(filter) = &query.filter {
        clause(vec![text("where "), within(filter, Binding::Set)]);
    }
    if let Some(aggregate) = &query.aggregate {
        let distinct = if aggregate.distinct { "distinct " } else { "" };
        let mut docs = vec![text(format!(
            "aggregate {distinct}{}",
            name(&aggregate.name)
        ))];
        if let Some(starting) = &aggregate.starting {
            docs.push(text(" starting "));
            docs.push(match starting.kind {
                ExprKind::Literal(_) => within(starting, Binding::Invocation),
                _ => super::expression::parenthesized(starting),
            });
        }
        docs.extend([text(": "), within(&aggregate.expr, Binding::Set)]);
        clause(docs);
    }
    if let Some(result) = &query.result {
        let all = if result.all { "all " } else { "" };
        clause(vec![text(format!("return {all}")), item(&result.expr)]);
    }
    if let Some(sort) = &query.sort {
        clause(sort_docs(sort));
    }
    Doc::Group(vec![sources(&query.sources), indent(clauses)])
}

fn sources(sources: &[Source]) -> Doc {
    match sources {
        [one] => source(one),
        many => Doc::All(vec![
            text("from "),
            commas(many.iter().map(source).collect()),
        ]),
    }
}

/// Only retrieves and paths are sources without parentheses.
fn source(source: &Source) -> Doc {
    let bare = match &source.expr.kind {
        ExprKind::Retrieve(_) => true,
        _ => is_path(&source.expr),
    };
    let of = match bare {
        true => expr(&source.expr),
        false => super::expression::parenthesized(&source.expr),
    };
    Doc::All(vec![of, text(format!(" {}", name(&source.alias)))])
}

fn is_path(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Identifier(_) => true,
        ExprKind::Member { on, .. } => is_path(on),
        _ => false,
    }
}

/// A query in a clause would take the clauses that follow; and `return distinct x` is not the operator `distinct`.
fn item(of: &Expr) -> Doc {
    within(of, Binding::Set)
}

fn commas(items: Vec<Doc>) -> Doc {
    let mut docs = Vec::new();
    for (nth, item) in items.into_iter().enumerate() {
        if nth > 0 {
            docs.extend([text(","), Doc::Space]);
        }
        docs.push(item);
    }
    indent(docs)
}

fn sort_docs(sort: &Sort) -> Vec<Doc> {
    match sort {
        Sort::Direction(direction) => vec![text(format!("sort {}", direction.direction))],
        Sort::By(items) => {
            let items = items.iter().map(|item| {
                let direction = item.direction.map_or(String::new(), |direction| {
                    format!(" {}", direction.direction)
                });
                Doc::All(vec![within(&item.expr, Binding::Addition), text(direction)])
            });
            vec![text("sort by "), commas(items.collect())]
        }
    }
}
