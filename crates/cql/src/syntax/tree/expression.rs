//! Expressions (Author's Guide §5 to §10, Developer's Guide §3).

use salus_values::Unit;

use super::super::operator::{
    BinaryOperator, Component, Iteration, Lapse, Precision, Timing, Truth, TypeOperator,
    UnaryOperator,
};
use super::{CodeRef, Comment, Literal, Name, Query, Retrieve, Span, TypeSpecifier};

/// An expression and where it stands.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, parentheses around it left out.
    pub span: Span,
    /// The comments before it that belong to nothing smaller.
    pub comments: Box<[Comment]>,
    /// Levels of the tree below and with this one.
    height: u16,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.kind == other.kind
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// `name`: a definition, an alias, an element of the scope; what, the resolver knows.
    Identifier(Name),
    /// `%name`: a constant of the environment.
    External(Name),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `on.name`
    Member {
        /// What it is an element of, or in which library it is defined.
        on: Box<Expr>,
        /// Its name.
        name: Name,
    },
    /// `name(…)`, `on.name(…)`
    Call {
        /// What it is called on, or in which library it is defined.
        on: Option<Box<Expr>>,
        /// The name of the function.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `on[index]`
    Item {
        /// The list or text.
        on: Box<Expr>,
        /// The position, from 0.
        index: Box<Expr>,
    },
    /// An operator before one operand: `not`, `exists`, `-`, `start of`, `distinct`, …
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// The operand.
        operand: Box<Expr>,
    },
    /// An operator between two operands.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// For `in` and `contains`: the precision that points in time are compared with.
        precision: Option<Precision>,
        /// What stands before it.
        left: Box<Expr>,
        /// What stands after it.
        right: Box<Expr>,
    },
    /// A phrase that relates intervals or points: `starts 3 days or more before`, `overlaps day of`, …
    Timing {
        /// The phrase.
        phrase: Box<Timing>,
        /// What stands before it.
        left: Box<Expr>,
        /// What stands after it.
        right: Box<Expr>,
    },
    /// `operand properly between low and high`
    Between {
        /// Whether the ends are left out.
        properly: bool,
        /// What is tested.
        operand: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
    },
    /// `duration in days between low and high`, `difference in …`, `days between …`
    LapseBetween {
        /// Whether whole periods or boundaries are counted.
        lapse: Lapse,
        /// In which unit; weeks are one, too.
        precision: Precision,
        /// The start.
        low: Box<Expr>,
        /// The end.
        high: Box<Expr>,
    },
    /// `duration in days of operand`, `difference in …`
    LapseOf {
        /// Whether whole periods or boundaries are counted.
        lapse: Lapse,
        /// In which unit.
        precision: Precision,
        /// The interval.
        operand: Box<Expr>,
    },
    /// `year from operand`, `date from operand`, `timezoneoffset from operand`
    ComponentFrom {
        /// Which part.
        component: Component,
        /// Of what.
        operand: Box<Expr>,
    },
    /// `operand is null`, `operand is not true`
    Truth {
        /// What is tested.
        operand: Box<Expr>,
        /// Whether there is `not`.
        negated: bool,
        /// What it is tested for.
        truth: Truth,
    },
    /// `operand is Type`, `operand as Type`, `cast operand as Type`
    Type {
        /// What is tested or cast.
        operand: Box<Expr>,
        /// Which of the three.
        operator: TypeOperator,
        /// The type.
        ty: TypeSpecifier,
    },
    /// `convert operand to Type`
    Convert {
        /// What is converted.
        operand: Box<Expr>,
        /// To what.
        to: ConvertTarget,
    },
    /// `minimum Type`, `maximum Type`
    Extent {
        /// Whether the largest value is meant.
        maximum: bool,
        /// The type.
        ty: TypeSpecifier,
    },
    /// `expand operand per …`, `collapse operand per …`
    Iterate {
        /// Which of the two.
        iteration: Iteration,
        /// The intervals.
        operand: Box<Expr>,
        /// The step.
        per: Option<Per>,
    },
    /// `if condition then then otherwise otherwise`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The result if it is true.
        then: Box<Expr>,
        /// The result if it is false or null.
        otherwise: Box<Expr>,
    },
    /// `case … end`
    Case(Box<Case>),
    /// `Interval[low, high)`
    Interval {
        /// Whether the lower end belongs to it.
        low_closed: bool,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
        /// Whether the upper end belongs to it.
        high_closed: bool,
    },
    /// `Tuple { name: expression, … }`, `{ : }`
    Tuple(Vec<Element>),
    /// `Type { name: expression, … }`
    Instance {
        /// The type.
        ty: TypeSpecifier,
        /// Its elements.
        elements: Vec<Element>,
    },
    /// `List<Type>{ … }`
    List {
        /// The type of the items, if said.
        ty: Option<TypeSpecifier>,
        /// The items.
        items: Vec<Expr>,
    },
    /// `Code 'id' from system display '…'`
    Code(Box<CodeRef>),
    /// `Concept { Code …, … } display '…'`
    Concept {
        /// Its codes.
        codes: Vec<CodeRef>,
        /// How it is shown.
        display: Option<Name>,
    },
    /// `[Type: terminology]`
    Retrieve(Box<Retrieve>),
    /// A query.
    Query(Box<Query>),
    /// What could not be read; there is a diagnostic for it.
    Error,
}

