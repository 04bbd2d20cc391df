//! Operators on lists (CQL 1.5.3 §20). Here a null is an element like others, the same as every other null.

use std::sync::Arc;

use super::{Index, NodeRelation, Value};
use crate::interval::{Grain, Point};
use crate::logic;

/// How elements of lists are compared.
#[derive(Debug)]
pub struct Elements<'r, R> {
    /// How points in time are.
    pub grain: Grain,
    /// How nodes are.
    pub nodes: &'r R,
}

impl<R> Clone for Elements<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Elements<'_, R> {}

impl<R> Elements<'_, R> {
    /// Whether two elements are the same; `None` when that is not known.
    pub fn same<N: Clone>(&self, left: &Value<N>, right: &Value<N>) -> Option<bool>
    where
        R: NodeRelation<N>,
    {
        match (left.is_null(), right.is_null()) {
            (true, true) => Some(true),
            (false, false) => left.equal(right, &self.grain, self.nodes),
            _ => Some(false),
        }
    }

    /// `list contains element` (§20.3).
    pub fn contains<N: Clone>(&self, list: &[Value<N>], element: &Value<N>) -> Option<bool>
    where
        R: NodeRelation<N>,
    {
        logic::any(list.iter().map(|known| self.same(known, element)))
    }

    /// `list includes other` (§20.12): every element of the other is in the list.
    pub fn includes<N: Clone>(&self, list: &[Value<N>], other: &[Value<N>]) -> Option<bool>
    where
        R: NodeRelation<N>,
    {
        logic::all(other.iter().map(|element| self.contains(list, element)))
    }

    /// `list properly includes element` (§20.23): it contains it, and something else. Whether a null is something else
    /// than a value is not known.
    pub fn properly_contains<N: Clone>(&self, list: &[Value<N>], element: &Value<N>) -> Option<bool>
    where
        R: NodeRelation<N>,
    {
        let differs = |known: &Value<N>| match known.is_null() && !element.is_null() {
            true => None,
            false => logic::not(self.same(known, element)),
        };
        logic::and(
            self.contains(list, element),
            logic::any(list.iter().map(differs)),
        )
    }

    /// `list properly includes other` (§20.22): it includes it, and something else.
    pub fn properly_includes<N: Clone>(&self, list: &[Value<N>], other: &[Value<N>]) -> Option<bool>
    where
        R: NodeRelation<N>,
    {
        let differs = |known: &Value<N>| logic::not(self.contains(other, known));
        logic::and(
            self.includes(list, other),
            logic::any(list.iter().map(differs)),
        )
    }

    /// `IndexOf(list, element)` (§20.14): where the element first is, from 0.
    pub fn index_of<N: Clone>(&self, list: &[Value<N>], element: &Value<N>) -> Option<usize>
    where
        R: NodeRelation<N>,
    {
        list.iter()
            .position(|known| self.same(known, element) == Some(true))
    }

    /// `distinct list` (§20.4): each element where it first is.
    pub fn distinct<N: Clone>(&self, list: &[Value<N>]) -> Vec<Value<N>>
    where
        R: NodeRelation<N>,
    {
        self.once(list.iter())
    }

    fn once<'v, N: Clone + 'v>(&self, list: impl Iterator<Item = &'v Value<N>>) -> Vec<Value<N>>
    where
        R: NodeRelation<N>,
    {
        let mut index = Index::new(*self);
        for element in list {
            index.insert(element);
        }
        index.elements().iter().copied().cloned().collect()
    }

    /// `left union right` (§20.29): the distinct elements of both.
    pub fn union<N: Clone>(&self, left: &[Value<N>], right: &[Value<N>]) -> Vec<Value<N>>
    where
        R: NodeRelation<N>,
    {
        self.once(left.iter().chain(right))
    }

    /// `left intersect right` (§20.15): the distinct elements that are in both.
    pub fn intersect<N: Clone>(&self, left: &[Value<N>], right: &[Value<N>]) -> Vec<Value<N>>
    where
        R: NodeRelation<N>,
    {
        let right = Index::of(*self, right);
        self.once(
            left.iter()
                .filter(|element| right.position(element).is_some()),
        )
    }

    /// `left except right` (§20.8): the distinct elements of the left list that are not in the right.
    pub fn except<N: Clone>(&self, left: &[Value<N>], right: &[Value<N>]) -> Vec<Value<N>>
    where
        R: NodeRelation<N>,
    {
        let right = Index::of(*self, right);
        self.once(
            left.iter()
                .filter(|element| right.position(element).is_none()),
        )
    }

    /// `sort asc` (§20.25): nulls first; equal elements stay in order. For `desc`, the nulls are last.
    pub fn sort<N: Clone>(&self, list: &mut [Value<N>], descending: bool) {
        list.sort_by(|left, right| {
            let order = left.order(right, &self.grain);
            if descending { order.reverse() } else { order }
        });
    }
}

impl<N: Clone> Value<N> {
    /// `flatten` (§20.10): the elements of the lists in a list; an element that is no list stays.
    #[must_use]
    pub fn flatten(list: &[Value<N>]) -> Vec<Value<N>> {
        let mut flat = Vec::new();
        for element in list {
            match element {
                Value::List(elements) => flat.extend(Arc::as_ref(elements).iter().cloned()),
                Value::Null => {}
                other => flat.push(other.clone()),
            }
        }
        flat
    }
}
