//! What is wrong with the types of an expression.

use salus_base::{Code, Diagnostic, Place, Severity};

use crate::syntax::Span;

/// A problem and how much it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub problem: TypeProblem,
    /// An error cannot give a useful result for any record; a warning may, but is likely not meant.
    pub severity: Severity,
}

impl Finding {
    /// The finding in words, with what can be done. Its place is a byte of the expression; a caller that knows which
    /// file the expression stands in says so instead with [`Diagnostic::at`].
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let place = Place::in_file("expression").byte(self.problem.span().start.into());
        let problem = &self.problem;
        let found = Diagnostic::new(problem.code(), self.severity, problem.to_string()).at(place);
        match problem.help() {
            Some(help) => found.help(help),
            None => found,
        }
    }
}

/// What is wrong with the types of an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeProblem {
    /// An element that none of the possible types has.
    #[error("{ty} has no element `{name}`")]
    NoSuchElement {
        /// The types, as they are shown.
        ty: String,
        /// The element's name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
        /// The name.
        span: Span,
    },
    /// A choice by the name that it has in JSON.
    #[error("`{name}` is the name in JSON; the element is `{choice}`")]
    ChoiceByJsonName {
        /// The name in JSON: `valueQuantity`.
        name: String,
        /// The element: `value`.
        choice: &'static str,
        /// The type that the name tells: `Quantity`.
        ty: &'static str,
        /// The name.
        span: Span,
    },
    /// A path that starts with the name of another type than that of the focus.
    #[error("the path starts at {name}, but the expression is evaluated on {focus}")]
    OtherFocus {
        /// The type that the path starts with.
        name: String,
        /// What the expression is evaluated on.
        focus: String,
        /// The name.
        span: Span,
    },
    /// A function that does not exist.
    #[error("there is no function `{name}`")]
    NoSuchFunction {
        /// Its name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
        /// The name.
        span: Span,
    },
    /// Too many or too few arguments.
    #[error("`{signature}` is called with {count} arguments")]
    WrongArity {
        /// How it is called.
        signature: String,
        /// How many arguments there are.
        count: usize,
        /// The call.
        span: Span,
    },
    /// A function on something that it does not work with.
    #[error("`{function}` works on {expected}, not on {found}")]
    WrongInput {
        /// The function.
        function: String,
        /// Types it works on.
        expected: String,
        /// What it is called on.
        found: String,
        /// The call.
        span: Span,
    },
    /// An argument of the wrong type.
    #[error("the argument `{argument}` of `{function}` is {expected}, not {found}")]
    WrongArgument {
        /// The function.
        function: String,
        /// The argument's name in the specification.
        argument: &'static str,
        /// Types it may have.
        expected: String,
        /// What it is.
        found: String,
        /// The argument.
        span: Span,
    },
    /// An operator between types that it is not defined for.
    #[error("`{operator}` is not defined between {left} and {right}")]
    NoSuchOperation {
        /// The operator as written.
        operator: &'static str,
        /// What stands before it.
        left: String,
        /// What stands after it.
        right: String,
        /// The operation.
        span: Span,
    },
    /// A date or time and a Quantity that is no duration.
    #[error("`{unit}` cannot be added to or taken from a date or time")]
    NoTimeUnit {
        /// The unit.
        unit: String,
        /// The Quantity.
        span: Span,
    },
    /// A sign before something that is no number.
    #[error("`{sign}` is not defined before {found}")]
    NoSign {
        /// `+` or `-`.
        sign: char,
        /// What stands after it.
        found: String,
        /// The operation.
        span: Span,
    },
    /// Several items where one is wanted.
    #[error("{what} is one item, not {count}")]
    NotSingle {
        /// What must be single.
        what: String,
        /// How many items there are or may be.
        count: String,
        /// Where they come from.
        span: Span,
    },
    /// A type that does not exist.
    #[error("there is no type `{name}`")]
    NoSuchType {
        /// Its name as written.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
        /// The name.
        span: Span,
    },
    /// Something else where the name of a type is wanted.
    #[error("the argument of `{function}` is the name of a type")]
    NotAType {
        /// The function.
        function: String,
        /// The argument.
        span: Span,
    },
    /// A test for a type that no item can have.
    #[error("{found} is never {ty}")]
    NeverOfType {
        /// What is tested.
        found: String,
        /// The type.
        ty: String,
        /// The type's name.
        span: Span,
    },
    /// A variable that is not defined here.
    #[error("there is no variable `%{name}` here")]
    NoSuchVariable {
        /// Its name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
        /// The variable.
        span: Span,
    },
    /// A function that goes by the order of items that have none.
    #[error("{what} goes by the order of the items, and these have none")]
    NoOrder {
        /// What goes by the order.
        what: String,
        /// The function or position.
        span: Span,
    },
    /// A condition that is no Boolean: true whenever there is an item.
    #[error("{what} is a condition, not {found}")]
    NoCondition {
        /// What is a condition.
        what: String,
        /// What it is.
        found: String,
        /// The condition.
        span: Span,
    },
    /// A comparison of types that are never equal.
    #[error("{left} and {right} are never equal")]
    NeverEqual {
        /// What stands on the left.
        left: String,
        /// What stands on the right.
        right: String,
        /// The comparison.
        span: Span,
    },
}

