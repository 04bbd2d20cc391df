//! Expressions.

use super::doc::{Doc, enclosed, indent, text};
use super::library::{code_ref, display};
use super::{comments, name, query, string, timing};
use crate::syntax::operator::{BinaryOperator, Binding, TypeOperator};
use crate::syntax::tree::{
    Case, ConvertTarget, Element, Expr, ExprKind, Literal, Per, Sort, TypeSpecifier,
};
use salus_values::Unit;

/// The expression with its comments.
pub(super) fn expr(expr: &Expr) -> Doc {
    let doc = kind(&expr.kind);
    match expr.comments.is_empty() {
        true => doc,
        false => {
            let mut docs = comments(&expr.comments);
            docs.push(doc);
            Doc::All(docs)
        }
    }
}

/// How tightly the outermost operator binds.
fn binding(expr: &Expr) -> Binding {
    match &expr.kind {
        ExprKind::Query(_) | ExprKind::If { .. } | ExprKind::Iterate { .. } => Binding::Open,
        ExprKind::Unary { operator, .. } => operator.binding(),
        ExprKind::Binary { operator, .. } => operator.binding(),
        ExprKind::Timing { .. } => Binding::Timing,
        ExprKind::Between { .. } => Binding::Between,
        ExprKind::Truth { .. } => Binding::Truth,
        ExprKind::Type {
            operator: TypeOperator::Cast,
            ..
        } => Binding::Whole,
        ExprKind::Type { .. } => Binding::Type,
        ExprKind::Retrieve(_) | ExprKind::LapseBetween { .. } => Binding::Whole,
        ExprKind::LapseOf { .. } | ExprKind::ComponentFrom { .. } => Binding::Sign,
        // They end with a type or a text, after which a dot or brace would be read as part of it.
        ExprKind::Convert { .. }
        | ExprKind::Extent { .. }
        | ExprKind::Code(_)
        | ExprKind::Concept { .. } => Binding::Sign,
        ExprKind::Literal(literal) if is_negative(literal) => Binding::Sign,
        ExprKind::Literal(Literal::Ratio(_)) => Binding::Sign,
        _ => Binding::Invocation,
    }
}

/// Whether a literal is written with a sign.
fn is_negative(literal: &Literal) -> bool {
    match literal {
        Literal::Integer(value) => *value < 0,
        Literal::Long(value) => *value < 0,
        _ => false,
    }
}

/// An operand, in parentheses when it binds less tightly than it must.
pub(super) fn within(operand: &Expr, least: Binding) -> Doc {
    match binding(operand) >= least {
        true => expr(operand),
        false => parenthesized(operand),
    }
}

pub(super) fn parenthesized(operand: &Expr) -> Doc {
    enclosed("(", vec![expr(operand)], ")")
}

/// Expressions that will have commas between them.
fn items(all: &[Expr]) -> Vec<Doc> {
    let numbered = all.iter().enumerate();
    numbered
        .map(|(nth, one)| item(one, nth + 1 == all.len()))
        .collect()
}

/// One of several; before a comma, in parentheses if it would take what follows as its own.
fn item(one: &Expr, last: bool) -> Doc {
    match takes_commas(one) && !last {
        true => parenthesized(one),
        false => expr(one),
    }
}

/// Whether a comma after it would belong to it: it ends with the keys of a sort, with `let`, or with sources.
fn takes_commas(of: &Expr) -> bool {
    match &of.kind {
        ExprKind::If { otherwise, .. } => takes_commas(otherwise),
        ExprKind::Unary { operator, operand } => {
            operator.binding() == Binding::Open && takes_commas(operand)
        }
        ExprKind::Query(query) => match &query.sort {
            Some(sort) => matches!(sort, Sort::By(_)),
            None => {
                let ends = query.result.is_some()
                    || query.aggregate.is_some()
                    || query.filter.is_some()
                    || !query.relationships.is_empty();
                !ends && (query.sources.len() > 1 || !query.lets.is_empty())
            }
        },
        _ => false,
    }
}

/// The right side of an operator: operators of one level associate to the left.
pub(super) fn right_of(operand: &Expr, above: Binding) -> Doc {
    match binding(operand) > above {
        true => expr(operand),
        false => parenthesized(operand),
    }
}

