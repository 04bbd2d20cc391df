//! A place in a resource.

use std::borrow::Cow;

use super::fields::{Extensions, Fields, Items, Members};
use super::tape::{Entry, Kind, narrow, wide};
use super::text;
use crate::schema;

/// A place in a resource: a value, for a primitive together with its `_` sibling. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pub(super) text: &'a str,
    pub(super) tape: &'a [Entry],
    pub(super) value: Option<usize>,
    pub(super) sibling: Option<usize>,
}

/// Where a node is in its document, in eight bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    value: u32,
    sibling: u32,
}

impl Place {
    /// No value, or no sibling: no tape is that long.
    const NONE: u32 = u32::MAX;

    pub(super) fn node<'a>(self, text: &'a str, tape: &'a [Entry]) -> Node<'a> {
        let index = |at: u32| (at != Place::NONE).then(|| wide(at));
        Node::new(text, tape, index(self.value), index(self.sibling))
    }

    /// The tape's index of the value, or of the sibling when there is no value.
    pub(crate) fn position(self) -> Option<usize> {
        let at = match self.value {
            Place::NONE => self.sibling,
            value => value,
        };
        (at != Place::NONE).then(|| wide(at))
    }
}

/// What the value of a node is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// No value (only a `_` sibling), or `null`.
    Absent,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// One element of a choice as it was found.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// The FHIR type: `Quantity`, `dateTime`.
    pub type_name: &'static str,
    /// The value.
    pub node: Node<'a>,
}

