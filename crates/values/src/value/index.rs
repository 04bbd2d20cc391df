//! Elements found again without comparing all with all: those that are the same have the same print.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;

use super::list::Elements;
use super::{NodeRelation, Value};
use crate::coding::Code;
use crate::interval::Grain;

/// So many elements are compared one by one, which is faster than looking them up.
const COMPARED: usize = 8;

/// Elements in the order in which they were added, to find those again that are the same as another.
pub struct Index<'v, 'r, N, R> {
    how: Elements<'r, R>,
    elements: Vec<&'v Value<N>>,
    printed: HashMap<u64, Vec<usize>, RandomState>,
    /// Elements that have no print, and the first few: any could be the same.
    unprinted: Vec<usize>,
}

impl<'v, 'r, N: Clone, R: NodeRelation<N>> Index<'v, 'r, N, R> {
    /// An index without elements.
    #[must_use]
    pub fn new(how: Elements<'r, R>) -> Index<'v, 'r, N, R> {
        Index {
            how,
            elements: Vec::new(),
            printed: HashMap::default(),
            unprinted: Vec::new(),
        }
    }

    /// An index of the elements of a list, each once.
    #[must_use]
    pub fn of(how: Elements<'r, R>, list: &'v [Value<N>]) -> Index<'v, 'r, N, R> {
        let mut index = Index::new(how);
        for element in list {
            index.insert(element);
        }
        index
    }

    /// The elements, each once, in the order in which they first came.
    #[must_use]
    pub fn elements(&self) -> &[&'v Value<N>] {
        &self.elements
    }

    /// Adds an element if none is known to be the same. Returns where it is, or the one that is the same, and whether
    /// it is new.
    pub fn insert(&mut self, element: &'v Value<N>) -> (usize, bool) {
        let print = self.print(element);
        if let Some(known) = self.find(element, print) {
            return (known, false);
        }
        let at = self.elements.len();
        self.elements.push(element);
        match print {
            Some(print) => self.printed.entry(print).or_default().push(at),
            None => self.unprinted.push(at),
        }
        (at, true)
    }

    /// Where the element is that is known to be the same.
    #[must_use]
    pub fn position(&self, element: &Value<N>) -> Option<usize> {
        self.find(element, self.print(element))
    }

    fn find(&self, element: &Value<N>, print: Option<u64>) -> Option<usize> {
        let is_same = |at: &usize| {
            let known = self.elements.get(*at)?;
            (self.how.same(known, element) == Some(true)).then_some(*at)
        };
        let Some(print) = print else {
            return (0..self.elements.len()).find_map(|at| is_same(&at));
        };
        let printed = self.printed.get(&print).map_or(&[][..], Vec::as_slice);
        let found = printed.iter().find_map(is_same);
        found.or_else(|| self.unprinted.iter().find_map(is_same))
    }

    fn print(&self, element: &Value<N>) -> Option<u64> {
        if self.elements.len() < COMPARED {
            return None;
        }
        let mut hasher = self.printed.hasher().build_hasher();
        print(element, &self.how.grain, self.how.nodes, &mut hasher)?;
        Some(hasher.finish())
    }
}

/// Writes what all values that equal this one have in common; `None` when there is nothing that can be written.
fn print<N: Clone>(
    value: &Value<N>,
    grain: &Grain,
    nodes: &impl NodeRelation<N>,
    hasher: &mut impl Hasher,
) -> Option<()> {
    match value {
        Value::Null => 0u8.hash(hasher),
        Value::Boolean(value) => (1u8, value).hash(hasher),
        Value::Integer(_) | Value::Long(_) | Value::Decimal(_) => {
            (2u8, value.as_number()?).hash(hasher);
        }
        Value::String(text) => (3u8, &**text).hash(hasher),
        Value::Date(_) | Value::DateTime(_) => {
            let moment = value.to_date_time()?;
            (4u8, moment.epoch_millis(grain.offset), moment.precision()).hash(hasher);
        }
        Value::Time(time) => (5u8, time).hash(hasher),
        Value::Code(code) => code_print(code, hasher),
        Value::Concept(concept) => {
            (7u8, concept.codes.len()).hash(hasher);
            concept
                .codes
                .iter()
                .for_each(|code| code_print(code, hasher));
        }
        Value::List(list) => {
            (8u8, list.len()).hash(hasher);
            for element in list.iter() {
                print(element, grain, nodes, hasher)?;
            }
        }
        Value::Tuple(tuple) => {
            (9u8, tuple.len()).hash(hasher);
            for (name, element) in tuple.iter() {
                name.hash(hasher);
                print(element, grain, nodes, hasher)?;
            }
        }
        Value::Interval(interval) => {
            let (start, end) = (interval.start(), interval.end());
            if interval.low.is_null() || interval.high.is_null() || start.is_null() || end.is_null()
            {
                return None;
            }
            10u8.hash(hasher);
            print(&start, grain, nodes, hasher)?;
            print(&end, grain, nodes, hasher)?;
        }
        Value::Node(node) => (11u8, nodes.print(node)?).hash(hasher),
        // Units convert; what is not certain equals nothing for certain.
        Value::Quantity(_) | Value::Ratio(_) | Value::Uncertain(_) => return None,
    }
    Some(())
}

fn code_print(code: &Code, hasher: &mut impl Hasher) {
    (6u8, &code.code, &code.system).hash(hasher);
}
