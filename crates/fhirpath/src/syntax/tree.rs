//! The tree of an expression.
//!
//! Two trees are equal when they say the same: where their parts stand in the text does not count.

use std::fmt;
use std::sync::Arc;

pub use salus_lexis::Span;
use salus_values::{Date, DateTime, Decimal, Quantity, Time};
use serde::Serialize;
use serde::ser::SerializeStruct;

use super::operator::{BinaryOperator, TypeOperator};

/// An expression and where it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Expr {
    /// What it is.
    #[serde(flatten)]
    pub kind: ExprKind,
    /// Where it stands, parentheses around it left out.
    #[serde(flatten)]
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.kind == other.kind
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ExprKind {
    /// `{}`: the empty collection.
    Empty,
    /// A literal.
    Literal(Literal),
    /// `$this`: the item at hand.
    This,
    /// `$index`: its position.
    Index,
    /// `$total`: what `aggregate` has so far.
    Total,
    /// `%name`, `` %`name` ``, `%'name'`: a variable of the environment or of `defineVariable`.
    Variable {
        /// Its name, without `%` and delimiters.
        name: Name,
    },
    /// `on.name`, or `name` alone: child elements, or the focus itself if `name` is its type.
    Member {
        /// Whose children; the focus if there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        on: Option<Box<Expr>>,
        /// Their name.
        name: Name,
    },
    /// `on.name(arguments)`, or `name(arguments)` alone: a function.
    ///
    /// A sort key that descends (`sort(family desc)`) is its negation, as it is also written: `sort(-family)`.
    Call {
        /// What it is called on; the focus if there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        on: Option<Box<Expr>>,
        /// The function's name.
        name: Name,
        /// Its arguments. A type is a [`ExprKind::Member`]; see [`Expr::as_type`].
        arguments: Vec<Expr>,
    },
    /// `on[index]`: one item of a collection.
    Item {
        /// The collection.
        on: Box<Expr>,
        /// The position, from 0.
        index: Box<Expr>,
    },
    /// `+operand` or `-operand`.
    Polarity {
        /// Whether it is `-`.
        negative: bool,
        /// What is negated.
        operand: Box<Expr>,
    },
    /// `left operator right`.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// What stands before it.
        left: Box<Expr>,
        /// What stands after it.
        right: Box<Expr>,
    },
    /// `operand is ty`, `operand as ty`.
    TypeTest {
        /// What is tested.
        operand: Box<Expr>,
        /// `is` or `as`.
        operator: TypeOperator,
        /// The type.
        ty: TypeSpecifier,
    },
    /// What could not be read; there is a diagnostic for it.
    Error,
}

/// A literal, read and found valid.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true`, `false`.
    Boolean(bool),
    /// `'text'`, escapes resolved.
    String(Arc<str>),
    /// `5`.
    Integer(i32),
    /// `5L`.
    Long(i64),
    /// `5.0`, with the digits as written.
    Decimal(Decimal),
    /// `@2015-02`.
    Date(Date),
    /// `@2015-02T`, `@2015-02-04T14:30Z`.
    DateTime(DateTime),
    /// `@T14:30`.
    Time(Time),
    /// `4 days`, `5 'mg'`. Whether UCUM knows the unit was not asked.
    Quantity(Arc<Quantity>),
}

impl Serialize for Literal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Literal", 2)?;
        fields.serialize_field("type", self.type_name())?;
        fields.serialize_field("value", &self.to_string())?;
        fields.end()
    }
}

/// A name as it is meant: delimiters removed, escapes resolved.
#[derive(Debug, Clone, Eq)]
pub struct Name {
    /// The name.
    pub text: Box<str>,
    /// Where it stands, with its delimiters.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
    }
}

impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// The name of a type: `Patient`, `FHIR.Patient`, `System.Boolean`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeSpecifier {
    /// What stands before the first dot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Name>,
    /// The rest. It has dots itself when it is a backbone element: `FHIR.Patient.contact`.
    pub name: Name,
}

impl TypeSpecifier {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match &self.namespace {
            Some(namespace) => namespace.span.to(self.name.span),
            None => self.name.span,
        }
    }
}

impl fmt::Display for TypeSpecifier {
    /// As it is shown in messages, without delimiters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{}.", namespace.text)?;
        }
        f.write_str(&self.name.text)
    }
}

impl Expr {
    /// The expression read as a type, as an argument of `is(…)`, `as(…)`, `ofType(…)` is.
    #[must_use]
    pub fn as_type(&self) -> Option<TypeSpecifier> {
        let ExprKind::Member { on, name } = &self.kind else {
            return None;
        };
        let Some(on) = on else {
            return Some(TypeSpecifier {
                namespace: None,
                name: name.clone(),
            });
        };
        let before = on.as_type()?;
        Some(match before.namespace {
            None => TypeSpecifier {
                namespace: Some(before.name),
                name: name.clone(),
            },
            Some(namespace) => TypeSpecifier {
                namespace: Some(namespace),
                name: Name {
                    text: format!("{}.{}", before.name.text, name.text).into(),
                    span: before.name.span.to(name.span),
                },
            },
        })
    }
}
