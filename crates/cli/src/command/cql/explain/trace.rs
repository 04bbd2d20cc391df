//! What each clause gave while a define was evaluated.

use std::collections::{BTreeSet, HashMap, HashSet};

use salus_cql::elm::{Kind, Library, Node};
use salus_cql::evaluate::{Element, Item, notation, reference};
use salus_cql::program::ElmPlace;
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::tree::children;

/// So many values of a clause are kept in words.
const VALUES_MAX: usize = 3;
/// So many records of a clause are kept.
const RECORDS_MAX: usize = 100;

/// What was seen of each clause: by library, and number of the node in it.
#[derive(Debug, Default)]
pub struct Trace {
    /// Elements of what an alias stands for: their node is seen for the alias first, then for the element.
    scoped: HashSet<(String, String)>,
    seen: HashMap<(String, String), Seen>,
}

/// What a clause gave.
#[derive(Debug, Default)]
pub struct Seen {
    /// Whether the alias was seen last, not the element.
    is_alias: bool,
    /// How often it was evaluated.
    pub times: usize,
    /// How often it was true, false and null.
    pub truths: [usize; 3],
    /// Its first values, in words.
    pub values: Vec<String>,
    /// The records that its values are, or are of: `Condition/c1`.
    pub records: BTreeSet<String>,
    /// Whether there are more records than are kept.
    pub has_more_records: bool,
}

impl Trace {
    /// A trace of these libraries.
    pub fn of_libraries<'l>(libraries: impl Iterator<Item = &'l Library>) -> Self {
        let mut scoped = HashSet::new();
        for library in libraries {
            let id = library.identifier().id;
            find_scoped(id, library.node(), &mut scoped);
        }
        Self {
            scoped,
            seen: HashMap::new(),
        }
    }

    /// Notes the value of a step.
    pub fn add<V: ElementView>(&mut self, place: &ElmPlace, value: &Item<V>) {
        let Some(id) = &place.local_id else {
            return;
        };
        let key = (name_of(&place.library).to_owned(), id.to_string());
        let is_scoped = self.scoped.contains(&key);
        let seen = self.seen.entry(key).or_default();
        if is_scoped {
            seen.is_alias = !seen.is_alias;
            if seen.is_alias {
                return;
            }
        }
        seen.times += 1;
        let truth = match value {
            Value::Boolean(true) => Some(0),
            Value::Boolean(false) => Some(1),
            Value::Null => Some(2),
            _ => None,
        };
        if let Some(count) = truth.and_then(|truth| seen.truths.get_mut(truth)) {
            *count += 1;
        }
        if seen.values.len() < VALUES_MAX {
            let words = notation(value);
            if !seen.values.contains(&words) {
                seen.values.push(words);
            }
        }
        seen.gather(value);
    }

    /// What was seen of a node of a library.
    pub fn of(&self, library: &str, id: &str) -> Option<&Seen> {
        self.seen.get(&(library.to_owned(), id.to_owned()))
    }
}

impl Seen {
    fn gather<V: ElementView>(&mut self, value: &Item<V>) {
        if self.records.len() >= RECORDS_MAX {
            self.has_more_records = true;
            return;
        }
        match value {
            Value::Node(Element::Record(node)) => {
                let name = node.resource().and_then(|resource| reference(&resource));
                self.records.extend(name);
            }
            Value::List(items) => items.iter().for_each(|item| self.gather(item)),
            Value::Tuple(tuple) => tuple.iter().for_each(|(_, item)| self.gather(item)),
            Value::Interval(interval) => {
                self.gather(&interval.low);
                self.gather(&interval.high);
            }
            _ => {}
        }
    }

    /// The truth that it always had.
    pub fn truth(&self) -> Option<Truth> {
        match self.truths {
            [times, _, _] if times == self.times => Some(Truth::True),
            [_, times, _] if times == self.times => Some(Truth::False),
            [_, _, times] if times == self.times => Some(Truth::Null),
            _ => None,
        }
    }
}

/// What a clause can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// True.
    True,
    /// False.
    False,
    /// Null: not known.
    Null,
}

fn find_scoped(library: &str, node: &Node, into: &mut HashSet<(String, String)>) {
    let is_scoped = match node.kind() {
        Kind::Property => node.text("scope").is_some(),
        // The element that items are sorted by.
        Kind::IdentifierRef => true,
        _ => false,
    };
    if let (true, Some(id)) = (is_scoped, node.local_id()) {
        into.insert((library.to_owned(), id.to_owned()));
    }
    children(node, &mut |child| find_scoped(library, child, into));
}

/// The name of a library without its version.
pub fn name_of(library: &str) -> &str {
    library.split('|').next().unwrap_or(library)
}
