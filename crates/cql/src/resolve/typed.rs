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

/// The choice of these types, in the order of their names; the type itself when there is only one.
pub(super) fn choice_of(types: impl IntoIterator<Item = Spec>) -> Spec {
    let mut all: Vec<Spec> = Vec::new();
    for ty in types {
        for one in ty.alternatives() {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
    }
    all.sort_by_cached_key(sort_name);
    match all.pop() {
        Some(only) if all.is_empty() => only,
        Some(last) => {
            all.push(last);
            Spec::Choice(all)
        }
        None => system("Any"),
    }
}

/// Named types come first, then intervals, lists and tuples.
fn sort_name(ty: &Spec) -> String {
    match ty {
        Spec::Named(name) => name.to_string(),
        Spec::List(item) => format!("list<{}>", sort_name(item)),
        Spec::Interval(point) => format!("interval<{}>", sort_name(point)),
        Spec::Choice(_) | Spec::Tuple(_) => format!("tuple{ty}"),
    }
}
