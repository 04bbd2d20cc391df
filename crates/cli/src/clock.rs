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

/// The present moment as FHIRPath and CQL know it, to the millisecond, UTC.
pub fn moment() -> salus_values::DateTime {
    let now = Timestamp::now().as_millisecond();
    salus_values::DateTime::from_epoch_millis(now, 0).unwrap_or(salus_values::DateTime::MIN)
}

/// Today in UTC.
pub fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}
