//! How much time lies between two values (CQL 1.5.3 §19.7 `Difference`, §19.8 `Duration`).
//!
//! A *duration* counts whole units that have passed, a *difference* the boundaries between units that were crossed.
//! Between values that are less precise than the unit both are uncertain: from the shortest to the longest that may
//! be. Years and months need the day. Between values that are precise enough, missing parts are the first there are,
//! so that the `days between` two dates are exact.

use super::calendar::{DAY_MILLIS, days_in_month};
use super::date::Date;
use super::date_time::DateTime;
use super::precision::Precision;
use super::time::Time;
use crate::uncertain::Uncertain;

/// A unit in which time is counted: a precision, or weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CountedUnit {
    /// Years to milliseconds.
    Of(Precision),
    /// Seven days; a week begins on Sunday.
    Week,
}

impl From<Precision> for CountedUnit {
    fn from(precision: Precision) -> CountedUnit {
        CountedUnit::Of(precision)
    }
}

impl CountedUnit {
    fn precision(self) -> Precision {
        match self {
            CountedUnit::Of(precision) => precision,
            CountedUnit::Week => Precision::Day,
        }
    }
}

impl Date {
    /// Whole units from this date to another, negative when that is earlier. `None` for units finer than a day.
    #[must_use]
    pub fn duration_to(&self, other: &Date, unit: CountedUnit) -> Option<Uncertain<i64>> {
        if unit.precision() > Precision::Day {
            return None;
        }
        DateTime::of_date(*self).duration_to(&DateTime::of_date(*other), unit, 0)
    }

    /// Boundaries between units from this date to another, negative when that is earlier. `None` for units finer than a
    /// day.
    #[must_use]
    pub fn difference_to(&self, other: &Date, unit: CountedUnit) -> Option<Uncertain<i64>> {
        if unit.precision() > Precision::Day {
            return None;
        }
        DateTime::of_date(*self).difference_to(&DateTime::of_date(*other), unit, 0)
    }
}

impl DateTime {
    /// Whole units from this moment to another, negative when that is earlier. Values at different offsets are brought
    /// to `default_offset`, which is also that of values without one. `None` never comes but of overflow.
    #[must_use]
    pub fn duration_to(
        &self,
        other: &DateTime,
        unit: CountedUnit,
        default_offset: i16,
    ) -> Option<Uncertain<i64>> {
        let needed = unit.precision().max(Precision::Day);
        let (left, right) = clocks(self, other, default_offset);
        let is_certain = left.precision.min(right.precision) >= needed;
        let (left, right) = match is_certain {
            true => ((left.first, left.first), (right.first, right.first)),
            false => ((left.first, left.last), (right.first, right.last)),
        };
        Some(Uncertain::new(
            whole_units(left.1, right.0, unit)?,
            whole_units(left.0, right.1, unit)?,
        ))
    }

    /// Boundaries between units from this moment to another, negative when that is earlier. Values at different offsets
    /// are brought to `default_offset` for units finer than a day; days and longer units are counted on the clocks of
    /// the values (CQL 1.5.3 §19.7).
    #[must_use]
    pub fn difference_to(
        &self,
        other: &DateTime,
        unit: CountedUnit,
        default_offset: i16,
    ) -> Option<Uncertain<i64>> {
        let needed = unit.precision();
        let (left, right) = match needed > Precision::Day {
            true => clocks(self, other, default_offset),
            false => (Clock::of(self), Clock::of(other)),
        };
        let (left, right) = (left.moments(needed), right.moments(needed));
        Some(Uncertain::new(
            ordinal(right.0, unit)? - ordinal(left.1, unit)?,
            ordinal(right.1, unit)? - ordinal(left.0, unit)?,
        ))
    }
}

impl Time {
    /// Whole units from this time to another, negative when that is earlier. `None` for days and longer units.
    #[must_use]
    pub fn duration_to(&self, other: &Time, unit: Precision) -> Option<Uncertain<i64>> {
        let millis = unit.millis()?;
        let (left, right) = (self.moments(unit), other.moments(unit));
        Some(Uncertain::new(
            (right.0 - left.1) / millis,
            (right.1 - left.0) / millis,
        ))
    }

