//! What can be wrong with bytes that were expected to be a resource.

use salus_base::Code;

use super::codes;
use super::foreign::Foreign;
use super::scan::Fault;
use super::summary::Compression;

/// Why bytes go to the quarantine. The wording is for the user; `code` leads to more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// A line, document, array item or Bundle entry longer than `Limits::line_bytes_max`.
    #[error("the {what} is {length} bytes long, the limit is {max}; its first {kept} are kept")]
    TooLong {
        /// What it is.
        what: Unit,
        /// Its length in bytes.
        length: u64,
        /// The limit in bytes.
        max: u64,
        /// How many of its bytes are kept.
        kept: u64,
    },
    /// Bytes that are not UTF-8.
    #[error("not valid UTF-8 at byte {at} of the {what}")]
    NotUtf8 {
        /// What it is.
        what: Unit,
        /// First wrong byte, from 0.
        at: u64,
    },
    /// A NUL byte.
    #[error("a NUL byte at byte {at} of the {what}")]
    Nul {
        /// What it is.
        what: Unit,
        /// Where, from 0.
        at: u64,
    },
    /// JSON, but not an object.
    #[error("{found}, where a resource (a JSON object) is expected")]
    NotAnObject {
        /// What was found.
        found: JsonKind,
    },
    /// A line that does not begin as JSON does.
    #[error("not JSON: begins with {found:?}, where a resource (a JSON object) is expected")]
    NotJson {
        /// Its first characters.
        found: String,
    },
    /// A document that is not well-formed JSON.
    #[error("not well-formed JSON at byte {at}: {fault}")]
    Broken {
        /// Where, in the decompressed source.
        at: u64,
        /// What is wrong.
        #[source]
        fault: Fault,
    },
    /// A resource nested deeper than `Limits::json_depth_max`.
    #[error("nested {depth} levels deep; the limit is {max}")]
    TooDeep {
        /// Its depth.
        depth: u32,
        /// The limit.
        max: u32,
    },
    /// A file that holds something else than FHIR JSON.
    #[error("not FHIR JSON: looks like {what}")]
    Foreign {
        /// What it looks like.
        what: Foreign,
    },
    /// A compressed source that ends too early.
    #[error(
        "the {compression} data ends too early, after {after} compressed bytes; \
         the records before this place were read"
    )]
    Truncated {
        /// How it is compressed.
        compression: Compression,
        /// Compressed bytes read until then.
        after: u64,
    },
    /// A compressed source that cannot be decompressed any further.
    #[error(
        "the {compression} data is damaged near compressed byte {after} ({cause}); \
         the records before this place were read, but some may be wrong"
    )]
    Damaged {
        /// How it is compressed.
        compression: Compression,
        /// Compressed bytes read until then.
        after: u64,
        /// The decoder's word.
        cause: String,
    },
    /// Bytes behind the end of a compressed source that are not another member of it.
    #[error("{length} bytes after the end of the {compression} data are not {compression}")]
    Trailer {
        /// How the source is compressed.
        compression: Compression,
        /// Number of those bytes.
        length: u64,
    },
    /// A source that decompresses to more than `Limits::decompression_ratio_max` times its size.
    #[error(
        "decompresses to more than {ratio_max} times its size ({compressed} bytes gave \
         {decompressed}): refused as a decompression bomb from here on"
    )]
    Bomb {
        /// The limit.
        ratio_max: u64,
        /// Compressed bytes read.
        compressed: u64,
        /// Bytes they gave.
        decompressed: u64,
    },
    /// A source that is larger than `Limits::source_bytes_max` when decompressed.
    #[error("larger than {max} bytes when decompressed: what comes after is not read")]
    SourceTooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// Bytes behind the end of a JSON array.
    #[error("text after the end of the JSON array")]
    AfterArray,
    /// `Bundle.entry` is not an array.
    #[error("`Bundle.entry` is not an array")]
    EntriesNotAnArray,
    /// An item of `Bundle.entry` is not an object.
    #[error("Bundle entry {index} is not an object")]
    EntryNotAnObject {
        /// Which entry, from 0.
        index: u64,
    },
    /// An entry with neither a resource nor anything else that explains it.
    #[error("Bundle entry {index} has no resource")]
    EntryWithoutResource {
        /// Which entry, from 0.
        index: u64,
    },
    /// So many entries without resource that they are not told one by one.
    #[error("{count} more entries of this Bundle have no resource; the first of them are kept")]
    MoreWithoutResource {
        /// How many.
        count: u64,
    },
    /// `Bundle.entry.resource` is not an object.
    #[error("the resource of Bundle entry {index} is not an object")]
    ResourceNotAnObject {
        /// Which entry, from 0.
        index: u64,
    },
    /// `Bundle.entry.resource` has no `resourceType`.
    #[error("the resource of Bundle entry {index} has no `resourceType`")]
    EntryWithoutType {
        /// Which entry, from 0.
        index: u64,
    },
    /// An element that occurs twice in one entry.
    #[error("Bundle entry {index} has two `{name}` elements")]
    EntryElementTwice {
        /// Which entry, from 0.
        index: u64,
        /// The element.
        name: &'static str,
    },
    /// A deletion whose `request.url` does not name one resource.
    #[error("Bundle entry {index} deletes `{url}`, which is not `Type/id` of one resource")]
    DeleteWithoutId {
        /// Which entry, from 0.
        index: u64,
        /// The `request.url`.
        url: String,
    },
    /// A deletion that names nothing.
    #[error("Bundle entry {index} is a `DELETE` that does not say of what")]
    DeleteOfNothing {
        /// Which entry, from 0.
        index: u64,
    },
    /// A `PATCH` entry.
    #[error("Bundle entry {index} is a `PATCH`, which only a server that has the resource can do")]
    Patch {
        /// Which entry, from 0.
        index: u64,
    },
    /// A Bundle in a Bundle in a Bundle …
    #[error("Bundle entry {index} holds a Bundle nested deeper than {max} Bundles")]
    NestedTooDeep {
        /// Which entry, from 0.
        index: u64,
        /// The limit.
        max: u32,
    },
}

