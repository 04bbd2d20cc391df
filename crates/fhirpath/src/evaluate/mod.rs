//! Evaluation: programs over records.
//!
//! ```text
//!   Program (steps) ─┐
//!   focus ───────────┼─► machine ──► operators, functions ──► collection
//!   Environment ─────┘      │
//!                           └─► Observer: every step's result, for `--explain`; `trace()`
//! ```

mod environment;
mod error;
mod limits;
mod machine;
mod member;
mod resolve;
mod single;
mod system;

use salus_values::Value;
use smallvec::SmallVec;

pub use environment::{Environment, Host, HostCode, HostError, Observed, Observer};
pub use error::EvaluationError;
pub use limits::Limits;
pub use system::{system_value, type_name, value_text};

pub(crate) use machine::{Machine, Outcome, Scope};
pub(crate) use member::{all_children, children};
pub(crate) use single::{
    Part, boolean, decimal, integer, one, quantity, string, value, wrong_type,
};
pub(crate) use system::{is_unknown, text};

/// What every step gives: items in order. Empty, one and two items need no allocation.
pub type Collection<V> = SmallVec<[Value<V>; 2]>;
