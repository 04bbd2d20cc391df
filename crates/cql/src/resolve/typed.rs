//! Translated expressions and their types.

use crate::elm::{Kind, Node};
use crate::model::{Spec, TypeName};

/// An expression in ELM, and the type of its result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub node: Node,
    pub ty: Spec,
}

impl Typed {
    pub fn new(node: Node, ty: Spec) -> Typed {
        Typed { node, ty }
    }

    /// An expression whose result is of this type of System.
    pub fn system(node: Node, ty: &str) -> Typed {
        Typed::new(node, system(ty))
    }

    /// Null, which is of every type.
    pub fn null() -> Typed {
        Typed::system(Node::new(Kind::Null), "Any")
    }
}

/// A type of System.
pub(super) fn system(name: &str) -> Spec {
    Spec::Named(TypeName::new("System", name))
}

/// A list of items of this type.
pub(super) fn list_of(item: Spec) -> Spec {
    Spec::List(Box::new(item))
}

/// An interval of points of this type.
pub(super) fn interval_of(point: Spec) -> Spec {
    Spec::Interval(Box::new(point))
}

/// Whether it is this type of System.
pub(super) fn is_system(spec: &Spec, name: &str) -> bool {
    spec.name()
        .is_some_and(|own| &*own.model == "System" && &*own.name == name)
}

/// Whether it is the type of null, of which every type is a kind.
pub(super) fn is_any(spec: &Spec) -> bool {
    is_system(spec, "Any")
}
