//! The System types under FHIRPath and CQL.
