//! Who watches an evaluation: `salus cql explain`, clause coverage.

use super::Item;
use crate::program::ElmPlace;

/// Watches an evaluation. What is not watched costs nothing.
pub trait Observer<V> {
    /// Whether it watches at all. Decided when the program is built.
    const WATCHES: bool;

    /// A step was evaluated, inner steps before outer ones. Steps that are kept for all records are evaluated anew for
    /// each of them when somebody watches.
    fn step(&mut self, place: &ElmPlace, value: &Item<V>);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl<V> Observer<V> for Unobserved {
    const WATCHES: bool = false;

    fn step(&mut self, _: &ElmPlace, _: &Item<V>) {}
}

impl<V, F: FnMut(&ElmPlace, &Item<V>)> Observer<V> for F {
    const WATCHES: bool = true;

    fn step(&mut self, place: &ElmPlace, value: &Item<V>) {
        self(place, value);
    }
}
