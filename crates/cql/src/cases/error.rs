//! Why test cases cannot be read.

use salus_base::{Code, Diagnostic, Place};

/// Why test cases cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{defect}")]
pub struct CasesError {
    /// Why.
    #[source]
    pub defect: Defect,
    /// The line, from 1.
    pub line: usize,
}

/// What is wrong with a line of test cases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// A file without cases.
    #[error("there is no case: a heading `## …`")]
    NoCase,
    /// A block that begins and does not end.
    #[error("the block is not closed")]
    OpenBlock,
    /// A block of JSON that is none.
    #[error("the records are not JSON")]
    NotJson {
        /// What is wrong with it.
        reason: String,
    },
    /// A row with too few or too many cells.
    #[error("a row of this table has {wanted} cells")]
    Cells {
        /// How many it should have.
        wanted: usize,
    },
    /// A line that is no record.
    #[error("a record is written `Type/id: element = value; …`")]
    NoRecord,
    /// A type that there is not.
    #[error("FHIR R4 has no resource `{name}`")]
    UnknownType {
        /// Its name.
        name: String,
        /// The nearest that there is.
        nearest: Option<&'static str>,
    },
    /// An element that there is not.
    #[error("`{ty}` has no element `{name}`")]
    UnknownElement {
        /// The type.
        ty: &'static str,
        /// The element.
        name: String,
        /// The nearest that there is.
        nearest: Option<&'static str>,
    },
    /// An element without a value.
    #[error("`{name}` has no value")]
    NoValue {
        /// The element.
        name: String,
    },
    /// A value that cannot be written so.
    #[error("`{value}` is no {ty}")]
    BadValue {
        /// The value.
        value: String,
        /// The type that it should have.
        ty: &'static str,
        /// How such values are written.
        written: &'static str,
    },
}

impl CasesError {
    /// The error in words, in the file of this name.
    #[must_use]
    pub fn diagnostic(&self, file: &str) -> Diagnostic {
        let place = Place::in_file(format!("{file}, line {}", self.line));
        let found = Diagnostic::error(Code::new("SAL-CQL-0140"), self.to_string()).at(place);
        match &self.defect {
            Defect::NoCase => {
                found.help("see `salus explain SAL-CQL-0140` for how cases are written")
            }
            Defect::OpenBlock => found.help("close it with a line of three back ticks"),
            Defect::NotJson { reason } => found.because(reason),
            Defect::Cells { .. } => found.help("a bar that is no border is written `\\|`"),
            Defect::NoRecord => {
                found.help("`Patient/ann: birthDate = 1960-05-01; gender = female`")
            }
            Defect::UnknownType { nearest, .. } | Defect::UnknownElement { nearest, .. } => {
                match nearest {
                    Some(nearest) => found.help(format!("did you mean `{nearest}`?")),
                    None => found,
                }
            }
            Defect::NoValue { name } => found.help(format!("`{name} = …`")),
            Defect::BadValue { written, .. } => found.help(format!("it is written `{written}`")),
        }
    }
}
