//! FHIR dates, partial ones included, as SQL dates and times.
//!
//! `date` is `YYYY[-MM[-DD]]`; `dateTime` adds `Thh:mm[:ss[.f…]]` and a zone (FHIR R4 §2.24.0.1).
//! A text that is no date gives null: whether such a text may be there at all was
//! decided when it was loaded.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int32Array, TimestampMicrosecondArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ColumnarValue;

use super::function::{Function, array};
use super::nested::Text;

const MICROS_PER_DAY: i64 = 86_400_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new("fhir_date", &[1], |_| Ok(DataType::Date32), fhir_date),
        Function::new("fhir_datetime", &[1], |_| Ok(timestamp()), fhir_datetime),
        Function::new("age_years", &[2], |_| Ok(DataType::Int32), age_years),
    ]
}

/// The type of every time that Salus gives: microseconds, UTC, no zone.
pub(crate) fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, None)
}

fn fhir_date(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    Ok(Arc::new(days(&array(args, 0, rows)?)?))
}

fn fhir_datetime(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    if matches!(
        values.data_type(),
        DataType::Timestamp(..) | DataType::Date32
    ) {
        return Ok(cast(&values, &timestamp())?);
    }
    let text = Text::of(&values);
    let instants = (0..values.len()).map(|row| text.get(row).and_then(parse).map(|at| at.micros));
    Ok(Arc::new(instants.collect::<TimestampMicrosecondArray>()))
}

fn age_years(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let (births, ats) = (days(&array(args, 0, rows)?)?, days(&array(args, 1, rows)?)?);
    let ages = births
        .iter()
        .zip(&ats)
        .map(|(birth, at)| completed_years(birth?, at?));
    Ok(Arc::new(ages.collect::<Int32Array>()))
}

/// Texts, dates or times as days.
fn days(values: &ArrayRef) -> Result<Date32Array> {
    match values.data_type() {
        DataType::Date32 => Ok(values.as_primitive::<Date32Type>().clone()),
        DataType::Timestamp(..) | DataType::Null => Ok(cast(values, &DataType::Date32)?
            .as_primitive::<Date32Type>()
            .clone()),
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => {
            let text = Text::of(values);
            Ok((0..values.len())
                .map(|row| Some(text.get(row).and_then(parse)?.day))
                .collect())
        }
        other => plan_err!("a date was wanted, not {other}"),
    }
}

/// A FHIR date or dateTime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The first day it can mean, as written, in days since 1970-01-01.
    pub day: i32,
    /// The first microsecond it can mean, in UTC, since 1970-01-01. No zone means UTC.
    pub micros: i64,
}

/// Reads a FHIR `date`, `dateTime` or `instant`.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let (date, time) = match text.as_bytes() {
        bytes if bytes.get(10).is_some_and(|&byte| byte == b'T') => bytes.split_at_checked(10)?,
        bytes => (bytes, &[][..]),
    };
    let day = parse_day(date)?;
    let start = i64::from(day) * MICROS_PER_DAY;
    let within = if time.is_empty() {
        0
    } else {
        parse_time(time.get(1..)?)?
    };
    Some(Moment {
        day,
        micros: start + within,
    })
}

fn parse_day(date: &[u8]) -> Option<i32> {
    let year = digits(date.get(..4)?)?;
    let (month, day) = match date.get(4..)? {
        [] => (1, 1),
        [b'-', m1, m2] => (digits(&[*m1, *m2])?, 1),
        [b'-', m1, m2, b'-', d1, d2] => (digits(&[*m1, *m2])?, digits(&[*d1, *d2])?),
        _ => return None,
    };
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    Some(days_from_civil(year, month, day))
}

