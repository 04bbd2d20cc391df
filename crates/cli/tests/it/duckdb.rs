//! A real DuckDB attaches a lake that the binary loaded, and counts the same rows and the same sums.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::room::Room;

const SCRIPT: &str = include_str!("../../../lake/tests/catalog_support/duckdb.py");
/// Where the Python of a developer's desk may be.
const DESK_PYTHON: &str = "/tmp/duck5/bin/python";

fn python() -> Option<String> {
    let given = std::env::var("SALUS_TEST_DUCKDB_PYTHON").ok();
    let python = given.or_else(|| {
        Path::new(DESK_PYTHON)
            .exists()
            .then(|| DESK_PYTHON.to_owned())
    });
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        python.is_some() || !in_ci,
        "set SALUS_TEST_DUCKDB_PYTHON to a Python with DuckDB, as .ci/run does"
    );
    python
}

fn records() -> Option<PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/synthea-r4/v3-mixed");
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        path.exists() || !in_ci,
        "../shared/data is missing: it is the project's shared folder, beside the clone"
    );
    path.exists().then_some(path)
}

/// What DuckDB answers to each statement, as its one value in text.
fn duckdb(python: &str, catalog: &Path, statements: &[String]) -> Vec<String> {
    let mut child = Command::new(python)
        .args([
            "-c",
            SCRIPT,
            &format!("ducklake:sqlite:{}", catalog.display()),
            "",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let question = serde_json::to_vec(statements).unwrap();
    child.stdin.take().unwrap().write_all(&question).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers: Vec<Vec<Vec<serde_json::Value>>> = serde_json::from_slice(&output.stdout).unwrap();
    answers.iter().map(|rows| rows[0][0].to_string()).collect()
}

#[test]
fn duckdb_counts_the_same_rows_and_the_same_sums() {
    let (Some(python), Some(records)) = (python(), records()) else {
        return;
    };
    let room = Room::new();
    let loaded = room.salus(&["load", &records.display().to_string()]);
    assert!(
        matches!(loaded.code, 0 | 3),
        "{}{}",
        loaded.out,
        loaded.talk
    );
    let questions: Vec<(String, String)> = [
        "Patient",
        "Observation",
        "Claim",
        "ExplanationOfBenefit",
        "Provenance",
    ]
    .iter()
    .map(|table| ("count(*)".to_owned(), (*table).to_owned()))
    .chain([
        (
            "round(sum(valueQuantity.value), 3)".to_owned(),
            "Observation".to_owned(),
        ),
        ("sum(salus_offset)".to_owned(), "Observation".to_owned()),
        (
            "count(distinct salus_patient)".to_owned(),
            "Encounter".to_owned(),
        ),
        ("round(sum(total.value), 2)".to_owned(), "Claim".to_owned()),
        ("max(period.end)".to_owned(), "Encounter".to_owned()),
    ])
    .collect();
    let theirs: Vec<String> = questions
        .iter()
        .map(|(what, table)| {
            format!(
                "select {} from lake.fhir.\"{table}\"",
                what.replace("period.end", "period.\"end\"")
            )
        })
        .collect();
    let theirs = duckdb(&python, &room.path("salus-lake/catalog.sqlite"), &theirs);
    for ((what, table), theirs) in questions.iter().zip(theirs) {
        let query = format!(
            "select {} as v from {table}",
            what.replace("period.end", "period['end']")
        );
        let ours = room.salus(&["sql", &query, "--format", "csv"]);
        let ours = ours.out.lines().nth(1).unwrap_or_default().to_owned();
        let number = |text: &str| {
            text.trim_matches('"')
                .parse::<f64>()
                .map_or(text.trim_matches('"').to_owned(), |n| n.to_string())
        };
        assert_eq!(number(&ours), number(&theirs), "{query}");
    }
}
