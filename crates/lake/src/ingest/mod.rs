//! Records in: from framed bytes to one commit over all tables.
//!
//! Invariants: a batch is wholly visible or not at all; a resource that was acknowledged is durable; loading the
//! same again changes nothing; a bad piece is never lost and never stops the rest.

pub(crate) mod batch;
pub mod codes;
pub(crate) mod commit;
mod flush;
mod gather;
mod history;
mod keys;
mod layout;
mod load;
pub(crate) mod parquet_file;
mod quarantine;
mod resolve;
mod retry;
mod seen;
mod take;

pub use batch::FHIR_SCHEMA;
pub use commit::SALUS_SCHEMA;
pub use keys::{BUCKETS, Version, bucket};
pub use layout::{Layout, UnknownLayout};
pub use load::{LoadRequest, LoadSummary, Progress, Silent, load};
pub use resolve::TypeCounts;
pub use retry::{Retried, RetryRequest, retry};
