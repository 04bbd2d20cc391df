//! FHIRPath: parse, type, evaluate.

pub mod functions;
