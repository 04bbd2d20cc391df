//! Retrieves over JSON.

use std::sync::Arc;

use salus_cql::evaluate::{Evaluation, JsonDocuments, JsonRecords};
use salus_cql::operators::{Scene, Terminology, TerminologyError, Vocabulary};
use salus_values::Code;

use super::support::{define, integer, literal, operator, program, scene, whole};

const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"p"}},
    {"resource":{"resourceType":"Observation","id":"a","status":"final","subject":{"reference":"urn:uuid:1"},
        "code":{"coding":[{"system":"http://loinc.org","code":"1-8"}]},"effectiveDateTime":"2024-01-10",
        "valueQuantity":{"value":6.5,"unit":"%"}}},
    {"resource":{"resourceType":"Observation","id":"b","status":"final","subject":{"reference":"Patient/p"},
        "code":{"coding":[{"system":"http://other","code":"1-8"},{"system":"http://loinc.org","code":"2-6"}]},
        "effectivePeriod":{"start":"2024-01-20","end":"2024-02-03"}}},
    {"resource":{"resourceType":"Observation","id":"c","status":"final","subject":{"reference":"Patient/other"},
        "code":{"coding":[{"system":"http://loinc.org","code":"1-8"}]}}},
    {"resource":{"resourceType":"Observation","id":"d","status":"final",
        "code":{"text":"no code, no subject"}}},
    {"resource":{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"http://rx","code":"7"}]}}}]}"#;

/// One value set.
struct One;

impl Terminology for One {
    fn expand(&self, value_set: &Vocabulary) -> Result<Arc<[Code]>, TerminologyError> {
        match &*value_set.id {
            "http://vs" => Ok(Arc::new([Code::new("1-8", "http://loinc.org")])),
            _ => Err(TerminologyError::Missing {
                what: "value set",
                id: value_set.id.clone(),
                nearest: None,
            }),
        }
    }

    fn in_value_set(&self, code: &Code, value_set: &Vocabulary) -> Result<bool, TerminologyError> {
        let codes = self.expand(value_set)?;
        Ok(codes.iter().any(|known| known.equivalent(code)))
    }

    fn in_code_system(&self, _: &Code, _: &Vocabulary) -> Result<bool, TerminologyError> {
        Ok(false)
    }

    fn subsumes(&self, _: &Code, _: &Code) -> Result<Option<bool>, TerminologyError> {
        Ok(None)
    }
}

fn retrieve(ty: &str, rest: &str) -> String {
    format!(r#"{{"type":"Retrieve","dataType":"{{http://hl7.org/fhir}}{ty}"{rest}}}"#)
}

fn ids(expression: &str) -> Result<String, String> {
    let ids = format!(r#"{{"type":"Property","path":"id.value","source":{expression}}}"#);
    let main = whole(&format!(
        r#"{{"identifier":{{"id":"Main"}},
        "codeSystems":{{"def":[{{"name":"LOINC","id":"http://loinc.org"}}]}},
        "codes":{{"def":[{{"name":"C","id":"2-6","codeSystem":{{"name":"LOINC"}}}}]}},
        "valueSets":{{"def":[{{"name":"V","id":"http://vs"}},{{"name":"W","id":"http://missing"}}]}},
        "statements":{{"def":[{}]}}}}"#,
        define("X", "Patient", &ids)
    ));
    let program = program(&main, &[]).map_err(|errors| errors[0].to_string())?;
    let mut documents = JsonDocuments::new();
    documents.add(BUNDLE).unwrap();
    let records = JsonRecords::new(&documents);
    let scene = Scene {
        terminology: &One,
        ..scene()
    };
    let mut evaluation = Evaluation::new(&program, &records, scene);
    match evaluation.define("X") {
        Ok(value) => Ok(format!("{value:?}").replace('"', "")),
        Err(failure) => Err(failure.diagnostic().to_string()),
    }
}

#[test]
fn records_are_the_patients_who_is_the_only_one() {
    // `c` names another patient; `d` names nobody, and there is only one who could be meant.
    assert_eq!(ids(&retrieve("Observation", "")).unwrap(), "{a, b, d}");
    assert_eq!(ids(&retrieve("Patient", "")).unwrap(), "{p}");
    assert_eq!(ids(&retrieve("Condition", "")).unwrap(), "{}");
}

#[test]
fn what_is_no_patients_by_its_type_is_everyones() {
    assert_eq!(ids(&retrieve("Medication", "")).unwrap(), "{m}");
}

