//! Why a document is no ELM.

use salus_base::{Code, Diagnostic, Place};

use crate::xml::XmlError;

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ElmError {
    /// The text is no JSON.
    #[error("expected {expected}")]
    NotJson {
        /// What should stand there.
        expected: &'static str,
        /// Where, in bytes.
        byte: usize,
    },
    /// The text is no XML.
    #[error("the document cannot be read")]
    NotXml {
        /// Why.
        #[source]
        source: XmlError,
    },
    /// The document is too long.
    #[error("the document has {bytes} bytes, more than {bytes_max}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
    },
    /// The document nests too deep.
    #[error("the document nests deeper than {depth_max} levels")]
    TooDeep {
        /// The bound.
        depth_max: usize,
        /// Where it passes the bound, in bytes.
        byte: usize,
    },
    /// The document is JSON or XML, and something else.
    #[error("the document has no `library`")]
    NotALibrary,
}

impl ElmError {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            ElmError::NotJson { .. } | ElmError::NotXml { .. } => "SAL-CQL-0030",
            ElmError::TooLong { .. } | ElmError::TooDeep { .. } => "SAL-CQL-0031",
            ElmError::NotALibrary => "SAL-CQL-0032",
        })
    }

    /// The mistake in words, with what can be done. Its place is a byte of the document; a caller that knows its file
    /// says so instead with [`Diagnostic::at`].
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string());
        let diagnostic = match self {
            ElmError::NotJson { byte, .. } | ElmError::TooDeep { byte, .. } => {
                let byte = u64::try_from(*byte).unwrap_or(u64::MAX);
                diagnostic.at(Place::in_file("ELM").byte(byte))
            }
            ElmError::NotXml { source } => diagnostic.because(source),
            ElmError::TooLong { .. } | ElmError::NotALibrary => diagnostic,
        };
        diagnostic.help(match self {
            ElmError::NotJson { .. } | ElmError::NotXml { .. } => {
                "give ELM as the translator wrote it; it may have been cut off"
            }
            ElmError::TooLong { .. } => "translate the library without annotations",
            ElmError::TooDeep { .. } => "give parts of the deepest expression names of their own",
            ElmError::NotALibrary => {
                "give the ELM of a library: an object with the field `library`"
            }
        })
    }
}
