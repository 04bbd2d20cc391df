//! Dates, times and both.

use std::cmp::Ordering;

use salus_values::{CountedUnit, Date, DateTime, Decimal, Duration, Precision, Time};

fn date(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("{text} is no date"))
}

fn moment(text: &str) -> DateTime {
    DateTime::parse(text).unwrap_or_else(|| panic!("{text} is no date with time"))
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("{text} is no time"))
}

#[test]
fn written_values_are_read_and_printed_as_they_are() {
    for text in ["2015", "2015-02", "2015-02-28", "0001-01-01", "9999-12-31"] {
        assert_eq!(date(text).to_string(), text);
    }
    for text in ["14", "14:34", "14:34:28", "14:34:28.123"] {
        assert_eq!(time(text).to_string(), text);
    }
    for text in [
        "2015",
        "2015-02-04T14",
        "2015-02-04T14:34:28Z",
        "2015-02-04T14:34:28.123+10:00",
        "2015-02-04T14:34-05:30",
    ] {
        assert_eq!(moment(text).to_string(), text);
    }
}

#[test]
fn other_ways_of_writing_come_to_the_same() {
    assert_eq!(moment("2015T"), moment("2015"));
    assert_eq!(
        moment("2015-02-04T14:34:28+00:00"),
        moment("2015-02-04T14:34:28Z")
    );
    assert_eq!(time("14:34:28.1"), time("14:34:28.100"));
    assert_eq!(time("14:34:28.123999"), time("14:34:28.123"));
}

