//! What a library defines, and what it takes from others.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::HashMap;

use super::scope::Scopes;
use crate::model::Spec;
use crate::resolve::library::Unit;
use crate::resolve::signature::Signature;
use crate::syntax::{Access, Item, Name};

/// A model in use, and what it is called here.
#[derive(Debug, Clone)]
pub(in crate::resolve) struct Using {
    pub local: Box<str>,
    pub model: Box<str>,
}

/// A library that is included, and what it is called here. There is no unit when it could not be had.
#[derive(Debug, Clone)]
pub(in crate::resolve) struct Include {
    pub alias: Box<str>,
    pub unit: Option<Arc<Unit>>,
}

/// A definition of the library.
#[derive(Debug)]
pub(in crate::resolve) struct Definition<'t> {
    pub name: &'t Name,
    pub what: What,
    pub item: &'t Item,
    /// The context that it is in.
    pub context: Rc<str>,
    pub state: State,
}

/// What a definition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolve) enum What {
    Using,
    Include(usize),
    CodeSystem,
    ValueSet,
    Code,
    Concept,
    Parameter,
    Expression,
    /// What a context is about: `Patient`. A definition of the same name takes its place.
    Context,
    Function(Head),
}

/// How a function is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolve) struct Head {
    /// Its operands; the result is in the [`State`] of its definition.
    pub signature: Signature,
    pub fluent: bool,
}

/// How far the translation of a definition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolve) enum State {
    Waiting,
    Open,
    /// Its result is of this type.
    Done(Spec),
    /// It has errors, which have been reported.
    Failed,
}

impl What {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            What::Using => "model",
            What::Include(_) => "library",
            What::CodeSystem => "code system",
            What::ValueSet => "value set",
            What::Code => "code",
            What::Concept => "concept",
            What::Parameter => "parameter",
            What::Expression | What::Context => "definition",
            What::Function(_) => "function",
        }
    }
}

/// All names of a library.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Names<'t> {
    pub usings: Vec<Using>,
    pub includes: Vec<Include>,
    pub definitions: Vec<Definition<'t>>,
    by_name: HashMap<&'t str, usize>,
    functions: HashMap<&'t str, Vec<usize>>,
    pub scopes: Scopes,
    /// The context of the definition that is translated; empty before the first.
    pub context: Rc<str>,
    /// The definitions that are being translated, each needed by the one before.
    pub open: Vec<usize>,
    /// Whether the expression must be known before the library is run: a default.
    pub constant: bool,
    /// The library `FHIRHelpers` that is included when a conversion needs it and no `include` names it.
    pub helpers: Option<Arc<Unit>>,
    /// Whether one does.
    pub helpers_needed: Cell<bool>,
}

impl<'t> Names<'t> {
    /// Adds a definition. One of the same name is returned: the name stays with it, unless it is what a context is
    /// about. Functions may have the same name.
    pub fn define(&mut self, definition: Definition<'t>) -> Option<usize> {
        let at = self.definitions.len();
        let name: &'t str = &definition.name.text;
        let function = matches!(definition.what, What::Function(_));
        self.definitions.push(definition);
        if function {
            self.functions.entry(name).or_default().push(at);
            return None;
        }
        match self.by_name.get(name).copied() {
            Some(before) if !self.is_context(before) => Some(before),
            _ => {
                self.by_name.insert(name, at);
                None
            }
        }
    }

    fn is_context(&self, at: usize) -> bool {
        self.get(at).is_some_and(|one| one.what == What::Context)
    }

    pub fn get(&self, at: usize) -> Option<&Definition<'t>> {
        self.definitions.get(at)
    }

    /// The definition of this name; functions are none.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The functions of this name.
    pub fn functions(&self, name: &str) -> &[usize] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names of all definitions that are no functions.
    pub fn all(&self) -> impl Iterator<Item = &'t str> {
        let named = |one: &Definition<'t>| !matches!(one.what, What::Function(_));
        let definitions = self.definitions.iter().filter(move |one| named(one));
        definitions.map(|one| &*one.name.text)
    }

    /// The names of all functions.
    pub fn all_functions(&self) -> impl Iterator<Item = &'t str> {
        self.functions.keys().copied()
    }

    pub fn set_state(&mut self, at: usize, state: State) {
        if let Some(definition) = self.definitions.get_mut(at) {
            definition.state = state;
        }
    }

    /// The library that this name is an alias of.
    pub fn included(&self, alias: &str) -> Option<&Include> {
        match self.get(self.named(alias)?)?.what {
            What::Include(at) => self.includes.get(at),
            _ => None,
        }
    }

    /// What the library of this name is called here.
    pub fn alias_of(&self, library: &str) -> Option<&str> {
        let is_it = |include: &&Include| match &include.unit {
            Some(unit) => &*unit.exports.name == library,
            None => &*include.alias == library,
        };
        self.includes
            .iter()
            .find(is_it)
            .map(|include| &*include.alias)
    }

    /// The model that is called so here.
    pub fn model(&self, local: &str) -> Option<&str> {
        let found = self.usings.iter().find(|using| &*using.local == local);
        found.map(|using| &*using.model)
    }

    /// The first model in use beside System: types without a model are its types.
    pub fn default_model(&self) -> Option<&str> {
        let found = self.usings.iter().find(|using| &*using.model != "System");
        found.map(|using| &*using.model)
    }
}

impl Definition<'_> {
    pub fn is_private(&self) -> bool {
        self.item.access == Access::Private
    }
}
