//! Operators, how they are written and how tightly they bind (grammar `expression` and `expressionTerm`).

use std::fmt;

use salus_values::Quantity;

use super::tree::Span;

/// How tightly an operator binds, from loosely to tightly. Operators of one level associate to the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// Queries, `if`, `distinct`, …: they take all that follows.
    Open,
    /// `|`, `union`, `intersect`, `except`
    Set,
    /// `implies`
    Implies,
    /// `or`, `xor`
    Or,
    /// `and`
    And,
    /// `in`, `contains`
    Membership,
    /// `=`, `!=`, `~`, `!~`
    Equality,
    /// Phrases that relate intervals.
    Timing,
    /// `<=`, `<`, `>`, `>=`
    Inequality,
    /// `between`
    Between,
    /// `not`, `exists`
    Prefix,
    /// `is`, `as`
    Type,
    /// `is null`, `is true`, `is false`
    Truth,
    /// What is complete but no term: retrieves, `cast`, `days between`.
    Whole,
    /// `+`, `-`, `&`; from here on down it is a term.
    Addition,
    /// `*`, `/`, `div`, `mod`
    Multiplication,
    /// `^`
    Power,
    /// Signs, `start of`, `year from`, …
    Sign,
    /// `.`, `[…]`, and what needs no parentheses anywhere.
    Invocation,
}

/// A table of operators: their names in Rust, how they are written, what they are.
macro_rules! written {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = concat!("`", $text, "`")] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// As it is written.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The one that is written so.
            #[must_use]
            pub fn of(text: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.text() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.text())
            }
        }
    };
}

written! {
    /// An operator before its operand.
    UnaryOperator {
        Not "not",
        Exists "exists",
        Plus "+",
        Negate "-",
        StartOf "start of",
        EndOf "end of",
        WidthOf "width of",
        SuccessorOf "successor of",
        PredecessorOf "predecessor of",
        SingletonFrom "singleton from",
        PointFrom "point from",
        Distinct "distinct",
        Flatten "flatten",
    }
}

written! {
    /// An operator between its operands. `|` is another way to write `union`.
    BinaryOperator {
        Union "union",
        Intersect "intersect",
        Except "except",
        Implies "implies",
        Or "or",
        Xor "xor",
        And "and",
        In "in",
        Contains "contains",
        Equal "=",
        NotEqual "!=",
        Equivalent "~",
        NotEquivalent "!~",
        LessOrEqual "<=",
        Less "<",
        Greater ">",
        GreaterOrEqual ">=",
        Add "+",
        Subtract "-",
        Concatenate "&",
        Multiply "*",
        Divide "/",
        TruncatedDivide "div",
        Modulo "mod",
        Power "^",
    }
}

written! {
    /// A unit of calendars and clocks, as `day of` and `difference in days` name it.
    Precision {
        Year "year",
        Month "month",
        Week "week",
        Day "day",
        Hour "hour",
        Minute "minute",
        Second "second",
        Millisecond "millisecond",
    }
}

written! {
    /// A part of a point in time.
    Component {
        Year "year",
        Month "month",
        Week "week",
        Day "day",
        Hour "hour",
        Minute "minute",
        Second "second",
        Millisecond "millisecond",
        Date "date",
        Time "time",
        TimezoneOffset "timezoneoffset",
    }
}

written! {
    /// What is counted between two points in time.
    Lapse {
        Duration "duration",
        Difference "difference",
    }
}

written! {
    /// What `is` can test for besides types.
    Truth {
        Null "null",
        True "true",
        False "false",
    }
}

written! {
    /// Operators whose right side is a type.
    TypeOperator {
        Is "is",
        As "as",
        Cast "cast",
    }
}

written! {
    /// Operators that go through intervals in steps.
    Iteration {
        Expand "expand",
        Collapse "collapse",
    }
}

written! {
    /// Which way a sort goes.
    SortDirection {
        Ascending "asc",
        Descending "desc",
    }
}

written! {
    /// Which end of an interval a phrase is about.
    Boundary {
        Start "start",
        End "end",
    }
}

written! {
    /// Before or after.
    Side {
        Before "before",
        After "after",
    }
}

written! {
    /// How exact an offset is.
    Exactness {
        Exactly "",
        OrMore "or more",
        OrLess "or less",
        MoreThan "more than",
        LessThan "less than",
    }
}

written! {
    /// What follows `same day`.
    Relation {
        As "as",
        OrBefore "or before",
        OrAfter "or after",
    }
}

