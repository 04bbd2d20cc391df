//! What the lake clusters a resource type by: its main code, main date and patient.

use foldhash::HashMap;

use super::lines::{Line, lines, list, word};
use super::read::TableError;

/// Paths of JSON names, best first; where a path runs through a list, its first value counts.
///
/// Made from the search parameters and the Patient compartment, with the hand-kept
/// `r4/clustering-overrides.txt` (each with its reason).
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Clustering {
    /// Elements of type CodeableConcept, Coding or code that say what the record is about.
    pub code: Vec<&'static str>,
    /// Elements of type date, dateTime or instant that say when it happened or was recorded.
    pub dates: Vec<&'static str>,
    /// References to the Patient; `["id"]` for Patient itself.
    pub patient: Vec<&'static str>,
}

impl Clustering {
    pub(super) fn none() -> &'static Clustering {
        static NONE: Clustering = Clustering {
            code: Vec::new(),
            dates: Vec::new(),
            patient: Vec::new(),
        };
        &NONE
    }
}

/// The clustering of an R4 resource type; empty for a name that is no resource.
pub fn clustering(resource: &str) -> &'static Clustering {
    super::r4().clustering(resource)
}

pub(super) fn read(text: &'static str) -> Result<HashMap<&'static str, Clustering>, TableError> {
    const TABLE: &str = "clustering";
    let mut out = HashMap::default();
    for (number, line) in lines(text) {
        let malformed = || TableError::Malformed {
            table: TABLE,
            line: number,
        };
        let Line::Row(row) = line else {
            return Err(malformed());
        };
        let mut words = row.split(' ');
        let resource = word(&mut words, TABLE, number)?;
        let mut field = |name: &str| {
            let value = word(&mut words, TABLE, number)?.strip_prefix(name);
            value
                .and_then(|v| v.strip_prefix('='))
                .map(list)
                .ok_or_else(malformed)
        };
        let found = Clustering {
            code: field("code")?,
            dates: field("dates")?,
            patient: field("patient")?,
        };
        out.insert(resource, found);
    }
    Ok(out)
}
