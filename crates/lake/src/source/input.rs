//! One source to be read.

use std::fmt;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A source to be read: a file, or what comes through a pipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name in every message and in the lake: the absolute path of a file, `-` for standard
    /// input.
    pub name: String,
    /// Where its bytes come from.
    pub kind: InputKind,
    /// Its size as stored, in bytes, if it is known.
    pub size_bytes: Option<u64>,
}

/// Where the bytes of a source come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputKind {
    /// A regular file, which can be read twice.
    File(PathBuf),
    /// A named pipe or device, which can be read once.
    Pipe(PathBuf),
    /// Standard input, which can be read once.
    Stdin,
    /// What another part of the program makes, which can be read once.
    Live(LiveSource),
}

/// Bytes that another part of the program makes while they are read.
#[derive(Clone)]
pub struct LiveSource {
    reader: Arc<Mutex<Option<Box<dyn Read + Send>>>>,
}

impl LiveSource {
    /// A source that gives what `reader` gives.
    #[must_use]
    pub fn new(reader: impl Read + Send + 'static) -> Self {
        Self {
            reader: Arc::new(Mutex::new(Some(Box::new(reader)))),
        }
    }

    /// The reader, for whoever comes first.
    pub(super) fn take(&self) -> Option<Box<dyn Read + Send>> {
        self.reader
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl fmt::Debug for LiveSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveSource").finish_non_exhaustive()
    }
}

impl PartialEq for LiveSource {
    /// The same source, not one that gives the same bytes.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reader, &other.reader)
    }
}

impl Eq for LiveSource {}
