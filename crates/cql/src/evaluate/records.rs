//! Where records come from.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::Code;

use crate::operators::{Terminology, Vocabulary};
use crate::program::Retrieve;

/// Records that retrieves are answered from: JSON of one patient, rows of a lake.
pub trait Records {
    /// A record, and the elements in it.
    type Node: ElementView;
    /// Whom records belong to: one of what a context is about.
    type Subject: Clone;

    /// All that a context is about: for `Patient`, the patients.
    ///
    /// # Errors
    /// When the records cannot be read.
    fn subjects(&self, context: &str) -> Result<Vec<Self::Subject>, RecordsError>;

    /// Whom a record stands for: for a Patient in the context `Patient`, that patient. For retrieves of a related
    /// context.
    fn subject_of(&self, context: &str, node: &Self::Node) -> Option<Self::Subject>;

    /// Gives the records that are wanted, always in the same order. Codes may be left to the evaluation to compare.
    ///
    /// # Errors
    /// When the records cannot be read, or terminology has no answer.
    fn retrieve(
        &self,
        request: &Request<'_, Self::Subject>,
        into: &mut Vec<Self::Node>,
    ) -> Result<Found, RecordsError>;
}

/// What a retrieve wants.
pub struct Request<'r, S> {
    /// What the program knows of it.
    pub retrieve: &'r Retrieve,
    /// The context that it is evaluated in, and whose records it wants; all records if `None`.
    pub subject: Option<(&'r str, &'r S)>,
    /// The codes that it wants in [`Retrieve::code_path`]; all if `None`.
    pub codes: Option<&'r CodeFilter>,
    /// Who knows value sets.
    pub terminology: &'r dyn Terminology,
}

/// Which codes a retrieve wants.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeFilter {
    /// Those of a value set.
    ValueSet(Arc<Vocabulary>),
    /// These.
    Codes(Vec<Code>),
}

/// How far the records that were given meet the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// They have the type, the subject and the codes that are wanted.
    Exactly,
    /// They have the type and the subject; the codes are to be compared yet.
    ByType,
}

/// Why records cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// Terminology has no answer.
    #[error(transparent)]
    Terminology(#[from] crate::operators::TerminologyError),
    /// The source of the records failed.
    #[error("{cause}")]
    Source {
        /// Why, in its words.
        cause: String,
    },
}
