//! CQL over a lake gives what CQL over the same records as JSON gives, patient by patient.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::util::display::array_value_to_string;
use salus_base::Cancel;
use salus_cql::evaluate::{Evaluation, JsonDocuments, JsonRecords, Limits, notation};
use salus_cql::model::{Model, Models};
use salus_cql::operators::{Scene, Silent};
use salus_cql::program::Program;
use salus_cql::requirements::{Linked, Requirements};
use salus_cql::resolve::{NoSources, Options, Translation, translate};
use salus_cql::terminology::LoadedTerminology;
use salus_engine::population::Question;
use salus_fhir::json::Resource;
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_lake::Form;
use salus_lake::catalog::At;
use salus_lake::export::{ExportRequest, export};
use salus_terminology::Terminology;
use salus_values::{DateTime, Value};

use crate::common::{TestLake, shared};

const LIBRARY: &str = include_str!("population.cql");

const VALUE_SETS: [&str; 2] = [
    r#"{"resourceType":"ValueSet","url":"http://a.example/body","status":"active","compose":{"include":[
        {"system":"http://loinc.org","concept":[{"code":"29463-7"},{"code":"8302-2"},{"code":"39156-5"}]}]}}"#,
    r#"{"resourceType":"ValueSet","url":"http://a.example/visits","status":"active","compose":{"include":[
        {"system":"http://snomed.info/sct","concept":[{"code":"185349003"},{"code":"162673000"},{"code":"410620009"}]}]}}"#,
];

fn terminology() -> LoadedTerminology {
    let mut terminology = Terminology::default();
    for text in VALUE_SETS {
        terminology.add(&Resource::parse(text).unwrap()).unwrap();
    }
    LoadedTerminology::new(terminology)
}

fn translated(text: &str) -> Translation {
    let translation = translate(text, &NoSources, &Options::bare());
    let problems: Vec<String> = translation
        .diagnostics("population.cql")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(translation.is_sound(), "{problems:#?}");
    translation
}

fn program(translation: &Translation) -> Program {
    let mut models = Models::new().unwrap();
    models
        .add(Model::embedded("FHIR", Some("4.0.1")).unwrap())
        .unwrap();
    let included: Vec<_> = translation.included.iter().map(|one| &**one).collect();
    Program::new(&translation.library, &included, &models).unwrap()
}

fn now() -> DateTime {
    DateTime::parse("2021-06-01T00:00:00.000Z").unwrap()
}

/// The results by patient, each as text; by the lake.
fn by_lake(lake: &TestLake, translation: &Translation) -> BTreeMap<String, Vec<String>> {
    let program = Arc::new(program(translation));
    let included = translation.included.clone();
    let find = move |wanted: salus_cql::elm::VersionedIdentifier<'_>| {
        let mut all = included.iter();
        all.find(|library| library.identifier().id == wanted.id)
            .map(Arc::clone)
    };
    let linked = Linked::new(Arc::clone(&translation.library), &find);
    let question = Question {
        defines: program.defines().map(str::to_owned).collect(),
        program,
        library: Arc::clone(&translation.library),
        requirements: Arc::new(Requirements::of(&linked, None)),
        terminology: Arc::new(terminology()),
        messages: Arc::new(Silent),
        now: now(),
        parameters: vec![],
        limits: Limits::default(),
    };
    let session = lake.session();
    lake.runtime.block_on(async {
        let mut results = session.population(question).await.unwrap();
        let mut found = BTreeMap::new();
        while let Some(batch) = results.next().await.unwrap() {
            let patients = batch.column(0).as_string::<i32>();
            for row in 0..batch.num_rows() {
                let values =
                    batch
                        .columns()
                        .iter()
                        .skip(1)
                        .map(|column| match column.is_null(row) {
                            true => "null".to_owned(),
                            false => array_value_to_string(column, row).unwrap(),
                        });
                let before = found.insert(patients.value(row).to_owned(), values.collect());
                assert_eq!(before, None, "a patient comes once");
            }
        }
        found
    })
}

/// The results by patient, each as text; by JSON of all records.
fn by_json(lines: &[String], translation: &Translation) -> BTreeMap<String, Vec<String>> {
    use salus_cql::evaluate::Records as _;
    let mut documents = JsonDocuments::new();
    for line in lines {
        documents.add(line).unwrap();
    }
    let records = JsonRecords::new(&documents);
    let program = program(translation);
    let terminology = terminology();
    let scene = Scene {
        terminology: &terminology,
        ..Scene::at(now())
    };
    let mut evaluation = Evaluation::new(&program, &records, scene);
    let mut found = BTreeMap::new();
    for subject in records.subjects("Patient").unwrap() {
        let patient = records.resource(subject).unwrap();
        let mut id = String::new();
        patient.children("id", &mut |child| {
            if let Some(PrimitiveText::Text(text)) = child.primitive() {
                id = text.into_owned();
            }
        });
        evaluation.enter("Patient", Some(subject));
        let values = program
            .defines()
            .map(|define| match evaluation.define(define).unwrap() {
                Value::String(text) => text.to_string(),
                Value::Date(date) => date.to_string(),
                Value::DateTime(time) => time.to_string(),
                Value::Decimal(decimal) => {
                    format!("{:.8}", decimal.to_string().parse::<f64>().unwrap())
                }
                other => notation(&other),
            });
        let values = values.collect();
        found.insert(id, values);
    }
    found
}

