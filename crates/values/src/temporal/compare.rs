//! Order and equality, where `None` is *uncertain* (FHIRPath §6.1 and §6.2, CQL 1.5.3 §12 and §18).
//!
//! A partial value is a range of moments. Two values are in order when their ranges do not overlap, equal when they are
//! known to the same precision and their ranges are the same, and otherwise nobody knows. Parts compare from the year
//! on, so the same offset needs no arithmetic.
//!
//! The two languages differ in two things. To FHIRPath, seconds and milliseconds are one part (`:05` is `:05.000`), and
//! a value without an offset may be anywhere on Earth when it meets one with; to CQL (the functions that end in `_cql`,
//! and those with a precision) they are parts of their own, and the offset is that of the evaluation request.

use std::cmp::Ordering;

use super::date::Date;
use super::date_time::DateTime;
use super::offset::OFFSET_LEAST;
use super::precision::Precision;
use super::time::Time;

impl Date {
    /// The order of two dates; `None` when one is too imprecise to tell.
    #[must_use]
    pub fn compare(&self, other: &Date) -> Option<Ordering> {
        let (left, right) = (self.precision(), other.precision());
        if left == right {
            return Some(self.key().cmp(&other.key()));
        }
        let common = left.min(right);
        decided(
            self.truncate(common)
                .key()
                .cmp(&other.truncate(common).key()),
        )
    }

    /// The order of two dates as far as a precision; `None` when one is too imprecise to tell (`before month of`).
    #[must_use]
    pub fn compare_to(&self, other: &Date, precision: Precision) -> Option<Ordering> {
        let precision = precision.min(Precision::Day);
        let (left, right) = (self.truncate(precision), other.truncate(precision));
        certain_to(left.compare(&right), left.precision(), precision)
    }

    /// Whether two dates are the same; `None` when one is too imprecise to tell.
    #[must_use]
    pub fn equal(&self, other: &Date) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// Whether two dates are the same, to the same precision.
    #[must_use]
    pub fn equivalent(&self, other: &Date) -> bool {
        self == other
    }
}

impl Time {
    /// The order of two times; `None` when one is too imprecise to tell.
    #[must_use]
    pub fn compare(&self, other: &Time) -> Option<Ordering> {
        self.compare_parts(other, Precision::comparable)
    }

    /// As [`Time::compare`], with milliseconds as a part of their own.
    #[must_use]
    pub fn compare_cql(&self, other: &Time) -> Option<Ordering> {
        self.compare_parts(other, std::convert::identity)
    }

    /// The order of two times as far as a precision; `None` when one is too imprecise to tell.
    #[must_use]
    pub fn compare_to(&self, other: &Time, precision: Precision) -> Option<Ordering> {
        let precision = precision.max(Precision::Hour);
        let (left, right) = (self.truncate(precision), other.truncate(precision));
        certain_to(left.compare_cql(&right), left.precision(), precision)
    }

    /// Whether two times are the same; `None` when one is too imprecise to tell.
    #[must_use]
    pub fn equal(&self, other: &Time) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// Whether two times are the same, to the same precision.
    #[must_use]
    pub fn equivalent(&self, other: &Time) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }

    /// As [`Time::equivalent`], with milliseconds as a part of their own.
    #[must_use]
    pub fn equivalent_cql(&self, other: &Time) -> bool {
        self == other
    }

    fn compare_parts(&self, other: &Time, part: fn(Precision) -> Precision) -> Option<Ordering> {
        let (left, right) = (part(self.precision()), part(other.precision()));
        if left == right {
            return Some(self.millis().cmp(&other.millis()));
        }
        let common = left.min(right);
        decided(
            self.truncate(common)
                .millis()
                .cmp(&other.truncate(common).millis()),
        )
    }
}

impl DateTime {
    /// The order of two moments; `None` when it cannot be told: one is too imprecise, or only one has an offset and
    /// clocks anywhere on Earth could show either order. Two values without offset are taken to be in one place.
    #[must_use]
    pub fn compare(&self, other: &DateTime) -> Option<Ordering> {
        match (self.offset(), other.offset()) {
            (left, right) if left == right => self.compare_clocks(other, Precision::comparable),
            (Some(_), Some(_)) => self.compare_moments(other, Precision::comparable),
            _ => ranges(self.anywhere(), other.anywhere(), false),
        }
    }

    /// The order of two moments as CQL has it; a value without an offset is at `default_offset`, that of the evaluation
    /// request. `None` when one is too imprecise to tell.
    #[must_use]
    pub fn compare_cql(&self, other: &DateTime, default_offset: i16) -> Option<Ordering> {
        if self.offset() == other.offset() {
            return self.compare_clocks(other, std::convert::identity);
        }
        let (left, right) = (
            self.placed_at(default_offset),
            other.placed_at(default_offset),
        );
        match left.offset() == right.offset() {
            true => left.compare_clocks(&right, std::convert::identity),
            false => left.compare_moments(&right, std::convert::identity),
        }
    }