/// What a value is converted to.
#[derive(Debug, Clone, PartialEq)]
pub enum ConvertTarget {
    /// A type.
    Type(TypeSpecifier),
    /// A unit: the operand is a quantity.
    Unit(Unit),
}

/// The step of `expand` and `collapse`.
#[derive(Debug, Clone, PartialEq)]
pub enum Per {
    /// `per day`
    Precision(Precision),
    /// `per 3 days`, or any other expression.
    Expr(Box<Expr>),
}

/// `case comparand when … then … else … end`
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the cases are compared with; if there is nothing they are conditions.
    pub comparand: Option<Expr>,
    /// The cases, at least one.
    pub items: Vec<WhenThen>,
    /// The result if no case holds.
    pub otherwise: Expr,
}

/// `when when then then`
#[derive(Debug, Clone, PartialEq)]
pub struct WhenThen {
    /// The case.
    pub when: Expr,
    /// Its result.
    pub then: Expr,
}

/// `name: expression`
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The name of the element.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

impl Expr {
    /// An expression of this kind. It takes the comments of the expression that it starts with, so that comments belong
    /// to the largest expression that they stand before.
    #[must_use]
    pub fn new(mut kind: ExprKind, span: Span) -> Expr {
        let comments = kind
            .first()
            .map(|first| std::mem::take(&mut first.comments));
        let mut below = 0;
        kind.for_each_child(&mut |child: &Expr| below = below.max(child.height));
        Expr {
            kind,
            span,
            comments: comments.unwrap_or_default(),
            height: below.saturating_add(1),
        }
    }

    /// The expression with these comments before its own.
    #[must_use]
    pub(crate) fn after(mut self, comments: Box<[Comment]>) -> Expr {
        if !comments.is_empty() {
            let mut all = comments.into_vec();
            all.extend(std::mem::take(&mut self.comments));
            self.comments = all.into();
        }
        self
    }

    /// Levels of the tree below and with this one: how deep who walks it recurses.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height.into()
    }
}

impl ExprKind {
    /// The expression that this one starts with, when it starts with one.
    fn first(&mut self) -> Option<&mut Expr> {
        match self {
            ExprKind::Member { on, .. } | ExprKind::Item { on, .. } => Some(on),
            ExprKind::Call { on, .. } => on.as_deref_mut(),
            ExprKind::Binary { left, .. } | ExprKind::Timing { left, .. } => Some(left),
            ExprKind::Between { operand, .. } | ExprKind::Truth { operand, .. } => Some(operand),
            ExprKind::Type {
                operand, operator, ..
            } if *operator != TypeOperator::Cast => Some(operand),
            ExprKind::Query(query) => query.sources.first_mut().map(|source| &mut source.expr),
            _ => None,
        }
    }

