//! Intervals.

use salus_values::{Date, Decimal, Expanded, Grain, Interval, Precision, Quantity, Value};

type V = Value<()>;

const GRAIN: Grain = Grain {
    precision: None,
    offset: 0,
};

/// A point: a date, a number, `_` for null.
fn point(text: &str) -> V {
    if text == "_" {
        return Value::Null;
    }
    if let Ok(integer) = text.parse::<i32>()
        && text.len() < 4
    {
        return integer.into();
    }
    if let Some(date) = Date::parse(text) {
        return date.into();
    }
    if text.contains('\'') {
        return Value::quantity(Quantity::parse(text).unwrap());
    }
    Decimal::parse(text).unwrap().into()
}

/// `[1, 10)`
fn interval(text: &str) -> Interval<V> {
    let (low, high) = text[1..text.len() - 1].split_once(", ").unwrap();
    Interval::new(
        point(low),
        text.starts_with('['),
        point(high),
        text.ends_with(']'),
    )
}

fn shown(interval: Option<Interval<V>>) -> String {
    interval.map_or_else(
        || "none".to_owned(),
        |interval| format!("{interval:?}").replace("Interval", ""),
    )
}

#[test]
fn an_unknown_end_is_known_not_to_be_past_the_other() {
    let before_five = interval("(_, 5]");
    assert_eq!(before_five.before(&interval("[7, 9]"), &GRAIN), Some(true));
    assert_eq!(before_five.after(&interval("[7, 9]"), &GRAIN), Some(false));
    assert_eq!(
        before_five.overlaps(&interval("[5, 9]"), &GRAIN),
        Some(true)
    );
    assert_eq!(before_five.overlaps(&interval("[1, 3]"), &GRAIN), None);
    assert_eq!(before_five.contains(&point("6"), &GRAIN), Some(false));
    assert_eq!(before_five.contains(&point("4"), &GRAIN), None);
    assert_eq!(before_five.contains(&point("5"), &GRAIN), Some(true));
    assert_eq!(
        before_five.meets_after(&interval("[11, _)"), &GRAIN),
        Some(false)
    );
}

#[test]
fn a_closed_null_end_is_the_last_value_of_the_type() {
    assert_eq!(
        interval("[5, _]").contains(&point("900"), &GRAIN),
        Some(true)
    );
    assert_eq!(
        interval("[_, _]").includes(&interval("[1, 10]"), &GRAIN),
        Some(true)
    );
    assert_eq!(interval("[5, _]").end(), Value::Integer(i32::MAX));
    assert_eq!(interval("[_, 2012-01-01]").start(), Value::Date(Date::MIN));
    assert_eq!(interval("[5, _)").end(), Value::Null);
    assert_eq!(
        interval("[5, _]").meets_before(&interval("[5, _]"), &GRAIN),
        Some(false)
    );
}

#[test]
fn open_ends_are_those_of_the_next_value() {
    assert_eq!(interval("(1, 10)").start(), Value::Integer(2));
    assert_eq!(
        interval("(1, 10)").same_as(&interval("[2, 9]"), &GRAIN),
        Some(true)
    );
    assert_eq!(interval("(1.0, 2.0)").start(), point("1.00000001"));
    assert_eq!(
        interval("[2012-01-01, 2012-02-01)").end(),
        point("2012-01-31")
    );
}

#[test]
fn a_precision_limits_how_far_points_are_compared() {
    let (january, february) = (
        interval("[2012-01-01, 2012-01-20]"),
        interval("[2012-01-25, 2012-02-10]"),
    );
    assert_eq!(january.overlaps(&february, &GRAIN), Some(false));
    assert_eq!(
        january.overlaps(&february, &GRAIN.to(Precision::Month)),
        Some(true)
    );
    assert_eq!(
        interval("[2012, 2013]").includes(&january, &GRAIN.to(Precision::Month)),
        None
    );
    assert_eq!(
        interval("[2012, 2013]").includes(&january, &GRAIN.to(Precision::Year)),
        Some(true)
    );
}

#[test]
fn only_intervals_in_order_are_valid() {
    for (text, valid) in [
        ("[5, 3]", Some(false)),
        ("[5, 5)", Some(false)),
        ("[5, 5]", Some(true)),
        ("(5, 6)", Some(false)),
        ("[5, 6)", Some(true)),
        ("[5, _)", Some(true)),
        ("[2012, 2012-01]", None),
    ] {
        assert_eq!(interval(text).is_valid(&GRAIN), valid, "{text}");
    }
}

