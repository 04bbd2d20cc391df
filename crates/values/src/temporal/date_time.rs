//! Dates with a time, possibly partial, possibly with an offset from UTC.

use std::fmt;
use std::str::FromStr;

use super::calendar::DAY_MILLIS;
use super::date::Date;
use super::precision::Precision;
use super::read;
use super::time::Time;
use crate::error::ParseError;

/// Stands for no offset.
const NO_OFFSET: i16 = i16::MIN;

/// A date with a time, to any precision from the year to the millisecond, with or without an offset from UTC.
///
/// `==` and the hash are those of the written value; what the languages mean by `=` is [`DateTime::equal`], which looks
/// at the moment and may not know.
///
/// ```
/// use salus_values::DateTime;
///
/// let utc = DateTime::parse("2012-04-15T15:00:00Z").unwrap();
/// assert_eq!(utc.equal(&DateTime::parse("2012-04-15T17:00:00+02:00").unwrap()), Some(true));
/// assert_eq!(utc.equal(&DateTime::parse("2012-04").unwrap()), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    date: Date,
    offset: i16,
    precision: Precision,
    /// Of the day; unknown parts are 0.
    millis: u32,
}

impl DateTime {
    /// `0001-01-01T00:00:00.000`
    pub const MIN: DateTime = DateTime {
        date: Date::MIN,
        offset: NO_OFFSET,
        precision: Precision::Millisecond,
        millis: 0,
    };
    /// `9999-12-31T23:59:59.999`
    pub const MAX: DateTime = DateTime {
        date: Date::MAX,
        offset: NO_OFFSET,
        precision: Precision::Millisecond,
        millis: 86_399_999,
    };
    /// The greatest offset from UTC in minutes: +14:00. The least is its negative, of which -12:00 is in use.
    pub const OFFSET_MAX: i16 = 14 * 60;

    /// A DateTime of a date, a time and the minutes it is ahead of UTC. `None` when a time comes with a partial date,
    /// or the offset is beyond 14 hours.
    #[must_use]
    pub fn new(date: Date, time: Option<Time>, offset: Option<i16>) -> Option<DateTime> {
        let offset = match offset {
            None => NO_OFFSET,
            Some(minutes) if minutes.abs() <= DateTime::OFFSET_MAX => minutes,
            Some(_) => return None,
        };
        let (millis, precision) = match time {
            None => (0, date.precision()),
            Some(time) if date.precision() == Precision::Day => {
                (u32::try_from(time.millis()).ok()?, time.precision())
            }
            Some(_) => return None,
        };
        Some(DateTime {
            date,
            offset,
            precision,
            millis,
        })
    }

    /// The moment so many milliseconds after 1970-01-01T00:00Z, as clocks at an offset show it; `None` outside the
    /// years 1 to 9999.
    #[must_use]
    pub fn from_epoch_millis(millis: i64, offset: i16) -> Option<DateTime> {
        let local = millis.checked_add(i64::from(offset) * 60_000)?;
        DateTime::from_local_millis(local, Precision::Millisecond)?.with_offset(Some(offset))
    }

    /// Milliseconds from 1970-01-01T00:00 on the clock of the place, cut to a precision, without offset.
    pub(super) fn from_local_millis(local: i64, precision: Precision) -> Option<DateTime> {
        let date = Date::from_epoch_days(local.div_euclid(DAY_MILLIS))?;
        let time = Time::from_millis(local.rem_euclid(DAY_MILLIS), Precision::Millisecond)?;
        Some(DateTime::new(date, Some(time), None)?.truncate(precision))
    }

    pub(super) fn of_date(date: Date) -> DateTime {
        DateTime {
            date,
            offset: NO_OFFSET,
            precision: date.precision(),
            millis: 0,
        }
    }

    /// Reads a date with an optional time and offset: the text of a FHIR `dateTime` or `instant`, or of a literal
    /// without its `@` (`2015T`, `2015-02-04T14`, `2015-02-04T14:34:28.123+10:00`).
    #[must_use]
    pub fn parse(text: &str) -> Option<DateTime> {
        read::date_time(text.as_bytes())
    }

    /// The date in it.
    #[must_use]
    pub fn date(self) -> Date {
        self.date
    }

