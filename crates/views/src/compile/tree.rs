//! Looking into the tree of a path, and changing it where views differ from FHIRPath.

use std::sync::Arc;

use salus_fhirpath::syntax::{BinaryOperator, Expr, ExprKind, Literal, Name, Span};

/// Shows an expression and all its parts.
pub(crate) fn walk<'x>(expr: &'x Expr, show: &mut impl FnMut(&'x Expr)) {
    show(expr);
    match &expr.kind {
        ExprKind::Member { on, .. } => on.iter().for_each(|on| walk(on, show)),
        ExprKind::Call { on, arguments, .. } => {
            on.iter().for_each(|on| walk(on, show));
            arguments.iter().for_each(|argument| walk(argument, show));
        }
        ExprKind::Item { on, index } => {
            walk(on, show);
            walk(index, show);
        }
        ExprKind::Polarity { operand, .. } | ExprKind::TypeTest { operand, .. } => {
            walk(operand, show);
        }
        ExprKind::Binary { left, right, .. } => {
            walk(left, show);
            walk(right, show);
        }
        ExprKind::Empty
        | ExprKind::Literal(_)
        | ExprKind::This
        | ExprKind::Index
        | ExprKind::Total
        | ExprKind::Variable { .. }
        | ExprKind::Error => {}
    }
}

/// The expression where views mean something else than FHIRPath.
///
/// `join()` gives an empty text for nothing (their suite: `fhirpath.json`, "string join"), where FHIRPath gives nothing
/// (§5.6.12): `x.join(s)` is read as `x.join(s) & ''`. The type that `getReferenceKey` takes may stand in quotes, as
/// in the older examples of the guide.
pub(crate) fn as_views_mean_it(expr: Expr) -> Expr {
    let span = expr.span;
    let boxed = |expr: Box<Expr>| Box::new(as_views_mean_it(*expr));
    let kind = match expr.kind {
        ExprKind::Member { on, name } => ExprKind::Member {
            on: on.map(boxed),
            name,
        },
        ExprKind::Call {
            on,
            name,
            arguments,
        } => call(on.map(boxed), name, arguments, span),
        ExprKind::Item { on, index } => ExprKind::Item {
            on: boxed(on),
            index: boxed(index),
        },
        ExprKind::Polarity { negative, operand } => ExprKind::Polarity {
            negative,
            operand: boxed(operand),
        },
        ExprKind::Binary {
            operator,
            left,
            right,
        } => ExprKind::Binary {
            operator,
            left: boxed(left),
            right: boxed(right),
        },
        ExprKind::TypeTest {
            operand,
            operator,
            ty,
        } => ExprKind::TypeTest {
            operand: boxed(operand),
            operator,
            ty,
        },
        other => other,
    };
    Expr { kind, span }
}

fn call(on: Option<Box<Expr>>, name: Name, arguments: Vec<Expr>, span: Span) -> ExprKind {
    let arguments = arguments.into_iter().map(as_views_mean_it);
    let arguments: Vec<Expr> = match &*name.text {
        "getReferenceKey" => arguments.map(unquoted).collect(),
        _ => arguments.collect(),
    };
    let is_join = &*name.text == "join";
    let call = ExprKind::Call {
        on,
        name,
        arguments,
    };
    if !is_join {
        return call;
    }
    let nothing = ExprKind::Literal(Literal::String(Arc::from("")));
    ExprKind::Binary {
        operator: BinaryOperator::Concatenate,
        left: Box::new(Expr { kind: call, span }),
        right: Box::new(Expr {
            kind: nothing,
            span,
        }),
    }
}

/// The name in a literal.
fn unquoted(expr: Expr) -> Expr {
    let span = expr.span;
    match expr.kind {
        ExprKind::Literal(Literal::String(text)) => Expr {
            kind: ExprKind::Member {
                on: None,
                name: Name {
                    text: text.as_ref().into(),
                    span,
                },
            },
            span,
        },
        kind => Expr { kind, span },
    }
}
