//! The elements of a row are those of the JSON that it was.

use proptest::prelude::*;
use salus_fhir::json::Document;
use salus_fhir::schema::r4;
use salus_fhir::view::{ElementView, JsonElement, PrimitiveText};

use super::*;
use crate::tests::{any_json, patient, resources, shared};
use crate::{ColumnIds, RowMeta, TableBuilder};

fn batch(resource: &str, jsons: &[&str]) -> (TypeId, RecordBatch) {
    let ty = r4().resource(resource).unwrap();
    let mut builder = TableBuilder::new(ty);
    for json in jsons {
        builder.append(json, &RowMeta::default(), None).unwrap();
    }
    (ty, builder.finish(&ColumnIds::new(&[])).unwrap())
}

/// All that a walk from an element down finds, one line each; by the names of the children or by asking for all.
fn walk(element: &impl ElementView, by_name: bool) -> String {
    let mut out = String::new();
    walk_into(element, 0, by_name, &mut out);
    out
}

fn walk_into(element: &impl ElementView, depth: usize, by_name: bool, out: &mut String) {
    out.push_str(r4().get(element.type_id()).name);
    match element.primitive() {
        Some(PrimitiveText::Boolean(value)) => out.push_str(&format!(" {value}")),
        Some(PrimitiveText::Number(digits)) => out.push_str(&format!(" #{digits}")),
        Some(PrimitiveText::Text(text)) => out.push_str(&format!(" {text:?}")),
        None => {}
    }
    out.push('\n');
    let mut found = Vec::new();
    element.all_children(&mut |name, child| found.push((name, child)));
    if by_name {
        let mut names: Vec<_> = found.drain(..).map(|(name, _)| name).collect();
        names.dedup();
        for name in names {
            element.children(name, &mut |child| found.push((name, child)));
        }
    }
    for (name, child) in found {
        out.push_str(&"  ".repeat(depth + 1));
        out.push_str(name);
        out.push_str(": ");
        walk_into(&child, depth + 1, by_name, out);
    }
}

fn same(resource: &str, jsons: &[&str]) {
    let (ty, batch) = batch(resource, jsons);
    let rows = Rows::new(ty, &batch).unwrap();
    for (row, json) in jsons.iter().enumerate() {
        let document = Document::parse(json).unwrap();
        let by_json = JsonElement::resource(&document).unwrap();
        let expected = walk(&by_json, false);
        let by_row = rows.element(row);
        assert_eq!(walk(&by_row, false), expected, "{json}");
        assert_eq!(walk(&by_row, true), expected, "{json}");
    }
}

fn children<V: ElementView>(element: &V, name: &str) -> Vec<V> {
    let mut out = Vec::new();
    element.children(name, &mut |child| out.push(child));
    out
}

fn names<V: ElementView>(elements: &[V]) -> Vec<&'static str> {
    elements
        .iter()
        .map(|element| r4().get(element.type_id()).name)
        .collect()
}

#[test]
fn elements_of_columns_are_those_of_the_json() {
    same(
        "Observation",
        &[
            r#"{"resourceType":"Observation","id":"a","status":"final","code":{"coding":[{"code":"x"},{"code":"y","userSelected":true}]},"valueQuantity":{"value":6.10,"unit":"mg"}}"#,
            r#"{"resourceType":"Observation","status":"final","valueString":"é\"\n","component":[{"valueInteger":3},{"valueBoolean":false,"code":{"text":"t"}}]}"#,
            r#"{"resourceType":"Observation","_status":{"extension":[{"url":"u","valueDecimal":1e400}]},"effectivePeriod":{"start":"2020"}}"#,
        ],
    );
}

#[test]
fn values_and_siblings_of_lists_are_aligned() {
    same(
        "Patient",
        &[
            r#"{"resourceType":"Patient","name":[{"given":["A",null,"C"],"_given":[null,{"id":"b"},null]},{"family":"F"}]}"#,
            r#"{"resourceType":"Patient","name":[{"given":["A"],"_given":[{"id":"x"},{"extension":[{"url":"u"}]}]},{"_given":[null,{"id":"y"}]}]}"#,
            r#"{"resourceType":"Patient","birthDate":"1970-01","_birthDate":{"id":"b","extension":[{"url":"u","valueCode":"c"}]}}"#,
        ],
    );
}

