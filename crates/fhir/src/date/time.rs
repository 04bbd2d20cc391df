//! FHIR `time`: a time of day without date and zone.

use std::fmt;

use super::read::{fraction, part, two, within};

/// A time of day, to the second or to a fraction of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
    second: u8,
    nanos: u32,
    fraction_digits: u8,
}

/// Reads `hh:mm:ss` with an optional fraction; the second may be 60. `None` for anything else.
pub fn parse_time(text: &str) -> Option<TimeOfDay> {
    let ([tens, ones], rest) = text.as_bytes().split_first_chunk::<2>()?;
    let hour = within(two([*tens, *ones])?, 0, 23)?;
    let (minute, rest) = part(rest, b':')??;
    let (second, rest) = part(rest, b':')??;
    let (nanos, fraction_digits, rest) = match rest.split_first() {
        Some((b'.', digits)) => fraction(digits)?,
        _ => (0, 0, rest),
    };
    let (minute, second) = (within(minute, 0, 59)?, within(second, 0, 60)?);
    rest.is_empty().then_some(TimeOfDay {
        hour,
        minute,
        second,
        nanos,
        fraction_digits,
    })
}

/// Whether the text is a FHIR `time`.
pub fn is_time(text: &str) -> bool {
    parse_time(text).is_some()
}

impl TimeOfDay {
    /// Hour, 0 to 23.
    pub fn hour(&self) -> u8 {
        self.hour
    }

    /// Minute, 0 to 59.
    pub fn minute(&self) -> u8 {
        self.minute
    }

    /// Second, 0 to 60.
    pub fn second(&self) -> u8 {
        self.second
    }

    /// Nanoseconds of the second; digits beyond the ninth are dropped.
    pub fn nanos(&self) -> u32 {
        self.nanos
    }

    /// How many digits the written fraction had, at most 255; 0 without a fraction.
    pub fn fraction_digits(&self) -> u8 {
        self.fraction_digits
    }

    /// Microseconds since midnight.
    pub fn micros(&self) -> i64 {
        let minutes = i64::from(self.hour) * 60 + i64::from(self.minute);
        let seconds = minutes * 60 + i64::from(self.second);
        seconds * super::MICROS_PER_SECOND + i64::from(self.nanos / 1000)
    }
}

/// As FHIR writes it; of a fraction nine digits at most.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        write_fraction(f, self.nanos, self.fraction_digits)
    }
}

pub(super) fn write_fraction(f: &mut fmt::Formatter<'_>, nanos: u32, digits: u8) -> fmt::Result {
    let digits = usize::from(digits.min(9));
    if digits == 0 {
        return Ok(());
    }
    let all = format!("{nanos:09}");
    write!(f, ".{}", all.get(..digits).unwrap_or(&all))
}
