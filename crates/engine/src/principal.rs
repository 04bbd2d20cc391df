//! Who asks.

/// Who asks. Every session has one; what it may see is decided from it, in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Principal {
    /// The person who owns the machine and the lake's files: may see everything. The only
    /// principal until there is a server.
    LocalOwner,
}
