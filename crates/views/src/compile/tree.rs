//! Looking into the tree of a path, and changing it where views differ from FHIRPath.

use std::sync::Arc;

use salus_fhirpath::syntax::{BinaryOperator, Expr, ExprKind, Literal};

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

/// Makes `join()` give an empty text for nothing, as views want it (their suite: `fhirpath.json`, "string join"),
/// where FHIRPath gives nothing (§5.6.12): `x.join(s)` is read as `x.join(s) & ''`.
pub(crate) fn join_gives_text(expr: Expr) -> Expr {
    let span = expr.span;
    let boxed = |expr: Box<Expr>| Box::new(join_gives_text(*expr));
    let kind = match expr.kind {
        ExprKind::Member { on, name } => ExprKind::Member {
            on: on.map(boxed),
            name,
        },
        ExprKind::Call {
            on,
            name,
            arguments,
        } => {
            let is_join = &*name.text == "join";
            let call = ExprKind::Call {
                on: on.map(boxed),
                name,
                arguments: arguments.into_iter().map(join_gives_text).collect(),
            };
            match is_join {
                true => ExprKind::Binary {
                    operator: BinaryOperator::Concatenate,
                    left: Box::new(Expr { kind: call, span }),
                    right: Box::new(Expr {
                        kind: ExprKind::Literal(Literal::String(Arc::from(""))),
                        span,
                    }),
                },
                false => call,
            }
        }
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
