//! Dates, possibly partial: a year, a month of a year, or a day.

use std::fmt;
use std::str::FromStr;

use super::calendar::{YEAR_MAX, YEAR_MIN, civil_of, days_in_month, days_of};
use super::date_time::DateTime;
use super::precision::Precision;
use super::read;
use crate::error::ParseError;

/// A date, to the year, the month or the day. Years are 1 to 9999.
///
/// `==` and the hash are those of the written date: `2012` is another value than `2012-01`. What the languages mean by
/// `=` is [`Date::equal`], which may not know.
///
/// ```
/// use salus_values::{Date, Precision};
///
/// let date = Date::parse("2012-02").unwrap();
/// assert_eq!(date.precision(), Precision::Month);
/// assert_eq!(date.compare(&Date::parse("2012-02-15").unwrap()), None);
/// assert!(Date::parse("2013-02-29").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    year: i16,
    /// 0 when not known.
    month: u8,
    /// 0 when not known.
    day: u8,
}

impl Date {
    /// The first date, `0001-01-01`.
    pub const MIN: Date = Date {
        year: 1,
        month: 1,
        day: 1,
    };
    /// The last date, `9999-12-31`.
    pub const MAX: Date = Date {
        year: 9999,
        month: 12,
        day: 31,
    };

    /// A date of its parts; `None` when there is no such date, or a day without a month.
    #[must_use]
    pub fn new(year: i32, month: Option<i32>, day: Option<i32>) -> Option<Date> {
        if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
            return None;
        }
        let (month, day) = match (month, day) {
            (None, None) => (0, 0),
            (Some(month @ 1..=12), None) => (month, 0),
            // No need to look at the calendar for most days.
            (Some(month @ 1..=12), Some(day @ 1..=28)) => (month, day),
            (Some(month @ 1..=12), Some(day))
                if (1..=days_in_month(year, month)).contains(&day) =>
            {
                (month, day)
            }
            _ => return None,
        };
        Some(Date {
            year: i16::try_from(year).ok()?,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
        })
    }

    /// A full date.
    #[must_use]
    pub fn ymd(year: i32, month: i32, day: i32) -> Option<Date> {
        Date::new(year, Some(month), Some(day))
    }

    /// The full date so many days after 1970-01-01; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_epoch_days(days: i64) -> Option<Date> {
        if !(days_of(YEAR_MIN, 1, 1)..=days_of(YEAR_MAX, 12, 31)).contains(&days) {
            return None;
        }
        let (year, month, day) = civil_of(days);
        Date::new(year, Some(month), Some(day))
    }

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: the text of a FHIR `date`, or of a literal without its `@`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        match read::date(text.as_bytes())? {
            (date, []) => Some(date),
            _ => None,
        }
    }

    /// 1 to 9999
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// 1 to 12, when known.
    #[must_use]
    pub fn month(self) -> Option<i32> {
        (self.month != 0).then_some(i32::from(self.month))
    }

    /// 1 to 31, when known.
    #[must_use]
    pub fn day(self) -> Option<i32> {
        (self.day != 0).then_some(i32::from(self.day))
    }

    /// A part by name, when known; `None` also for parts of a time.
    #[must_use]
    pub fn component(self, precision: Precision) -> Option<i32> {
        match precision {
            Precision::Year => Some(self.year()),
            Precision::Month => self.month(),
            Precision::Day => self.day(),
            _ => None,
        }
    }

    /// Year, month or day.
    #[must_use]
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (0, _) => Precision::Year,
            (_, 0) => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The same date known less precisely; itself if it is less precise already.
    #[must_use]
    pub fn truncate(self, precision: Precision) -> Date {
        match precision {
            Precision::Year => Date {
                month: 0,
                day: 0,
                ..self
            },
            Precision::Month => Date { day: 0, ..self },
            _ => self,
        }
    }

    /// As a DateTime of the same precision, without offset (the implicit conversion of both languages).
    #[must_use]
    pub fn to_date_time(self) -> DateTime {
        DateTime::of_date(self)
    }

    /// The first day it may be.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date {
            year: self.year,
            month: self.month.max(1),
            day: self.day.max(1),
        }
    }

    /// The last day it may be.
    #[must_use]
    pub fn last_day(self) -> Date {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = match self.day {
            0 => u8::try_from(days_in_month(self.year(), i32::from(month))).unwrap_or(28),
            day => day,
        };
        Date {
            year: self.year,
            month,
            day,
        }
    }

    /// Days from 1970-01-01 to the first day it may be.
    #[must_use]
    pub fn epoch_days(self) -> i64 {
        days_of(
            self.year(),
            i32::from(self.month.max(1)),
            i32::from(self.day.max(1)),
        )
    }

    /// Year, month and day as one number that orders as they do.
    pub(super) fn key(self) -> u32 {
        (u32::from(self.year.unsigned_abs()) << 9)
            | (u32::from(self.month) << 5)
            | u32::from(self.day)
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Date, ParseError> {
        Date::parse(text).ok_or_else(|| ParseError::new("Date", text))
    }
}

/// `2012`, `2012-02`, `2012-02-29`
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month != 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day != 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
