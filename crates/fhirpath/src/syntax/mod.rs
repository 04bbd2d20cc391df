//! From text to tree and back.
//!
//! ```text
//!   text ──► lexer ──► words ──► parser ──► Expr ──► print ──► text
//!                │                 │
//!                └─ SyntaxError ◄──┘
//! ```
//!
//! The grammar is that of FHIRPath N1 (2.0.0) with what the ballot of 3.0.0 adds: `Long` literals and `asc` and `desc`
//! in `sort`. Reading never fails: there is always a tree, with all the mistakes that were found.
//!
//! ```
//! use salus_fhirpath::syntax;
//!
//! let read = syntax::parse("name.where(use='official').given[0]");
//! assert!(read.diagnostics.is_empty());
//! assert_eq!(read.expr.to_string(), "name.where(use = 'official').given[0]");
//!
//! let read = syntax::parse("name.where(use == 'official'.given");
//! let found: Vec<&str> = read.diagnostics.iter().map(|d| d.code().as_str()).collect();
//! assert_eq!(found, ["SAL-FHIRPATH-0005", "SAL-FHIRPATH-0002"]);
//! ```

mod error;
mod lexer;
mod literal;
mod operator;
mod parser;
mod print;
mod token;
mod tree;

pub use error::SyntaxError;
pub use operator::{BinaryOperator, Binding, TypeOperator};
pub use tree::{Expr, ExprKind, Literal, Name, Span, TypeSpecifier};

/// How long an expression may be, in bytes. The longest of HL7's own definitions have 3,000.
pub const TEXT_BYTES_MAX: usize = 1 << 16;
/// How many levels a tree may have: each step of a path and each operator of a chain is one. Who walks the tree may
/// recurse as deep.
pub const DEPTH_MAX: usize = 256;

/// An expression that was read, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The tree. When there are diagnostics it is what could be made of the text, and not to be evaluated.
    pub expr: Expr,
    /// What is wrong, in the order of the text. Empty when the expression is sound.
    pub diagnostics: Vec<SyntaxError>,
}

/// Reads an expression.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    if text.len() > TEXT_BYTES_MAX {
        return too_long(text);
    }
    let (expr, diagnostics) = parser::Parser::new(text).parse();
    Parsed { expr, diagnostics }
}

fn too_long(text: &str) -> Parsed {
    let span = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    Parsed {
        expr: Expr {
            kind: ExprKind::Error,
            span,
        },
        diagnostics: vec![SyntaxError::TooLong {
            bytes: text.len(),
            bytes_max: TEXT_BYTES_MAX,
            span,
        }],
    }
}

#[cfg(test)]
mod tests;
