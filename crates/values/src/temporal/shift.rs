//! Later and earlier: durations added to dates and times (FHIRPath §6.7, CQL 1.5.3 §19.1 `Add`).
//!
//! A duration in units finer than the value is known is turned into units of its precision, and what does not fill one
//! is dropped: 2014 and 735 days is 2016. Years and months keep the day, or take the last day of a shorter month.

use super::calendar::{DAY_MILLIS, YEAR_MAX, YEAR_MIN, days_in_month};
use super::date::Date;
use super::date_time::DateTime;
use super::precision::Precision;
use super::time::Time;

/// A length of time in whole calendar units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many.
    pub count: i64,
    /// Of what. (A week is seven days.)
    pub unit: Precision,
}

impl Duration {
    /// So many of a unit.
    #[must_use]
    pub const fn new(count: i64, unit: Precision) -> Duration {
        Duration { count, unit }
    }

    /// As long, backwards.
    #[must_use]
    pub fn negate(self) -> Option<Duration> {
        Some(Duration {
            count: self.count.checked_neg()?,
            ..self
        })
    }

    /// In units no finer than `finest`, cut towards zero: a month has 30 days and a year 365 there.
    fn coarsen(self, finest: Precision) -> Duration {
        if self.unit <= finest {
            return self;
        }
        let days = || match self.unit.millis() {
            Some(unit) => self.count / (DAY_MILLIS / unit),
            None => self.count,
        };
        let count = match finest {
            Precision::Year if self.unit == Precision::Month => self.count / 12,
            Precision::Year => days() / 365,
            Precision::Month => days() / 30,
            Precision::Day => days(),
            _ => match (self.unit.millis(), finest.millis()) {
                (Some(unit), Some(coarse)) => self.count / (coarse / unit),
                _ => self.count,
            },
        };
        Duration {
            count,
            unit: finest,
        }
    }
}

impl Date {
    /// The date that much later (earlier for a negative duration), to the same precision; `None` when it leaves the
    /// years 1 to 9999.
    #[must_use]
    pub fn add(&self, duration: &Duration) -> Option<Date> {
        let Duration { count, unit } = duration.coarsen(self.precision());
        match unit {
            Precision::Year => add_months(*self, count.checked_mul(12)?),
            Precision::Month => add_months(*self, count),
            _ => add_days(*self, count),
        }
    }

    /// The date that much earlier.
    #[must_use]
    pub fn subtract(&self, duration: &Duration) -> Option<Date> {
        self.add(&duration.negate()?)
    }
}

/// A full date, so many days later.
fn add_days(date: Date, count: i64) -> Option<Date> {
    // Within the month there is nothing to calculate.
    let day = i64::from(date.day()?).checked_add(count)?;
    if (1..=28).contains(&day) {
        return Date::new(date.year(), date.month(), i32::try_from(day).ok());
    }
    Date::from_epoch_days(date.epoch_days().checked_add(count)?)
}

/// A partial date stays partial; a day beyond the end of its month is the last of it.
fn add_months(date: Date, count: i64) -> Option<Date> {
    let month = i64::from(date.year()) * 12 + i64::from(date.month().unwrap_or(1)) - 1;
    let month = month.checked_add(count)?;
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
        return None;
    }
    let month = i32::try_from(month.rem_euclid(12)).ok()? + 1;
    let day = date.day().map(|day| day.min(days_in_month(year, month)));
    Date::new(year, date.month().map(|_| month), day)
}

impl DateTime {
    /// The moment that much later (earlier for a negative duration), to the same precision and at the same offset;
    /// `None` when it leaves the years 1 to 9999.
    #[must_use]
    pub fn add(&self, duration: &Duration) -> Option<DateTime> {
        let duration = duration.coarsen(self.precision());
        let offset = self.offset();
        let Some(unit) = duration.unit.millis() else {
            return DateTime::new(self.date().add(&duration)?, self.time(), offset);
        };
        let millis = duration.count.checked_mul(unit)?;
        let millis = millis.checked_add(self.millis_of_day())?;
        let date = match millis.div_euclid(DAY_MILLIS) {
            0 => self.date(),
            days => add_days(self.date(), days)?,
        };
        let time = Time::from_millis(millis.rem_euclid(DAY_MILLIS), self.precision());
        DateTime::new(date, time, offset)
    }

    /// The moment that much earlier.
    #[must_use]
    pub fn subtract(&self, duration: &Duration) -> Option<DateTime> {
        self.add(&duration.negate()?)
    }
}

impl Time {
    /// The time that much later (earlier for a negative duration), to the same precision. After midnight the clock
    /// begins again. `None` for years, months and days, which a time does not have.
    #[must_use]
    pub fn add(&self, duration: &Duration) -> Option<Time> {
        if duration.unit < Precision::Hour {
            return None;
        }
        let Duration { count, unit } = duration.coarsen(self.precision());
        let unit = unit.millis()?;
        let shift = (count % (DAY_MILLIS / unit)) * unit;
        Time::from_millis(
            (self.millis() + shift).rem_euclid(DAY_MILLIS),
            self.precision(),
        )
    }

    /// The time that much earlier.
    #[must_use]
    pub fn subtract(&self, duration: &Duration) -> Option<Time> {
        self.add(&duration.negate()?)
    }
}
