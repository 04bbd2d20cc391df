//! Why a text is not JSON that Salus reads.

use salus_base::{Code, Diagnostic};

/// Why a text is not JSON that Salus reads. Every variant says at which byte.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text ends within a value.
    #[error("the JSON ends too early, at byte {offset}")]
    UnexpectedEnd {
        /// Byte offset: the text's length.
        offset: u64,
    },
    /// Another byte was expected.
    #[error("expected {expected} at byte {offset}, found `{}`", found.escape_ascii())]
    UnexpectedByte {
        /// Byte offset of what was found.
        offset: u64,
        /// What was found.
        found: u8,
        /// What could have stood there.
        expected: &'static str,
    },
    /// A number that JSON does not allow, such as `01`, `1.` or `+1`.
    #[error("not a JSON number at byte {offset}")]
    BadNumber {
        /// Byte offset of the number.
        offset: u64,
    },
    /// A backslash that starts no JSON escape, or half of a surrogate pair.
    #[error("not a JSON escape at byte {offset}")]
    BadEscape {
        /// Byte offset of the backslash.
        offset: u64,
    },
    /// A control character that must be escaped in a string.
    #[error("unescaped control character in a string at byte {offset}")]
    ControlCharacter {
        /// Byte offset of the character.
        offset: u64,
    },
    /// A key stands twice in one object: two readers could see two different records.
    #[error("the key `{key}` stands twice in one object, again at byte {offset}")]
    DuplicateKey {
        /// Byte offset of the second key.
        offset: u64,
        /// The key, unescaped.
        key: String,
    },
    /// Arrays and objects are nested too deeply.
    #[error("nested deeper than {depth_max} levels at byte {offset}")]
    TooDeep {
        /// Byte offset of the bracket that is one too many.
        offset: u64,
        /// The limit.
        depth_max: usize,
    },
    /// Something other than white space follows the value.
    #[error("text after the end of the JSON, at byte {offset}")]
    Trailing {
        /// Byte offset of the first such byte.
        offset: u64,
    },
    /// The bytes are not UTF-8.
    #[error("not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Byte offset of the first wrong byte.
        offset: u64,
    },
    /// The text is longer than 4 GiB: offsets would not fit.
    #[error("the text has {size_bytes} bytes, more than the {size_bytes_max} that can be indexed")]
    TooLong {
        /// Size of the text in bytes.
        size_bytes: u64,
        /// The limit.
        size_bytes_max: u64,
    },
    /// The JSON is not an object with a string `resourceType`.
    #[error("not a FHIR resource: no `resourceType`")]
    NotAResource {
        /// Byte offset of the value.
        offset: u64,
    },
}

const NOT_JSON: Code = Code::new("SAL-ROW-0001");
const NO_TYPE: Code = Code::new("SAL-ROW-0002");
const DUPLICATE_KEY: Code = Code::new("SAL-ROW-0005");
const DEPTH: Code = Code::new("SAL-ROW-0006");

impl JsonError {
    /// The byte at which reading stopped.
    pub fn offset(&self) -> u64 {
        match *self {
            JsonError::UnexpectedEnd { offset }
            | JsonError::UnexpectedByte { offset, .. }
            | JsonError::BadNumber { offset }
            | JsonError::BadEscape { offset }
            | JsonError::ControlCharacter { offset }
            | JsonError::DuplicateKey { offset, .. }
            | JsonError::TooDeep { offset, .. }
            | JsonError::Trailing { offset }
            | JsonError::NotUtf8 { offset }
            | JsonError::NotAResource { offset } => offset,
            JsonError::TooLong { size_bytes_max, .. } => size_bytes_max,
        }
    }

    /// The same as a finding; the caller, who knows the source, adds the place.
    pub fn diagnostic(&self) -> Diagnostic {
        let code = match self {
            JsonError::NotAResource { .. } => NO_TYPE,
            JsonError::DuplicateKey { .. } => DUPLICATE_KEY,
            JsonError::TooDeep { .. } => DEPTH,
            _ => NOT_JSON,
        };
        Diagnostic::error(code, self.to_string())
    }
}
