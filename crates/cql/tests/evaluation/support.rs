//! ELM in few words, and its value.

use std::sync::LazyLock;

use salus_base::Diagnostic;
use salus_cql::elm::Library;
use salus_cql::evaluate::{Evaluation, Failure, JsonDocuments, JsonRecords};
use salus_cql::model::{Model, Models};
use salus_cql::operators::Scene;
use salus_cql::program::{Program, ProgramError};
use salus_values::DateTime;

/// A library of these statements, each JSON.
pub fn library(name: &str, statements: &str) -> Library {
    whole(&format!(
        r#"{{"identifier":{{"id":"{name}","version":"1"}},"statements":{{"def":[{statements}]}}}}"#
    ))
}

/// A library of JSON.
pub fn whole(json: &str) -> Library {
    Library::from_json(&format!(r#"{{"library":{json}}}"#)).unwrap()
}

/// A define.
pub fn define(name: &str, context: &str, expression: &str) -> String {
    format!(r#"{{"name":"{name}","context":"{context}","expression":{expression}}}"#)
}

pub fn integer(value: i32) -> String {
    literal("Integer", &value.to_string())
}

pub fn text(value: &str) -> String {
    literal("String", value)
}

pub fn boolean(value: bool) -> String {
    literal("Boolean", &value.to_string())
}

pub fn literal(ty: &str, value: &str) -> String {
    format!(
        r#"{{"type":"Literal","valueType":"{{urn:hl7-org:elm-types:r1}}{ty}","value":"{value}"}}"#
    )
}

pub const NULL: &str = r#"{"type":"Null"}"#;

/// A list of expressions.
pub fn list(elements: &[&str]) -> String {
    format!(r#"{{"type":"List","element":[{}]}}"#, elements.join(","))
}

/// A list of Integers.
pub fn integers(values: &[i32]) -> String {
    let elements: Vec<String> = values.iter().map(|value| integer(*value)).collect();
    let elements: Vec<&str> = elements.iter().map(String::as_str).collect();
    list(&elements)
}

/// An operator of some operands.
pub fn operator(name: &str, operands: &[&str]) -> String {
    match operands {
        [one] => format!(r#"{{"type":"{name}","operand":{one}}}"#),
        all => format!(r#"{{"type":"{name}","operand":[{}]}}"#, all.join(",")),
    }
}

pub fn alias(name: &str) -> String {
    format!(r#"{{"type":"AliasRef","name":"{name}"}}"#)
}

/// A reference of a kind to a name.
pub fn reference(kind: &str, name: &str) -> String {
    format!(r#"{{"type":"{kind}","name":"{name}"}}"#)
}

/// A query over one source, with what else it has.
pub fn query(source: &str, name: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"Query","source":[{{"alias":"{name}","expression":{source}}}],"relationship":[]{rest}}}"#
    )
}

/// System and FHIR, read once.
pub fn models() -> &'static Models {
    static MODELS: LazyLock<Models> = LazyLock::new(|| {
        let mut models = Models::new().unwrap();
        models
            .add(Model::embedded("FHIR", Some("4.0.1")).unwrap())
            .unwrap();
        models
    });
    &MODELS
}

pub fn program(main: &Library, includes: &[&Library]) -> Result<Program, Vec<ProgramError>> {
    Program::new(main, includes, models())
}

/// Noon of a day in UTC.
pub fn scene() -> Scene<'static> {
    Scene::at(DateTime::parse("2024-03-15T12:00:00.000Z").unwrap())
}

/// The value of an expression, as text.
pub fn value(expression: &str) -> String {
    match evaluated(expression) {
        Ok(value) => value,
        Err(failure) => panic!("{}", failure.diagnostic()),
    }
}

/// The failure of an expression.
pub fn failure(expression: &str) -> Diagnostic {
    evaluated(expression).unwrap_err().diagnostic()
}

pub fn evaluated(expression: &str) -> Result<String, Box<Failure>> {
    let library = library("Test", &define("X", "Unfiltered", expression));
    let program = program(&library, &[]).unwrap_or_else(|errors| {
        let all: Vec<String> = errors.iter().map(|e| e.diagnostic().to_string()).collect();
        panic!("{}", all.join("\n"))
    });
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    evaluation.define("X").map(|value| format!("{value:?}"))
}