#[test]
fn unions_need_no_gap_and_intersections_a_common_point() {
    let union = |a: &str, b: &str| shown(interval(a).union(&interval(b), &GRAIN));
    let intersect = |a: &str, b: &str| shown(interval(a).intersect(&interval(b), &GRAIN));
    assert_eq!(union("[1, 10]", "[4, 15)"), "[1, 15)");
    assert_eq!(union("[1, 3]", "[4, 5]"), "[1, 5]");
    assert_eq!(union("[1, 3]", "[5, 6]"), "none");
    assert_eq!(intersect("[1, 10]", "[4, 15]"), "[4, 10]");
    assert_eq!(intersect("[1, 3]", "[4, 5]"), "none");
    assert_eq!(intersect("[1, 10]", "[5, _)"), "[5, null)");
    assert_eq!(intersect("[1, 10]", "[5, _]"), "[5, 10]");
}

#[test]
fn what_is_left_is_one_interval_or_none() {
    let except = |a: &str, b: &str| shown(interval(a).except(&interval(b), &GRAIN));
    assert_eq!(except("[1, 10]", "[4, 10]"), "[1, 3]");
    assert_eq!(except("[1, 10]", "(4, 10]"), "[1, 4]");
    assert_eq!(except("[1, 10]", "[1, 4)"), "[4, 10]");
    assert_eq!(except("[1, 10]", "[3, 7]"), "none");
    assert_eq!(except("[1, 10]", "[1, 10]"), "none");
    assert_eq!(except("[1, 10]", "[20, 30]"), "[1, 10]");
}

#[test]
fn collapsing_joins_what_overlaps_or_meets() {
    let collapse = |texts: &[&str], per: Option<&str>| {
        let intervals: Vec<_> = texts.iter().map(|text| interval(text)).collect();
        let per = per.map(|text| Quantity::parse(text).unwrap());
        let joined = Interval::collapse(&intervals, per.as_ref(), &GRAIN);
        joined
            .into_iter()
            .map(|interval| shown(Some(interval)))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        collapse(&["[7, 10]", "[1, 5]", "[3, 7]", "[12, 19]"], None),
        "[1, 10] [12, 19]"
    );
    assert_eq!(collapse(&["[1, 9]", "[2, 3]", "[4, 5]"], None), "[1, 9]");
    assert_eq!(collapse(&["[1, 2]", "[4, 6]"], Some("2")), "[1, 6]");
    assert_eq!(collapse(&["(_, _)"], None), "");
    assert_eq!(
        collapse(
            &["[2018-01-01, 2018-01-15]", "[2018-01-20, 2018-02-01]"],
            Some("1 month")
        ),
        "[@2018-01-01, @2018-02-01]"
    );
}

#[test]
fn expanding_cuts_into_pieces_of_one_size() {
    let expand = |text: &str, per: Option<&str>| {
        let per = per.map(|text| Quantity::parse(text).unwrap());
        match Interval::expand(&[interval(text)], per.as_ref(), &GRAIN) {
            Expanded::Pieces(pieces) => {
                let shown = pieces.into_iter().map(|piece| shown(Some(piece)));
                shown.collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        }
    };
    assert_eq!(expand("[1, 3]", None), "[1, 1] [2, 2] [3, 3]");
    assert_eq!(expand("[1, 5]", Some("2")), "[1, 2] [3, 4]");
    assert_eq!(
        expand("[10.0, 12.5]", Some("1")),
        "[10, 10] [11, 11] [12, 12]"
    );
    assert_eq!(expand("[10, 10]", Some("0.5")), "[10.0, 10.4] [10.5, 10.9]");
    assert_eq!(
        expand("[2018-01-01, 2018-01-14]", Some("1 week")),
        "[@2018-01-01, @2018-01-07] [@2018-01-08, @2018-01-14]"
    );
    assert_eq!(
        expand("[2018-01-01, 2018-02-28]", Some("1 month")),
        "[@2018-01, @2018-01] [@2018-02, @2018-02]"
    );
    assert_eq!(expand("[2018-01-01, 2018-01-03]", Some("1 hour")), "");
    assert_eq!(
        expand("[1.0 'g', 2.0 'g']", Some("0.5 'g'")),
        "[1.0 'g', 1.4 'g'] [1.5 'g', 1.9 'g']"
    );
    assert_eq!(expand("[1, _)", None), "Unknown");
    assert_eq!(expand("[1, _]", None), "TooMany");
}

#[test]
fn widths_are_distances_and_sizes_count_points() {
    assert_eq!(interval("[1, 10]").width(), Some(Value::Integer(9)));
    assert_eq!(interval("[1, 10]").size(), Some(Value::Integer(10)));
    assert_eq!(interval("[1.0, 2.0]").size(), Some(point("1.00000001")));
    assert_eq!(interval("[_, _]").width(), None);
    assert_eq!(interval("[2012-01-01, 2012-01-02]").width(), None);
    assert_eq!(interval("[-99, _]").width(), None);
    assert_eq!(interval("[3, 3]").point(&GRAIN), Some(Value::Integer(3)));
    assert_eq!(interval("[3, 4]").point(&GRAIN), None);
}
