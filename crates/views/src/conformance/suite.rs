//! The published tests of SQL on FHIR, as they are written: one file, resources and tests.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

/// A file of tests.
#[derive(Debug, Deserialize)]
pub struct Suite {
    /// Its title.
    pub title: String,
    /// The resources that every test of the file runs on, as JSON.
    pub resources: Vec<Box<RawValue>>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// One test: a view and what it must give.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Test {
    /// Its title, by which it is named in reports.
    pub title: String,
    /// `shareable`, `experimental`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The view, as JSON.
    pub view: Box<RawValue>,
    /// The rows, in any order.
    pub expect: Option<Vec<Map<String, Json>>>,
    /// How many rows there are.
    pub expect_count: Option<usize>,
    /// Whether the view must be refused, or stop.
    #[serde(default)]
    pub expect_error: bool,
    /// The columns, in their order.
    pub expect_columns: Option<Vec<String>>,
}

impl Suite {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is not written as the suite's files are.
    pub fn parse(text: &str) -> Result<Suite, serde_json::Error> {
        serde_json::from_str(text)
    }
}
