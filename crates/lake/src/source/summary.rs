//! What reading one source came to.

use std::collections::BTreeMap;
use std::fmt;

/// What [`read`](super::read) saw of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSummary {
    /// Bytes read, as they are stored (compressed if the source is).
    pub bytes: u64,
    /// Bytes after decompression; equal to `bytes` if the source is not compressed.
    pub bytes_decompressed: u64,
    /// BLAKE3 of the stored bytes, all of them, also when reading the records stopped early.
    pub blake3: [u8; 32],
    /// How the source is compressed.
    pub compression: Compression,
    /// What was found inside.
    pub kind: SourceKind,
    /// Lines that are not blank, of NDJSON; else 0.
    pub lines: u64,
    /// Bundles opened, nested ones counted.
    pub bundles: u64,
    /// Resources handed over.
    pub resources: u64,
    /// Deletions handed over.
    pub deletes: u64,
    /// Bad frames handed over.
    pub bad: u64,
    /// What was left out on purpose, or is worth a word, and how often.
    pub notes: BTreeMap<Note, u64>,
}

impl SourceSummary {
    pub(super) fn note(&mut self, note: Note) {
        *self.notes.entry(note).or_default() += 1;
    }
}

/// How a source is compressed, found by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Not.
    #[default]
    None,
    /// gzip (RFC 1952), one member or several.
    Gzip,
    /// Zstandard (RFC 8878), one frame or several.
    Zstd,
}

/// What a source holds, found by looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceKind {
    /// Nothing, or white space only.
    #[default]
    Empty,
    /// One resource or Bundle a line.
    Ndjson,
    /// A JSON document (a resource or a Bundle), or several one after the other.
    Document,
    /// A JSON array of resources.
    Array,
    /// Something else than FHIR JSON.
    Foreign,
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::Ndjson => "NDJSON",
            Self::Document => "JSON",
            Self::Array => "JSON array",
            Self::Foreign => "not FHIR JSON",
        })
    }
}

/// Something about a source that is no defect, yet should not go unsaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Note {
    /// The source is empty.
    EmptySource,
    /// A Bundle has no entries.
    EmptyBundle,
    /// A searchset entry with `search.mode` = `outcome`: a message of the server, not a record.
    SearchOutcome,
    /// An entry that only asks for reading (`GET`, `HEAD`) and brings no resource.
    ReadRequest,
    /// An entry that only holds a response and brings no resource.
    ResponseOnly,
    /// A searchset page with a `next` link: there are more pages than this one.
    NextPage,
    /// A streamed history Bundle whose entries come in the order of the file (newest first).
    HistoryNewestFirst,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptySource => "the source is empty",
            Self::EmptyBundle => "a Bundle has no entries",
            Self::SearchOutcome => "a search outcome (a message of the server) was left out",
            Self::ReadRequest => "a request to read (`GET`) was left out",
            Self::ResponseOnly => "an entry with a response but no resource was left out",
            Self::NextPage => "a search page says that there is a next page",
            Self::HistoryNewestFirst => {
                "a history Bundle too large to turn round was read newest first"
            }
        })
    }
}
