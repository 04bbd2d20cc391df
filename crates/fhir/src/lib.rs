//! FHIR R4 (4.0.1): what its types are, and how to read a record of them.
//!
//! Tables, JSON views, references, partial dates.
//!
//! ```text
//!   HL7's definitions ─► cargo xtask codegen ─► src/r4/*.txt ─► schema      which elements a type has, search
//!                                                                 │         parameters, compartments, clustering
//!   one resource as text ─────────────────────► json ◄────────────┘         the record, nothing copied or lost
//!                                                │
//!                      view · date · reference · bundle                    its typed elements; what its strings mean
//! ```
//!
//! ```
//! use salus_fhir::{bundle::BundleIndex, date, json::Resource, schema};
//!
//! let text = r#"{"resourceType": "Condition", "id": "c", "subject": {"reference": "urn:uuid:0a"},
//!                "code": {"coding": [{"code": "44054006"}]}, "onsetDateTime": "2019-04"}"#;
//! let condition = Resource::parse(text)?;
//! let root = condition.root();
//!
//! // Where R4 says that a Condition's patient is, and whom the Bundle knows under that reference.
//! let path = schema::clustering("Condition").patient.first().copied().unwrap();
//! let subject = root.get(path).and_then(|node| node.as_reference()).unwrap();
//! let bundle = BundleIndex::new([("urn:uuid:0a", "Patient", "p1")]);
//! assert_eq!(bundle.resolve(subject.literal.as_deref().unwrap(), None).as_deref(), Some("Patient/p1"));
//!
//! // A choice element by its name; a date as precise as it is known.
//! let onset = root.choice("onset").unwrap();
//! assert_eq!(onset.type_name, "dateTime");
//! let onset = date::parse(&onset.node.string().unwrap()).unwrap();
//! assert_eq!((onset.precision(), onset.day()), (date::Precision::Month, None));
//! # Ok::<(), salus_fhir::json::JsonError>(())
//! ```
//!
//! Invariants: no I/O, no clock, no allocation in the look-ups and parsers of the load's hot path; bad input is an
//! error with its byte or a `None`, never a panic. Every table is data made from HL7's definitions, checked fresh
//! (`cargo xtask codegen --check`) and against HL7's model info (`tests/modelinfo.rs`).
//!
//! Not here: validation against profiles, terminology, FHIRPath, columns (`salus-lake`), other versions of FHIR.

pub mod bundle;
pub mod date;
pub mod json;
pub mod reference;
pub mod schema;
pub mod view;
