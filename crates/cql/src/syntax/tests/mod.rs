//! Behaviour of reading and printing.

mod corpus;
mod errors;
mod layout;
mod reading;
mod round_trip;

use super::*;

/// The tree of a sound expression.
fn tree(text: &str) -> Expr {
    let read = parse_expr(text);
    assert_eq!(read.diagnostics, [], "{text}");
    read.expr
}

/// The tree of a sound library.
fn library(text: &str) -> Library {
    let read = parse(text);
    assert_eq!(read.diagnostics, [], "{text}");
    read.library
}
