//! The records that tests are evaluated on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::suite::{Suite, SuiteError};
use super::xml;

/// The inputs of a suite as JSON text, by name.
pub(super) type Inputs = BTreeMap<String, String>;

/// Reads all inputs that a suite's tests name. One that is not there is left out.
pub(super) fn read(suite: &Suite) -> Result<Inputs, SuiteError> {
    let mut inputs = Inputs::new();
    for name in suite.tests.iter().filter_map(|test| test.input.as_ref()) {
        if !inputs.contains_key(name)
            && let Some(json) = find(&suite.folder, name)?
        {
            inputs.insert(name.clone(), json);
        }
    }
    Ok(inputs)
}

/// An input by name: beside the tests, in `input`, or one folder up as the suite is published. The JSON twin of an XML
/// file is preferred.
fn find(folder: &Path, name: &str) -> Result<Option<String>, SuiteError> {
    let places = [folder.join("input"), folder.to_owned(), folder.join("..")];
    let twin = Path::new(name).with_extension("json");
    for place in &places {
        for path in [place.join(&twin), place.join(name)] {
            // A name that leads out of the folder is none of the suite's.
            if path.is_file() && !name.contains("..") {
                return text(path).map(Some);
            }
        }
    }
    Ok(None)
}

fn text(path: PathBuf) -> Result<String, SuiteError> {
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(SuiteError::Unreadable { path, source }),
    };
    match path.extension().is_some_and(|ending| ending == "xml") {
        // What cannot be converted fails its tests, as a record that cannot be read.
        true => Ok(xml::to_json(&text).unwrap_or(text)),
        false => Ok(text),
    }
}
