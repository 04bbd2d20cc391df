//! Libraries as large as measures, over each of the models: what they are translated to.
//!
//! The ELM is shown in short, a line for each definition, so that a change of it can be read. That the reference
//! translator writes the same is tested in `reference`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::fmt::Write;

use salus_cql::elm::{Field, Kind, Node};
use salus_cql::resolve::{Options, Translation, translate};
use support::libraries::{Folder, corpus};

fn translated(name: &str) -> Translation {
    let text = std::fs::read_to_string(corpus().join(format!("{name}.cql"))).unwrap();
    let translation = translate(&text, &Folder(corpus()), &Options::bare());
    let errors: Vec<String> = translation
        .problems
        .iter()
        .filter(|problem| problem.severity() == salus_base::Severity::Error)
        .map(|problem| format!("{:?}: {}", problem.span.line_column(&text), problem.mistake))
        .collect();
    assert!(errors.is_empty(), "{name}:\n{}", errors.join("\n"));
    translation
}

/// The definitions, one to a line: `name type = ELM`.
fn shown(translation: &Translation) -> String {
    let mut text = String::new();
    for part in [
        "usings",
        "includes",
        "parameters",
        "codeSystems",
        "valueSets",
        "codes",
        "concepts",
    ] {
        for def in translation.library.definitions(part) {
            writeln!(text, "{part}: {}", node(def, &[])).unwrap();
        }
    }
    for def in translation.library.statements() {
        let expression = def
            .node("expression")
            .map_or("external".into(), |one| node(one, &[]));
        let head = node(def, &["expression", "accessLevel"]);
        writeln!(text, "\n{head}\n  = {expression}").unwrap();
    }
    text
}

const LEFT_OUT: [&str; 4] = [
    "type",
    "annotation",
    "resultTypeName",
    "resultTypeSpecifier",
];

fn node(node_: &Node, without: &[&str]) -> String {
    let fields: Vec<String> = node_
        .fields()
        .filter(|(name, _)| !LEFT_OUT.contains(name) && !without.contains(name))
        .map(|(name, value)| match name {
            "operand" | "name" | "value" => field(value),
            _ => format!("{name}: {}", field(value)),
        })
        .collect();
    let name = match node_.kind() {
        Kind::Literal | Kind::NamedTypeSpecifier | Kind::Unknown => "",
        kind => kind.name(),
    };
    match fields.as_slice() {
        [one] if name.is_empty() => one.clone(),
        _ => format!("{name}({})", fields.join(", ")),
    }
}

fn field(value: &Field) -> String {
    match value {
        Field::Null => "null".into(),
        Field::Boolean(value) => value.to_string(),
        Field::Number(text) => text.to_string(),
        Field::Text(text) => text
            .replace("{urn:hl7-org:elm-types:r1}", "")
            .replace("{http://hl7.org/fhir}", "FHIR.")
            .replace("http://hl7.org/fhir/us/qicore/StructureDefinition/", "…/"),
        Field::List(fields) => {
            let all: Vec<String> = fields.iter().map(field).collect();
            format!("[{}]", all.join(", "))
        }
        Field::Node(one) => node(one, &[]),
    }
}

macro_rules! each_is_translated {
    ($($test:ident $name:literal,)*) => {$(
        #[test]
        fn $test() {
            insta::assert_snapshot!($name, shown(&translated($name)));
        }
    )*};
}

each_is_translated! {
    a_library_of_functions_over_qicore_6 "ClinicalTime",
    a_measure_over_qicore_6 "DiabetesControl",
    a_measure_over_qicore_4 "BloodPressure",
    a_measure_over_us_core_and_fhir "ColorectalScreening",
    a_measure_over_fhir "Readmission",
    a_library_of_functions_over_fhir "StayTimes",
}

#[test]
fn included_libraries_come_before_those_that_include_them() {
    let translation = translated("DiabetesControl");
    let names: Vec<&str> = translation
        .included
        .iter()
        .map(|library| library.identifier().id)
        .collect();
    assert_eq!(names, ["FHIRHelpers", "ClinicalTime"]);
}

/// The library with what it includes as text, and with the same as ELM.
fn both_ways(name: &str) -> (Translation, Translation) {
    let as_text = translated(name);
    let text = std::fs::read_to_string(corpus().join(format!("{name}.cql"))).unwrap();
    let included = as_text.included.iter().map(|library| library.to_json());
    let sources = support::libraries::Elm(included.collect());
    let as_elm = translate(&text, &sources, &Options::bare());
    (as_text, as_elm)
}

#[test]
fn a_library_can_be_included_as_elm() {
    let (as_text, as_elm) = both_ways("Readmission");
    assert_eq!(as_elm.problems, as_text.problems);
    assert!(as_elm.library.to_json() == as_text.library.to_json());
}

#[test]
fn a_library_over_profiles_can_be_included_as_elm() {
    // ELM names the types of the data, so which profile was meant is found by its name.
    let (as_text, as_elm) = both_ways("DiabetesControl");
    assert_eq!(as_elm.problems, as_text.problems);
}

#[test]
fn what_is_written_is_read_back_the_same() {
    for name in ["DiabetesControl", "Readmission"] {
        let json = translated(name).library.to_json();
        let read = salus_cql::elm::Library::from_json(&json).unwrap();
        assert_eq!(read.to_json(), json);
    }
}
