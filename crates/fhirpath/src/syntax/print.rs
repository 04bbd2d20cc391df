//! From tree to text: the canonical form.
//!
//! One space around operators, after commas and before units; parentheses where the tree needs them; names in backticks
//! only where they must be. Reading the text gives the same tree again.

use std::fmt::{self, Display, Formatter, Write};

use super::operator::Binding;
use super::token::is_plain_name;
use super::tree::{Expr, ExprKind, Literal, Name, TypeSpecifier};
use salus_lexis::write_delimited;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Empty => f.write_str("{}"),
            ExprKind::Literal(literal) => literal.fmt(f),
            ExprKind::This => f.write_str("$this"),
            ExprKind::Index => f.write_str("$index"),
            ExprKind::Total => f.write_str("$total"),
            ExprKind::Variable { name } => {
                f.write_char('%')?;
                write_name(f, &name.text)
            }
            ExprKind::Member { on, name } => {
                write_on(f, on.as_deref())?;
                write_name(f, &name.text)
            }
            ExprKind::Call {
                on,
                name,
                arguments,
            } => {
                write_on(f, on.as_deref())?;
                write_name(f, &name.text)?;
                write_arguments(f, arguments)
            }
            ExprKind::Item { on, index } => {
                write_within(f, on, Binding::Invocation)?;
                write!(f, "[{index}]")
            }
            ExprKind::Polarity { negative, operand } => {
                f.write_char(if *negative { '-' } else { '+' })?;
                write_within(f, operand, Binding::Polarity)
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => {
                write_within(f, left, operator.binding())?;
                write!(f, " {operator} ")?;
                // Operators of one level associate to the left.
                match binding(right) > operator.binding() {
                    true => right.fmt(f),
                    false => write!(f, "({right})"),
                }
            }
            ExprKind::TypeTest {
                operand,
                operator,
                ty,
            } => {
                write_within(f, operand, Binding::Type)?;
                write!(f, " {} ", operator.symbol())?;
                write_type(f, ty)
            }
            // Nothing that can be read: the tree of a text with mistakes is not to be read again.
            ExprKind::Error => f.write_char('\u{fffd}'),
        }
    }
}

/// How tightly the outermost operator binds.
fn binding(expr: &Expr) -> Binding {
    match &expr.kind {
        ExprKind::Binary { operator, .. } => operator.binding(),
        ExprKind::TypeTest { .. } => Binding::Type,
        ExprKind::Polarity { .. } => Binding::Polarity,
        ExprKind::Literal(literal) if is_negative(literal) => Binding::Polarity,
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
fn write_within(f: &mut Formatter<'_>, operand: &Expr, least: Binding) -> fmt::Result {
    match binding(operand) >= least {
        true => operand.fmt(f),
        false => write!(f, "({operand})"),
    }
}

fn write_on(f: &mut Formatter<'_>, on: Option<&Expr>) -> fmt::Result {
    let Some(on) = on else { return Ok(()) };
    write_within(f, on, Binding::Invocation)?;
    f.write_char('.')
}

fn write_arguments(f: &mut Formatter<'_>, arguments: &[Expr]) -> fmt::Result {
    f.write_char('(')?;
    for (nth, argument) in arguments.iter().enumerate() {
        f.write_str(if nth > 0 { ", " } else { "" })?;
        argument.fmt(f)?;
    }
    f.write_char(')')
}

fn write_name(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    match is_plain_name(name) {
        true => f.write_str(name),
        false => write_delimited(f, name, '`'),
    }
}

fn write_type(f: &mut Formatter<'_>, ty: &TypeSpecifier) -> fmt::Result {
    let Name { text, .. } = &ty.name;
    let Some(namespace) = &ty.namespace else {
        return write_name(f, text);
    };
    write_name(f, &namespace.text)?;
    f.write_char('.')?;
    match text.split('.').all(is_plain_name) {
        true => f.write_str(text),
        false => write_name(f, text),
    }
}
