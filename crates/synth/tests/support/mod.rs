//! Parsed records for the tests.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use salus_synth::Collected;
use serde_json::Value;

/// All resources by type, and where each stands.
pub struct Records {
    pub by_type: BTreeMap<String, Vec<Value>>,
    places: BTreeMap<String, (String, usize)>,
}

impl Records {
    pub fn parse(sink: &Collected) -> Records {
        let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (&resource_type, lines) in &sink.by_type {
            let resources = by_type.entry(resource_type.to_owned()).or_default();
            for line in lines.lines() {
                let resource: Value = serde_json::from_str(line).unwrap();
                let reference = format!("{resource_type}/{}", text(&resource, "/id"));
                places.insert(reference, (resource_type.to_owned(), resources.len()));
                resources.push(resource);
            }
        }
        Records { by_type, places }
    }

    pub fn all(&self, resource_type: &str) -> impl Iterator<Item = &Value> {
        self.by_type.get(resource_type).into_iter().flatten()
    }

    pub fn has(&self, reference: &str) -> bool {
        self.places.contains_key(reference)
    }

    pub fn get(&self, reference: &str) -> &Value {
        let (resource_type, at) = self
            .places
            .get(reference)
            .unwrap_or_else(|| panic!("no {reference}"));
        &self.by_type[resource_type][*at]
    }
}

/// The text at a JSON pointer.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
}

/// Every `reference` in a resource.
pub fn references(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(value, &mut |key, value| {
        if let ("reference", Value::String(reference)) = (key, value) {
            found.push(reference.clone());
        }
    });
    found
}

/// Every `system`, `code`, `display` of a Coding.
pub fn codings(value: &Value) -> Vec<(String, String)> {
    fn visit(value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                let part = |key| members.get(key).and_then(Value::as_str).map(str::to_owned);
                if let (Some(system), Some(code)) = (part("system"), part("code")) {
                    found.push((system, code));
                }
                members.values().for_each(|v| visit(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| visit(v, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit(value, &mut found);
    found
}

fn walk(value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                visit(key, value);
                walk(value, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

/// The shared data beside the repository, or `None` where a check may be skipped.
///
/// # Panics
/// In CI (`CI=true`), where the data must be there.
pub fn shared() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if path.is_dir() {
        return Some(path);
    }
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        !ci,
        "{} is missing: CI must mount the shared data beside the repository",
        path.display()
    );
    None
}
