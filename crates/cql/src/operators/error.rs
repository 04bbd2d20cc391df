//! Why an operator has no value.

use salus_base::{Code, Diagnostic};

use super::scene::TerminologyError;

/// Why an operator has no value, not even null. Where it happened is for who evaluates the library to add.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvaluationError {
    /// Operands that no overload of the operator has. A translator does not let this happen.
    #[error("{operator} is not defined for {found}")]
    WrongOperands {
        /// The operator as ELM calls it.
        operator: &'static str,
        /// The types of the operands.
        found: Box<str>,
    },
    /// A value that the operator cannot work with.
    #[error("{operator}: {value} {reason}")]
    BadOperand {
        /// The operator as ELM calls it.
        operator: &'static str,
        /// The value.
        value: Box<str>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// `singleton from` a list of several elements.
    #[error("a single element is wanted, but the list has {count}")]
    NotSingle {
        /// How many it has.
        count: usize,
    },
    /// A regular expression that cannot be read.
    #[error("`{pattern}` is no regular expression")]
    BadPattern {
        /// The pattern.
        pattern: Box<str>,
        /// What is wrong with it.
        #[source]
        source: Box<regex::Error>,
    },
    /// A result that would be too large.
    #[error("{operator} would give more than {items_max} items")]
    TooMany {
        /// The operator as ELM calls it.
        operator: &'static str,
        /// The bound.
        items_max: usize,
    },
    /// What terminology could not answer.
    #[error("{operator} cannot be answered")]
    Terminology {
        /// The operator as ELM calls it.
        operator: &'static str,
        /// Why not.
        #[source]
        source: Box<TerminologyError>,
    },
    /// `Message` with the severity `Error`.
    #[error("the library stopped with the message: {text}")]
    Stopped {
        /// The message's code.
        code: Option<Box<str>>,
        /// Its text.
        text: Box<str>,
    },
}

impl EvaluationError {
    /// The stable name of this kind of failure.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            EvaluationError::WrongOperands { .. } => "SAL-CQL-0060",
            EvaluationError::BadOperand { .. } => "SAL-CQL-0061",
            EvaluationError::NotSingle { .. } => "SAL-CQL-0062",
            EvaluationError::BadPattern { .. } => "SAL-CQL-0063",
            EvaluationError::TooMany { .. } => "SAL-CQL-0064",
            EvaluationError::Terminology { .. } => "SAL-CQL-0065",
            EvaluationError::Stopped { .. } => "SAL-CQL-0066",
        })
    }

    /// The failure in words, with what can be done.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string()).help(self.help());
        match self {
            EvaluationError::BadPattern { source, .. } => diagnostic.because(source),
            EvaluationError::Terminology { source, .. } => diagnostic.because(source),
            _ => diagnostic,
        }
    }

    fn help(&self) -> &'static str {
        match self {
            EvaluationError::WrongOperands { .. } => {
                "translate the library again; if it was translated elsewhere, ask there"
            }
            EvaluationError::BadOperand { .. } => "check the value before it is used",
            EvaluationError::NotSingle { .. } => {
                "take `First(…)` of it if any will do, or narrow it by `where`"
            }
            EvaluationError::BadPattern { .. } => {
                "see `salus explain SAL-CQL-0063` for what patterns may have"
            }
            EvaluationError::TooMany { .. } => "expand a shorter interval, or by larger steps",
            EvaluationError::Terminology { .. } => {
                "load the value set or code system that is named"
            }
            EvaluationError::Stopped { .. } => {
                "it is for the author of the library to say what to do"
            }
        }
    }
}
