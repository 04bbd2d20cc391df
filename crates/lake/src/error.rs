//! What can go wrong with a lake as a whole.

use std::path::PathBuf;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use salus_base::{Code, Diagnostic};
use thiserror::Error;

use crate::catalog::CatalogError;
use crate::ingest::codes;
use crate::source::SourceError;
use crate::store::StoreError;
use salus_columns::WriteError;

/// What can go wrong with a lake.
#[derive(Debug, Error)]
pub enum LakeError {
    /// There is no lake there.
    #[error("there is no lake at `{}`", path.display())]
    Missing {
        /// The catalogue that was looked for.
        path: PathBuf,
    },
    /// Another process is writing to the lake.
    #[error("another process is writing to the lake")]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The lock file cannot be made.
    #[error("the lock file `{}` cannot be opened", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The user stopped the work.
    #[error("stopped; what was committed stays")]
    Stopped,
    /// A worker thread ended without a word.
    #[error("a worker of the load ended without a word")]
    Worker,
    /// Arrow refused the columns.
    #[error("columns could not be built")]
    Columns {
        /// What Arrow says.
        #[source]
        source: ArrowError,
    },
    /// A Parquet file could not be written or read.
    #[error("a data file could not be read or written")]
    Parquet {
        /// What the Parquet library says.
        #[source]
        source: ParquetError,
    },
    /// A row could not be written back as JSON.
    #[error("a row could not be written back as JSON")]
    WriteBack {
        /// Why.
        #[source]
        source: WriteError,
    },
    /// What was asked for is not in the lake.
    #[error("{what} `{name}` is not in the lake")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
        /// What it could have been.
        hint: Option<String>,
    },
    /// Output could not be written.
    #[error("the output could not be written")]
    Output {
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The catalogue.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The data files.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The input.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl LakeError {
    pub(crate) fn columns(source: ArrowError) -> Self {
        Self::Columns { source }
    }

    pub(crate) fn parquet(source: ParquetError) -> Self {
        Self::Parquet { source }
    }

    pub(crate) fn write_back(source: WriteError) -> Self {
        Self::WriteBack { source }
    }

    /// The error as the user sees it.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Catalog(error) => error.diagnostic(),
            Self::Store(error) => error.diagnostic(),
            Self::Source(error) => error.diagnostic(),
            _ => {
                let mut diagnostic = Diagnostic::error(self.code(), self.to_string());
                diagnostic.cause = self.cause();
                diagnostic.help = self.help();
                diagnostic
            }
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Missing { .. } => codes::LAKE_MISSING,
            Self::Busy { .. } | Self::Lock { .. } => codes::LOAD_BUSY,
            Self::Stopped => codes::LOAD_STOPPED,
            Self::Columns { .. } => codes::LOAD_COLUMNS,
            Self::Parquet { .. } => codes::LOAD_PARQUET,
            Self::WriteBack { .. } => codes::LAKE_WRITE_BACK,
            Self::NotFound { .. } => codes::LAKE_NOT_FOUND,
            Self::Output { .. } => codes::LAKE_OUTPUT,
            _ => codes::LOAD_WORKER,
        }
    }

    fn cause(&self) -> Option<String> {
        let mut source = std::error::Error::source(self)?;
        let mut text = source.to_string();
        while let Some(below) = source.source() {
            text = format!("{text}: {below}");
            source = below;
        }
        Some(text)
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Missing { .. } => {
                "`salus load PATH…` makes one; `--lake DIR` names another".to_owned()
            }
            Self::Busy { path } => {
                format!(
                    "wait until it has ended; the lock is `{}` and goes with the process",
                    path.display()
                )
            }
            Self::Stopped => "the same command again goes on where it stopped".to_owned(),
            Self::Parquet { .. } => {
                "`salus doctor` compares the files with the catalogue".to_owned()
            }
            Self::NotFound {
                hint: Some(hint), ..
            } => format!("did you mean `{hint}`?"),
            _ => return None,
        })
    }
}
