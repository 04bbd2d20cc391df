//! The first and the last that a partial value may be, to a number of digits (FHIRPath §5.8 `lowBoundary`,
//! `highBoundary`; CQL 1.5.3 §16 and §18).
//!
//! Digits are those of [`Precision::digits`]: 4, 6, 8, 10, 12, 14, 17 of dates, 8 fewer of times.

use super::date::Date;
use super::date_time::DateTime;
use super::offset::OFFSET_LEAST;
use super::precision::Precision;
use super::time::Time;

/// Digits of a full date.
const DATE_DIGITS: i32 = 8;
/// Digits of a date with a full time.
const DATE_TIME_DIGITS: i32 = 17;
/// Digits of a full time.
const TIME_DIGITS: i32 = DATE_TIME_DIGITS - DATE_DIGITS;

impl Date {
    /// The first date it may be, to 4, 6 or 8 digits (8 when `None`); `None` for another number of digits.
    #[must_use]
    pub fn low_boundary(&self, digits: Option<i32>) -> Option<Date> {
        Some(self.first_day().truncate(date_precision(digits)?))
    }

    /// The last date it may be, to 4, 6 or 8 digits (8 when `None`); `None` for another number of digits.
    #[must_use]
    pub fn high_boundary(&self, digits: Option<i32>) -> Option<Date> {
        Some(self.last_day().truncate(date_precision(digits)?))
    }
}

fn date_precision(digits: Option<i32>) -> Option<Precision> {
    Precision::of_digits(digits.unwrap_or(DATE_DIGITS)).filter(|found| *found <= Precision::Day)
}

impl DateTime {
    /// The first moment it may be, to a number of digits (17 when `None`); `None` for a number that no precision has.
    /// Without an offset, it is that of the first clocks on Earth to show it, +14:00 (FHIRPath).
    #[must_use]
    pub fn low_boundary(&self, digits: Option<i32>) -> Option<DateTime> {
        self.low_boundary_cql(digits)?.placed(DateTime::OFFSET_MAX)
    }

    /// The last moment it may be, to a number of digits (17 when `None`); `None` for a number that no precision has.
    /// Without an offset, it is that of the last clocks on Earth to show it, -12:00 (FHIRPath).
    #[must_use]
    pub fn high_boundary(&self, digits: Option<i32>) -> Option<DateTime> {
        self.high_boundary_cql(digits)?.placed(OFFSET_LEAST)
    }

    /// As [`DateTime::low_boundary`], but a value without an offset stays without one (CQL).
    #[must_use]
    pub fn low_boundary_cql(&self, digits: Option<i32>) -> Option<DateTime> {
        let precision = Precision::of_digits(digits.unwrap_or(DATE_TIME_DIGITS))?;
        DateTime::from_local_millis(self.local_millis(), precision)?.with_offset(self.offset())
    }

    /// As [`DateTime::high_boundary`], but a value without an offset stays without one (CQL).
    #[must_use]
    pub fn high_boundary_cql(&self, digits: Option<i32>) -> Option<DateTime> {
        let precision = Precision::of_digits(digits.unwrap_or(DATE_TIME_DIGITS))?;
        DateTime::from_local_millis(self.last_local_millis(), precision)?.with_offset(self.offset())
    }

    /// At an offset if it has a time and none.
    fn placed(self, offset: i16) -> Option<DateTime> {
        match self.offset() {
            None if self.precision() >= Precision::Hour => self.with_offset(Some(offset)),
            _ => Some(self),
        }
    }
}

impl Time {
    /// The first time it may be, to 2, 4, 6 or 9 digits (9 when `None`); `None` for another number of digits.
    #[must_use]
    pub fn low_boundary(&self, digits: Option<i32>) -> Option<Time> {
        Time::from_millis(self.millis(), time_precision(digits)?)
    }

    /// The last time it may be, to 2, 4, 6 or 9 digits (9 when `None`); `None` for another number of digits.
    #[must_use]
    pub fn high_boundary(&self, digits: Option<i32>) -> Option<Time> {
        Time::from_millis(self.last_millis(), time_precision(digits)?)
    }

    /// The number of digits of its precision: 2, 4, 6 or 9.
    #[must_use]
    pub fn digits(&self) -> i32 {
        self.precision().digits() - DATE_DIGITS
    }
}

fn time_precision(digits: Option<i32>) -> Option<Precision> {
    let digits = digits.unwrap_or(TIME_DIGITS).checked_add(DATE_DIGITS)?;
    Precision::of_digits(digits).filter(|found| *found >= Precision::Hour)
}