    /// The order of two moments as far as a precision; `None` when one is too imprecise to tell (`before hour of`,
    /// `same day as`). Hours and finer parts are those on the clock of `default_offset`; days and longer ones are those
    /// that are written (CQL 1.5.3 §18 "Same As").
    #[must_use]
    pub fn compare_to(
        &self,
        other: &DateTime,
        precision: Precision,
        default_offset: i16,
    ) -> Option<Ordering> {
        let here = self.offset().unwrap_or(default_offset) == default_offset;
        if precision <= Precision::Day || (here && self.offset() == other.offset()) {
            let (left, right) = (self.truncate(precision), other.truncate(precision));
            let order = left.compare_clocks(&right, std::convert::identity);
            return certain_to(order, left.precision(), precision);
        }
        let range = |moment: &DateTime| {
            let shift = i64::from(default_offset) * 60_000;
            let first = moment.epoch_millis(default_offset) + shift;
            let last = moment.last_epoch_millis(default_offset) + shift;
            (cut(first, precision), cut(last, precision))
        };
        let (left, right) = (range(self), range(other));
        ranges(left, right, left.0 == left.1 && right.0 == right.1)
    }

    /// Whether two moments are the same; `None` when it cannot be told.
    #[must_use]
    pub fn equal(&self, other: &DateTime) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// Whether two moments are the same, to the same precision.
    #[must_use]
    pub fn equivalent(&self, other: &DateTime) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }

    /// As [`DateTime::equivalent`], by [`DateTime::compare_cql`].
    #[must_use]
    pub fn equivalent_cql(&self, other: &DateTime, default_offset: i16) -> bool {
        self.compare_cql(other, default_offset) == Some(Ordering::Equal)
    }

    /// The order on one clock.
    fn compare_clocks(
        &self,
        other: &DateTime,
        part: fn(Precision) -> Precision,
    ) -> Option<Ordering> {
        let (left, right) = (part(self.precision()), part(other.precision()));
        if left == right {
            return Some(self.key().cmp(&other.key()));
        }
        let common = left.min(right);
        decided(
            self.truncate(common)
                .key()
                .cmp(&other.truncate(common).key()),
        )
    }

    /// The order of two moments whose offsets are known.
    fn compare_moments(
        &self,
        other: &DateTime,
        part: fn(Precision) -> Precision,
    ) -> Option<Ordering> {
        let same_precision = part(self.precision()) == part(other.precision());
        if same_precision && part(self.precision()) == Precision::Millisecond {
            return Some(self.epoch_millis(0).cmp(&other.epoch_millis(0)));
        }
        ranges(
            (self.epoch_millis(0), self.last_epoch_millis(0)),
            (other.epoch_millis(0), other.last_epoch_millis(0)),
            same_precision,
        )
    }

    fn placed_at(&self, default_offset: i16) -> DateTime {
        match self.offset() {
            Some(_) => *self,
            None => self.with_offset(Some(default_offset)).unwrap_or(*self),
        }
    }

    /// The first and the last moment it may be, wherever its clock is when that is not known.
    fn anywhere(&self) -> (i64, i64) {
        match self.offset() {
            Some(_) => (self.epoch_millis(0), self.last_epoch_millis(0)),
            None => (
                self.epoch_millis(DateTime::OFFSET_MAX),
                self.last_epoch_millis(OFFSET_LEAST),
            ),
        }
    }
}

/// The order of values of different precision: equal as far as both are known is not known.
fn decided(order: Ordering) -> Option<Ordering> {
    order.is_ne().then_some(order)
}

/// An order as far as a precision: equal values must be known as far as that.
fn certain_to(order: Option<Ordering>, known: Precision, precision: Precision) -> Option<Ordering> {
    order.filter(|order| order.is_ne() || known >= precision)
}

/// The order of two ranges of moments, each from its first to its last.
fn ranges(left: (i64, i64), right: (i64, i64), may_be_equal: bool) -> Option<Ordering> {
    if left.1 < right.0 {
        return Some(Ordering::Less);
    }
    if right.1 < left.0 {
        return Some(Ordering::Greater);
    }
    (may_be_equal && left.0 == right.0).then_some(Ordering::Equal)
}

/// A number that is the same for all milliseconds of one hour, minute, … and orders as they do.
fn cut(local_millis: i64, precision: Precision) -> i64 {
    local_millis.div_euclid(precision.millis().unwrap_or(1))
}
