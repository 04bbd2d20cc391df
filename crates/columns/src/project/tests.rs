//! What is wanted is read as by the full parse, whatever stands around it.

use proptest::prelude::*;
use salus_fhir::json::Document;
use salus_fhir::view::{ElementView, JsonElement, PrimitiveText};

use super::*;
use crate::tests::{any_json, patient, resources, shared};
use crate::{Extent, Rows};

type Paths<'p> = &'p [(&'p [&'p str], Extent)];

fn projection(resource: &str, paths: Paths<'_>) -> Projection {
    let mut projection = Projection::new(r4().resource(resource).unwrap());
    for (path, extent) in paths {
        projection.want(path, *extent).unwrap();
    }
    projection
}

fn fault(resource: &str, paths: Paths<'_>, json: &str) -> Option<JsonFault> {
    let mut table = ProjectedTable::new(&projection(resource, paths));
    table.append(json).err().map(|error| error.fault)
}

/// What a walk finds of the wanted elements, one line each.
fn wanted(element: &impl ElementView, paths: &[(&[&str], Extent)], out: &mut String) {
    match element.primitive() {
        Some(PrimitiveText::Boolean(value)) => out.push_str(&format!(" {value}")),
        Some(PrimitiveText::Number(digits)) => out.push_str(&format!(" #{digits}")),
        Some(PrimitiveText::Text(text)) => out.push_str(&format!(" {text:?}")),
        None => {}
    }
    out.push('\n');
    element.all_children(&mut |name, child| {
        let below: Vec<(&[&str], Extent)> = paths
            .iter()
            .filter_map(|(path, extent)| match path.split_first() {
                Some((first, below)) => (*first == name).then_some((below, *extent)),
                None => (*extent == Extent::Whole).then_some((*path, *extent)),
            })
            .collect();
        let is_primitive = matches!(
            r4().get(child.type_id()).kind,
            salus_fhir::schema::Kind::Primitive(_)
        );
        let is_there = child.primitive().is_some()
            || !is_primitive
            || below.iter().any(|(_, extent)| *extent != Extent::Value);
        if !below.is_empty() && is_there {
            out.push_str(&format!("{name}@{}", r4().get(child.type_id()).name));
            wanted(&child, &below, out);
            out.push_str("^\n");
        }
    });
}

fn same(resource: &str, paths: Paths<'_>, jsons: &[&str]) {
    let projection = projection(resource, paths);
    let mut tables = ProjectedTables::new([projection.clone()]);
    for json in jsons {
        assert_eq!(tables.read(json.as_bytes()), Ok(Some(0)), "{json}");
    }
    let batch = tables.finish().next().unwrap().unwrap();
    assert_eq!(batch.num_rows(), jsons.len());
    let rows = Rows::new(projection.resource(), &batch).unwrap();
    for (row, json) in jsons.iter().enumerate() {
        let document = Document::parse(json).unwrap();
        let (mut by_row, mut by_json) = (String::new(), String::new());
        wanted(&rows.element(row), paths, &mut by_row);
        let element = JsonElement::resource(&document).unwrap();
        wanted(&element, paths, &mut by_json);
        assert_eq!(by_row, by_json, "{json}");
    }
}

const OBSERVATION: Paths<'static> = &[
    (&["id"], Extent::Value),
    (&["status"], Extent::Element),
    (&["category", "coding", "code"], Extent::Value),
    (&["code", "coding", "system"], Extent::Value),
    (&["code", "coding", "code"], Extent::Value),
    (&["subject", "reference"], Extent::Value),
    (&["encounter", "reference"], Extent::Value),
    (&["effective"], Extent::Element),
    (&["value"], Extent::Value),
    (&["value", "value"], Extent::Value),
    (&["value", "unit"], Extent::Value),
    (&["component", "code", "text"], Extent::Element),
];

const PATIENT: Paths<'static> = &[
    (&["id"], Extent::Value),
    (&["birthDate"], Extent::Element),
    (&["name", "given"], Extent::Element),
    (&["name", "family"], Extent::Value),
    (
        &["name", "period", "start", "extension", "url"],
        Extent::Value,
    ),
    (&["extension", "value"], Extent::Value),
    (&["contact", "name"], Extent::Whole),
    (&["telecom"], Extent::Value),
    (&["multipleBirth"], Extent::Value),
    (&["contained"], Extent::Whole),
];

#[test]
fn what_is_not_wanted_is_skipped_however_it_is_written() {
    same(
        "Patient",
        PATIENT,
        &[
            r#"{"resourceType":"Patient","id":"a","text":{"div":"<a href=\"]}\">\\"},"name":[{"use":"official","family":"F","given":["A"]}]}"#,
            r#" { "resourceType" : "Patient" , "meta" : { "tag" : [ { "code" : "}" } ] } , "odd\u0020key" : [ [ ] , { } , -1.5e3 , null , true ] ,
               "birthDate" : "1970" , "photo" : [ { "data" : "ab" } ] } "#,
            r#"{"photo":[],"resourceType":"Patient","name":[{"text":"t"},{"given":["B"],"odd":1}],"maritalStatus":{},"_birthDate":{"id":"x"}}"#,
            r#"{"resourceType":"Patient","telecom":[{"system":"phone"},null],"birth\u0044ate":"1971","active":"\"\\\"","multipleBirthInteger":2}"#,
        ],
    );
}

#[test]
fn what_is_wanted_and_fits_no_column_is_found_too() {
    same(
        "Patient",
        PATIENT,
        &[
            r#"{"resourceType":"Patient","id":5,"name":{"family":"F"},"gender":{}}"#,
            r#"{"resourceType":"Patient","name":[{"family":["F"],"given":["x",1]}],"contact":[{"name":{"odd":1}}],"telecom":[]}"#,
        ],
    );
}

