//! Records on one line: `Observation/o1: status = final; code = http://loinc.org|8480-6; valueQuantity = 151 'mm[Hg]'`.
//!
//! What kind of value an element has is known from FHIR, so a code is written `system|code`, a quantity as in CQL, a
//! period `start..end`, a reference as its text; an element of an element after a dot. Elements that repeat are given
//! again. Texts need quotes only where they have `;` in them.

use salus_base::suggest;
use salus_fhir::schema::{self, Element, Kind, Primitive, TypeDef};
use salus_values::Quantity;
use serde_json::{Map, Value, json};

use super::error::Defect;

pub(super) fn json(line: &str) -> Result<String, Defect> {
    let (head, body) = line.split_once(':').ok_or(Defect::NoRecord)?;
    let (name, id) = match head.trim().split_once('/') {
        Some((name, id)) => (name, Some(id)),
        None => (head.trim(), None),
    };
    let schema = schema::r4();
    let ty = schema.resource(name).ok_or_else(|| Defect::UnknownType {
        name: name.to_owned(),
        nearest: suggest::closest(name, schema.resources().map(|ty| ty.name)),
    })?;
    let mut resource = Map::new();
    resource.insert("resourceType".into(), name.into());
    if let Some(id) = id {
        resource.insert("id".into(), id.into());
    }
    for part in parts(body) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let (path, value) = part.split_once('=').ok_or_else(|| Defect::NoValue {
            name: part.to_owned(),
        })?;
        set(&mut resource, schema.get(ty), path.trim(), value.trim())?;
    }
    Ok(Value::Object(resource).to_string())
}

/// The parts between `;`, but those in quotes.
fn parts(body: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for character in body.chars() {
        if character == '\'' {
            is_quoted = !is_quoted;
        }
        match (character, parts.last_mut()) {
            (';', _) if !is_quoted => parts.push(String::new()),
            (other, Some(part)) => part.push(other),
            (_, None) => {}
        }
    }
    parts
}

fn set(
    object: &mut Map<String, Value>,
    ty: &TypeDef,
    path: &str,
    value: &str,
) -> Result<(), Defect> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let element = ty.element(name).ok_or_else(|| Defect::UnknownElement {
        ty: ty.name,
        name: name.to_owned(),
        nearest: suggest::closest(name, ty.elements().iter().map(|element| element.name)),
    })?;
    match rest {
        None => {
            let value = of(element, value)?;
            match element.list {
                true => match object.entry(name).or_insert_with(|| json!([])) {
                    Value::Array(items) => items.push(value),
                    other => *other = value,
                },
                false => {
                    object.insert(name.into(), value);
                }
            }
            Ok(())
        }
        Some(rest) => {
            let below = schema::r4().get(element.ty);
            let empty = || match element.list {
                true => json!([{}]),
                false => json!({}),
            };
            let held = match object.entry(name).or_insert_with(empty) {
                // The parts of one element are given one after the other.
                Value::Array(items) => items.last_mut(),
                other => Some(other),
            };
            match held {
                Some(Value::Object(held)) => set(held, below, rest, value),
                _ => Ok(()),
            }
        }
    }
}

fn of(element: &Element, value: &str) -> Result<Value, Defect> {
    let ty = schema::r4().get(element.ty);
    let bad = |written: &'static str| Defect::BadValue {
        value: value.to_owned(),
        ty: ty.name,
        written,
    };
    let coding = || {
        let (system, code) = value.rsplit_once('|')?;
        Some(json!({"system": system, "code": code}))
    };
    match (ty.name, &ty.kind) {
        ("CodeableConcept", _) => match (coding(), quoted(value)) {
            (Some(coding), _) => Ok(json!({"coding": [coding]})),
            (None, Some(text)) => Ok(json!({"text": text})),
            (None, None) => Err(bad("system|code")),
        },
        ("Coding", _) => coding().ok_or_else(|| bad("system|code")),
        ("Reference", _) => Ok(json!({"reference": value})),
        ("Period", _) => {
            let (start, end) = value
                .split_once("..")
                .ok_or_else(|| bad("2024-01-01..2024-12-31"))?;
            let ends = [("start", start.trim()), ("end", end.trim())];
            let ends = ends.into_iter().filter(|(_, end)| !end.is_empty());
            Ok(Value::Object(
                ends.map(|(name, end)| (name.to_owned(), end.into()))
                    .collect(),
            ))
        }
        (
            "Quantity" | "Age" | "Duration" | "Distance" | "Count" | "SimpleQuantity" | "Money",
            _,
        ) => quantity(value).ok_or_else(|| bad("151 'mm[Hg]'")),
        (_, Kind::Primitive(primitive)) => {
            primitive_of(*primitive, value).ok_or_else(|| bad(example(*primitive)))
        }
        _ => serde_json::from_str(value).map_err(|_| bad("JSON, or `element.part = value`")),
    }
}

fn quantity(text: &str) -> Option<Value> {
    let quantity = Quantity::parse(text)?;
    let value: Value = serde_json::from_str(&quantity.value.to_string()).ok()?;
    let unit = text
        .split_once('\'')
        .map(|(_, rest)| rest.trim_end_matches('\''));
    let unit = unit.unwrap_or("1");
    Some(json!({"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}))
}

fn primitive_of(primitive: Primitive, value: &str) -> Option<Value> {
    match primitive {
        Primitive::Boolean => value.parse::<bool>().ok().map(Value::Bool),
        Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            value.parse::<i64>().ok().map(Value::from)
        }
        Primitive::Decimal => serde_json::from_str::<serde_json::Number>(value)
            .ok()
            .map(Value::Number),
        _ => Some(quoted(value).unwrap_or(value).into()),
    }
}

fn example(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Boolean => "true",
        Primitive::Decimal => "1.5",
        _ => "15",
    }
}

fn quoted(value: &str) -> Option<&str> {
    value.strip_prefix('\'')?.strip_suffix('\'')
}