#[test]
fn a_retrieve_by_value_set_finds_the_records_with_a_code_in_it() {
    let by = |name: &str| {
        let codes = format!(r#"{{"type":"ValueSetRef","name":"{name}","preserve":true}}"#);
        retrieve(
            "Observation",
            &format!(r#","codeProperty":"code","codeComparator":"in","codes":{codes}"#),
        )
    };
    assert_eq!(ids(&by("V")).unwrap(), "{a}");
    let found = ids(&by("W")).unwrap_err();
    assert!(found.contains("http://missing"), "{found}");
}

#[test]
fn a_value_set_that_is_missing_is_missed_even_where_there_are_no_records() {
    let codes = r#"{"type":"ValueSetRef","name":"W","preserve":true}"#;
    let by = format!(r#","codeProperty":"code","codes":{codes}"#);
    let found = ids(&retrieve("Condition", &by)).unwrap_err();
    assert!(found.contains("http://missing"), "{found}");
}

#[test]
fn a_retrieve_by_codes_finds_the_records_with_one_of_them() {
    let codes = operator("ToList", &[r#"{"type":"CodeRef","name":"C"}"#]);
    let by = format!(r#","codeProperty":"code","codeComparator":"~","codes":{codes}"#);
    assert_eq!(ids(&retrieve("Observation", &by)).unwrap(), "{b}");
    let expanded =
        r#"{"type":"ExpandValueSet","operand":{"type":"ValueSetRef","name":"V","preserve":true}}"#;
    let by = format!(r#","codeProperty":"code","codes":{expanded}"#);
    assert_eq!(ids(&retrieve("Observation", &by)).unwrap(), "{a}");
}

#[test]
fn a_retrieve_by_dates_finds_the_records_during_them() {
    let moment = |month: i32, day: i32| {
        format!(
            r#"{{"type":"DateTime","year":{},"month":{},"day":{}}}"#,
            integer(2024),
            integer(month),
            integer(day)
        )
    };
    let dates = |low: String, high: String| {
        let range = format!(r#"{{"type":"Interval","low":{low},"high":{high}}}"#);
        let by = format!(r#","dateProperty":"effective","dateRange":{range}"#);
        ids(&retrieve("Observation", &by)).unwrap()
    };
    assert_eq!(dates(moment(1, 1), moment(1, 31)), "{a}");
    assert_eq!(dates(moment(1, 1), moment(2, 28)), "{a, b}");
    assert_eq!(dates(moment(1, 15), moment(2, 28)), "{b}");
}

#[test]
fn a_choice_is_found_by_its_name_and_a_list_is_one() {
    let property = |path: &str| {
        format!(
            r#"{{"type":"Property","path":"{path}","source":{}}}"#,
            retrieve("Observation", "")
        )
    };
    let value = property("value.value.value");
    let main = whole(&format!(
        r#"{{"identifier":{{"id":"Main"}},"statements":{{"def":[{}]}}}}"#,
        [
            define("Value", "Patient", &value),
            define("Codes", "Patient", &property("code.coding.code.value")),
            define(
                "Is",
                "Patient",
                &format!(
                    r#"{{"type":"Is","operand":{},"isType":"{{http://hl7.org/fhir}}Quantity"}}"#,
                    operator("SingletonFrom", &[&property("value")])
                )
            ),
            define(
                "Equal",
                "Patient",
                &operator("Equal", &[&property("value"), &property("value")])
            ),
            define(
                "Decimal",
                "Patient",
                &operator(
                    "Equal",
                    &[
                        &operator("SingletonFrom", &[&value]),
                        &literal("Decimal", "6.5"),
                    ]
                )
            ),
        ]
        .join(",")
    ));
    let program = program(&main, &[]).unwrap();
    let mut documents = JsonDocuments::new();
    documents.add(BUNDLE).unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let mut found = |name: &str| format!("{:?}", evaluation.define(name).unwrap());
    assert_eq!(found("Value"), "{6.5}");
    assert_eq!(found("Codes"), r#"{"1-8", "1-8", "2-6"}"#);
    assert_eq!(found("Is"), "true");
    assert_eq!(found("Equal"), "true");
    assert_eq!(found("Decimal"), "true");
}

#[test]
fn a_retrieve_of_what_is_no_resource_is_refused() {
    assert!(ids(&retrieve("Quantity", "")).is_err());
    let include = r#","include":[{"includeFrom":"x"}]"#;
    let found = ids(&retrieve("Observation", include)).unwrap_err();
    assert_eq!(found, "`include` in a retrieve is not supported");
}

#[test]
fn records_are_one_in_a_union_by_what_they_are() {
    // Twelve observations that differ in one element only, and the same ones again.
    let entries: Vec<String> = (0..12)
        .map(|number| {
            format!(
                r#"{{"resource":{{"resourceType":"Observation","status":"final","code":{{"text":"a"}},
                "valueQuantity":{{"value":{}.50,"unit":"mg"}}}}}}"#,
                number % 6
            )
        })
        .collect();
    let bundle = format!(
        r#"{{"resourceType":"Bundle","entry":[{}]}}"#,
        entries.join(",")
    );
    let all = retrieve("Observation", "");
    let value = |source: &str| format!(r#"{{"type":"Property","path":"value","source":{source}}}"#);
    let both = operator("Union", &[&all, &all]);
    let count = |source: &str| format!(r#"{{"type":"Count","source":{source}}}"#);
    let main = whole(&format!(
        r#"{{"identifier":{{"id":"Main"}},"statements":{{"def":[{},{},{}]}}}}"#,
        define("Both", "Patient", &count(&both)),
        define(
            "Values",
            "Patient",
            &count(&operator("Distinct", &[&value(&all)]))
        ),
        define("All", "Patient", &count(&value(&all))),
    ));
    let program = program(&main, &[]).unwrap();
    let mut documents = JsonDocuments::new();
    documents.add(&bundle).unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let mut found = |name: &str| format!("{:?}", evaluation.define(name).unwrap());
    assert_eq!(found("Both"), "6");
    assert_eq!(found("Values"), "6");
    assert_eq!(found("All"), "12");
}
