//! Dates and times as FHIR writes them: as precise as they are known, and no more.
//!
//! `2024`, `2024-02` and `2024-02-29T13:05:00.250+01:00` are all dates. Each is an interval of time:
//! [`PartialDateTime::earliest`] and [`PartialDateTime::latest`] are its ends.
//!
//! ```
//! use salus_fhir::date::{self, Precision};
//! let february = date::parse("2024-02").unwrap();
//! assert_eq!(february.precision(), Precision::Month);
//! let days = (february.latest() - february.earliest() + 1) / 86_400_000_000;
//! assert_eq!(days, 29);
//! assert!(date::parse("2024-02-30").is_none());
//! ```
//!
//! Grammar: R4 datatypes, `date`, `dateTime`, `instant`, `time`. [`parse`] is a little wider than FHIR, since a date
//! without a zone is better than none; [`is_date`], [`is_date_time`], [`is_instant`] and [`is_time`] are exact.
//! Not here: comparing partial dates with each other, arithmetic; that is the value model's.

mod calendar;
mod read;
mod time;

use std::fmt;

pub use time::{TimeOfDay, is_time, parse_time};

use calendar::{days_from_civil, days_in_month};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// How precisely a moment is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-02`
    Month,
    /// `2024-02-29`
    Day,
    /// `2024-02-29T13:05+01:00`; not FHIR, but seen.
    Minute,
    /// `2024-02-29T13:05:00+01:00`
    Second,
    /// `2024-02-29T13:05:00.25+01:00`: a fraction of any length.
    Fraction,
}

/// A date or a moment, as precise as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDateTime {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    fraction_digits: u8,
    nanos: u32,
    offset_minutes: Option<i16>,
    precision: Precision,
}

/// Reads a `date`, `dateTime` or `instant`; also times without seconds or without a zone, which FHIR forbids.
///
/// `None` when the text is of no such shape or the day does not exist. Years are 0001 to 9999, the second may be
/// 60 (a leap second), zones lie within 14 hours of UTC. No allocation; tens of nanoseconds.
#[inline]
pub fn parse(text: &str) -> Option<PartialDateTime> {
    read::date_time(text.as_bytes())
}

/// Whether the text is a FHIR `date`: to the day at most.
pub fn is_date(text: &str) -> bool {
    parse(text).is_some_and(|d| d.precision <= Precision::Day)
}

/// Whether the text is a FHIR `dateTime`: a time has seconds and a zone.
pub fn is_date_time(text: &str) -> bool {
    is_date(text) || is_instant(text)
}

/// Whether the text is a FHIR `instant`: to the second at least, with a zone.
pub fn is_instant(text: &str) -> bool {
    parse(text).is_some_and(|d| d.precision >= Precision::Second && d.offset_minutes.is_some())
}

impl PartialDateTime {
    /// How precisely it is known.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Year, 1 to 9999.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// Month, 1 to 12, when known.
    pub fn month(&self) -> Option<u8> {
        self.known(Precision::Month, self.month)
    }

    /// Day of the month, from 1, when known.
    pub fn day(&self) -> Option<u8> {
        self.known(Precision::Day, self.day)
    }

    /// Hour, 0 to 23, when known.
    pub fn hour(&self) -> Option<u8> {
        self.known(Precision::Minute, self.hour)
    }

    /// Minute, 0 to 59, when known.
    pub fn minute(&self) -> Option<u8> {
        self.known(Precision::Minute, self.minute)
    }

    /// Second, 0 to 60, when known.
    pub fn second(&self) -> Option<u8> {
        self.known(Precision::Second, self.second)
    }

    /// Nanoseconds of the second, when a fraction was written; digits beyond the ninth are dropped.
    pub fn nanos(&self) -> Option<u32> {
        (self.precision == Precision::Fraction).then_some(self.nanos)
    }

    /// How many digits the written fraction had, at most 255; 0 without a fraction.
    pub fn fraction_digits(&self) -> u8 {
        self.fraction_digits
    }

    /// Minutes east of UTC, when a zone was written; `Z` is 0.
    pub fn offset_minutes(&self) -> Option<i16> {
        self.offset_minutes
    }

    /// First microsecond of the interval, since 1970-01-01T00:00:00 UTC. Without a zone, read as UTC.
    #[inline]
    pub fn earliest(&self) -> i64 {
        self.earliest_at(0)
    }

    /// As [`PartialDateTime::earliest`], with the zone (minutes east of UTC) to read it in when none was written.
    #[inline]
    pub fn earliest_at(&self, offset_minutes: i16) -> i64 {
        let offset = i64::from(self.offset_minutes.unwrap_or(offset_minutes));
        let day = days_from_civil(i32::from(self.year), self.month, self.day);
        let minutes = i64::from(self.hour) * 60 + i64::from(self.minute) - offset;
        let seconds = minutes * 60 + i64::from(self.second);
        day * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + i64::from(self.nanos / 1000)
    }

    /// Last microsecond of the interval, since 1970-01-01T00:00:00 UTC. Without a zone, read as UTC.
    ///
    /// A fraction is exact to a millisecond at least: `.5` ends with `.500999`, as CQL and FHIRPath compare.
    pub fn latest(&self) -> i64 {
        self.latest_at(0)
    }

    /// As [`PartialDateTime::latest`], with the zone (minutes east of UTC) to read it in when none was written.
    pub fn latest_at(&self, offset_minutes: i16) -> i64 {
        let days = |days: i64| days * MICROS_PER_DAY;
        let year = i32::from(self.year);
        let length = match self.precision {
            Precision::Year => days(365 + i64::from(calendar::is_leap(year))),
            Precision::Month => days(i64::from(days_in_month(year, self.month))),
            Precision::Day => days(1),
            Precision::Minute => 60 * MICROS_PER_SECOND,
            Precision::Second => MICROS_PER_SECOND,
            Precision::Fraction => 10_i64.pow(6 - u32::from(self.fraction_digits.clamp(3, 6))),
        };
        self.earliest_at(offset_minutes) + length - 1
    }

    fn known(&self, from: Precision, value: u8) -> Option<u8> {
        (self.precision >= from).then_some(value)
    }
}

/// As FHIR writes it, to its precision; of a fraction nine digits at most.
impl fmt::Display for PartialDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month() {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day() {
            write!(f, "-{day:02}")?;
        }
        if let Some(hour) = self.hour() {
            write!(f, "T{hour:02}:{:02}", self.minute)?;
        }
        if let Some(second) = self.second() {
            write!(f, ":{second:02}")?;
        }
        time::write_fraction(f, self.nanos, self.fraction_digits)?;
        match self.offset_minutes {
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

#[cfg(test)]
mod tests;
