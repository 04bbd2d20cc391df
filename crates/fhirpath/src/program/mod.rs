//! Compiled expressions: every function looked up, every literal made, every type resolved. Compile once, evaluate
//! many times.

mod compile;
mod specifier;
mod step;

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::Value;

pub use compile::CompileError;
pub use specifier::{SystemType, TypeSpecifier};

pub(crate) use step::{CallStep, Literal, Step, StepKind, Variable};

use crate::evaluate::{Collection, Environment, EvaluationError, Machine, Observer, Scope};
use crate::syntax::Expr;

/// A compiled expression. It may be shared between threads.
///
/// ```
/// use salus_fhir::{json::Document, view::JsonElement};
/// use salus_fhirpath::{Environment, Program, system_value, value_text};
/// use salus_values::DateTime;
///
/// let text = r#"{"resourceType": "Patient", "name": [{"use": "official", "given": ["Ada"]}]}"#;
/// let document = Document::parse(text)?;
/// let patient = JsonElement::resource(&document).unwrap();
///
/// let program = Program::compile("Patient.name.where(use = 'official').given.first()")?;
/// let environment = Environment::new(DateTime::parse("2026-01-01T00:00:00Z").unwrap());
/// let found = program.evaluate(patient, &environment)?;
/// let name = found.first().and_then(system_value);
/// assert_eq!(name.as_ref().and_then(value_text).as_deref(), Some("Ada"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Program {
    text: Arc<str>,
    root: Step,
}

impl Program {
    /// Compiles an expression.
    ///
    /// # Errors
    /// All that is wrong with it: how it is written, functions and types that do not exist, wrong arguments. Whether
    /// paths can exist is [`crate::types::check`]'s to say.
    pub fn compile(text: &str) -> Result<Program, CompileError> {
        compile::compile(text)
    }

    /// As [`Program::compile`], of a tree that was read from this text before.
    ///
    /// # Errors
    /// Functions and types that do not exist, and wrong arguments.
    pub fn of_tree(text: &str, tree: &Expr) -> Result<Program, CompileError> {
        compile::of_tree(text, tree)
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Evaluates the expression on an element.
    ///
    /// # Errors
    /// When the expression cannot be evaluated on this record, or takes more than the environment allows.
    pub fn evaluate<V: ElementView>(
        &self,
        focus: V,
        environment: &Environment<'_, V>,
    ) -> Result<Collection<V>, EvaluationError> {
        self.evaluate_on(&[Value::Node(focus)], environment)
    }

    /// As [`Program::evaluate`], on a collection: of elements, System values, or nothing.
    ///
    /// # Errors
    /// As [`Program::evaluate`].
    pub fn evaluate_on<V: ElementView>(
        &self,
        focus: &[Value<V>],
        environment: &Environment<'_, V>,
    ) -> Result<Collection<V>, EvaluationError> {
        self.run(focus, environment, None)
    }

    /// As [`Program::evaluate_on`], watched: the observer sees what every step returns, and what `trace()` shows.
    ///
    /// # Errors
    /// As [`Program::evaluate`].
    pub fn observe<V: ElementView>(
        &self,
        focus: &[Value<V>],
        environment: &Environment<'_, V>,
        observer: &mut dyn Observer<V>,
    ) -> Result<Collection<V>, EvaluationError> {
        self.run(focus, environment, Some(observer))
    }

    fn run<'r, V: ElementView>(
        &self,
        focus: &'r [Value<V>],
        environment: &'r Environment<'r, V>,
        observer: Option<&'r mut dyn Observer<V>>,
    ) -> Result<Collection<V>, EvaluationError> {
        let scope = Scope {
            this: focus,
            index: None,
            total: None,
        };
        Machine::new(environment, focus, observer).nested(&self.root, &scope)
    }
}
