//! What names mean: definitions, aliases, elements, functions (Author's Guide §2, Developer's Guide §4).
//!
//! ```text
//!   name ─► element of what is sorted ─► element of `$this` ─► alias, let, operand ─► definition ─► element of the
//!                                                                                                   context
//!   on.name ─► definition of an included library, or an element: of the profile, mapped to the data
//! ```

mod definition;
mod function;
mod hiding;
mod mistake;
mod property;
mod scope;
mod symbols;
mod target;
mod types;

use salus_base::suggest;

use super::library::{Export, Unit};
use super::translator::Translator;
use super::typed::{Typed, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::{Expr, ExprKind, Name, QualifiedName, Span};

pub(super) use definition::is_unfiltered;
pub use mistake::NameMistake;
pub(super) use scope::{Local, Scopes};
pub(super) use symbols::{Definition, Head, Include, Names, State, Using, What};

impl Translator<'_> {
    /// A name that stands alone.
    pub fn identifier(&mut self, name: &Name) -> Option<Typed> {
        if let Some(found) = self.element_of_scope(&name.text, name.span) {
            return found;
        }
        if let Some(local) = self.names.scopes.find(&name.text) {
            return local_ref(&name.text, local);
        }
        if let Some(at) = self.names.named(&name.text) {
            return self.definition_ref(at, name.span);
        }
        if let Some(found) = self.element_of_context(&name.text, name.span) {
            return found;
        }
        self.unknown(name)
    }

    /// The element of what is sorted, or of `$this`, when the name is one.
    fn element_of_scope(&mut self, name: &str, span: Span) -> Option<Option<Typed>> {
        if let Some(item) = self.names.scopes.sorted() {
            let item = item.clone();
            let property = self.property(&item, name)?;
            let node = Node::new(Kind::IdentifierRef).with("name", name);
            return Some(self.mapped_property(node, &property, name, span));
        }
        let this = self.names.scopes.implied()?.clone();
        self.property(&this, name)?;
        let this = Typed::new(Node::new(Kind::AliasRef).with("name", "$this"), this);
        Some(self.element(this, name, span))
    }

    /// The element of what the context is about, when that is a parameter of the context's name.
    fn element_of_context(&mut self, name: &str, span: Span) -> Option<Option<Typed>> {
        let at = self.names.named(&self.names.context)?;
        let definition = self.names.get(at)?;
        if definition.what != What::Parameter {
            return None;
        }
        let context = self.definition_ref(at, span)?;
        self.property(&context.ty, name)?;
        Some(self.element(context, name, span))
    }

    /// `on.name`
    pub fn member(&mut self, on: &Expr, name: &Name, _: Span) -> Option<Typed> {
        if let Some(library) = self.qualifier(on) {
            return self.member_of_library(&library.text, name);
        }
        let left = self.expression(on)?;
        self.element(left, &name.text, name.span)
    }

    /// The library that `on` names in `on.name`; nothing when it is an expression. `System` is one.
    pub fn qualifier(&self, on: &Expr) -> Option<Name> {
        let ExprKind::Identifier(name) = &on.kind else {
            return None;
        };
        let local = self.names.scopes.find(&name.text).is_some();
        let library = &*name.text == "System" || self.names.included(&name.text).is_some();
        (library && !local).then(|| name.clone())
    }

    /// The names of the functions that can be called, for suggestions.
    pub fn function_names(&self) -> Vec<Box<str>> {
        let own = self.names.all_functions();
        let includes = self.names.includes.iter();
        let units = includes.filter_map(|include| include.unit.as_ref());
        let fluent = units.flat_map(|unit| unit.exports.function_names());
        own.chain(fluent).map(Into::into).collect()
    }

    /// A reference to a code system, as a field holds it: without `type`.
    pub fn code_system(&mut self, name: &QualifiedName) -> Option<Node> {
        self.term_ref(name, &What::CodeSystem)
    }

    /// The date of birth of the patient, for `AgeInYears()` and the like.
    pub fn birth_date(&mut self, span: Span) -> Option<Typed> {
        let patient = Name {
            text: "Patient".into(),
            span,
        };
        let patient = self.identifier(&patient)?;
        let model = patient
            .ty
            .name()
            .and_then(|name| self.models.get(&name.model));
        let path = model.and_then(crate::model::Model::patient_birth_date);
        let path = path.unwrap_or("birthDate");
        if !path.contains('.') {
            return self.element(patient, path, span);
        }
        // A path of several names is one property.
        let ty = self.type_at(&patient.ty, path)?;
        let mut node = Node::new(Kind::Property)
            .with("path", path)
            .with("source", patient.node);
        self.mark_type(&mut node, &ty);
        Some(Typed::new(node, ty))
    }

    /// Does something where `$this` is an item of this type.
    pub fn in_scope_of_this<T>(&mut self, item: Spec, body: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.names.scopes.mark();
        self.names.scopes.add_this(item);
        let made = body(self);
        self.names.scopes.forget(before);
        made
    }

    /// A definition of an included library.
    fn member_of_library(&mut self, library: &str, name: &Name) -> Option<Typed> {
        // A library that could not be had has been reported.
        let unit = self.names.included(library)?.unit.clone()?;
        let Some(export) = unit.exports.get(&name.text) else {
            return self.not_in_library(library, &unit, name);
        };
        if self.names.constant {
            let name_text = name.text.clone();
            return self.refuse(NameMistake::NotConstant { name: name_text }, name.span);
        }
        self.check_access(library, export.private, name)?;
        let node = reference(&export.what)?.with("name", &*name.text);
        let node = node.with("libraryName", library);
        let ty = export.ty.clone()?;
        let ty = self.seen_from_here(ty, context_of(export));
        Some(Typed::new(node, ty))
    }

    fn not_in_library(&mut self, library: &str, unit: &Unit, name: &Name) -> Option<Typed> {
        let suggestion = suggest::closest(&name.text, unit.exports.names()).map(Into::into);
        self.refuse(
            NameMistake::NotInLibrary {
                library: library.into(),
                name: name.text.clone(),
                suggestion,
            },
            name.span,
        )
    }

    /// Refuses what is private to another library.
    fn check_access(&mut self, library: &str, private: bool, name: &Name) -> Option<()> {
        if !private {
            return Some(());
        }
        self.refuse(
            NameMistake::Private {
                library: library.into(),
                name: name.text.clone(),
            },
            name.span,
        )
    }

    /// `$this`
    pub fn this(&mut self, span: Span) -> Option<Typed> {
        if let Some(item) = self.names.scopes.sorted() {
            let node = Node::new(Kind::IdentifierRef).with("name", "$this");
            return Some(Typed::new(node, item.clone()));
        }
        match self.names.scopes.this() {
            Some(ty) => {
                let node = Node::new(Kind::AliasRef).with("name", "$this");
                Some(Typed::new(node, ty.clone()))
            }
            None => self.refuse(NameMistake::NoSpecial { name: "$this" }, span),
        }
    }

    /// `$index`
    pub fn index(&mut self, span: Span) -> Option<Typed> {
        match self.names.scopes.this() {
            Some(_) => Some(Typed::system(Node::new(Kind::Iteration), "Integer")),
            None => self.refuse(NameMistake::NoSpecial { name: "$index" }, span),
        }
    }

    /// `$total`: nothing that is translated gives it a meaning; the name of an `aggregate` clause is a `let`.
    pub fn total(&mut self, span: Span) -> Option<Typed> {
        self.refuse(NameMistake::NoSpecial { name: "$total" }, span)
    }

    /// What a library of conversions is called here. When it is not included it will be.
    pub fn conversion_library(&self, library: &str) -> Box<str> {
        match self.names.alias_of(library) {
            Some(alias) => alias.into(),
            None => {
                self.names.helpers_needed.set(true);
                library.into()
            }
        }
    }
}

