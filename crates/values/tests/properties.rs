//! Laws that hold for all values.

#![cfg(test)]

use proptest::prelude::*;
use salus_values::{
    CountedUnit, Date, DateTime, Decimal, Duration, Elements, Grain, Interval, Precision, Quantity,
    SameNode, Time, Unit, Value, logic,
};

type V = Value<()>;

const GRAIN: Grain = Grain {
    precision: None,
    offset: 0,
};

fn dates() -> impl Strategy<Value = Date> {
    let full = (-719_162i64..2_932_896).prop_map(|days| Date::from_epoch_days(days).unwrap());
    (full, 0usize..3).prop_map(|(date, precision)| date.truncate(Precision::ALL[precision]))
}

fn times() -> impl Strategy<Value = Time> {
    (0i64..86_400_000, 3usize..7).prop_map(|(millis, precision)| {
        Time::from_millis(millis, Precision::ALL[precision]).unwrap()
    })
}

fn moments() -> impl Strategy<Value = DateTime> {
    (
        dates(),
        times(),
        proptest::option::of(-840i16..=840),
        any::<bool>(),
    )
        .prop_map(|(date, time, offset, has_time)| {
            let time = (has_time && date.precision() == Precision::Day).then_some(time);
            let offset = time.and(offset);
            DateTime::new(date, time, offset).unwrap()
        })
}

fn decimals() -> impl Strategy<Value = Decimal> {
    (-10i128.pow(12)..10i128.pow(12), 0u32..9)
        .prop_map(|(digits, scale)| Decimal::new(digits, scale).unwrap())
}

const UNITS: [&str; 12] = [
    "mg", "g", "kg", "[lb_av]", "cm", "[in_i]", "mmol/L", "mol/L", "Cel", "[degF]", "K", "min",
];

fn quantities() -> impl Strategy<Value = Quantity> {
    (decimals(), 0usize..UNITS.len())
        .prop_map(|(value, unit)| Quantity::new(value, Unit::ucum(UNITS[unit])))
}

fn intervals() -> impl Strategy<Value = Interval<V>> {
    let end = || prop_oneof![1 => Just(None), 6 => (-20i32..20).prop_map(Some)];
    (end(), end(), any::<bool>(), any::<bool>())
        .prop_map(|(low, high, low_closed, high_closed)| {
            Interval::new(low.into(), low_closed, high.into(), high_closed)
        })
        .prop_filter("in order", |interval| {
            interval.is_valid(&GRAIN) == Some(true)
        })
}

/// What an interval may be once its unknown ends are known, of the points -30 to 30.
fn readings(interval: &Interval<V>) -> Vec<(i32, i32)> {
    let known = |value: V| match value {
        Value::Integer(value) => Some(value.clamp(-30, 30)),
        _ => None,
    };
    let unknown_low = matches!(interval.low, Value::Null);
    let unknown_high = matches!(interval.high, Value::Null);
    let starts = match (unknown_low, interval.low_closed) {
        (true, true) => vec![-30],
        (true, false) => (-30..=30).collect(),
        _ => known(interval.start()).into_iter().collect(),
    };
    let ends = match (unknown_high, interval.high_closed) {
        (true, true) => vec![30],
        (true, false) => (-30..=30).collect(),
        _ => known(interval.end()).into_iter().collect::<Vec<i32>>(),
    };
    let pairs = starts
        .into_iter()
        .flat_map(|start| ends.iter().map(move |end| (start, *end)));
    pairs.filter(|(start, end)| start <= end).collect()
}