impl Defect {
    /// The code under which `salus explain` tells more.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLong { .. } => codes::TOO_LONG,
            Self::NotUtf8 { .. } | Self::Nul { .. } => codes::ENCODING,
            Self::NotAnObject { .. } | Self::NotJson { .. } => codes::NOT_A_RESOURCE,
            Self::Broken { .. } | Self::AfterArray => codes::BROKEN_JSON,
            Self::TooDeep { .. } => codes::TOO_DEEP,
            Self::Foreign { .. } => codes::FOREIGN,
            Self::Truncated { .. } | Self::Damaged { .. } | Self::Trailer { .. } => codes::DAMAGED,
            Self::Bomb { .. } | Self::SourceTooLarge { .. } => codes::BOMB,
            Self::EntriesNotAnArray
            | Self::EntryNotAnObject { .. }
            | Self::EntryWithoutResource { .. }
            | Self::MoreWithoutResource { .. }
            | Self::ResourceNotAnObject { .. }
            | Self::EntryWithoutType { .. }
            | Self::EntryElementTwice { .. }
            | Self::DeleteWithoutId { .. }
            | Self::DeleteOfNothing { .. }
            | Self::Patch { .. }
            | Self::NestedTooDeep { .. } => codes::BUNDLE_ENTRY,
        }
    }
}

/// What a defect speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A line of NDJSON.
    Line,
    /// A JSON document.
    Document,
    /// An item of a JSON array.
    Item,
    /// A Bundle entry.
    Entry,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Line => "line",
            Self::Document => "document",
            Self::Item => "array item",
            Self::Entry => "Bundle entry",
        })
    }
}

/// A JSON value that is no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
}

impl std::fmt::Display for JsonKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Array => "a JSON array",
            Self::String => "a JSON string",
            Self::Number => "a JSON number",
            Self::Boolean => "`true` or `false`",
            Self::Null => "`null`",
        })
    }
}

impl JsonKind {
    /// What a value is that begins with `byte`, if it is JSON and no object.
    pub(super) fn of(byte: u8) -> Option<Self> {
        match byte {
            b'[' => Some(Self::Array),
            b'"' => Some(Self::String),
            b'-' | b'0'..=b'9' => Some(Self::Number),
            b't' | b'f' => Some(Self::Boolean),
            b'n' => Some(Self::Null),
            _ => None,
        }
    }
}

impl std::fmt::Display for Compression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}