#[test]
fn what_no_column_holds_is_found_too() {
    same(
        "Patient",
        &[
            r#"{"resourceType":"Patient","foo":{"a":1},"name":[{"bar":1},{"family":"F","given":"one"}],"gender":5}"#,
            r#"{"resourceType":"Patient","id":"plain","active":true,"name":[{"family":"G"}]}"#,
            r#"{"resourceType":"Patient","birthDate":{"x":1},"contact":[{}],"telecom":[],"address":[null],"_gender":null}"#,
        ],
    );
}

#[test]
fn only_rows_with_elements_in_no_column_are_shown_by_their_json() {
    let (ty, batch) = batch(
        "Patient",
        &[
            r#"{"resourceType":"Patient","id":"a","vendor":{"x":1}}"#,
            r#"{"resourceType":"Patient","id":"b","gender":5}"#,
            r#"{"resourceType":"Patient","id":"c"}"#,
        ],
    );
    let rows = Rows::new(ty, &batch).unwrap();
    assert_eq!(rows.shown_by_json(), [1]);
    let mut json = String::new();
    rows.element(0).write_json(&mut json);
    assert_eq!(
        json,
        r#"{"resourceType":"Patient","id":"a","vendor":{"x":1}}"#
    );
}

#[test]
fn contained_resources_have_their_type_and_know_what_they_are_in() {
    let text = r#"{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Organization","id":"o","name":"x"},{"resourceType":"Odd","id":"q"}],"name":[{"family":"F"}]}"#;
    same("Patient", &[text]);
    let (ty, batch) = batch("Patient", &[text, text]);
    let rows = Rows::new(ty, &batch).unwrap();
    let patient = rows.element(1);
    let contained = children(&patient, "contained");
    assert_eq!(names(&contained), ["Organization", "Resource"]);
    let name = children(&contained[0], "name")[0];
    assert!(name.resource().unwrap().is_same(&contained[0]));
    assert!(name.root_resource().unwrap().is_same(&patient));
    let family = children(&children(&patient, "name")[0], "family")[0];
    assert!(family.resource().unwrap().is_same(&patient));
    assert!(!patient.is_same(&rows.element(0)));
}

#[test]
fn entries_of_a_bundle_stand_for_themselves() {
    let text = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","active":true}}]}"#;
    same("Bundle", &[text]);
    let (ty, batch) = batch("Bundle", &[text]);
    let rows = Rows::new(ty, &batch).unwrap();
    let patient = children(&children(&rows.element(0), "entry")[0], "resource")[0];
    let active = children(&patient, "active")[0];
    assert!(active.root_resource().unwrap().is_same(&patient));
}

#[test]
fn elements_are_written_as_json() {
    let text = r#"{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"id":"g"}],"family":"F"}],"multipleBirthInteger":2,"deceasedBoolean":false}"#;
    let (ty, batch) = batch("Patient", &[text]);
    let rows = Rows::new(ty, &batch).unwrap();
    let patient = rows.element(0);
    let json = |element: &RowElement<'_>| {
        let mut out = String::new();
        element.write_json(&mut out);
        out
    };
    let name = children(&patient, "name")[0];
    assert_eq!(
        json(&name),
        r#"{"family":"F","given":["A",null],"_given":[null,{"id":"g"}]}"#
    );
    let given: Vec<_> = children(&name, "given").iter().map(json).collect();
    assert_eq!(given, ["\"A\"", "null"]);
    assert_eq!(json(&children(&patient, "multipleBirth")[0]), "2");
    assert_eq!(json(&children(&patient, "deceased")[0]), "false");
}