/// A reference to what an expression names beside definitions.
fn local_ref(name: &str, local: Local) -> Option<Typed> {
    let (kind, ty) = match local {
        Local::Alias(ty) => (Kind::AliasRef, ty),
        Local::Let(ty) => (Kind::QueryLetRef, ty),
        Local::Operand(ty) => (Kind::OperandRef, ty),
        Local::Unknown => return None,
    };
    Some(Typed::new(Node::new(kind).with("name", name), ty))
}

/// The node that refers to a definition, without its name. Nothing for what is no value.
fn reference(what: &What) -> Option<Node> {
    Some(match what {
        What::CodeSystem => Node::new(Kind::CodeSystemRef),
        // The value set itself is meant, not the codes in it.
        What::ValueSet => Node::new(Kind::ValueSetRef).with("preserve", true),
        What::Code => Node::new(Kind::CodeRef),
        What::Concept => Node::new(Kind::ConceptRef),
        What::Parameter => Node::new(Kind::ParameterRef),
        What::Expression | What::Context => Node::new(Kind::ExpressionRef),
        What::Using | What::Include(_) | What::Function(_) => return None,
    })
}

/// The context of an exported expression; nothing for what belongs to none.
fn context_of(export: &Export) -> Option<&str> {
    matches!(export.what, What::Expression | What::Context).then_some(&*export.context)
}

/// The type of the definitions of this kind, when it is always the same.
pub(super) fn fixed_type(what: &What) -> Option<Spec> {
    Some(system(match what {
        What::CodeSystem => "CodeSystem",
        What::ValueSet => "ValueSet",
        What::Code => "Code",
        What::Concept => "Concept",
        _ => return None,
    }))
}
