//! ELM, the Expression Logical Model (r1): what CQL is translated to, and what tools exchange.
//!
//! ```text
//!   ELM JSON ──► read ─┐                        ┌─► write ──► ELM JSON
//!                      ├─► Library of Nodes ────┤
//!   ELM XML ───► xml ──┘      (resolver)        └─► (evaluator)
//! ```
//!
//! **Why one [`Node`] and not 200 structs.** The schema has 200 classes in a hierarchy of 12 abstract ones. As structs
//! they would be 4,000 lines that say what the schema says, and what a newer translator adds to a class would be lost
//! when the library is written again. A node is a [`Kind`] and its fields, in the order in which they were read: every
//! field is kept, known or not, so what is read and written is equal. `Kind` is an enum, so who compiles ELM matches on
//! it exhaustively and the compiler names the operators that are missing; one table says for each kind how it holds its
//! operands ([`Shape`]), so that all unary, binary and n-ary operators are read by the same three lines. What a struct
//! would have given, that a field is there and of its type, the accessors give: [`Node::operands`], [`Node::node`],
//! [`Node::text`], and the compiler of ELM turns what is missing into a diagnostic with the `localId`, where a struct
//! could only say at which byte JSON failed.
//!
//! ```
//! use salus_cql::elm::{Kind, Library};
//!
//! let text = r#"{"library":{"identifier":{"id":"Demo"},"statements":{"def":[
//!     {"name":"Sum","expression":{"type":"Add","localId":"3","operand":[
//!         {"type":"Literal","valueType":"{urn:hl7-org:elm-types:r1}Integer","value":"1"},
//!         {"type":"ParameterRef","name":"X"}]}}]}}}"#;
//! let library = Library::from_json(text)?;
//! let sum = library.statement("Sum").and_then(|def| def.node("expression")).ok_or("no sum")?;
//! assert_eq!(sum.kind(), Kind::Add);
//! assert_eq!(sum.operands().map(|node| node.kind()).collect::<Vec<_>>(), [Kind::Literal, Kind::ParameterRef]);
//! assert_eq!(library.to_json(), text.replace("\n", "").replace("    ", ""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod kind;
mod library;
mod node;
mod read;
mod write;
mod xml;

pub use error::ElmError;
pub use kind::{Kind, Shape};
pub use library::{Library, VersionedIdentifier};
pub use node::{Field, Node, QualifiedType};

/// How long a document may be, in bytes. The longest published libraries have 20 MiB with annotations.
pub const BYTES_MAX: usize = 1 << 26;
/// How deep objects and lists may nest. Each operator takes two levels.
pub const DEPTH_MAX: usize = 1_000;

#[cfg(test)]
mod tests;
