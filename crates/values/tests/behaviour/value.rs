//! Values of any type: size, equality, conversion, order, logic.

use std::sync::Arc;

use salus_values::{Code, Concept, Elements, Grain, SameNode, Tuple, Value, logic, text};

type V = Value<()>;

#[test]
fn a_value_is_no_larger_than_four_words() {
    assert!(size_of::<Value<()>>() <= 32);
    // A node of two words and a half, such as a row and a column.
    assert!(size_of::<Value<(u64, u64, u32)>>() <= 32);
}

#[test]
fn logic_has_three_values() {
    use logic::{all, and, any, implies, not, or, xor};
    let (yes, no, unknown) = (Some(true), Some(false), None);
    assert_eq!(
        [and(no, unknown), and(yes, unknown), and(yes, yes)],
        [no, unknown, yes]
    );
    assert_eq!(
        [or(yes, unknown), or(no, unknown), or(no, no)],
        [yes, unknown, no]
    );
    assert_eq!(
        [xor(yes, no), xor(yes, yes), xor(yes, unknown)],
        [yes, no, unknown]
    );
    assert_eq!(
        [
            implies(no, unknown),
            implies(unknown, yes),
            implies(yes, unknown)
        ],
        [yes, yes, unknown]
    );
    assert_eq!([not(yes), not(unknown)], [no, unknown]);
    assert_eq!(
        [all([yes, unknown]), all([unknown, no]), all([])],
        [unknown, no, yes]
    );
    assert_eq!(
        [any([no, unknown]), any([unknown, yes]), any([])],
        [unknown, yes, no]
    );
}

#[test]
fn texts_are_equivalent_but_for_case_and_kind_of_space() {
    for (left, right) in [
        ("Abc", "aBC"),
        ("a\tb", "a  b"),
        ("a \n b", "a b"),
        ("STRASSE", "strasse"),
        ("Été", "éTÉ"),
        ("a\u{a0}b", "a b"),
    ] {
        assert!(text::equivalent(left, right), "{left:?} {right:?}");
        assert_eq!(text::equivalence_key(left), text::equivalence_key(right));
    }
    for (left, right) in [("ab", "a b"), ("a", "b"), ("a", "ab"), ("", " ")] {
        assert!(!text::equivalent(left, right), "{left:?} {right:?}");
    }
}

#[test]
fn values_convert_as_the_languages_say() {
    let text = |text: &str| V::string(text);
    for (value, truth) in [
        ("true", Some(true)),
        ("T", Some(true)),
        ("yes", Some(true)),
        ("1.0", Some(true)),
        ("N", Some(false)),
        ("0", Some(false)),
        ("2", None),
        ("", None),
    ] {
        assert_eq!(text(value).to_boolean(), truth, "{value}");
    }
    assert_eq!(V::Integer(2).to_boolean(), None);
    assert_eq!(text("+12").to_integer(), Some(12));
    assert_eq!(text("1.0").to_integer(), None);
    assert_eq!(V::Long(1 << 40).to_integer(), None);
    assert_eq!(V::Boolean(true).to_integer(), Some(1));
    assert_eq!(text("1e3").to_decimal(), None);
    assert_eq!(V::Boolean(true).to_decimal().unwrap().to_string(), "1.0");
    assert_eq!(
        text("T14:30:00.0+05:30").to_time().unwrap().to_string(),
        "14:30:00.000"
    );
    assert_eq!(text("1 'wk'").to_quantity().unwrap().to_string(), "1 'wk'");
    assert_eq!(text("1:2").to_ratio().unwrap().to_string(), "1:2");
    assert_eq!(V::Null.to_text(), None);
}

#[test]
fn codes_are_equivalent_without_their_display_and_concepts_by_one_code() {
    let bare = Code::new("8480-6", "http://loinc.org");
    let named = Code {
        display: Some("Systolic blood pressure".into()),
        ..bare.clone()
    };
    assert!(bare.equivalent(&named));
    assert_eq!(bare.equal(&named), None);
    assert!(!bare.equivalent(&Code::new("8480-6", "http://snomed.info/sct")));
    let concept = Concept {
        codes: [Code::new("x", "y"), named].into(),
        display: None,
    };
    assert!(concept.equivalent(&Concept::from(bare.clone())));
    let (concept, code): (V, V) = (
        Value::Concept(Arc::new(concept)),
        Value::Code(Arc::new(bare)),
    );
    assert!(concept.equivalent(&code, &Grain::default(), &SameNode));
}

#[test]
fn a_tuple_has_each_name_once_in_order() {
    let tuple = Tuple::new([("b", 1), ("a", 2), ("b", 3)]);
    assert_eq!(tuple.iter().collect::<Vec<_>>(), [("a", &2), ("b", &3)]);
    assert_eq!(tuple.get("b"), Some(&3));
    assert_eq!(tuple.get("c"), None);
    assert_eq!(tuple.len(), 2);
    assert!(!tuple.is_empty());
}

#[test]
fn the_first_difference_decides_whether_tuples_and_lists_are_equal() {
    let equal = |left: [V; 2], right: [V; 2]| {
        V::list(left).equal(&V::list(right), &Grain::default(), &SameNode)
    };
    let (one, two, null) = (V::Integer(1), V::Integer(2), V::Null);
    assert_eq!(
        equal([one.clone(), null.clone()], [two.clone(), one.clone()]),
        Some(false)
    );
    assert_eq!(
        equal([null.clone(), one.clone()], [one.clone(), two.clone()]),
        None
    );
    assert_eq!(equal([null.clone(), one.clone()], [null, one]), Some(true));
}

#[test]
fn any_list_can_be_sorted() {
    let elements = Elements {
        grain: Grain::default(),
        nodes: &SameNode,
    };
    let text = |text: &str| V::string(text);
    let date = |text: &str| V::DateTime(text.parse().unwrap());
    let mut mixed = vec![
        date("2012-10-05T10"),
        text("b"),
        date("2012-01-01"),
        V::Null,
        V::Long(3),
        text("a"),
        V::Integer(-1),
        date("2012-01-01T12"),
        date("2012-10-05"),
        V::Boolean(true),
    ];
    elements.sort(&mut mixed, false);
    let shown: Vec<String> = mixed.iter().map(|value| format!("{value:?}")).collect();
    assert_eq!(
        shown.join(" "),
        "null true -1 3L \"a\" \"b\" @2012-01-01T @2012-01-01T12 @2012-10-05T @2012-10-05T10"
    );
    elements.sort(&mut mixed, true);
    assert!(mixed.last().unwrap().is_null());
}
