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
pub use types::{TupleElement, TypeKind, TypeSpecifier};

/// A part of the text, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Where it starts.
    pub start: u32,
    /// Where it has ended: the byte after its last one.
    pub end: u32,
}

impl Span {
    /// From `start` to before `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// From the start of this span to the end of another one.
    #[must_use]
    pub const fn to(self, end: Span) -> Span {
        Span {
            start: self.start,
            end: end.end,
        }
    }

    /// The text of this span; empty when it is not one of this text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Line and column of its start, both from 1; columns count characters, as ELM's `locator` does.
    #[must_use]
    pub fn line_column(self, text: &str) -> (u32, u32) {
        let before = text.get(..self.start as usize).unwrap_or(text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        let from_one = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
        (from_one(line), from_one(column))
    }
}

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
