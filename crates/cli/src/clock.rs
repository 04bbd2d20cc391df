//! The clock: the one place that knows what time it is. Everything below gets it as a parameter.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The present moment, RFC 3339 in UTC, to the microsecond.
pub fn now() -> String {
    let now = Timestamp::now();
    now.round(jiff::Unit::Microsecond)
        .unwrap_or(now)
        .to_string()
}

/// Today in UTC.
pub fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}
