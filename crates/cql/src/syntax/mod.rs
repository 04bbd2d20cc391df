//! From text to tree and back.
//!
//! ```text
//!   text ──► lexer ──► words ──► parser ──► Library ──► print ──► text
//!                │                 │
//!                └─ SyntaxError ◄──┘
//! ```
//!
//! The grammar is that of CQL 1.5.3; the tests of the 2.0 ballot use no other. Reading never fails: there is always a
//! tree, with all the mistakes that were found. Where the grammar leaves a choice, the longest reading is taken, as the
//! grammar's own tool does.
//!
//! ```
//! use salus_cql::syntax;
//!
//! let read = syntax::parse("library Demo define Adult: AgeInYears()>=18 and exists[Encounter]");
//! assert!(read.diagnostics.is_empty());
//! assert_eq!(
//!     read.library.to_string(),
//!     "library Demo\n\ndefine Adult:\n  AgeInYears() >= 18 and exists [Encounter]\n"
//! );
//!
//! let read = syntax::parse("define A: (1 + 2\ndefine B: 1 == 2");
//! let found: Vec<&str> = read.diagnostics.iter().map(|d| d.code().as_str()).collect();
//! assert_eq!(found, ["SAL-CQL-0005", "SAL-CQL-0002"]);
//! assert_eq!(read.library.items.len(), 2);
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
pub use operator::{
    BinaryOperator, Binding, Boundary, Component, Exactness, Iteration, Lapse, Offset, Precision,
    Relation, Side, SortDirection, Timing, Truth, TypeOperator, UnaryOperator,
};
pub use token::keywords;
pub use tree::*;

/// How long a library may be, in bytes. The longest of the published measures have 200,000.
pub const TEXT_BYTES_MAX: usize = 1 << 23;
/// How many levels the tree of a definition may have. Who walks the tree may recurse as deep.
pub const DEPTH_MAX: usize = 400;

/// A library that was read, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree. When there are diagnostics it is what could be made of the text.
    pub library: Library,
    /// What is wrong, in the order of the text. Empty when the library is sound.
    pub diagnostics: Vec<SyntaxError>,
}

/// An expression that was read, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct ParsedExpr {
    /// The tree. When there are diagnostics it is what could be made of the text.
    pub expr: Expr,
    /// What is wrong, in the order of the text. Empty when the expression is sound.
    pub diagnostics: Vec<SyntaxError>,
}

/// Reads a library.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    if let Some(error) = too_long(text) {
        return Parsed {
            library: Library::default(),
            diagnostics: vec![error],
        };
    }
    let (library, diagnostics) = parser::Parser::new(text).library();
    Parsed {
        library,
        diagnostics,
    }
}

/// Reads an expression alone, as the official tests have them.
#[must_use]
pub fn parse_expr(text: &str) -> ParsedExpr {
    if let Some(error) = too_long(text) {
        return ParsedExpr {
            expr: Expr::new(ExprKind::Error, error.span()),
            diagnostics: vec![error],
        };
    }
    let (expr, diagnostics) = parser::Parser::new(text).whole_expression();
    ParsedExpr { expr, diagnostics }
}

fn too_long(text: &str) -> Option<SyntaxError> {
    (text.len() > TEXT_BYTES_MAX).then(|| SyntaxError::TooLong {
        bytes: text.len(),
        bytes_max: TEXT_BYTES_MAX,
        span: Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX)),
    })
}

#[cfg(test)]
mod tests;
