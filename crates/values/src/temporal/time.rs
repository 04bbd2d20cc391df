//! Times of day, possibly partial.

use std::fmt;
use std::str::FromStr;

use super::calendar::DAY_MILLIS;
use super::precision::Precision;
use super::read;
use crate::error::ParseError;

/// A time of day, to the hour, minute, second or millisecond. It has no time zone. Digits of a second after the third
/// are dropped.
///
/// `==` and the hash are those of the written time; what the languages mean by `=` is [`Time::equal`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// Of the day; unknown parts are 0.
    millis: u32,
    precision: Precision,
}

impl Time {
    /// `00:00:00.000`
    pub const MIN: Time = Time {
        millis: 0,
        precision: Precision::Millisecond,
    };
    /// `23:59:59.999`
    pub const MAX: Time = Time {
        millis: 86_399_999,
        precision: Precision::Millisecond,
    };

    /// A time of its parts; `None` when there is no such time, or a part is missing before one that is there.
    #[must_use]
    pub fn new(
        hour: i32,
        minute: Option<i32>,
        second: Option<i32>,
        millisecond: Option<i32>,
    ) -> Option<Time> {
        let precision = match (minute, second, millisecond) {
            (None, None, None) => Precision::Hour,
            (Some(_), None, None) => Precision::Minute,
            (Some(_), Some(_), None) => Precision::Second,
            (Some(_), Some(_), Some(_)) => Precision::Millisecond,
            _ => return None,
        };
        let part = |value: Option<i32>, end: u32| {
            u32::try_from(value.unwrap_or(0))
                .ok()
                .filter(|value| *value < end)
        };
        let hour = part(Some(hour), 24)?;
        let (minute, second) = (part(minute, 60)?, part(second, 60)?);
        let millis = ((hour * 60 + minute) * 60 + second) * 1000 + part(millisecond, 1000)?;
        Some(Time { millis, precision })
    }

    /// So many milliseconds after midnight, known to a precision; `None` beyond a day, and for precisions of dates.
    #[must_use]
    pub fn from_millis(millis: i64, precision: Precision) -> Option<Time> {
        let unit = precision.millis()?;
        if !(0..DAY_MILLIS).contains(&millis) {
            return None;
        }
        let millis = u32::try_from(millis - millis % unit).ok()?;
        Some(Time { millis, precision })
    }

    /// Reads `hh`, `hh:mm`, `hh:mm:ss`, `hh:mm:ss.f…`: the text of a FHIR `time`, or of a literal without its `@T`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Time> {
        match read::time(text.as_bytes())? {
            (time, []) => Some(time),
            _ => None,
        }
    }

    /// As [`Time::parse`], with an offset from UTC after it, which is dropped (CQL 1.5.3 §22.32 `ToTime`).
    #[must_use]
    pub fn parse_with_offset(text: &str) -> Option<Time> {
        let (time, rest) = read::time(text.as_bytes())?;
        read::offset(rest).map(|_| time)
    }

    /// Milliseconds from midnight to the first moment it may be.
    #[must_use]
    pub fn millis(self) -> i64 {
        i64::from(self.millis)
    }

    /// Milliseconds from midnight to the last moment it may be.
    #[must_use]
    pub fn last_millis(self) -> i64 {
        self.millis() + self.precision.millis().unwrap_or(1) - 1
    }

    /// Hour, minute, second or millisecond.
    #[must_use]
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// 0 to 23
    #[must_use]
    pub fn hour(self) -> i32 {
        self.part(3_600_000, 24)
    }

    /// A part by name, when known; `None` also for parts of a date.
    #[must_use]
    pub fn component(self, precision: Precision) -> Option<i32> {
        if precision > self.precision {
            return None;
        }
        match precision {
            Precision::Hour => Some(self.hour()),
            Precision::Minute => Some(self.part(60_000, 60)),
            Precision::Second => Some(self.part(1_000, 60)),
            Precision::Millisecond => Some(self.part(1, 1_000)),
            _ => None,
        }
    }

    fn part(self, unit: u32, end: u32) -> i32 {
        i32::try_from(self.millis / unit % end).unwrap_or(0)
    }

    /// The same time known less precisely; itself if it is less precise already. An hour is always kept.
    #[must_use]
    pub fn truncate(self, precision: Precision) -> Time {
        let precision = precision.max(Precision::Hour).min(self.precision);
        Time::from_millis(self.millis(), precision).unwrap_or(self)
    }

    pub(super) const fn from_parts(millis: u32, precision: Precision) -> Time {
        Time { millis, precision }
    }
}

impl FromStr for Time {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Time, ParseError> {
        Time::parse(text).ok_or_else(|| ParseError::new("Time", text))
    }
}

/// `14`, `14:30`, `14:30:05`, `14:30:05.250`
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.hour())?;
        let parts = [
            (Precision::Minute, ':', 2),
            (Precision::Second, ':', 2),
            (Precision::Millisecond, '.', 3),
        ];
        for (precision, separator, width) in parts {
            if let Some(value) = self.component(precision) {
                write!(f, "{separator}{value:0width$}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