    /// The time in it, when the hour is known.
    #[must_use]
    pub fn time(self) -> Option<Time> {
        (self.precision >= Precision::Hour).then_some(Time::from_parts(self.millis, self.precision))
    }

    /// Minutes ahead of UTC, when known.
    #[must_use]
    pub fn offset(self) -> Option<i16> {
        (self.offset != NO_OFFSET).then_some(self.offset)
    }

    /// The same on the clock, at another offset. `None` for an offset beyond 14 hours.
    #[must_use]
    pub fn with_offset(self, offset: Option<i16>) -> Option<DateTime> {
        match offset {
            None => Some(DateTime {
                offset: NO_OFFSET,
                ..self
            }),
            Some(minutes) if minutes.abs() <= DateTime::OFFSET_MAX => Some(DateTime {
                offset: minutes,
                ..self
            }),
            Some(_) => None,
        }
    }

    /// From the year to the millisecond.
    #[must_use]
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// A part by name, when known.
    #[must_use]
    pub fn component(self, precision: Precision) -> Option<i32> {
        match precision {
            Precision::Year | Precision::Month | Precision::Day => self.date.component(precision),
            _ => self.time()?.component(precision),
        }
    }

    /// The same known less precisely; itself if it is less precise already.
    #[must_use]
    pub fn truncate(self, precision: Precision) -> DateTime {
        if precision >= self.precision {
            return self;
        }
        let unit = precision.millis().and_then(|unit| u32::try_from(unit).ok());
        DateTime {
            date: self.date.truncate(precision),
            millis: unit.map_or(0, |unit| self.millis - self.millis % unit),
            precision,
            ..self
        }
    }

    /// Milliseconds from midnight on the clock of the place to the first moment it may be.
    pub(super) fn millis_of_day(self) -> i64 {
        i64::from(self.millis)
    }

    /// Milliseconds from 1970-01-01T00:00 on the clock of the place to the first moment it may be.
    pub(super) fn local_millis(self) -> i64 {
        self.date.epoch_days() * DAY_MILLIS + i64::from(self.millis)
    }

    /// As [`DateTime::local_millis`], to the last moment it may be.
    pub(super) fn last_local_millis(self) -> i64 {
        match self.precision.millis() {
            Some(unit) => self.local_millis() + unit - 1,
            None => (self.date.last_day().epoch_days() + 1) * DAY_MILLIS - 1,
        }
    }

    /// Milliseconds from 1970-01-01T00:00Z to the first moment it may be, at its own offset or else at
    /// `default_offset`.
    #[must_use]
    pub fn epoch_millis(self, default_offset: i16) -> i64 {
        self.local_millis() - i64::from(self.offset().unwrap_or(default_offset)) * 60_000
    }

    /// As [`DateTime::epoch_millis`], to the last moment it may be.
    #[must_use]
    pub fn last_epoch_millis(self, default_offset: i16) -> i64 {
        self.last_local_millis() - i64::from(self.offset().unwrap_or(default_offset)) * 60_000
    }

    /// The moment on the clock of another offset; a value without an offset is taken to be at `default_offset`. The
    /// precision stays, so with a coarse one a part may be cut. `None` when it leaves the years 1 to 9999.
    #[must_use]
    pub fn at_offset(self, offset: i16, default_offset: i16) -> Option<DateTime> {
        if self.offset().unwrap_or(default_offset) == offset || self.precision < Precision::Hour {
            return self.with_offset(Some(offset));
        }
        DateTime::from_epoch_millis(self.epoch_millis(default_offset), offset)
            .map(|moment| moment.truncate(self.precision))
    }

    /// Date and time as one number that orders as they do on the clock.
    pub(super) fn key(self) -> u64 {
        (u64::from(self.date.key()) << 32) | u64::from(self.millis)
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> DateTime {
        DateTime::of_date(date)
    }
}

impl FromStr for DateTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<DateTime, ParseError> {
        DateTime::parse(text).ok_or_else(|| ParseError::new("DateTime", text))
    }
}

/// `2012`, `2012-02-29`, `2012-02-29T14:30:05.250+02:00`; a time without hour is not marked with a `T`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.date, f)?;
        let Some(time) = self.time() else {
            return Ok(());
        };
        write!(f, "T{time}")?;
        match self.offset() {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
