//! What is wrong with a library, or looks wrong.

use salus_base::{Code, Diagnostic, Place, Severity};

use super::overload::OverloadError;
use super::signature::shown;
use crate::model::{ModelError, Spec};
use crate::syntax::{Span, SyntaxError};

/// Something to say about a library, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub mistake: Mistake,
    /// Where it is.
    pub span: Span,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The text cannot be read.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// A model does not have what is asked of it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Types do not fit.
    #[error(transparent)]
    Type(#[from] TypeMistake),
}

/// Types that do not fit (Developer's Guide §3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeMistake {
    /// No overload, or several.
    #[error("{operator}: {source}")]
    Overload {
        /// The operator or function, as it is written.
        operator: Box<str>,
        /// Why none is meant.
        #[source]
        source: OverloadError,
    },
    /// A value of one type where one of another must stand.
    #[error("a {} is not a {}", shown(given), shown(wanted))]
    Mismatch {
        /// The type of the value.
        given: Spec,
        /// The type that must stand there.
        wanted: Spec,
    },
    /// A kind of expression that cannot be translated.
    #[error("{what} cannot be translated yet")]
    NotYet {
        /// What it is.
        what: &'static str,
    },
}

impl Problem {
    /// A mistake of the text.
    pub(super) fn of_syntax(error: SyntaxError) -> Problem {
        let span = error.span();
        let mistake = Mistake::Syntax(error);
        Problem { mistake, span }
    }

    /// How bad it is: errors leave no ELM that can run.
    #[must_use]
    pub fn severity(&self) -> Severity {
        Severity::Error
    }

    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        match &self.mistake {
            Mistake::Syntax(error) => error.code(),
            Mistake::Model(error) => error.code(),
            Mistake::Type(mistake) => mistake.code(),
        }
    }

    /// The problem in words, in the library of this name.
    #[must_use]
    pub fn diagnostic(&self, source: &str) -> Diagnostic {
        let diagnostic = match &self.mistake {
            Mistake::Syntax(error) => error.diagnostic(),
            Mistake::Model(error) => error.diagnostic(),
            Mistake::Type(mistake) => mistake.diagnostic(),
        };
        diagnostic.at(Place::in_file(source).byte(self.span.start.into()))
    }
}

impl TypeMistake {
    fn code(&self) -> Code {
        Code::new(match self {
            TypeMistake::Overload { source, .. } => return source.code(),
            TypeMistake::Mismatch { .. } => "SAL-CQL-0042",
            TypeMistake::NotYet { .. } => "SAL-CQL-0043",
        })
    }

    fn diagnostic(&self) -> Diagnostic {
        let help = match self {
            TypeMistake::Overload { source, .. } => {
                let mut diagnostic = source.diagnostic();
                diagnostic.message = self.to_string();
                return diagnostic;
            }
            TypeMistake::Mismatch { wanted, .. } => {
                format!("convert it: `convert … to {}`", shown(wanted))
            }
            TypeMistake::NotYet { .. } => "write it in another way".into(),
        };
        Diagnostic::error(self.code(), self.to_string()).help(help)
    }
}