    /// Boundaries between units from this time to another, negative when that is earlier. `None` for days and longer
    /// units.
    #[must_use]
    pub fn difference_to(&self, other: &Time, unit: Precision) -> Option<Uncertain<i64>> {
        let millis = unit.millis()?;
        let (left, right) = (self.moments(unit), other.moments(unit));
        Some(Uncertain::new(
            right.0 / millis - left.1 / millis,
            right.1 / millis - left.0 / millis,
        ))
    }

    /// The first and last moment it may be; one when it is known as precisely as is needed.
    fn moments(self, needed: Precision) -> (i64, i64) {
        match self.precision() >= needed {
            true => (self.millis(), self.millis()),
            false => (self.millis(), self.last_millis()),
        }
    }
}

/// A value on a clock: its first and last millisecond there, and how precisely it is known.
struct Clock {
    first: i64,
    last: i64,
    precision: Precision,
}

impl Clock {
    fn of(moment: &DateTime) -> Clock {
        Clock {
            first: moment.local_millis(),
            last: moment.last_local_millis(),
            precision: moment.precision(),
        }
    }

    fn shifted(moment: &DateTime, default_offset: i16) -> Clock {
        let shift = i64::from(default_offset) * 60_000;
        Clock {
            first: moment.epoch_millis(default_offset) + shift,
            last: moment.last_epoch_millis(default_offset) + shift,
            precision: moment.precision(),
        }
    }

    /// The first and last moment it may be; one when it is known as precisely as is needed.
    fn moments(&self, needed: Precision) -> (i64, i64) {
        match self.precision >= needed {
            true => (self.first, self.first),
            false => (self.first, self.last),
        }
    }
}

/// Both on one clock: their own when it is the same.
fn clocks(left: &DateTime, right: &DateTime, default_offset: i16) -> (Clock, Clock) {
    if left.offset() == right.offset() {
        return (Clock::of(left), Clock::of(right));
    }
    (
        Clock::shifted(left, default_offset),
        Clock::shifted(right, default_offset),
    )
}

/// Whole units from one moment to another on the same clock.
fn whole_units(from: i64, to: i64, unit: CountedUnit) -> Option<i64> {
    let precision = match unit {
        CountedUnit::Week => return Some((to - from) / (7 * DAY_MILLIS)),
        CountedUnit::Of(Precision::Day) => return Some((to - from) / DAY_MILLIS),
        CountedUnit::Of(precision) => precision,
    };
    match precision.millis() {
        Some(millis) => Some((to - from) / millis),
        None if from <= to => {
            whole_months(from, to).map(|months| years_or_months(months, precision))
        }
        None => whole_months(to, from).map(|months| -years_or_months(months, precision)),
    }
}

fn years_or_months(months: i64, precision: Precision) -> i64 {
    if precision == Precision::Year {
        months / 12
    } else {
        months
    }
}

/// Whole months between two moments in order. A month is over when the same day and time come round again, or the end
/// of a month that has no such day.
fn whole_months(from: i64, to: i64) -> Option<i64> {
    let (start, end) = (date_at(from)?, date_at(to)?);
    let (day, last) = (start.day()?, days_in_month(end.year(), end.month()?));
    let crossed = ordinal_month(end)? - ordinal_month(start)?;
    let anniversary = day.min(last);
    let reached =
        (end.day()?, to.rem_euclid(DAY_MILLIS)) >= (anniversary, from.rem_euclid(DAY_MILLIS));
    Some(crossed - i64::from(!reached))
}

fn date_at(local_millis: i64) -> Option<Date> {
    Date::from_epoch_days(local_millis.div_euclid(DAY_MILLIS))
}

fn ordinal_month(date: Date) -> Option<i64> {
    Some(i64::from(date.year()) * 12 + i64::from(date.month()?))
}

/// The number of the unit that a moment is in.
fn ordinal(local_millis: i64, unit: CountedUnit) -> Option<i64> {
    let days = local_millis.div_euclid(DAY_MILLIS);
    match unit {
        // 1970-01-01 was a Thursday, the fifth day of its week.
        CountedUnit::Week => Some((days + 4).div_euclid(7)),
        CountedUnit::Of(Precision::Year) => {
            date_at(local_millis).map(|date| i64::from(date.year()))
        }
        CountedUnit::Of(Precision::Month) => ordinal_month(date_at(local_millis)?),
        CountedUnit::Of(Precision::Day) => Some(days),
        CountedUnit::Of(precision) => Some(local_millis.div_euclid(precision.millis()?)),
    }
}
