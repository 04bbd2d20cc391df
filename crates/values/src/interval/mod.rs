//! Intervals of any ordered type, with ends that may be open or unknown.

use std::fmt;

/// All values from one to another.
///
/// An end is closed (the value itself belongs to the interval) or open. A null end has two meanings: closed, the interval
/// reaches to the least or greatest value of the type; open, nobody knows how far it reaches (CQL 1.5.3 Author's Guide,
/// "Interval Values").
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
    /// `Interval[low, high]`
    #[must_use]
    pub fn closed(low: V, high: V) -> Interval<V> {
        Interval {
            low,
            high,
            low_closed: true,
            high_closed: true,
        }
    }

    /// `Interval(low, high)`
    #[must_use]
    pub fn open(low: V, high: V) -> Interval<V> {
        Interval {
            low,
            high,
            low_closed: false,
            high_closed: false,
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
