//! The tree of a library.
//!
//! One module for each chapter: [`library`](Library) headers and definitions, [expressions](Expr), [queries](Query),
//! [types](TypeSpecifier), [literals](Literal). Two trees are equal when they say the same: where their parts stand in
//! the text does not count, nor do comments.

mod expression;
mod library;
mod literal;
mod query;
mod types;

pub use expression::{Case, ConvertTarget, Element, Expr, ExprKind, Per, WhenThen};
pub use library::{
    Access, CodeRef, Function, Header, Item, ItemKind, Library, Operand, QualifiedName, tags,
};
pub use literal::Literal;
pub use query::{
    Aggregate, CodeFilter, Comparator, Direction, Let, Query, Relationship, Retrieve, Return, Sort,
    SortItem, Source,
};
pub use salus_lexis::Span;
pub use types::{TupleElement, TypeKind, TypeSpecifier};

/// A name or a text as it is meant: delimiters removed, escapes resolved.
#[derive(Debug, Clone, Eq)]
pub struct Name {
    /// What it says.
    pub text: Box<str>,
    /// Where it stands, with its delimiters.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
    }
}

/// A comment, with its `//` or `/*` and `*/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The comment as written.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

impl Comment {
    /// Whether it ends with its line.
    #[must_use]
    pub fn is_line(&self) -> bool {
        self.text.starts_with("//")
    }
}
