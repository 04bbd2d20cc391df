//! The compiled form of an expression: a tree of typed steps.
//!
//! Names are numbers, literals are values, operators are entries of one table ([`super::operator`]), paths are split,
//! and types are tests. What walks it is [`crate::evaluate`].

use std::convert::Infallible;
use std::sync::Arc;

use salus_values::{CountedUnit, Precision, Value};

use super::operator::{Binary, Counted, Nary, Precise, Ternary, Unary};
use super::path::Path;
use super::retrieve::Retrieve;
use super::types::{InstanceType, SystemType, Type};
use crate::operators::Vocabulary;

/// A value that is in the program itself: no record is in it.
pub(crate) type Literal = Value<Infallible>;

/// One step.
#[derive(Debug)]
pub(crate) struct Expression {
    pub kind: ExpressionKind,
    /// Its number in [`super::Program::place`].
    pub place: u32,
}

/// The whole of a define or function: a step and the frame that it needs.
#[derive(Debug)]
pub(crate) struct Block {
    pub root: Expression,
    /// How many slots its frame has.
    pub slots: u32,
    /// How deep its steps nest.
    pub levels: u32,
}

impl Block {
    pub fn new(root: Expression, slots: u32) -> Block {
        Block {
            root,
            slots,
            levels: 0,
        }
    }
}

/// What a step does. Numbers are indices into the tables of the program, slots are places in the frame.
#[derive(Debug)]
pub(crate) enum ExpressionKind {
    Null,
    /// A literal: its number among the constants.
    Constant(u32),
    /// An alias, a `let`, an operand, `$this`, `$index`, `$total`.
    Local(u32),
    /// Another define.
    Define(u32),
    Parameter(u32),
    /// A value set as the codes that it has.
    ValueSet(u32),
    /// A value set or code system itself.
    Vocabulary(SystemType, u32),
    /// A function whose overload is known.
    Call {
        function: u32,
        arguments: Box<[Expression]>,
    },
    /// A function whose overload follows from the values.
    Dispatch(Box<Dispatch>),
    /// What neither record nor frame changes: evaluated once and kept, under this number.
    Once {
        number: u32,
        expression: Box<Expression>,
    },
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<[Expression; 2]>),
    Precise(Precise, Option<Precision>, Box<[Expression; 2]>),
    Ternary(Ternary, Box<[Expression; 3]>),
    Nary(Nary, Box<[Expression]>),
    Counted(Counted, CountedUnit, Box<[Expression; 2]>),
    /// The age by a date of birth, now.
    Age(CountedUnit, Box<Expression>),
    /// A part of a date or time.
    Component(Precision, Box<Expression>),
    /// The start or end of an interval, whose point type may be known.
    Bound(Bound, Option<SystemType>, Box<Expression>),
    /// The union of what is known to be lists, even when both are null.
    UnionOfLists(Box<[Expression; 2]>),
    /// The length of what is known to be a list, even when it is null.
    LengthOfList(Box<Expression>),
    And(Box<[Expression; 2]>),
    Or(Box<[Expression; 2]>),
    Implies(Box<[Expression; 2]>),
    Coalesce(Box<[Expression]>),
    /// Whether there is anything in what is a query, of which the first row that is there is enough.
    ExistsRow(Box<Expression>),
    If(Box<[Expression; 3]>),
    Case(Box<Case>),
    Property(Box<Property>),
    Interval(Box<Interval>),
    List(Box<[Expression]>),
    Tuple(Box<[(Arc<str>, Expression)]>),
    Instance(Box<Instance>),
    Is(Box<(Expression, Type)>),
    As(Box<Cast>),
    Convert(Box<Conversion>),
    CanConvert(Box<Conversion>),
    Query(Box<Query>),
    Filter(Box<Scoped>),
    ForEach(Box<Scoped>),
    Repeat(Box<Scoped>),
    Sort(Box<SortList>),
    /// The operator `Aggregate` with an expression of its own.
    Fold(Box<Fold>),
    Descendants(Box<Expression>),
    Children(Box<Expression>),
    Retrieve(Box<Retrieve>),
    /// The codes of a value set that only the evaluation knows.
    Expand(Box<Expression>),
    InValueSet(Box<Membership>),
    InCodeSystem(Box<Membership>),
    /// A message: source, condition, code, severity, text.
    Message(Box<[Expression; 5]>),
    /// A function that is written in another language: refused when it is called.
    External(Arc<str>),
}

/// Functions of one name between which the values choose.
#[derive(Debug)]
pub(crate) struct Dispatch {
    pub name: Arc<str>,
    /// Functions and the types that they take.
    pub candidates: Box<[(u32, Box<[Type]>)]>,
    pub arguments: Box<[Expression]>,
}

/// Which end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Start,
    End,
}

