//! What is wrong with a library, or looks wrong.

use salus_base::{Code, Diagnostic, Place, Severity};

use super::names::NameMistake;
use super::type_mistake::TypeMistake;
use crate::model::ModelError;
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
    /// Names do not mean what they should.
    #[error(transparent)]
    Name(#[from] NameMistake),
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
        match &self.mistake {
            Mistake::Type(mistake) => mistake.severity(),
            Mistake::Name(mistake) => mistake.severity(),
            _ => Severity::Error,
        }
    }

    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        match &self.mistake {
            Mistake::Syntax(error) => error.code(),
            Mistake::Model(error) => error.code(),
            Mistake::Type(mistake) => mistake.code(),
            Mistake::Name(mistake) => mistake.code(),
        }
    }

    /// The problem in words, in the library of this name.
    #[must_use]
    pub fn diagnostic(&self, source: &str) -> Diagnostic {
        let diagnostic = match &self.mistake {
            Mistake::Syntax(error) => error.diagnostic(),
            Mistake::Model(error) => error.diagnostic(),
            Mistake::Type(mistake) => mistake.diagnostic(),
            Mistake::Name(mistake) => mistake.diagnostic(),
        };
        diagnostic.at(Place::in_file(source).byte(self.span.start.into()))
    }
}
