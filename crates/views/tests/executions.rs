//! The three executions give the same rows in the same order: on hand-made resources that are hard to lay out in
//! columns, and on records of Synthea.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what prepares a test fails the test"
)]

use std::io::Read;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use salus_columns::{ColumnIds, RowMeta, TableBuilder};
use salus_fhir::schema::r4;
use salus_values::DateTime;
use salus_views::{CompiledView, NdjsonOptions, Sink, ViewDefinition};

struct Gathered(Vec<RecordBatch>);

impl Sink for Gathered {
    fn rows(&mut self, batch: RecordBatch) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.0.push(batch);
        Ok(())
    }
}

fn now() -> DateTime {
    DateTime::parse("2026-01-01T00:00:00Z").unwrap()
}

fn compile(view: &str) -> CompiledView {
    let view = ViewDefinition::parse(view).unwrap_or_else(|found| panic!("{found:#?}"));
    CompiledView::compile(&view).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn by_columns(view: &CompiledView, lines: &[&str]) -> Result<RecordBatch, String> {
    let mut table = TableBuilder::new(r4().resource(view.resource()).unwrap());
    for line in lines {
        table.append(line, &RowMeta::default(), None).unwrap();
    }
    let batch = table.finish(&ColumnIds::new(&[])).unwrap();
    view.run_batch(&batch, &now())
        .map_err(|error| error.to_string())
}

fn by_ndjson(view: &CompiledView, lines: &[&str], threads: usize) -> Result<RecordBatch, String> {
    let mut rows = Gathered(Vec::new());
    let options = NdjsonOptions {
        threads,
        chunk_bytes: 4096,
        ..NdjsonOptions::new(now())
    };
    let text = lines.join("\n");
    view.run_ndjson(text.as_bytes(), &options, &mut rows)
        .map_err(|error| error.to_string())?;
    Ok(concat_batches(view.schema(), &rows.0).unwrap())
}

/// Runs a view in every way and holds the results against each other. Gives the rows, or the error.
fn same(view: &str, lines: &[&str]) -> Result<RecordBatch, String> {
    let compiled = compile(view);
    let expected = compiled
        .run_json(lines.iter().copied(), &now())
        .map_err(|error| error.to_string());
    let columns = by_columns(&compiled, lines);
    let ndjson = by_ndjson(&compiled, lines, 1);
    let threads = by_ndjson(&compiled, lines, 3);
    match &expected {
        Ok(expected) => {
            for (name, found) in [
                ("columns", &columns),
                ("ndjson", &ndjson),
                ("threads", &threads),
            ] {
                let found = found
                    .as_ref()
                    .unwrap_or_else(|error| panic!("{name}: {error}\n{view}"));
                let (left, right) = (compiled.json_rows(expected), compiled.json_rows(found));
                for (row, (left, right)) in left.iter().zip(&right).enumerate() {
                    assert_eq!(left, right, "{name}, row {row} of\n{view}");
                }
                assert_eq!(left.len(), right.len(), "{name}: rows of\n{view}");
                assert_eq!(expected.schema(), found.schema());
            }
        }
        Err(_) => {
            for (name, found) in [
                ("columns", columns),
                ("ndjson", ndjson),
                ("threads", threads),
            ] {
                assert!(
                    found.is_err(),
                    "{name} gave rows, json {expected:?}\n{view}"
                );
            }
        }
    }
    expected
}

/// A view of a resource type with these columns, all of them collections.
fn lists(resource: &str, paths: &[&str]) -> String {
    let columns: Vec<String> = paths
        .iter()
        .enumerate()
        .map(|(nth, path)| {
            let path = serde_json::to_string(path).unwrap();
            format!(r#"{{"name": "c{nth}", "path": {path}, "collection": true}}"#)
        })
        .collect();
    format!(
        r#"{{"resource": "{resource}", "select": [{{"column": [{}]}}]}}"#,
        columns.join(", ")
    )
}

/// Patients with what is hard: siblings, nulls in lists, wrong JSON types, unknown elements, contained resources.
const PATIENTS: [&str; 9] = [
    r#"{"resourceType":"Patient","id":"a","active":true,"name":[{"use":"official","family":"F","given":["A","B"]},{"given":["C"]}],"birthDate":"1970-06","multipleBirthInteger":2}"#,
    r#"{"resourceType":"Patient","id":"b","active":false,"name":[{"given":["X",null,"Z"],"_given":[null,{"extension":[{"url":"u","valueCode":"v"}]},null]}],"_birthDate":{"extension":[{"url":"http://a/b","valueString":"s"}]},"multipleBirthBoolean":true}"#,
    r#"{"resourceType":"Patient","id":"c"}"#,
    r#"{"resourceType":"Patient","id":"d","name":[{"family":"G","given":"one"}],"gender":5,"vendor":{"x":1}}"#,
    r#"{"resourceType":"Patient","id":"e","name":[],"telecom":[{}],"contact":[{"name":{"family":"K"},"telecom":[{"value":"1"},{"value":"2"}]},{"telecom":[{"value":"3"}]}]}"#,
    r#"{"resourceType":"Patient","active":true,"contained":[{"resourceType":"Organization","id":"o","name":"Org"}],"managingOrganization":{"reference":"\u0023o"},"name":[{"family":"\u00c4 \"q\"\n"}]}"#,
    r#"{"resourceType":"Patient","id":"g","generalPractitioner":[{"reference":"Practitioner/1"},{"reference":"http://h/fhir/Organization/2/_history/3"},{"reference":"urn:uuid:4"},{"display":"no"}],"extension":[{"url":"http://a","valueDecimal":1.50},{"url":"http://b","extension":[{"url":"c","valueInteger":7}]}]}"#,
    r#"{"resourceType":"Patient","id":"h","address":[{"line":["1","2"],"city":"C","period":{"start":"2020"}},{"city":"D"}],"deceasedDateTime":"2024-02-03T10:00:00Z"}"#,
    r#"{"resourceType":"Patient","id":"i","name":[{"family":"F","period":{"end":"2002"}},null,{"family":"H"}],"communication":[{"language":{"coding":[{"code":"en"},{"code":"de","userSelected":true}]}}]}"#,
];

#[test]
fn paths_find_the_same_in_every_execution() {
    for path in [
        "id",
        "Patient.id",
        "getResourceKey()",
        "active",
        "active.not()",
        "name.family",
        "name.given",
        "name.given.first()",
        "name.given.last()",
        "name[1].given",
        "name.first().given[1]",
        "name.count()",
        "name.exists()",
        "name.empty()",
        "name.given.exists()",
        "name.where(use = 'official').given",
        "name.where(family = 'F' and given.exists()).given",
        "name.where(given.count() > 1).family",
        "name.exists(family = 'F')",
        "name.given.join('-')",
        "name.given.join()",
        "name.family & ''",
        "birthDate",
        "birthDate.exists()",
        "birthDate.extension('http://a/b').value.ofType(string)",
        "birthDate.hasValue()",
        "multipleBirth.ofType(integer)",
        "multipleBirth.ofType(boolean)",
        "multipleBirth.ofType(integer) > 1",
        "multipleBirth.ofType(integer) = 2",
        "gender",
        "gender = 'x'",
        "contact.telecom.value",
        "contact.telecom[0].value",
        "contact.where(telecom.value = '3').telecom.value",
        "contained.ofType(Organization).name",
        "contained.id",
        "managingOrganization.reference",
        "managingOrganization.getReferenceKey()",
        "generalPractitioner.getReferenceKey()",
        "generalPractitioner.getReferenceKey(Practitioner)",
        "generalPractitioner.getReferenceKey(Resource)",
        "extension('http://a').value.ofType(decimal)",
        "extension('http://b').extension('c').value.ofType(integer)",
        "extension.where(url = 'http://a').exists()",
        "extension.value.ofType(decimal) > 1.2",
        "address.line",
        "address.period.start",
        "address.city.first() = 'C'",
        "deceased.ofType(dateTime)",
        "deceased.exists()",
        "name.select(family | given)",
        "name.given | name.family",
        "name.family.upper()",
        "active and name.exists()",
        "active or name.exists()",
        "active xor name.exists()",
        "active implies name.exists()",
        "name.all(family.exists())",
        "iif(active, 'yes', 'no')",
        "{}",
        "'lit'",
        "42",
        "1.5",
        "true",
        "$this.id",
        "%resource.id",
        "%rowIndex",
        "name.given.distinct().count()",
        "(name.family | contact.name.family).count()",
        "communication.language.coding.where(userSelected).code",
        "name.period.end",
        "name.ofType(HumanName).family",
        "id = 'a' or id = 'b'",
        "id != 'a'",
        "name.family.first().length() > 0",
        "name.where($index = 1).family",
        "name.family = 'F'",
        "children().count()",
        "name.repeat(given)",
        "name.given.where($this = 'A')",
        "name.given.tail()",
        "birthDate.lowBoundary()",
        "(name.count() + 1).toString()",
        "name.given.exists() = active",
    ] {
        let _ = same(&lists("Patient", &[path]), &PATIENTS);
    }
}

#[test]
fn observations_of_every_type_of_value_are_told_apart() {
    let lines = [
        r#"{"resourceType":"Observation","id":"1","valueQuantity":{"value":6.10,"unit":"mg","code":"mg"},"code":{"coding":[{"system":"s","code":"x"},{"system":"t","code":"y"}]}}"#,
        r#"{"resourceType":"Observation","id":"2","valueString":"s","effectiveDateTime":"2020-01-01"}"#,
        r#"{"resourceType":"Observation","id":"3","valueInteger":3,"effectivePeriod":{"start":"2020","end":"2021"}}"#,
        r#"{"resourceType":"Observation","id":"4","valueQuantity":{"value":1e400}}"#,
        r#"{"resourceType":"Observation","id":"5","valueQuantity":{"value":0.12345678901234567890}}"#,
        r#"{"resourceType":"Observation","id":"6","valueQuantity":{"value":-0}}"#,
        r#"{"resourceType":"Observation","id":"7","component":[{"code":{"text":"a"},"valueBoolean":true},{"valueQuantity":{"value":2}}]}"#,
        r#"{"resourceType":"Observation","id":"8","_valueString":{"extension":[{"url":"absent","valueCode":"unknown"}]},"status":"final","_status":{"id":"x"}}"#,
    ];
    for path in [
        "value.ofType(Quantity).value",
        "value.ofType(Quantity).value > 1",
        "value.ofType(Quantity).value < 6.2",
        "value.ofType(Quantity).value = 6.1",
        "value.ofType(Quantity).value = 6",
        "value.ofType(Quantity).unit",
        "value.ofType(string)",
        "value.ofType(string).exists()",
        "value.exists()",
        "value.ofType(integer)",
        "(value as Quantity).value",
        "(value as string)",
        "value is Quantity",
        "value.unit",
        "code.coding.where(system = 's').code",
        "code.coding.exists(system = 't' and code = 'y')",
        "effective.ofType(Period).start",
        "effective.ofType(dateTime)",
        "effective.ofType(dateTime) > @2019-01-01",
        "component.value.ofType(Quantity).value",
        "component.value.ofType(boolean)",
        "component.code.text",
        "value.ofType(string).extension('absent').value.ofType(code)",
        "status",
        "status.id",
        "status = 'final'",
        "value.ofType(Quantity).value.lowBoundary()",
        "value.ofType(Quantity).value * 2",
    ] {
        let _ = same(&lists("Observation", &[path]), &lines);
    }
    let _ = same(
        &lists(
            "Observation",
            &["id", "value.ofType(Quantity).value", "component.code.text"],
        ),
        &lines[..3],
    );
}

fn selects(select: &str) -> String {
    format!(r#"{{"resource": "Patient", "select": [{select}]}}"#)
}

#[test]
fn selects_of_every_shape_give_the_same_rows() {
    let id = r#"{"column": [{"name": "id", "path": "id"}, {"name": "at", "path": "%rowIndex"}]}"#;
    let name =
        r#""column": [{"name": "family", "path": "family"}, {"name": "n", "path": "%rowIndex"}]"#;
    let city = r#"{"forEach": "address", "column": [{"name": "city", "path": "city"}, {"name": "c", "path": "%rowIndex"}]}"#;
    for select in [
        format!(r#"{id}, {{"forEach": "name", {name}}}"#),
        format!(r#"{id}, {{"forEachOrNull": "name", {name}}}"#),
        format!(r#"{id}, {{"forEachOrNull": "name", {name}}}, {city}"#),
        format!(
            r#"{id}, {{"forEachOrNull": "name", "select": [{{"forEach": "given", "column": [{{"name": "g", "path": "$this"}}]}}]}}"#
        ),
        format!(
            r#"{{"forEachOrNull": "name", {name}, "select": [{{"forEachOrNull": "given", "column": [{{"name": "given", "path": "$this"}}, {{"name": "g", "path": "%rowIndex"}}]}}]}}, {id}"#
        ),
        format!(
            r#"{id}, {{"unionAll": [{{"forEach": "name", "column": [{{"name": "x", "path": "family"}}]}}, {{"forEachOrNull": "contact", "column": [{{"name": "x", "path": "name.family"}}]}}, {{"column": [{{"name": "x", "path": "gender"}}]}}]}}"#
        ),
        format!(
            r#"{{"forEach": "contact", "column": [{{"name": "k", "path": "name.family"}}], "unionAll": [{{"forEach": "telecom", "column": [{{"name": "v", "path": "value"}}, {{"name": "r", "path": "%rowIndex"}}]}}, {{"column": [{{"name": "v", "path": "'none'"}}, {{"name": "r", "path": "%rowIndex"}}]}}]}}, {id}"#
        ),
        format!(
            r#"{id}, {{"forEach": "name.given", "column": [{{"name": "given", "path": "$this"}}]}}"#
        ),
        format!(
            r#"{id}, {{"forEach": "contained.ofType(Organization)", "column": [{{"name": "org", "path": "name"}}]}}"#
        ),
        format!(
            r#"{id}, {{"forEach": "name.family | contact.name.family", "column": [{{"name": "f", "path": "$this"}}]}}"#
        ),
        format!(
            r#"{id}, {{"forEach": "name.where(given.exists())", "select": [{{"column": [{{"name": "f", "path": "family"}}]}}, {{"forEach": "given", "column": [{{"name": "g", "path": "$this"}}, {{"name": "r", "path": "%rowIndex"}}]}}]}}"#
        ),
        format!(
            r#"{id}, {{"forEach": "extension", "column": [{{"name": "url", "path": "url"}}, {{"name": "whole", "path": "$this", "type": "Extension"}}]}}"#
        ),
        format!(
            r#"{id}, {{"repeat": ["extension"], "column": [{{"name": "url", "path": "url"}}, {{"name": "r", "path": "%rowIndex"}}]}}"#
        ),
        format!(
            r#"{id}, {{"repeat": ["contact", "telecom"], "column": [{{"name": "v", "path": "value", "type": "string"}}, {{"name": "r", "path": "%rowIndex"}}]}}"#
        ),
    ] {
        let _ = same(&selects(&select), &PATIENTS);
    }
}

#[test]
fn conditions_keep_the_same_resources() {
    for condition in [
        "active",
        "active = true",
        "active.exists() and active = false",
        "name.where(use = 'official').exists()",
        "name.family = 'F'",
        "name.exists(family = 'F')",
        "id = 'a' or gender.exists()",
        "name.count() > 1",
        "birthDate < @1980-01-01",
        "name.family.exists() and name.family.first().startsWith('F')",
        "gender",
    ] {
        let view = format!(
            r#"{{"resource": "Patient", "where": [{{"path": "{condition}"}}], "select": [{{"column": [{{"name": "id", "path": "id"}}]}}]}}"#
        );
        let json = ViewDefinition::parse(&view).unwrap();
        if CompiledView::compile(&json).is_ok() {
            let _ = same(&view, &PATIENTS);
        }
    }
}

#[test]
fn questionnaire_responses_are_repeated_in_the_order_of_the_walk() {
    let lines = [
        r#"{"resourceType":"QuestionnaireResponse","id":"q","item":[{"linkId":"1","item":[{"linkId":"1.1","answer":[{"valueString":"a","item":[{"linkId":"1.1.1","item":[{"linkId":"1.1.1.1"}]}]},{"valueInteger":2}]},{"linkId":"1.2"}]},{"linkId":"2","answer":[{"item":[{"linkId":"2.1"}]}]}]}"#,
        r#"{"resourceType":"QuestionnaireResponse","id":"r"}"#,
        r#"{"resourceType":"QuestionnaireResponse","id":"s","item":[{"linkId":"only"}]}"#,
    ];
    let view = r#"{"resource": "QuestionnaireResponse", "select": [
        {"column": [{"name": "id", "path": "id"}]},
        {"repeat": ["item", "answer.item"],
         "column": [{"name": "link", "path": "linkId"}, {"name": "r", "path": "%rowIndex"}],
         "select": [{"forEachOrNull": "answer", "column": [{"name": "text", "path": "value.ofType(string)"}]}]}]}"#;
    let rows = same(view, &lines).unwrap();
    assert_eq!(rows.num_rows(), 9);
    let endless = r#"{"resource": "QuestionnaireResponse", "select": [
        {"repeat": ["$this"], "column": [{"name": "id", "path": "id"}]}]}"#;
    let error = same(endless, &lines).unwrap_err();
    assert!(error.contains("64 levels"), "{error}");
}

#[test]
fn a_repeat_that_makes_values_of_elements_is_refused_before_it_runs() {
    let view = r#"{"resource": "Questionnaire", "select": [
        {"repeat": ["item", "linkId & 'x'"], "column": [{"name": "l", "path": "$this", "type": "string"}]}]}"#;
    let view = ViewDefinition::parse(view).unwrap();
    let problems = CompiledView::compile(&view).unwrap_err();
    let said: Vec<&str> = problems
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert!(
        said.iter()
            .any(|said| said.starts_with("`repeat` goes from element to element")),
        "{said:?}"
    );
}

