//! Retrieves and queries (Author's Guide §3 and §4, Developer's Guide §2).

use super::super::operator::SortDirection;
use super::{Expr, Name, QualifiedName, Span, TypeSpecifier};

/// `[context -> Type: path in terminology]`
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieve {
    /// The related context that the data is of, before `->`.
    pub context: Option<QualifiedName>,
    /// The type of the data.
    pub ty: TypeSpecifier,
    /// Which codes it must have; all if there is none.
    pub codes: Option<CodeFilter>,
}

/// What stands after `:` in a retrieve.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeFilter {
    /// The element, and how it compares; the primary code path of the type if there is none.
    pub path: Option<(Expr, Comparator)>,
    /// The codes: a value set, a code, a list of them.
    pub terminology: Expr,
}

/// How a retrieve compares codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// `in`
    In,
    /// `=`
    Equal,
    /// `~`
    Equivalent,
}

/// A query: sources, and what is done with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What it ranges over, at least one.
    pub sources: Vec<Source>,
    /// `let`
    pub lets: Vec<Let>,
    /// `with` and `without`, in the order written.
    pub relationships: Vec<Relationship>,
    /// `where`
    pub filter: Option<Expr>,
    /// `return`; never beside `aggregate`.
    pub result: Option<Return>,
    /// `aggregate`
    pub aggregate: Option<Aggregate>,
    /// `sort`
    pub sort: Option<Sort>,
}

/// A source and its alias.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The source.
    pub expr: Expr,
    /// The alias.
    pub alias: Name,
}

/// `let name: expression`
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub expr: Expr,
}

/// `with source alias such that condition`, `without …`
#[derive(Debug, Clone, PartialEq)]
pub struct Relationship {
    /// Whether there must be none.
    pub without: bool,
    /// What is related.
    pub source: Source,
    /// When it is.
    pub condition: Expr,
}

/// `return all expression`
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    /// Whether equal results are kept. `return` alone and `return distinct` keep one of them.
    pub all: bool,
    /// The result of each row.
    pub expr: Expr,
}

/// `aggregate distinct name starting expression: expression`
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Whether equal rows count once.
    pub distinct: bool,
    /// The name of the result so far.
    pub name: Name,
    /// What it starts with; null if there is nothing.
    pub starting: Option<Expr>,
    /// The next result.
    pub expr: Expr,
}

/// `sort …`
#[derive(Debug, Clone, PartialEq)]
pub enum Sort {
    /// `sort asc`: by the result itself.
    Direction(Direction),
    /// `sort by …`
    By(Vec<SortItem>),
}

/// Which way, and where that is said.
#[derive(Debug, Clone, Copy, Eq)]
pub struct Direction {
    /// Which way.
    pub direction: SortDirection,
    /// Where it is said.
    pub span: Span,
}

impl PartialEq for Direction {
    fn eq(&self, other: &Direction) -> bool {
        self.direction == other.direction
    }
}

/// One key of `sort by`.
#[derive(Debug, Clone, PartialEq)]
pub struct SortItem {
    /// The key.
    pub expr: Expr,
    /// Which way; ascending if not said.
    pub direction: Option<Direction>,
}
