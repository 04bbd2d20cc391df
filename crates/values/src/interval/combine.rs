//! Intervals of two intervals (CQL 1.5.3 §19.11 `Except`, §19.15 `Intersect`, §19.31 `Union`). `None` when the result
//! is no interval, or not known.

use super::Interval;
use super::point::{Grain, Point};
use crate::logic::or;

impl<V: Point> Interval<V> {
    /// `self union other`: from the earlier start to the later end; `None` when there is a gap between them.
    #[must_use]
    pub fn union(&self, other: &Interval<V>, grain: &Grain) -> Option<Interval<V>> {
        if !or(self.overlaps(other, grain), self.meets(other, grain))? {
            return None;
        }
        let first = match self.lower_end().less_or_equal(&other.lower_end(), grain)? {
            true => self,
            false => other,
        };
        let last = match other.upper_end().less_or_equal(&self.upper_end(), grain)? {
            true => self,
            false => other,
        };
        Some(first.until_end_of(last))
    }

    /// `self intersect other`: from the later start to the earlier end; `None` when they have nothing in common. An end
    /// of which it is not known which comes first is unknown in the result.
    #[must_use]
    pub fn intersect(&self, other: &Interval<V>, grain: &Grain) -> Option<Interval<V>> {
        if !self.overlaps(other, grain)? {
            return None;
        }
        let later = self.lower_end().less_or_equal(&other.lower_end(), grain);
        let earlier = self.upper_end().less_or_equal(&other.upper_end(), grain);
        let (low, low_closed) = match later {
            Some(true) => (other.low.clone(), other.low_closed),
            Some(false) => (self.low.clone(), self.low_closed),
            None => (V::null(), false),
        };
        let (high, high_closed) = match earlier {
            Some(true) => (self.high.clone(), self.high_closed),
            Some(false) => (other.high.clone(), other.high_closed),
            None => (V::null(), false),
        };
        Some(Interval {
            low,
            high,
            low_closed,
            high_closed,
        })
    }

    /// `self except other`: what is left of it; `None` when that is nothing, or two intervals.
    #[must_use]
    pub fn except(&self, other: &Interval<V>, grain: &Grain) -> Option<Interval<V>> {
        if !self.overlaps(other, grain)? {
            return Some(self.clone());
        }
        let (start, end) = (self.lower_end(), self.upper_end());
        let before = start.less(&other.lower_end(), grain)?;
        let after = other.upper_end().less(&end, grain)?;
        match (before, after) {
            (true, false) => {
                let (high, high_closed) = previous(&other.low, other.low_closed)?;
                Some(Interval {
                    high,
                    high_closed,
                    ..self.clone()
                })
            }
            (false, true) => {
                let (low, low_closed) = next(&other.high, other.high_closed)?;
                Some(Interval {
                    low,
                    low_closed,
                    ..self.clone()
                })
            }
            _ => None,
        }
    }

    /// From where this starts to where the other ends.
    pub(super) fn until_end_of(&self, last: &Interval<V>) -> Interval<V> {
        Interval {
            low: self.low.clone(),
            low_closed: self.low_closed,
            high: last.high.clone(),
            high_closed: last.high_closed,
        }
    }
}

/// The end of what comes before a start.
fn previous<V: Point>(low: &V, closed: bool) -> Option<(V, bool)> {
    match closed {
        true => low.predecessor().map(|high| (high, true)),
        false => Some((low.clone(), true)),
    }
}

/// The start of what comes after an end.
fn next<V: Point>(high: &V, closed: bool) -> Option<(V, bool)> {
    match closed {
        true => high.successor().map(|low| (low, true)),
        false => Some((high.clone(), true)),
    }
}
