//! What can go wrong with stored files, in words that say what to do.

use salus_base::{Code, Diagnostic, Place};

/// Why a file could not be stored, read or deleted.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be reached or is not set up.
    #[error("cannot open the data files at `{place}`")]
    Open {
        /// The place of the data files.
        place: String,
        /// What the store said.
        #[source]
        source: object_store::Error,
    },
    /// A path that leaves the store, or that no store takes.
    #[error("`{path}` is not a path of a data file")]
    Path {
        /// The path.
        path: String,
    },
    /// There is a file of that name; Salus never overwrites one.
    #[error("the data file `{path}` exists already")]
    Exists {
        /// The file.
        path: String,
    },
    /// No space is left.
    #[error("no space is left for the data file `{path}`")]
    Full {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A local file failed.
    #[error("cannot {doing} `{path}`")]
    Io {
        /// What Salus was doing: `write`, `delete`, …
        doing: &'static str,
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// An object store failed.
    #[error("cannot {doing} `{path}`")]
    Remote {
        /// What Salus was doing: `write`, `delete`, …
        doing: &'static str,
        /// The file.
        path: String,
        /// What the store said.
        #[source]
        source: object_store::Error,
    },
    /// A committed file is not there.
    #[error("the data file `{path}` is missing")]
    Missing {
        /// The file.
        path: String,
    },
    /// A file has another length than was committed.
    #[error("the data file `{path}` has {found_bytes} bytes; {expected_bytes} were committed")]
    Length {
        /// The file.
        path: String,
        /// Length that was committed.
        expected_bytes: u64,
        /// Length that it has, or as far as it could be read.
        found_bytes: u64,
    },
    /// A file's bytes are not those that were committed.
    #[error("the data file `{path}` was changed after it was committed: block {block} differs")]
    Changed {
        /// The file.
        path: String,
        /// The first block that differs, from 0.
        block: u64,
        /// Where the block starts.
        offset: u64,
    },
    /// A file that no digest is known of cannot be read verified.
    #[error("no digest of the data file `{path}` is known")]
    Unknown {
        /// The file.
        path: String,
    },
}

impl StoreError {
    /// The error for people: code, place, cause and help.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut found = Diagnostic::error(self.code(), self.to_string());
        if let Some(cause) = std::error::Error::source(self) {
            found = found.because(cause);
        }
        if let StoreError::Changed { path, offset, .. } = self {
            found = found.at(Place::in_file(path).byte(*offset));
        }
        match self.help() {
            Some(help) => found.help(help),
            None => found,
        }
    }

    fn code(&self) -> Code {
        Code::new(match self {
            StoreError::Open { .. } => "SAL-STORE-0001",
            StoreError::Path { .. } => "SAL-STORE-0002",
            StoreError::Exists { .. } => "SAL-STORE-0003",
            StoreError::Full { .. } => "SAL-STORE-0004",
            StoreError::Io { .. } => "SAL-STORE-0005",
            StoreError::Remote { .. } => "SAL-STORE-0006",
            StoreError::Missing { .. } => "SAL-STORE-0007",
            StoreError::Length { .. } => "SAL-STORE-0008",
            StoreError::Changed { .. } => "SAL-STORE-0009",
            StoreError::Unknown { .. } => "SAL-STORE-0010",
        })
    }

    fn help(&self) -> Option<&'static str> {
        Some(match self {
            StoreError::Open { .. } => {
                "check the path, or AWS_ENDPOINT_URL, AWS_REGION and the credentials"
            }
            StoreError::Full { .. } => "free some space and run it again; nothing was committed",
            StoreError::Missing { .. } | StoreError::Length { .. } | StoreError::Changed { .. } => {
                "`salus doctor` checks all files; restore this one from a copy, or load its sources again"
            }
            StoreError::Unknown { .. } => {
                "another program wrote it; `salus doctor` can take it over"
            }
            StoreError::Path { .. } | StoreError::Exists { .. } => {
                "this is a bug in Salus; please report it"
            }
            StoreError::Io { .. } | StoreError::Remote { .. } => return None,
        })
    }
}

/// The error that a store wraps for DataFusion, if it is one of ours.
pub fn store_error_of<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a StoreError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