#[test]
fn what_is_no_date_or_time_is_refused() {
    for text in [
        "",
        "15",
        "2015-",
        "2015-2",
        "2015-13",
        "2015-00",
        "2015-02-29",
        "2015-02-30",
        "0000",
        "2015-02-28 ",
        "2015/02",
        "+2015",
    ] {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    for text in [
        "",
        "1",
        "24",
        "14:60",
        "14:34:60",
        "14:34:28.",
        "14.5",
        "14:3",
        "T14",
        "14:34Z",
    ] {
        assert_eq!(Time::parse(text), None, "{text}");
    }
    for text in [
        "2015-02T14",
        "2015-02-04T",
        "2015-02-04T14:34:28+15:00",
        "2015-02-04T14:34+1:00",
        "2015-02-04+01:00",
        "2015-02-04 14:34",
        "2015-02-04T14:34:28z",
    ] {
        let read = DateTime::parse(text);
        assert!(
            read.is_none() || text == "2015-02-04T",
            "{text} is {read:?}"
        );
    }
}

#[test]
fn what_is_partial_compares_as_far_as_it_is_known() {
    for (left, right, order) in [
        ("2018", "2019-01-01", Some(Ordering::Less)),
        ("2018-03", "2018-03-01", None),
        ("2018-03", "2018-03", Some(Ordering::Equal)),
        ("2018-03-02", "2018-03-01", Some(Ordering::Greater)),
    ] {
        assert_eq!(date(left).compare(&date(right)), order, "{left} {right}");
        assert_eq!(
            moment(left).compare(&moment(right)),
            order,
            "{left} {right}"
        );
        assert_eq!(
            date(right).compare(&date(left)),
            order.map(Ordering::reverse)
        );
    }
}

#[test]
fn seconds_are_compared_with_their_fraction_in_fhirpath_and_without_in_cql() {
    let (coarse, fine) = (
        moment("2018-03-01T10:30:00"),
        moment("2018-03-01T10:30:00.0"),
    );
    assert_eq!(coarse.equal(&fine), Some(true));
    assert_eq!(coarse.compare_cql(&fine, 0), None);
    assert_eq!(
        time("10:30:00").compare(&time("10:30:00.1")),
        Some(Ordering::Less)
    );
    assert_eq!(time("10:30:00").compare_cql(&time("10:30:00.1")), None);
    assert_eq!(time("10:30").compare(&time("10:30:00")), None);
}

#[test]
fn offsets_are_minutes_of_the_same_clock_everywhere() {
    let here = moment("2017-11-05T01:30:00.0-04:00");
    assert_eq!(
        here.compare(&moment("2017-11-05T01:15:00.0-05:00")),
        Some(Ordering::Less)
    );
    assert_eq!(
        here.equal(&moment("2017-11-05T00:30:00.0-05:00")),
        Some(true)
    );
    // The same hours, half an hour apart.
    assert_eq!(
        moment("2017-11-05T10+00:00").compare(&moment("2017-11-05T10+00:30")),
        None
    );
}

#[test]
fn a_moment_without_offset_may_be_anywhere_to_fhirpath_and_is_here_to_cql() {
    let (utc, local) = (
        moment("2012-04-15T15:00:00Z"),
        moment("2012-04-15T10:00:00"),
    );
    assert_eq!(utc.equal(&local), None);
    assert_eq!(
        utc.compare(&moment("2012-04-17T10:00:00")),
        Some(Ordering::Less)
    );
    assert_eq!(utc.compare_cql(&local, -300), Some(Ordering::Equal));
    assert_eq!(utc.compare_cql(&local, 0), Some(Ordering::Greater));
}

#[test]
fn hours_are_compared_on_the_clock_of_the_request_and_days_as_they_are_written() {
    let (left, right) = (
        moment("2022-02-22T00:00:00.000-05:00"),
        moment("2022-02-22T04:59:00.000Z"),
    );
    assert_eq!(
        left.compare_to(&right, Precision::Day, 0),
        Some(Ordering::Equal)
    );
    assert_eq!(
        left.compare_to(&right, Precision::Day, -300),
        Some(Ordering::Equal)
    );
    assert_eq!(
        left.compare_to(&right, Precision::Hour, 0),
        Some(Ordering::Greater)
    );
    let half_past = moment("2022-02-22T05:30:00.000Z");
    assert_eq!(
        left.compare_to(&half_past, Precision::Hour, 0),
        Some(Ordering::Equal)
    );
    // India's clocks strike between the two.
    assert_eq!(
        left.compare_to(&half_past, Precision::Hour, 330),
        Some(Ordering::Less)
    );
    assert_eq!(
        moment("2014-12").compare_to(&moment("2014-12-10"), Precision::Day, 0),
        None
    );
    assert_eq!(
        moment("2014-12").compare_to(&moment("2014-12-10"), Precision::Month, 0),
        Some(Ordering::Equal)
    );
    assert_eq!(
        moment("2014").compare_to(&moment("2015-12-10"), Precision::Day, 0),
        Some(Ordering::Less)
    );
}

#[test]
fn durations_in_finer_units_count_in_the_units_of_the_value() {
    for (from, count, unit, to) in [
        ("2014", 735, Precision::Day, "2016"),
        ("2014", 23, Precision::Month, "2015"),
        ("2014", 364, Precision::Day, "2014"),
        ("2014-06", 33, Precision::Day, "2014-07"),
        ("2014-06-10", 47, Precision::Hour, "2014-06-11"),
        ("2012-02-29", 1, Precision::Year, "2013-02-28"),
        ("2014-01-31", 1, Precision::Month, "2014-02-28"),
        ("2014-03-31", -1, Precision::Month, "2014-02-28"),
        ("2016-06-10T05", 19, Precision::Hour, "2016-06-11T00"),
        (
            "2014-01-01T00:00:00.000+10:00",
            -1,
            Precision::Millisecond,
            "2013-12-31T23:59:59.999+10:00",
        ),
    ] {
        let found = moment(from).add(&Duration::new(count, unit));
        assert_eq!(found, Some(moment(to)), "{from} + {count} {unit}s");
    }
}

#[test]
fn dates_end_where_the_calendar_does() {
    assert_eq!(date("9999-12-31").successor(), None);
    assert_eq!(date("0001-01-01").predecessor(), None);
    assert_eq!(DateTime::MAX.successor(), None);
    assert_eq!(
        moment("2005-10-10").add(&Duration::new(8000, Precision::Year)),
        None
    );
    assert_eq!(
        date("2005").add(&Duration::new(i64::MAX, Precision::Year)),
        None
    );
    assert_eq!(
        date("2005").subtract(&Duration::new(i64::MIN, Precision::Day)),
        None
    );
}

#[test]
fn a_clock_goes_round() {
    assert_eq!(
        time("23:30").add(&Duration::new(2, Precision::Hour)),
        Some(time("01:30"))
    );
    assert_eq!(
        time("00:30").subtract(&Duration::new(1, Precision::Hour)),
        Some(time("23:30"))
    );
    assert_eq!(time("00:30").add(&Duration::new(1, Precision::Day)), None);
    assert_eq!(Time::MAX.successor(), None);
    assert_eq!(Time::MIN.predecessor(), None);
}

#[test]
fn durations_between_are_exact_when_both_ends_are_known_well_enough() {
    let days = |from: &str, to: &str| {
        date(from)
            .duration_to(&date(to), Precision::Day.into())
            .unwrap()
    };
    assert_eq!(days("2014-01-15", "2014-02-01").certain(), Some(17));
    let uncertain = days("2014-01-15", "2014-02");
    assert_eq!((uncertain.low(), uncertain.high()), (16, 44));
    let years = date("2005")
        .duration_to(&date("2010"), Precision::Year.into())
        .unwrap();
    assert_eq!((years.low(), years.high()), (4, 5));
    assert_eq!(
        date("2005").duration_to(&date("2010"), Precision::Hour.into()),
        None
    );
}

#[test]
fn a_month_is_over_on_the_same_day_or_at_the_end_of_a_shorter_month() {
    let months = |from: &str, to: &str| {
        date(from)
            .duration_to(&date(to), Precision::Month.into())
            .unwrap()
            .certain()
            .unwrap()
    };
    assert_eq!(months("2014-01-31", "2014-02-27"), 0);
    assert_eq!(months("2014-01-31", "2014-02-28"), 1);
    assert_eq!(months("2014-01-31", "2014-03-30"), 1);
    assert_eq!(months("2014-02-28", "2014-01-31"), -1);
    let age = |birth: &str, on: &str| {
        date(birth)
            .duration_to(&date(on), Precision::Year.into())
            .unwrap()
            .certain()
            .unwrap()
    };
    assert_eq!(age("2012-02-29", "2013-02-27"), 0);
    assert_eq!(age("2012-02-29", "2013-02-28"), 1);
    assert_eq!(age("1974-12-25", "2024-12-24"), 49);
}

#[test]
fn differences_count_boundaries() {
    let weeks = |from: &str, to: &str| {
        date(from)
            .difference_to(&date(to), CountedUnit::Week)
            .unwrap()
    };
    // From a Saturday to the Sunday after it.
    assert_eq!(weeks("2000-10-14", "2000-10-15").certain(), Some(1));
    assert_eq!(weeks("2000-10-15", "2000-10-21").certain(), Some(0));
    let (from, to) = (
        moment("2017-03-12T23:59:00-07:00"),
        moment("2017-03-13T00:01:00-06:00"),
    );
    assert_eq!(
        from.difference_to(&to, Precision::Day.into(), 0)
            .unwrap()
            .certain(),
        Some(1)
    );
    assert_eq!(
        from.duration_to(&to, Precision::Day.into(), 0)
            .unwrap()
            .certain(),
        Some(0)
    );
}

#[test]
fn boundaries_fill_what_is_not_known() {
    let low = |text: &str, digits| moment(text).low_boundary(digits).unwrap().to_string();
    let high = |text: &str, digits| moment(text).high_boundary(digits).unwrap().to_string();
    assert_eq!(
        low("2014-01-01T08", Some(17)),
        "2014-01-01T08:00:00.000+14:00"
    );
    assert_eq!(
        high("2014-01-01T08", Some(17)),
        "2014-01-01T08:59:59.999-12:00"
    );
    assert_eq!(
        low("2014-01-01T08:05+08:00", None),
        "2014-01-01T08:05:00.000+08:00"
    );
    assert_eq!(low("2014-01-01T08", Some(8)), "2014-01-01");
    assert_eq!(high("2016-02", Some(8)), "2016-02-29");
    assert_eq!(date("2014").low_boundary(Some(6)), Some(date("2014-01")));
    assert_eq!(date("2014").high_boundary(None), Some(date("2014-12-31")));
    assert_eq!(date("2014").high_boundary(Some(17)), None);
    assert_eq!(
        time("10:30").high_boundary(Some(9)),
        Some(time("10:30:59.999"))
    );
    assert_eq!(
        time("10:30").low_boundary(Some(9)),
        Some(time("10:30:00.000"))
    );
    assert_eq!(time("10:30").low_boundary(Some(i32::MAX)), None);
    let local = moment("2014-01-01T08").high_boundary_cql(Some(17));
    assert_eq!(local, Some(moment("2014-01-01T08:59:59.999")));
}

#[test]
fn moments_are_counted_from_1970() {
    assert_eq!(moment("1970-01-01T01:00:00.000+01:00").epoch_millis(0), 0);
    let moved = DateTime::from_epoch_millis(1_700_000_000_000, 120).unwrap();
    assert_eq!(moved.to_string(), "2023-11-15T00:13:20.000+02:00");
    assert_eq!(
        moved.at_offset(0, 0).unwrap().to_string(),
        "2023-11-14T22:13:20.000Z"
    );
    assert_eq!(DateTime::from_epoch_millis(i64::MAX, 0), None);
}

#[test]
fn offsets_are_hours_in_cql() {
    let hours = |text: &str| moment(text).offset_hours().map(|hours| hours.to_string());
    assert_eq!(hours("2024-01-01T10:00+05:45").as_deref(), Some("5.75"));
    assert_eq!(hours("2024-01-01T10:00-07:00").as_deref(), Some("-7"));
    assert_eq!(hours("2024-01-01T10:00"), None);
    let minutes = |text: &str| DateTime::offset_of_hours(Decimal::parse(text).unwrap());
    assert_eq!(minutes("-7.0"), Some(-420));
    assert_eq!(minutes("0.33333333"), Some(20));
    assert_eq!(minutes("0.501"), None);
    assert_eq!(minutes("14.5"), None);
}
