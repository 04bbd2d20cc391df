//! What operators know beside their operands: the clock, terminology, and where messages go.

use std::fmt;
use std::sync::Arc;

use salus_values::{Code, DateTime, Elements, Grain, Precision};

use super::record::Records;

/// Where and when an evaluation takes place.
#[derive(Clone, Copy)]
pub struct Scene<'s> {
    /// The moment of the evaluation request, `Now()`: to the millisecond, with an offset (CQL 1.5.3 §9.B "Now").
    pub now: DateTime,
    /// Value sets and code systems.
    pub terminology: &'s dyn Terminology,
    /// Where messages go.
    pub messages: &'s dyn Messages,
}

impl fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scene")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl<'s> Scene<'s> {
    /// A scene at a moment, without terminology, whose messages nobody reads.
    #[must_use]
    pub fn at(now: DateTime) -> Scene<'s> {
        Scene {
            now,
            terminology: &NoTerminology,
            messages: &Silent,
        }
    }

    /// The offset of the evaluation request in minutes, where values without one are.
    #[must_use]
    pub fn offset(&self) -> i16 {
        self.now.offset().unwrap_or(0)
    }

    /// How points in time are compared here: as far as a precision, or as far as they are known.
    #[must_use]
    pub fn grain(&self, precision: Option<Precision>) -> Grain {
        Grain {
            precision,
            offset: self.offset(),
        }
    }

    /// How elements of lists are compared here.
    #[must_use]
    pub fn elements(&self, precision: Option<Precision>) -> Elements<'static, Records> {
        Elements {
            grain: self.grain(precision),
            nodes: &Records,
        }
    }
}

/// A reference to a code system or value set (CQL 1.5.3 §9.B "Vocabulary", "ValueSet", "CodeSystem").
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Vocabulary {
    /// Its canonical URL or OID.
    pub id: Arc<str>,
    /// Its version; the terminology's own choice when `None`.
    pub version: Option<Arc<str>>,
    /// What the library calls it.
    pub name: Option<Arc<str>>,
    /// Code systems whose version the library sets, for value sets.
    pub code_systems: Arc<[Vocabulary]>,
}

/// Why terminology has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TerminologyError {
    /// There is no such value set or code system.
    #[error("there is no {what} `{id}`{}", meant(nearest.as_deref()))]
    Missing {
        /// `value set`, `code system`.
        what: &'static str,
        /// Its URL.
        id: Arc<str>,
        /// The nearest URL that there is.
        nearest: Option<Arc<str>>,
    },
    /// It is there, but not so that the question can be answered.
    #[error("{what} `{id}` cannot be used: {cause}")]
    Unusable {
        /// `value set`, `code system`.
        what: &'static str,
        /// Its URL.
        id: Arc<str>,
        /// Why not, in the terminology's words.
        cause: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |url| format!("; did you mean `{url}`?"))
}

/// Value sets and code systems. What is missing is an error, never an empty set.
pub trait Terminology {
    /// The codes of a value set.
    ///
    /// # Errors
    /// When it is missing or cannot be expanded.
    fn expand(&self, value_set: &Vocabulary) -> Result<Arc<[Code]>, TerminologyError>;

    /// Whether a code is in a value set; one without a system by the code alone. The version counts only where the
    /// value set says one.
    ///
    /// # Errors
    /// When the value set is missing or cannot be expanded.
    fn in_value_set(&self, code: &Code, value_set: &Vocabulary) -> Result<bool, TerminologyError>;

    /// Whether a code is in a code system.
    ///
    /// # Errors
    /// When the code system is missing.
    fn in_code_system(
        &self,
        code: &Code,
        code_system: &Vocabulary,
    ) -> Result<bool, TerminologyError>;

    /// Whether a code is an ancestor of another in their code system, or the same; `None` when they are of different
    /// systems, or one is not in it.
    ///
    /// # Errors
    /// When the code system is missing or has no hierarchy that can be read.
    fn subsumes(
        &self,
        ancestor: &Code,
        descendant: &Code,
    ) -> Result<Option<bool>, TerminologyError>;
}

/// No terminology: everything is missing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTerminology;

fn missing<T>(what: &'static str, id: &str) -> Result<T, TerminologyError> {
    Err(TerminologyError::Missing {
        what,
        id: id.into(),
        nearest: None,
    })
}

impl Terminology for NoTerminology {
    fn expand(&self, value_set: &Vocabulary) -> Result<Arc<[Code]>, TerminologyError> {
        missing("value set", &value_set.id)
    }

    fn in_value_set(&self, _: &Code, value_set: &Vocabulary) -> Result<bool, TerminologyError> {
        missing("value set", &value_set.id)
    }

    fn in_code_system(&self, _: &Code, code_system: &Vocabulary) -> Result<bool, TerminologyError> {
        missing("code system", &code_system.id)
    }

    fn subsumes(&self, ancestor: &Code, _: &Code) -> Result<Option<bool>, TerminologyError> {
        missing("code system", ancestor.system.as_deref().unwrap_or(""))
    }
}

/// How grave a message is (CQL 1.5.3 §9.B "Message").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// For whoever follows the evaluation.
    Trace,
    /// For whoever reads the result.
    Message,
    /// The result may not be what is meant.
    Warning,
    /// The evaluation ends.
    Error,
}

/// Where the messages of `Message` go. An error is not sent; it ends the evaluation.
pub trait Messages {
    /// Takes a message.
    fn send(&self, severity: Severity, code: Option<&str>, text: Option<&str>);
}

/// Nobody reads them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Messages for Silent {
    fn send(&self, _: Severity, _: Option<&str>, _: Option<&str>) {}
}
