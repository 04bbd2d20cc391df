//! Damaged files are refused, with their names.

use std::path::{Path, PathBuf};

use salus_engine::EngineError;

use crate::common::TestLake;

fn lake() -> TestLake {
    let line = |n: usize| {
        format!(
            r#"{{"resourceType":"Patient","id":"p{n}","birthDate":"1950-01-{:02}"}}"#,
            n % 28 + 1
        )
    };
    let lines: Vec<String> = (0..2000).map(line).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    TestLake::of(&lines)
}

fn data_file(folder: &Path) -> PathBuf {
    let mut folders = vec![folder.join("lake/data/fhir/Patient")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "parquet")
            {
                return path;
            }
        }
    }
    panic!("no data file");
}

fn words(lake: &TestLake) -> String {
    let error = lake
        .sql("SELECT max(birthDate) FROM Patient WHERE id > 'p'")
        .unwrap_err();
    assert!(matches!(error, EngineError::Corrupt { .. }), "{error:?}");
    let diagnostic = error.diagnostic();
    diagnostic.cause.unwrap_or_default()
}

#[test]
fn a_flipped_byte_is_found_wherever_it_is_read() {
    for part in [0.1, 0.5, 0.98] {
        let lake = lake();
        let path = data_file(lake.folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        let place = (bytes.len() as f64 * part) as usize;
        bytes[place] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(words(&lake).contains(".parquet"), "{}", words(&lake));
    }
}

#[test]
fn a_shortened_file_is_found() {
    let lake = lake();
    let path = data_file(lake.folder.path());
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 100]).unwrap();
    assert!(words(&lake).contains(".parquet"), "{}", words(&lake));
}

#[test]
fn a_missing_file_is_found() {
    let lake = lake();
    std::fs::remove_file(data_file(lake.folder.path())).unwrap();
    assert!(words(&lake).contains(".parquet"), "{}", words(&lake));
}