fn lines_of(lake: &TestLake) -> Vec<String> {
    let mut lines = Vec::new();
    let view = lake
        .runtime
        .block_on(lake.lake.catalog().view(At::Latest))
        .unwrap();
    let request = ExportRequest {
        types: vec![],
        patients: vec![],
        form: Form::Resolved,
    };
    let mut sink = |_: &str, line: &str| {
        lines.push(line.to_owned());
        Ok(())
    };
    let cancel = Cancel::new();
    let work = export(&lake.lake, &view, &request, &cancel, &mut sink);
    lake.runtime.block_on(work).unwrap();
    lines
}

fn assert_same(lake: &TestLake, text: &str) {
    let translation = translated(text);
    let lake_results = by_lake(lake, &translation);
    let json_results = by_json(&lines_of(lake), &translation);
    assert!(!lake_results.is_empty());
    assert_eq!(lake_results.len(), json_results.len());
    let defines: Vec<String> = program(&translation).defines().map(str::to_owned).collect();
    for (patient, by_json) in &json_results {
        let by_lake = &lake_results[patient];
        for ((define, json), lake) in defines.iter().zip(by_json).zip(by_lake) {
            assert_eq!(lake, json, "{define} of patient {patient}");
        }
    }
}

#[test]
fn a_lake_and_json_give_the_same() {
    let Some(folder) = shared("data/synthea-r4/v3-mixed") else {
        return;
    };
    let lake = TestLake::new();
    let files = [
        "Patient",
        "Condition",
        "Encounter",
        "Observation",
        "MedicationRequest",
        "Procedure",
        "Organization",
    ];
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|file| folder.join(format!("{file}.ndjson.gz")))
        .collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    lake.load(&paths);
    assert_same(&lake, LIBRARY);
}

#[test]
fn a_second_coding_is_found_and_merged_patients_are_one() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Patient","id":"a","birthDate":"1950-01-01","gender":"female"}"#,
        r#"{"resourceType":"Patient","id":"old","birthDate":"1960","link":[{"other":{"reference":"Patient/new"},"type":"replaced-by"}]}"#,
        r#"{"resourceType":"Patient","id":"new","birthDate":"1960-05"}"#,
        r#"{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://other.example","code":"w"},{"system":"http://loinc.org","code":"29463-7"}]},"valueQuantity":{"value":80.50,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#,
        r#"{"resourceType":"Observation","id":"o2","status":"final","subject":{"reference":"Patient/old"},"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"valueQuantity":{"value":60,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#,
        r#"{"resourceType":"Observation","id":"o3","status":"final","subject":{"reference":"Patient/new"},"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]}}"#,
    ]);
    let text = r#"library Codings using FHIR version '4.0.1' include FHIRHelpers version '4.0.1'
        codesystem "LOINC": 'http://loinc.org' code "Weight": '29463-7' from "LOINC"
        context Patient
        define "Weights": Count([Observation: "Weight"])
        define "Year": year from Patient.birthDate.value"#;
    let results = by_lake(&lake, &translated(text));
    assert_eq!(results["a"], ["Patient/a", "1", "1950"]);
    assert_eq!(results["new"], ["Patient/new", "2", "1960"]);
    assert_eq!(results.len(), 2);
}

#[test]
fn a_define_over_all_patients_sees_all_of_them() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Patient","id":"a","gender":"female"}"#,
        r#"{"resourceType":"Patient","id":"b","gender":"male"}"#,
        r#"{"resourceType":"Patient","id":"c","gender":"female"}"#,
    ]);
    let text = r#"library All using FHIR version '4.0.1' include FHIRHelpers version '4.0.1'
        context Patient
        define "Is female": Patient.gender.value = 'female'
        context Unfiltered
        define "Women": Count("Is female" F where F)
        context Patient
        define "Others": "Women" - (if "Is female" then 1 else 0)"#;
    let results = by_lake(&lake, &translated(text));
    assert_eq!(results["a"], ["Patient/a", "true", "2", "1"]);
    assert_eq!(results["b"], ["Patient/b", "false", "2", "2"]);
}

#[test]
fn rows_are_left_out_by_their_code_only_where_it_is_the_only_one() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Patient","id":"a"}"#,
        r#"{"resourceType":"Observation","id":"plain","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]}}"#,
        r#"{"resourceType":"Observation","id":"escaped","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://loinc.org","code":"29463\u002d7"}]}}"#,
        r#"{"resourceType":"Observation","id":"other","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://loinc.org","code":"8302-2"}]}}"#,
        r#"{"resourceType":"Observation","id":"system","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://other.example","code":"29463-7"}]}}"#,
        r#"{"resourceType":"Observation","id":"text","subject":{"reference":"Patient/a"},"code":{"text":"weight"}}"#,
    ]);
    let text = r#"library Codes using FHIR version '4.0.1' include FHIRHelpers version '4.0.1'
        codesystem "LOINC": 'http://loinc.org' code "Weight": '29463-7' from "LOINC"
        valueset "Body measures": 'http://a.example/body'
        context Patient
        define "Weights": [Observation: "Weight"] O return O.id.value
        define "Measures": [Observation: "Body measures"] O return O.id.value"#;
    let weights = "{ 'escaped', 'plain' }";
    let measures = "{ 'escaped', 'other', 'plain' }";
    assert_eq!(
        by_lake(&lake, &translated(text))["a"],
        ["Patient/a", weights, measures]
    );
    assert_same(&lake, text);
    // A file in which a row has two codings is read whole.
    lake.load_lines(
        "two.ndjson",
        &[r#"{"resourceType":"Observation","id":"second","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://other.example","code":"w"},{"system":"http://loinc.org","code":"29463-7"}]}}"#],
    );
    let weights = "{ 'escaped', 'plain', 'second' }";
    let measures = "{ 'escaped', 'other', 'plain', 'second' }";
    assert_eq!(
        by_lake(&lake, &translated(text))["a"],
        ["Patient/a", weights, measures]
    );
}