#[test]
fn columns_give_the_items_of_rows() {
    let (ty, batch) = batch(
        "Patient",
        &[
            r#"{"resourceType":"Patient","name":[{"given":["A","B"]},{"family":"F"}]}"#,
            r#"{"resourceType":"Patient"}"#,
            r#"{"resourceType":"Patient","name":[{"_given":[{"id":"x"}],"given":[null,"C"]}]}"#,
        ],
    );
    let rows = Rows::new(ty, &batch).unwrap();
    let name = rows.column().member("name").next().unwrap();
    let names = name.items(&[0, 1, 2]);
    assert_eq!(
        (names.owners, names.values.clone()),
        (vec![0, 0, 2], vec![0, 1, 2])
    );
    let given = name.member("given").next().unwrap();
    let items = given.items(&names.values);
    assert_eq!(items.owners, [0, 0, 2, 2]);
    assert_eq!(items.values, [0, 1, Items::NONE, 3]);
    assert_eq!(items.siblings, [Items::NONE, Items::NONE, 0, Items::NONE]);
    let element = given.item(Items::NONE, 0).unwrap();
    assert_eq!(element.primitive(), None);
    assert_eq!(children(&element, "id").len(), 1);
    assert_eq!(r4().get(given.ty()).name, "string");
    assert_eq!(given.values().unwrap().len(), 4);
}

#[test]
fn a_slice_of_a_batch_has_the_elements_of_its_rows() {
    let jsons: Vec<String> = (0..10)
        .map(|n| {
            format!(
                r#"{{"resourceType":"Patient","id":"{n}","name":[{{"given":["A{n}",null],"_given":[null,{{"id":"g{n}"}}]}},{{"family":"F{n}"}}],
                "contained":[{{"resourceType":"Group","id":"c{n}"}}],"multipleBirthInteger":{n}}}"#
            )
        })
        .collect();
    let texts: Vec<&str> = jsons.iter().map(String::as_str).collect();
    let (ty, batch) = batch("Patient", &texts);
    let rows = Rows::new(ty, &batch.slice(3, 4)).unwrap();
    assert_eq!(rows.len(), 4);
    for (row, json) in texts.iter().skip(3).take(4).enumerate() {
        let document = Document::parse(json).unwrap();
        let element = rows.element(row);
        assert_eq!(
            walk(&element, false),
            walk(&JsonElement::resource(&document).unwrap(), false)
        );
        let name = children(&element, "name")[1];
        let given = children(&children(&element, "name")[0], "given")[1];
        let id = children(&given, "id")[0];
        assert!(name.resource().unwrap().is_same(&element));
        assert!(id.resource().unwrap().is_same(&element));
    }
}

#[test]
fn references_are_those_of_the_lake() {
    let ty = r4().resource("Observation").unwrap();
    let mut builder = TableBuilder::new(ty);
    let rewrite = |text: &str| {
        text.strip_prefix("urn:uuid:")
            .map(|id| format!("Patient/{id}"))
    };
    let json = r#"{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"},"performer":[{"reference":"urn:uuid:2"}]}"#;
    builder
        .append(json, &RowMeta::default(), Some(&rewrite))
        .unwrap();
    let batch = builder.finish(&ColumnIds::new(&[])).unwrap();
    let rows = Rows::new(ty, &batch).unwrap();
    assert!(rows.shown_by_json().is_empty());
    let shown = walk(&rows.element(0), false);
    assert!(shown.contains("\"Patient/1\"") && shown.contains("\"Patient/2\""));
}

#[test]
fn rows_can_be_looked_at_from_many_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Rows<'_>>();
    is_shared::<RowElement<'_>>();
}

#[test]
fn an_element_is_small() {
    assert!(std::mem::size_of::<RowElement<'_>>() <= 32);
}

proptest! {
    #[test]
    fn whatever_a_record_holds_its_elements_are_the_same(jsons in prop::collection::vec(any_json(), 1..6)) {
        let jsons: Vec<String> = jsons.iter().map(|json| patient(json)).collect();
        let texts: Vec<&str> = jsons.iter().map(String::as_str).collect();
        same("Patient", &texts);
    }
}

#[test]
fn real_records_have_the_same_elements() {
    let Some(shared) = shared() else { return };
    for (resource, lines) in resources(&shared, REAL_STEP) {
        let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
        for texts in texts.chunks(500) {
            same(&resource, texts);
        }
    }
}

/// Every how manieth record of the shared data is walked.
const REAL_STEP: usize = 97;
