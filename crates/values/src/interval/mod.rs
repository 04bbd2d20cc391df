//! Intervals of any ordered type, with ends that may be open or unknown (CQL 1.5.3 §19, Author's Guide "Interval
//! Values").
//!
//! Everything here is three-valued: `None` is *not known*, because an end is, or because a partial date is too
//! imprecise to tell. What is known about an unknown end is used all the same: the start of `Interval(null, 5]` is 5
//! or less, so the interval is before 7.

mod collapse;
mod combine;
mod end;
mod expand;
mod measure;
mod point;
mod relation;

use std::fmt;

pub use expand::{Expanded, INTERVALS_MAX};
pub use point::{Grain, Point};

/// All values from one to another.
///
/// An end is closed (the value itself belongs to the interval) or open. A null end has two meanings: closed, the
/// interval reaches to the least or greatest value of the type; open, nobody knows how far it reaches.
#[derive(Clone, PartialEq)]
pub struct Interval<V> {
    /// The lower end; null as `V` has it.
    pub low: V,
    /// The upper end; null as `V` has it.
    pub high: V,
    /// Whether the lower end belongs to the interval.
    pub low_closed: bool,
    /// Whether the upper end belongs to the interval.
    pub high_closed: bool,
}

impl<V> Interval<V> {
    /// An interval whose ends are closed or open.
    #[must_use]
    pub fn new(low: V, low_closed: bool, high: V, high_closed: bool) -> Interval<V> {
        Interval {
            low,
            high,
            low_closed,
            high_closed,
        }
    }

    /// `Interval[low, high]`
    #[must_use]
    pub fn closed(low: V, high: V) -> Interval<V> {
        Interval::new(low, true, high, true)
    }

    /// `Interval(low, high)`
    #[must_use]
    pub fn open(low: V, high: V) -> Interval<V> {
        Interval::new(low, false, high, false)
    }
}

impl<V: Point> Interval<V> {
    /// The interval of one point.
    #[must_use]
    pub fn of_point(point: V) -> Interval<V> {
        Interval::closed(point.clone(), point)
    }

    /// Whether the start is known not to be after the end; an interval for which it is must not be made
    /// (`Interval[5, 3]`, `Interval[5, 5)`). `None` when that is not known.
    #[must_use]
    pub fn is_valid(&self, grain: &Grain) -> Option<bool> {
        if self.low.is_null() || self.high.is_null() {
            return Some(true);
        }
        // Not by successors, which the greatest value has none of.
        match self.low.compare(&self.high, grain)? {
            std::cmp::Ordering::Less if !self.low_closed && !self.high_closed => {
                let next = self.low.successor()?;
                next.compare(&self.high, grain)
                    .map(std::cmp::Ordering::is_lt)
            }
            std::cmp::Ordering::Less => Some(true),
            std::cmp::Ordering::Equal => Some(self.low_closed && self.high_closed),
            std::cmp::Ordering::Greater => Some(false),
        }
    }
}

impl<V: fmt::Debug> fmt::Debug for Interval<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (
            if self.low_closed { '[' } else { '(' },
            if self.high_closed { ']' } else { ')' },
        );
        write!(f, "Interval{start}{:?}, {:?}{end}", self.low, self.high)
    }
}
