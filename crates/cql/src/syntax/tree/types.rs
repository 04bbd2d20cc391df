//! Type specifiers (Author's Guide §7, grammar `typeSpecifier`).

use super::{Name, Span};

/// A type as it is written.
#[derive(Debug, Clone, Eq)]
pub struct TypeSpecifier {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for TypeSpecifier {
    fn eq(&self, other: &TypeSpecifier) -> bool {
        self.kind == other.kind
    }
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    /// `Integer`, `FHIR.Patient`, `FHIR.Patient.Contact`: the parts between the dots.
    Named(Vec<Name>),
    /// `List<T>`
    List(Box<TypeSpecifier>),
    /// `Interval<T>`
    Interval(Box<TypeSpecifier>),
    /// `Tuple { name T, … }`
    Tuple(Vec<TupleElement>),
    /// `Choice<T, …>`
    Choice(Vec<TypeSpecifier>),
    /// What could not be read; there is a diagnostic for it.
    Error,
}

/// An element of a tuple type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TupleElement {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeSpecifier,
}
