//! Retrieves, compiled.

use std::sync::Arc;

use salus_fhir::schema::TypeId;

use super::expression::Expression;
use super::path::Path;
use crate::operators::Vocabulary;

/// Which records a retrieve wants: what of it the program knows. What the evaluation adds is
/// [`crate::evaluate::Request`].
#[derive(Debug)]
pub struct Retrieve {
    /// Its number in the program, from 0.
    pub(crate) number: u32,
    /// The type of the records.
    pub(crate) ty: TypeId,
    /// The profile that the records are wanted by.
    pub(crate) template: Option<Arc<str>>,
    /// The element that the codes are compared with.
    pub(crate) code_path: Option<Path>,
    /// The text of that path.
    pub(crate) code_path_text: Arc<str>,
    pub(crate) codes: Option<CodesOperand>,
    /// The element that the dates are compared with, or the two between which they are.
    pub(crate) date_path: Option<DatePath>,
    pub(crate) dates: Option<Expression>,
    /// The element that is compared with an id, and the id.
    pub(crate) id: Option<(Path, Expression)>,
    /// Whose records, instead of those of the context.
    pub(crate) context: Option<Expression>,
}

/// The codes that a retrieve wants.
#[derive(Debug)]
pub(crate) enum CodesOperand {
    /// Those of a value set.
    ValueSet(Arc<Vocabulary>),
    /// Those that an expression gives: a code, a concept, a list of codes, a value set.
    Expression(Expression),
}

/// Where the dates of a retrieve are.
#[derive(Debug)]
pub(crate) enum DatePath {
    /// In one element, a date or a period.
    One(Path),
    /// Between two.
    Between(Path, Path),
}

impl Retrieve {
    /// Its number in the program, from 0: records may keep what they found under it.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number as usize
    }

    /// The type of the records.
    #[must_use]
    pub fn type_id(&self) -> TypeId {
        self.ty
    }

    /// The canonical URL of the profile by which the library retrieves, if it says one.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.template.as_deref()
    }

    /// The path of the element that codes are compared with: `code`, `type`.
    #[must_use]
    pub fn code_path(&self) -> Option<&str> {
        self.code_path.as_ref().map(|_| &*self.code_path_text)
    }
}