fn kind(kind: &ExprKind) -> Doc {
    match kind {
        ExprKind::Literal(literal) => text(literal.to_string()),
        ExprKind::Identifier(of) => text(name(of)),
        ExprKind::External(of) => text(format!("%{}", name(of))),
        ExprKind::This => text("$this"),
        ExprKind::Index => text("$index"),
        ExprKind::Total => text("$total"),
        ExprKind::Member { on, name: of } => Doc::All(vec![
            within(on, Binding::Invocation),
            text(format!(".{}", name(of))),
        ]),
        ExprKind::Call {
            on,
            name: of,
            arguments,
        } => {
            let mut docs = Vec::new();
            if let Some(on) = on {
                docs.extend([within(on, Binding::Invocation), text(".")]);
            }
            docs.push(text(name(of)));
            docs.push(enclosed("(", items(arguments), ")"));
            Doc::All(docs)
        }
        ExprKind::Item { on, index } => Doc::All(vec![
            within(on, Binding::Invocation),
            enclosed("[", vec![expr(index)], "]"),
        ]),
        ExprKind::Interval {
            low_closed,
            low,
            high,
            high_closed,
        } => {
            let open = if *low_closed {
                "Interval["
            } else {
                "Interval("
            };
            let close = if *high_closed { "]" } else { ")" };
            enclosed(open, vec![item(low, false), expr(high)], close)
        }
        ExprKind::Tuple(elements) => elements_doc("Tuple {", elements),
        ExprKind::Instance { ty, elements } => elements_doc(&format!("{ty} {{"), elements),
        ExprKind::List { ty, items } => list(ty.as_ref(), items),
        ExprKind::Code(code) => text(format!("Code {}", code_ref(code))),
        ExprKind::Concept {
            codes,
            display: said,
        } => {
            let codes = codes
                .iter()
                .map(|code| text(format!("Code {}", code_ref(code))))
                .collect();
            Doc::All(vec![
                enclosed("Concept { ", codes, " }"),
                text(display(said.as_ref())),
            ])
        }
        ExprKind::Retrieve(retrieve) => query::retrieve(retrieve),
        ExprKind::Query(of) => query::query(of),
        ExprKind::Case(case) => case_doc(case),
        // Nothing that can be read: the tree of a text with mistakes is not to be read again.
        ExprKind::Error => text("\u{fffd}"),
        operator => operation(operator),
    }
}

/// What is made of operators and their operands.
fn operation(kind: &ExprKind) -> Doc {
    match kind {
        ExprKind::Unary { operator, operand } => {
            let space = if operator.text().len() > 1 { " " } else { "" };
            let operand = match operator.binding() {
                Binding::Open => expr(operand),
                least => within(operand, least),
            };
            Doc::All(vec![text(format!("{operator}{space}")), operand])
        }
        ExprKind::Binary {
            operator,
            precision,
            left,
            right,
        } => {
            let of = precision.map_or(String::new(), |precision| format!(" {precision} of"));
            binary(*operator, &of, left, right)
        }
        ExprKind::Timing {
            phrase,
            left,
            right,
        } => infix(
            within(left, Binding::Timing),
            timing::phrase(phrase),
            match phrase.right() {
                // `start` before anything else would be a name.
                Some(_) => within(right, Binding::Invocation),
                None => right_of(right, Binding::Timing),
            },
        ),
        ExprKind::Between {
            properly,
            operand,
            low,
            high,
        } => {
            let properly = if *properly { "properly " } else { "" };
            infix(
                within(operand, Binding::Between),
                format!("{properly}between"),
                between(low, high),
            )
        }
        ExprKind::LapseBetween {
            lapse,
            precision,
            low,
            high,
        } => Doc::All(vec![
            text(format!("{lapse} in {precision}s between ")),
            between(low, high),
        ]),
        ExprKind::LapseOf {
            lapse,
            precision,
            operand,
        } => Doc::All(vec![
            text(format!("{lapse} in {precision}s of ")),
            within(operand, Binding::Sign),
        ]),
        ExprKind::ComponentFrom { component, operand } => Doc::All(vec![
            text(format!("{component} from ")),
            within(operand, Binding::Sign),
        ]),
        ExprKind::Truth {
            operand,
            negated,
            truth,
        } => {
            let not = if *negated { "not " } else { "" };
            Doc::All(vec![
                within(operand, Binding::Truth),
                text(format!(" is {not}{truth}")),
            ])
        }
        other => conversion(other),
    }
}

