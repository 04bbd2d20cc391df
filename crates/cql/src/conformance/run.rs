//! Runs the tests of a suite.

use serde::Serialize;

use super::compare::same;
use super::selector::selected;
use super::suite::{Invalid, Suite, Test, Version};
use crate::operators::{Record, Value};

/// What evaluates expressions. Each stands for itself, without a library around it.
pub trait Engine {
    /// The nodes of its records.
    type Node: Record;

    /// The value of an expression.
    ///
    /// # Errors
    /// When it is refused.
    fn evaluate(&self, expression: &str) -> Result<Value<Self::Node>, Refusal>;
}

/// At which stage an expression is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// When it is read or translated.
    Translation,
    /// When its ELM is compiled: a gap of the engine, never what a test expects.
    Compilation,
    /// When it is evaluated.
    Evaluation,
}

/// That an expression was refused, and why.
#[derive(Debug, Clone, thiserror::Error)]
#[error("refused: {why}")]
pub struct Refusal {
    /// When.
    pub stage: Stage,
    /// Why, in words.
    pub why: String,
}

/// How a suite is run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// As which version of CQL: tests of later versions are skipped, and those that do not hold any more.
    pub version: Version,
    /// The offset of the evaluation in minutes, where expected values without one are.
    pub offset: i16,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            version: Version { major: 1, minor: 5 },
            offset: 0,
        }
    }
}

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The expected result.
    Passed,
    /// Another one.
    Failed,
    /// No result, where one is expected.
    Errored,
    /// It is of another version of CQL.
    Skipped,
}

/// One test and what came of it.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// The test.
    pub test: Test,
    /// What came of it.
    pub outcome: Outcome,
    /// What is expected, in words.
    pub expected: String,
    /// What was found, in words.
    pub got: String,
    /// At which stage the expression was refused, if it was.
    pub refused: Option<Stage>,
}

/// Runs every test of a suite.
pub fn run<E: Engine>(suite: &Suite, engine: &E, options: &Options) -> Vec<TestResult> {
    suite
        .tests
        .iter()
        .map(|test| run_test(test, engine, options))
        .collect()
}

fn run_test<E: Engine>(test: &Test, engine: &E, options: &Options) -> TestResult {
    let result = |outcome: Outcome, got: String, refused: Option<Stage>| TestResult {
        test: test.clone(),
        outcome,
        expected: expected(test),
        got,
        refused,
    };
    if let Some(reason) = skipped(test, options) {
        return result(Outcome::Skipped, reason, None);
    }
    match (engine.evaluate(&test.expression), test.invalid) {
        (Err(refusal), Some(invalid)) => {
            let outcome = match is_refused_in_time(invalid, refusal.stage) {
                true => Outcome::Passed,
                false => Outcome::Failed,
            };
            result(outcome, refusal.to_string(), Some(refusal.stage))
        }
        (Err(refusal), None) => result(Outcome::Errored, refusal.to_string(), Some(refusal.stage)),
        (Ok(found), Some(_)) => result(Outcome::Failed, written(&found), None),
        (Ok(found), None) => {
            let outcome = match is_expected(test, &found, options.offset) {
                true => Outcome::Passed,
                false => Outcome::Failed,
            };
            result(outcome, written(&found), None)
        }
    }
}

/// Why a test is not run.
fn skipped(test: &Test, options: &Options) -> Option<String> {
    let name = |version: Version| format!("CQL {}.{}", version.major, version.minor);
    if let Some(since) = test.version.filter(|since| *since > options.version) {
        return Some(format!("it is of {}", name(since)));
    }
    let until = test.version_to.filter(|until| *until < options.version)?;
    Some(format!("it holds up to {}", name(until)))
}

fn is_refused_in_time(invalid: Invalid, stage: Stage) -> bool {
    match invalid {
        Invalid::Syntax | Invalid::Semantic => stage == Stage::Translation,
        Invalid::Execution | Invalid::True => stage != Stage::Compilation,
    }
}

fn is_expected<N: Record>(test: &Test, found: &Value<N>, offset: i16) -> bool {
    let output = test.output.as_deref().and_then(selected::<N>);
    output.is_some_and(|expected| same(found, &expected, offset))
}

/// What a test expects, in words.
fn expected(test: &Test) -> String {
    match (test.invalid, &test.output) {
        (Some(Invalid::Syntax | Invalid::Semantic), _) => "refused when translated".to_owned(),
        (Some(_), _) => "refused".to_owned(),
        (None, Some(output)) => output.split_whitespace().collect::<Vec<_>>().join(" "),
        (None, None) => "nothing that the suite says".to_owned(),
    }
}

/// So many characters of a value are shown.
const TEXT_CHARACTERS_MAX: usize = 2_000;

/// A value in the notation of CQL.
fn written<N: Record>(value: &Value<N>) -> String {
    let mut text = format!("{value:?}");
    if let Some((end, _)) = text.char_indices().nth(TEXT_CHARACTERS_MAX) {
        text.truncate(end);
        text.push('…');
    }
    text
}
