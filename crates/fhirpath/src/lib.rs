//! FHIRPath: parse, type, evaluate.

pub mod conformance;
mod evaluate;
pub mod functions;
mod narrative;
mod operators;
mod program;
pub mod syntax;
pub mod types;

pub use evaluate::{
    Collection, Environment, EvaluationError, Host, HostCode, HostError, Limits, Observed, Observer,
    system_value, type_name, value_text,
};
pub use program::{CompileError, Program, SystemType, TypeSpecifier};
