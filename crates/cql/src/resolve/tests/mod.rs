//! Behaviour of conversions and overloads.

use super::*;
use crate::model::{Model, Models, Spec};

mod hostile;
mod problems;

fn spec(text: &str) -> Spec {
    Spec::parse(text, "System", &["System", "FHIR"]).unwrap()
}

fn models() -> Models {
    let mut models = Models::new().unwrap();
    models.add(Model::embedded("FHIR", None).unwrap()).unwrap();
    models
}

/// What a call means, as `nth: operands -> result`.
fn chosen(signatures: &[&str], operands: &[&str]) -> String {
    let models = models();
    let signatures: Vec<Signature> = signatures
        .iter()
        .map(|text| Signature::parse(text).unwrap())
        .collect();
    let operands: Vec<Spec> = operands.iter().map(|text| spec(text)).collect();
    match Conversions::of(&models).choose(&signatures, &operands) {
        Ok(chosen) => {
            let nth = chosen.nth;
            let signature = Signature {
                operands: chosen.operands,
                result: chosen.result,
            };
            format!("{nth}: {signature}")
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_closest_way_from_one_type_to_another_is_found() {
    let models = models();
    let conversions = Conversions::of(&models);
    let way = |from: &str, to: &str| {
        conversions
            .usable(&spec(from), &spec(to))
            .map(|usable| (usable.way, usable.distance))
    };
    let operator = |name: &str| Way::Operator(name.into());
    assert_eq!(way("Integer", "Integer"), Some((Way::Same, 0)));
    assert_eq!(way("FHIR.Patient", "FHIR.Resource"), Some((Way::Same, 1)));
    assert_eq!(way("Any", "Integer"), Some((Way::Cast, 2)));
    assert_eq!(
        way("Choice<Integer, String>", "String"),
        Some((Way::Cast, 2))
    );
    assert_eq!(
        way("Integer", "Choice<Integer, String>"),
        Some((Way::Cast, 2))
    );
    assert_eq!(way("Integer", "Decimal"), Some((operator("ToDecimal"), 4)));
    assert_eq!(way("Code", "Concept"), Some((operator("ToConcept"), 5)));
    assert_eq!(
        way("FHIR.Coding", "Code"),
        Some((operator("FHIRHelpers.ToCode"), 5))
    );
    let (interval, _) = way("FHIR.Period", "Interval<DateTime>").unwrap();
    assert_eq!(interval, operator("FHIRHelpers.ToInterval"));
    assert!(matches!(
        way("Interval<Integer>", "Interval<Decimal>"),
        Some((Way::Points(inner), 8)) if inner.way == operator("ToDecimal")
    ));
    assert_eq!(way("Decimal", "Integer"), None);
    assert_eq!(way("String", "Integer"), None);
    assert_eq!(way("List<Integer>", "Integer"), None);
}

#[test]
fn lists_and_intervals_stand_for_their_only_part_when_that_is_allowed() {
    let models = models();
    let conversions = Conversions::of(&models).lenient(Leniency::ALL);
    let far = |from: &str, to: &str| {
        conversions
            .usable(&spec(from), &spec(to))
            .map(|usable| usable.distance)
    };
    assert_eq!(far("Integer", "Interval<Integer>"), Some(6));
    assert_eq!(far("List<Integer>", "Integer"), Some(7));
    assert_eq!(far("Interval<Integer>", "Integer"), Some(8));
    assert_eq!(far("Integer", "List<Integer>"), Some(9));
    assert_eq!(far("Integer", "List<Decimal>"), Some(13));
}

#[test]
fn a_call_means_the_closest_signature() {
    let add = [
        "Integer, Integer -> Integer",
        "Decimal, Decimal -> Decimal",
        "Quantity, Quantity -> Quantity",
    ];
    assert_eq!(
        chosen(&add, &["Integer", "Integer"]),
        "0: (Integer, Integer) -> Integer"
    );
    assert_eq!(
        chosen(&add, &["Integer", "Decimal"]),
        "1: (Decimal, Decimal) -> Decimal"
    );
    assert_eq!(
        chosen(&add, &["Integer", "Quantity"]),
        "2: (Quantity, Quantity) -> Quantity"
    );
    assert_eq!(
        chosen(&add, &["Any", "Decimal"]),
        "1: (Decimal, Decimal) -> Decimal"
    );
    assert_eq!(
        chosen(&add, &["String", "Integer"]),
        "there is nothing that takes (String, Integer)"
    );
}

#[test]
fn variables_stand_for_the_widest_type_that_is_given() {
    let contains = ["List<T>, T -> Boolean", "Interval<T>, T -> Boolean"];
    assert_eq!(
        chosen(&contains, &["List<Integer>", "Integer"]),
        "0: (List<Integer>, Integer) -> Boolean"
    );
    assert_eq!(
        chosen(&contains, &["Interval<Integer>", "Decimal"]),
        "1: (Interval<Decimal>, Decimal) -> Boolean"
    );
    assert_eq!(
        chosen(&contains, &["List<Decimal>", "Integer"]),
        "0: (List<Decimal>, Decimal) -> Boolean"
    );
    assert_eq!(
        chosen(&contains, &["List<String>", "Any"]),
        "0: (List<String>, String) -> Boolean"
    );
    assert_eq!(
        chosen(&contains, &["Integer", "Integer"]),
        "there is nothing that takes (Integer, Integer)"
    );
    assert_eq!(
        chosen(&["List<T> -> T"], &["List<FHIR.Patient>"]),
        "0: (List<FHIR.Patient>) -> FHIR.Patient"
    );
    assert_eq!(
        chosen(&["T, T -> Boolean"], &["Integer", "String"]),
        "there is nothing that takes (Integer, String)"
    );
}

#[test]
fn what_could_be_several_is_ambiguous_unless_all_is_null() {
    let two = ["Decimal -> Integer", "Long -> Integer"];
    assert_eq!(
        chosen(&two, &["Integer"]),
        "(Integer) could be taken in 2 ways"
    );
    assert_eq!(chosen(&two, &["Any"]), "0: (Any) -> Integer");
}

#[test]
fn a_mistake_names_the_candidates() {
    let models = models();
    let signatures = [Signature::parse("List<T>, Integer -> T").unwrap()];
    let error = Conversions::of(&models)
        .choose(&signatures, &[spec("String")])
        .unwrap_err();
    let shown = format!("{:?}", error.diagnostic());
    assert!(shown.contains("(List<T>, Integer) -> T"), "{shown}");
    for code in ["SAL-CQL-0040", "SAL-CQL-0041"] {
        assert!(salus_base::explanation(code).is_some());
    }
}
