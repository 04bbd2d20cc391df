//! From ELM XML to the nodes that the JSON of the same library has.
//!
//! The two formats say the same in different ways: XML has `xsi:type` for `type`, attributes for fields that are texts,
//! prefixes for the URIs of types, and repeated elements for lists. Which fields are lists, Booleans and names of types
//! is in the schema, and here in three tables.

use super::error::ElmError;
use super::kind::Kind;
use super::node::{Field, Node};
use crate::xml::{self, Element};

/// The attributes that are Booleans.
const BOOLEANS: [&str; 12] = [
    "adjacent",
    "distinct",
    "external",
    "fluent",
    "highClosed",
    "includeDeleted",
    "isList",
    "isReverse",
    "lowClosed",
    "preserve",
    "strict",
    "inclusive",
];

/// The attributes that name a type, with a prefix for the URI of its model.
const TYPE_NAMES: [&str; 9] = [
    "asType",
    "classType",
    "dataType",
    "isType",
    "resultTypeName",
    "toType",
    "valueType",
    "elementType",
    "pointType",
];

/// Prefixes and the URIs that they stand for; the innermost last.
type Prefixes<'e> = Vec<(&'e str, &'e str)>;

/// Reads a whole document.
pub(super) fn document(text: &str) -> Result<Field, ElmError> {
    let root = xml::read(text).map_err(|source| ElmError::NotXml { source })?;
    if root.name != "library" {
        return Err(ElmError::NotALibrary);
    }
    let library = node(&root, Kind::Library, &mut Vec::new());
    Ok(Node::part(Kind::Unknown).with("library", library).into())
}

fn node<'e>(element: &'e Element, implied: Kind, prefixes: &mut Prefixes<'e>) -> Node {
    let outer = prefixes.len();
    for (name, value) in &element.attributes {
        if name == "xmlns" {
            prefixes.push(("", value));
        } else if let Some(prefix) = name.strip_prefix("xmlns:") {
            prefixes.push((prefix, value));
        }
    }
    let mut node = match element.xsi_type() {
        Some(ty) => Node::part(Kind::of(ty)).with("type", ty),
        None => Node::part(implied),
    };
    for (name, value) in &element.attributes {
        // What has a prefix is `xsi:type` or a name space, not a field.
        if name != "xmlns" && !name.contains(':') {
            node.set(name, attribute(node.kind(), name, value, prefixes));
        }
    }
    children(element, &mut node, prefixes);
    prefixes.truncate(outer);
    node
}

fn attribute(kind: Kind, name: &str, value: &str, prefixes: &Prefixes<'_>) -> Field {
    if BOOLEANS.contains(&name) {
        return Field::Boolean(matches!(value, "true" | "1"));
    }
    if kind == Kind::Quantity && name == "value" {
        return Field::Number(value.into());
    }
    let is_type =
        TYPE_NAMES.contains(&name) || (kind == Kind::NamedTypeSpecifier && name == "name");
    match is_type.then(|| qualified(value, prefixes)).flatten() {
        Some(name) => Field::from(name),
        None => Field::from(value),
    }
}

/// `prefix:Name` as `{uri}Name`.
fn qualified(value: &str, prefixes: &Prefixes<'_>) -> Option<String> {
    let (prefix, name) = value.split_once(':').unwrap_or(("", value));
    let mut inner = prefixes.iter().rev();
    let (_, uri) = inner.find(|(other, _)| *other == prefix)?;
    Some(format!("{{{uri}}}{name}"))
}

fn children<'e>(element: &'e Element, node: &mut Node, prefixes: &mut Prefixes<'e>) {
    let kind = node.kind();
    // The text of the CQL mixes texts and elements, which a tree of elements does not keep.
    if kind == Kind::Annotation {
        return;
    }
    let mut done: Vec<&str> = Vec::new();
    for child in &element.children {
        if done.contains(&child.name.as_str()) {
            continue;
        }
        done.push(&child.name);
        let implied = Kind::implied(kind, &child.name);
        let same: Vec<&Element> = element.named(&child.name).collect();
        let field = match same.as_slice() {
            [one] if !kind.holds_list(&child.name) => field(one, implied, prefixes),
            many => Field::List(
                many.iter()
                    .map(|one| field(one, implied, prefixes))
                    .collect(),
            ),
        };
        node.set(&child.name, field);
    }
}

/// An element with nothing but text is a text.
fn field<'e>(element: &'e Element, implied: Kind, prefixes: &mut Prefixes<'e>) -> Field {
    let is_text = element.children.is_empty()
        && element.attributes.is_empty()
        && !element.text.trim().is_empty();
    match is_text {
        true => Field::from(element.text.trim()),
        false => node(element, implied, prefixes).into(),
    }
}
