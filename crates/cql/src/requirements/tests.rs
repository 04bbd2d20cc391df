//! What programs need.

use std::sync::Arc;

use super::*;
use crate::elm::{Library, VersionedIdentifier};

const MAIN: &str = r#"{"library": {"identifier": {"id": "Main"},
    "includes": {"def": [{"localIdentifier": "C", "path": "Common", "version": "1.0"}]},
    "codeSystems": {"def": [{"name": "LOINC", "id": "http://loinc.org"}]},
    "codes": {"def": [{"name": "Weight", "id": "29463-7", "codeSystem": {"name": "LOINC"}}]},
    "statements": {"def": [
        {"name": "Weighed", "expression": {"type": "Exists", "operand": {
            "type": "Query", "source": [{"alias": "O", "expression": {
                "type": "Retrieve", "dataType": "{http://hl7.org/fhir}Observation", "codeProperty": "code",
                "codes": {"type": "ToList", "operand": {"type": "CodeRef", "name": "Weight"}}}}],
            "where": {"type": "Equal", "operand": [
                {"type": "Property", "path": "status.value", "scope": "O"},
                {"type": "Literal", "valueType": "{urn:hl7-org:elm-types:r1}String", "value": "final"}]}}}},
        {"name": "Far", "expression": {"type": "ExpressionRef", "name": "Seen", "libraryName": "C"}},
        {"name": "Unread", "expression": {"type": "Retrieve", "dataType": "{http://hl7.org/fhir}Claim"}}
    ]}}}"#;

const COMMON: &str = r#"{"library": {"identifier": {"id": "Common", "version": "1.0"},
    "valueSets": {"def": [{"name": "Visits", "id": "http://a.example/visits", "version": "2"}]},
    "statements": {"def": [
        {"name": "Seen", "expression": {"type": "FunctionRef", "name": "Of", "operand": [{"type": "Null"}]}},
        {"type": "FunctionDef", "name": "Of", "operand": [{"name": "x"}], "expression": {
            "type": "Retrieve", "dataType": "{http://hl7.org/fhir}Encounter", "codeProperty": "type",
            "dateProperty": "period", "codes": {"type": "ExpandValueSet", "operand":
                {"type": "ValueSetRef", "name": "Visits"}}}}
    ]}}}"#;

fn linked() -> Linked {
    let main = Library::from_json(MAIN).unwrap();
    let common = Arc::new(Library::from_json(COMMON).unwrap());
    let find = move |wanted: VersionedIdentifier<'_>| {
        (wanted.id == "Common" && wanted.version == Some("1.0")).then(|| Arc::clone(&common))
    };
    Linked::new(Arc::new(main), &find)
}

#[test]
fn codes_that_the_library_names_are_found() {
    let needed = Requirements::of(&linked(), Some(&["Weighed"]));
    let [observations] = needed.records() else {
        panic!("{needed:?}")
    };
    let weight = CodeNeeded {
        system: "http://loinc.org".into(),
        code: "29463-7".into(),
    };
    assert_eq!(observations.codes, Codes::These(vec![weight]));
    let names: Vec<&str> = needed.elements().names().unwrap().collect();
    assert_eq!(names, ["code", "id", "status", "value"]);
}

#[test]
fn references_are_followed_into_other_libraries_and_functions() {
    let needed = Requirements::of(&linked(), Some(&["Far"]));
    let [encounters] = needed.records() else {
        panic!("{needed:?}")
    };
    assert_eq!(&*encounters.data_type, "Encounter");
    assert!(
        matches!(&encounters.codes, Codes::ValueSet { id, version: Some(version) }
            if &**id == "http://a.example/visits" && &**version == "2")
    );
    assert!(needed.elements().contains("period"));
    assert_eq!(needed.value_sets().count(), 1);
}

#[test]
fn definitions_that_are_not_asked_for_need_nothing() {
    let needed = Requirements::of(&linked(), Some(&["Weighed", "Far"]));
    assert!(!needed.data_types().contains("Claim"));
    let needed = Requirements::of(&linked(), None);
    assert_eq!(
        needed.data_types().into_iter().collect::<Vec<_>>(),
        ["Claim", "Encounter", "Observation"]
    );
}

#[test]
fn all_elements_are_needed_when_a_program_walks_all_of_them() {
    let text = r#"{"library": {"identifier": {"id": "Walks"}, "statements": {"def": [{"name": "All", "expression":
        {"type": "Descendents", "source": {"type": "Retrieve", "dataType": "{http://hl7.org/fhir}Claim"}}}]}}}"#;
    let linked = Linked::new(Arc::new(Library::from_json(text).unwrap()), &|_| None);
    let needed = Requirements::of(&linked, None);
    assert!(needed.elements().names().is_none());
    assert!(needed.elements().contains("anything"));
}

#[test]
fn a_value_set_with_code_systems_of_the_librarys_own_is_not_taken_for_the_plain_one() {
    let text = r#"{"library": {"identifier": {"id": "Own"},
        "codeSystems": {"def": [{"name": "LOINC", "id": "http://loinc.org", "version": "2.70"}]},
        "valueSets": {"def": [{"name": "V", "id": "http://a.example/v", "codeSystem": [{"name": "LOINC"}]}]},
        "statements": {"def": [{"name": "All", "expression": {"type": "Retrieve", "codeProperty": "code",
            "dataType": "{http://hl7.org/fhir}Observation", "codes": {"type": "ExpandValueSet",
            "operand": {"type": "ValueSetRef", "name": "V"}}}}]}}}"#;
    let linked = Linked::new(Arc::new(Library::from_json(text).unwrap()), &|_| None);
    let needed = Requirements::of(&linked, None);
    let [observations] = needed.records() else {
        panic!("{needed:?}")
    };
    assert_eq!(observations.codes, Codes::Any);
    assert_eq!(needed.value_sets().count(), 1);
}
