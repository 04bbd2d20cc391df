//! What goes in comes out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use proptest::prelude::*;
use salus_fhir::schema::r4;
use serde_json::Value;

use super::*;

/// Builds rows of one type and writes them back.
fn round(resource: &str, jsons: &[&str]) -> Vec<Result<String, JsonError>> {
    let ty = r4().resource(resource).unwrap();
    let mut builder = TableBuilder::new(ty);
    let outcomes: Vec<_> = jsons
        .iter()
        .map(|json| builder.append(json, &RowMeta::default(), None))
        .collect();
    let batch = builder.finish(&ColumnIds::new(&[])).unwrap();
    let writer = ResourceWriter::new(ty, &batch, Form::AsLoaded).unwrap();
    let mut row = 0;
    outcomes
        .into_iter()
        .map(|outcome| {
            outcome?;
            let mut out = String::new();
            writer.write(row, &mut out).unwrap();
            row += 1;
            Ok(out)
        })
        .collect()
}

/// Equality as JSON where numbers keep their digits: numbers become tagged text.
fn exact(json: &str) -> Value {
    let mut out = String::new();
    let mut in_string = false;
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            match c {
                '\\' => out.extend(chars.next()),
                '"' => in_string = false,
                _ => {}
            }
        } else if c == '-' || c.is_ascii_digit() {
            out.push_str("\"#");
            out.push(c);
            while let Some(&next) = chars.peek() {
                if !(next.is_ascii_alphanumeric() || "+-.".contains(next)) {
                    break;
                }
                out.push(next);
                chars.next();
            }
            out.push('"');
        } else {
            in_string = c == '"';
            out.push(c);
        }
    }
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn same(resource: &str, json: &str) {
    let back = round(resource, &[json]).remove(0).unwrap();
    assert_eq!(exact(&back), exact(json));
}

#[test]
fn a_resource_comes_back_equal() {
    same(
        "Patient",
        r#"{"resourceType":"Patient","id":"a","name":[{"family":"Ö\"x","given":["A","B"]},{"text":"T"}],"active":true,"multipleBirthInteger":2}"#,
    );
}

#[test]
fn decimals_keep_their_digits() {
    for digits in [
        "1.0",
        "1.50",
        "0.10",
        "-0",
        "1e3",
        "1E-7",
        "123456789012345678901234567890.5",
        "1e400",
        "7",
    ] {
        let json = format!(
            r#"{{"resourceType":"Observation","valueQuantity":{{"value":{digits},"unit":"mg"}}}}"#
        );
        same("Observation", &json);
    }
}

#[test]
fn siblings_of_primitives_keep_their_place_in_lists() {
    same(
        "Patient",
        r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"b","extension":[{"url":"u","valueDateTime":"1970-01"}]},
        "name":[{"given":["A",null,"C"],"_given":[null,{"extension":[{"url":"v","valueCode":"x"}]},null]}]}"#,
    );
}

#[test]
fn what_r4_does_not_know_comes_back_too() {
    same(
        "Patient",
        r#"{"resourceType":"Patient","foo":{"a":[1,2.50]},"name":[{"bar":1},{"family":["wrong"],"given":"wrong"}],"gender":5,
        "active":"true","telecom":[],"address":{},"contact":[{}],"photo":[null],"link":null,"extension":[{"url":"x","valueInteger":1.5}],
        "deceasedDateTime":false,"maritalStatus":{"zip":{"zap":[]}}}"#,
    );
}

#[test]
fn contained_resources_and_bundles_are_kept_whole() {
    same(
        "MedicationRequest",
        r##"{"resourceType":"MedicationRequest","contained":[{"resourceType":"Medication","id":"m","amount":{"numerator":{"value":1.0}}}],"medicationReference":{"reference":"#m"}}"##,
    );
    same(
        "Parameters",
        r#"{"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Patient"}},{"name":"b","part":[{"name":"c","valueDecimal":2.0}]}]}"#,
    );
}

#[test]
fn a_refused_row_leaves_no_trace() {
    let rows = round(
        "Patient",
        &[
            r#"{"resourceType":"Patient","id":"1","name":[{"family":"A"}]}"#,
            r#"{"resourceType":"Patient","id":"2","name":[{"family":"B"},{"family":"C","given":["x""#,
            r#"{"resourceType":"Patient","id":"3","id":"4"}"#,
            r#"{"resourceType":"Patient","id":"5","zzz":1,"zzz":2}"#,
            r#"{"resourceType":"Patient","id":"6","name":[{"family":"D"}]}"#,
        ],
    );
    assert_eq!(exact(rows[0].as_ref().unwrap())["id"], "1");
    assert_eq!(rows[1].as_ref().unwrap_err().fault, JsonFault::End);
    assert_eq!(rows[2].as_ref().unwrap_err().fault, JsonFault::DuplicateKey);
    assert_eq!(rows[3].as_ref().unwrap_err().fault, JsonFault::DuplicateKey);
    assert_eq!(exact(rows[4].as_ref().unwrap())["name"][0]["family"], "D");
}

