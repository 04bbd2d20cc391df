//! FHIR R4 as tables, JSON views, references and partial dates.
//!
//! ```text
//!            r4/*.txt (cargo xtask codegen)
//!                 │
//!   schema ───────┘   which elements a type has, search parameters, compartments, clustering
//! ```

pub mod schema;
