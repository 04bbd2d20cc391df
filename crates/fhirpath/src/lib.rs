//! FHIRPath: parse, type, evaluate.

pub mod functions;
pub mod syntax;
