//! Values as text: in the notation of CQL for people, in JSON for programs.

use std::fmt::Write;

use salus_fhir::schema::{self, Kind};
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_lexis::write_delimited;
use salus_values::{Code, Concept, Interval, Value};

use super::element::{Element, Instance};
use super::{Item, property};

/// A value in the notation of CQL: `Interval[@2024-01-01, @2025-01-01)`, `{ 1, 2 }`, `5 'mg'`. A record is its type and
/// id, an element of one its type and JSON.
#[must_use]
pub fn notation<V: ElementView>(value: &Item<V>) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// A value as JSON. Decimals keep their digits, dates and times are texts, quantities, codes, intervals and tuples are
/// objects, records and their elements are as they came.
#[must_use]
pub fn json<V: ElementView>(value: &Item<V>) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

/// `Type/id` of a record that has an id.
#[must_use]
pub fn reference<V: ElementView>(node: &V) -> Option<String> {
    let ty = schema::r4().get(node.type_id());
    if ty.kind != Kind::Resource {
        return None;
    }
    let mut id = None;
    node.children("id", &mut |child| {
        if let Some(PrimitiveText::Text(text)) = child.primitive() {
            id = Some(format!("{}/{text}", ty.name));
        }
    });
    id
}

fn write<V: ElementView>(value: &Item<V>, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = match value {
        Value::Null => write!(out, "null"),
        Value::Boolean(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::Long(value) => write!(out, "{value}L"),
        Value::Uncertain(value) => write!(out, "Interval[{}, {}]", value.low(), value.high()),
        Value::Decimal(value) => write!(out, "{value}"),
        Value::String(value) => write_delimited(out, value, '\''),
        Value::Date(value) => write!(out, "@{value}"),
        Value::DateTime(value) if value.time().is_none() => write!(out, "@{value}T"),
        Value::DateTime(value) => write!(out, "@{value}"),
        Value::Time(value) => write!(out, "@T{value}"),
        Value::Quantity(value) => write!(out, "{value}"),
        Value::Ratio(value) => write!(out, "{value}"),
        Value::Code(code) => write_code(code, out),
        Value::Concept(concept) => write_concept(concept, out),
        Value::Interval(interval) => {
            write_interval(interval, out);
            Ok(())
        }
        Value::List(items) => {
            write_items(items, out);
            Ok(())
        }
        Value::Tuple(tuple) => {
            out.push_str("Tuple ");
            write_named(tuple.iter(), out);
            Ok(())
        }
        Value::Node(node) => {
            write_node(node, out);
            Ok(())
        }
    };
}

fn write_code(code: &Code, out: &mut String) -> std::fmt::Result {
    out.push_str("Code ");
    write_delimited(out, &code.code, '\'')?;
    if let Some(system) = &code.system {
        out.push_str(" from ");
        write_delimited(out, system, '"')?;
    }
    write_display(code.display.as_deref(), out)
}

fn write_display(display: Option<&str>, out: &mut String) -> std::fmt::Result {
    let Some(display) = display else {
        return Ok(());
    };
    out.push_str(" display ");
    write_delimited(out, display, '\'')
}

fn write_concept(concept: &Concept, out: &mut String) -> std::fmt::Result {
    out.push_str("Concept { ");
    for (number, code) in concept.codes.iter().enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        write_code(code, out)?;
    }
    out.push_str(" }");
    write_display(concept.display.as_deref(), out)
}

fn write_interval<V: ElementView>(interval: &Interval<Item<V>>, out: &mut String) {
    out.push_str("Interval");
    out.push(if interval.low_closed { '[' } else { '(' });
    write(&interval.low, out);
    out.push_str(", ");
    write(&interval.high, out);
    out.push(if interval.high_closed { ']' } else { ')' });
}

fn write_items<V: ElementView>(items: &[Item<V>], out: &mut String) {
    if items.is_empty() {
        out.push_str("{}");
        return;
    }
    out.push_str("{ ");
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
    out.push_str(" }");
}

fn write_named<'v, V: ElementView + 'v>(
    elements: impl Iterator<Item = (&'v str, &'v Item<V>)>,
    out: &mut String,
) {
    out.push('{');
    let mut is_first = true;
    for (name, value) in elements {
        out.push_str(if is_first { " " } else { ", " });
        is_first = false;
        out.push_str(name);
        out.push_str(": ");
        write(value, out);
    }
    out.push_str(if is_first { " : }" } else { " }" });
}