impl<'a> Node<'a> {
    pub(super) fn new(
        text: &'a str,
        tape: &'a [Entry],
        value: Option<usize>,
        sibling: Option<usize>,
    ) -> Node<'a> {
        Node {
            text,
            tape,
            value,
            sibling,
        }
    }

    pub(super) fn at(&self, value: Option<usize>, sibling: Option<usize>) -> Node<'a> {
        Node {
            value,
            sibling,
            ..*self
        }
    }

    pub(super) fn entry(&self) -> Option<&'a Entry> {
        self.tape.get(self.value?)
    }

    pub(super) fn entry_at(&self, index: usize) -> Option<&'a Entry> {
        self.tape.get(index)
    }

    pub(super) fn slice(&self, entry: &Entry) -> &'a str {
        self.text
            .get(wide(entry.start)..wide(entry.end))
            .unwrap_or("")
    }

    /// The string value of a string or key entry.
    pub(super) fn text_of(&self, entry: &Entry) -> Cow<'a, str> {
        match entry.kind {
            Kind::Escaped => text::unescape(self.slice(entry)),
            _ => Cow::Borrowed(self.slice(entry)),
        }
    }

    /// What the value is in JSON.
    pub fn kind(&self) -> NodeKind {
        match self.entry().map(|e| e.kind) {
            None | Some(Kind::Null) => NodeKind::Absent,
            Some(Kind::True | Kind::False) => NodeKind::Boolean,
            Some(Kind::Number) => NodeKind::Number,
            Some(Kind::Plain | Kind::Escaped) => NodeKind::String,
            Some(Kind::Array) => NodeKind::Array,
            Some(Kind::Object) => NodeKind::Object,
        }
    }

    /// Whether there is a value besides extensions: false for a primitive with a `_` sibling only.
    pub fn has_value(&self) -> bool {
        self.kind() != NodeKind::Absent
    }

    /// The element of this JSON name (`birthDate`, `valueQuantity`) with its `_` sibling; there when either is.
    /// With a leading `_`: the sibling itself.
    pub fn get(&self, name: &str) -> Option<Node<'a>> {
        let (mut value, mut sibling) = (None, None);
        for (key, at) in self.members() {
            let matches = |wanted: &str| match key.kind {
                Kind::Escaped => self.text_of(key) == wanted,
                _ => self.slice(key) == wanted,
            };
            if value.is_none() && matches(name) {
                value = Some(at);
            } else if sibling.is_none()
                && key.kind == Kind::Plain
                && self.slice(key).strip_prefix('_') == Some(name)
            {
                sibling = Some(at);
            }
            if value.is_some() && sibling.is_some() {
                break;
            }
        }
        (value.is_some() || sibling.is_some()).then(|| self.at(value, sibling))
    }

    /// The value under a JSON name, without looking for a sibling: for what is known to be no primitive.
    pub(crate) fn value_of(&self, name: &str) -> Option<Node<'a>> {
        let mut members = self.members();
        let found = members.find(|(key, _)| match key.kind {
            Kind::Escaped => self.text_of(key) == name,
            _ => self.slice(key) == name,
        });
        found.map(|(_, at)| self.at(Some(at), None))
    }

    /// What `of` makes of the first JSON name that begins with a choice's name and that it knows.
    pub(crate) fn choice_name<T>(&self, name: &str, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.members().find_map(|(key, _)| {
            let json_name = self.text_of(key);
            let json_name = json_name.strip_prefix('_').unwrap_or(&json_name);
            (json_name.len() > name.len() && json_name.starts_with(name))
                .then(|| of(json_name))
                .flatten()
        })
    }

    /// The value inside this array or object that spans the tape's index `at`.
    pub(crate) fn child_around(&self, at: usize) -> Option<Node<'a>> {
        let (inside, end) = match self.value {
            Some(value) if value < at => (value + 1, wide(self.entry()?.next)),
            _ => return None,
        };
        let keyed = usize::from(self.kind() == NodeKind::Object);
        let mut child = inside + keyed;
        while child < end {
            let next = wide(self.entry_at(child)?.next);
            if (child..next).contains(&at) {
                return Some(self.at(Some(child), None));
            }
            child = next + keyed;
        }
        None
    }

    /// Where this node is in its document.
    pub(crate) fn place(&self) -> Place {
        let index = |at: Option<usize>| at.map_or(Place::NONE, narrow);
        Place {
            value: index(self.value),
            sibling: index(self.sibling),
        }
    }

    /// The `_` sibling of a primitive, as a node of its own.
    pub(crate) fn sibling(&self) -> Option<Node<'a>> {
        self.sibling_node()
    }

    /// The element of a choice by its element name: `value` finds `valueQuantity`, with the type `Quantity`.
    pub fn choice(&self, name: &str) -> Option<Choice<'a>> {
        self.members().find_map(|(key, _)| {
            let json_name = self.text_of(key);
            let json_name = json_name.strip_prefix('_').unwrap_or(&json_name);
            let type_name = type_of_suffix(json_name.strip_prefix(name)?)?;
            Some(Choice {
                type_name,
                node: self.get(json_name)?,
            })
        })
    }

    /// The values of a list, or the one value that is no list. Primitives are aligned with their `_` list, so a
    /// `null` is an item without value whose extensions are there.
    pub fn items(&self) -> Items<'a> {
        Items::new(*self)
    }

    /// The first of [`Node::items`].
    pub fn first(&self) -> Option<Node<'a>> {
        self.items().next()
    }

    /// The elements of an object by JSON name, each once with its `_` sibling: in the order of the text,
    /// then those that have a sibling only.
    pub fn fields(&self) -> Fields<'a> {
        Fields::new(*self)
    }

    pub(super) fn members(&self) -> Members<'a> {
        Members::new(*self)
    }

    /// The value of a string, borrowed when it has no escapes.
    pub fn string(&self) -> Option<Cow<'a, str>> {
        let entry = self.entry()?;
        matches!(entry.kind, Kind::Plain | Kind::Escaped).then(|| self.text_of(entry))
    }

    /// The value of a boolean.
    pub fn boolean(&self) -> Option<bool> {
        match self.entry()?.kind {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// A number as it was written: `6.10`, `1e3`.
    pub fn number(&self) -> Option<&'a str> {
        let entry = self.entry()?;
        (entry.kind == Kind::Number).then(|| self.slice(entry))
    }

    /// A number without fraction and exponent.
    pub fn integer(&self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    /// The nearest double of a number: for drawing and statistics, not for comparing decimals. `None` beyond its range.
    pub fn double(&self) -> Option<f64> {
        self.number()?.parse().ok().filter(|d: &f64| d.is_finite())
    }

    /// The value as it stands in the text, strings with their quotes; empty when there is none.
    pub fn raw(&self) -> &'a str {
        let (start, end) = self.span();
        self.text.get(start..end).unwrap_or("")
    }

    /// Byte offset of the value in the text, or of the sibling when there is no value.
    pub fn offset(&self) -> u64 {
        match self.value {
            Some(_) => self.span().0 as u64,
            None => self.sibling_node().map_or(0, |s| s.span().0 as u64),
        }
    }

    fn span(&self) -> (usize, usize) {
        let Some(entry) = self.entry() else {
            return (0, 0);
        };
        let quote = usize::from(matches!(entry.kind, Kind::Plain | Kind::Escaped));
        (
            wide(entry.start).saturating_sub(quote),
            wide(entry.end) + quote,
        )
    }

    /// What holds `id` and `extension` of this node: the object itself, or the `_` sibling of a primitive.
    fn sibling_node(&self) -> Option<Node<'a>> {
        self.sibling.map(|at| self.at(Some(at), None))
    }

    fn element(&self) -> Option<Node<'a>> {
        match self.kind() {
            NodeKind::Object => Some(*self),
            _ => self.sibling_node(),
        }
    }

    /// The element's (or resource's) id.
    pub fn id(&self) -> Option<Cow<'a, str>> {
        self.element()?.get("id")?.string()
    }

    /// The extensions of the element, also of a primitive.
    pub fn extensions(&self) -> Extensions<'a> {
        let list = self.element().and_then(|e| e.get("extension"));
        Extensions::new(list.map(|l| l.items()))
    }

    /// The first extension of this URL.
    pub fn extension(&self, url: &str) -> Option<Node<'a>> {
        self.extensions()
            .find(|e| e.get("url").and_then(|u| u.string()).as_deref() == Some(url))
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Node(")?;
        f.write_str(self.raw())?;
        if let Some(sibling) = self.sibling_node() {
            write!(f, " _ {}", sibling.raw())?;
        }
        f.write_str(")")
    }
}

/// `Quantity` → `Quantity`, `DateTime` → `dateTime`; `None` when no type can be in a choice under this suffix.
fn type_of_suffix(suffix: &str) -> Option<&'static str> {
    if !suffix.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let r4 = schema::r4();
    let lower = || {
        let mut name = suffix.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        r4.named(&name)
    };
    let found = r4.get(r4.named(suffix).or_else(lower)?);
    (found.kind != schema::Kind::Resource && !found.is_abstract).then_some(found.name)
}
