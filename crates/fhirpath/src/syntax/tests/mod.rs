//! Behaviour of reading and printing.

mod errors;
mod reading;
mod round_trip;

use super::*;

/// The tree of a sound expression.
fn tree(text: &str) -> Expr {
    let read = parse(text);
    assert_eq!(read.diagnostics, [], "{text}");
    read.expr
}

/// The tree as text with parentheses around every operation.
fn grouped(expr: &Expr) -> String {
    let within = |expr: &Expr| match &expr.kind {
        ExprKind::Polarity { .. } | ExprKind::Binary { .. } | ExprKind::TypeTest { .. } => {
            format!("({})", grouped(expr))
        }
        _ => grouped(expr),
    };
    let before =
        |on: &Option<Box<Expr>>| on.as_deref().map_or(String::new(), |on| within(on) + ".");
    match &expr.kind {
        ExprKind::Member { on, name } => format!("{}{}", before(on), name.text),
        ExprKind::Call {
            on,
            name,
            arguments,
        } => {
            let arguments: Vec<String> = arguments.iter().map(grouped).collect();
            format!("{}{}({})", before(on), name.text, arguments.join(", "))
        }
        ExprKind::Item { on, index } => format!("{}[{}]", within(on), grouped(index)),
        ExprKind::Polarity { negative, operand } => {
            format!("{}{}", if *negative { '-' } else { '+' }, within(operand))
        }
        ExprKind::Binary {
            operator,
            left,
            right,
        } => format!("{} {operator} {}", within(left), within(right)),
        ExprKind::TypeTest {
            operand,
            operator,
            ty,
        } => format!("{} {} {ty}", within(operand), operator.symbol()),
        _ => expr.to_string(),
    }
}
