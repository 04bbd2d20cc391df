//! A view of a resource over its JSON text: nothing is copied, nothing is lost.
//!
//! The text is read once into a tape of positions; a [`Node`] is a place on it. A node knows FHIR's JSON: a primitive
//! and its `_` sibling are one node, lists are aligned with their `_` lists, choice elements are found by
//! their element name, decimals keep their digits, and every place has its byte offset.
//!
//! ```
//! use salus_fhir::json::Resource;
//! let text = r#"{
//!   "resourceType": "Observation", "id": "o1",
//!   "valueQuantity": {"value": 6.10, "unit": "%"},
//!   "issued": "2024-01-01T00:00:00Z",
//!   "_issued": {"extension": [{"url": "http://a.example/late", "valueBoolean": true}]}
//! }"#;
//! let resource = Resource::parse(text)?;
//! assert_eq!(resource.type_name(), "Observation");
//!
//! let value = resource.root().choice("value").unwrap();
//! assert_eq!(value.type_name, "Quantity");
//! assert_eq!(value.node.get("value").and_then(|v| v.number()), Some("6.10"));
//!
//! let issued = resource.root().get("issued").unwrap();
//! assert_eq!(issued.string().as_deref(), Some("2024-01-01T00:00:00Z"));
//! assert!(issued.extension("http://a.example/late").is_some());
//! # Ok::<(), salus_fhir::json::JsonError>(())
//! ```
//!
//! Limits: [`DEPTH_MAX`] levels, 4 GiB of text. Not here: whether the resource is valid; only that it is JSON whose
//! keys are unique.

mod build;
mod error;
mod fields;
mod node;
mod reference;
mod tape;
mod text;

use std::borrow::Cow;

pub use error::JsonError;
pub use fields::{Extensions, Fields, Items};
pub(crate) use node::Place;
pub use node::{Choice, Node, NodeKind};
pub use reference::ReferenceView;

use tape::Entry;

/// How deep arrays and objects may be nested: deeper than any real record, shallow enough for any stack.
pub const DEPTH_MAX: usize = 64;

/// A JSON text that was read, whatever it holds.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    tape: Vec<Entry>,
}

impl<'t> Document<'t> {
    /// Reads a text.
    ///
    /// # Errors
    /// When it is not JSON, nested deeper than [`DEPTH_MAX`], or repeats a key in an object.
    pub fn parse(text: &'t str) -> Result<Document<'t>, JsonError> {
        Ok(Document {
            text,
            tape: build::build(text, DEPTH_MAX)?,
        })
    }

    /// As [`Document::parse`], for bytes that may not be UTF-8.
    ///
    /// # Errors
    /// As [`Document::parse`], and when the bytes are not UTF-8.
    pub fn parse_bytes(bytes: &'t [u8]) -> Result<Document<'t>, JsonError> {
        let not_utf8 = |e: std::str::Utf8Error| JsonError::NotUtf8 {
            offset: e.valid_up_to() as u64,
        };
        Document::parse(std::str::from_utf8(bytes).map_err(not_utf8)?)
    }

    /// The whole value.
    pub fn root(&self) -> Node<'_> {
        Node::new(self.text, &self.tape, Some(0), None)
    }

    /// The place that a node of this document had.
    pub(crate) fn node(&self, place: Place) -> Node<'_> {
        place.node(self.text, &self.tape)
    }

    /// The text as it was given.
    pub fn text(&self) -> &'t str {
        self.text
    }
}

/// A FHIR resource: a JSON object with a `resourceType`.
#[derive(Debug)]
pub struct Resource<'t> {
    document: Document<'t>,
    type_name: Cow<'t, str>,
}

impl<'t> Resource<'t> {
    /// Reads a resource.
    ///
    /// # Errors
    /// As [`Document::parse`], and when there is no `resourceType` or it is no string.
    pub fn parse(text: &'t str) -> Result<Resource<'t>, JsonError> {
        Resource::new(Document::parse(text)?)
    }

    /// As [`Resource::parse`], for bytes that may not be UTF-8.
    ///
    /// # Errors
    /// As [`Resource::parse`], and when the bytes are not UTF-8.
    pub fn parse_bytes(bytes: &'t [u8]) -> Result<Resource<'t>, JsonError> {
        Resource::new(Document::parse_bytes(bytes)?)
    }

    fn new(document: Document<'t>) -> Result<Resource<'t>, JsonError> {
        let whole: &'t str = document.text;
        let root = document.root();
        let node = root
            .get("resourceType")
            .filter(|n| n.kind() == NodeKind::String);
        let not_a_resource = JsonError::NotAResource {
            offset: root.offset(),
        };
        let position = node
            .map(|n| (n.offset(), n.raw().len()))
            .ok_or(not_a_resource)?;
        let start = usize::try_from(position.0)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let name = whole.get(start..start.saturating_add(position.1.saturating_sub(2)));
        let type_name = text::unescape(name.unwrap_or(""));
        Ok(Resource {
            document,
            type_name,
        })
    }

    /// The resource type as written; R4 may not know it.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The resource's id.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        self.root().get("id")?.string()
    }

    /// The JSON that the resource is.
    pub fn document(&self) -> &Document<'t> {
        &self.document
    }

    /// The resource as a node.
    pub fn root(&self) -> Node<'_> {
        self.document.root()
    }

    /// The text as it was given.
    pub fn text(&self) -> &'t str {
        self.document.text()
    }

    /// The contained resource of this id, with or without `#`. An empty id (`#`) is the resource itself.
    pub fn contained(&self, id: &str) -> Option<Node<'_>> {
        let id = id.strip_prefix('#').unwrap_or(id);
        if id.is_empty() {
            return Some(self.root());
        }
        let mut all = self.root().get("contained")?.items();
        all.find(|node| node.get("id").and_then(|n| n.string()).as_deref() == Some(id))
    }
}

#[cfg(test)]
mod tests;
