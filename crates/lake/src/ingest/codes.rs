//! The codes of what can be wrong with one resource, and with a load.

use salus_base::Code;

/// The text is not JSON.
pub const ROW_NOT_JSON: Code = Code::new("SAL-ROW-0001");
/// There is no `resourceType`.
pub const ROW_NO_TYPE: Code = Code::new("SAL-ROW-0002");
/// R4 has no resource of this type.
pub const ROW_UNKNOWN_TYPE: Code = Code::new("SAL-ROW-0003");
/// The id is there but is not text, or empty.
pub const ROW_BAD_ID: Code = Code::new("SAL-ROW-0004");
/// An object has the same key twice.
pub const ROW_DUPLICATE_KEY: Code = Code::new("SAL-ROW-0005");
/// Nested too deep.
pub const ROW_DEPTH: Code = Code::new("SAL-ROW-0006");
/// Half of a surrogate pair in a string.
pub const ROW_SURROGATE: Code = Code::new("SAL-ROW-0007");

/// The load was stopped.
pub const LOAD_STOPPED: Code = Code::new("SAL-LOAD-0001");
/// Another load is writing to the lake.
pub const LOAD_BUSY: Code = Code::new("SAL-LOAD-0002");
/// A worker ended without a word.
pub const LOAD_WORKER: Code = Code::new("SAL-LOAD-0003");
/// Columns could not be built.
pub const LOAD_COLUMNS: Code = Code::new("SAL-LOAD-0004");
/// A data file could not be written or read.
pub const LOAD_PARQUET: Code = Code::new("SAL-LOAD-0005");
/// There is no lake.
pub const LAKE_MISSING: Code = Code::new("SAL-LOAD-0006");
/// A row could not be written back as JSON.
pub const LAKE_WRITE_BACK: Code = Code::new("SAL-LOAD-0007");
/// What was asked for is not in the lake.
pub const LAKE_NOT_FOUND: Code = Code::new("SAL-LOAD-0008");
/// Writing out failed.
pub const LAKE_OUTPUT: Code = Code::new("SAL-LOAD-0009");
