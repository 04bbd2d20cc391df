//! What a source gives to the ingest: chunks of text with the resources in them marked.

use std::sync::Arc;

use super::defect::Defect;
use super::names::FullUrls;

/// Decompressed text, a few MiB, that holds whole resources only.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Decompressed bytes. What lies outside the frames (line ends, what a Bundle has beside its
    /// resources) is of no use to anyone.
    pub text: Vec<u8>,
    /// The marked places, in the order in which they are to be applied. That is the order in the
    /// source, save that the entries of a `history` Bundle come oldest first.
    pub frames: Vec<Frame>,
}

impl Chunk {
    /// The bytes that `frame` marks; empty if the frame is not of this chunk.
    pub fn bytes(&self, frame: &Frame) -> &[u8] {
        self.text
            .get(frame.start as usize..frame.end as usize)
            .unwrap_or_default()
    }
}

/// One marked place in a [`Chunk`].
#[derive(Debug)]
pub struct Frame {
    /// First byte in [`Chunk::text`].
    pub start: u32,
    /// One past the last byte in [`Chunk::text`].
    pub end: u32,
    /// Where the first byte lies in the decompressed source, in bytes from its beginning.
    pub offset: u64,
    /// What the bytes are.
    pub kind: FrameKind,
}

/// What a frame holds.
///
/// [`Line`](Self::Line), [`Whole`](Self::Whole), [`Element`](Self::Element) and
/// [`Entry`](Self::Entry) hold valid UTF-8 that begins with `{` and ends with `}`. Whether it is
/// JSON, and FHIR, is for the ingest to see; only an entry's resource is known to be an object
/// with a `resourceType`.
#[derive(Debug)]
pub enum FrameKind {
    /// A resource that is one line of NDJSON.
    Line,
    /// A resource that is a JSON document of its own.
    Whole,
    /// A resource that is an item of a JSON array.
    Element,
    /// A resource that is `Bundle.entry.resource`.
    Entry(Box<EntryInfo>),
    /// Not a resource but the word that one is deleted; the bytes are those of the entry.
    Delete(Box<DeleteInfo>),
    /// Bytes that go to the quarantine; if they are many, their first
    /// [`QUARANTINE_BYTES_MAX`](super::QUARANTINE_BYTES_MAX).
    Bad(Box<Defect>),
}

/// What a Bundle entry says about its resource.
#[derive(Debug)]
pub struct EntryInfo {
    /// The Bundle, whose [`names`](BundleInfo::names) resolve references.
    pub bundle: Arc<BundleInfo>,
    /// Which entry of the Bundle, from 0.
    pub index: u64,
    /// `Bundle.entry.fullUrl`.
    pub full_url: Option<String>,
    /// `Bundle.entry.request.method`; never `Delete`, `Get` or `Head`.
    pub method: Option<Method>,
    /// `Bundle.entry.request.url`.
    pub url: Option<String>,
    /// `Bundle.entry.response.lastModified`, as written.
    pub last_modified: Option<String>,
    /// The version in `Bundle.entry.response.etag` (`W/"3"` gives `3`).
    pub version: Option<String>,
}

impl EntryInfo {
    /// The id that the resource gets if it has none: what the Bundle calls it. References by the
    /// entry's fullUrl resolve to this same id.
    pub fn id_if_missing(&self) -> Option<String> {
        super::names::id_from_urls(self.method, self.url.as_deref(), self.full_url.as_deref())
    }
}

/// A deletion that a Bundle entry asks for (`request.method` is `DELETE`).
#[derive(Debug)]
pub struct DeleteInfo {
    /// The Bundle.
    pub bundle: Arc<BundleInfo>,
    /// Which entry of the Bundle, from 0.
    pub index: u64,
    /// Type of the deleted resource.
    pub resource_type: String,
    /// Its id.
    pub id: String,
    /// `Bundle.entry.response.lastModified`, as written: when it was deleted, if the source says.
    pub last_modified: Option<String>,
    /// The version in `Bundle.entry.response.etag` (`W/"3"` gives `3`), if the source says.
    pub version: Option<String>,
}

/// A Bundle that was opened.
#[derive(Debug)]
pub struct BundleInfo {
    /// Which Bundle of the source, from 0, nested ones counted.
    pub number: u32,
    /// Where it begins in the decompressed source.
    pub offset: u64,
    /// `Bundle.type`.
    pub kind: BundleKind,
    /// What the fullUrls of **all** its entries stand for, also of those in later chunks.
    pub names: FullUrls,
}

/// `Bundle.type` (R4 value set bundle-type).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BundleKind {
    /// `document`
    Document,
    /// `message`
    Message,
    /// `transaction`
    Transaction,
    /// `transaction-response`
    TransactionResponse,
    /// `batch`
    Batch,
    /// `batch-response`
    BatchResponse,
    /// `history`
    History,
    /// `searchset`
    Searchset,
    /// `collection`
    Collection,
    /// None, or one that R4 does not know; read as a collection.
    #[default]
    Unknown,
}

impl BundleKind {
    /// The kind that `code` names.
    pub fn parse(code: &str) -> Self {
        match code {
            "document" => Self::Document,
            "message" => Self::Message,
            "transaction" => Self::Transaction,
            "transaction-response" => Self::TransactionResponse,
            "batch" => Self::Batch,
            "batch-response" => Self::BatchResponse,
            "history" => Self::History,
            "searchset" => Self::Searchset,
            "collection" => Self::Collection,
            _ => Self::Unknown,
        }
    }
}

/// `Bundle.entry.request.method` (R4 value set http-verb).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method that `code` names, in any case.
    pub fn parse(code: &str) -> Option<Self> {
        const ALL: [(&str, Method); 6] = [
            ("GET", Method::Get),
            ("HEAD", Method::Head),
            ("POST", Method::Post),
            ("PUT", Method::Put),
            ("PATCH", Method::Patch),
            ("DELETE", Method::Delete),
        ];
        ALL.iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(code))
            .map(|(_, method)| *method)
    }
}
