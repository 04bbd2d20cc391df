//! A `Reference` element: literal, logical or both.

use std::borrow::Cow;

use super::node::Node;
use crate::reference::{self, Reference};

/// The parts of a `Reference` element.
#[derive(Debug, Clone)]
pub struct ReferenceView<'a> {
    /// `Reference.reference`: the literal reference.
    pub literal: Option<Cow<'a, str>>,
    /// `Reference.type`: the type of the target as said beside the reference.
    pub type_name: Option<Cow<'a, str>>,
    /// `Reference.identifier`: the logical reference.
    pub identifier: Option<Node<'a>>,
    /// `Reference.display`.
    pub display: Option<Cow<'a, str>>,
}

impl ReferenceView<'_> {
    /// The shape of the literal reference.
    pub fn shape(&self) -> Option<Reference<'_>> {
        self.literal.as_deref().map(reference::parse)
    }

    /// Whether the target is known by its identifier only.
    pub fn is_logical(&self) -> bool {
        self.literal.is_none() && self.identifier.is_some()
    }
}

impl<'a> Node<'a> {
    /// The node as a `Reference`; `None` when it has none of a reference's parts.
    pub fn as_reference(&self) -> Option<ReferenceView<'a>> {
        let text = |name| self.get(name).and_then(|n: Node<'a>| n.string());
        let view = ReferenceView {
            literal: text("reference"),
            type_name: text("type"),
            identifier: self.get("identifier"),
            display: text("display"),
        };
        let has_part =
            view.literal.is_some() || view.identifier.is_some() || view.display.is_some();
        has_part.then_some(view)
    }
}
