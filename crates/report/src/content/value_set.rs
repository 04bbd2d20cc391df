//! Value sets: TOML files to one table `value_sets(name, system, code, prefix)`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use serde::Deserialize;

use super::FILES;
use crate::ReportError;

#[derive(Deserialize)]
struct Systems {
    system: Vec<System>,
}

/// A code system: the URIs under which records name it.
#[derive(Deserialize)]
struct System {
    key: String,
    uris: Vec<String>,
    prefix: bool,
    #[serde(rename = "licence")]
    _licence: String,
}

#[derive(Deserialize)]
struct Sets {
    set: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "source")]
    _source: String,
    /// Codes by the key of their system.
    #[serde(flatten)]
    codes: BTreeMap<String, Vec<String>>,
}

/// The table of all value sets. Codes of a prefix system stand without their dot.
pub(crate) fn table() -> Result<RecordBatch, ReportError> {
    let systems: Systems = read("valuesets/systems.toml")?;
    let mut rows = Rows::default();
    for (path, _) in FILES.iter().filter(|(path, _)| is_value_set(path)) {
        let sets: Sets = read(path)?;
        for set in &sets.set {
            for (key, codes) in &set.codes {
                let system = systems.system.iter().find(|system| system.key == *key);
                let system = system.ok_or_else(|| ReportError::UnknownSystem {
                    path: (*path).to_owned(),
                    key: key.clone(),
                })?;
                rows.add(&set.name, system, codes);
            }
        }
    }
    rows.finish()
}

fn is_value_set(path: &str) -> bool {
    path.starts_with("valuesets/") && path != "valuesets/systems.toml"
}

fn read<T: for<'a> Deserialize<'a>>(path: &str) -> Result<T, ReportError> {
    let text = FILES
        .iter()
        .find(|(name, _)| *name == path)
        .map_or("", |(_, text)| *text);
    toml::from_str(text).map_err(|cause| ReportError::Content {
        path: path.to_owned(),
        source: Box::new(cause),
    })
}

#[derive(Default)]
struct Rows {
    names: Vec<String>,
    systems: Vec<String>,
    codes: Vec<String>,
    prefixes: Vec<bool>,
}

impl Rows {
    fn add(&mut self, name: &str, system: &System, codes: &[String]) {
        for code in codes {
            for uri in &system.uris {
                self.names.push(name.to_owned());
                self.systems.push(uri.clone());
                self.codes.push(if system.prefix {
                    code.replace('.', "")
                } else {
                    code.clone()
                });
                self.prefixes.push(system.prefix);
            }
        }
    }

    fn finish(self) -> Result<RecordBatch, ReportError> {
        let columns: [(&str, ArrayRef); 4] = [
            ("name", Arc::new(StringArray::from(self.names))),
            ("system", Arc::new(StringArray::from(self.systems))),
            ("code", Arc::new(StringArray::from(self.codes))),
            ("prefix", Arc::new(BooleanArray::from(self.prefixes))),
        ];
        RecordBatch::try_from_iter(columns).map_err(|source| ReportError::Columns { source })
    }
}