#[test]
fn a_path_may_use_no_more_than_it_is_allowed() {
    let view = compile(&lists("Patient", &["name.given.repeatAll($this)"]));
    let view = view.with_limits(salus_fhirpath::Limits {
        items_max: 100,
        ..salus_fhirpath::Limits::default()
    });
    for found in [by_columns(&view, &PATIENTS), by_ndjson(&view, &PATIENTS, 1)] {
        assert!(found.unwrap_err().contains("cannot be evaluated"));
    }
    assert!(view.run_json(PATIENTS, &now()).is_err());
}

#[test]
fn what_stops_one_execution_stops_all_with_the_same_words() {
    for (path, words) in [
        ("name.given", "has 3 values in the resource `a`"),
        ("multipleBirth", "FHIR"),
        ("name.given.single()", "cannot be evaluated"),
    ] {
        let view = format!(
            r#"{{"resource": "Patient", "select": [{{"column": [{{"name": "x", "path": "{path}", "type": "string"}}]}}]}}"#
        );
        let Ok(definition) = ViewDefinition::parse(&view) else {
            panic!()
        };
        let Ok(compiled) = CompiledView::compile(&definition) else {
            continue;
        };
        let json = compiled.run_json(PATIENTS, &now()).unwrap_err().to_string();
        let columns = by_columns(&compiled, &PATIENTS).unwrap_err();
        assert_eq!(json, columns);
        assert!(json.contains(words) || path == "multipleBirth", "{json}");
    }
}

