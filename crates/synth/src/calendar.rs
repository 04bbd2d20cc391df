//! Days and minutes as plain numbers, and how they are written in FHIR.
//!
//! Civil date conversion after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

use std::fmt::Write as _;

/// Days since 1970-01-01 in the county's own time.
pub type Day = i32;

/// Length of a year in days, on average.
pub const YEAR_DAYS: f64 = 365.25;

/// A minute of a day, in the county's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Minutes since midnight, 0..1440.
    pub minute: i32,
}

impl Moment {
    /// The moment `minutes` later.
    #[must_use]
    pub fn plus_minutes(self, minutes: i32) -> Moment {
        let total = self.minute + minutes;
        Moment {
            day: self.day + total.div_euclid(1440),
            minute: total.rem_euclid(1440),
        }
    }
}

/// The day of a civil date.
#[must_use]
pub fn day_of(date: jiff::civil::Date) -> Day {
    from_civil(
        i32::from(date.year()),
        i32::from(date.month()),
        i32::from(date.day()),
    )
}

/// The day of year, month (1–12) and day of month.
#[must_use]
pub fn from_civil(year: i32, month: i32, day: i32) -> Day {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month (1–12) and day of month of a day.
#[must_use]
pub fn civil(day: Day) -> (i32, i32, i32) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day_of_month)
}

/// Monday is 0, Sunday is 6.
#[must_use]
pub fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

/// Day of the year, 0 on the first of January.
#[must_use]
pub fn day_of_year(day: Day) -> i32 {
    day - from_civil(civil(day).0, 1, 1)
}

/// Whole years between birth and a day.
#[must_use]
pub fn age_years(birth: Day, on: Day) -> i32 {
    let (by, bm, bd) = civil(birth);
    let (y, m, d) = civil(on);
    y - by - i32::from((m, d) < (bm, bd))
}

/// Years between birth and a day, with the fraction.
#[must_use]
pub fn age_exact(birth: Day, on: Day) -> f64 {
    f64::from(on - birth) / YEAR_DAYS
}

/// Writes `2026-11-25`.
pub fn write_date(out: &mut String, day: Day) {
    let (y, m, d) = civil(day);
    two(out, y / 100);
    two(out, y % 100);
    out.push('-');
    two(out, m);
    out.push('-');
    two(out, d);
}

/// Writes `2026-11-25T09:30:00-05:00`; the offset is of the county, in minutes.
pub fn write_date_time(out: &mut String, at: Moment, offset_minutes: i32) {
    write_date(out, at.day);
    out.push('T');
    two(out, at.minute / 60);
    out.push(':');
    two(out, at.minute % 60);
    out.push_str(":00");
    out.push(if offset_minutes < 0 { '-' } else { '+' });
    two(out, offset_minutes.abs() / 60);
    out.push(':');
    two(out, offset_minutes.abs() % 60);
}

/// The date as text.
#[must_use]
pub fn date_text(day: Day) -> String {
    let mut out = String::with_capacity(10);
    write_date(&mut out, day);
    out
}

/// Writes two digits; anything that is not 0..100 is written as it is.
fn two(out: &mut String, value: i32) {
    match (u8::try_from(value / 10), u8::try_from(value % 10)) {
        (Ok(tens @ 0..=9), Ok(ones)) => {
            out.push(char::from(b'0' + tens));
            out.push(char::from(b'0' + ones));
        }
        _ => {
            // Writing to a String cannot fail.
            let _infallible = write!(out, "{value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates_round_trip_and_weekdays_are_right() {
        for day in (-40_000..40_000).step_by(37) {
            let (y, m, d) = civil(day);
            assert_eq!(from_civil(y, m, d), day);
        }
        assert_eq!(date_text(0), "1970-01-01");
        assert_eq!(weekday(from_civil(2026, 11, 25)), 2);
        assert_eq!(
            day_of(jiff::civil::date(2026, 11, 25)),
            from_civil(2026, 11, 25)
        );
    }

    #[test]
    fn age_counts_birthdays() {
        let birth = from_civil(2000, 2, 29);
        assert_eq!(age_years(birth, from_civil(2026, 2, 28)), 25);
        assert_eq!(age_years(birth, from_civil(2026, 3, 1)), 26);
    }

    #[test]
    fn date_times_carry_the_offset() {
        let mut out = String::new();
        let at = Moment {
            day: from_civil(2026, 3, 4),
            minute: 1430,
        }
        .plus_minutes(20);
        write_date_time(&mut out, at, -300);
        assert_eq!(out, "2026-03-05T00:10:00-05:00");
    }
}
