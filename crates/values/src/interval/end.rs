//! Where an interval starts and ends, as far as that is known.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Interval;
use super::point::{Grain, Point};

/// A place on the line of all values of a type.
#[derive(Clone)]
pub(super) enum Place<'v, V: Clone> {
    /// At its beginning, the least value.
    Least,
    /// At a value.
    At(Cow<'v, V>),
    /// At its end, the greatest value.
    Greatest,
}

/// A start or end: a place, or somewhere between two.
#[derive(Clone)]
pub(super) struct End<'v, V: Clone> {
    pub(super) low: Place<'v, V>,
    /// `None`: at `low`, and nowhere else.
    pub(super) high: Option<Place<'v, V>>,
}

impl<'v, V: Point> Place<'v, V> {
    fn owned(value: V) -> Place<'v, V> {
        Place::At(Cow::Owned(value))
    }

    /// The order of two places; `None` when it is not known.
    pub(super) fn compare(&self, other: &Place<'_, V>, grain: &Grain) -> Option<Ordering> {
        Some(match (self, other) {
            (Place::At(left), Place::At(right)) => return left.as_ref().compare(right, grain),
            (Place::Least, Place::Least) | (Place::Greatest, Place::Greatest) => Ordering::Equal,
            (Place::Least, Place::Greatest) => Ordering::Less,
            (Place::Greatest, Place::Least) => Ordering::Greater,
            (Place::Least, Place::At(value)) => {
                return value.minimum()?.compare(value, grain);
            }
            (Place::At(value), Place::Least) => {
                return value.compare(&value.minimum()?, grain);
            }
            (Place::Greatest, Place::At(value)) => {
                return value.maximum()?.compare(value, grain);
            }
            (Place::At(value), Place::Greatest) => {
                return value.compare(&value.maximum()?, grain);
            }
        })
    }

    /// The next place; `None` after the last.
    pub(super) fn successor(&self) -> Option<Place<'v, V>> {
        match self {
            Place::At(value) => value.successor().map(Place::owned),
            // The value after the least of a type that is not known: never the start of what is compared with it.
            Place::Least | Place::Greatest => None,
        }
    }
}

impl<'v, V: Point> End<'v, V> {
    fn at(place: Place<'v, V>) -> End<'v, V> {
        End {
            low: place,
            high: None,
        }
    }

    /// At a point.
    pub(super) fn of_point(point: &'v V) -> End<'v, V> {
        End::at(Place::At(Cow::Borrowed(point)))
    }

    fn between(low: Place<'v, V>, high: Place<'v, V>) -> End<'v, V> {
        End {
            low,
            high: Some(high),
        }
    }

    /// The highest place where it may be.
    pub(super) fn highest(&self) -> &Place<'v, V> {
        self.high.as_ref().unwrap_or(&self.low)
    }

    /// `self < other`, when that is known.
    pub(super) fn less(&self, other: &End<'_, V>, grain: &Grain) -> Option<bool> {
        match (&self.high, &other.high) {
            (None, None) => self.low.compare(&other.low, grain).map(Ordering::is_lt),
            _ => {
                let surely = self
                    .highest()
                    .compare(&other.low, grain)
                    .map(Ordering::is_lt);
                let never = self
                    .low
                    .compare(other.highest(), grain)
                    .map(Ordering::is_ge);
                decide(surely, never)
            }
        }
    }

    /// `self <= other`, when that is known.
    pub(super) fn less_or_equal(&self, other: &End<'_, V>, grain: &Grain) -> Option<bool> {
        other.less(self, grain).map(|less| !less)
    }

    /// `self = other`, when that is known.
    pub(super) fn equal(&self, other: &End<'_, V>, grain: &Grain) -> Option<bool> {
        match (&self.high, &other.high) {
            (None, None) => self.low.compare(&other.low, grain).map(Ordering::is_eq),
            _ => {
                let before = self.highest().compare(&other.low, grain) == Some(Ordering::Less);
                let after = self.low.compare(other.highest(), grain) == Some(Ordering::Greater);
                (before || after).then_some(false)
            }
        }
    }

    /// The place right after, wherever it is; `None` when there is none.
    pub(super) fn successor(&self) -> Option<End<'v, V>> {
        match &self.high {
            None => self.low.successor().map(End::at),
            Some(high) => {
                let low = self.low.successor().unwrap_or_else(|| self.low.clone());
                let high = high.successor().unwrap_or_else(|| high.clone());
                Some(End::between(low, high))
            }
        }
    }
}

fn decide(surely: Option<bool>, never: Option<bool>) -> Option<bool> {
    match (surely, never) {
        (Some(true), _) => Some(true),
        (_, Some(true)) => Some(false),
        _ => None,
    }
}

impl<V: Point> Interval<V> {
    /// Where it starts.
    pub(super) fn lower_end(&self) -> End<'_, V> {
        match self.known_start() {
            Some(place) => End::at(place),
            None => {
                let high = self.known_end().unwrap_or(Place::Greatest);
                End::between(self.lowest_start(), high)
            }
        }
    }

    /// Where it ends.
    pub(super) fn upper_end(&self) -> End<'_, V> {
        match self.known_end() {
            Some(place) => End::at(place),
            None => {
                let low = self.known_start().unwrap_or(Place::Least);
                End::between(low, self.highest_end())
            }
        }
    }

    fn known_start(&self) -> Option<Place<'_, V>> {
        match (self.low.is_null(), self.low_closed) {
            (false, true) => Some(Place::At(Cow::Borrowed(&self.low))),
            (false, false) => self.low.successor().map(Place::owned),
            (true, true) => Some(Place::Least),
            (true, false) => None,
        }
    }

    fn known_end(&self) -> Option<Place<'_, V>> {
        match (self.high.is_null(), self.high_closed) {
            (false, true) => Some(Place::At(Cow::Borrowed(&self.high))),
            (false, false) => self.high.predecessor().map(Place::owned),
            (true, true) => Some(Place::Greatest),
            (true, false) => None,
        }
    }

    fn lowest_start(&self) -> Place<'_, V> {
        match self.low.is_null() {
            true => Place::Least,
            false => Place::At(Cow::Borrowed(&self.low)),
        }
    }

    fn highest_end(&self) -> Place<'_, V> {
        match self.high.is_null() {
            true => Place::Greatest,
            false => Place::At(Cow::Borrowed(&self.high)),
        }
    }
}
