//! The same bad inputs, loaded: what of each one is in the lake, and what is in the quarantine, with
//! its reason.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod bad_inputs;
mod source_support;

use std::fmt::Write;
use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use bad_inputs::{Case, Make};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use salus_base::{Cancel, Limits};
use salus_lake::Lake;
use salus_lake::catalog::At;
use salus_lake::ingest::{LoadRequest, LoadSummary, Silent, load};
use salus_lake::location::Location;
use salus_lake::source::discover;

/// Larger inputs are left to `source_bad_inputs`: here they would only take time.
const SIZE_BYTES_MAX: usize = 4 << 20;

#[test]
fn every_bad_input_is_loaded_or_quarantined_in_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases = bad_inputs::all();
    // Most of the time is spent waiting for the disk.
    let parts: Vec<Vec<String>> = std::thread::scope(|scope| {
        let work = |part: &[Case]| {
            part.iter()
                .filter_map(|case| words(&runtime, case))
                .collect()
        };
        let threads: Vec<_> = cases
            .chunks(cases.len().div_ceil(8))
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    insta::assert_snapshot!("bad_inputs_as_loads", parts.concat().concat());
}

fn words(runtime: &tokio::runtime::Runtime, case: &Case) -> Option<String> {
    let Make::Bytes(make) = &case.make else {
        return None;
    };
    let bytes = make();
    if bytes.len() > SIZE_BYTES_MAX {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input");
    std::fs::write(&path, bytes).unwrap();
    Some(format!(
        "{}:\n{}\n",
        case.name,
        outcome(runtime, folder.path(), &path)
    ))
}

fn outcome(runtime: &tokio::runtime::Runtime, folder: &Path, path: &Path) -> String {
    let location = Location::resolve(&folder.join("lake"), None, None).unwrap();
    let lake = runtime
        .block_on(Lake::open_or_create(&location, TIME))
        .unwrap();
    let (inputs, _) = discover(&[path.display().to_string()]).unwrap();
    let request = LoadRequest {
        inputs,
        command: "load".to_owned(),
        workers: 1,
        limits: Limits::default(),
        layout: salus_lake::ingest::Layout::default(),
        cancel: Cancel::new(),
        clock: &|| TIME.to_owned(),
    };
    match load(&lake, &request, &Silent) {
        Err(error) => format!("  error {}\n", error.diagnostic()),
        Ok(summary) => loaded(&summary) + &quarantine(runtime, &lake, &folder.join("lake/data")),
    }
}

/// How many pieces of one input's quarantine are shown.
const SHOWN: usize = 6;

const TIME: &str = "2026-01-01T00:00:00Z";

fn loaded(summary: &LoadSummary) -> String {
    let mut words = String::new();
    for (name, counts) in &summary.types {
        let named = [
            (counts.loaded, "loaded"),
            (counts.updated, "updated"),
            (counts.unchanged, "unchanged"),
            (counts.older, "older"),
            (counts.deleted, "deleted"),
        ];
        let named: Vec<String> = named
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if !named.is_empty() {
            writeln!(words, "  {name}: {}", named.join(", ")).unwrap();
        }
    }
    if summary.rest_elements > 0 {
        writeln!(words, "  {} elements kept aside", summary.rest_elements).unwrap();
    }
    words
}

fn quarantine(runtime: &tokio::runtime::Runtime, lake: &Lake, data: &Path) -> String {
    let view = runtime.block_on(lake.catalog().view(At::Latest)).unwrap();
    let Some(table) = view.table("salus", "quarantine") else {
        return String::new();
    };
    let mut words = Vec::new();
    for file in &table.files {
        let file = File::open(data.join(&file.path)).unwrap();
        let batches = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap();
        for batch in batches {
            words.extend(rows(&batch.unwrap()));
        }
    }
    words.sort();
    let more = words.len().saturating_sub(SHOWN);
    let mut text: String = words
        .into_iter()
        .take(SHOWN)
        .map(|(_, words)| words)
        .collect();
    if more > 0 {
        writeln!(text, "  and {more} more in the quarantine").unwrap();
    }
    text
}

fn rows(batch: &RecordBatch) -> Vec<(i64, String)> {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let offsets = column("offset").as_primitive::<Int64Type>();
    let codes = column("code").as_string::<i32>();
    let reasons = column("reason").as_string::<i32>();
    let bytes = column("bytes").as_binary::<i32>();
    (0..batch.num_rows())
        .map(|row| {
            assert!(bytes.is_valid(row));
            let (at, kept) = (offsets.value(row), bytes.value(row).len());
            let (code, reason) = (codes.value(row), reasons.value(row));
            (
                at,
                format!("  quarantined at {at}, {kept} bytes: {code} {reason}\n"),
            )
        })
        .collect()
}
