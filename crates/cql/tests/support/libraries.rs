//! Libraries to include: those of a folder, and those given as ELM.

#![allow(dead_code, reason = "each test uses a part")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use salus_cql::elm;
use salus_cql::resolve::{Found, LibraryName, SourceError, Sources};

/// The folder with libraries as large as measures.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The libraries of a folder, `NAME.cql`.
pub struct Folder(pub PathBuf);

impl Sources for Folder {
    fn library(&self, name: &LibraryName) -> Result<Found, SourceError> {
        match std::fs::read_to_string(self.0.join(format!("{}.cql", name.name))) {
            Ok(text) => Ok(Found::Text(text.into())),
            Err(_) => Err(not_found(name)),
        }
    }
}

/// Libraries in ELM JSON.
pub struct Elm(pub Vec<String>);

impl Sources for Elm {
    fn library(&self, name: &LibraryName) -> Result<Found, SourceError> {
        let mut libraries = self
            .0
            .iter()
            .map(|json| elm::Library::from_json(json).unwrap());
        let found = libraries.find(|library| library.identifier().id == &*name.name);
        let library = found.ok_or_else(|| not_found(name))?;
        Ok(Found::Elm(Arc::new(library)))
    }
}

fn not_found(name: &LibraryName) -> SourceError {
    SourceError::NotFound {
        name: name.name.clone(),
        known: Vec::new(),
    }
}
