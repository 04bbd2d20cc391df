//! FHIRPath: parse, type, evaluate.
