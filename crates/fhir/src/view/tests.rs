//! What a record looks like as elements.

use super::{ElementView, JsonElement, PrimitiveText};
use crate::json::Document;
use crate::schema;

fn names(element: &JsonElement<'_>) -> Vec<String> {
    let mut out = Vec::new();
    element.all_children(&mut |name, child| {
        out.push(format!(
            "{name}: {}",
            schema::r4().get(child.type_id()).name
        ));
    });
    out
}

fn children<'a>(element: &JsonElement<'a>, name: &str) -> Vec<JsonElement<'a>> {
    let mut out = Vec::new();
    element.children(name, &mut |child| out.push(child));
    out
}

fn text(element: &JsonElement<'_>) -> Option<String> {
    match element.primitive()? {
        PrimitiveText::Boolean(value) => Some(value.to_string()),
        PrimitiveText::Number(value) | PrimitiveText::Text(value) => Some(value.into_owned()),
    }
}

#[test]
fn children_come_in_the_order_of_the_definitions_under_their_element_names() {
    let text = r#"{"resourceType": "Observation", "valueString": "x", "status": "final", "unknown": 1, "id": "o",
        "_status": {"id": "s"}}"#;
    let document = Document::parse(text).unwrap();
    let observation = JsonElement::resource(&document).unwrap();
    assert_eq!(
        names(&observation),
        ["id: id", "status: code", "value: string"]
    );
}

#[test]
fn a_choice_is_found_by_its_element_name_only() {
    let document =
        Document::parse(r#"{"resourceType": "Observation", "valueQuantity": {"value": 6.10}}"#)
            .unwrap();
    let observation = JsonElement::resource(&document).unwrap();
    assert!(children(&observation, "valueQuantity").is_empty());
    let value = children(&observation, "value");
    assert_eq!(value.len(), 1);
    assert_eq!(
        text(&children(&value[0], "value")[0]).as_deref(),
        Some("6.10")
    );
}

#[test]
fn primitives_of_a_list_are_aligned_with_their_extensions_and_nulls_without_any_are_left_out() {
    let record = r#"{"resourceType": "Patient", "name": [{"given": [null, "James", null],
        "_given": [{"extension": [{"url": "u", "valueString": "five"}]}, null]}]}"#;
    let document = Document::parse(record).unwrap();
    let name = children(&JsonElement::resource(&document).unwrap(), "name")[0];
    let given = children(&name, "given");
    assert_eq!(given.len(), 2);
    assert_eq!(given[0].primitive(), None);
    let extension = children(&given[0], "extension");
    assert_eq!(
        text(&children(&extension[0], "value")[0]).as_deref(),
        Some("five")
    );
    assert_eq!(text(&given[1]).as_deref(), Some("James"));
    assert!(children(&given[1], "extension").is_empty());
}

#[test]
fn a_resource_inside_a_resource_has_its_own_type_and_is_the_resource_of_its_elements() {
    let record = r#"{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient",
        "contained": [{"resourceType": "Organization", "id": "o", "name": "x"}], "active": true}}]}"#;
    let document = Document::parse(record).unwrap();
    let bundle = JsonElement::resource(&document).unwrap();
    let patient = children(&children(&bundle, "entry")[0], "resource")[0];
    let organization = children(&patient, "contained")[0];
    let r4 = schema::r4();
    assert_eq!(r4.get(patient.type_id()).name, "Patient");
    assert_eq!(r4.get(organization.type_id()).name, "Organization");
    let of = |element: &JsonElement<'_>| r4.get(element.resource().unwrap().type_id()).name;
    assert_eq!(of(&children(&organization, "name")[0]), "Organization");
    assert_eq!(of(&children(&patient, "active")[0]), "Patient");
    assert_eq!(of(&children(&bundle, "entry")[0]), "Bundle");
    let root = |element: &JsonElement<'_>| r4.get(element.root_resource().unwrap().type_id()).name;
    assert_eq!(root(&children(&organization, "name")[0]), "Patient");
    assert_eq!(
        (root(&organization), root(&patient), root(&bundle)),
        ("Patient", "Patient", "Bundle")
    );
    assert!(
        children(&patient, "active")[0].is_same(&children(&patient, "active")[0])
            && !patient.is_same(&bundle)
    );
}

#[test]
fn an_element_is_small() {
    assert!(std::mem::size_of::<JsonElement<'_>>() <= 24);
}
