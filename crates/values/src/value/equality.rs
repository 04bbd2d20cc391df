//! Equality and equivalence of all values, as CQL has them (CQL 1.5.3 §12.1, §12.2).

use super::{Tuple, Value};
use crate::interval::{Grain, Interval};

/// How nodes of records are compared, which only who knows them can say.
pub trait NodeRelation<N> {
    /// Whether two nodes are equal; `None` when that is not known.
    fn equal(&self, left: &N, right: &N, grain: &Grain) -> Option<bool>;

    /// Whether two nodes are equivalent.
    fn equivalent(&self, left: &N, right: &N, grain: &Grain) -> bool;

    /// A number that nodes have in common if they are equal; `None` when there is none, as for what has partial dates.
    fn print(&self, node: &N) -> Option<u64> {
        let _ = node;
        None
    }
}

/// Nodes are compared by `==`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SameNode;

impl<N: PartialEq> NodeRelation<N> for SameNode {
    fn equal(&self, left: &N, right: &N, _: &Grain) -> Option<bool> {
        Some(left == right)
    }

    fn equivalent(&self, left: &N, right: &N, _: &Grain) -> bool {
        left == right
    }
}

impl<N: Clone> Value<N> {
    /// `self = other`; `None` when it is not known, as when one is null. Values of different types are different, but
    /// for numbers and dates.
    #[must_use]
    pub fn equal(
        &self,
        other: &Value<N>,
        grain: &Grain,
        nodes: &impl NodeRelation<N>,
    ) -> Option<bool> {
        use crate::interval::Point;
        match (self, other) {
            (Value::Null, _) | (_, Value::Null) => None,
            (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
            (Value::String(left), Value::String(right)) => Some(left == right),
            (Value::Quantity(left), Value::Quantity(right)) => left.equal(right),
            (Value::Ratio(left), Value::Ratio(right)) => left.equal(right),
            (Value::Code(left), Value::Code(right)) => left.equal(right),
            (Value::Concept(left), Value::Concept(right)) => left.equal(right),
            (Value::Interval(left), Value::Interval(right)) => left.equal(right, grain),
            (Value::List(left), Value::List(right)) => lists_equal(left, right, grain, nodes),
            (Value::Tuple(left), Value::Tuple(right)) => tuples_equal(left, right, grain, nodes),
            (Value::Node(left), Value::Node(right)) => nodes.equal(left, right, grain),
            _ if are_ordered(self, other) => {
                Point::compare(self, other, grain).map(std::cmp::Ordering::is_eq)
            }
            _ => Some(false),
        }
    }

    /// `self ~ other`: always known. Null is equivalent to null.
    #[must_use]
    pub fn equivalent(
        &self,
        other: &Value<N>,
        grain: &Grain,
        nodes: &impl NodeRelation<N>,
    ) -> bool {
        if let (Some(left), Some(right)) = (self.as_number(), other.as_number()) {
            return left.equivalent(right);
        }
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::String(left), Value::String(right)) => crate::text::equivalent(left, right),
            (Value::Quantity(left), Value::Quantity(right)) => left.equivalent(right),
            (Value::Ratio(left), Value::Ratio(right)) => left.equivalent(right),
            (Value::Code(left), Value::Code(right)) => left.equivalent(right),
            (Value::Concept(left), Value::Concept(right)) => left.equivalent(right),
            (Value::Concept(concept), Value::Code(code))
            | (Value::Code(code), Value::Concept(concept)) => concept.has(code),
            (Value::Interval(left), Value::Interval(right)) => {
                intervals_equivalent(left, right, grain, nodes)
            }
            (Value::List(left), Value::List(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right.iter())
                        .all(|(left, right)| left.equivalent(right, grain, nodes))
            }
            (Value::Tuple(left), Value::Tuple(right)) => {
                same_names(left, right)
                    && left
                        .iter()
                        .zip(right.iter())
                        .all(|((_, left), (_, right))| left.equivalent(right, grain, nodes))
            }
            (Value::Node(left), Value::Node(right)) => nodes.equivalent(left, right, grain),
            _ => self.equal(other, grain, nodes) == Some(true),
        }
    }
}

/// Whether two values are of types whose values have an order among them.
fn are_ordered<N>(left: &Value<N>, right: &Value<N>) -> bool {
    match (left, right) {
        (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_))
        | (Value::Time(_), Value::Time(_)) => true,
        _ => left.number_range().is_some() && right.number_range().is_some(),
    }
}

/// The first pair that is not equal decides; two nulls are equal here.
fn in_order<'v, N: Clone + 'v>(
    pairs: impl Iterator<Item = (&'v Value<N>, &'v Value<N>)>,
    grain: &Grain,
    nodes: &impl NodeRelation<N>,
) -> Option<bool> {
    for (left, right) in pairs {
        if left.is_null() && right.is_null() {
            continue;
        }
        match left.equal(right, grain, nodes) {
            Some(true) => {}
            other => return other,
        }
    }
    Some(true)
}

fn lists_equal<N: Clone>(
    left: &[Value<N>],
    right: &[Value<N>],
    grain: &Grain,
    nodes: &impl NodeRelation<N>,
) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    in_order(left.iter().zip(right), grain, nodes)
}

fn tuples_equal<N: Clone>(
    left: &Tuple<Value<N>>,
    right: &Tuple<Value<N>>,
    grain: &Grain,
    nodes: &impl NodeRelation<N>,
) -> Option<bool> {
    if !same_names(left, right) {
        return Some(false);
    }
    let pairs = left.iter().zip(right.iter());
    in_order(
        pairs.map(|((_, left), (_, right))| (left, right)),
        grain,
        nodes,
    )
}

fn same_names<V>(left: &Tuple<V>, right: &Tuple<V>) -> bool {
    left.len() == right.len() && left.iter().zip(right.iter()).all(|((a, _), (b, _))| a == b)
}

fn intervals_equivalent<N: Clone>(
    left: &Interval<Value<N>>,
    right: &Interval<Value<N>>,
    grain: &Grain,
    nodes: &impl NodeRelation<N>,
) -> bool {
    left.start().equivalent(&right.start(), grain, nodes)
        && left.end().equivalent(&right.end(), grain, nodes)
}
