//! Why an expression cannot be evaluated.

use salus_base::{Code, Diagnostic};

use super::limits::Limits;
use crate::syntax::Span;

/// Why an expression has no value for this record. That a path leads nowhere is no error: it is empty.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvaluationError {
    /// Several items where the specification wants one at most (§4.5).
    #[error("{what} is one item, but there are {count}")]
    NotSingle {
        /// What must be single: `the input of startsWith()`.
        what: String,
        /// How many items there are.
        count: usize,
        /// The step.
        span: Span,
    },
    /// An item of a type that the operation does not work with.
    #[error("{what} is {expected}, not {found}")]
    WrongType {
        /// What has the wrong type.
        what: String,
        /// Types it may have.
        expected: String,
        /// The type that is there.
        found: String,
        /// The step.
        span: Span,
    },
    /// An operator between types that it is not defined for.
    #[error("`{operator}` is not defined between {left} and {right}")]
    NoSuchOperation {
        /// The operator as written.
        operator: &'static str,
        /// The type of the left operand.
        left: String,
        /// The type of the right operand.
        right: String,
        /// The operator's expression.
        span: Span,
    },
    /// A variable that neither the environment nor the expression defines here.
    #[error("there is no variable `%{name}` here")]
    UnknownVariable {
        /// Its name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
        /// Where it is used.
        span: Span,
    },
    /// `defineVariable` with a name that is taken.
    #[error("the variable `%{name}` is defined already")]
    VariableTaken {
        /// Its name.
        name: String,
        /// The call.
        span: Span,
    },
    /// An argument whose type is right and whose value is not.
    #[error("{function}() cannot use the argument `{value}`")]
    BadArgument {
        /// The function.
        function: &'static str,
        /// The argument's value.
        value: String,
        /// What it may be.
        expected: &'static str,
        /// The call.
        span: Span,
    },
    /// A unit that cannot be added to a date: UCUM's months and years are no calendar ones.
    #[error("`{unit}` cannot be added to or taken from a date or time")]
    NoCalendarUnit {
        /// The unit as written.
        unit: String,
        /// The operator's expression.
        span: Span,
    },
    /// A regular expression that cannot be read.
    #[error("`{pattern}` is no regular expression")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: regex::Error,
        /// The call.
        span: Span,
    },
    /// What Salus does not do, or not in this environment.
    #[error("{function}() is not supported here")]
    Unsupported {
        /// The function.
        function: &'static str,
        /// Why, and what can be done.
        reason: &'static str,
        /// The call.
        span: Span,
    },
    /// What the host (terminology, the lake) was asked and could not answer.
    #[error("{function}() got no answer")]
    Host {
        /// The function.
        function: &'static str,
        /// Why not, in the host's words.
        cause: String,
        /// The call.
        span: Span,
    },
    /// A modifier extension that `checkModifiers` was not told of.
    #[error("there is a modifier extension `{url}` that is not expected")]
    UnexpectedModifier {
        /// Its URL.
        url: String,
        /// The call.
        span: Span,
    },
    /// More steps than allowed: an expression that would run too long.
    #[error("the expression takes more than {steps_max} steps")]
    TooManySteps {
        /// The bound.
        steps_max: u64,
        /// The step at which it was reached.
        span: Span,
    },
    /// Calls nested deeper than allowed.
    #[error("the expression nests deeper than {depth_max} levels")]
    TooDeep {
        /// The bound.
        depth_max: usize,
        /// The step at which it was reached.
        span: Span,
    },
    /// A collection or text larger than allowed.
    #[error("{what} is larger than {size_max}")]
    TooLarge {
        /// `a collection` or `a text`.
        what: &'static str,
        /// The bound, in items or bytes.
        size_max: usize,
        /// The step that made it.
        span: Span,
    },
}

impl EvaluationError {
    /// The step of the expression that failed.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            EvaluationError::NotSingle { span, .. }
            | EvaluationError::WrongType { span, .. }
            | EvaluationError::NoSuchOperation { span, .. }
            | EvaluationError::UnknownVariable { span, .. }
            | EvaluationError::VariableTaken { span, .. }
            | EvaluationError::BadArgument { span, .. }
            | EvaluationError::NoCalendarUnit { span, .. }
            | EvaluationError::BadPattern { span, .. }
            | EvaluationError::Unsupported { span, .. }
            | EvaluationError::Host { span, .. }
            | EvaluationError::UnexpectedModifier { span, .. }
            | EvaluationError::TooManySteps { span, .. }
            | EvaluationError::TooDeep { span, .. }
            | EvaluationError::TooLarge { span, .. } => *span,
        }
    }

    /// The stable name of this kind of failure.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            EvaluationError::NotSingle { .. } => "SAL-FHIRPATH-0101",
            EvaluationError::WrongType { .. } => "SAL-FHIRPATH-0102",
            EvaluationError::NoSuchOperation { .. } => "SAL-FHIRPATH-0103",
            EvaluationError::UnknownVariable { .. } => "SAL-FHIRPATH-0104",
            EvaluationError::VariableTaken { .. } => "SAL-FHIRPATH-0105",
            EvaluationError::BadArgument { .. } => "SAL-FHIRPATH-0106",
            EvaluationError::NoCalendarUnit { .. } => "SAL-FHIRPATH-0107",
            EvaluationError::BadPattern { .. } => "SAL-FHIRPATH-0108",
            EvaluationError::Unsupported { .. } => "SAL-FHIRPATH-0109",
            EvaluationError::Host { .. } => "SAL-FHIRPATH-0110",
            EvaluationError::UnexpectedModifier { .. } => "SAL-FHIRPATH-0111",
            EvaluationError::TooManySteps { .. } => "SAL-FHIRPATH-0112",
            EvaluationError::TooDeep { .. } => "SAL-FHIRPATH-0113",
            EvaluationError::TooLarge { .. } => "SAL-FHIRPATH-0114",
        })
    }

    /// The failure in words, with what can be done. The place is the caller's to add: only it knows where the
    /// expression stands.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::error(self.code(), self.to_string());
        match self {
            EvaluationError::NotSingle { .. } => {
                found.help("choose one with `first()`, or work on each with `select(…)`")
            }
            EvaluationError::UnknownVariable {
                suggestion: Some(name),
                ..
            } => found.help(format!("did you mean `%{name}`?")),
            EvaluationError::BadArgument { expected, .. } => {
                found.help(format!("it may be {expected}"))
            }
            EvaluationError::NoCalendarUnit { .. } => found
                .help("use the calendar's words: `1 month`, `1 year`; a time of day has no days"),
            EvaluationError::BadPattern { source, .. } => found.because(source),
            EvaluationError::Unsupported { reason, .. } => found.because(reason),
            EvaluationError::Host { cause, .. } => found.because(cause),
            EvaluationError::TooManySteps { .. } => found.help(format!(
                "the bound is there to stop runaway expressions; it is {} unless set otherwise",
                Limits::default().steps_max
            )),
            _ => found,
        }
    }
}