impl TypeProblem {
    /// Where it is.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            TypeProblem::NoSuchElement { span, .. }
            | TypeProblem::ChoiceByJsonName { span, .. }
            | TypeProblem::OtherFocus { span, .. }
            | TypeProblem::NoSuchFunction { span, .. }
            | TypeProblem::WrongArity { span, .. }
            | TypeProblem::WrongInput { span, .. }
            | TypeProblem::WrongArgument { span, .. }
            | TypeProblem::NoSuchOperation { span, .. }
            | TypeProblem::NoTimeUnit { span, .. }
            | TypeProblem::NoSign { span, .. }
            | TypeProblem::NotSingle { span, .. }
            | TypeProblem::NoSuchType { span, .. }
            | TypeProblem::NotAType { span, .. }
            | TypeProblem::NeverOfType { span, .. }
            | TypeProblem::NoSuchVariable { span, .. }
            | TypeProblem::NoOrder { span, .. }
            | TypeProblem::NoCondition { span, .. }
            | TypeProblem::NeverEqual { span, .. } => *span,
        }
    }

    /// The stable name of this kind of problem.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            TypeProblem::NoSuchElement { .. } => "SAL-FHIRPATH-0051",
            TypeProblem::ChoiceByJsonName { .. } => "SAL-FHIRPATH-0052",
            TypeProblem::OtherFocus { .. } => "SAL-FHIRPATH-0053",
            TypeProblem::NoSuchFunction { .. } => "SAL-FHIRPATH-0054",
            TypeProblem::WrongArity { .. } => "SAL-FHIRPATH-0055",
            TypeProblem::WrongInput { .. } => "SAL-FHIRPATH-0056",
            TypeProblem::WrongArgument { .. } => "SAL-FHIRPATH-0057",
            TypeProblem::NoSuchOperation { .. } => "SAL-FHIRPATH-0058",
            // Evaluation would say the same.
            TypeProblem::NoTimeUnit { .. } => "SAL-FHIRPATH-0107",
            TypeProblem::NoSign { .. } => "SAL-FHIRPATH-0059",
            TypeProblem::NotSingle { .. } => "SAL-FHIRPATH-0060",
            TypeProblem::NoSuchType { .. } => "SAL-FHIRPATH-0061",
            TypeProblem::NotAType { .. } => "SAL-FHIRPATH-0062",
            TypeProblem::NeverOfType { .. } => "SAL-FHIRPATH-0063",
            TypeProblem::NoSuchVariable { .. } => "SAL-FHIRPATH-0064",
            TypeProblem::NoOrder { .. } => "SAL-FHIRPATH-0065",
            TypeProblem::NoCondition { .. } => "SAL-FHIRPATH-0066",
            TypeProblem::NeverEqual { .. } => "SAL-FHIRPATH-0067",
        })
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            TypeProblem::NoSuchElement { suggestion, .. }
            | TypeProblem::NoSuchFunction { suggestion, .. }
            | TypeProblem::NoSuchType { suggestion, .. } => {
                format!("did you mean `{}`?", suggestion.as_ref()?)
            }
            TypeProblem::NoSuchVariable { suggestion, .. } => match suggestion {
                Some(name) => format!("did you mean `%{name}`?"),
                None => "define it with `defineVariable('name', …)` before it is used".into(),
            },
            TypeProblem::ChoiceByJsonName { choice, ty, .. } => {
                format!("write `{choice}.ofType({ty})`")
            }
            TypeProblem::OtherFocus { focus, .. } => {
                format!("start the path with {focus}, or with an element")
            }
            TypeProblem::NotSingle { .. } => {
                "choose one with `first()`, or work on each with `select(…)`".into()
            }
            TypeProblem::NotAType { .. } => "write a name without quotes: `ofType(Quantity)`".into(),
            TypeProblem::NoTimeUnit { .. } => "use the calendar's words: `7 days`, `1 month`; a time of day has no days".into(),
            TypeProblem::NoOrder { .. } => "sort them first, or choose with `where(…)`".into(),
            TypeProblem::NoCondition { .. } => "ask for what is meant: `… = 'x'`, `….exists()`".into(),
            TypeProblem::NoSuchOperation {
                operator: "+" | "-",
                left,
                ..
            } if left.contains("Date") || left.contains("Time") => {
                "say of what: `+ 7 days`, `- 1 year`".into()
            }
            TypeProblem::NoSuchOperation { .. }
            | TypeProblem::WrongInput { .. }
            | TypeProblem::WrongArgument { .. }
            | TypeProblem::NoSign { .. } => {
                "convert it first (`toString()`, `toDecimal()`, …), or choose the element that is meant".into()
            }
            TypeProblem::WrongArity { .. }
            | TypeProblem::NeverOfType { .. }
            | TypeProblem::NeverEqual { .. } => return None,
        })
    }
}
