//! Salus itself as the engine of the suite: translate, compile, evaluate.

use salus_base::Severity;
use salus_fhir::view::JsonElement;

use super::run::{Engine, Refusal, Stage};
use crate::evaluate::{Element, Evaluation, JsonRecords};
use crate::model::Models;
use crate::operators::{Scene, Value};
use crate::program::Program;
use crate::resolve::{self, NoSources};

/// What the define of a test is called. Any name that a test uses itself would be hidden.
const DEFINE: &str = "the expression of the test";

/// Salus over records. (The suite needs none: it has expressions of System types only.)
pub struct Salus<'s> {
    scene: Scene<'s>,
    records: &'s JsonRecords<'s>,
}

impl<'s> Salus<'s> {
    /// An engine in this scene.
    #[must_use]
    pub fn new(scene: Scene<'s>, records: &'s JsonRecords<'s>) -> Salus<'s> {
        Salus { scene, records }
    }
}

impl<'s> Engine for Salus<'s> {
    type Node = Element<JsonElement<'s>>;

    fn evaluate(&self, expression: &str) -> Result<Value<Self::Node>, Refusal> {
        let refused = |stage: Stage, why: Vec<String>| Refusal {
            stage,
            why: why.join("; "),
        };
        let text = format!("library Conformance\ndefine \"{DEFINE}\":\n{expression}\n");
        let translation = resolve::translate(&text, &NoSources, &resolve::Options::bare());
        let mistakes: Vec<String> = translation
            .problems
            .iter()
            .filter(|problem| problem.severity() == Severity::Error)
            .map(|problem| problem.mistake.to_string())
            .collect();
        if !mistakes.is_empty() {
            return Err(refused(Stage::Translation, mistakes));
        }
        let models =
            Models::new().map_err(|error| refused(Stage::Compilation, vec![error.to_string()]))?;
        let program = Program::new(&translation.library, &[], &models).map_err(|errors| {
            let why = errors.iter().map(ToString::to_string).collect();
            refused(Stage::Compilation, why)
        })?;
        let mut evaluation = Evaluation::new(&program, self.records, self.scene);
        let value = evaluation
            .define(DEFINE)
            .map_err(|failure| refused(Stage::Evaluation, vec![failure.to_string()]))?;
        Ok(value)
    }
}
