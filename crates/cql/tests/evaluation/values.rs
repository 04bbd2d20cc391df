//! Literals, selectors, conditions, types.

use super::support::{
    NULL, boolean, evaluated, failure, integer, integers, list, literal, operator, text, value,
};

#[test]
fn literals_are_values_of_their_types() {
    assert_eq!(value(&integer(5)), "5");
    assert_eq!(value(&text("a")), r#""a""#);
    assert_eq!(value(&literal("Decimal", "1.50")), "1.50");
    assert_eq!(value(&boolean(true)), "true");
    assert_eq!(value(&literal("Long", "5000000000")), "5000000000L");
    assert_eq!(
        value(r#"{"type":"Quantity","value":5.0,"unit":"mg"}"#),
        "5.0 'mg'"
    );
}

#[test]
fn the_least_integer_is_a_literal_with_a_sign() {
    let least = literal("Integer", "2147483648");
    assert_eq!(value(&operator("Negate", &[&least])), "-2147483648");
}

#[test]
fn a_condition_decides_which_branch_is_evaluated() {
    let stop = stop();
    let lazy = |condition: &str, then: &str, otherwise: &str| {
        format!(r#"{{"type":"If","condition":{condition},"then":{then},"else":{otherwise}}}"#)
    };
    assert_eq!(value(&lazy(&boolean(true), &integer(1), &stop)), "1");
    assert_eq!(value(&lazy(&boolean(false), &stop, &integer(2))), "2");
    // A condition that is not known is not true.
    assert_eq!(value(&lazy(NULL, &stop, &integer(2))), "2");
}

/// An expression that must not be evaluated.
fn stop() -> String {
    format!(
        r#"{{"type":"Message","source":{NULL},"condition":{},"severity":{},"message":{}}}"#,
        boolean(true),
        text("Error"),
        text("not lazy")
    )
}

#[test]
fn logic_does_not_look_at_what_does_not_matter() {
    let stop = stop();
    let stop = operator("IsNull", &[&stop]);
    assert_eq!(value(&operator("And", &[&boolean(false), &stop])), "false");
    assert_eq!(value(&operator("Or", &[&boolean(true), &stop])), "true");
    assert_eq!(
        value(&operator("Implies", &[&boolean(false), &stop])),
        "true"
    );
    assert_eq!(
        value(&operator("Coalesce", &[NULL, &integer(1), &stop])),
        "1"
    );
}

#[test]
fn a_message_of_severity_error_stops_with_its_text() {
    let found = failure(&stop());
    assert_eq!(found.code.as_str(), "SAL-CQL-0066");
    assert!(found.message.contains("not lazy"), "{}", found.message);
}

#[test]
fn case_takes_the_first_that_is_true_or_equal() {
    let item = |when: &str, then: i32| format!(r#"{{"when":{when},"then":{}}}"#, integer(then));
    let cases = [
        item(NULL, 1),
        item(&boolean(false), 2),
        item(&boolean(true), 3),
    ];
    let case = format!(
        r#"{{"type":"Case","caseItem":[{}],"else":{}}}"#,
        cases.join(","),
        integer(4)
    );
    assert_eq!(value(&case), "3");
    let case = format!(
        r#"{{"type":"Case","comparand":{},"caseItem":[{}],"else":{}}}"#,
        integer(7),
        [item(&integer(6), 1), item(&integer(7), 2)].join(","),
        integer(4)
    );
    assert_eq!(value(&case), "2");
}

#[test]
fn an_interval_has_ends_that_may_be_computed_and_must_be_in_order() {
    let interval = |low: i32, high: i32, rest: &str| {
        format!(
            r#"{{"type":"Interval","low":{},"high":{}{rest}}}"#,
            integer(low),
            integer(high)
        )
    };
    assert_eq!(
        value(&interval(1, 5, r#","highClosed":false"#)),
        "Interval[1, 5)"
    );
    let computed = format!(r#","lowClosedExpression":{}"#, boolean(false));
    assert_eq!(value(&interval(1, 5, &computed)), "Interval(1, 5]");
    assert_eq!(failure(&interval(5, 1, "")).code.as_str(), "SAL-CQL-0061");
}

#[test]
fn elements_of_tuples_intervals_and_classes_of_system_have_names() {
    let property = |source: &str, path: &str| {
        format!(r#"{{"type":"Property","path":"{path}","source":{source}}}"#)
    };
    let inner = format!(
        r#"{{"type":"Tuple","element":[{{"name":"b","value":{}}}]}}"#,
        integer(7)
    );
    let tuple = format!(
        r#"{{"type":"Tuple","element":[{{"name":"a","value":{}}}]}}"#,
        list(&[&inner, &inner])
    );
    assert_eq!(value(&property(&tuple, "a[1].b")), "7");
    assert_eq!(value(&property(&tuple, "a.b")), "{7, 7}");
    assert_eq!(value(&property(&tuple, "a[2].b")), "null");
    let interval = format!(
        r#"{{"type":"Interval","low":{},"high":{NULL}}}"#,
        integer(1)
    );
    assert_eq!(value(&property(&interval, "low")), "1");
    assert_eq!(value(&property(&interval, "highClosed")), "true");
    let quantity = r#"{"type":"Quantity","value":5,"unit":"mg"}"#;
    assert_eq!(value(&property(quantity, "unit")), r#""mg""#);
    assert_eq!(
        failure(&property(quantity, "units")).code.as_str(),
        "SAL-CQL-0122"
    );
}

#[test]
fn an_instance_of_a_class_of_system_is_its_value() {
    let element = |name: &str, value: &str| format!(r#"{{"name":"{name}","value":{value}}}"#);
    let instance = |class: &str, elements: &[String]| {
        format!(
            r#"{{"type":"Instance","classType":"{{urn:hl7-org:elm-types:r1}}{class}","element":[{}]}}"#,
            elements.join(",")
        )
    };
    let quantity = instance(
        "Quantity",
        &[
            element("value", &literal("Decimal", "2.5")),
            element("unit", &text("mg")),
        ],
    );
    assert_eq!(value(&quantity), "2.5 'mg'");
    let code = instance(
        "Code",
        &[
            element("code", &text("x")),
            element("system", &text("http://a")),
        ],
    );
    let concept = instance("Concept", &[element("codes", &list(&[&code]))]);
    let same = operator("Equivalent", &[&concept, &operator("ToConcept", &[&code])]);
    assert_eq!(value(&same), "true");
}

#[test]
fn an_instance_of_the_model_has_its_elements_and_type() {
    let instance = format!(
        r#"{{"type":"Instance","classType":"{{http://hl7.org/fhir}}Quantity","element":[{{"name":"value","value":{}}}]}}"#,
        literal("Decimal", "1.5")
    );
    let is = |ty: &str| {
        format!(r#"{{"type":"Is","operand":{instance},"isType":"{{http://hl7.org/fhir}}{ty}"}}"#)
    };
    assert_eq!(value(&is("Quantity")), "true");
    assert_eq!(value(&is("Element")), "true");
    assert_eq!(value(&is("Period")), "false");
    let path = format!(r#"{{"type":"Property","path":"value","source":{instance}}}"#);
    assert_eq!(value(&path), "1.5");
    let equal = operator("Equal", &[&instance, &instance]);
    assert_eq!(value(&equal), "true");
}

#[test]
fn values_are_tested_and_cast_by_type() {
    let is = |operand: &str, ty: &str| {
        let ty = format!("{{urn:hl7-org:elm-types:r1}}{ty}");
        format!(r#"{{"type":"Is","operand":{operand},"isType":"{ty}"}}"#)
    };
    assert_eq!(value(&is(&integer(1), "Integer")), "true");
    assert_eq!(value(&is(&integer(1), "Decimal")), "false");
    assert_eq!(value(&is(&integer(1), "Any")), "true");
    assert_eq!(value(&is(NULL, "Integer")), "false");
    let cast = |operand: &str, strict: bool| {
        let ty = "{urn:hl7-org:elm-types:r1}String";
        format!(r#"{{"type":"As","operand":{operand},"asType":"{ty}","strict":{strict}}}"#)
    };
    assert_eq!(value(&cast(&text("a"), true)), r#""a""#);
    assert_eq!(value(&cast(&integer(1), false)), "null");
    assert_eq!(
        failure(&cast(&integer(1), true)).code.as_str(),
        "SAL-CQL-0123"
    );
    let lists = |of: &str| {
        format!(
            r#"{{"type":"Is","operand":{},"isTypeSpecifier":{{"type":"ListTypeSpecifier","elementType":
            {{"type":"NamedTypeSpecifier","name":"{{urn:hl7-org:elm-types:r1}}{of}"}}}}}}"#,
            integers(&[1])
        )
    };
    assert_eq!(value(&lists("Integer")), "true");
    assert_eq!(value(&lists("String")), "false");
}

#[test]
fn a_conversion_is_that_of_its_type() {
    let convert = |kind: &str, operand: &str, ty: &str| {
        let ty = format!("{{urn:hl7-org:elm-types:r1}}{ty}");
        format!(r#"{{"type":"{kind}","operand":{operand},"toType":"{ty}"}}"#)
    };
    assert_eq!(value(&convert("Convert", &text("7"), "Integer")), "7");
    assert_eq!(value(&convert("Convert", &integer(7), "String")), r#""7""#);
    assert_eq!(
        value(&convert("CanConvert", &text("x"), "Integer")),
        "false"
    );
    assert_eq!(value(&convert("CanConvert", &text("7"), "Integer")), "true");
}

#[test]
fn terminology_that_is_missing_is_an_error_and_no_empty_set() {
    let code = r#"{"type":"Code","code":"x"}"#;
    let value_set = format!(
        r#"{{"type":"InValueSet","code":{code},"valuesetExpression":{{"type":"Instance",
        "classType":"{{urn:hl7-org:elm-types:r1}}ValueSet","element":[{{"name":"id","value":{}}}]}}}}"#,
        text("http://a.example/vs")
    );
    let found = failure(&value_set);
    assert_eq!(found.code.as_str(), "SAL-CQL-0065");
    assert!(format!("{found:?}").contains("http://a.example/vs"));
}

#[test]
fn what_has_no_value_says_where_it_is() {
    let failing = operator("SingletonFrom", &[&integers(&[1, 2])]).replacen(
        '{',
        r#"{"localId":"9","locator":"3:5-3:20","#,
        1,
    );
    let found = evaluated(&failing).unwrap_err();
    let place = found.place.clone().unwrap();
    assert_eq!(place.local_id.as_deref(), Some("9"));
    assert_eq!(
        found.diagnostic().place.unwrap().to_string(),
        "Test|1, `X`, 3:5-3:20"
    );
}
