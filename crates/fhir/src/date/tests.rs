//! Behaviour of partial dates.

use proptest::prelude::*;

use super::*;

fn micros(text: &str) -> i64 {
    parse(text).unwrap().earliest()
}

#[test]
fn every_precision_has_its_first_and_last_microsecond() {
    let span = |text: &str| {
        let d = parse(text).unwrap();
        (d.precision(), d.latest() - d.earliest() + 1)
    };
    let day = MICROS_PER_DAY;
    assert_eq!(span("2023"), (Precision::Year, 365 * day));
    assert_eq!(span("2024"), (Precision::Year, 366 * day));
    assert_eq!(span("1900-02"), (Precision::Month, 28 * day));
    assert_eq!(span("2000-02"), (Precision::Month, 29 * day));
    assert_eq!(span("2024-12-31"), (Precision::Day, day));
    assert_eq!(span("2024-12-31T10:00Z"), (Precision::Minute, 60_000_000));
    assert_eq!(span("2024-12-31T10:00:00Z"), (Precision::Second, 1_000_000));
    assert_eq!(span("2024-12-31T10:00:00.5Z"), (Precision::Fraction, 1_000));
    assert_eq!(
        span("2024-12-31T10:00:00.123456789Z"),
        (Precision::Fraction, 1)
    );
}

#[test]
fn moments_are_microseconds_since_1970_in_utc() {
    assert_eq!(micros("1970-01-01T00:00:00Z"), 0);
    assert_eq!(micros("1969-12-31T23:59:59.999999Z"), -1);
    assert_eq!(
        micros("2024-02-29T13:05:00+01:00"),
        micros("2024-02-29T12:05:00Z")
    );
    assert_eq!(
        micros("2024-02-29T13:05:00-05:30"),
        micros("2024-02-29T18:35:00Z")
    );
    assert_eq!(micros("0001-01-01T00:00:00Z"), -62_135_596_800_000_000);
    assert_eq!(parse("9999").unwrap().latest(), 253_402_300_799_999_999);
}

#[test]
fn a_date_without_zone_is_read_in_the_zone_that_is_given() {
    let date = parse("2024-05-01").unwrap();
    assert_eq!(date.earliest_at(120), micros("2024-04-30T22:00:00Z"));
    assert_eq!(date.latest_at(120), micros("2024-05-01T22:00:00Z") - 1);
    let zoned = parse("2024-05-01T00:00:00Z").unwrap();
    assert_eq!(zoned.earliest_at(120), zoned.earliest());
}

#[test]
fn a_leap_second_is_tolerated_as_the_start_of_the_next_minute() {
    assert_eq!(
        micros("2016-12-31T23:59:60Z"),
        micros("2017-01-01T00:00:00Z")
    );
    assert!(parse("2016-12-31T23:59:61Z").is_none());
    assert!(is_time("23:59:60"));
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        "2",
        "202",
        "0000",
        "20240",
        "2024-",
        "2024-1",
        "2024-00",
        "2024-13",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-01-00",
        "2024-01-1",
        "2024-01-01T",
        "2024-01-01T1",
        "2024-01-01T10",
        "2024-01-01T24:00:00Z",
        "2024-01-01T10:60:00Z",
        "2024-01-01T10:00:",
        "2024-01-01T10:00:00.",
        "2024-01-01T10:00:00.Z",
        "2024-01-01T10:00:00z",
        "2024-01-01T10:00:00+1:00",
        "2024-01-01T10:00:00+14:01",
        "2024-01-01T10:00:00+01:60",
        "2024-01-01T10:00:00Zx",
        "2024-01-01 10:00:00Z",
        "2024/01/01",
        " 2024",
        "2024 ",
        "-2024",
        "+024",
        "２０２４",
        "2024-01-01T10:00:00+99:00",
    ] {
        assert!(parse(text).is_none(), "{text:?}");
    }
}

#[test]
fn the_exact_kinds_are_narrower_than_the_parser() {
    assert!(is_date("2024") && is_date("2024-01-31") && !is_date("2024-01-31T10:00:00Z"));
    assert!(is_date_time("2024-01") && is_date_time("2024-01-31T10:00:00+14:00"));
    assert!(!is_date_time("2024-01-31T10:00:00") && !is_date_time("2024-01-31T10:00Z"));
    assert!(is_instant("2024-01-31T10:00:00.1234567891234Z") && !is_instant("2024-01-31"));
    assert!(is_time("10:00:00.5") && !is_time("10:00") && !is_time("24:00:00"));
    assert!(!is_time("10:00:00Z") && !is_time("10:00:00."));
}

#[test]
fn parts_are_given_only_as_far_as_they_are_known() {
    let date = parse("2024-02").unwrap();
    assert_eq!(
        (date.year(), date.month(), date.day(), date.hour()),
        (2024, Some(2), None, None)
    );
    let moment = parse("2024-02-29T13:05:07.250-05:00").unwrap();
    assert_eq!((moment.minute(), moment.second()), (Some(5), Some(7)));
    assert_eq!(
        (moment.nanos(), moment.fraction_digits()),
        (Some(250_000_000), 3)
    );
    assert_eq!(moment.offset_minutes(), Some(-300));
    let time = parse_time("01:02:03.4").unwrap();
    assert_eq!((time.hour(), time.minute(), time.second()), (1, 2, 3));
    assert_eq!((time.nanos(), time.fraction_digits()), (400_000_000, 1));
    assert_eq!(time.micros(), 3_723_400_000);
}

prop_compose! {
    fn written()(
        year in 1_u16..=9999, month in 1_u8..=12, day in 1_u8..=31,
        clock in (0_u8..24, 0_u8..60, 0_u8..=60), fraction in "[0-9]{1,9}",
        offset in -840_i32..=840, precision in 0..6,
    ) -> String {
        let day = day.min(days_in_month(i32::from(year), month));
        let (h, m, s) = clock;
        let zone = match offset {
            0 => "Z".to_owned(),
            o => format!("{}{:02}:{:02}", if o < 0 { '-' } else { '+' }, o.abs() / 60, o.abs() % 60),
        };
        match precision {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{month:02}"),
            2 => format!("{year:04}-{month:02}-{day:02}"),
            3 => format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}{zone}"),
            4 => format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}{zone}"),
            _ => format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{fraction}{zone}"),
        }
    }
}

proptest! {
    #[test]
    fn what_is_read_is_written_back(text in written()) {
        prop_assert_eq!(parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn the_interval_is_not_empty_and_lies_in_that_of_its_year(text in written()) {
        let date = parse(&text).unwrap();
        let year = parse(text.get(..4).unwrap()).unwrap();
        prop_assert!(date.earliest() <= date.latest());
        let slack = 14 * 3_600 * MICROS_PER_SECOND + MICROS_PER_SECOND;
        prop_assert!(date.earliest() >= year.earliest() - slack);
        prop_assert!(date.latest() <= year.latest() + slack);
    }

    #[test]
    fn days_follow_each_other_without_gap(year in 1_u16..=9998, month in 1_u8..=12) {
        let last = days_in_month(i32::from(year), month);
        let end = parse(&format!("{year:04}-{month:02}-{last:02}")).unwrap();
        let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let start = parse(&format!("{next_year:04}-{next_month:02}-01")).unwrap();
        prop_assert_eq!(end.latest() + 1, start.earliest());
    }

    #[test]
    fn no_text_makes_the_parser_fail_otherwise_than_by_none(text in "\\PC{0,40}") {
        let _ = parse(&text);
        let _ = parse_time(&text);
    }
}
