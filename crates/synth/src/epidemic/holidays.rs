//! Days on which fewer people come: weekends, United States holidays, school holidays.

#[cfg(test)]
use crate::calendar::from_civil;
use crate::calendar::{Day, civil, weekday};

/// Whether it is one of the holidays on which clinics close (New Year, Memorial Day, Independence Day,
/// Labor Day, Thanksgiving, Christmas; observed days are not moved).
#[must_use]
pub fn is_holiday(day: Day) -> bool {
    let (_, month, date) = civil(day);
    let weekday = weekday(day);
    match (month, date) {
        (1, 1) | (7, 4) | (12, 25) => true,
        (5, 25..=31) | (9, 1..=7) => weekday == 0,
        (11, 22..=28) => weekday == 3,
        _ => false,
    }
}

/// Whether schools are closed: 15 June to 25 August, 22 December to 2 January, and weekends.
#[must_use]
pub fn is_school_holiday(day: Day) -> bool {
    let (_, month, date) = civil(day);
    matches!(
        (month, date),
        (6, 15..) | (7, _) | (8, ..=25) | (12, 22..) | (1, ..=2)
    ) || weekday(day) >= 5
        || is_holiday(day)
}

/// How many of the usual arrivals come to an emergency department or urgent care (`acute`), or to a
/// clinic, because of a holiday; 1 on other days. People put off care before a holiday and come
/// after it.
#[must_use]
pub fn holiday_factor(day: Day, acute: bool) -> f64 {
    let today = is_holiday(day);
    let after = is_holiday(day - 1);
    let (_, month, date) = civil(day);
    let between_years = matches!((month, date), (12, 23..) | (1, ..=1));
    match (today, after, acute) {
        (true, _, true) => 0.8,
        (true, _, false) => 0.0,
        (_, true, true) => 1.15,
        (_, true, false) => 1.1,
        _ if between_years && !acute => 0.6,
        _ => 1.0,
    }
}

/// The Monday of the first week of the season (July to June) that holds a day, and its year.
#[must_use]
pub fn season_of(day: Day) -> i32 {
    let (year, month, _) = civil(day);
    if month >= 7 { year } else { year - 1 }
}

/// The first of July of a year.
#[must_use]
#[cfg(test)]
pub fn season_begins(year: i32) -> Day {
    from_civil(year, 7, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanksgiving_2026_is_the_26th_and_clinics_close() {
        let day = from_civil(2026, 11, 26);
        assert!(is_holiday(day));
        assert!(!is_holiday(day - 7));
        assert_eq!(holiday_factor(day, false), 0.0);
        assert!(holiday_factor(day + 1, true) > 1.0);
    }

    #[test]
    fn a_season_runs_from_july_to_june() {
        assert_eq!(season_of(from_civil(2026, 6, 30)), 2025);
        assert_eq!(season_of(season_begins(2026)), 2026);
    }
}
