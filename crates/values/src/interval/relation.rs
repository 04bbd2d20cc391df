//! How intervals lie to each other (CQL 1.5.3 §19). All are three-valued.
//!
//! For relations of an interval and a point that the language defines as those of two intervals (`before`, `after`,
//! `starts`, …), make the point an interval by [`Interval::of_point`].

use super::Interval;
use super::end::End;
use super::point::{Grain, Point};
use crate::logic::{and, or};

impl<V: Point> Interval<V> {
    /// `self contains point`, `point in self`; not known of null.
    #[must_use]
    pub fn contains(&self, point: &V, grain: &Grain) -> Option<bool> {
        if point.is_null() {
            return None;
        }
        let point = End::of_point(point);
        and(
            self.lower_end().less_or_equal(&point, grain),
            point.less_or_equal(&self.upper_end(), grain),
        )
    }

    /// `self properly includes point`: it is after the start and before the end.
    #[must_use]
    pub fn properly_contains(&self, point: &V, grain: &Grain) -> Option<bool> {
        if point.is_null() {
            return None;
        }
        let (start, end) = (self.lower_end(), self.upper_end());
        let point = End::of_point(point);
        and(start.less(&point, grain), point.less(&end, grain))
    }

    /// `self includes other`, `other during self`: every point of the other is in this.
    #[must_use]
    pub fn includes(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        and(
            self.lower_end().less_or_equal(&other.lower_end(), grain),
            other.upper_end().less_or_equal(&self.upper_end(), grain),
        )
    }

    /// `self properly includes other`: it includes it and is larger.
    #[must_use]
    pub fn properly_includes(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        let larger = or(
            self.lower_end().less(&other.lower_end(), grain),
            other.upper_end().less(&self.upper_end(), grain),
        );
        and(self.includes(other, grain), larger)
    }

    /// `self before other`: it ends before the other starts.
    #[must_use]
    pub fn before(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        self.upper_end().less(&other.lower_end(), grain)
    }

    /// `self after other`: it starts after the other ends.
    #[must_use]
    pub fn after(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        other.before(self, grain)
    }

    /// `self on or before other`: it ends no later than the other starts.
    #[must_use]
    pub fn same_or_before(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        self.upper_end().less_or_equal(&other.lower_end(), grain)
    }

    /// `self on or after other`: it starts no earlier than the other ends.
    #[must_use]
    pub fn same_or_after(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        other.same_or_before(self, grain)
    }

    /// `self same as other`: they start and end together.
    #[must_use]
    pub fn same_as(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        and(
            self.lower_end().equal(&other.lower_end(), grain),
            self.upper_end().equal(&other.upper_end(), grain),
        )
    }

    /// `self = other`: they start and end together.
    #[must_use]
    pub fn equal(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        self.same_as(other, grain)
    }

    /// `self meets before other`: the other starts right after it ends.
    #[must_use]
    pub fn meets_before(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        let Some(next) = self.upper_end().successor() else {
            return Some(false);
        };
        next.equal(&other.lower_end(), grain)
    }

    /// `self meets after other`: it starts right after the other ends.
    #[must_use]
    pub fn meets_after(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        other.meets_before(self, grain)
    }

    /// `self meets other`: one starts right after the other ends.
    #[must_use]
    pub fn meets(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        or(
            self.meets_before(other, grain),
            self.meets_after(other, grain),
        )
    }

    /// `self overlaps other`: they have a point in common.
    #[must_use]
    pub fn overlaps(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        and(
            self.lower_end().less_or_equal(&other.upper_end(), grain),
            other.lower_end().less_or_equal(&self.upper_end(), grain),
        )
    }

    /// `self overlaps before other`: they overlap, and it starts first.
    #[must_use]
    pub fn overlaps_before(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        let first = self.lower_end().less(&other.lower_end(), grain);
        and(self.overlaps(other, grain), first)
    }

    /// `self overlaps after other`: they overlap, and it ends last.
    #[must_use]
    pub fn overlaps_after(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        let last = other.upper_end().less(&self.upper_end(), grain);
        and(self.overlaps(other, grain), last)
    }

    /// `self starts other`: they start together, and it ends no later.
    #[must_use]
    pub fn starts(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        and(
            self.lower_end().equal(&other.lower_end(), grain),
            self.upper_end().less_or_equal(&other.upper_end(), grain),
        )
    }

    /// `self ends other`: they end together, and it starts no earlier.
    #[must_use]
    pub fn ends(&self, other: &Interval<V>, grain: &Grain) -> Option<bool> {
        and(
            other.lower_end().less_or_equal(&self.lower_end(), grain),
            self.upper_end().equal(&other.upper_end(), grain),
        )
    }
}
