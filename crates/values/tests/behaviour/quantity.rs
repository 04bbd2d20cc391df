//! Quantities and their units.

use std::cmp::Ordering;

use salus_values::{Decimal, Duration, Precision, Quantity, Ratio, Unit};

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap_or_else(|| panic!("{text} is no quantity"))
}

fn equal(left: &str, right: &str) -> Option<bool> {
    let (left, right) = (quantity(left), quantity(right));
    assert_eq!(left.equal(&right), right.equal(&left), "{left} {right}");
    left.equal(&right)
}

#[test]
fn quantities_are_read_and_printed_as_both_languages_write_them() {
    for text in [
        "10.50 'mg'",
        "1 week",
        "4 days",
        "-3.0 'mm[Hg]'",
        "1 'wk'",
        "2.5589 '{eskimo_kisses}'",
    ] {
        assert_eq!(quantity(text).to_string(), text);
    }
    assert_eq!(quantity("5").to_string(), "5 '1'");
    assert_eq!(quantity("1 days").to_string(), "1 day");
    for text in [
        "",
        "mg",
        "1 wk",
        "1 'furlong'",
        "1 'mg",
        "1.a",
        "1 mg",
        "1 ''",
        "1e3 'mg'",
    ] {
        assert_eq!(Quantity::parse(text), None, "{text}");
    }
}

#[test]
fn units_of_one_dimension_convert_exactly() {
    assert_eq!(equal("4.0000 'g'", "4000.0 'mg'"), Some(true));
    assert_eq!(equal("4 'g'", "4040 'mg'"), Some(false));
    assert_eq!(equal("1 '[in_i]'", "2.54 'cm'"), Some(true));
    assert_eq!(equal("3 'min'", "0.05 'h'"), Some(true));
    assert_eq!(equal("1 'h'", "3600 's'"), Some(true));
    assert_eq!(equal("1 '[lb_av]'", "453.59237 'g'"), Some(true));
    assert_eq!(equal("1 'mmol/L'", "0.001 'mol/L'"), Some(true));
    assert_eq!(equal("1 'kat'", "1 'mol/s'"), Some(true));
    assert_eq!(equal("50 '%'", "0.5 '1'"), Some(true));
    assert_eq!(
        equal(
            "1 'Ym'",
            "1e24 'm'"
                .replace("1e24", "1000000000000000000000000")
                .as_str()
        ),
        Some(true)
    );
}

#[test]
fn a_third_is_not_lost_by_dividing() {
    assert_eq!(equal("1 'min'", "60 's'"), Some(true));
    assert_eq!(
        equal("20 'min'", "0.3333333333333333333333333333 'h'"),
        Some(false)
    );
    // A foot of the US survey is 1200/3937 m, which UCUM's tables have to 28 digits.
    let survey = quantity("3937 '[ft_us]'")
        .convert_to(&Unit::ucum("m"))
        .unwrap();
    assert_eq!(survey.value.round(20), Some(Decimal::from(1200)));
    assert_eq!(
        quantity("1 'min'").compare(&quantity("0.0166666666666666666666666667 'h'")),
        Some(Ordering::Less)
    );
}

#[test]
fn units_that_measure_different_things_do_not_compare() {
    assert_eq!(equal("1 'cm'", "1 's'"), None);
    assert_eq!(quantity("1 '[iU]'").compare(&quantity("1 'mg'")), None);
    assert!(!quantity("1 'cm'").comparable(&quantity("1 's'")));
    assert!(quantity("1 'cm'").comparable(&quantity("1 '[in_i]'")));
    assert_eq!(equal("1 '[iU]/L'", "1000 '[iU]/mL'"), Some(false));
    assert_eq!(equal("1 '[iU]/mL'", "1000 '[iU]/L'"), Some(true));
}

#[test]
fn temperatures_have_their_own_zeros() {
    assert_eq!(equal("37 'Cel'", "98.6 '[degF]'"), Some(true));
    assert_eq!(equal("0 'Cel'", "273.15 'K'"), Some(true));
    assert_eq!(equal("0 'Cel'", "0 'K'"), Some(false));
    assert_eq!(equal("80 '[degRe]'", "100 'Cel'"), Some(true));
    assert_eq!(
        quantity("38.5 'Cel'").compare(&quantity("100.4 '[degF]'")),
        Some(Ordering::Greater)
    );
    let converted = quantity("98.6 '[degF]'")
        .convert_to(&Unit::ucum("Cel"))
        .unwrap();
    assert_eq!(converted.to_string(), "37 'Cel'");
    assert_eq!(quantity("1 'Cel'").add(&quantity("1 'K'")), None);
    assert_eq!(
        quantity("1 'Cel'").add(&quantity("1 'Cel'")),
        Some(quantity("2 'Cel'"))
    );
    assert_eq!(quantity("1 'Cel'").multiply(&quantity("1 'm'")), None);
    assert_eq!(
        quantity("2 'Cel'").multiply(&quantity("3")),
        Some(quantity("6 'Cel'"))
    );
}

#[test]
fn calendar_units_up_to_the_week_are_those_of_ucum() {
    for (left, right) in [
        ("7 days", "1 week"),
        ("7 days", "1 'wk'"),
        ("1 day", "24 'h'"),
        ("1 hour", "60 minutes"),
        ("1 second", "1000 'ms'"),
        ("1 year", "12 months"),
    ] {
        assert_eq!(equal(left, right), Some(true), "{left} {right}");
    }
    for (left, right) in [
        ("1 year", "1 'a'"),
        ("1 month", "1 'mo'"),
        ("1 month", "30 days"),
        ("1 year", "365 'd'"),
    ] {
        assert_eq!(equal(left, right), None, "{left} {right}");
    }
    for (left, right) in [
        ("1 year", "1 'a'"),
        ("1 month", "1 'mo'"),
        ("1 year", "365 days"),
        ("1 month", "30 days"),
    ] {
        assert!(
            quantity(left).equivalent(&quantity(right)),
            "{left} {right}"
        );
        assert!(
            quantity(right).equivalent(&quantity(left)),
            "{left} {right}"
        );
    }
}

