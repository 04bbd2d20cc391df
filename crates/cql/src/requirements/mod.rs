//! What records a program needs: types, codes and elements, found in its ELM before anything is read.
//!
//! ```
//! use std::sync::Arc;
//! use salus_cql::elm::Library;
//! use salus_cql::requirements::{Codes, Linked, Requirements};
//!
//! let library = Library::from_json(r#"{"library": {"identifier": {"id": "Demo"},
//!     "valueSets": {"def": [{"name": "HbA1c", "id": "http://a.example/vs"}]},
//!     "statements": {"def": [{"name": "Tested", "context": "Patient", "expression": {"type": "Exists", "operand": {
//!         "type": "Retrieve", "dataType": "{http://hl7.org/fhir}Observation", "codeProperty": "code",
//!         "codes": {"type": "ValueSetRef", "name": "HbA1c"}}}}]}}}"#)?;
//! let linked = Linked::new(Arc::new(library), &|_| None);
//! let needed = Requirements::of(&linked, None);
//! let observations = &needed.records()[0];
//! assert_eq!(&*observations.data_type, "Observation");
//! assert!(matches!(&observations.codes, Codes::ValueSet { id, .. } if &**id == "http://a.example/vs"));
//! assert!(needed.elements().contains("code") && !needed.elements().contains("note"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It is never too little: whatever the program reads of a record is in a type that is named here, in an element whose
//! name is named here, with all that is in that element, or the record has none of the codes. It may be too much: an
//! element counts for all types that have one of this name.

mod linked;
mod walk;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use linked::Linked;

use walk::Walk;

/// What the definitions of a program read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    records: Vec<RecordsNeeded>,
    value_sets: BTreeSet<ValueSetNeeded>,
    elements: Elements,
}

/// What one retrieve reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsNeeded {
    /// The type of the records in their model: `Observation`.
    pub data_type: Arc<str>,
    /// The profile that was asked for.
    pub template: Option<Arc<str>>,
    /// The element that the codes are compared with: `code`.
    pub code_property: Option<Arc<str>>,
    /// Which codes it may have.
    pub codes: Codes,
    /// The element that the dates are compared with.
    pub date_property: Option<Arc<str>>,
    /// Whether it asks for records of another context than that in which it stands.
    pub related_context: bool,
}

/// Which codes records must have to be retrieved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Any, or codes that are only known when the program runs.
    Any,
    /// Those of a value set.
    ValueSet {
        /// Its URL.
        id: Arc<str>,
        /// Its version, if the library says one.
        version: Option<Arc<str>>,
    },
    /// These.
    These(Vec<CodeNeeded>),
}

/// A code that a library names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeNeeded {
    /// The URL of its code system.
    pub system: Arc<str>,
    /// The code.
    pub code: Arc<str>,
}

/// A value set that a program refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueSetNeeded {
    /// What the library calls it.
    pub name: Arc<str>,
    /// Its URL.
    pub id: Arc<str>,
    /// Its version, if the library says one.
    pub version: Option<Arc<str>>,
}

/// The names of the elements that a program looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elements {
    names: BTreeSet<Arc<str>>,
    all: bool,
}

impl Elements {
    /// Whether the program may look at an element of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.all || self.names.contains(name)
    }

    /// The names, in order; `None` when it may look at any.
    #[must_use]
    pub fn names(&self) -> Option<impl Iterator<Item = &str>> {
        (!self.all).then(|| self.names.iter().map(|name| &**name))
    }
}

impl Requirements {
    /// What the definitions of these names read, and all that they refer to; all definitions if none are named.
    /// Names that the main library does not define need nothing.
    #[must_use]
    pub fn of(linked: &Linked, definitions: Option<&[&str]>) -> Requirements {
        let mut walk = Walk::new(linked);
        walk.definitions(definitions);
        walk.finish()
    }

    /// What each retrieve reads, without repetition.
    #[must_use]
    pub fn records(&self) -> &[RecordsNeeded] {
        &self.records
    }

    /// The value sets, in retrieves and elsewhere.
    pub fn value_sets(&self) -> impl Iterator<Item = &ValueSetNeeded> {
        self.value_sets.iter()
    }

    /// The elements.
    #[must_use]
    pub fn elements(&self) -> &Elements {
        &self.elements
    }

    /// The types of the records, in order.
    pub fn data_types(&self) -> BTreeSet<&str> {
        self.records
            .iter()
            .map(|records| &*records.data_type)
            .collect()
    }
}

#[cfg(test)]
mod tests;
