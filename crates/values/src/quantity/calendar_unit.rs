//! The units of calendars.

use super::conversion::Proportion;
use crate::temporal::Precision;

/// A unit of the calendar, as it is written in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarUnit {
    /// 12 months.
    Year,
    /// 28 to 31 days.
    Month,
    /// 7 days.
    Week,
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
    /// 1000 milliseconds.
    Second,
    /// The shortest there is.
    Millisecond,
}

/// Each with its words and the UCUM unit beside it.
const UNITS: [(CalendarUnit, &str, &str, &str); 8] = [
    (CalendarUnit::Year, "year", "years", "a"),
    (CalendarUnit::Month, "month", "months", "mo"),
    (CalendarUnit::Week, "week", "weeks", "wk"),
    (CalendarUnit::Day, "day", "days", "d"),
    (CalendarUnit::Hour, "hour", "hours", "h"),
    (CalendarUnit::Minute, "minute", "minutes", "min"),
    (CalendarUnit::Second, "second", "seconds", "s"),
    (
        CalendarUnit::Millisecond,
        "millisecond",
        "milliseconds",
        "ms",
    ),
];

impl CalendarUnit {
    /// The unit of a word: `day` or `days`.
    #[must_use]
    pub fn parse(word: &str) -> Option<CalendarUnit> {
        UNITS
            .iter()
            .find(|(_, singular, plural, _)| *singular == word || *plural == word)
            .map(|(unit, ..)| *unit)
    }

    /// `day`
    #[must_use]
    pub fn singular(self) -> &'static str {
        self.row().1
    }

    /// `days`
    #[must_use]
    pub fn plural(self) -> &'static str {
        self.row().2
    }

    /// The UCUM unit that is equivalent, though for years and months not equal: `d`, `mo`.
    #[must_use]
    pub fn ucum_code(self) -> &'static str {
        self.row().3
    }

    /// The unit that is the same as a UCUM unit: up to the week. (`mo` and `a` are averages.)
    #[must_use]
    pub fn of_definite(code: &str) -> Option<CalendarUnit> {
        UNITS
            .iter()
            .find(|(unit, .., ucum)| *ucum == code && unit.is_definite())
            .map(|(unit, ..)| *unit)
    }

    /// Whether it always lasts as long: up to the week.
    #[must_use]
    pub fn is_definite(self) -> bool {
        self >= CalendarUnit::Week
    }

    /// The precision it counts in; days for weeks.
    #[must_use]
    pub fn precision(self) -> Precision {
        match self {
            CalendarUnit::Year => Precision::Year,
            CalendarUnit::Month => Precision::Month,
            CalendarUnit::Week | CalendarUnit::Day => Precision::Day,
            CalendarUnit::Hour => Precision::Hour,
            CalendarUnit::Minute => Precision::Minute,
            CalendarUnit::Second => Precision::Second,
            CalendarUnit::Millisecond => Precision::Millisecond,
        }
    }

    /// The unit that a precision counts in.
    #[must_use]
    pub fn of_precision(precision: Precision) -> CalendarUnit {
        match precision {
            Precision::Year => CalendarUnit::Year,
            Precision::Month => CalendarUnit::Month,
            Precision::Day => CalendarUnit::Day,
            Precision::Hour => CalendarUnit::Hour,
            Precision::Minute => CalendarUnit::Minute,
            Precision::Second => CalendarUnit::Second,
            Precision::Millisecond => CalendarUnit::Millisecond,
        }
    }

    /// How units of this become units of another where they need only be equivalent: a year is 365 days, a month 30
    /// (CQL 1.5.3 §12.2).
    pub(super) fn nominal_proportion_to(self, other: CalendarUnit) -> Option<Proportion> {
        self.proportion_to(other)
            .or_else(|| Proportion::of_integers(self.nominal_millis(), other.nominal_millis()))
    }

    fn nominal_millis(self) -> i128 {
        match self {
            CalendarUnit::Year => 365 * CalendarUnit::Day.length(),
            CalendarUnit::Month => 30 * CalendarUnit::Day.length(),
            definite => definite.length(),
        }
    }

    /// How units of this become units of another; `None` between months or years and anything else.
    pub(super) fn proportion_to(self, other: CalendarUnit) -> Option<Proportion> {
        if self.is_definite() != other.is_definite() {
            return None;
        }
        Proportion::of_integers(self.length(), other.length())
    }

    /// Milliseconds of definite units, months of the others.
    fn length(self) -> i128 {
        match self {
            CalendarUnit::Year => 12,
            CalendarUnit::Month | CalendarUnit::Millisecond => 1,
            CalendarUnit::Week => 604_800_000,
            CalendarUnit::Day => 86_400_000,
            CalendarUnit::Hour => 3_600_000,
            CalendarUnit::Minute => 60_000,
            CalendarUnit::Second => 1_000,
        }
    }

    fn row(self) -> &'static (CalendarUnit, &'static str, &'static str, &'static str) {
        const FIRST: &(CalendarUnit, &str, &str, &str) = &UNITS[0];
        UNITS
            .iter()
            .find(|(unit, ..)| *unit == self)
            .unwrap_or(FIRST)
    }
}