/// `case`
#[derive(Debug)]
pub(crate) struct Case {
    pub comparand: Option<Expression>,
    /// `when`, `then`
    pub items: Box<[(Expression, Expression)]>,
    pub otherwise: Option<Expression>,
}

/// An element of a value.
#[derive(Debug)]
pub(crate) struct Property {
    pub source: Expression,
    pub path: Path,
}

/// An interval: ends and whether they belong to it.
#[derive(Debug)]
pub(crate) struct Interval {
    pub low: Expression,
    pub high: Expression,
    pub low_closed: Closed,
    pub high_closed: Closed,
}

/// Whether an end belongs to its interval.
#[derive(Debug)]
pub(crate) enum Closed {
    Known(bool),
    Expression(Expression),
}

/// An instance of a class.
#[derive(Debug)]
pub(crate) struct Instance {
    pub ty: InstanceType,
    pub elements: Box<[(Arc<str>, Expression)]>,
}

/// `as`
#[derive(Debug)]
pub(crate) struct Cast {
    pub operand: Expression,
    pub ty: Type,
    /// `cast … as`: an error when the value is of another type.
    pub strict: bool,
}

/// `convert … to`
#[derive(Debug)]
pub(crate) struct Conversion {
    pub operand: Expression,
    pub ty: Type,
    /// What converts; nothing when the type has no conversion to it.
    pub operator: Option<Unary>,
}

/// A query.
#[derive(Debug)]
pub(crate) struct Query {
    pub sources: Box<[Source]>,
    pub lets: Box<[(u32, Expression)]>,
    pub relationships: Box<[Relationship]>,
    pub condition: Option<Expression>,
    pub result: QueryResult,
    pub sort: Option<Sort>,
}

impl Query {
    /// Whether it gives a value for each row, and not one for all.
    pub fn is_of_rows(&self) -> bool {
        !matches!(self.result, QueryResult::Aggregate { .. })
    }
}

/// A source of a query and the slot of its alias.
#[derive(Debug)]
pub(crate) struct Source {
    pub slot: u32,
    pub name: Arc<str>,
    pub expression: Expression,
}

/// `with … such that`, `without … such that`
#[derive(Debug)]
pub(crate) struct Relationship {
    pub slot: u32,
    pub without: bool,
    pub source: Expression,
    /// Whether the source is the same for every row.
    pub is_fixed: bool,
    pub such_that: Option<Expression>,
    /// What of `such that` can be looked up.
    pub join: Option<Join>,
}

/// A condition of a relationship that says `=` between something of the related row and something of the rest: which
/// of the conditions joined by `and`, and which of its sides is of the related row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Join {
    pub conjunct: usize,
    pub related: Side,
}

/// A side of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Expression {
    /// The conditions that `and` joins, from left to right.
    pub fn conjuncts(&self) -> Vec<&Expression> {
        let mut found = Vec::new();
        let mut next = vec![self];
        while let Some(one) = next.pop() {
            match &one.kind {
                ExpressionKind::And(operands) => {
                    let [left, right] = &**operands;
                    next.extend([right, left]);
                }
                _ => found.push(one),
            }
        }
        found
    }
}

/// What a query gives.
#[derive(Debug)]
pub(crate) enum QueryResult {
    /// The rows: the one alias, or a tuple of them.
    Rows,
    Return {
        expression: Expression,
        distinct: bool,
    },
    Aggregate {
        total: u32,
        starting: Option<Expression>,
        expression: Expression,
        distinct: bool,
    },
}

/// `sort`
#[derive(Debug)]
pub(crate) struct Sort {
    /// Where the item is, for what it is sorted by.
    pub slot: u32,
    pub by: Box<[SortBy]>,
}

/// One key of a sort.
#[derive(Debug)]
pub(crate) struct SortBy {
    pub key: SortKey,
    pub descending: bool,
}

/// What a sort compares.
#[derive(Debug)]
pub(crate) enum SortKey {
    Item,
    Path(Path),
    Expression(Expression),
}

/// `Sort` over a list.
#[derive(Debug)]
pub(crate) struct SortList {
    pub source: Expression,
    pub sort: Sort,
}

/// An operator that evaluates an expression for every item of a list.
#[derive(Debug)]
pub(crate) struct Scoped {
    pub source: Expression,
    pub this: u32,
    pub index: u32,
    pub body: Expression,
}

/// `Aggregate`
#[derive(Debug)]
pub(crate) struct Fold {
    pub source: Expression,
    pub this: u32,
    pub index: u32,
    pub total: u32,
    pub starting: Option<Expression>,
    pub body: Expression,
}

/// Whether codes are in a value set or code system.
#[derive(Debug)]
pub(crate) struct Membership {
    pub code: Expression,
    pub vocabulary: VocabularyOperand,
}

/// The value set or code system that is asked.
#[derive(Debug)]
pub(crate) enum VocabularyOperand {
    Known(Arc<Vocabulary>),
    Expression(Expression),
}
