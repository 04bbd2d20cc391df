//! A real DuckDB with its `ducklake` extension, driven through Python.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use salus_lake::location::CatalogUrl;
use serde_json::{Value, json};

/// Where the Python of a developer's desk may be.
const DESK_PYTHON: &str = "/tmp/duck5/bin/python";
const SCRIPT: &str = include_str!("duckdb.py");

/// Asks DuckDB; `None` if there is no DuckDB here (never in CI).
pub fn ask(url: &CatalogUrl, statements: &[&str]) -> Option<Vec<Value>> {
    ask_with(url, "", statements)
}

/// As [`ask`], with options of `ATTACH` in parentheses.
pub fn ask_with(url: &CatalogUrl, options: &str, statements: &[&str]) -> Option<Vec<Value>> {
    let python = python()?;
    let attach = match url {
        CatalogUrl::Sqlite(path) => format!("ducklake:sqlite:{}", path.display()),
        CatalogUrl::Postgres(url) => format!("ducklake:postgres:{}", url.expose()),
    };
    let mut child = Command::new(python)
        .args(["-c", SCRIPT, &attach, options])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let question = json!(statements).to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(question.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "DuckDB says: {error}");
    match serde_json::from_slice(&output.stdout).unwrap() {
        Value::Array(answers) => Some(answers),
        other => {
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!in_ci, "DuckDB in CI lacks an extension: {other}");
            eprintln!("not judged by DuckDB, which lacks an extension: {other}");
            None
        }
    }
}

/// Asserts what DuckDB answers to one query.
#[track_caller]
pub fn expect(url: &CatalogUrl, statement: &str, rows: Value) {
    if let Some(answers) = ask(url, &[statement]) {
        assert_eq!(answers, [rows], "{statement}");
    }
}

fn python() -> Option<String> {
    if Path::new(DESK_PYTHON).exists() && std::env::var_os("SALUS_TEST_DUCKDB_PYTHON").is_none() {
        return Some(DESK_PYTHON.to_owned());
    }
    let what = "a Python with duckdb and its extensions ducklake, sqlite_scanner, postgres_scanner";
    super::setting("SALUS_TEST_DUCKDB_PYTHON", what)
}