#[test]
fn equivalence_is_as_precise_as_the_less_precise_quantity() {
    assert!(quantity("4 'g'").equivalent(&quantity("4040 'mg'")));
    assert!(quantity("4040 'mg'").equivalent(&quantity("4 'g'")));
    assert!(!quantity("4 'g'").equivalent(&quantity("4600 'mg'")));
    assert!(!quantity("4 'g'").equivalent(&quantity("4 'm'")));
}

#[test]
fn sums_are_in_the_finer_unit() {
    assert_eq!(
        quantity("3 'm'")
            .add(&quantity("3 'cm'"))
            .unwrap()
            .to_string(),
        "303 'cm'"
    );
    assert_eq!(
        quantity("3 'cm'")
            .subtract(&quantity("3 'm'"))
            .unwrap()
            .to_string(),
        "-297 'cm'"
    );
    assert_eq!(
        quantity("1 year")
            .add(&quantity("3 months"))
            .unwrap()
            .to_string(),
        "15 months"
    );
    assert_eq!(quantity("1 year").add(&quantity("3 days")), None);
    assert_eq!(quantity("1 'm'").add(&quantity("1 's'")), None);
}

#[test]
fn products_have_products_of_units() {
    let product = |left: &str, right: &str| {
        quantity(left)
            .multiply(&quantity(right))
            .unwrap()
            .to_string()
    };
    let quotient =
        |left: &str, right: &str| quantity(left).divide(&quantity(right)).unwrap().to_string();
    assert_eq!(product("1.0 'cm'", "2.0 'cm'"), "2.00 'cm2'");
    assert_eq!(
        product("2.0 'cm'", "2.0 'm'").replace(".00", ""),
        "400 'cm2'"
    );
    assert_eq!(quotient("4.0 'g'", "2.0 'm'"), "2 'g/m'");
    assert_eq!(quotient("1 'g/cm3'", "1 'g/cm3'"), "1 '1'");
    assert_eq!(quotient("10 'mg'", "5"), "2 'mg'");
    assert_eq!(quotient("6", "3 's'"), "2 '/s'");
    assert_eq!(product("3 'mg/(kg.d)'", "2 'kg'"), "6 'mg/d'");
    assert_eq!(product("2 days", "3"), "6 days");
    assert_eq!(quantity("1 'm'").divide(&quantity("0 's'")), None);
}

#[test]
fn only_time_that_a_calendar_has_is_a_duration() {
    let duration = |text: &str| quantity(text).as_duration();
    assert_eq!(duration("7.7 days"), Some(Duration::new(7, Precision::Day)));
    assert_eq!(duration("2 weeks"), Some(Duration::new(14, Precision::Day)));
    assert_eq!(duration("1 'wk'"), Some(Duration::new(7, Precision::Day)));
    assert_eq!(
        duration("1.5 seconds"),
        Some(Duration::new(1500, Precision::Millisecond))
    );
    assert_eq!(
        duration("0.1 's'"),
        Some(Duration::new(0, Precision::Second))
    );
    for text in ["1 'mo'", "1 'a'", "1 'mg'", "1"] {
        assert_eq!(duration(text), None, "{text}");
    }
}

#[test]
fn units_that_are_none_are_kept_and_are_only_themselves() {
    let odd = Quantity::new(Decimal::ONE, Unit::ucum("no such unit"));
    assert_eq!(odd.equal(&odd.clone()), Some(true));
    assert_eq!(odd.equal(&quantity("1 'mg'")), None);
    assert!(!odd.equivalent(&quantity("1 'mg'")));
    assert!(Unit::ucum_valid("no such unit").is_err());
    let long = "m".repeat(100_000);
    assert!(Unit::ucum_valid(&long).is_err());
}

#[test]
fn threads_share_units() {
    let convert =
        || (0..1000).all(|_| quantity("1 'mg/dL'").equal(&quantity("0.01 'g/L'")) == Some(true));
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(convert)).collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
}

#[test]
fn the_caches_are_bounded_and_work_beyond_their_bounds() {
    for nth in 0..20_000 {
        let unit = Unit::ucum(&format!("10*3/{{n{nth}}}"));
        let quantity = Quantity::new(Decimal::ONE, unit);
        assert_eq!(
            quantity.equal(&Decimal::from(1000).into()),
            Some(true),
            "{nth}"
        );
    }
}

#[test]
fn ratios_are_equal_by_parts_and_equivalent_by_quotients() {
    let ratio = |text: &str| Ratio::parse(text).unwrap();
    assert_eq!(ratio("1:128").to_string(), "1:128");
    assert_eq!(ratio("1 'mg' : 2 'mL'").to_string(), "1 'mg':2 'mL'");
    assert_eq!(ratio("1:2").equal(&ratio("2:4")), Some(false));
    assert!(ratio("1:2").equivalent(&ratio("2:4")));
    assert!(ratio("1 'mg':2 'mL'").equivalent(&ratio("500 'ug':1 'mL'")));
    assert!(!ratio("1:2").equivalent(&ratio("2:5")));
    assert_eq!(Ratio::parse("1"), None);
}
