//! From paths to framed resources.
//!
//! [`discover()`] finds the files; [`read`] reads one of them, decompresses it, finds out by looking
//! what it holds, and hands over chunks of text in which the resources are marked. Nothing is
//! parsed here beyond what framing needs, and a resource is never copied.
//!
//! ```text
//! bytes ─► Counted ─► Decoder ─► Window ─► sniff ─┬► ndjson   lines ───────────┐
//!          BLAKE3     gzip, zstd  unread text     ├► document whole, Bundle ───┼─► Chunk
//!                     ratio cap                   └► stream   giant Bundle, [] ┘
//! ```
//!
//! Bad content is no error: it becomes a [`FrameKind::Bad`] frame with its bytes, its place and its
//! [`Defect`], and reading goes on. Memory does not grow with the source, save for the fullUrls of
//! a giant Bundle.

mod bundle;
mod codes;
mod counted;
mod cursor;
mod decode;
mod defect;
mod discover;
mod document;
mod entry;
mod error;
mod foreign;
mod frame;
mod input;
mod names;
mod ndjson;
mod pull;
mod reading;
mod run;
mod scan;
mod sniff;
mod stream;
mod summary;
#[cfg(test)]
mod tests;
mod window;

pub use defect::{Defect, JsonKind, Unit};
pub use discover::discover;
pub use error::SourceError;
pub use foreign::Foreign;
pub use frame::{BundleInfo, BundleKind, Chunk, DeleteInfo, EntryInfo, Frame, FrameKind, Method};
pub use input::{Input, InputKind, LiveSource};
pub use names::FullUrls;
pub use reading::read;
pub use scan::{Fault, Found};
pub use summary::{Compression, Note, SourceKind, SourceSummary};

/// How many bytes of something too long are kept for the quarantine (less, if
/// `Limits::quarantine_bytes_max` is less).
pub const QUARANTINE_BYTES_MAX: usize = 64 << 10;
