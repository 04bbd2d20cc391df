//! What names mean: definitions, aliases, elements, functions.

use super::problem::TypeMistake;
use super::translator::Translator;
use super::typed::Typed;
use crate::elm::Node;
use crate::model::{Model, Spec};
use crate::syntax::{Expr, ExprKind, Name, QualifiedName, Span};

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

    /// The library that `on` names in `on.name(…)`; nothing when it is an expression. `System` is one.
    pub fn qualifier(&self, on: &Expr) -> Option<Name> {
        match &on.kind {
            ExprKind::Identifier(name) if &*name.text == "System" => Some(name.clone()),
            _ => None,
        }
    }

    /// The names of the functions that can be called, for suggestions.
    pub fn function_names(&self) -> Vec<Box<str>> {
        Vec::new()
    }

    /// A reference to a code system, as a field holds it: without `type`.
    pub fn code_system(&mut self, name: &QualifiedName) -> Option<Node> {
        self.refuse(
            TypeMistake::NotYet {
                what: "a code system",
            },
            name.span(),
        )
    }

    /// The date of birth of the patient, for `AgeInYears()` and the like.
    pub fn birth_date(&mut self, span: Span) -> Option<Typed> {
        self.refuse(
            TypeMistake::NotYet {
                what: "the date of birth",
            },
            span,
        )
    }

    /// The model that is called so here.
    pub fn model_called(&self, name: &str) -> Option<Box<str>> {
        self.models.get(name).map(|model| model.name().into())
    }

    /// The models whose types can be named without saying of which model they are.
    pub fn models_in_use(&self) -> impl Iterator<Item = &Model> {
        self.models.iter()
    }

    /// Does something where `$this` is an item of this type.
    pub fn in_scope_of_this<T>(&mut self, _item: Spec, body: impl FnOnce(&mut Self) -> T) -> T {
        body(self)
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