#[test]
fn a_line_that_does_not_end_is_refused_and_leaves_no_trace() {
    let whole = r#"{"resourceType":"Patient","text":{"a":["}"]},"id":"a","name":[{"use":"b","given":["C"]}],"photo":"x\"" }"#;
    let projection = projection("Patient", PATIENT);
    let mut table = ProjectedTable::new(&projection);
    table.append(whole).unwrap();
    let starts = (0..whole.len()).filter_map(|end| whole.get(..end));
    let mut refused = 0;
    for start in starts {
        assert!(table.append(start).is_err(), "{start}");
        refused += 1;
    }
    table.append(whole).unwrap();
    assert_eq!(table.rows(), refused + 2);
    let batch = table.finish().unwrap();
    assert_eq!(batch.num_rows(), 2);
    let rows = Rows::new(projection.resource(), &batch).unwrap();
    let (mut first, mut last) = (String::new(), String::new());
    wanted(&rows.element(0), PATIENT, &mut first);
    wanted(&rows.element(1), PATIENT, &mut last);
    assert_eq!(first, last);
    assert!(first.contains("\"C\""));
}

#[test]
fn what_json_forbids_where_it_is_looked_at_is_refused() {
    for (json, expected) in [
        (
            r#"{"resourceType":"Patient","id":"a","id":"b"}"#,
            Some(JsonFault::DuplicateKey),
        ),
        (
            r#"{"resourceType":"Patient","name":[{"family":"a","use":1,"family":"b"}]}"#,
            Some(JsonFault::DuplicateKey),
        ),
        (
            r#"{"resourceType":"Patient","id":"a","resourceType":"Patient"}"#,
            Some(JsonFault::DuplicateKey),
        ),
        // Nobody looks at what is skipped.
        (
            r#"{"resourceType":"Patient","gender":"a","gender":"b"}"#,
            None,
        ),
        (
            "{\"resourceType\":\"Patient\",\"id\":\"a\nb\"}",
            Some(JsonFault::Control),
        ),
        (
            r#"{"resourceType":"Patient","id":"\x"}"#,
            Some(JsonFault::Escape),
        ),
        (
            r#"{"resourceType":"Patient","text":{"a":1}}}"#,
            Some(JsonFault::Trailing),
        ),
        (
            r#"{"resourceType":"Patient","text":{"a":[1}}"#,
            Some(JsonFault::End),
        ),
        (
            r#"{"resourceType":"Patient","text":}"#,
            Some(JsonFault::Unexpected),
        ),
        (
            r#"{"resourceType":"Patient","text":1,}"#,
            Some(JsonFault::Unexpected),
        ),
        (
            r#"{"resourceType":"Patient" "text":1}"#,
            Some(JsonFault::Unexpected),
        ),
        (
            r#"{"resourceType":"Patient","text":"a"b","id":"c"}"#,
            Some(JsonFault::Unexpected),
        ),
        (
            r#"{"resourceType":"Patient","name":[{"family":01}]}"#,
            Some(JsonFault::Number),
        ),
    ] {
        assert_eq!(fault("Patient", PATIENT, json), expected, "{json}");
    }
}

#[test]
fn each_line_goes_to_the_table_of_its_type() {
    let mut tables = ProjectedTables::new([
        projection("Observation", &[(&["id"], Extent::Value)]),
        projection("Patient", &[]),
    ]);
    let lines: [(&[u8], _); 6] = [
        (br#"{"resourceType":"Patient","id":"p"}"#, Ok(Some(1))),
        (br#"{"id":"o","resourceType":"Observation"}"#, Ok(Some(0))),
        (br#"{"resourceType":"Condition","#, Ok(None)),
        (br#"{"id":"x"}"#, Err(LineError::NotAResource)),
        (
            b"{\"resourceType\":\"Patient\",\"id\":\"\xFF\"}",
            Err(LineError::NotUtf8 { at: 32 }),
        ),
        (
            br#"{"resourceType":"Observation","id":"#,
            Err(LineError::Json(JsonError {
                at: 35,
                fault: JsonFault::End,
            })),
        ),
    ];
    for (line, expected) in lines {
        assert_eq!(tables.read(line), expected);
    }
    let batches: Vec<_> = tables.finish().map(Result::unwrap).collect();
    let sizes: Vec<_> = batches
        .iter()
        .map(|b| (b.num_rows(), b.num_columns()))
        .collect();
    assert_eq!(sizes, [(1, 1), (1, 0)]);
    assert_eq!(tables.rows_max(), 0);
}

proptest! {
    #[test]
    fn whatever_a_record_holds_what_is_wanted_is_the_same(jsons in prop::collection::vec(any_json(), 1..6)) {
        let jsons: Vec<String> = jsons.iter().map(|json| patient(json)).collect();
        let texts: Vec<&str> = jsons.iter().map(String::as_str).collect();
        same("Patient", PATIENT, &texts);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}:,\"a1.e\\-0 \\\\ntrue]{0,40}") {
        let _ = fault("Patient", PATIENT, &text);
        let _ = fault("Patient", PATIENT, &patient(&format!("{{{text}}}")));
    }
}

#[test]
fn of_real_records_what_is_wanted_is_the_same() {
    let Some(shared) = shared() else { return };
    for (resource, lines) in resources(&shared, 97) {
        let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
        match resource.as_str() {
            "Observation" => same("Observation", OBSERVATION, &texts),
            "Patient" => same("Patient", PATIENT, &texts),
            other => same(
                other,
                &[(&["id"], Extent::Value), (&["meta"], Extent::Whole)],
                &texts,
            ),
        }
    }
}
