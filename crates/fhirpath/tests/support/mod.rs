//! Evaluates expressions over a record, and says what they give in words.

#![allow(dead_code, reason = "each test file uses what it needs")]

use salus_fhir::json::Document;
use salus_fhir::view::{ElementView, JsonElement};
use salus_fhirpath::{Collection, Environment, Program, system_value, value_text};
use salus_values::{DateTime, Value};

/// When it is now.
pub const NOW: &str = "2026-11-25T08:30:00.000+01:00";

pub fn environment<'e, V>() -> Environment<'e, V> {
    Environment::new(DateTime::parse(NOW).unwrap())
}

/// Items in words, with commas between them; elements without a System value as JSON.
pub fn words<V: ElementView>(items: &[Value<V>]) -> String {
    let word = |item: &Value<V>| match (system_value(item), item) {
        (Some(value), _) => value_text(&value).unwrap(),
        (None, Value::Node(element)) => {
            let mut json = String::new();
            element.write_json(&mut json);
            json
        }
        (None, _) => String::new(),
    };
    items.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// What an expression gives over a resource, or the code of why it cannot be evaluated.
pub fn over(record: &str, expression: &str) -> String {
    let document = Document::parse(record).unwrap();
    let resource = JsonElement::resource(&document).unwrap();
    answer(expression, |program| {
        program.evaluate(resource, &environment())
    })
}

/// What an expression gives without a record.
pub fn value(expression: &str) -> String {
    answer(expression, |program| {
        program.evaluate_on::<JsonElement<'_>>(&[], &environment())
    })
}

pub fn answer<V: ElementView>(
    expression: &str,
    evaluate: impl FnOnce(&Program) -> Result<Collection<V>, salus_fhirpath::EvaluationError>,
) -> String {
    let program = match Program::compile(expression) {
        Ok(program) => program,
        Err(error) => return error.code().to_string(),
    };
    match evaluate(&program) {
        Ok(found) => words(&found),
        Err(error) => error.code().to_string(),
    }
}

/// Checks lines of `expression => what it gives`.
pub fn check(lines: &str, evaluate: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, expected) = line.split_once("=>").unwrap();
        let got = evaluate(expression.trim());
        if got != expected.trim() {
            wrong.push(format!("{line}\n    got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
