//! FHIR R4 as tables, JSON views, references and partial dates.

pub mod bundle;
pub mod date;
pub mod json;
pub mod reference;
pub mod schema;
