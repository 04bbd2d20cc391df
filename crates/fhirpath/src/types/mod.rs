//! Static typing: what an expression can give, before there is a record.
//!
//! Every part of an expression gets a [`Shape`]: the types its items may have by the tables of R4, and how many items
//! there may be. What cannot give anything useful for any record is an error; what can, but is likely not meant, a
//! warning. An expression without errors may still fail for a record: `name.single()` with two names.
//!
//! ```
//! use salus_fhir::schema;
//! use salus_fhirpath::{syntax, types};
//!
//! let patient = types::Context::new(schema::r4().resource("Patient"));
//! let read = syntax::parse("name.where(use = 'official').given.first()");
//! let typed = types::check(&read.expr, &patient);
//! assert_eq!(typed.result.to_string(), "FHIR.string 0..1");
//!
//! let read = syntax::parse("name.givven");
//! let found = types::check(&read.expr, &patient).findings[0].diagnostic();
//! assert_eq!(found.help.as_deref(), Some("did you mean `given`?"));
//! ```

mod call;
mod checker;
mod count;
mod model;
mod operation;
mod operators;
mod path;
mod problem;
mod promise;
mod shape;
mod type_test;

use salus_fhir::schema::TypeId;

pub use count::Count;
pub use problem::{Finding, TypeProblem};
pub use shape::{Shape, Type};

use crate::syntax::{Expr, Span};
use salus_base::Severity;

/// What is known of where an expression is evaluated.
#[derive(Debug, Clone)]
pub struct Context {
    focus: Shape,
    variables: Vec<(Box<str>, Shape)>,
    strict: bool,
}

impl Context {
    /// An expression on an item of this type; `None` when it may be anything.
    #[must_use]
    pub fn new(focus: Option<TypeId>) -> Context {
        let focus = focus.map(|id| Shape::of(Type::Fhir(id), Count::ONE));
        Context::on(focus.unwrap_or_else(Shape::unknown))
    }

    /// An expression on such a collection.
    #[must_use]
    pub fn on(focus: Shape) -> Context {
        Context {
            focus,
            variables: Vec::new(),
            strict: false,
        }
    }

    /// Defines a variable, `name` without `%`. The last of the same name counts.
    #[must_use]
    pub fn variable(mut self, name: &str, shape: Shape) -> Context {
        self.variables.push((name.into(), shape));
        self
    }

    /// Makes errors of what strict mode refuses: a path that starts at another type, the order of what has none, a
    /// condition that is no Boolean.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Context {
        self.strict = strict;
        self
    }
}

/// An expression whose types are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// What it gives.
    pub result: Shape,
    /// What its parts give, each after its own parts.
    pub parts: Vec<TypedPart>,
    /// What is wrong with it, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Typed {
    /// Whether there are no errors; there may be warnings.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.errors().next().is_none()
    }

    /// The errors among the findings.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedPart {
    /// Where it stands.
    pub span: Span,
    /// What it gives.
    pub shape: Shape,
}

/// Finds the types of an expression that was read without mistakes.
#[must_use]
pub fn check(expr: &Expr, context: &Context) -> Typed {
    checker::Checker::new(context).check(expr)
}

#[cfg(test)]
mod tests;
