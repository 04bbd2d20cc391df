//! The nodes of an evaluation: elements of records, and instances that CQL makes.

use std::fmt;
use std::sync::Arc;

use salus_fhir::schema::{self, Kind, TypeId};
use salus_fhir::view::ElementView;
use salus_values::{Grain, Value, logic};

use super::property;
use super::{Item, Named};
use crate::operators::{Record, Records, Vocabulary};
use crate::program::SystemType;

/// A node: an element of a record, or an instance that CQL made. Cloning is cheap.
#[derive(Clone)]
pub enum Element<V> {
    /// An element of a record.
    Record(V),
    /// An instance of a class of the model.
    Instance(Arc<Instance<V>>),
    /// A value set (`System.ValueSet`).
    ValueSet(Arc<Vocabulary>),
    /// A code system (`System.CodeSystem`).
    CodeSystem(Arc<Vocabulary>),
}

/// An instance of a class of the model that CQL made: `FHIR.Quantity { value: … }`.
pub struct Instance<V> {
    pub(crate) ty: TypeId,
    /// By name, in the order of the names.
    pub(crate) elements: Box<[(Arc<str>, Item<V>)]>,
}

impl<V> Instance<V> {
    /// Its class.
    #[must_use]
    pub fn type_id(&self) -> TypeId {
        self.ty
    }

    /// Its elements, in the order of their names.
    pub fn elements(&self) -> impl Iterator<Item = (&str, &Item<V>)> {
        self.elements.iter().map(|(name, value)| (&**name, value))
    }

    /// An element; `None` when it is not set.
    #[must_use]
    pub fn element(&self, name: &str) -> Option<&Item<V>> {
        let at = self
            .elements
            .binary_search_by(|(known, _)| (**known).cmp(name));
        self.elements.get(at.ok()?).map(|(_, value)| value)
    }
}

impl<V: ElementView> Element<V> {
    /// The type of the model that it is of; `None` for value sets and code systems.
    #[must_use]
    pub fn type_id(&self) -> Option<TypeId> {
        match self {
            Element::Record(node) => Some(node.type_id()),
            Element::Instance(instance) => Some(instance.ty),
            Element::ValueSet(_) | Element::CodeSystem(_) => None,
        }
    }

    /// The name of its type: `FHIR.Quantity`, `System.ValueSet`.
    #[must_use]
    pub fn type_name(&self) -> String {
        match self.type_id() {
            Some(ty) => format!("FHIR.{}", schema::r4().get(ty).name),
            None => format!("System.{}", self.vocabulary_type().name()),
        }
    }

    /// The value of a primitive.
    #[must_use]
    pub fn value(&self) -> Option<Item<V>> {
        match self {
            Element::Record(node) => property::primitive(node),
            Element::Instance(instance) => match schema::r4().get(instance.ty).kind {
                Kind::Primitive(_) => instance.element("value").cloned(),
                _ => None,
            },
            Element::ValueSet(_) | Element::CodeSystem(_) => None,
        }
    }

    fn vocabulary_type(&self) -> SystemType {
        match self {
            Element::CodeSystem(_) => SystemType::CodeSystem,
            _ => SystemType::ValueSet,
        }
    }

    /// The elements that it has, in the order of their names.
    pub(crate) fn children(&self) -> Named<V> {
        match self {
            Element::Record(node) => property::children(node),
            Element::Instance(instance) => {
                let elements = instance.elements.iter();
                elements
                    .filter(|(_, value)| !value.is_null())
                    .cloned()
                    .collect()
            }
            Element::ValueSet(_) | Element::CodeSystem(_) => Vec::new(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Element::Record(left), Element::Record(right)) => left.is_same(right),
            (Element::Instance(left), Element::Instance(right)) => Arc::ptr_eq(left, right),
            (Element::ValueSet(left), Element::ValueSet(right))
            | (Element::CodeSystem(left), Element::CodeSystem(right)) => {
                left.id == right.id && left.version == right.version
            }
            _ => false,
        }
    }

    /// Compares the elements that both have; what `one_has` says when only one has it.
    fn compare(
        &self,
        other: &Self,
        one_has: Option<bool>,
        same: impl Fn(&Item<V>, &Item<V>) -> Option<bool>,
    ) -> Option<bool> {
        if self.is_same(other) {
            return Some(true);
        }
        if self.type_id() != other.type_id() || self.type_id().is_none() {
            return Some(false);
        }
        let (left, right) = (self.children(), other.children());
        let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
        let mut result = Some(true);
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => return result,
                (Some((one, _)), Some((other, _))) => one.cmp(other),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
            };
            let found = match order {
                std::cmp::Ordering::Less => left.next().and(one_has),
                std::cmp::Ordering::Greater => right.next().and(one_has),
                std::cmp::Ordering::Equal => match (left.next(), right.next()) {
                    (Some((_, one)), Some((_, other))) => same(one, other),
                    _ => None,
                },
            };
            if found == Some(false) {
                return Some(false);
            }
            result = logic::and(result, found);
        }
    }
}

impl<V: ElementView> Record for Element<V> {
    fn equal(&self, other: &Self, grain: &Grain) -> Option<bool> {
        self.compare(other, None, |one, other| one.equal(other, grain, &Records))
    }

    fn equivalent(&self, other: &Self, grain: &Grain) -> bool {
        let same = |one: &Item<V>, other: &Item<V>| Some(one.equivalent(other, grain, &Records));
        self.compare(other, Some(false), same) == Some(true)
    }
}

impl<V> fmt::Debug for Element<V>
where
    V: ElementView,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Record(node) => {
                let mut text = String::new();
                node.write_json(&mut text);
                write!(f, "{} {text}", schema::r4().get(node.type_id()).name)
            }
            Element::Instance(instance) => {
                write!(f, "{} ", schema::r4().get(instance.ty).name)?;
                f.debug_map().entries(instance.elements()).finish()
            }
            Element::ValueSet(known) | Element::CodeSystem(known) => {
                write!(f, "{} {}", self.vocabulary_type().name(), known.id)
            }
        }
    }
}

/// The name of a value's type, for people.
pub(crate) fn type_name<V: ElementView>(value: &Item<V>) -> String {
    match value {
        Value::Node(node) => node.type_name(),
        Value::Null => "null".to_owned(),
        other => other.type_name().to_owned(),
    }
}