fn write_node<V: ElementView>(node: &Element<V>, out: &mut String) {
    match node {
        Element::Record(record) => match (reference(record), property::primitive(record)) {
            (Some(reference), _) => out.push_str(&reference),
            (None, Some(value)) => write(&value, out),
            (None, None) if write_quantity(record, out) => {}
            (None, None) => {
                out.push_str(schema::r4().get(record.type_id()).name);
                out.push(' ');
                record.write_json(out);
            }
        },
        Element::Instance(instance) => match plain(instance) {
            Some(value) => write(value, out),
            None => {
                out.push_str(schema::r4().get(instance.type_id()).name);
                out.push(' ');
                write_named(instance.elements().filter(|(_, one)| !one.is_null()), out);
            }
        },
        Element::ValueSet(known) => {
            let _ = write!(out, "ValueSet '{}'", known.id);
        }
        Element::CodeSystem(known) => {
            let _ = write!(out, "CodeSystem '{}'", known.id);
        }
    }
}

/// Writes a quantity of a record as one of CQL; false of what is none, or has no value, or is only about a value
/// (`< 5`).
fn write_quantity<V: ElementView>(record: &V, out: &mut String) -> bool {
    let schema = schema::r4();
    let is_quantity = schema
        .named("Quantity")
        .is_some_and(|quantity| schema.is_a(record.type_id(), quantity));
    let text = |name: &str| {
        let mut found = None;
        record.children(name, &mut |child| found = property::primitive(&child));
        found
    };
    let (true, None, Some(Value::Decimal(value))) =
        (is_quantity, text("comparator"), text("value"))
    else {
        return false;
    };
    let _ = write!(out, "{value} ");
    match text("code").or_else(|| text("unit")) {
        Some(Value::String(unit)) => {
            let _ = write_delimited(out, &unit, '\'');
        }
        _ => out.push_str("'1'"),
    }
    true
}

/// The value of an instance of a primitive.
fn plain<V>(instance: &Instance<V>) -> Option<&Item<V>> {
    match schema::r4().get(instance.type_id()).kind {
        Kind::Primitive(_) => instance.element("value"),
        _ => None,
    }
}

