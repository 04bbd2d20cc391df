//! Tests that are not expected to pass, each with the sentence of the specification that it contradicts.

use salus_base::{Code, Diagnostic};

use super::run::{Outcome, TestResult};

/// Excluded tests, one a line: `suite/group/name | reason | sentence and link`. Lines that start with `#` are for
/// people.
#[derive(Debug, Clone, Default)]
pub struct Exclusions {
    lines: Vec<Exclusion>,
}

/// An excluded test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// `suite/group/name`
    pub test: String,
    /// Why its expectation is wrong.
    pub reason: String,
    /// The sentence of the specification that it contradicts, and where that is.
    pub sentence: String,
}

/// A line that excludes a test without saying why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the exclusions does not say which test, why, and by which sentence")]
pub struct ExclusionError {
    /// The line, from 1.
    pub line: usize,
}

impl ExclusionError {
    /// The failure in words, with what can be done.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(Code::new("SAL-CQL-0067"), self.to_string())
            .help("write `suite/group/name | reason | \"sentence\": https://…`")
    }
}

impl Exclusions {
    /// Reads exclusions.
    ///
    /// # Errors
    /// When a line has no reason, or no sentence with a link.
    pub fn parse(text: &str) -> Result<Exclusions, ExclusionError> {
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let [test, reason, sentence] = parts.as_slice() else {
                return Err(ExclusionError { line: number });
            };
            if reason.is_empty() || !sentence.contains("https://") {
                return Err(ExclusionError { line: number });
            }
            lines.push(Exclusion {
                test: (*test).to_owned(),
                reason: (*reason).to_owned(),
                sentence: (*sentence).to_owned(),
            });
        }
        Ok(Exclusions { lines })
    }

    /// The exclusions, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Exclusion] {
        &self.lines
    }

    /// Whether a test is excluded, by its path.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.lines.iter().any(|line| line.test == path)
    }

    /// The results that are wrong: tests that fail, and excluded ones that pass after all.
    #[must_use]
    pub fn wrong<'r>(&self, results: &'r [TestResult]) -> Vec<&'r TestResult> {
        let is_wrong = |result: &&TestResult| {
            let passed = matches!(result.outcome, Outcome::Passed | Outcome::Skipped);
            passed == self.has(&result.test.path())
        };
        results.iter().filter(is_wrong).collect()
    }
}
