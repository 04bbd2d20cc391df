//! What types and elements data has: model infos.
//!
//! A model info is a file that says what a model (FHIR, QI-Core, …) consists of: classes with their elements, which of
//! them can be retrieved and by which code, how its types convert to those of CQL, and in which contexts data belongs
//! to whom. [`Model`] holds one as compact tables; [`Models`] holds those that a library uses, so that types can be
//! looked up across them. `System`, the types of CQL itself, is always among them.
//!
//! ```
//! use salus_cql::model::{Model, Models};
//!
//! let mut models = Models::new()?;
//! models.add(Model::embedded("FHIR", Some("4.0.1"))?)?;
//!
//! let encounter = models.class("FHIR", "Encounter")?;
//! assert!(encounter.is_retrievable());
//! assert_eq!(encounter.primary_code_path(), Some("type"));
//! assert_eq!(models.element(encounter, "period")?.ty().to_string(), "FHIR.Period");
//!
//! let error = models.element(encounter, "perriod").unwrap_err();
//! assert_eq!(error.to_string(), "`FHIR.Encounter` has no element `perriod`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod embedded;
mod error;
mod read;
mod set;
mod spec;
mod table;

pub use embedded::EMBEDDED;
pub use error::ModelError;
pub use set::Models;
pub(crate) use spec::split_commas;
pub use spec::{Spec, TypeName};
pub use table::{Class, Context, Conversion, Element, Model, Relationship};

#[cfg(test)]
mod tests;
