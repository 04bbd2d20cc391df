//! The published test suite of SQL on FHIR, run here: `salus conformance views DIR`.
//!
//! A test passes when its view gives the expected rows in all three executions. Rows are compared strictly, but for
//! their order, which the suite leaves open.

mod compare;
mod execute;
mod suite;

use std::fmt;
use std::path::{Path, PathBuf};

use salus_values::DateTime;
use serde_json::{Value as Json, json};

pub use execute::Execution;
pub use suite::{Suite, Test};

/// Why a folder of tests cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// The folder or a file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A file is not written as the suite's files are.
    #[error("`{}` is no file of tests", path.display())]
    Parse {
        /// Which one.
        path: PathBuf,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// A line of the exclusions cannot be read.
    #[error("line {line} of the exclusions is not `file | test | reason`")]
    Exclusion {
        /// The line, from 1.
        line: usize,
    },
}

/// A test that is not run, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The name of its file.
    pub file: String,
    /// Its title.
    pub test: String,
    /// The sentence of the specification that it contradicts.
    pub reason: String,
}

impl Exclusion {
    /// Reads a list of them: a line each, `file | test | reason`; lines that start with `#` say something else.
    ///
    /// # Errors
    /// When a line is not written so.
    pub fn parse_all(text: &str) -> Result<Vec<Exclusion>, SuiteError> {
        let lines = (1..).zip(text.lines());
        let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let read = lines.map(|(number, line)| {
            let mut parts = line.splitn(3, '|').map(|part| part.trim().to_owned());
            match (parts.next(), parts.next(), parts.next()) {
                (Some(file), Some(test), Some(reason)) if !reason.is_empty() => {
                    Ok(Exclusion { file, test, reason })
                }
                _ => Err(SuiteError::Exclusion { line: number }),
            }
        });
        read.collect()
    }
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The expected rows, in every execution.
    Passed,
    /// Something else: for each execution that failed, what was expected and what came.
    Failed {
        /// Execution and failure.
        failures: Vec<(&'static str, String)>,
    },
    /// Not run.
    Skipped {
        /// Why not.
        reason: String,
    },
}

/// A test that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// Its title.
    pub title: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// A file whose tests were run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileResult {
    /// Its name, without folders.
    pub file: String,
    /// Its tests, in order.
    pub tests: Vec<TestResult>,
}

/// What came of a folder of tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Its files, by name.
    pub files: Vec<FileResult>,
}

/// Runs all tests of a folder: every `.json` file in it that is no schema.
///
/// # Errors
/// When the folder or a file of it cannot be read.
pub fn run_folder(
    folder: &Path,
    exclusions: &[Exclusion],
    now: &DateTime,
) -> Result<Report, SuiteError> {
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |source| SuiteError::Read { path, source }
    };
    let entries = std::fs::read_dir(folder).map_err(read_error(folder))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(read_error(folder))?.path());
    }
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") && !name.ends_with(".schema.json")
    });
    paths.sort();
    let mut report = Report::default();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(read_error(&path))?;
        let suite = Suite::parse(&text).map_err(|source| SuiteError::Parse {
            path: path.clone(),
            source,
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        report.files.push(run_suite(&name, &suite, exclusions, now));
    }
    Ok(report)
}

/// Runs the tests of one file.
pub fn run_suite(
    file: &str,
    suite: &Suite,
    exclusions: &[Exclusion],
    now: &DateTime,
) -> FileResult {
    let tests = suite.tests.iter().map(|test| {
        let excluded = exclusions
            .iter()
            .find(|excluded| excluded.file == file && excluded.test == test.title);
        let verdict = match excluded {
            Some(excluded) => Verdict::Skipped {
                reason: excluded.reason.clone(),
            },
            None => run_test(test, suite, now),
        };
        TestResult {
            title: test.title.clone(),
            verdict,
        }
    });
    FileResult {
        file: file.to_owned(),
        tests: tests.collect(),
    }
}

fn run_test(test: &Test, suite: &Suite, now: &DateTime) -> Verdict {
    let mut failures = Vec::new();
    for execution in Execution::ALL {
        let outcome = execute::execute(&test.view, &suite.resources, execution, now);
        if let Err(failure) = compare::check(test, &outcome) {
            failures.push((execution.name(), failure));
        }
    }
    match failures.is_empty() {
        true => Verdict::Passed,
        false => Verdict::Failed { failures },
    }
}

impl Report {
    fn count(&self, is: impl Fn(&Verdict) -> bool) -> usize {
        let tests = self.files.iter().flat_map(|file| &file.tests);
        tests.filter(|test| is(&test.verdict)).count()
    }

    /// How many tests passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(|verdict| *verdict == Verdict::Passed)
    }

    /// How many tests failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Failed { .. }))
    }

    /// How many tests were not run.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Skipped { .. }))
    }

    /// The report in the format in which implementations publish theirs (`test-report.schema.json`). What was not
    /// run has not passed.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let files = self.files.iter().map(|file| {
            let tests: Vec<Json> = file.tests.iter().map(TestResult::to_json).collect();
            (file.file.clone(), json!({ "tests": tests }))
        });
        Json::Object(files.collect())
    }
}

impl TestResult {
    fn to_json(&self) -> Json {
        let result = match &self.verdict {
            Verdict::Passed => json!({ "passed": true }),
            Verdict::Failed { failures } => {
                let first = failures.first().map(|(_, failure)| failure.as_str());
                let details: Json = failures
                    .iter()
                    .map(|(execution, failure)| ((*execution).to_owned(), json!(failure)))
                    .collect::<serde_json::Map<String, Json>>()
                    .into();
                json!({ "passed": false, "error": first, "details": details })
            }
            Verdict::Skipped { reason } => {
                json!({ "passed": false, "error": format!("skipped: {reason}") })
            }
        };
        json!({ "name": self.title, "result": result })
    }
}

impl fmt::Display for Report {
    /// Each failure with expected and got, and at the end `passed N, failed N, skipped N`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            for test in &file.tests {
                if let Verdict::Failed { failures } = &test.verdict {
                    writeln!(f, "failed: {}, \"{}\"", file.file, test.title)?;
                    for (execution, failure) in failures {
                        writeln!(f, "  {execution}: {failure}")?;
                    }
                }
            }
        }
        let (passed, failed, skipped) = (self.passed(), self.failed(), self.skipped());
        write!(f, "passed {passed}, failed {failed}, skipped {skipped}")
    }
}
