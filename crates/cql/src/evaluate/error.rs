//! Why a define has no value.

use salus_base::{Code, Diagnostic, Severity};

use super::limits::Limits;
use super::records::RecordsError;
use crate::operators::EvaluationError;
use crate::program::ElmPlace;

/// Why a define has no value, and the step at which that became clear.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// Why.
    #[source]
    pub cause: Cause,
    /// Where in the library.
    pub place: Option<ElmPlace>,
    /// The number of that place in the program.
    pub(crate) step: Option<u32>,
}

/// Why a define has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// An operator has none.
    #[error(transparent)]
    Operator(#[from] EvaluationError),
    /// There is no such define or function, or it is private.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// `define`, `function`, `parameter`.
        what: &'static str,
        /// Its name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
    },
    /// A parameter is given a value of another type.
    #[error("the parameter `{name}` is {expected}, not {found}")]
    WrongParameter {
        /// Its name.
        name: String,
        /// Its type.
        expected: String,
        /// The type of the value.
        found: String,
    },
    /// A value that has no such element.
    #[error("{found} has no element `{name}`")]
    NoElement {
        /// The element.
        name: String,
        /// The type of the value.
        found: String,
    },
    /// `cast … as` of a value of another type, or a conversion that there is not.
    #[error("{found} cannot be used as {expected}")]
    NotOfType {
        /// The type that is wanted.
        expected: String,
        /// The type of the value.
        found: String,
    },
    /// A value of another type than the step works with.
    #[error("{what} is {expected}, not {found}")]
    WrongType {
        /// What has the wrong type: `the condition of if`.
        what: &'static str,
        /// What it may be.
        expected: &'static str,
        /// The type of the value.
        found: String,
    },
    /// No overload of a function takes the values.
    #[error("there is no function `{name}` that takes ({found})")]
    NoOverload {
        /// Its name.
        name: String,
        /// The types of the values.
        found: String,
    },
    /// A function that is written in another language.
    #[error("the function `{name}` is external, and external functions are not supported")]
    External {
        /// Its name.
        name: String,
    },
    /// A define for one patient is asked for, and there are several or none.
    #[error("`{define}` is for one {context}, and there are {count}")]
    NotOneSubject {
        /// The define.
        define: String,
        /// Its context.
        context: String,
        /// How many there are.
        count: usize,
    },
    /// The records could not be read.
    #[error("the records could not be read")]
    Records(#[source] RecordsError),
    /// More steps than allowed.
    #[error("the evaluation takes more than {steps_max} steps")]
    TooManySteps {
        /// The bound.
        steps_max: u64,
    },
    /// Defines and functions nested deeper than allowed.
    #[error("defines and functions nest deeper than {depth_max} levels")]
    TooDeep {
        /// The bound.
        depth_max: usize,
    },
    /// Lists and tuples nested deeper than allowed.
    #[error("lists and tuples nest deeper than {levels_max} levels")]
    NestsTooDeep {
        /// The bound.
        levels_max: usize,
    },
    /// A list or text larger than allowed.
    #[error("{what} is larger than {size_max}")]
    TooLarge {
        /// `a list`, `a text`.
        what: &'static str,
        /// The bound, in items or bytes.
        size_max: usize,
    },
    /// More memory than allowed.
    #[error("the evaluation makes lists and texts of more than {bytes_max} bytes")]
    TooMuchMemory {
        /// The bound.
        bytes_max: usize,
    },
    /// The time is over.
    #[error("the evaluation took longer than allowed")]
    OutOfTime,
    /// Someone asked to stop.
    #[error("the evaluation was cancelled")]
    Cancelled,
}

impl Cause {
    /// The stable name of this kind of failure.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            Cause::Operator(error) => return error.code(),
            Cause::Unknown { .. } => "SAL-CQL-0120",
            Cause::WrongParameter { .. } => "SAL-CQL-0121",
            Cause::NoElement { .. } => "SAL-CQL-0122",
            Cause::NotOfType { .. } | Cause::WrongType { .. } => "SAL-CQL-0123",
            Cause::NoOverload { .. } => "SAL-CQL-0124",
            Cause::External { .. } => "SAL-CQL-0125",
            Cause::NotOneSubject { .. } => "SAL-CQL-0126",
            Cause::Records(_) => "SAL-CQL-0127",
            Cause::TooManySteps { .. } => "SAL-CQL-0130",
            Cause::TooDeep { .. } | Cause::NestsTooDeep { .. } => "SAL-CQL-0131",
            Cause::TooLarge { .. } | Cause::TooMuchMemory { .. } => "SAL-CQL-0132",
            Cause::OutOfTime => "SAL-CQL-0133",
            Cause::Cancelled => "SAL-CQL-0134",
        })
    }

    fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::new(self.code(), Severity::Error, self.to_string());
        match self {
            Cause::Operator(error) => error.diagnostic(),
            Cause::Unknown {
                suggestion: Some(name),
                ..
            } => found.help(format!("did you mean `{name}`?")),
            Cause::NotOneSubject { context, .. } => {
                found.help(format!("say for which {context} it is evaluated"))
            }
            Cause::Records(source) => found.because(source),
            Cause::TooManySteps { .. } => found.help(format!(
                "the bound is there to stop runaway expressions; it is {} unless set otherwise",
                Limits::default().steps_max
            )),
            _ => found,
        }
    }
}

impl Failure {
    /// The failure in words, with its place and what can be done.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let found = self.cause.diagnostic();
        match &self.place {
            Some(place) => found.at(place.place()),
            None => found,
        }
    }
}

impl From<Cause> for Box<Failure> {
    fn from(cause: Cause) -> Box<Failure> {
        Box::new(Failure {
            cause,
            place: None,
            step: None,
        })
    }
}

impl From<EvaluationError> for Box<Failure> {
    fn from(error: EvaluationError) -> Box<Failure> {
        Cause::Operator(error).into()
    }
}
