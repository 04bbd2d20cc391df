//! HL7's FHIRPath test suite, as users can run it on their own machine: `salus conformance fhirpath DIR`.
//!
//! ```text
//!   DIR/tests-*.xml ─► suite (groups, tests) ─┐
//!   DIR/input/*.json, *.xml ─► input ─────────┴─► run ─► one result a test
//! ```
//!
//! Strict: an expression marked `invalid` must be refused at that stage or an earlier one, outputs must have the
//! types and the order that the suite says, and `mode="strict"` means that the static check must agree.

mod expect;
mod input;
mod run;
mod suite;
mod xml;

pub use run::{Outcome, TestResult, run};
pub use suite::{Output, Stage, Suite, SuiteError, Test};
