//! Paths: elements, and items by their position.

use salus_base::suggest;
use salus_fhir::schema;

use super::checker::{Checker, shown};
use super::model;
use super::problem::TypeProblem;
use super::shape::{Shape, Type};
use crate::functions::{self, Types};
use crate::program;
use crate::syntax::{Expr, Name};

impl Checker<'_> {
    pub(super) fn member(&mut self, on: Option<&Expr>, name: &Name) -> Shape {
        let Some(on) = on else {
            return self.first_member(name);
        };
        let on = self.expression(on);
        self.child(&on, name)
    }

    /// A leading name: the focus itself if it is the name of its type, else its elements.
    fn first_member(&mut self, name: &Name) -> Shape {
        let focus = self.this.clone();
        let Some(id) = schema::r4().named(&name.text) else {
            return self.child(&focus, name);
        };
        let named = program::TypeSpecifier::Fhir(id);
        if focus.is_open() {
            return Shape::of(Type::Fhir(id), focus.count().or_fewer());
        }
        let kept = model::kept(&focus, named);
        if !kept.is_empty() {
            return kept.with_count(focus.count());
        }
        // `code` is both a type and an element.
        let is_element = |ty: &Type| model::member(*ty, &name.text).is_some();
        if focus.types().iter().any(is_element) || focus.is_empty() {
            return self.child(&focus, name);
        }
        if schema::r4().get(id).kind != schema::Kind::Resource {
            return self.child(&focus, name);
        }
        self.refuse_if_strict(TypeProblem::OtherFocus {
            name: format!("`{}`", name.text),
            focus: shown(&focus),
            span: name.span,
        });
        Shape::empty()
    }

    /// The child elements of this name.
    fn child(&mut self, on: &Shape, name: &Name) -> Shape {
        let found = on
            .types()
            .iter()
            .filter_map(|ty| model::member(*ty, &name.text))
            .reduce(|a, b| a.either(&b));
        if let Some(found) = found {
            let count = on.count().each(found.count());
            let found = match on.is_open() {
                true => found.join(&Shape::unknown(), count),
                false => found.with_count(count),
            };
            return if on.is_ordered() {
                found
            } else {
                found.unordered()
            };
        }
        if on.is_open() {
            return Shape::unknown();
        }
        if !on.is_empty() {
            self.no_such_element(on, name);
        }
        Shape::empty()
    }

    fn no_such_element(&mut self, on: &Shape, name: &Name) {
        let choice = on
            .types()
            .iter()
            .find_map(|ty| model::choice(*ty, &name.text));
        if let Some((choice, ty)) = choice {
            return self.error(TypeProblem::ChoiceByJsonName {
                name: name.text.to_string(),
                choice,
                ty,
                span: name.span,
            });
        }
        let function = functions::signature(&name.text);
        let function = function.map(|signature| format!("{}()", signature.name));
        self.error(TypeProblem::NoSuchElement {
            ty: shown(on),
            name: name.text.to_string(),
            suggestion: function.or_else(|| near_element(on, name)),
            span: name.span,
        });
    }

    pub(super) fn item(&mut self, on: &Expr, index: &Expr) -> Shape {
        let collection = self.expression(on);
        self.ordered(&collection, "`[…]`", index.span);
        let position = self.enclosed(index);
        let found = position.system_types();
        if !position.is_empty() && !found.meets(Types::INTEGER) {
            self.error(TypeProblem::WrongArgument {
                function: "[…]".to_owned(),
                argument: "index",
                expected: Types::INTEGER.to_string(),
                found: shown(&position),
                span: index.span,
            });
        }
        self.single(&position, || "the position".to_owned(), index.span);
        let count = collection.count().or_one().or_fewer();
        collection.item().with_count(count)
    }
}

/// The element of nearly this name.
fn near_element(on: &Shape, name: &Name) -> Option<String> {
    let known = on.types().iter().flat_map(|ty| model::names(*ty));
    suggest::closest(&name.text, known).map(str::to_owned)
}
