//! The JSON against the R4 element tables of `salus-fhir`: known names, arrays where elements repeat,
//! required elements there, references to the types that are allowed.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

mod support;

use salus_fhir::schema::{Element, Kind, Primitive, Schema, TypeDef, r4};
use salus_synth::{Collected, Options, generate};
use serde_json::Value;
use support::Records;

fn problems(schema: &Schema, ty: &TypeDef, value: &Value, path: &str, found: &mut Vec<String>) {
    let Value::Object(members) = value else {
        found.push(format!("{path}: not an object"));
        return;
    };
    for (name, value) in members {
        if name == "resourceType" {
            continue;
        }
        let path = format!("{path}.{name}");
        let Some(element) = ty.element(name) else {
            found.push(format!("{path}: unknown"));
            continue;
        };
        match (element.list, value) {
            (true, Value::Array(items)) => {
                if items.is_empty() {
                    found.push(format!("{path}: empty"));
                }
                for item in items {
                    element_problems(schema, element, item, &path, found);
                }
            }
            (false, Value::Array(_)) => found.push(format!("{path}: does not repeat")),
            (true, _) => found.push(format!("{path}: repeats")),
            (false, value) => element_problems(schema, element, value, &path, found),
        }
    }
    missing(ty, members, path, found);
}

/// Required elements that are not there; a choice is there in any of its types.
fn missing(
    ty: &TypeDef,
    members: &serde_json::Map<String, Value>,
    path: &str,
    found: &mut Vec<String>,
) {
    for element in ty.elements().iter().filter(|e| e.min > 0) {
        let there = match element.choice_of {
            Some(choice) => ty.choice(choice).any(|e| members.contains_key(e.name)),
            None => members.contains_key(element.name),
        };
        if !there {
            found.push(format!("{path}: {} is missing", element.name));
        }
    }
}

fn element_problems(
    schema: &Schema,
    element: &Element,
    value: &Value,
    path: &str,
    found: &mut Vec<String>,
) {
    let ty = schema.get(element.ty);
    let Kind::Primitive(primitive) = ty.kind else {
        problems(schema, ty, value, path, found);
        if let Some(reference) = value.get("reference").and_then(Value::as_str) {
            let target = reference.split('/').next().unwrap_or("");
            let any = element.targets.is_empty() || element.targets.contains(&"Resource");
            if !any && !element.targets.contains(&target) {
                found.push(format!("{path}: may not point to {target}"));
            }
        }
        return;
    };
    let fits = match primitive {
        Primitive::Boolean => value.is_boolean(),
        Primitive::Integer => value.is_i64(),
        Primitive::PositiveInt => value.as_u64().is_some_and(|n| n > 0),
        Primitive::UnsignedInt => value.is_u64(),
        Primitive::Decimal => value.is_number(),
        Primitive::Date => value.as_str().is_some_and(|d| d.len() == 10),
        Primitive::DateTime => value.as_str().is_some_and(|d| matches!(d.len(), 10 | 25)),
        Primitive::Instant => value.as_str().is_some_and(|d| d.len() == 25),
        _ => value
            .as_str()
            .is_some_and(|s| !s.is_empty() && s == s.trim()),
    };
    if !fits {
        found.push(format!("{path}: {value} is not a {}", ty.name));
    }
}

#[test]
fn every_resource_has_the_shape_that_r4_gives_it() {
    let schema = r4();
    let mut sink = Collected::default();
    // Patients up to 300 hold a duplicate, stays, planned and open claims.
    generate(
        &Options {
            patients: 300,
            ..Options::default()
        },
        &mut sink,
    )
    .unwrap();
    let records = Records::parse(&sink);
    let mut found = Vec::new();
    for (resource_type, resources) in &records.by_type {
        let ty = schema.get(schema.resource(resource_type).unwrap());
        for resource in resources {
            problems(schema, ty, resource, resource_type, &mut found);
        }
    }
    found.sort();
    found.dedup();
    assert!(
        found.is_empty(),
        "{} problems:\n{}",
        found.len(),
        found.join("\n")
    );
    assert!(records.by_type.len() >= 16, "{:?}", records.by_type.keys());
}
