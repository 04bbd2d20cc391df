//! What names mean: definitions, aliases, elements, functions.

use super::problem::TypeMistake;
use super::translator::Translator;
use super::typed::Typed;
use crate::syntax::{Expr, Name, Span};

impl Translator<'_> {
    pub fn identifier(&mut self, name: &Name) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what: "a name" }, name.span)
    }

    /// `on.name`
    pub fn member(&mut self, on: &Expr, name: &Name, _: Span) -> Option<Typed> {
        self.expression(on)?;
        self.refuse(TypeMistake::NotYet { what: "an element" }, name.span)
    }

    /// A function that a library defines; nothing when there is none of this name, which is no mistake: it may be one
    /// of the system.
    pub fn defined_function(
        &mut self,
        _library: Option<&Name>,
        _name: &Name,
        _operands: &[Typed],
        _fluent: bool,
    ) -> Option<Option<Typed>> {
        None
    }

    /// `$this`
    pub fn this(&mut self, span: Span) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what: "`$this`" }, span)
    }

    /// `$index`
    pub fn index(&mut self, span: Span) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what: "`$index`" }, span)
    }

    /// `$total`
    pub fn total(&mut self, span: Span) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what: "`$total`" }, span)
    }
}
