//! Results in the format of the public collection of results, cqframework/cql-tests-results (schema
//! `cql-test-results.schema.json` of cqframework/cql-tests-runner).

use serde::Serialize;

use super::run::{Outcome, TestResult};
use super::suite::{Capability, Invalid};

/// What was run.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// Where it is reached; for a program that runs on the spot, what it is called.
    pub api_url: String,
    /// What it is.
    pub description: String,
    /// The version of CQL.
    pub cql_version: String,
    /// The translator.
    pub cql_translator: String,
    /// Its version.
    pub cql_translator_version: String,
    /// The engine.
    pub cql_engine: String,
    /// Its version.
    pub cql_engine_version: String,
}

impl EngineInfo {
    /// Salus.
    #[must_use]
    pub fn salus() -> EngineInfo {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        EngineInfo {
            api_url: "salus conformance cql".to_owned(),
            description: "Salus, run on the spot".to_owned(),
            cql_version: "1.5".to_owned(),
            cql_translator: "Salus".to_owned(),
            cql_translator_version: version.clone(),
            cql_engine: "Salus".to_owned(),
            cql_engine_version: version,
        }
    }
}

/// A run and its results.
#[derive(Debug, Clone, Copy)]
pub struct Report<'r> {
    /// What was run.
    pub engine: &'r EngineInfo,
    /// When: a moment in the form of ISO 8601 with its offset.
    pub run_at: &'r str,
    /// What came of it.
    pub results: &'r [TestResult],
}

impl Report<'_> {
    /// The report as JSON, one field to a line.
    ///
    /// # Errors
    /// Never but of memory.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(&File::of(self))
    }

    /// `passed N, failed N, skipped N`
    #[must_use]
    pub fn summary(&self) -> String {
        let Counts {
            pass_count,
            fail_count,
            error_count,
            skip_count,
        } = Counts::of(self.results);
        format!(
            "passed {pass_count}, failed {}, skipped {skip_count}",
            fail_count + error_count
        )
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'r> {
    cqlengine: &'r EngineInfo,
    tests_run_date_time: &'r str,
    test_results_summary: Counts,
    results: Vec<Row<'r>>,
}

impl<'r> File<'r> {
    fn of(report: &Report<'r>) -> File<'r> {
        File {
            cqlengine: report.engine,
            tests_run_date_time: report.run_at,
            test_results_summary: Counts::of(report.results),
            results: report.results.iter().map(Row::of).collect(),
        }
    }
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Counts {
    pass_count: usize,
    skip_count: usize,
    fail_count: usize,
    error_count: usize,
}

impl Counts {
    fn of(results: &[TestResult]) -> Counts {
        let mut counts = Counts::default();
        for result in results {
            *match result.outcome {
                Outcome::Passed => &mut counts.pass_count,
                Outcome::Skipped => &mut counts.skip_count,
                Outcome::Failed => &mut counts.fail_count,
                Outcome::Errored => &mut counts.error_count,
            } += 1;
        }
        counts
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'r> {
    test_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_status: Option<u16>,
    actual: &'r str,
    expected: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RowError<'r>>,
    tests_name: &'r str,
    group_name: &'r str,
    test_name: &'r str,
    invalid: &'static str,
    capabilities: &'r [Capability],
    expression: &'r str,
}

#[derive(Serialize)]
struct RowError<'r> {
    message: &'r str,
}

impl<'r> Row<'r> {
    fn of(result: &'r TestResult) -> Row<'r> {
        let (test_status, response_status) = match result.outcome {
            Outcome::Passed => ("pass", Some(200)),
            Outcome::Failed => ("fail", Some(200)),
            Outcome::Errored => ("error", Some(500)),
            Outcome::Skipped => ("skip", None),
        };
        let is_error = result.outcome == Outcome::Errored;
        Row {
            test_status,
            response_status,
            actual: &result.got,
            expected: &result.expected,
            error: is_error.then_some(RowError {
                message: &result.got,
            }),
            tests_name: &result.test.suite,
            group_name: &result.test.group,
            test_name: &result.test.name,
            invalid: match result.test.invalid {
                None => "false",
                // The schema knows no other words.
                Some(Invalid::Semantic | Invalid::Syntax) => "semantic",
                Some(Invalid::True | Invalid::Execution) => "true",
            },
            capabilities: &result.test.capabilities,
            expression: &result.test.expression,
        }
    }
}
