//! The official suite: what it accepts is not refused, and what it refuses for its types is.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use salus_fhir::json::Document;
use salus_fhir::view::{ElementView, JsonElement};
use salus_values::{DateTime, Value};

use super::*;
use crate::{Environment, Program, type_name};

/// A test of the suite, as far as types are concerned.
#[derive(Debug, Default)]
struct Case {
    name: String,
    input: Option<String>,
    strict: bool,
    invalid: Option<String>,
    expression: String,
}

fn folder() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = shared.join("conformance/fhirpath");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{} is missing: it comes with the project's shared folder",
        folder.display()
    );
    None
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).unwrap()?;
    Some(found.unescape_value().unwrap().into_owned())
}

/// The tests of `tests-fhir-r4.xml` in their order.
fn cases(folder: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(folder.join("tests-fhir-r4.xml")).unwrap();
    let mut reader = Reader::from_str(&text);
    let (mut cases, mut at, mut within) = (Vec::new(), Case::default(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) if element.name().as_ref() == b"test" => {
                at = Case {
                    name: attribute(&element, "name").unwrap(),
                    input: attribute(&element, "inputfile"),
                    strict: attribute(&element, "mode").as_deref() == Some("strict"),
                    ..Case::default()
                };
            }
            Event::Start(element) if element.name().as_ref() == b"expression" => {
                at.strict |= attribute(&element, "mode").as_deref() == Some("strict");
                at.invalid = attribute(&element, "invalid");
                within = true;
            }
            Event::Text(text) if within => at.expression += &text.decode().unwrap(),
            Event::GeneralRef(name) if within => {
                at.expression += match &*name.decode().unwrap() {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("&{other};"),
                };
            }
            Event::End(element) if element.name().as_ref() == b"expression" => within = false,
            Event::End(element) if element.name().as_ref() == b"test" => {
                cases.push(std::mem::take(&mut at));
            }
            Event::Eof => return cases,
            _ => {}
        }
    }
}

/// The resource type of an input, by its JSON form.
fn resource_type(folder: &Path, input: &str) -> String {
    let json = Path::new(input).with_extension("json");
    let text = std::fs::read_to_string(folder.join("input").join(json)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["resourceType"].as_str().unwrap().to_owned()
}

#[test]
fn the_suite_is_refused_where_it_says_so_and_nowhere_else() {
    let Some(folder) = folder() else { return };
    let mut inputs: HashMap<String, String> = HashMap::new();
    let mut wrong = Vec::new();
    let cases = cases(&folder);
    assert!(cases.len() >= 696, "{} tests", cases.len());
    for case in &cases {
        let read = syntax::parse(&case.expression);
        if !read.diagnostics.is_empty() {
            if case.invalid.is_none() {
                wrong.push(format!("{} is not read: {:?}", case.name, read.diagnostics));
            }
            continue;
        }
        if case.invalid.as_deref() == Some("syntax") {
            wrong.push(format!("{} is read: {}", case.name, case.expression));
        }
        let input = case.input.clone().map(|input| {
            let ty = || resource_type(&folder, &input);
            inputs.entry(input.clone()).or_insert_with(ty).clone()
        });
        let focus = input.and_then(|ty| schema::r4().resource(&ty));
        let typed = check(&read.expr, &Context::new(focus).strict(case.strict));
        let refused = !typed.is_sound();
        let shown = of_typed(&typed, &case.expression);
        match case.invalid.as_deref() {
            None if refused => wrong.push(format!("{} is refused: {shown:?}", case.name)),
            Some("semantic") if !refused => {
                wrong.push(format!("{} is accepted: {}", case.name, case.expression));
            }
            _ => {}
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_the_suite_gives_is_what_typing_promised() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    let now = DateTime::parse("2026-11-25T12:00:00.000+01:00").unwrap();
    let mut held = 0;
    for case in cases(&folder) {
        let text = case.input.as_deref().map_or("{}".to_owned(), |input| {
            let json = Path::new(input).with_extension("json");
            std::fs::read_to_string(folder.join("input").join(json)).unwrap()
        });
        let document = Document::parse(&text).unwrap();
        let focus = JsonElement::resource(&document);
        let context = Context::new(focus.as_ref().map(ElementView::type_id));
        let read = syntax::parse(&case.expression);
        let typed = check(&read.expr, &context);
        let program = Program::compile(&case.expression);
        let (Ok(program), true) = (program, typed.is_sound()) else {
            continue;
        };
        let focus: Vec<_> = focus.into_iter().map(Value::Node).collect();
        if let Ok(items) = program.evaluate_on(&focus, &Environment::new(now)) {
            held += 1;
            if !typed.result.admits(&items) {
                let types: Vec<String> = items.iter().map(type_name).collect();
                wrong.push(format!(
                    "{}: `{}` is {} and gives {types:?}",
                    case.name, case.expression, typed.result
                ));
            }
        }
    }
    assert!(held > 600, "only {held} were evaluated");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
