//! The nodes of an evaluation: elements of records, and instances that CQL makes.

use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;
use salus_fhir::schema::{self, Kind, TypeId};
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_values::{Grain, Value, logic};

use super::Item;
use super::property;
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
    pub(crate) fn children(&self) -> Vec<(Cow<'_, str>, Item<V>)> {
        match self {
            Element::Record(node) => property::children(node),
            Element::Instance(instance) => {
                let elements = instance.elements().filter(|(_, value)| !value.is_null());
                let elements = elements.map(|(name, value)| (Cow::Borrowed(name), value.clone()));
                elements.collect()
            }
            Element::ValueSet(_) | Element::CodeSystem(_) => Vec::new(),
        }
    }

    /// Whether both are resources of records that have ids, and these are different: most resources that are compared
    /// are told apart by it.
    fn has_other_id(&self, other: &Self) -> bool {
        let (Element::Record(left), Element::Record(right)) = (self, other) else {
            return false;
        };
        if schema::r4().get(left.type_id()).kind != Kind::Resource {
            return false;
        }
        let id = |node: &V| {
            let mut found = None;
            node.children("id", &mut |id| found = Some(id));
            found
        };
        let (left, right) = (id(left), id(right));
        let texts = (
            left.as_ref().and_then(V::primitive),
            right.as_ref().and_then(V::primitive),
        );
        match texts {
            (Some(PrimitiveText::Text(left)), Some(PrimitiveText::Text(right))) => left != right,
            _ => false,
        }
    }

    /// The id of a resource.
    fn resource_id(&self) -> Option<Item<V>> {
        let is_resource = |ty| schema::r4().get(ty).kind == Kind::Resource;
        self.type_id().filter(|ty| is_resource(*ty))?;
        let id = match self {
            Element::Record(node) => property::named(node, "id"),
            Element::Instance(instance) => instance.element("id")?.clone(),
            Element::ValueSet(_) | Element::CodeSystem(_) => Value::Null,
        };
        match id {
            Value::Node(node) => node.value(),
            Value::Null => None,
            other => Some(other),
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
        if self.has_other_id(other) {
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

    fn print(&self) -> Option<u64> {
        let mut hasher = FixedState::default().build_hasher();
        write_print(self, &mut hasher);
        Some(hasher.finish())
    }
}

/// Writes what all elements that equal this one have in common: the type and id of a resource; of others the names of
/// their elements and those values that have one form only.
fn write_print<V: ElementView>(element: &Element<V>, hasher: &mut impl Hasher) {
    element.type_id().hash(hasher);
    match (element, element.resource_id()) {
        (_, Some(Value::String(id))) => id.hash(hasher),
        (Element::ValueSet(known) | Element::CodeSystem(known), _) => known.id.hash(hasher),
        _ => {
            for (name, value) in element.children() {
                name.hash(hasher);
                write_value(&value, hasher);
            }
        }
    }
}

fn write_value<V: ElementView>(value: &Item<V>, hasher: &mut impl Hasher) {
    match value {
        Value::Boolean(value) => value.hash(hasher),
        Value::Integer(_) | Value::Long(_) | Value::Decimal(_) => value.as_number().hash(hasher),
        Value::String(text) => text.hash(hasher),
        Value::Node(element) => write_print(element, hasher),
        Value::List(items) => {
            items.len().hash(hasher);
            items.iter().for_each(|item| write_value(item, hasher));
        }
        // Dates and quantities are equal in several forms.
        _ => {}
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
