//! What operators need to know of the nodes of records.

use std::convert::Infallible;
use std::fmt;

use salus_values::{Grain, NodeRelation};

/// A node of a record: an element of a resource, in JSON or in columns. Cloning is cheap.
pub trait Record: Clone + fmt::Debug {
    /// `self = other`: whether both have the same elements with equal values; `None` when that is not known (CQL 1.5.3
    /// Appendix B, "Equal": structured types).
    fn equal(&self, other: &Self, grain: &Grain) -> Option<bool>;

    /// `self ~ other`: whether both have the same elements with equivalent values.
    fn equivalent(&self, other: &Self, grain: &Grain) -> bool;

    /// A number that nodes have in common if they are equal, by which `union`, `distinct` and the like find them again
    /// without comparing all with all; `None` when there is none.
    fn print(&self) -> Option<u64> {
        None
    }
}

/// There are no records: expressions of System types only.
impl Record for Infallible {
    fn equal(&self, _: &Infallible, _: &Grain) -> Option<bool> {
        match *self {}
    }

    fn equivalent(&self, _: &Infallible, _: &Grain) -> bool {
        match *self {}
    }
}

/// Nodes are compared as [`Record`] says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Records;

impl<N: Record> NodeRelation<N> for Records {
    fn equal(&self, left: &N, right: &N, grain: &Grain) -> Option<bool> {
        left.equal(right, grain)
    }

    fn equivalent(&self, left: &N, right: &N, grain: &Grain) -> bool {
        left.equivalent(right, grain)
    }

    fn print(&self, node: &N) -> Option<u64> {
        node.print()
    }
}
