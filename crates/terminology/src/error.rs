//! Why a value set cannot be told.

use salus_base::{Code, Diagnostic};

use crate::canonical::Canonical;

/// Why a value set cannot be told. A missing value set is never an empty one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TerminologyError {
    /// A resource without a `url` cannot be asked for.
    #[error("the {resource} `{id}` has no `url`")]
    NoUrl {
        /// `CodeSystem` or `ValueSet`.
        resource: &'static str,
        /// Its id, if it has one.
        id: Box<str>,
    },
    /// The value set is not loaded, at least not in this version.
    #[error("the value set `{canonical}` is not loaded")]
    NoValueSet {
        /// What was asked for.
        canonical: Canonical,
        /// The versions that are loaded.
        loaded: Vec<Box<str>>,
        /// The nearest URL that is loaded.
        nearest: Option<Box<str>>,
    },
    /// The code system is not loaded, at least not in this version.
    #[error("the code system `{canonical}` is not loaded")]
    NoCodeSystem {
        /// What was asked for.
        canonical: Canonical,
        /// The versions that are loaded.
        loaded: Vec<Box<str>>,
    },
    /// "All codes" or a filter needs the whole code system, and only a part is loaded.
    #[error("only a part of the code system `{canonical}` is loaded")]
    PartOfCodeSystem {
        /// The code system.
        canonical: Canonical,
    },
    /// The resource holds one page of its expansion.
    #[error("the value set `{url}` holds {held} codes, only a part of its expansion")]
    PartOfExpansion {
        /// The value set.
        url: Box<str>,
        /// Codes that it holds.
        held: u64,
        /// Codes that it should hold, if it says.
        total: Option<u64>,
    },
    /// The resource has neither `compose` nor `expansion`.
    #[error("the value set `{url}` says nothing about its members")]
    NoDefinition {
        /// The value set.
        url: Box<str>,
    },
    /// A value set is made of itself.
    #[error("the value set `{canonical}` is made of itself")]
    Circle {
        /// The value set.
        canonical: Canonical,
        /// The way to it.
        within: Vec<Canonical>,
    },
    /// A filter names a concept that the code system does not have.
    #[error("the code system `{system}` has no concept `{code}`")]
    UnknownConcept {
        /// The code system.
        system: Box<str>,
        /// The code.
        code: Box<str>,
    },
    /// A filter names a property that the code system does not have.
    #[error("the code system `{system}` has no property `{property}`")]
    UnknownProperty {
        /// The code system.
        system: Box<str>,
        /// The property.
        property: Box<str>,
    },
    /// A filter compares in a way that R4 does not have.
    #[error("`{operator}` is no operator of a filter over `{system}`")]
    UnknownOperator {
        /// The code system.
        system: Box<str>,
        /// The operator.
        operator: Box<str>,
    },
    /// A filter's pattern is no regular expression, or too large.
    #[error("`{pattern}` is no pattern for a filter over `{system}`")]
    Pattern {
        /// The code system.
        system: Box<str>,
        /// The pattern.
        pattern: Box<str>,
        /// What is wrong with it.
        #[source]
        source: regex::Error,
    },
}

const NO_URL: Code = Code::new("SAL-TERM-0001");
const NO_VALUE_SET: Code = Code::new("SAL-TERM-0002");
const NO_CODE_SYSTEM: Code = Code::new("SAL-TERM-0003");
const PART: Code = Code::new("SAL-TERM-0004");
const NO_DEFINITION: Code = Code::new("SAL-TERM-0005");
const CIRCLE: Code = Code::new("SAL-TERM-0006");
const FILTER: Code = Code::new("SAL-TERM-0007");

impl TerminologyError {
    /// The error for people: code, cause and help.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let say = |code| Diagnostic::error(code, self.to_string());
        match self {
            Self::NoUrl { .. } => {
                say(NO_URL).help("give it a `url`; nothing can refer to it without")
            }
            Self::NoValueSet {
                loaded, nearest, ..
            } => say(NO_VALUE_SET).help(match (loaded.as_slice(), nearest) {
                ([], Some(nearest)) => format!("did you mean `{nearest}`?"),
                ([], None) => "load the ValueSet resource".to_owned(),
                (loaded, _) => format!("loaded is version {}", loaded.join(", ")),
            }),
            Self::NoCodeSystem { loaded, .. } => {
                say(NO_CODE_SYSTEM).help(match loaded.as_slice() {
                    [] => {
                        "load the CodeSystem resource, or a ValueSet with its expansion".to_owned()
                    }
                    loaded => format!("loaded is version {}", loaded.join(", ")),
                })
            }
            Self::PartOfCodeSystem { .. } | Self::PartOfExpansion { .. } => {
                say(PART).help("load all of it, or a ValueSet with its whole expansion")
            }
            Self::NoDefinition { .. } => {
                say(NO_DEFINITION).help("give it a `compose` or an `expansion`")
            }
            Self::Circle { within, .. } => {
                let way: Vec<String> = within.iter().map(ToString::to_string).collect();
                say(CIRCLE).because(way.join(" → "))
            }
            Self::Pattern { source, .. } => say(FILTER).because(source),
            Self::UnknownConcept { .. }
            | Self::UnknownProperty { .. }
            | Self::UnknownOperator { .. } => {
                say(FILTER).help("check the filter, and the version of the code system")
            }
        }
    }
}
