//! The proleptic Gregorian calendar in days and milliseconds.

/// Milliseconds of a day.
pub(super) const DAY_MILLIS: i64 = 86_400_000;
/// The first year there is.
pub(super) const YEAR_MIN: i32 = 1;
/// The last year there is.
pub(super) const YEAR_MAX: i32 = 9999;

/// Days since 1970-01-01. (Howard Hinnant's algorithm: years begin in March, so that the leap day is the last.)
pub(super) const fn days_of(year: i32, month: i32, day: i32) -> i64 {
    let year = (if month <= 2 { year - 1 } else { year }) as i64;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = ((month + 9) % 12) as i64;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970-01-01; the opposite of [`days_of`].
#[expect(
    clippy::cast_possible_truncation,
    reason = "the callers' days are of years up to 9999 and a few more"
)]
pub(super) const fn civil_of(days: i64) -> (i32, i32, i32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year as i32, month as i32, day as i32)
}

/// 28 to 31.
pub(super) const fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
