//! Contexts, parameters, and what is evaluated how often.

use std::cell::RefCell;

use salus_cql::evaluate::{Element, Evaluation, Item, JsonDocuments, JsonRecords, Records};
use salus_cql::program::ElmPlace;
use salus_fhir::view::JsonElement;
use salus_values::{Quantity, Value};

use super::support::{define, integer, library, operator, program, reference, scene, whole};

const PATIENTS: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"a","gender":"male"}},
    {"resource":{"resourceType":"Patient","id":"b","gender":"female"}},
    {"resource":{"resourceType":"Observation","id":"1","status":"final","subject":{"reference":"Patient/a"}}},
    {"resource":{"resourceType":"Observation","id":"2","status":"final","subject":{"reference":"Patient/b"}}},
    {"resource":{"resourceType":"Observation","id":"3","status":"final","subject":{"reference":"Patient/b"}}}]}"#;

fn retrieve(ty: &str) -> String {
    format!(r#"{{"type":"Retrieve","dataType":"{{http://hl7.org/fhir}}{ty}"}}"#)
}

fn count(source: &str) -> String {
    format!(r#"{{"type":"Count","source":{source}}}"#)
}

fn statements() -> String {
    [
        define("Mine", "Patient", &count(&retrieve("Observation"))),
        define("All", "Unfiltered", &count(&retrieve("Observation"))),
        define(
            "Both",
            "Patient",
            &operator(
                "Add",
                &[
                    &reference("ExpressionRef", "Mine"),
                    &reference("ExpressionRef", "All"),
                ],
            ),
        ),
        define("Each", "Unfiltered", &reference("ExpressionRef", "Mine")),
        define("Lists", "Patient", &retrieve("Observation")),
        define(
            "Flat",
            "Unfiltered",
            &count(&reference("ExpressionRef", "Lists")),
        ),
    ]
    .join(",")
}

fn shown<V: salus_fhir::view::ElementView>(value: &Item<V>) -> String {
    format!("{value:?}")
}

#[test]
fn a_define_sees_the_records_of_its_context() {
    let program = program(&library("Main", &statements()), &[]).unwrap();
    let mut documents = JsonDocuments::new();
    documents.add(PATIENTS).unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let found: Vec<String> = records
        .subjects("Patient")
        .unwrap()
        .into_iter()
        .map(|patient| {
            evaluation.enter("Patient", Some(patient));
            let values = ["Mine", "Both"].map(|name| shown(&evaluation.define(name).unwrap()));
            values.join(" ")
        })
        .collect();
    assert_eq!(found, ["1 4", "2 5"]);
    assert_eq!(shown(&evaluation.define("All").unwrap()), "3");
}

#[test]
fn a_define_of_one_patient_is_a_list_over_all_from_where_all_are_seen() {
    let program = program(&library("Main", &statements()), &[]).unwrap();
    let mut documents = JsonDocuments::new();
    documents.add(PATIENTS).unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    assert_eq!(shown(&evaluation.define("Each").unwrap()), "{1, 2}");
    assert_eq!(shown(&evaluation.define("Flat").unwrap()), "3");
    let found = evaluation.define("Mine").unwrap_err().diagnostic();
    assert_eq!(found.code.as_str(), "SAL-CQL-0126");
    assert_eq!(found.message, "`Mine` is for one Patient, and there are 2");
}

fn with_parameter() -> salus_cql::elm::Library {
    whole(&format!(
        r#"{{"identifier":{{"id":"Main"}},"parameters":{{"def":[
        {{"name":"P","parameterType":"{{urn:hl7-org:elm-types:r1}}Integer","default":{}}}]}},
        "statements":{{"def":[{}]}}}}"#,
        integer(5),
        define(
            "X",
            "Unfiltered",
            &operator("Add", &[&reference("ParameterRef", "P"), &integer(1)])
        )
    ))
}

