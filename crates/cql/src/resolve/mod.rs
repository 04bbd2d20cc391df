//! From the tree to ELM: types, conversions, overloads.
//!
//! Begun: what type a value can be used as ([`Conversions`]), and which of several signatures a call means
//! ([`Conversions::choose`]). Names, scopes and the translation of expressions are to be built on these two.
//!
//! ```
//! use salus_cql::model::{Models, Spec};
//! use salus_cql::resolve::{Conversions, Signature};
//!
//! let models = Models::new()?;
//! let conversions = Conversions::of(&models);
//! let spec = |text: &str| Spec::parse(text, "System", &["System"]);
//! let add = [
//!     Signature::parse("Integer, Integer -> Integer")?,
//!     Signature::parse("Decimal, Decimal -> Decimal")?,
//! ];
//! let chosen = conversions.choose(&add, &[spec("Integer")?, spec("Decimal")?])?;
//! assert_eq!(chosen.result.to_string(), "System.Decimal");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod conversion;
mod overload;
mod signature;

pub use conversion::{Conversions, Step, Usable};
pub use overload::{Chosen, OverloadError};
pub use signature::Signature;

#[cfg(test)]
mod tests;