impl UnaryOperator {
    /// How tightly it binds.
    #[must_use]
    pub const fn binding(self) -> Binding {
        match self {
            UnaryOperator::Not | UnaryOperator::Exists => Binding::Prefix,
            UnaryOperator::Distinct | UnaryOperator::Flatten => Binding::Open,
            _ => Binding::Sign,
        }
    }
}

impl BinaryOperator {
    /// How tightly it binds.
    #[must_use]
    pub const fn binding(self) -> Binding {
        use BinaryOperator as B;
        match self {
            B::Union | B::Intersect | B::Except => Binding::Set,
            B::Implies => Binding::Implies,
            B::Or | B::Xor => Binding::Or,
            B::And => Binding::And,
            B::In | B::Contains => Binding::Membership,
            B::Equal | B::NotEqual | B::Equivalent | B::NotEquivalent => Binding::Equality,
            B::LessOrEqual | B::Less | B::Greater | B::GreaterOrEqual => Binding::Inequality,
            B::Add | B::Subtract | B::Concatenate => Binding::Addition,
            B::Multiply | B::Divide | B::TruncatedDivide | B::Modulo => Binding::Multiplication,
            B::Power => Binding::Power,
        }
    }
}

impl Precision {
    /// The word for many of it.
    #[must_use]
    pub fn of_plural(word: &str) -> Option<Precision> {
        Precision::of(word.strip_suffix('s')?)
    }
}

/// A phrase that relates intervals or points (Author's Guide §5.9). Words that only make it read better
/// (`occurs`, `included in` beside `during`, `before or on` beside `on or before`) are not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Timing {
    /// `starts same day or before end`
    Same {
        /// Which end of the left side.
        left: Option<Boundary>,
        /// Compared to which unit.
        precision: Option<Precision>,
        /// `as`, `or before`, `or after`.
        relation: Relation,
        /// Which end of the right side.
        right: Option<Boundary>,
    },
    /// `properly includes day of start`
    Includes {
        /// Whether the two must not be equal.
        properly: bool,
        /// Compared to which unit.
        precision: Option<Precision>,
        /// Which end of the right side.
        right: Option<Boundary>,
    },
    /// `starts properly during day of`
    During {
        /// Which end of the left side.
        left: Option<Boundary>,
        /// Whether the two must not be equal.
        properly: bool,
        /// Compared to which unit.
        precision: Option<Precision>,
    },
    /// `starts 3 days or more on or before day of start`
    BeforeOrAfter {
        /// Which end of the left side.
        left: Option<Boundary>,
        /// How far.
        offset: Option<Offset>,
        /// Before or after.
        side: Side,
        /// Whether `on` it is enough.
        inclusive: bool,
        /// Compared to which unit.
        precision: Option<Precision>,
        /// Which end of the right side.
        right: Option<Boundary>,
    },
    /// `starts properly within 3 days of end`
    Within {
        /// Which end of the left side.
        left: Option<Boundary>,
        /// Whether exactly that far is too far.
        properly: bool,
        /// How far.
        quantity: Quantity,
        /// Which end of the right side.
        right: Option<Boundary>,
    },
    /// `meets before day of`
    Meets {
        /// On which side; either if not said.
        side: Option<Side>,
        /// Compared to which unit.
        precision: Option<Precision>,
    },
    /// `overlaps after day of`
    Overlaps {
        /// On which side; either if not said.
        side: Option<Side>,
        /// Compared to which unit.
        precision: Option<Precision>,
    },
    /// `starts day of`: both start together, and the left one ends no later.
    Starts {
        /// Compared to which unit.
        precision: Option<Precision>,
    },
    /// `ends day of`: both end together, and the left one starts no earlier.
    Ends {
        /// Compared to which unit.
        precision: Option<Precision>,
    },
}

impl Timing {
    /// Which end of the right side it is about, where that is said.
    #[must_use]
    pub fn right(&self) -> Option<Boundary> {
        match self {
            Timing::Same { right, .. }
            | Timing::Includes { right, .. }
            | Timing::BeforeOrAfter { right, .. }
            | Timing::Within { right, .. } => *right,
            _ => None,
        }
    }
}

/// How far before or after.
#[derive(Debug, Clone)]
pub struct Offset {
    /// The distance.
    pub quantity: Quantity,
    /// How exact it is meant.
    pub exactness: Exactness,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Offset {
    fn eq(&self, other: &Offset) -> bool {
        self.quantity == other.quantity && self.exactness == other.exactness
    }
}
