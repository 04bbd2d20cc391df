//! What an expression may know besides the record: the clock, variables, and a host for what only the outside knows.

use salus_values::{DateTime, Value};

use super::Collection;
use super::limits::Limits;

/// What surrounds an evaluation (§9). The clock is a parameter: the same environment gives the same result.
pub struct Environment<'e, V> {
    pub(crate) now: DateTime,
    pub(crate) context: Option<Collection<V>>,
    pub(crate) resource: Option<V>,
    pub(crate) root_resource: Option<V>,
    pub(crate) variables: Vec<(Box<str>, Collection<V>)>,
    pub(crate) host: Option<&'e dyn Host<V>>,
    pub(crate) limits: Limits,
}

impl<'e, V> Environment<'e, V> {
    /// An environment in which it is now `now`, a moment with its zone.
    #[must_use]
    pub fn new(now: DateTime) -> Environment<'e, V> {
        Environment {
            now,
            context: None,
            resource: None,
            root_resource: None,
            variables: Vec::new(),
            host: None,
            limits: Limits::default(),
        }
    }

    /// Sets `%context`; without it, it is what the program is evaluated on.
    #[must_use]
    pub fn context(mut self, context: Collection<V>) -> Self {
        self.context = Some(context);
        self
    }

    /// Sets `%resource`; without it, it is the resource that the focus is in.
    #[must_use]
    pub fn resource(mut self, resource: V) -> Self {
        self.resource = Some(resource);
        self
    }

    /// Sets `%rootResource`; without it, it is the resource around `%resource` when that is contained.
    #[must_use]
    pub fn root_resource(mut self, resource: V) -> Self {
        self.root_resource = Some(resource);
        self
    }

    /// Defines a variable, `name` without `%`. The last of the same name counts.
    #[must_use]
    pub fn variable(mut self, name: &str, value: Collection<V>) -> Self {
        self.set_variable(name, value);
        self
    }

    /// As [`Environment::variable`], for environments that are used again and again.
    pub fn set_variable(&mut self, name: &str, value: Collection<V>) {
        match self
            .variables
            .iter_mut()
            .find(|(known, _)| **known == *name)
        {
            Some((_, old)) => *old = value,
            None => self.variables.push((name.into(), value)),
        }
    }

    /// Who is asked for what the record does not say.
    #[must_use]
    pub fn host(mut self, host: &'e dyn Host<V>) -> Self {
        self.host = Some(host);
        self
    }

    /// How much an evaluation may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// A code as terminology is asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCode {
    /// The code system; `None` for a bare `code`, whose element's binding implies it.
    pub system: Option<String>,
    /// The code.
    pub code: String,
}

/// Why a host has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// It does not answer such questions at all.
    #[error("{reason}")]
    Unsupported {
        /// Why, and what can be done.
        reason: &'static str,
    },
    /// It would, but this one it cannot.
    #[error("{cause}")]
    Failed {
        /// Why.
        cause: String,
    },
}

const NO_TERMINOLOGY: HostError = HostError::Unsupported {
    reason: "no terminology is at hand",
};

/// What only the outside of an evaluation knows. Every question has a refusal as its default answer.
pub trait Host<V> {
    /// The resource that a literal reference points at, from an element. `None` when there is none. Asked after the
    /// record itself: contained resources and entries of the same Bundle are found without the host.
    fn resolve(&self, _reference: &str, _from: Option<&V>) -> Option<V> {
        None
    }

    /// Whether one of the codes is in a value set; `None` when it is not known.
    ///
    /// # Errors
    /// When the question cannot be answered at all.
    fn member_of(&self, _codes: &[HostCode], _value_set: &str) -> Result<Option<bool>, HostError> {
        Err(NO_TERMINOLOGY)
    }

    /// Whether `general` subsumes `special` in their code system; `None` when it is not known.
    ///
    /// # Errors
    /// When the question cannot be answered at all.
    fn subsumes(
        &self,
        _general: &HostCode,
        _special: &HostCode,
    ) -> Result<Option<bool>, HostError> {
        Err(NO_TERMINOLOGY)
    }

    /// Whether a resource conforms to a profile.
    ///
    /// # Errors
    /// When the question cannot be answered, which is always unless a host can validate.
    fn conforms_to(&self, _resource: &V, _profile: &str) -> Result<bool, HostError> {
        Err(HostError::Unsupported {
            reason: "validation against profiles is not part of Salus",
        })
    }
}

/// Watches an evaluation: `salus fhirpath --explain`, and `trace()`.
pub trait Observer<V> {
    /// A step was evaluated, inner steps before outer ones.
    fn step(&mut self, _step: Observed<'_, V>) {}

    /// `trace(name)` was passed with these items (§5.9.1).
    fn trace(&mut self, _name: &str, _items: &[Value<V>]) {}
}

/// One step that was evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'o, V> {
    /// Where the step is in the expression.
    pub span: crate::syntax::Span,
    /// How deep the evaluation was nested: operands, arguments and lambdas count.
    pub depth: usize,
    /// What `$this` was.
    pub this: &'o [Value<V>],
    /// What the step returned.
    pub result: &'o [Value<V>],
}
