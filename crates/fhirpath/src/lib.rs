//! FHIRPath (N1 2.0.0, with the functions that the ballot of 3.0.0 adds) over FHIR R4: read, type, evaluate.
//!
//! ```text
//!   text ─► syntax ─► Expr ─┬─► types: what it can give, what is wrong with it
//!                           └─► Program ─► evaluate on an ElementView, in an Environment ─► Collection
//!                                 │              (JSON text, a row of Arrow columns)
//!                                 └─ functions: one registration table a section, which types and guide read too
//! ```
//!
//! ```
//! use salus_fhir::{json::Document, view::JsonElement};
//! use salus_fhirpath::{Environment, Program, value_text, system_value};
//! use salus_values::DateTime;
//!
//! let text = r#"{"resourceType": "Observation", "valueQuantity": {"value": 6.1, "system": "http://unitsofmeasure.org",
//!                "code": "g/dL"}}"#;
//! let document = Document::parse(text)?;
//! let observation = JsonElement::resource(&document).unwrap();
//! let environment = Environment::new(DateTime::parse("2026-01-01T00:00:00Z").unwrap());
//!
//! let program = Program::compile("Observation.value > 60 'g/L'")?;
//! let found = program.evaluate(observation, &environment)?;
//! assert_eq!(found.first().and_then(system_value).as_ref().and_then(value_text).as_deref(), Some("true"));
//!
//! // What is wrong with an expression has a place in it and a code.
//! let error = Program::compile("name.startWith('A')").unwrap_err();
//! assert_eq!(error.code().as_str(), "SAL-FHIRPATH-0116");
//! assert_eq!(error.diagnostic().help.as_deref(), Some("did you mean `startsWith()`?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: no I/O but in [`conformance`], no clock but the environment's; whatever the expression and the record,
//! an evaluation ends within its [`Limits`], with a value or a typed refusal, never a panic; the same program, record
//! and environment give the same result.
//!
//! Not here: terminology and references out of the record (a [`Host`] answers them), validation against profiles,
//! SQL-on-FHIR views (`salus-views`), other versions of FHIR.

pub mod conformance;
mod evaluate;
pub mod functions;
mod narrative;
mod operators;
mod program;
pub mod syntax;
pub mod types;

pub use evaluate::{
    Collection, Environment, EvaluationError, Host, HostCode, HostError, Limits, Observed,
    Observer, system_value, type_name, value_text,
};
pub use program::{CompileError, Program, SystemType, TypeSpecifier};
