//! Why libraries cannot be made a program.

use std::fmt;
use std::sync::Arc;

use salus_base::{Code, Diagnostic, Place};

/// Where something is in ELM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ElmPlace {
    /// The library: `Name` or `Name|version`.
    pub library: Arc<str>,
    /// The define or function.
    pub define: Arc<str>,
    /// Its number in the library.
    pub local_id: Option<Box<str>>,
    /// Where it stands in the CQL: `3:5-3:12`.
    pub locator: Option<Box<str>>,
}

impl ElmPlace {
    /// As the place of a diagnostic.
    #[must_use]
    pub fn place(&self) -> Place {
        let place = Place::in_file(&*self.library);
        match self.to_path() {
            path if path.is_empty() => place,
            path => place.element(path),
        }
    }

    fn to_path(&self) -> String {
        let mut parts = Vec::new();
        if !self.define.is_empty() {
            parts.push(format!("`{}`", self.define));
        }
        match (&self.locator, &self.local_id) {
            (Some(locator), _) => parts.push(locator.to_string()),
            (None, Some(id)) => parts.push(format!("localId {id}")),
            (None, None) => {}
        }
        parts.join(", ")
    }
}

impl fmt::Display for ElmPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place().fmt(f)
    }
}

/// What is wrong with a library, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ProgramError {
    /// What.
    #[source]
    pub problem: ProgramProblem,
    /// Where.
    pub place: ElmPlace,
}

/// What is wrong with a library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramProblem {
    /// A class of ELM that this engine does not evaluate.
    #[error("the operator `{name}` is not known")]
    UnknownOperator {
        /// Its name.
        name: String,
    },
    /// A reference to what is not there.
    #[error("there is no {what} `{name}`")]
    UnknownName {
        /// `define`, `function`, `value set`, …
        what: &'static str,
        /// The name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<String>,
    },
    /// A library that is included and was not given.
    #[error("the included library `{name}` is not there")]
    NoLibrary {
        /// Its name, with the version that is wanted.
        name: String,
        /// The versions that are there.
        versions: Vec<String>,
    },
    /// Libraries that include each other, defines or functions that need each other.
    #[error("{} need each other: {}", what, names.join(" → "))]
    Cycle {
        /// `libraries`, `defines`.
        what: &'static str,
        /// The way around, the first one again at the end.
        names: Vec<String>,
    },
    /// No function of this name takes these operands.
    #[error("there is no function `{name}` that takes {count} operands of these types")]
    NoOverload {
        /// Its name.
        name: String,
        /// How many operands the call has.
        count: usize,
        /// What there is.
        candidates: Vec<String>,
    },
    /// A type that no model in use has.
    #[error("there is no type `{name}`")]
    UnknownType {
        /// Its name.
        name: String,
    },
    /// A literal whose text is none of its type.
    #[error("`{text}` is no {ty}")]
    BadLiteral {
        /// The type.
        ty: String,
        /// The text.
        text: String,
    },
    /// A node without what it needs.
    #[error("the `{kind}` has no usable `{field}`")]
    Malformed {
        /// Its class.
        kind: &'static str,
        /// What it needs.
        field: &'static str,
    },
    /// A part of ELM that this engine does not evaluate.
    #[error("{what} is not supported")]
    Unsupported {
        /// Which.
        what: &'static str,
    },
    /// Expressions nested too deep.
    #[error("the expression nests deeper than {depth_max} levels")]
    TooDeep {
        /// The bound.
        depth_max: usize,
    },
}

impl ProgramProblem {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            ProgramProblem::UnknownOperator { .. } => "SAL-CQL-0100",
            ProgramProblem::UnknownName { .. } => "SAL-CQL-0101",
            ProgramProblem::NoLibrary { .. } => "SAL-CQL-0102",
            ProgramProblem::Cycle { .. } => "SAL-CQL-0103",
            ProgramProblem::NoOverload { .. } => "SAL-CQL-0104",
            ProgramProblem::UnknownType { .. } => "SAL-CQL-0105",
            ProgramProblem::BadLiteral { .. } => "SAL-CQL-0106",
            ProgramProblem::Malformed { .. } => "SAL-CQL-0107",
            ProgramProblem::Unsupported { .. } => "SAL-CQL-0108",
            ProgramProblem::TooDeep { .. } => "SAL-CQL-0109",
        })
    }
}

impl ProgramError {
    /// The mistake in words, with its place and what can be done.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::error(self.problem.code(), self.problem.to_string());
        let found = found.at(self.place.place());
        match &self.problem {
            ProgramProblem::UnknownName {
                suggestion: Some(name),
                ..
            } => found.help(format!("did you mean `{name}`?")),
            ProgramProblem::NoLibrary { versions, .. } => match versions.as_slice() {
                [] => found.help("give the ELM or CQL of the library, too"),
                versions => found.help(format!("there is version {}", versions.join(", "))),
            },
            ProgramProblem::NoOverload { candidates, .. } => {
                found.help(format!("there are: {}", candidates.join("; ")))
            }
            ProgramProblem::TooDeep { .. } => {
                found.help("give parts of the expression names of their own")
            }
            _ => found,
        }
    }
}
