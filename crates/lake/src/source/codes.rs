//! The codes of what can happen to a source, each explained by `salus explain`.

use salus_base::Code;

/// A path or pattern that leads nowhere.
pub(super) const MISSING: Code = Code::new("SAL-SRC-0001");
/// A source that cannot be opened or read.
pub(super) const UNREADABLE: Code = Code::new("SAL-SRC-0002");
/// Something in a folder that is passed over: a pipe, a loop of links, the lake itself.
pub(super) const PASSED_OVER: Code = Code::new("SAL-SRC-0003");
/// No room to keep a large Bundle from a pipe.
pub(super) const SPOOL: Code = Code::new("SAL-SRC-0004");
/// A source that changed while it was read.
pub(super) const CHANGED: Code = Code::new("SAL-SRC-0005");
/// Stopped by the user.
pub(super) const CANCELLED: Code = Code::new("SAL-SRC-0006");
/// The records could not be taken in.
pub(super) const SINK: Code = Code::new("SAL-SRC-0007");
/// A file that holds something else than FHIR JSON.
pub(super) const FOREIGN: Code = Code::new("SAL-SRC-0010");
/// Compressed data that is damaged or ends too early.
pub(super) const DAMAGED: Code = Code::new("SAL-SRC-0011");
/// Compressed data that grows beyond all measure, or a source larger than allowed.
pub(super) const BOMB: Code = Code::new("SAL-SRC-0012");
/// A line, document or entry that is too long.
pub(super) const TOO_LONG: Code = Code::new("SAL-SRC-0013");
/// Bytes that are not UTF-8 text.
pub(super) const ENCODING: Code = Code::new("SAL-SRC-0014");
/// A line that is JSON but no object, or no JSON.
pub(super) const NOT_A_RESOURCE: Code = Code::new("SAL-SRC-0015");
/// JSON that breaks off or is not well-formed.
pub(super) const BROKEN_JSON: Code = Code::new("SAL-SRC-0016");
/// JSON nested too deep.
pub(super) const TOO_DEEP: Code = Code::new("SAL-SRC-0017");
/// A Bundle entry from which no resource can be taken.
pub(super) const BUNDLE_ENTRY: Code = Code::new("SAL-SRC-0018");
