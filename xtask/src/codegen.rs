//! `cargo xtask codegen`: makes the committed FHIR R4 tables of `salus-fhir` from HL7's definitions.
//!
//! ```text
//! ../shared/fhir-r4-definitions ─► definitions ─► types, search, clustering ─► crates/fhir/src/r4/*.txt
//! ```
//! Output depends on nothing but the definitions and the hand-kept `corrections.txt` and
//! `clustering-overrides.txt`, so `--check` can compare bytes.

mod clustering;
mod definitions;
mod paths;
mod search;
mod types;

use std::fs;
use std::path::{Path, PathBuf};

/// Why the tables could not be made or are not fresh.
#[derive(Debug, thiserror::Error)]
pub enum CodegenError {
    /// A file of definitions or of the tables could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A table could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A line of a definitions file is not the JSON that was expected.
    #[error("line {line} of `{}` is not a definition", path.display())]
    Definition {
        /// The file.
        path: PathBuf,
        /// Line number from 1.
        line: usize,
        /// What the JSON reader said.
        #[source]
        source: serde_json::Error,
    },
    /// A table names an element that the type tables do not have.
    #[error("{what} names `{path}`, which no R4 type has")]
    UnknownPath {
        /// The table or parameter that names the path.
        what: String,
        /// The path.
        path: String,
    },
    /// A line of the hand-kept overrides cannot be read.
    #[error(
        "line {line} of clustering-overrides.txt must be `Resource field=path,… # reason`: `{text}`"
    )]
    Override {
        /// Line number from 1.
        line: usize,
        /// The line as written.
        text: String,
    },
    /// A line of the hand-kept corrections cannot be read, or corrects what is not there.
    #[error("line {line} of corrections.txt cannot be applied: `{text}`")]
    Correction {
        /// Line number from 1.
        line: usize,
        /// The line as written.
        text: String,
    },
    /// `--check` found a table that differs from what codegen makes.
    #[error("stale: {}; run `cargo xtask codegen`", stale.join(", "))]
    Stale {
        /// Names of the files that differ.
        stale: Vec<String>,
    },
}

/// Makes the tables and writes them, or with `check` only compares them with the committed ones.
///
/// # Errors
/// When the definitions are missing or not as expected, and with `check` when a table is stale.
pub fn run(check: bool) -> Result<(), CodegenError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tables = root.join("crates/fhir/src/r4");
    let made = make(&root.join("../shared/fhir-r4-definitions"), &tables)?;
    let mut stale = Vec::new();
    for (name, text) in made {
        let path = tables.join(name);
        if check {
            if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
                stale.push(name.to_owned());
            }
        } else {
            fs::write(&path, text).map_err(|source| CodegenError::Write { path, source })?;
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(CodegenError::Stale { stale })
    }
}

/// The text of every table, by file name.
fn make(definitions: &Path, tables: &Path) -> Result<Vec<(&'static str, String)>, CodegenError> {
    let mut structures =
        definitions::structures(&definitions.join("structuredefinitions-types.ndjson.gz"))?;
    structures.extend(definitions::structures(
        &definitions.join("structuredefinitions-resources.ndjson.gz"),
    )?);
    let mut types = types::Types::new(&definitions::bases_first(structures));
    types.correct(&hand_kept(&tables.join("corrections.txt"))?)?;
    let parameters =
        definitions::search_parameters(&definitions.join("searchparameters.ndjson.gz"))?;
    let search = search::Search::new(&parameters);
    let compartments = definitions::compartments(
        &definitions.join("operations-compartments-capability.ndjson.gz"),
    )?;
    let compartments = search::Compartments::new(&compartments, &search, &types)?;
    let overrides = hand_kept(&tables.join("clustering-overrides.txt"))?;
    let clustering = clustering::render(&types, &search, &compartments, &overrides)?;
    Ok(vec![
        ("types.txt", types.render()),
        ("search.txt", search.render()),
        ("compartments.txt", compartments.render()),
        ("clustering.txt", clustering),
    ])
}

/// A table that people write and codegen reads.
fn hand_kept(path: &Path) -> Result<String, CodegenError> {
    fs::read_to_string(path).map_err(|source| CodegenError::Read {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn committed_tables_are_what_codegen_makes() {
        let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
        if !shared.is_dir() {
            assert_ne!(
                std::env::var("CI").as_deref(),
                Ok("true"),
                "put HL7's definitions at {}: see its README",
                shared.join("fhir-r4-definitions").display()
            );
            return;
        }
        super::run(true).unwrap();
    }
}