/// What has to do with types, conditions and steps.
fn conversion(kind: &ExprKind) -> Doc {
    match kind {
        ExprKind::Type {
            operand,
            operator: TypeOperator::Cast,
            ty,
        } => Doc::All(vec![
            text("cast "),
            within(operand, Binding::Truth),
            text(format!(" as {ty}")),
        ]),
        ExprKind::Type {
            operand,
            operator,
            ty,
        } => Doc::All(vec![
            within(operand, Binding::Type),
            text(format!(" {operator} {ty}")),
        ]),
        ExprKind::Convert { operand, to } => {
            let to = match to {
                ConvertTarget::Type(ty) => ty.to_string(),
                ConvertTarget::Unit(Unit::Calendar(unit)) => unit.plural().to_owned(),
                ConvertTarget::Unit(Unit::Ucum(unit)) => string(unit.code()),
            };
            Doc::All(vec![
                text("convert "),
                expr(operand),
                text(format!(" to {to}")),
            ])
        }
        ExprKind::Extent { maximum, ty } => text(format!(
            "{} {ty}",
            if *maximum { "maximum" } else { "minimum" }
        )),
        ExprKind::Iterate {
            iteration,
            operand,
            per,
        } => {
            let mut docs = vec![text(format!("{iteration} ")), within(operand, Binding::Set)];
            match per {
                None => {}
                Some(Per::Precision(precision)) => docs.push(text(format!(" per {precision}"))),
                Some(Per::Expr(step)) => docs.extend([text(" per "), within(step, Binding::Set)]),
            }
            Doc::All(docs)
        }
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => Doc::Group(vec![
            text("if "),
            expr(condition),
            indent(vec![Doc::Space, text("then "), expr(then)]),
            indent(vec![Doc::Space, text("else "), expr(otherwise)]),
        ]),
        _ => text("\u{fffd}"),
    }
}

/// Chains of logic and of sets have one operand to a line when they are long.
fn binary(operator: BinaryOperator, of: &str, left: &Expr, right: &Expr) -> Doc {
    let level = operator.binding();
    let right = right_of(right, level);
    if level > Binding::And || level == Binding::Implies {
        return infix(within(left, level), format!("{operator}{of}"), right);
    }
    let mut docs = vec![Doc::Space, text(format!("{operator} ")), right];
    let mut first = left;
    while let ExprKind::Binary {
        operator,
        left,
        right,
        ..
    } = &first.kind
        && operator.binding() == level
        && first.comments.is_empty()
    {
        let before = vec![
            Doc::Space,
            text(format!("{operator} ")),
            right_of(right, level),
        ];
        docs.splice(0..0, before);
        first = left;
    }
    Doc::Group(vec![within(first, level), indent(docs)])
}

fn infix(left: Doc, operator: String, right: Doc) -> Doc {
    Doc::All(vec![left, text(format!(" {operator} ")), right])
}

fn between(low: &Expr, high: &Expr) -> Doc {
    infix(
        within(low, Binding::Addition),
        "and".to_owned(),
        within(high, Binding::Addition),
    )
}

fn elements_doc(open: &str, elements: &[Element]) -> Doc {
    if elements.is_empty() {
        return text(format!("{open} : }}"));
    }
    let last = elements.len() - 1;
    let elements = elements.iter().enumerate().map(|(nth, element)| {
        let name = text(format!("{}: ", name(&element.name)));
        Doc::All(vec![name, item(&element.value, nth == last)])
    });
    enclosed(&format!("{open} "), elements.collect(), " }")
}

fn list(ty: Option<&TypeSpecifier>, items: &[Expr]) -> Doc {
    let open = ty.map_or(String::new(), |ty| format!("List<{ty}> "));
    match items.is_empty() {
        true => text(format!("{open}{{}}")),
        false => enclosed(&format!("{open}{{ "), self::items(items), " }"),
    }
}

fn case_doc(case: &Case) -> Doc {
    let mut docs = vec![text("case")];
    if let Some(comparand) = &case.comparand {
        docs.extend([text(" "), expr(comparand)]);
    }
    let mut inside = Vec::new();
    for item in &case.items {
        inside.extend([
            Doc::Space,
            text("when "),
            expr(&item.when),
            text(" then "),
            expr(&item.then),
        ]);
    }
    inside.extend([Doc::Space, text("else "), expr(&case.otherwise)]);
    docs.extend([indent(inside), Doc::Space, text("end")]);
    Doc::Group(docs)
}