fn write_json<V: ElementView>(value: &Item<V>, out: &mut String) {
    let _ = match value {
        Value::Null => write!(out, "null"),
        Value::Boolean(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::Long(value) => write!(out, "{value}"),
        Value::Decimal(value) => write!(out, "{value}"),
        Value::Uncertain(value) => {
            write!(out, "{{\"low\":{},\"high\":{}}}", value.low(), value.high())
        }
        Value::String(value) => {
            text_json(value, out);
            Ok(())
        }
        Value::Date(value) => write!(out, "\"{value}\""),
        Value::DateTime(value) => write!(out, "\"{value}\""),
        Value::Time(value) => write!(out, "\"{value}\""),
        Value::Quantity(value) => {
            quantity_json(value, out);
            Ok(())
        }
        Value::Ratio(value) => {
            out.push_str("{\"numerator\":");
            quantity_json(&value.numerator, out);
            out.push_str(",\"denominator\":");
            quantity_json(&value.denominator, out);
            out.push('}');
            Ok(())
        }
        Value::Code(code) => {
            code_json(code, out);
            Ok(())
        }
        Value::Concept(concept) => {
            concept_json(concept, out);
            Ok(())
        }
        Value::Interval(interval) => {
            interval_json(interval, out);
            Ok(())
        }
        Value::List(items) => {
            list_json(items.iter(), write_json, out);
            Ok(())
        }
        Value::Tuple(tuple) => {
            named_json(tuple.iter(), out);
            Ok(())
        }
        Value::Node(node) => {
            node_json(node, out);
            Ok(())
        }
    };
}

fn text_json(text: &str, out: &mut String) {
    // A text always has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

fn quantity_json(quantity: &salus_values::Quantity, out: &mut String) {
    let _ = write!(out, "{{\"value\":{},\"unit\":", quantity.value);
    text_json(&quantity.unit.to_string(), out);
    out.push('}');
}

fn code_json(code: &Code, out: &mut String) {
    out.push_str("{\"code\":");
    text_json(&code.code, out);
    let more = [
        ("system", &code.system),
        ("version", &code.version),
        ("display", &code.display),
    ];
    for (name, text) in more {
        if let Some(text) = text {
            let _ = write!(out, ",\"{name}\":");
            text_json(text, out);
        }
    }
    out.push('}');
}

fn concept_json(concept: &Concept, out: &mut String) {
    out.push_str("{\"codes\":");
    list_json(concept.codes.iter(), code_json, out);
    if let Some(display) = &concept.display {
        out.push_str(",\"display\":");
        text_json(display, out);
    }
    out.push('}');
}

fn interval_json<V: ElementView>(interval: &Interval<Item<V>>, out: &mut String) {
    let _ = write!(out, "{{\"lowClosed\":{},\"low\":", interval.low_closed);
    write_json(&interval.low, out);
    let _ = write!(out, ",\"highClosed\":{},\"high\":", interval.high_closed);
    write_json(&interval.high, out);
    out.push('}');
}

fn list_json<'v, T: 'v>(
    items: impl Iterator<Item = &'v T>,
    write: impl Fn(&T, &mut String),
    out: &mut String,
) {
    out.push('[');
    for (number, item) in items.enumerate() {
        if number > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

fn named_json<'v, V: ElementView + 'v>(
    elements: impl Iterator<Item = (&'v str, &'v Item<V>)>,
    out: &mut String,
) {
    out.push('{');
    for (number, (name, value)) in elements.enumerate() {
        if number > 0 {
            out.push(',');
        }
        text_json(name, out);
        out.push(':');
        write_json(value, out);
    }
    out.push('}');
}

fn node_json<V: ElementView>(node: &Element<V>, out: &mut String) {
    match node {
        Element::Record(record) => record.write_json(out),
        Element::Instance(instance) => match plain(instance) {
            Some(value) => write_json(value, out),
            None => named_json(instance.elements().filter(|(_, one)| !one.is_null()), out),
        },
        Element::ValueSet(known) | Element::CodeSystem(known) => {
            out.push_str("{\"id\":");
            text_json(&known.id, out);
            for (name, text) in [("version", &known.version), ("name", &known.name)] {
                if let Some(text) = text {
                    let _ = write!(out, ",\"{name}\":");
                    text_json(text, out);
                }
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use salus_fhir::json::Document;
    use salus_fhir::view::JsonElement;
    use salus_values::{Date, Decimal, Tuple};

    use super::*;

    type Value<'d> = Item<JsonElement<'d>>;

    fn both(value: &Value<'_>) -> [String; 2] {
        [notation(value), json(value)]
    }

    #[test]
    fn values_are_written_as_cql_and_as_json() {
        let day = |text: &str| Value::Date(Date::parse(text).unwrap());
        let period = Interval::new(day("2024-01"), true, day("2025"), false);
        assert_eq!(
            both(&Value::interval(period)),
            [
                "Interval[@2024-01, @2025)",
                r#"{"lowClosed":true,"low":"2024-01","highClosed":false,"high":"2025"}"#
            ]
        );
        let texts = Value::list([Value::string("it's \"so\"\n"), Value::Null, Value::Long(5)]);
        assert_eq!(
            both(&texts),
            [
                r#"{ 'it\'s "so"\n', null, 5L }"#,
                r#"["it's \"so\"\n",null,5]"#
            ]
        );
        assert_eq!(both(&Value::list([])), ["{}", "[]"]);
        let exact = Value::Decimal(Decimal::parse("1.50").unwrap());
        assert_eq!(both(&exact), ["1.50", "1.50"]);
        let code = Code {
            display: Some("Pressure".into()),
            ..Code::new("8480-6", "http://loinc.org")
        };
        assert_eq!(
            both(&Value::Code(code.into())),
            [
                r#"Code '8480-6' from "http://loinc.org" display 'Pressure'"#,
                r#"{"code":"8480-6","system":"http://loinc.org","display":"Pressure"}"#
            ]
        );
        let tuple = Tuple::new([("a", Value::Boolean(true))]);
        assert_eq!(
            both(&Value::Tuple(tuple.into())),
            ["Tuple { a: true }", r#"{"a":true}"#]
        );
    }

    #[test]
    fn a_record_is_its_type_and_id_and_a_quantity_of_one_is_a_quantity() {
        let text = r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"a"},
            "valueQuantity":{"value":1.50,"unit":"mmHg","code":"mm[Hg]"},
            "component":[{"code":{"text":"b"},"valueQuantity":{"value":5,"comparator":"<"}}]}"#;
        let document = Document::parse(text).unwrap();
        let observation = JsonElement::resource(&document).unwrap();
        let node = |node| Value::Node(Element::Record(node));
        assert_eq!(notation(&node(observation)), "Observation/o1");
        let mut parts = Vec::new();
        observation.children("value", &mut |child| parts.push(child));
        observation.children("status", &mut |child| parts.push(child));
        observation.children("component", &mut |child| {
            child.children("value", &mut |child| parts.push(child));
        });
        let words: Vec<String> = parts
            .into_iter()
            .map(|part| notation(&node(part)))
            .collect();
        assert_eq!(
            words,
            [
                "1.50 'mm[Hg]'",
                "'final'",
                r#"Quantity {"value":5,"comparator":"<"}"#
            ]
        );
    }
}