/// A relation must be true only when it is for all readings, and false only when it is for none.
fn agrees(
    found: Option<bool>,
    a: &Interval<V>,
    b: &Interval<V>,
    holds: impl Fn((i32, i32), (i32, i32)) -> bool,
) -> bool {
    let (a, b) = (readings(a), readings(b));
    let mut results = a.iter().flat_map(|a| b.iter().map(|b| holds(*a, *b)));
    match found {
        Some(expected) => results.all(|result| result == expected),
        None => true,
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(
        date in dates(),
        time in times(),
        moment in moments(),
        value in decimals(),
        quantity in quantities(),
    ) {
        prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        prop_assert_eq!(Time::parse(&time.to_string()), Some(time));
        prop_assert_eq!(DateTime::parse(&moment.to_string()), Some(moment));
        let read = Decimal::parse(&value.to_string()).unwrap();
        prop_assert_eq!((read, read.scale()), (value, value.scale()));
        prop_assert_eq!(Quantity::parse(&quantity.to_string()), Some(quantity));
    }

    #[test]
    fn no_text_is_too_odd_to_be_read(text in "\\PC{0,40}", numeric in "[-+0-9.eE:TZ ']{0,40}") {
        for text in [&text, &numeric] {
            let _ = (Date::parse(text), Time::parse(text), DateTime::parse(text), Decimal::parse(text));
            let _ = (Quantity::parse(text), salus_values::Ratio::parse(text), Unit::ucum_valid(text));
        }
    }

    #[test]
    fn the_order_of_moments_is_that_of_their_ranges(a in moments(), b in moments()) {
        prop_assert_eq!(a.compare(&b), b.compare(&a).map(std::cmp::Ordering::reverse));
        prop_assert_eq!(a.compare_cql(&b, 60), b.compare_cql(&a, 60).map(std::cmp::Ordering::reverse));
        prop_assert_eq!(a.compare(&a), Some(std::cmp::Ordering::Equal));
        if a.last_epoch_millis(60) < b.epoch_millis(60) {
            prop_assert_eq!(a.compare_cql(&b, 60), Some(std::cmp::Ordering::Less));
        }
    }

    #[test]
    fn a_duration_added_is_the_duration_between(
        days in -400_000i64..400_000,
        count in -2000i64..2000,
        part in 0usize..7,
    ) {
        let from = DateTime::from_epoch_millis(days * 86_400_000 + 43_210_123, 0).unwrap();
        let unit = Precision::ALL[part];
        let Some(to) = from.add(&Duration::new(count, unit)) else { return Ok(()) };
        let between = from.duration_to(&to, CountedUnit::Of(unit), 0).unwrap().certain().unwrap();
        // Backwards from the end of a month, the shorter month has the last word.
        let clipped = unit <= Precision::Month && from.date().day() != to.date().day();
        prop_assert!(between == count || clipped && (between - count).abs() <= 1, "{} {} {}", from, to, between);
        let difference = from.difference_to(&to, CountedUnit::Of(unit), 0).unwrap().certain().unwrap();
        prop_assert_eq!(difference, count);
    }

    #[test]
    fn next_and_previous_undo_each_other(moment in moments(), time in times(), value in decimals()) {
        prop_assert!(moment.successor().is_none_or(|next| next.predecessor() == Some(moment)));
        prop_assert!(time.successor().is_none_or(|next| next.predecessor() == Some(time)));
        prop_assert!(value.successor().is_none_or(|next| next.predecessor() == Some(value)));
    }

    #[test]
    fn boundaries_hold_the_value(date in dates(), moment in moments(), time in times(), value in decimals()) {
        let (low, high) = (date.low_boundary(None).unwrap(), date.high_boundary(None).unwrap());
        prop_assert!(low.epoch_days() <= date.epoch_days() && date.last_day().epoch_days() <= high.epoch_days());
        let (low, high) = (moment.low_boundary_cql(None).unwrap(), moment.high_boundary_cql(None).unwrap());
        prop_assert!(low.epoch_millis(0) <= moment.epoch_millis(0));
        prop_assert!(moment.last_epoch_millis(0) <= high.epoch_millis(0));
        let (low, high) = (time.low_boundary(None).unwrap(), time.high_boundary(None).unwrap());
        prop_assert_eq!((low.millis(), high.millis()), (time.millis(), time.last_millis()));
        let (low, high) = (value.low_boundary(Some(12)).unwrap(), value.high_boundary(Some(12)).unwrap());
        prop_assert!(low < value && value < high);
        let rounded = low.round_to(value.scale());
        prop_assert!(rounded == value || value.is_negative() || rounded <= value);
    }

    #[test]
    fn units_convert_there_and_back(quantity in quantities(), other in 0usize..UNITS.len()) {
        let unit = Unit::ucum(UNITS[other]);
        let Some(converted) = quantity.convert_to(&unit) else {
            prop_assert!(!quantity.comparable(&Quantity::new(Decimal::ONE, unit)));
            return Ok(());
        };
        let back = converted.convert_to(&quantity.unit).unwrap();
        let error = back.value.checked_sub(quantity.value).unwrap().abs();
        prop_assert!(error <= Decimal::new(1, 8).unwrap(), "{} {} {}", quantity, converted, back);
    }

    #[test]
    fn the_order_of_quantities_is_one(a in quantities(), b in quantities(), c in quantities()) {
        prop_assert_eq!(a.compare(&b), b.compare(&a).map(std::cmp::Ordering::reverse));
        prop_assert_eq!(a.order(&b), b.order(&a).reverse());
        if a.order(&b).is_le() && b.order(&c).is_le() {
            prop_assert!(a.order(&c).is_le());
        }
        if a.equal(&b) == Some(true) {
            prop_assert!(a.equivalent(&b));
        }
    }

    #[test]
    fn sums_of_quantities_take_apart(a in quantities(), b in quantities()) {
        if let Some(sum) = a.add(&b) {
            let rest = sum.subtract(&b).unwrap();
            let (rest, a) = (rest.convert_to(&sum.unit).unwrap().value, a.convert_to(&sum.unit).unwrap().value);
            let error = rest.checked_sub(a).unwrap().abs();
            prop_assert!(error <= Decimal::new(1, 8).unwrap());
        }
    }

    #[test]
    fn roots_and_logarithms_are_near_those_of_doubles(value in decimals(), exponent in -6i32..6, base in 2i32..20) {
        let near = |found: Option<Decimal>, expected: f64| match found {
            Some(found) => (found.to_f64() - expected).abs() <= 1e-9 * expected.abs().max(1e-9),
            None => !expected.is_finite() || expected.abs() > 1e27,
        };
        let double = value.to_f64();
        prop_assert!(near(value.sqrt(), double.sqrt()));
        let expected_ln = if double > 0.0 { double.ln() } else { f64::NAN };
        prop_assert!(near(value.ln(), expected_ln));
        prop_assert!(near(value.log(Decimal::from(base)), expected_ln / f64::from(base).ln()));
        let small = value.modulo(Decimal::from(40)).unwrap();
        prop_assert!(near(small.exp(), small.to_f64().exp()));
        let power = small.power(Decimal::from(exponent));
        let tiny = Decimal::new(1, 15).unwrap();
        let is_near = |power| near(Some(power), small.to_f64().powi(exponent));
        prop_assert!(power.is_none_or(|power| is_near(power) || power.abs() < tiny));
    }

    #[test]
    fn logic_obeys_de_morgan(a in any::<Option<bool>>(), b in any::<Option<bool>>()) {
        prop_assert_eq!(logic::not(logic::and(a, b)), logic::or(logic::not(a), logic::not(b)));
        prop_assert_eq!(logic::implies(a, b), logic::or(logic::not(a), b));
        prop_assert_eq!(logic::all([a, b]), logic::and(a, b));
        prop_assert_eq!(logic::any([a, b]), logic::or(a, b));
    }

    #[test]
    fn relations_are_right_for_whatever_the_unknown_ends_are(a in intervals(), b in intervals()) {
        let starts = |(s, e): (i32, i32), (t, f): (i32, i32)| s == t && e <= f;
        prop_assert!(agrees(a.before(&b, &GRAIN), &a, &b, |a, b| a.1 < b.0));
        prop_assert!(agrees(a.after(&b, &GRAIN), &a, &b, |a, b| a.0 > b.1));
        prop_assert!(agrees(a.overlaps(&b, &GRAIN), &a, &b, |a, b| a.0 <= b.1 && b.0 <= a.1));
        prop_assert!(agrees(a.includes(&b, &GRAIN), &a, &b, |a, b| a.0 <= b.0 && b.1 <= a.1));
        prop_assert!(agrees(a.meets_before(&b, &GRAIN), &a, &b, |a, b| a.1 + 1 == b.0 && a.1 < 30));
        prop_assert!(agrees(a.same_as(&b, &GRAIN), &a, &b, |a, b| a == b));
        prop_assert!(agrees(a.starts(&b, &GRAIN), &a, &b, starts));
        prop_assert!(agrees(a.ends(&b, &GRAIN), &a, &b, |a, b| a.1 == b.1 && a.0 >= b.0));
    }

    #[test]
    fn relations_of_known_ends_are_known(a in intervals(), b in intervals()) {
        let is_unknown = |interval: &Interval<V>| {
            (matches!(interval.low, Value::Null) && !interval.low_closed)
                || (matches!(interval.high, Value::Null) && !interval.high_closed)
        };
        if is_unknown(&a) || is_unknown(&b) {
            return Ok(());
        }
        // The order of two ends without any value in sight is that of their places.
        for found in [
            a.before(&b, &GRAIN),
            a.overlaps(&b, &GRAIN),
            a.includes(&b, &GRAIN),
            a.same_as(&b, &GRAIN),
            a.meets(&b, &GRAIN),
            a.starts(&b, &GRAIN),
        ] {
            prop_assert!(found.is_some(), "{:?} {:?}", a, b);
        }
    }

    #[test]
    fn relations_mirror_each_other(a in intervals(), b in intervals()) {
        prop_assert_eq!(a.before(&b, &GRAIN), b.after(&a, &GRAIN));
        prop_assert_eq!(a.overlaps(&b, &GRAIN), b.overlaps(&a, &GRAIN));
        prop_assert_eq!(a.meets(&b, &GRAIN), b.meets(&a, &GRAIN));
        prop_assert_eq!(a.same_as(&b, &GRAIN), b.same_as(&a, &GRAIN));
    }

    #[test]
    fn combined_intervals_have_the_points_that_they_should(a in intervals(), b in intervals(), point in -25i32..25) {
        let point: V = point.into();
        let has = |interval: &Interval<V>| interval.contains(&point, &GRAIN);
        if let Some(both) = a.intersect(&b, &GRAIN) {
            let expected = logic::and(has(&a), has(&b));
            prop_assert!(has(&both).is_none() || expected.is_none() || has(&both) == expected);
        }
        if let Some(either) = a.union(&b, &GRAIN) {
            let expected = logic::or(has(&a), has(&b));
            prop_assert!(has(&either).is_none() || expected.is_none() || has(&either) == expected);
        }
        if let Some(rest) = a.except(&b, &GRAIN) {
            let expected = logic::and(has(&a), logic::not(has(&b)));
            prop_assert!(has(&rest).is_none() || expected.is_none() || has(&rest) == expected);
        }
    }

    #[test]
    fn collapsing_keeps_every_point_and_leaves_gaps(list in prop::collection::vec((-20i32..20, 0i32..6), 0..8)) {
        let closed = |(low, more): &(i32, i32)| Interval::closed((*low).into(), (low + more).into());
        let intervals: Vec<Interval<V>> = list.iter().map(closed).collect();
        let joined = Interval::collapse(&intervals, None, &GRAIN);
        for point in -25i32..30 {
            let point: V = point.into();
            let holds = |interval: &&Interval<V>| interval.contains(&point, &GRAIN) == Some(true);
            let count = |list: &[Interval<V>]| list.iter().filter(holds).count();
            prop_assert_eq!(count(&intervals).min(1), count(&joined));
        }
        for pair in joined.windows(2) {
            let overlaps = pair[0].overlaps(&pair[1], &GRAIN);
            prop_assert_eq!(logic::or(overlaps, pair[0].meets(&pair[1], &GRAIN)), Some(false));
        }
    }
}

fn elements() -> impl Strategy<Value = V> {
    let simple = prop_oneof![
        Just(Value::Null),
        (0i32..4).prop_map(Value::Integer),
        (0i64..4).prop_map(Value::Long),
        (0i128..40).prop_map(|tenths| Value::Decimal(Decimal::new(tenths, 1).unwrap())),
        (1i32..3, 0usize..3).prop_map(|(day, precision)| {
            let date = Date::ymd(2012, 1, day).unwrap();
            Value::Date(date.truncate(Precision::ALL[precision]))
        }),
        (0i16..2, 0i32..3).prop_map(|(offset, hour)| {
            let date = Date::ymd(2012, 1, 1).unwrap();
            let time = Time::new(hour, Some(0), None, None);
            Value::DateTime(DateTime::new(date, time, Some(offset * 60)).unwrap())
        }),
        (0i32..3, 0usize..3).prop_map(|(value, unit)| {
            let unit = Unit::ucum(["mg", "g", "cm"][unit]);
            Value::quantity(Quantity::new(Decimal::from(value), unit))
        }),
        intervals().prop_map(Value::interval),
    ];
    simple.prop_recursive(1, 4, 2, |inner| {
        proptest::collection::vec(inner, 0..3).prop_map(Value::list)
    })
}

proptest! {
    #[test]
    fn sets_by_prints_are_those_by_comparing_all_with_all(
        left in proptest::collection::vec(elements(), 0..30),
        right in proptest::collection::vec(elements(), 0..30),
    ) {
        let how = Elements { grain: GRAIN, nodes: &SameNode };
        let is_in = |list: &[V], element: &V| how.contains(list, element) == Some(true);
        let mut once: Vec<V> = Vec::new();
        for element in &left {
            if !is_in(&once, element) {
                once.push(element.clone());
            }
        }
        prop_assert_eq!(how.distinct(&left), once.clone());
        let (mut common, mut rest) = (once.clone(), once);
        common.retain(|element| is_in(&right, element));
        rest.retain(|element| !is_in(&right, element));
        prop_assert_eq!(how.intersect(&left, &right), common);
        prop_assert_eq!(how.except(&left, &right), rest);
    }
}
