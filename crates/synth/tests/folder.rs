//! A folder holds the records, the truth as Parquet that joins with them, and the feed in order.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use salus_synth::{Folder, Options, stream};

fn folder(patients: u64, scenario: Option<&str>) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let mut folder = Folder::create(place.path()).unwrap();
    let options = Options {
        patients,
        years: 2,
        seed: 42,
        hl7v2: true,
        scenario: scenario.map(str::to_owned),
        ..Options::default()
    };
    stream(&options, &mut folder).unwrap();
    folder.finish().unwrap();
    place
}

fn table(place: &Path, name: &str) -> RecordBatch {
    let file = File::open(place.join("truth").join(format!("{name}.parquet"))).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

fn column(table: &RecordBatch, name: &str) -> BTreeSet<String> {
    let column = table.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().flatten().map(str::to_owned).collect()
}

fn ids(place: &Path, kind: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(place.join(format!("{kind}.ndjson"))).unwrap();
    let id = |line: &str| {
        let found: serde_json::Value = serde_json::from_str(line).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    text.lines().map(id).collect()
}

#[test]
fn the_truth_joins_with_the_records_by_id() {
    let place = folder(300, None);
    let place = place.path();
    let patients = ids(place, "Patient");
    for name in Folder::truth_tables() {
        let table = table(place, name);
        if table.column_by_name("patient").is_some() {
            assert!(column(&table, "patient").is_subset(&patients), "{name}");
        }
    }
    let labels = table(place, "order_labels");
    assert!(labels.num_rows() > 4);
    assert!(column(&labels, "medication_request").is_subset(&ids(place, "MedicationRequest")));
    let cases = table(place, "outbreak_cases");
    assert!(column(&cases, "encounter").is_subset(&ids(place, "Encounter")));
    let outbreaks = table(place, "outbreaks");
    assert!(column(&cases, "outbreak").is_subset(&column(&outbreaks, "outbreak")));
}

#[test]
fn the_same_options_give_the_same_files() {
    let (one, two) = (folder(40, None), folder(40, None));
    let mut compared = 0;
    for inside in ["", "truth", "hl7v2"] {
        for entry in std::fs::read_dir(one.path().join(inside)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let other = two.path().join(inside).join(entry.file_name());
                assert_eq!(
                    std::fs::read(entry.path()).unwrap(),
                    std::fs::read(other).unwrap()
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 40);
}

#[test]
fn the_feed_is_in_order_of_time_and_counts_its_messages() {
    let place = folder(120, None);
    let mut files = 0;
    for entry in std::fs::read_dir(place.path().join("hl7v2")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap(), "hl7", "no spool is left behind");
        let text = std::fs::read_to_string(&path).unwrap();
        let records: Vec<&str> = text.lines().collect();
        let (first, last) = (records[0], records[records.len() - 1]);
        assert!(first.starts_with("FHS|^~\\&|"));
        // `lines` takes the last carriage return for a part of the line end.
        assert_eq!(last, format!("BTS|{}\rFTS|1", records.len() - 2));
        let sent = records[1..records.len() - 1]
            .iter()
            .map(|m| m.split('|').nth(6).unwrap());
        assert!(sent.is_sorted());
        files += 1;
    }
    assert!(files >= 24);
}

#[test]
fn a_scenario_is_in_the_truth_with_its_cases() {
    let scenario = include_str!("../../../content/synth/scenarios/school-gastroenteritis.toml");
    let place = folder(1500, Some(scenario));
    let outbreaks = table(place.path(), "outbreaks");
    assert!(column(&outbreaks, "outbreak").contains("fernbrook-school-meal"));
}
