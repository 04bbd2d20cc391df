//! Diagnostics, limits and names that every crate of Salus shares.
//!
//! ```
//! use salus_base::{Code, Diagnostic, Place};
//!
//! const NOT_JSON: Code = Code::new("SAL-ROW-0001");
//! let found = Diagnostic::error(NOT_JSON, "the line is not JSON")
//!     .at(Place::in_file("patients.ndjson").byte(120))
//!     .help("open the file at this byte and look");
//! assert_eq!(found.to_string(), "SAL-ROW-0001: the line is not JSON (patients.ndjson, byte 120)");
//! ```
//!
//! Invariant: this crate does no input or output, knows no clock, and depends on no other crate of Salus.

mod cancel;
mod code;
mod diagnostic;
mod explanation;
mod limits;
pub mod suggest;

pub use cancel::Cancel;
pub use code::Code;
pub use diagnostic::{Diagnostic, Place, Severity};
pub use explanation::{Explanation, explanation, registry};
pub use limits::Limits;