#[test]
fn lines_that_are_no_resources_are_left_out_and_said() {
    struct Heard(Vec<u64>, usize);
    impl Sink for Heard {
        fn rows(
            &mut self,
            batch: RecordBatch,
        ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            self.1 += batch.num_rows();
            Ok(())
        }
        fn refused(&mut self, line: salus_views::RefusedLine) {
            self.0.push(line.offset);
        }
    }
    let view = compile(&selects(r#"{"column": [{"name": "id", "path": "id"}]}"#));
    let long = format!(r#"{{"resourceType":"Patient","id":"{}"}}"#, "x".repeat(400));
    let text = format!(
        "{}\n\n{{\"resourceType\":\"Observation\"}}\nnonsense\n{long}\n{}\n{{\"id\":1}}",
        PATIENTS[0], PATIENTS[2]
    );
    for (threads, chunk_bytes) in [(1, 7), (2, 64), (3, 1 << 20)] {
        let mut heard = Heard(Vec::new(), 0);
        let options = NdjsonOptions {
            threads,
            chunk_bytes,
            line_bytes_max: 300,
            ..NdjsonOptions::new(now())
        };
        let done = view
            .run_ndjson(text.as_bytes(), &options, &mut heard)
            .unwrap();
        // A long line is refused only when it does not fit into what is read at once.
        let taken = if chunk_bytes > 300 { 3 } else { 2 };
        assert_eq!(
            (heard.1, done.bytes),
            (taken, text.len() as u64),
            "{chunk_bytes}"
        );
        assert_eq!(done.refused as usize, heard.0.len());
        assert_eq!(done.refused + done.rows, 5);
    }
    let mut heard = Heard(Vec::new(), 0);
    let second = text.find('\n').unwrap() + 1;
    let (one, other) = text.as_bytes().split_at(second);
    let pieces = [one.to_vec(), other.to_vec()];
    let options = NdjsonOptions {
        threads: 2,
        ..NdjsonOptions::new(now())
    };
    let done = view.run_lines(pieces, &options, &mut heard).unwrap();
    assert_eq!((heard.1, done.bytes), (3, text.len() as u64));
    let nonsense = text.find("nonsense").unwrap() as u64;
    assert_eq!(heard.0.first(), Some(&nonsense));
}

fn synthea(file: &str) -> Option<Vec<String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/synthea-r4/v3-mixed")
        .join(file);
    if !path.exists() {
        assert!(
            std::env::var_os("CI").is_none(),
            "Synthea's records must be at {}",
            path.display()
        );
        return None;
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    Some(text.lines().take(1500).map(str::to_owned).collect())
}

#[test]
fn records_of_synthea_give_the_same_rows_in_every_execution() {
    let observation = include_str!("../examples/observation.json").to_owned();
    let views = [
        ("Observation.ndjson.gz", observation),
        (
            "Patient.ndjson.gz",
            r#"{"resource": "Patient", "select": [
                {"column": [
                    {"name": "id", "path": "getResourceKey()", "type": "id"}, {"name": "born", "path": "birthDate", "type": "date"},
                    {"name": "race", "path": "extension('http://hl7.org/fhir/us/core/StructureDefinition/us-core-race').extension('text').value.ofType(string)", "type": "string"},
                    {"name": "whole", "path": "maritalStatus", "type": "CodeableConcept"},
                    {"name": "ssn", "path": "identifier.where(type.coding.exists(code = 'SS')).value.first()", "type": "string"}]},
                {"forEachOrNull": "address", "column": [{"name": "city", "path": "city"}, {"name": "lines", "path": "line", "collection": true},
                    {"name": "latitude", "path": "extension.extension('latitude').value.ofType(decimal)", "type": "decimal"}]}]}"#.to_owned(),
        ),
        (
            "ExplanationOfBenefit.ndjson.gz",
            r#"{"resource": "ExplanationOfBenefit", "select": [
                {"column": [{"name": "id", "path": "id"}, {"name": "patient", "path": "patient.getReferenceKey(Patient)"},
                            {"name": "paid", "path": "payment.amount.value"}]},
                {"forEach": "item", "column": [{"name": "line", "path": "sequence"}, {"name": "code", "path": "productOrService.coding.first().code"},
                    {"name": "start", "path": "serviced.ofType(Period).start"}],
                 "select": [{"forEachOrNull": "adjudication", "column": [{"name": "category", "path": "category.coding.code.first()"}, {"name": "amount", "path": "amount.value"}]}]}]}"#.to_owned(),
        ),
    ];
    for (file, view) in views {
        let Some(lines) = synthea(file) else { return };
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let rows = same(&view, &lines).unwrap();
        assert!(rows.num_rows() >= lines.len(), "{file}");
    }
}
