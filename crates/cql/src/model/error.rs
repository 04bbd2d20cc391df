//! Why a model cannot be loaded, or does not have what is asked of it.

use salus_base::{Code, Diagnostic};

use crate::xml::XmlError;

/// What is wrong with a model info, or with a question to one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The file is no XML.
    #[error("the model info cannot be read")]
    NotXml {
        /// Why.
        #[source]
        source: XmlError,
    },
    /// The file is XML, and something else.
    #[error("the document is a `{found}`, not a `modelInfo`")]
    NotModelInfo {
        /// The name of its first element.
        found: String,
    },
    /// An element of the file lacks an attribute.
    #[error("a `{element}` has no `{attribute}`")]
    Incomplete {
        /// The element.
        element: &'static str,
        /// The attribute that it must have.
        attribute: &'static str,
    },
    /// A type is written in a way that cannot be read.
    #[error("`{text}` is no type")]
    NotAType {
        /// The type as written.
        text: String,
    },
    /// The bytes of a copy that Salus carries cannot be decompressed: the program is damaged.
    #[error("the copy of {name} {version} in this program is damaged")]
    Damaged {
        /// The model.
        name: &'static str,
        /// Its version.
        version: &'static str,
    },
    /// A model that is not there.
    #[error("there is no model `{name}`{}", version.as_ref().map_or(String::new(), |version| format!(" version `{version}`")))]
    UnknownModel {
        /// Its name.
        name: String,
        /// Its version, if one was asked for.
        version: Option<String>,
        /// The versions or names that there are.
        known: String,
    },
    /// A model whose data Salus does not have.
    #[error("{name} is not supported: its data is not FHIR")]
    Refused {
        /// Its name.
        name: String,
    },
    /// A type that the model does not have.
    #[error("the model {model} has no type `{name}`")]
    UnknownType {
        /// The model.
        model: String,
        /// The type.
        name: String,
        /// Which it may have been meant for.
        suggestion: Option<String>,
    },
    /// An element that the type does not have.
    #[error("`{ty}` has no element `{name}`")]
    UnknownElement {
        /// The type.
        ty: String,
        /// The element.
        name: String,
        /// Which it may have been meant for.
        suggestion: Option<String>,
    },
    /// A context that the model does not have.
    #[error("the model {model} has no context `{name}`")]
    UnknownContext {
        /// The model.
        model: String,
        /// The context.
        name: String,
        /// The contexts that there are.
        known: String,
    },
}

impl ModelError {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            ModelError::NotXml { .. } | ModelError::NotModelInfo { .. } => "SAL-CQL-0020",
            ModelError::Incomplete { .. } | ModelError::NotAType { .. } => "SAL-CQL-0021",
            ModelError::Damaged { .. } => "SAL-CQL-0022",
            ModelError::UnknownModel { .. } => "SAL-CQL-0023",
            ModelError::Refused { .. } => "SAL-CQL-0024",
            ModelError::UnknownType { .. } => "SAL-CQL-0025",
            ModelError::UnknownElement { .. } => "SAL-CQL-0026",
            ModelError::UnknownContext { .. } => "SAL-CQL-0027",
        })
    }

    /// The mistake in words, with what can be done. Where it is, the caller knows.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string());
        let diagnostic = match std::error::Error::source(self) {
            Some(source) => diagnostic.because(source),
            None => diagnostic,
        };
        diagnostic.help(self.help())
    }

    fn help(&self) -> String {
        match self {
            ModelError::NotXml { .. } | ModelError::NotModelInfo { .. } => {
                "give a file `…-modelinfo-….xml` as the CQL translator publishes it".into()
            }
            ModelError::Incomplete { .. } | ModelError::NotAType { .. } => {
                "check the file against the schema modelinfo.xsd".into()
            }
            ModelError::Damaged { .. } => "install Salus again".into(),
            ModelError::UnknownModel { known, .. } => format!("there are: {known}"),
            ModelError::Refused { .. } => {
                "translate the measure to QI-Core, which has the same content for FHIR".into()
            }
            ModelError::UnknownType { suggestion, .. }
            | ModelError::UnknownElement { suggestion, .. } => match suggestion {
                Some(name) => format!("did you mean `{name}`?"),
                None => "see the model info for what there is".into(),
            },
            ModelError::UnknownContext { known, .. } => format!("there are: {known}"),
        }
    }
}