#[test]
fn a_parameter_has_its_default_or_the_value_that_is_given() {
    let program = program(&with_parameter(), &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    assert_eq!(shown(&evaluation.define("X").unwrap()), "6");
    let mut evaluation = Evaluation::new(&program, &records, scene());
    evaluation.parameter("P", Value::Integer(9)).unwrap();
    assert_eq!(shown(&evaluation.define("X").unwrap()), "10");
}

#[test]
fn a_parameter_of_another_type_is_refused() {
    let program = program(&with_parameter(), &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let quantity = Quantity::parse("5 'mg'").unwrap();
    let found = evaluation
        .parameter("P", Value::quantity(quantity))
        .unwrap_err()
        .diagnostic();
    assert_eq!(found.code.as_str(), "SAL-CQL-0121");
    assert_eq!(found.message, "the parameter `P` is Integer, not Quantity");
    let found = evaluation
        .parameter("Q", Value::Integer(1))
        .unwrap_err()
        .diagnostic();
    assert_eq!(found.code.as_str(), "SAL-CQL-0120");
}

#[test]
fn an_observer_sees_the_value_of_every_step() {
    let sum = operator("Add", &[&integer(1), &integer(2)]).replacen('{', r#"{"localId":"7","#, 1);
    let main = library("Main", &define("X", "Unfiltered", &sum));
    let program = program(&main, &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let seen = RefCell::new(Vec::new());
    let observer = |place: &ElmPlace, value: &Item<JsonElement<'_>>| {
        if let Some(id) = &place.local_id {
            seen.borrow_mut().push((id.to_string(), shown(value)));
        }
    };
    let mut evaluation = Evaluation::observed(&program, &records, scene(), observer);
    evaluation.define("X").unwrap();
    assert_eq!(
        seen.borrow().first(),
        Some(&("7".to_owned(), "3".to_owned()))
    );
}

#[test]
fn a_function_of_the_main_library_can_be_called() {
    let main = library(
        "Main",
        r#"{"type":"FunctionDef","name":"Same","expression":{"type":"OperandRef","name":"a"},
        "operand":[{"name":"a","operandTypeSpecifier":{"type":"NamedTypeSpecifier","name":"{urn:hl7-org:elm-types:r1}Any"}}]}"#,
    );
    let program = program(&main, &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let value = evaluation.function("Same", &[Value::Integer(3)]).unwrap();
    assert_eq!(shown(&value), "3");
    assert!(evaluation.function("Same", &[]).is_err());
}

#[test]
fn the_gender_of_the_only_patient_is_a_node_with_a_value() {
    let patient = operator("SingletonFrom", &[&retrieve("Patient")]);
    let gender = format!(r#"{{"type":"Property","path":"gender.value","source":{patient}}}"#);
    let main = library("Main", &define("X", "Patient", &gender));
    let program = program(&main, &[]).unwrap();
    let mut documents = JsonDocuments::new();
    documents
        .add(r#"{"resourceType":"Patient","id":"a","gender":"male"}"#)
        .unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let value = evaluation.define("X").unwrap();
    assert_eq!(
        shown(&value),
        shown::<JsonElement<'_>>(&Value::string("male"))
    );
    assert!(!matches!(value, Value::Node(Element::Record(_))));
}

#[test]
fn a_context_may_be_about_others_than_patients() {
    let main = library(
        "Main",
        &define("Mine", "Practitioner", &count(&retrieve("Encounter"))),
    );
    let program = program(&main, &[]).unwrap();
    let mut documents = JsonDocuments::new();
    let lines = r#"{"resourceType":"Practitioner","id":"d"}
        {"resourceType":"Practitioner","id":"e"}

        {"resourceType":"Encounter","id":"1","participant":[{"individual":{"reference":"Practitioner/d"}}]}
        {"resourceType":"Encounter","id":"2","participant":[{"individual":{"reference":"Practitioner/d"}}]}"#;
    documents
        .add_lines(lines, &salus_base::Cancel::new())
        .unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let found: Vec<String> = records
        .subjects("Practitioner")
        .unwrap()
        .into_iter()
        .map(|practitioner| {
            evaluation.enter("Practitioner", Some(practitioner));
            shown(&evaluation.define("Mine").unwrap())
        })
        .collect();
    assert_eq!(found, ["2", "0"]);
}

#[test]
fn a_retrieve_may_be_of_a_related_patient() {
    // The mother's observations, from her child.
    let all = retrieve("Patient");
    let mother = r#"{"type":"ExpressionRef","name":"Mother"}"#;
    let related = retrieve("Observation").replacen('{', &format!(r#"{{"context":{mother},"#), 1);
    let statements = [
        define("Patients", "Unfiltered", &all),
        define(
            "Mother",
            "Patient",
            r#"{"type":"Last","source":{"type":"ExpressionRef","name":"Patients"}}"#,
        ),
        define("Hers", "Patient", &count(&related)),
        define("Mine", "Patient", &count(&retrieve("Observation"))),
    ];
    let main = library("Main", &statements.join(","));
    let program = program(&main, &[]).unwrap();
    let mut documents = JsonDocuments::new();
    documents.add(PATIENTS).unwrap();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let child = records.subjects("Patient").unwrap().swap_remove(0);
    evaluation.enter("Patient", Some(child));
    assert_eq!(shown(&evaluation.define("Hers").unwrap()), "2");
    assert_eq!(shown(&evaluation.define("Mine").unwrap()), "1");
}

#[test]
fn a_parameter_is_given_to_included_libraries_too() {
    let common = whole(&format!(
        r#"{{"identifier":{{"id":"Common"}},"parameters":{{"def":[
        {{"name":"P","parameterType":"{{urn:hl7-org:elm-types:r1}}Integer","default":{}}}]}},
        "statements":{{"def":[{}]}}}}"#,
        integer(1),
        define("Y", "Unfiltered", &reference("ParameterRef", "P"))
    ));
    let main = whole(&format!(
        r#"{{"identifier":{{"id":"Main"}},"includes":{{"def":[{{"localIdentifier":"C","path":"Common"}}]}},
        "parameters":{{"def":[{{"name":"P","parameterType":"{{urn:hl7-org:elm-types:r1}}Integer"}}]}},
        "statements":{{"def":[{}]}}}}"#,
        define(
            "X",
            "Unfiltered",
            r#"{"type":"ExpressionRef","name":"Y","libraryName":"C"}"#
        )
    ));
    let program = program(&main, &[&common]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    evaluation.parameter("P", Value::Integer(7)).unwrap();
    assert_eq!(shown(&evaluation.define("X").unwrap()), "7");
}
