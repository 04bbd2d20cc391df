//! Walking what is inside a node.

use std::borrow::Cow;

use foldhash::HashMap;

use super::node::{Node, NodeKind};
use super::tape::{Entry, Kind, wide};

/// Keys and values of an object as they stand in the text: the key's entry and the value's index.
pub(super) struct Members<'a> {
    node: Node<'a>,
    at: usize,
    end: usize,
}

impl<'a> Members<'a> {
    pub(super) fn new(node: Node<'a>) -> Members<'a> {
        let (at, end) = inside(node, node.value, Kind::Object);
        Members { node, at, end }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a Entry, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let key = self.node.entry_at(self.at)?;
        let value = wide(key.next);
        self.at = wide(self.node.entry_at(value)?.next);
        Some((key, value))
    }
}

/// Indexes of the entries inside an array or object: the first, and the end. Empty for another kind.
fn inside(node: Node<'_>, at: Option<usize>, kind: Kind) -> (usize, usize) {
    match at.and_then(|at| Some((at, node.entry_at(at)?))) {
        Some((at, entry)) if entry.kind == kind => (at + 1, wide(entry.next)),
        _ => (0, 0),
    }
}

/// The elements of an object: see [`Node::fields`].
pub struct Fields<'a> {
    node: Node<'a>,
    members: Members<'a>,
    /// Siblings by element name, until their element was given. Mostly empty; looked up by name so that a
    /// hostile object of very many keys is walked in linear time.
    siblings: HashMap<Cow<'a, str>, usize>,
    alone: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn new(node: Node<'a>) -> Fields<'a> {
        let siblings = node
            .members()
            .filter_map(|(key, at)| Some((sibling_name(&node, key)?, at)));
        Fields {
            node,
            members: node.members(),
            siblings: siblings.collect(),
            alone: false,
        }
    }

    /// The next value with its sibling.
    fn next_value(&mut self) -> Option<(Cow<'a, str>, Node<'a>)> {
        loop {
            let (key, value) = self.members.next()?;
            if sibling_name(&self.node, key).is_none() {
                let name = self.node.text_of(key);
                let sibling = self.siblings.remove(&name);
                return Some((name, self.node.at(Some(value), sibling)));
            }
        }
    }

    /// The next sibling without a value.
    fn next_alone(&mut self) -> Option<(Cow<'a, str>, Node<'a>)> {
        if self.siblings.is_empty() {
            return None;
        }
        loop {
            let (key, _) = self.members.next()?;
            let name = sibling_name(&self.node, key);
            if let Some((name, at)) = name.and_then(|name| self.siblings.remove_entry(&name)) {
                return Some((name, self.node.at(None, Some(at))));
            }
        }
    }
}

/// The element's name, when the key is that of a sibling.
fn sibling_name<'a>(node: &Node<'a>, key: &'a Entry) -> Option<Cow<'a, str>> {
    match node.text_of(key) {
        Cow::Borrowed(key) => key.strip_prefix('_').map(Cow::Borrowed),
        Cow::Owned(key) => key
            .strip_prefix('_')
            .map(|name| Cow::Owned(name.to_owned())),
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.alone {
            if let Some(found) = self.next_value() {
                return Some(found);
            }
            self.alone = true;
            self.members = self.node.members();
        }
        self.next_alone()
    }
}

/// The values of a list: see [`Node::items`].
#[derive(Clone)]
pub struct Items<'a> {
    node: Node<'a>,
    values: (usize, usize),
    siblings: (usize, usize),
    /// The node is no list and was not given yet.
    single: bool,
}

impl<'a> Items<'a> {
    pub(super) fn new(node: Node<'a>) -> Items<'a> {
        let values = inside(node, node.value, Kind::Array);
        let siblings = inside(node, node.sibling, Kind::Array);
        let is_list = node.kind() == NodeKind::Array || siblings != (0, 0);
        Items {
            node,
            values,
            siblings,
            single: !is_list,
        }
    }

    fn step(&self, range: &mut (usize, usize)) -> Option<usize> {
        let at = range.0;
        if at >= range.1 {
            return None;
        }
        range.0 = wide(self.node.entry_at(at)?.next);
        Some(at)
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.single {
            self.single = false;
            let is_null = self.node.kind() == NodeKind::Absent && self.node.sibling.is_none();
            return (!is_null).then_some(self.node);
        }
        let (mut values, mut siblings) = (self.values, self.siblings);
        let value = self.step(&mut values);
        let sibling = self.step(&mut siblings);
        (self.values, self.siblings) = (values, siblings);
        if value.is_none() && sibling.is_none() {
            return None;
        }
        let is_object = |at: &usize| {
            self.node
                .entry_at(*at)
                .is_some_and(|e| e.kind == Kind::Object)
        };
        Some(self.node.at(value, sibling.filter(is_object)))
    }
}

/// The extensions of an element: see [`Node::extensions`].
#[derive(Clone)]
pub struct Extensions<'a> {
    items: Option<Items<'a>>,
}

impl<'a> Extensions<'a> {
    pub(super) fn new(items: Option<Items<'a>>) -> Extensions<'a> {
        Extensions { items }
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.items.as_mut()?.next()
    }
}
