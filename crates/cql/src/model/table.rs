//! A model as compact tables.
//!
//! Names and types are stored once and referred to by number: FHIR has 5,000 elements, and 1,000 names and types.

use std::hash::Hash;
use std::ops::Range;

use foldhash::HashMap;

use super::spec::Spec;

/// A number for a name or a type of a [`Model`].
pub(super) type Id = u32;

/// Things that are stored once each.
#[derive(Debug)]
pub(super) struct Store<T> {
    all: Vec<T>,
    ids: HashMap<T, Id>,
}

impl<T> Default for Store<T> {
    fn default() -> Store<T> {
        Store {
            all: Vec::new(),
            ids: HashMap::default(),
        }
    }
}

impl<T: Hash + Eq + Clone> Store<T> {
    /// The number of this thing.
    pub fn add(&mut self, one: T) -> Id {
        if let Some(id) = self.ids.get(&one) {
            return *id;
        }
        let id = Id::try_from(self.all.len()).unwrap_or(Id::MAX);
        self.all.push(one.clone());
        self.ids.insert(one, id);
        id
    }

    /// The thing of this number.
    fn get(&self, id: Id) -> Option<&T> {
        self.all.get(id as usize)
    }
}

/// A class or simple type.
#[derive(Debug)]
pub(super) struct ClassRow {
    pub name: Id,
    pub base: Option<Id>,
    pub identifier: Option<Id>,
    pub label: Option<Id>,
    pub target: Option<Id>,
    pub primary_code_path: Option<Id>,
    pub retrievable: bool,
    pub simple: bool,
    pub elements: Range<u32>,
    pub relationships: Range<u32>,
}

/// An element of a class.
#[derive(Debug)]
pub(super) struct ElementRow {
    pub name: Id,
    pub ty: Id,
    pub target: Option<Id>,
    pub prohibited: bool,
}

/// How a class belongs to a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// The context.
    pub context: Box<str>,
    /// What names whose it is: an element, or, in FHIR's model info, a search parameter (`patient` of a Condition is
    /// its element `subject`).
    pub related_key_element: Option<Box<str>>,
}

/// A context: whose data is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its name, as `context` says it.
    pub name: Box<str>,
    /// The type of what the context is about.
    pub ty: Spec,
    /// The element that tells one from another.
    pub key_element: Option<Box<str>>,
    /// The element with the date of birth.
    pub birth_date_element: Option<Box<str>>,
}

/// A function that converts one type to another without being called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The function: `FHIRHelpers.ToCode`.
    pub function: Box<str>,
    /// From which type.
    pub from: Spec,
    /// To which type.
    pub to: Spec,
}

/// A model: what its data consists of.
#[derive(Debug, Default)]
pub struct Model {
    pub(super) name: Box<str>,
    pub(super) version: Option<Box<str>>,
    pub(super) url: Box<str>,
    pub(super) target_url: Option<Box<str>>,
    pub(super) target_version: Option<Box<str>>,
    pub(super) target_qualifier: Option<Box<str>>,
    pub(super) patient_class: Option<Spec>,
    pub(super) patient_birth_date: Option<Box<str>>,
    pub(super) default_context: Option<Box<str>>,
    pub(super) required: Vec<(Box<str>, Option<Box<str>>)>,
    pub(super) names: Store<Box<str>>,
    pub(super) specs: Store<Spec>,
    pub(super) classes: Vec<ClassRow>,
    pub(super) elements: Vec<ElementRow>,
    pub(super) relationships: Vec<Relationship>,
    pub(super) by_name: HashMap<Box<str>, u32>,
    pub(super) by_label: HashMap<Box<str>, u32>,
    pub(super) contexts: Vec<Context>,
    pub(super) conversions: Vec<Conversion>,
}

impl Model {
    /// Its name: `FHIR`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version: `4.0.1`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The URI that its types are named with in ELM: `http://hl7.org/fhir`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URI of the model that the data is in, when it is another one: QI-Core is written over FHIR.
    #[must_use]
    pub fn target_url(&self) -> Option<&str> {
        self.target_url.as_deref()
    }

    /// The version of that other model.
    #[must_use]
    pub fn target_version(&self) -> Option<&str> {
        self.target_version.as_deref()
    }

    /// The prefix for its types in ELM XML.
    #[must_use]
    pub fn target_qualifier(&self) -> Option<&str> {
        self.target_qualifier.as_deref()
    }

    /// The type of patients.
    #[must_use]
    pub fn patient_class(&self) -> Option<&Spec> {
        self.patient_class.as_ref()
    }

    /// The path to the date of birth of a patient, for `AgeInYears()` and the like.
    #[must_use]
    pub fn patient_birth_date(&self) -> Option<&str> {
        self.patient_birth_date.as_deref()
    }

