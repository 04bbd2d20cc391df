//! Offsets from UTC, which CQL has in hours (CQL 1.5.3 §18.5 `timezoneoffset from`, §18.6 `DateTime`).

use super::date_time::DateTime;
use crate::decimal::Decimal;

/// The offset of the last clocks on Earth to show a time, in minutes: -12:00.
pub(super) const OFFSET_LEAST: i16 = -12 * 60;

impl DateTime {
    /// Hours ahead of UTC, when known: 5.75 for `+05:45`.
    #[must_use]
    pub fn offset_hours(self) -> Option<Decimal> {
        let minutes = Decimal::from(i32::from(self.offset()?));
        let hours = minutes.checked_div(Decimal::from(60))?;
        Some(hours.round_to(Decimal::CQL_SCALE))
    }

    /// The minutes of an offset in hours; `None` beyond 14 hours, and for no whole number of minutes.
    #[must_use]
    pub fn offset_of_hours(hours: Decimal) -> Option<i16> {
        let minutes = hours.checked_mul(Decimal::from(60))?;
        // A third of an hour has been written with eight digits.
        let whole = minutes.round_to(0);
        if minutes.checked_sub(whole)?.abs() > Decimal::new(1, 6)? {
            return None;
        }
        let minutes = i16::try_from(whole.to_i32()?).ok()?;
        (minutes.abs() <= DateTime::OFFSET_MAX).then_some(minutes)
    }
}
