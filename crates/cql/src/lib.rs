//! CQL, the Clinical Quality Language (1.5.3), from text to ELM.
//!
//! ```text
//!   text ──► syntax ──► tree ──► (resolver) ──► elm ──► program ──► evaluate ──► values
//!                                    ▲           ▲
//!                        model ──────┘           └──► ELM JSON, ELM XML
//! ```
//!
//! - [`syntax`] reads text to a tree with places and comments, names every mistake of a library in one run, and prints
//!   the tree back.
//! - [`model`] knows what types and elements the data has: System, FHIR, QI-Core, US Core, or any other model info.
//! - [`resolve`] knows how types convert and which overload a call means; names and the translation to ELM are to come.
//! - [`cases`] reads test cases that are kept beside a library.
//! - [`editor`] answers what an editor asks about a library.
//! - [`conformance`] runs the official test suite.
//! - [`operators`] are the operators of the CQL Reference on values.
//! - [`program`] links and compiles a library with those that it includes; [`evaluate`] evaluates it over records.
//! - [`terminology`] answers for value sets and code systems from FHIR resources.
//! - [`requirements`] says which records and elements a program reads.
//! - [`elm`] is the language that libraries are exchanged in, as Rust types, with JSON in and out and XML in.
//!
//! Invariants: reading never panics and never fails, it returns what it could read and what is wrong; whatever is read
//! is bounded in size and depth; but for the files of [`conformance`], this crate does no input or output.

pub mod cases;
pub mod conformance;
pub mod editor;
pub mod elm;
pub mod evaluate;
pub mod model;
pub mod operators;
pub mod program;
pub mod requirements;
pub mod resolve;
pub mod syntax;
pub mod terminology;
mod xml;

pub use xml::XmlError;