    /// The context of statements before the first `context`, if the model says one.
    #[must_use]
    pub fn default_context(&self) -> Option<&str> {
        self.default_context.as_deref()
    }

    /// The names and versions of the models that it is made of.
    pub fn required(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.required
            .iter()
            .map(|(name, version)| (&**name, version.as_deref()))
    }

    /// Its contexts.
    #[must_use]
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// Its conversions.
    #[must_use]
    pub fn conversions(&self) -> &[Conversion] {
        &self.conversions
    }

    /// Its types, in the order of the file.
    pub fn classes(&self) -> impl Iterator<Item = Class<'_>> {
        self.classes.iter().map(|row| Class { model: self, row })
    }

    /// The type of this name: `Patient`, `Patient.Contact`.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<Class<'_>> {
        let row = self.classes.get(*self.by_name.get(name)? as usize)?;
        Some(Class { model: self, row })
    }

    /// The type that authors know by this label.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Option<Class<'_>> {
        let row = self.classes.get(*self.by_label.get(label)? as usize)?;
        Some(Class { model: self, row })
    }

    /// The types that can be retrieved under this label or profile (`identifier`).
    pub fn class_of_label<'m>(&'m self, label: &'m str) -> impl Iterator<Item = Class<'m>> {
        self.classes()
            .filter(move |class| class.label() == Some(label) || class.identifier() == Some(label))
    }

    fn text(&self, id: Option<Id>) -> Option<&str> {
        self.names.get(id?).map(|name| &**name)
    }
}

/// A type of a model.
#[derive(Clone, Copy)]
pub struct Class<'m> {
    model: &'m Model,
    row: &'m ClassRow,
}

impl<'m> Class<'m> {
    /// The model that it is in.
    #[must_use]
    pub fn model(self) -> &'m Model {
        self.model
    }

    /// Its name in the model.
    #[must_use]
    pub fn name(self) -> &'m str {
        self.model.text(Some(self.row.name)).unwrap_or_default()
    }

    /// The type that it is a kind of. Nothing for `System.Any`.
    #[must_use]
    pub fn base(self) -> Option<&'m Spec> {
        self.model.specs.get(self.row.base?)
    }

    /// The profile or structure that it stands for.
    #[must_use]
    pub fn identifier(self) -> Option<&'m str> {
        self.model.text(self.row.identifier)
    }

    /// The name that authors know it by, when that is another.
    #[must_use]
    pub fn label(self) -> Option<&'m str> {
        self.model.text(self.row.label)
    }

    /// The type of the target model that its data is of, when that is another: a `USCore` profile has `Observation`.
    #[must_use]
    pub fn target(self) -> Option<&'m str> {
        self.model.text(self.row.target)
    }

    /// The path to the code that retrieves without a path compare.
    #[must_use]
    pub fn primary_code_path(self) -> Option<&'m str> {
        self.model.text(self.row.primary_code_path)
    }

    /// Whether `[Type]` can be written.
    #[must_use]
    pub fn is_retrievable(self) -> bool {
        self.row.retrievable
    }

    /// Whether it has no elements by its kind, as `System.Integer`.
    #[must_use]
    pub fn is_simple(self) -> bool {
        self.row.simple
    }

    /// Its own elements, without those of its base types.
    pub fn elements(self) -> impl Iterator<Item = Element<'m>> {
        let rows = range(&self.model.elements, &self.row.elements);
        rows.iter().map(move |row| Element {
            model: self.model,
            row,
        })
    }

    /// The contexts that it belongs to.
    #[must_use]
    pub fn relationships(self) -> &'m [Relationship] {
        range(&self.model.relationships, &self.row.relationships)
    }
}

impl std::fmt::Display for Class<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.model.name, self.name())
    }
}

impl std::fmt::Debug for Class<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// An element of a type.
#[derive(Clone, Copy)]
pub struct Element<'m> {
    model: &'m Model,
    row: &'m ElementRow,
}

impl<'m> Element<'m> {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'m str {
        self.model.text(Some(self.row.name)).unwrap_or_default()
    }

    /// Its type.
    #[must_use]
    pub fn ty(self) -> &'m Spec {
        const NONE: &Spec = &Spec::Choice(Vec::new());
        self.model.specs.get(self.row.ty).unwrap_or(NONE)
    }

    /// The expression over the target model that gives its value: `%value.value`, `FHIRHelpers.ToConcept(%value)`.
    #[must_use]
    pub fn target(self) -> Option<&'m str> {
        self.model.text(self.row.target)
    }

    /// Whether the profile leaves it out.
    #[must_use]
    pub fn is_prohibited(self) -> bool {
        self.row.prohibited
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name(), self.ty())
    }
}

fn range<'m, T>(all: &'m [T], range: &Range<u32>) -> &'m [T] {
    all.get(range.start as usize..range.end as usize)
        .unwrap_or_default()
}
