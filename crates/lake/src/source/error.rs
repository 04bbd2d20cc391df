//! Why a source could not be read to its end.

use std::io;

use salus_base::{Diagnostic, Place, Severity};

use super::codes;

/// A source that could not be found or read. Bad *content* is no error: it becomes a
/// [`Defect`](super::Defect) in a frame, and reading goes on.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A path that the user named does not exist.
    #[error("no such file or folder: `{path}`")]
    Missing {
        /// The path as written.
        path: String,
        /// A path nearby that looks like it.
        closest: Option<String>,
    },
    /// A glob that matches nothing.
    #[error("nothing matches `{pattern}`")]
    NoMatch {
        /// The pattern as written.
        pattern: String,
    },
    /// A glob that is none.
    #[error("`{pattern}` is not a pattern for file names")]
    Pattern {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: glob::PatternError,
    },
    /// A source that cannot be opened or read.
    #[error("cannot read `{name}`")]
    Read {
        /// The source.
        name: String,
        /// The system's word.
        #[source]
        source: io::Error,
    },
    /// The temporary file for a large Bundle from a pipe cannot be written or read.
    #[error("cannot keep `{name}` in a temporary file")]
    Spool {
        /// The source.
        name: String,
        /// The system's word.
        #[source]
        source: io::Error,
    },
    /// A source that changed between the two passes that a large Bundle needs.
    #[error("`{name}` changed while it was read")]
    Changed {
        /// The source.
        name: String,
    },
    /// The user asked to stop.
    #[error("stopped before the end of `{name}`")]
    Cancelled {
        /// The source.
        name: String,
    },
    /// Whoever takes the chunks could not take one.
    #[error("the records of a source could not be taken in")]
    Sink {
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl SourceError {
    /// For the taker of chunks: its own error as one of these.
    pub fn sink(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Sink {
            source: source.into(),
        }
    }

    /// What to show the user.
    pub fn diagnostic(&self) -> Diagnostic {
        let cause = std::error::Error::source(self).map(ToString::to_string);
        let (code, place, help) = match self {
            Self::Missing { path, closest } => {
                let help = closest
                    .as_ref()
                    .map(|closest| format!("did you mean `{closest}`?"));
                (codes::MISSING, Some(path), help)
            }
            Self::NoMatch { pattern } | Self::Pattern { pattern, .. } => {
                let help = "`*` stands for any part of a name, `**` for any folders, \
                            `?` for one character, `[ab]` for one of several";
                (codes::MISSING, Some(pattern), Some(help.to_owned()))
            }
            Self::Read { name, .. } => (codes::UNREADABLE, Some(name), None),
            Self::Spool { name, .. } => {
                let help = "make room in the folder for temporary files, or set TMPDIR to another";
                (codes::SPOOL, Some(name), Some(help.to_owned()))
            }
            Self::Changed { name } => {
                let help = "load it again when nothing writes to it any more";
                (codes::CHANGED, Some(name), Some(help.to_owned()))
            }
            Self::Cancelled { name } => (codes::CANCELLED, Some(name), None),
            Self::Sink { .. } => (codes::SINK, None, None),
        };
        Diagnostic {
            code,
            severity: Severity::Error,
            message: self.to_string(),
            place: place.map(Place::in_file),
            cause,
            help,
        }
    }
}
