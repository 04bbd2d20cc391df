//! One source to be read.

use std::path::PathBuf;

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
}
