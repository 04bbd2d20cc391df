//! Code systems and value sets: loaded from FHIR resources, expanded to bitmaps of interned codes.
//!
//! ```text
//!   CodeSystem, ValueSet, manifest Library ─► Terminology::add ─► codes interned to integers
//!                                                   │
//!                     canonical (`url|version`) ─► expand ─► CodeSet (a bitmap) ─► contains(code): one bit
//! ```
//!
//! ```
//! use salus_fhir::json::Resource;
//! use salus_terminology::{Canonical, Terminology};
//!
//! let text = r#"{"resourceType": "ValueSet", "url": "http://a.example/vs", "status": "active", "compose": {
//!     "include": [{"system": "http://loinc.org", "concept": [{"code": "4548-4"}, {"code": "17856-6"}]}]}}"#;
//! let mut terminology = Terminology::default();
//! terminology.add(&Resource::parse(text)?)?;
//!
//! let hba1c = terminology.expand(&Canonical::parse("http://a.example/vs"))?;
//! assert!(terminology.is_member(&hba1c, "http://loinc.org", "4548-4"));
//! assert!(!terminology.is_member(&hba1c, "http://loinc.org", "2160-0"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants:
//! - A value set that is missing, or that cannot be expanded wholly, is an error with its name; never an empty or a
//!   partial set. A measure over a partial set would be wrong and look right.
//! - Expanding changes nothing that can be seen: a [`Terminology`] may be shared between threads.
//! - No clock, no network: what is not loaded is not known.
//!
//! Not here: concept maps, post-coordinated SNOMED CT expressions, translations of displays.

mod aliases;
mod canonical;
mod code_set;
mod code_system;
mod codes;
mod error;
mod expand;
mod filter;
mod manifest;
mod terminology;
mod value_set;

pub use canonical::Canonical;
pub use code_set::CodeSet;
pub use code_system::{CodeSystem, Content, Property, PropertyValue};
pub use codes::{CodeId, SystemId};
pub use error::TerminologyError;
pub use filter::{Filter, Operator};
pub use terminology::{Added, Terminology};
pub use value_set::{Include, ValueSet};