    /// Calls `visit` with each expression right below this one, in the order of the text.
    pub fn for_each_child<'e>(&'e self, visit: &mut impl FnMut(&'e Expr)) {
        match self {
            ExprKind::Literal(_)
            | ExprKind::Identifier(_)
            | ExprKind::External(_)
            | ExprKind::This
            | ExprKind::Index
            | ExprKind::Total
            | ExprKind::Extent { .. }
            | ExprKind::Code(_)
            | ExprKind::Concept { .. }
            | ExprKind::Error => {}
            ExprKind::Member { on: operand, .. }
            | ExprKind::Unary { operand, .. }
            | ExprKind::LapseOf { operand, .. }
            | ExprKind::ComponentFrom { operand, .. }
            | ExprKind::Truth { operand, .. }
            | ExprKind::Type { operand, .. }
            | ExprKind::Convert { operand, .. } => visit(operand),
            ExprKind::Item {
                on: one,
                index: two,
            }
            | ExprKind::Binary {
                left: one,
                right: two,
                ..
            }
            | ExprKind::Timing {
                left: one,
                right: two,
                ..
            }
            | ExprKind::LapseBetween {
                low: one,
                high: two,
                ..
            }
            | ExprKind::Interval {
                low: one,
                high: two,
                ..
            } => {
                visit(one);
                visit(two);
            }
            ExprKind::Between {
                operand: one,
                low: two,
                high: three,
                ..
            }
            | ExprKind::If {
                condition: one,
                then: two,
                otherwise: three,
            } => {
                visit(one);
                visit(two);
                visit(three);
            }
            ExprKind::Call { on, arguments, .. } => {
                on.iter().for_each(|on| visit(on));
                arguments.iter().for_each(visit);
            }
            ExprKind::Iterate { operand, per, .. } => {
                visit(operand);
                if let Some(Per::Expr(step)) = per {
                    visit(step);
                }
            }
            ExprKind::Case(case) => case.for_each_child(visit),
            ExprKind::Tuple(elements) | ExprKind::Instance { elements, .. } => {
                elements.iter().for_each(|element| visit(&element.value));
            }
            ExprKind::List { items, .. } => items.iter().for_each(visit),
            ExprKind::Retrieve(retrieve) => {
                if let Some(codes) = &retrieve.codes {
                    codes.path.iter().for_each(|(path, _)| visit(path));
                    visit(&codes.terminology);
                }
            }
            ExprKind::Query(query) => query.for_each_child(visit),
        }
    }
}

impl Case {
    fn for_each_child<'e>(&'e self, visit: &mut impl FnMut(&'e Expr)) {
        self.comparand.iter().for_each(&mut *visit);
        for item in &self.items {
            visit(&item.when);
            visit(&item.then);
        }
        visit(&self.otherwise);
    }
}

impl Query {
    fn for_each_child<'e>(&'e self, visit: &mut impl FnMut(&'e Expr)) {
        self.sources.iter().for_each(|source| visit(&source.expr));
        self.lets.iter().for_each(|one| visit(&one.expr));
        for relationship in &self.relationships {
            visit(&relationship.source.expr);
            visit(&relationship.condition);
        }
        self.filter.iter().for_each(&mut *visit);
        self.result.iter().for_each(|result| visit(&result.expr));
        if let Some(aggregate) = &self.aggregate {
            aggregate.starting.iter().for_each(&mut *visit);
            visit(&aggregate.expr);
        }
        if let Some(super::Sort::By(items)) = &self.sort {
            items.iter().for_each(|item| visit(&item.expr));
        }
    }
}
