//! Decimals.

use salus_values::Decimal;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text} is no decimal"))
}

fn shown(value: Option<Decimal>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

#[test]
fn a_decimal_keeps_the_digits_that_were_written() {
    for text in [
        "0",
        "1.50",
        "-0.0340",
        "100.00",
        "99999999999999999999.99999999",
        "0.0000000000000000000000000001",
    ] {
        assert_eq!(decimal(text).to_string(), text);
    }
    assert_eq!(decimal("+5.0").to_string(), "5.0");
    assert_eq!(decimal("-0.0").to_string(), "0.0");
}

#[test]
fn exponents_are_written_out() {
    for (text, written) in [
        ("1e3", "1000"),
        ("1.5E+2", "150"),
        ("12.50e-3", "0.01250"),
        ("1e-28", "0.0000000000000000000000000001"),
        ("0e9999999999", "0"),
    ] {
        assert_eq!(decimal(text).to_string(), written, "{text}");
    }
}

#[test]
fn what_is_no_decimal_is_refused() {
    for text in [
        "",
        "-",
        ".5",
        "5.",
        "1.2.3",
        "1e",
        "e5",
        "1e+",
        " 1",
        "1 ",
        "NaN",
        "0x1",
        "١",
        "1e30",
        "80000000000000000000000000000",
    ] {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
}

#[test]
fn digits_beyond_the_28th_are_rounded_away() {
    assert_eq!(
        decimal("0.00000000000000000000000000005").to_string(),
        "0.0000000000000000000000000001"
    );
    assert_eq!(
        decimal("1.23456789012345678901234567895").to_string(),
        "1.234567890123456789012345679"
    );
    assert_eq!(
        decimal("1.2345678901234567890123456785").to_string(),
        "1.234567890123456789012345679"
    );
    assert_eq!(
        decimal("1e-40").to_string(),
        format!("0.{}", "0".repeat(28))
    );
}

#[test]
fn equal_numbers_are_equal_however_they_are_written() {
    use std::collections::HashSet;
    assert_eq!(decimal("1.0"), decimal("1.000"));
    let set: HashSet<Decimal> = [decimal("1"), decimal("1.00"), decimal("1e0")].into();
    assert_eq!(set.len(), 1);
}

#[test]
fn equivalence_looks_at_the_digits_that_both_have() {
    assert!(decimal("1.25").equivalent(decimal("1.3")));
    assert!(decimal("1.25").equivalent(decimal("1.2500")));
    assert!(!decimal("1.25").equivalent(decimal("1.2")));
    assert!(decimal("4").equivalent(decimal("4.04")));
}

#[test]
fn division_leaves_a_whole_part_and_a_rest() {
    let pairs = [
        ("5", "2", "2", "1"),
        ("-5", "2", "-2", "-1"),
        ("2.2", "1.8", "1", "0.4"),
        ("1", "3", "0", "1"),
    ];
    for (left, right, whole, rest) in pairs {
        let (left, right) = (decimal(left), decimal(right));
        assert_eq!(left.div_truncated(right), Some(decimal(whole)));
        assert_eq!(left.modulo(right), Some(decimal(rest)));
    }
    assert_eq!(decimal("5").modulo(Decimal::ZERO), None);
    assert_eq!(decimal("5").div_truncated(Decimal::ZERO), None);
    assert_eq!(decimal("5").checked_div(Decimal::ZERO), None);
}

#[test]
fn overflow_has_no_result() {
    let big = decimal("70000000000000000000000000000");
    assert_eq!(big.checked_add(big), None);
    assert_eq!(big.checked_mul(big), None);
    assert_eq!(big.to_cql(), None);
    assert_eq!(Decimal::MAX.to_cql(), Some(Decimal::MAX));
    assert_eq!(Decimal::MAX.successor(), None);
    assert_eq!(Decimal::MIN.predecessor(), None);
    assert_eq!(decimal("1000").exp(), None);
    assert_eq!(decimal("-1000").exp(), Some(Decimal::ZERO));
}

#[test]
fn halves_are_rounded_away_from_zero() {
    for (value, precision, rounded) in [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("1.4999", 0, "1"),
        ("3.14159", 3, "3.142"),
        ("-2.345", 2, "-2.35"),
    ] {
        assert_eq!(
            decimal(value).round(precision),
            Some(decimal(rounded)),
            "{value}"
        );
    }
    assert_eq!(decimal("1.5").round(-1), None);
}

#[test]
fn roots_powers_and_logarithms_are_exact_where_the_result_is() {
    assert_eq!(decimal("81").sqrt(), Some(decimal("9")));
    assert_eq!(decimal("-1").sqrt(), None);
    assert_eq!(decimal("2").power(decimal("-3")), Some(decimal("0.125")));
    assert_eq!(decimal("-2").power(decimal("3")), Some(decimal("-8")));
    assert_eq!(decimal("-2").power(decimal("0.5")), None);
    assert_eq!(decimal("16").power(decimal("0.5")), Some(decimal("4")));
    assert_eq!(decimal("0").power(decimal("-1")), None);
    assert_eq!(decimal("16").log(decimal("2")), Some(decimal("4")));
    assert_eq!(decimal("0.125").log(decimal("2")), Some(decimal("-3")));
    assert_eq!(decimal("100").log(decimal("10")), Some(decimal("2")));
    assert_eq!(decimal("2").log(decimal("1")), None);
    assert_eq!(decimal("0").ln(), None);
    let ln = decimal("1000").ln().unwrap();
    assert_eq!(ln.round(8), Some(decimal("6.90775528")));
    let e = decimal("1").exp().unwrap();
    assert_eq!(e.round(18), Some(decimal("2.718281828459045235")));
}

#[test]
fn boundaries_of_fhirpath_are_half_a_step_away() {
    let low = |text: &str, precision| shown(decimal(text).low_boundary(precision));
    let high = |text: &str, precision| shown(decimal(text).high_boundary(precision));
    for (value, precision, least, greatest) in [
        ("1.587", None, "1.58650000", "1.58750000"),
        ("1.587", Some(6), "1.586500", "1.587500"),
        ("1.587", Some(2), "1.58", "1.59"),
        ("1.587", Some(0), "1", "2"),
        ("1.587", Some(-1), "none", "none"),
        ("1.587", Some(32), "none", "none"),
        ("-1.587", None, "-1.58750000", "-1.58650000"),
        ("-1.587", Some(2), "-1.59", "-1.58"),
        ("-1.587", Some(0), "-2", "-1"),
        ("1", None, "0.50000000", "1.50000000"),
        ("1", Some(0), "0", "2"),
        ("12.500", Some(4), "12.4995", "12.5005"),
        ("120", Some(2), "119.50", "120.50"),
        ("0.0034", Some(1), "0.0", "0.0"),
        ("-0.0034", Some(1), "0.0", "0.0"),
        ("0.0034", Some(8), "0.00335000", "0.00345000"),
    ] {
        assert_eq!(
            low(value, precision),
            least,
            "low of {value} to {precision:?}"
        );
        assert_eq!(
            high(value, precision),
            greatest,
            "high of {value} to {precision:?}"
        );
    }
}

#[test]
fn boundaries_of_cql_begin_with_the_written_digits() {
    for (value, least, greatest) in [
        ("1.587", "1.58700000", "1.58799999"),
        ("1.58888", "1.58888000", "1.58888999"),
        ("-1.587", "-1.58799999", "-1.58700000"),
        ("1", "1.00000000", "1.99999999"),
    ] {
        assert_eq!(shown(decimal(value).low_boundary_cql(None)), least);
        assert_eq!(shown(decimal(value).high_boundary_cql(None)), greatest);
    }
    assert_eq!(decimal("1.5").high_boundary_cql(Some(9)), None);
}

#[test]
fn digits_of_a_sum_that_do_not_fit_are_cut_and_not_rounded() {
    let ten_to_28 = Decimal::parse("10000000000000000000000000000").unwrap();
    let step = Decimal::parse("0.00000001").unwrap();
    let less = ten_to_28.checked_sub(step).unwrap();
    assert_eq!(less.to_string(), "9999999999999999999999999999");
    let more = ten_to_28.checked_add(step).unwrap();
    assert_eq!(more, ten_to_28);
    assert_eq!(
        step.checked_sub(ten_to_28).unwrap().to_string(),
        "-9999999999999999999999999999"
    );
}