#[test]
fn references_are_rewritten_and_come_back_as_they_were() {
    let ty = r4().resource("Observation").unwrap();
    let json = r#"{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"},"performer":[{"reference":"urn:uuid:2"},{"reference":"Practitioner/3"}]}"#;
    let mut builder = TableBuilder::new(ty);
    let rewrite = |text: &str| {
        text.strip_prefix("urn:uuid:")
            .map(|id| format!("Patient/{id}"))
    };
    builder
        .append(json, &RowMeta::default(), Some(&rewrite))
        .unwrap();
    let batch = builder.finish(&ColumnIds::new(&[])).unwrap();
    let write = |form| {
        let mut out = String::new();
        ResourceWriter::new(ty, &batch, form)
            .unwrap()
            .write(0, &mut out)
            .unwrap();
        out
    };
    assert_eq!(exact(&write(Form::AsLoaded)), exact(json));
    let resolved = exact(&write(Form::Resolved));
    assert_eq!(resolved["subject"]["reference"], "Patient/1");
    assert_eq!(resolved["performer"][0]["reference"], "Patient/2");
    assert_eq!(resolved["performer"][1]["reference"], "Practitioner/3");
}

#[test]
fn nesting_has_a_limit() {
    let deep = format!(
        r#"{{"resourceType":"Patient","foo":{}1{}}}"#,
        "[".repeat(80),
        "]".repeat(80)
    );
    assert_eq!(
        round("Patient", &[&deep]).remove(0).unwrap_err().fault,
        JsonFault::Depth
    );
    let extension = r#"{"url":"a","extension":["#.repeat(40) + &"]}".repeat(40);
    let deep = format!(r#"{{"resourceType":"Patient","extension":[{extension}]}}"#);
    assert_eq!(
        round("Patient", &[&deep]).remove(0).unwrap_err().fault,
        JsonFault::Depth
    );
}

pub(crate) fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,4})?(e[0-9])?",
        "[a-zé\\\\\"]{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    let key = prop_oneof![
        Just("name"),
        Just("given"),
        Just("_given"),
        Just("family"),
        Just("extension"),
        Just("url"),
        Just("valueDecimal"),
        Just("birthDate"),
        Just("_birthDate"),
        Just("active"),
        Just("contact"),
        Just("address"),
        Just("period"),
        Just("start"),
        Just("odd"),
        Just("contained"),
        Just("multipleBirthInteger"),
        Just("telecom"),
        Just("rank"),
        Just("reference"),
        Just("link"),
        Just("other")
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(key.clone(), inner, 0..5).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\":{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
    .prop_filter("an object", |json| json.starts_with('{'))
}

/// An object as a Patient.
pub(crate) fn patient(json: &str) -> String {
    let comma = if json == "{}" { "" } else { "," };
    json.replacen('{', &format!("{{\"resourceType\":\"Patient\"{comma}"), 1)
}

proptest! {
    #[test]
    fn anything_comes_back_equal(jsons in prop::collection::vec(any_json(), 1..6)) {
        let jsons: Vec<String> = jsons.iter().map(|json| patient(json)).collect();
        let texts: Vec<&str> = jsons.iter().map(String::as_str).collect();
        for (json, back) in jsons.iter().zip(round("Patient", &texts)) {
            let back = back.unwrap();
            prop_assert_eq!(exact(&back), exact(json), "{}", back);
        }
    }
}

pub(crate) fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let missing = "../shared/data is missing: it is the project's shared folder, beside the clone; see README.md of the project";
    assert!(path.exists() || std::env::var("CI").is_err(), "{missing}");
    path.exists().then_some(path)
}

/// Every `step`th resource of one of the shared data sets, by type.
pub(crate) fn resources(folder: &Path, step: usize) -> BTreeMap<String, Vec<String>> {
    let mut by_type = BTreeMap::<String, Vec<String>>::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if !path.to_string_lossy().ends_with(".ndjson.gz") {
            continue;
        }
        let file: Box<dyn Read> =
            Box::new(MultiGzDecoder::new(std::fs::File::open(&path).unwrap()));
        for line in BufReader::new(file).lines().step_by(step) {
            let line = line.unwrap();
            let kind = serde_json::from_str::<Value>(&line)
                .ok()
                .and_then(|v| v["resourceType"].as_str().map(str::to_owned));
            if let Some(kind) = kind {
                by_type.entry(kind).or_default().push(line);
            }
        }
    }
    by_type
}

#[test]
fn real_records_come_back_equal() {
    let Some(shared) = shared() else { return };
    for folder in [
        "synthea-r4/v3-mixed",
        "cms-claims/bfd-v2",
        "cms-claims/bcda-eob",
    ] {
        for (kind, lines) in resources(&shared.join(folder), 7) {
            let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
            for (line, back) in lines.iter().zip(round(&kind, &texts)) {
                assert_eq!(exact(&back.unwrap()), exact(line));
            }
        }
    }
}
