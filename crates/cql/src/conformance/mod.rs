//! The official test suite of CQL, as users can run it on their own machine: `salus conformance cql DIR`.
//!
//! ```text
//!   DIR/*.xml ─► suite (groups, tests) ─► run ─► one result a test ─► report (the format of the public results)
//!                                          │ ▲
//!                        expression ──► Engine: translate, evaluate
//!                        output ──► selector ──► compare
//! ```
//!
//! Strict: an output must have the type that the suite writes, lists their order, and decimals their value; an
//! expression that the suite calls invalid must be refused, at the stage that it says or before. What the suite expects
//! is read by the grammar of CQL and made a value without the engine that is tested. A test may be left out only with
//! the sentence of the specification that it contradicts ([`Exclusions`]), and no longer than it fails.

mod compare;
mod engine;
mod exclusions;
mod report;
mod run;
mod selector;
mod suite;

pub use engine::Salus;
pub use exclusions::{Exclusion, ExclusionError, Exclusions};
pub use report::{EngineInfo, Report};
pub use run::{Engine, Options, Outcome, Refusal, Stage, TestResult, run};
pub use selector::selected;
pub use suite::{Capability, Invalid, Suite, SuiteError, Test, Version};

#[cfg(test)]
mod tests;
