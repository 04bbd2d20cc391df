//! What a library needs from outside: the libraries that it includes, and models.

use std::sync::Arc;

use salus_base::suggest;

use crate::elm;
use crate::model::{Model, ModelError};

/// The name of a library, as `include` says it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LibraryName {
    /// The namespace: its URI, when the library is in one.
    pub namespace: Option<Box<str>>,
    /// The name.
    pub name: Box<str>,
    /// The version; any if there is none.
    pub version: Option<Box<str>>,
}

/// A library that was found.
#[derive(Debug, Clone)]
pub enum Found {
    /// Its text, which is translated with the same sources and options.
    Text(Arc<str>),
    /// Its ELM.
    Elm(Arc<elm::Library>),
}

/// Why a library is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// There is none of this name.
    #[error("there is no library `{name}`")]
    NotFound {
        /// Its name.
        name: Box<str>,
        /// The names that there are.
        known: Vec<Box<str>>,
    },
    /// There is one, but in other versions.
    #[error("the library `{name}` has no version `{version}`")]
    OtherVersion {
        /// Its name.
        name: Box<str>,
        /// The version that was asked for.
        version: Box<str>,
        /// The versions that there are.
        known: Vec<Box<str>>,
    },
    /// It could not be read.
    #[error("the library `{name}` cannot be read: {reason}")]
    Unreadable {
        /// Its name.
        name: Box<str>,
        /// Why, in the words of who tried.
        reason: Box<str>,
    },
}

impl SourceError {
    /// What can be done.
    pub(super) fn help(&self) -> String {
        match self {
            SourceError::NotFound { name, known } => {
                let names = known.iter().map(|name| &**name);
                match suggest::closest(name, names) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("put `{name}.cql` beside the library that includes it"),
                }
            }
            SourceError::OtherVersion { known, .. } => format!("there are: {}", known.join(", ")),
            SourceError::Unreadable { .. } => "see that it can be read".into(),
        }
    }
}

/// Where libraries and models come from.
pub trait Sources {
    /// The library of this name.
    ///
    /// # Errors
    /// [`SourceError`] when there is none, or it cannot be read.
    fn library(&self, name: &LibraryName) -> Result<Found, SourceError>;

    /// The model of this name; in the first of its versions if none is said.
    ///
    /// # Errors
    /// [`ModelError::UnknownModel`] when there is none.
    fn model(&self, name: &str, version: Option<&str>) -> Result<Arc<Model>, ModelError> {
        Model::shared(name, version)
    }
}

/// No libraries, and the models that Salus carries.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSources;

impl Sources for NoSources {
    fn library(&self, name: &LibraryName) -> Result<Found, SourceError> {
        Err(SourceError::NotFound {
            name: name.name.clone(),
            known: Vec::new(),
        })
    }
}
