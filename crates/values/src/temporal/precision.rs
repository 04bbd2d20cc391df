//! How precisely a date or time is known.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseError;

/// How precisely a date or time is known, from coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Precision {
    /// The year only.
    Year,
    /// Year and month.
    Month,
    /// A full date.
    Day,
    /// To the hour.
    Hour,
    /// To the minute.
    Minute,
    /// To the second.
    Second,
    /// To the millisecond.
    Millisecond,
}

impl Precision {
    /// All, from coarse to fine.
    pub const ALL: [Precision; 7] = [
        Precision::Year,
        Precision::Month,
        Precision::Day,
        Precision::Hour,
        Precision::Minute,
        Precision::Second,
        Precision::Millisecond,
    ];

    /// The word for it: `year`, …
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Precision::Year => "year",
            Precision::Month => "month",
            Precision::Day => "day",
            Precision::Hour => "hour",
            Precision::Minute => "minute",
            Precision::Second => "second",
            Precision::Millisecond => "millisecond",
        }
    }

    /// The number of digits of a date with a time of this precision: 4, 6, 8, 10, 12, 14, 17 (FHIRPath §5.8.5
    /// `precision`). A time alone has 8 fewer.
    #[must_use]
    pub const fn digits(self) -> i32 {
        match self {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            Precision::Hour => 10,
            Precision::Minute => 12,
            Precision::Second => 14,
            Precision::Millisecond => 17,
        }
    }

    /// The opposite of [`Precision::digits`].
    #[must_use]
    pub fn of_digits(digits: i32) -> Option<Precision> {
        Precision::ALL
            .into_iter()
            .find(|precision| precision.digits() == digits)
    }

    /// Seconds and milliseconds are one precision where dates are compared (FHIRPath §6.2, CQL 1.5.3 §12): `:05` is
    /// `:05.000`.
    pub(super) fn comparable(self) -> Precision {
        match self {
            Precision::Second => Precision::Millisecond,
            other => other,
        }
    }

    /// Milliseconds in one unit of time; `None` for days and longer.
    pub(super) const fn millis(self) -> Option<i64> {
        match self {
            Precision::Hour => Some(3_600_000),
            Precision::Minute => Some(60_000),
            Precision::Second => Some(1_000),
            Precision::Millisecond => Some(1),
            Precision::Year | Precision::Month | Precision::Day => None,
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// `year` … `millisecond`, singular or plural.
impl FromStr for Precision {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Precision, ParseError> {
        let singular = text.strip_suffix('s').unwrap_or(text);
        Precision::ALL
            .into_iter()
            .find(|precision| precision.name() == singular)
            .ok_or_else(|| ParseError::new("precision", text))
    }
}