/// Microseconds from the start of the UTC day to `hh:mm[:ss[.f…]][zone]`.
fn parse_time(time: &[u8]) -> Option<i64> {
    let (hour, minute) = hour_minute(time.get(..5)?)?;
    let mut rest = time.get(5..)?;
    let mut second = 0;
    let mut fraction = 0;
    if let [b':', s1, s2, tail @ ..] = rest {
        second = digits(&[*s1, *s2])?;
        rest = tail;
        if let [b'.', tail @ ..] = rest {
            let length = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
            fraction = micros_of_fraction(tail.get(..length)?);
            rest = tail.get(length..)?;
        }
    }
    if hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let offset_minutes = match rest {
        [] | [b'Z'] => 0,
        [sign @ (b'+' | b'-'), zone @ ..] => {
            let (hours, minutes) = hour_minute(zone)?;
            let total = hours * 60 + minutes;
            if *sign == b'-' { -total } else { total }
        }
        _ => return None,
    };
    let seconds = i64::from(hour * 3600 + (minute - offset_minutes) * 60 + second);
    Some(seconds * MICROS_PER_SECOND + fraction)
}

fn hour_minute(text: &[u8]) -> Option<(i32, i32)> {
    match text {
        [h1, h2, b':', m1, m2] => Some((digits(&[*h1, *h2])?, digits(&[*m1, *m2])?)),
        _ => None,
    }
}

fn micros_of_fraction(digits: &[u8]) -> i64 {
    let kept = digits.iter().chain(std::iter::repeat(&b'0')).take(6);
    kept.fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'))
}

fn digits(text: &[u8]) -> Option<i32> {
    text.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i32::from(byte - b'0'))
    })
}

fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, by Howard Hinnant's
/// `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>).
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`]: year, month, day.
fn civil_from_days(days: i32) -> (i32, i32, i32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day)
}

/// Completed years between two days; a birthday on 29 February is kept on 1 March in
/// common years. Null when the second day is before the first.
fn completed_years(birth: i32, at: i32) -> Option<i32> {
    if at < birth {
        return None;
    }
    let (birth_year, birth_month, birth_day) = civil_from_days(birth);
    let (year, month, day) = civil_from_days(at);
    let before_birthday = (month, day) < (birth_month, birth_day);
    Some(year - birth_year - i32::from(before_birthday))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_means_its_first_day() {
        assert_eq!(parse("1970"), Some(Moment { day: 0, micros: 0 }));
        assert_eq!(parse("1970-02").map(|at| at.day), Some(31));
        assert_eq!(parse("2000-02-29").map(|at| at.day), Some(11_016));
        assert_eq!(parse("1900-02-29"), None);
        assert_eq!(parse("1969-12-31").map(|at| at.day), Some(-1));
    }

    #[test]
    fn an_instant_is_turned_to_utc_and_its_day_stays_as_written() {
        let evening = parse("2020-01-01T23:30:00.25-05:00").unwrap();
        assert_eq!(evening.day, parse("2020-01-01").unwrap().day);
        assert_eq!(
            evening.micros,
            parse("2020-01-02T04:30:00.250Z").unwrap().micros
        );
    }

    #[test]
    fn what_is_no_date_is_null() {
        for text in [
            "",
            "soon",
            "2020-13",
            "2020-1-1",
            "2020-01-01T",
            "2020-01-01T25:00",
            "IGNORED_FIELD",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_and_civil_dates_are_each_others_inverse() {
        for day in (-800_000..800_000).step_by(97) {
            let (year, month, of_month) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, of_month), day);
        }
    }

    #[test]
    fn a_year_is_completed_on_the_birthday() {
        let day = |text| parse(text).unwrap().day;
        assert_eq!(
            completed_years(day("1950-06-15"), day("2020-06-14")),
            Some(69)
        );
        assert_eq!(
            completed_years(day("1950-06-15"), day("2020-06-15")),
            Some(70)
        );
        assert_eq!(
            completed_years(day("2000-02-29"), day("2001-02-28")),
            Some(0)
        );
        assert_eq!(
            completed_years(day("2000-02-29"), day("2001-03-01")),
            Some(1)
        );
        assert_eq!(completed_years(day("2021-01-01"), day("2020-01-01")), None);
    }
}
