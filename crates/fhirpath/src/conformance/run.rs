//! Runs the tests of a suite.

use salus_fhir::json::Document;
use salus_fhir::view::{ElementView, JsonElement};
use salus_values::{DateTime, Value};
use serde::Serialize;

use super::expect;
use super::input;
use super::suite::{Stage, Suite, SuiteError, Test};
use crate::evaluate::{Collection, Environment};
use crate::program::Program;
use crate::syntax::{self, Expr};
use crate::types;

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The expected result.
    Passed,
    /// Another one.
    Failed,
    /// Its input is not there or cannot be read, or it needs what is not FHIR R4 alone (`mode` `tx`, `cda`).
    Skipped,
}

/// One test and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct TestResult {
    /// The group.
    pub group: String,
    /// The name.
    pub name: String,
    /// The expression.
    pub expression: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What is expected, in words.
    pub expected: String,
    /// What was found, in words.
    pub got: String,
}

/// Runs every test of a suite as of a moment, which `now()` and `today()` give.
///
/// # Errors
/// When an input cannot be read.
pub fn run(suite: &Suite, now: &DateTime) -> Result<Vec<TestResult>, SuiteError> {
    let inputs = input::read(suite)?;
    let results = suite.tests.iter().map(|test| match &test.input {
        _ if test.mode.as_deref() == Some("tx") => result(
            test,
            Outcome::Skipped,
            "it needs a terminology server".to_owned(),
        ),
        _ if test.mode.is_some() => {
            result(test, Outcome::Skipped, "it is not of FHIR R4".to_owned())
        }
        None => run_test(test, None, now),
        Some(name) => match inputs.get(name).map(|json| Document::parse(json)) {
            Some(Ok(document)) => run_test(test, JsonElement::resource(&document), now),
            Some(Err(error)) => result(test, Outcome::Skipped, error.to_string()),
            None => result(
                test,
                Outcome::Skipped,
                format!("there is no input `{name}`"),
            ),
        },
    });
    Ok(results.collect())
}

fn result(test: &Test, outcome: Outcome, got: String) -> TestResult {
    TestResult {
        group: test.group.clone(),
        name: test.name.clone(),
        expression: test.expression.clone(),
        outcome,
        expected: expect::expected(test),
        got,
    }
}

fn run_test(test: &Test, focus: Option<JsonElement<'_>>, now: &DateTime) -> TestResult {
    let (passed, got) = match (evaluate(test, focus, now), test.invalid) {
        // Refused earlier than the suite says is refused all the same; later is not.
        (Err(refusal), Some(stage)) => (refusal.stage <= stage, refusal.to_string()),
        (Err(refusal), None) => (false, refusal.to_string()),
        (Ok(found), Some(_)) => (false, expect::got(&found)),
        (Ok(found), None) => (expect::is_expected(test, &found), expect::got(&found)),
    };
    let outcome = if passed {
        Outcome::Passed
    } else {
        Outcome::Failed
    };
    result(test, outcome, got)
}

/// Where an expression was refused, and why.
struct Refusal {
    stage: Stage,
    why: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused ({}): {}", self.stage.name(), self.why)
    }
}

/// Takes an expression through all stages. It is checked against the types only where the test asks for it: an
/// expression that must fail when it is evaluated must not be saved by the check.
fn evaluate<'a>(
    test: &Test,
    focus: Option<JsonElement<'a>>,
    now: &DateTime,
) -> Result<Collection<JsonElement<'a>>, Refusal> {
    let refused = |stage: Stage, why: String| Refusal { stage, why };
    let parsed = syntax::parse(&test.expression);
    if let Some(error) = parsed.diagnostics.first() {
        return Err(refused(Stage::Syntax, error.to_string()));
    }
    if test.strict || test.invalid == Some(Stage::Semantic) {
        check(&parsed.expr, focus.as_ref())?;
    }
    let execution = |why: String| refused(Stage::Execution, why);
    let program = Program::of_tree(&test.expression, &parsed.expr)
        .map_err(|error| execution(error.to_string()))?;
    let environment = Environment::new(*now);
    let focus: Vec<Value<JsonElement<'a>>> = focus.map(Value::Node).into_iter().collect();
    program
        .evaluate_on(&focus, &environment)
        .map_err(|error| execution(error.to_string()))
}

fn check(expr: &Expr, focus: Option<&JsonElement<'_>>) -> Result<(), Refusal> {
    let context = types::Context::new(focus.map(ElementView::type_id)).strict(true);
    let typed = types::check(expr, &context);
    match typed.errors().next() {
        Some(error) => Err(Refusal {
            stage: Stage::Semantic,
            why: error.diagnostic().message,
        }),
        None => Ok(()),
    }
}
