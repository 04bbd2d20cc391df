//! From the tree to ELM: names, types, conversions, overloads.
//!
//! ```text
//!   tree ──► library ──► expression ──► one method for each kind of expression ──► Typed (ELM and its type)
//!                            ▲                       │
//!                            └───────────────────────┤
//!                  operators: table of signatures ◄──┤   overload: which one is meant
//!                  convert: to the type wanted    ◄──┘   conversion: whether and how a type becomes another
//! ```
//!
//! [`translate`] makes the ELM that the reference translator makes, and finds all mistakes of a library in one run.
//!
//! ```
//! use salus_cql::resolve::{NoSources, Options, translate};
//!
//! let translation = translate("library Test define X: 1 + 2.0", &NoSources, &Options::bare());
//! assert!(translation.problems.is_empty());
//! let x = translation.library.statement("X").and_then(|def| def.node("expression"));
//! assert_eq!(x.and_then(|node| node.text("resultTypeName")), Some("{urn:hl7-org:elm-types:r1}Decimal"));
//! ```
//!
//! Which overload a call means can be asked alone:
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

mod casting;
mod conditional;
mod conversion;
mod convert;
mod expression;
mod kinship;
mod library;
mod literal;
mod names;
mod operators;
mod options;
mod overload;
mod problem;
mod query;
mod selector;
mod signature;
mod sources;
mod translator;
mod type_mistake;
mod typed;
mod types;

pub use conversion::{Conversions, Leniency, Usable, Way};
pub use library::{Translation, translate};
pub use names::NameMistake;
pub use options::{Options, Signatures};
pub use overload::{Chosen, OverloadError};
pub use problem::{Mistake, Problem};
pub use signature::Signature;
pub use sources::{Found, LibraryName, NoSources, SourceError, Sources};
pub use type_mistake::TypeMistake;

#[cfg(test)]
mod tests;
