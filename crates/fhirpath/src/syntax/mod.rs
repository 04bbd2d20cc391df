//! From text to tree and back.

mod operator;
mod tree;

pub use operator::{BinaryOperator, Binding, TypeOperator};
pub use tree::{Expr, ExprKind, Literal, Name, Span, TypeSpecifier};
