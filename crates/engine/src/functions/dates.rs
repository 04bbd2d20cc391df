//! FHIR dates, partial ones included, as SQL dates and times.
//!
//! A text that is no date gives null: whether such a text may be there at all was
//! decided when it was loaded.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int32Array, TimestampMicrosecondArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ColumnarValue;
use salus_fhir::date;

use super::function::{Function, array};
use super::nested::Text;

const MICROS_PER_DAY: i64 = 86_400_000_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new("fhir_date", &[1], |_| Ok(DataType::Date32), fhir_date),
        Function::new("fhir_datetime", &[1], |_| Ok(timestamp()), fhir_datetime),
        Function::new("age_years", &[2], |_| Ok(DataType::Int32), age_years),
        Function::new("plus_days", &[2], |_| Ok(timestamp()), plus_days),
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
    let instants = (0..values.len()).map(|row| text.get(row).and_then(micros));
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

/// `plus_days(time, days)`: parts of a day count as such.
fn plus_days(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let times = cast(&array(args, 0, rows)?, &timestamp())?;
    let days = cast(&array(args, 1, rows)?, &DataType::Float64)?;
    let days = days.as_primitive::<Float64Type>().iter();
    let times = times.as_primitive::<TimestampMicrosecondType>().iter();
    // A number of days as f64: FHIR quantities are decimals, and 2^53 µs are 285 years.
    let later = |time: i64, days: f64| time.checked_add((days * MICROS_PER_DAY as f64) as i64);
    let sums = times.zip(days).map(|(time, days)| later(time?, days?));
    Ok(Arc::new(sums.collect::<TimestampMicrosecondArray>()))
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
                .map(|row| text.get(row).and_then(day))
                .collect())
        }
        other => plan_err!("a date was wanted, not {other}"),
    }
}

/// The first day a FHIR date can mean, as written (a zone does not move it), in days since
/// 1970-01-01.
fn day(text: &str) -> Option<i32> {
    let moment = date::parse(text)?;
    let offset = i64::from(moment.offset_minutes().unwrap_or(0)) * MICROS_PER_MINUTE;
    i32::try_from((moment.earliest() + offset).div_euclid(MICROS_PER_DAY)).ok()
}

/// The first microsecond a FHIR date or dateTime can mean, in UTC, since 1970-01-01.
fn micros(text: &str) -> Option<i64> {
    Some(date::parse(text)?.earliest())
}

/// Year, month and day of a day since 1970-01-01, by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
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
        assert_eq!(day("1970"), Some(0));
        assert_eq!(day("1970-02"), Some(31));
        assert_eq!(micros("1970-01-02"), Some(MICROS_PER_DAY));
        assert_eq!(day("1969-12-31"), Some(-1));
    }

    #[test]
    fn an_instant_is_turned_to_utc_and_its_day_stays_as_written() {
        let evening = "2020-01-01T23:30:00.25-05:00";
        assert_eq!(day(evening), day("2020-01-01"));
        assert_eq!(micros(evening), micros("2020-01-02T04:30:00.250Z"));
    }

    #[test]
    fn what_is_no_date_is_null() {
        for text in ["", "soon", "2020-13", "1900-02-29", "IGNORED_FIELD"] {
            assert_eq!((day(text), micros(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn days_have_the_dates_of_the_calendar() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for days in (-700_000..700_000).step_by(97) {
            let date = epoch.checked_add(jiff::Span::new().days(days)).unwrap();
            let expected = (
                i32::from(date.year()),
                i32::from(date.month()),
                i32::from(date.day()),
            );
            assert_eq!(civil_from_days(days), expected);
        }
    }

    #[test]
    fn a_year_is_completed_on_the_birthday() {
        let years = |birth, at| completed_years(day(birth).unwrap(), day(at).unwrap());
        assert_eq!(years("1950-06-15", "2020-06-14"), Some(69));
        assert_eq!(years("1950-06-15", "2020-06-15"), Some(70));
        assert_eq!(years("2000-02-29", "2001-02-28"), Some(0));
        assert_eq!(years("2000-02-29", "2001-03-01"), Some(1));
        assert_eq!(years("2021-01-01", "2020-01-01"), None);
    }
}
