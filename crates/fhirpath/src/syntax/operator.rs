//! The operators, as they are written and how tightly they bind (§6.8).

use std::fmt;

use serde::{Serialize, Serializer};

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `div`
    DivideTruncated,
    /// `mod`
    Modulo,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `&`
    Concatenate,
    /// `|`
    Union,
    /// `<=`
    LessOrEqual,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `~`
    Equivalent,
    /// `!~`
    NotEquivalent,
    /// `in`
    In,
    /// `contains`
    Contains,
    /// `and`
    And,
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `implies`
    Implies,
}

impl BinaryOperator {
    /// All operators, the tightest first.
    pub const ALL: [BinaryOperator; 22] = [
        BinaryOperator::Multiply,
        BinaryOperator::Divide,
        BinaryOperator::DivideTruncated,
        BinaryOperator::Modulo,
        BinaryOperator::Add,
        BinaryOperator::Subtract,
        BinaryOperator::Concatenate,
        BinaryOperator::Union,
        BinaryOperator::LessOrEqual,
        BinaryOperator::Less,
        BinaryOperator::Greater,
        BinaryOperator::GreaterOrEqual,
        BinaryOperator::Equal,
        BinaryOperator::NotEqual,
        BinaryOperator::Equivalent,
        BinaryOperator::NotEquivalent,
        BinaryOperator::In,
        BinaryOperator::Contains,
        BinaryOperator::And,
        BinaryOperator::Or,
        BinaryOperator::Xor,
        BinaryOperator::Implies,
    ];

    /// The operator as it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::DivideTruncated => "div",
            BinaryOperator::Modulo => "mod",
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Concatenate => "&",
            BinaryOperator::Union => "|",
            BinaryOperator::LessOrEqual => "<=",
            BinaryOperator::Less => "<",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterOrEqual => ">=",
            BinaryOperator::Equal => "=",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Equivalent => "~",
            BinaryOperator::NotEquivalent => "!~",
            BinaryOperator::In => "in",
            BinaryOperator::Contains => "contains",
            BinaryOperator::And => "and",
            BinaryOperator::Or => "or",
            BinaryOperator::Xor => "xor",
            BinaryOperator::Implies => "implies",
        }
    }

    /// How tightly it binds. All operators of one level associate to the left.
    #[must_use]
    pub const fn binding(self) -> Binding {
        match self {
            BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::DivideTruncated
            | BinaryOperator::Modulo => Binding::Multiplicative,
            BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Concatenate => {
                Binding::Additive
            }
            BinaryOperator::Union => Binding::Union,
            BinaryOperator::LessOrEqual
            | BinaryOperator::Less
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => Binding::Inequality,
            BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Equivalent
            | BinaryOperator::NotEquivalent => Binding::Equality,
            BinaryOperator::In | BinaryOperator::Contains => Binding::Membership,
            BinaryOperator::And => Binding::And,
            BinaryOperator::Or | BinaryOperator::Xor => Binding::Or,
            BinaryOperator::Implies => Binding::Implies,
        }
    }
}

impl fmt::Display for BinaryOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl Serialize for BinaryOperator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

/// `is` or `as`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TypeOperator {
    /// `is`: whether the operand is of the type.
    Is,
    /// `as`: the operand if it is of the type.
    As,
}

impl TypeOperator {
    /// The operator as it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            TypeOperator::Is => "is",
            TypeOperator::As => "as",
        }
    }
}

/// How tightly an operator binds, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// `implies`
    Implies,
    /// `or`, `xor`
    Or,
    /// `and`
    And,
    /// `in`, `contains`
    Membership,
    /// `=`, `~`, `!=`, `!~`
    Equality,
    /// `<=`, `<`, `>`, `>=`
    Inequality,
    /// `|`
    Union,
    /// `is`, `as`
    Type,
    /// `+`, `-`, `&` between two expressions
    Additive,
    /// `*`, `/`, `div`, `mod`
    Multiplicative,
    /// `+`, `-` before an expression
    Polarity,
    /// `.`, `[…]`, and what needs no operator
    Invocation,
}
