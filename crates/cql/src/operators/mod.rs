//! The operators of CQL on values: one module for each chapter of the CQL Reference (CQL 1.5.3 Appendix B).
//!
//! ```text
//!   elm::Kind ──► (compiler chooses) ──► operators::<chapter>::<operator>(values, options, scene) ──► Outcome
//!                                                                                    │
//!                               Scene: clock, terminology, messages ─────────────────┘
//! ```
//!
//! Each function is an operator of ELM with its natural arguments: values by reference, options of the node
//! ([`Precision`], a count of digits) by value, the [`Scene`] last. All are generic over the nodes of records
//! ([`Record`]). What the Reference answers with null is [`Value::Null`]; an [`EvaluationError`] is what it calls a
//! run-time error, or operands that no overload has, which only ELM made by hand can bring.
//!
//! Overloads are told by the values themselves: `In` of a list and of an interval is one function. Operands are not
//! converted here; implicit conversions are nodes of ELM.

pub mod aggregate;
pub mod arithmetic;
pub mod clinical;
pub mod comparison;
pub mod conversion;
pub mod date_time;
pub mod interval;
pub mod list;
pub mod logic;
pub mod message;
pub mod nullological;
pub mod relation;
pub mod set;
pub mod text;

mod error;
mod record;
mod scene;

pub use error::EvaluationError;
pub use record::{Record, Records};
pub use scene::{
    Messages, NoTerminology, Scene, Severity, Silent, Terminology, TerminologyError, Vocabulary,
};

pub use salus_values::{Precision, Value};

/// What an operator gives.
pub type Outcome<N> = Result<Value<N>, EvaluationError>;

/// Operands that no overload has.
fn wrong_operands<N: Record, T>(
    operator: &'static str,
    operands: &[&Value<N>],
) -> Result<T, EvaluationError> {
    let types: Vec<&str> = operands.iter().map(|value| value.type_name()).collect();
    Err(EvaluationError::WrongOperands {
        operator,
        found: types.join(", ").into(),
    })
}

#[cfg(test)]
mod tests;
