//! Records from files, held in memory while a library is run on them.

use std::path::Path;

use salus_base::{Cancel, Place};
use salus_cql::evaluate::JsonDocuments;
use salus_fhir::json::Document;
use salus_lake::source::{Input, InputKind, discover};

use crate::command::records;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;

/// Bytes of records that are held at most; more belong into a lake.
const HELD_BYTES_MAX: u64 = 4 << 30;

/// Records, and how many pieces were none.
#[derive(Debug, Default)]
pub struct Held {
    texts: Vec<String>,
    bytes: u64,
    /// Pieces of the files that are no resource; each was shown.
    pub bad: u64,
}

impl Held {
    /// Reads the records under the paths: Bundles, resources, NDJSON; plain or compressed.
    pub fn read(
        face: &Face,
        settings: &Settings,
        cancel: &Cancel,
        paths: &[String],
    ) -> Result<Self, CliError> {
        let mut held = Self::default();
        if paths.is_empty() {
            return Ok(held);
        }
        let (inputs, found) = discover(paths)?;
        found.iter().for_each(|one| face.trouble(one));
        if inputs.is_empty() {
            return Err(CliError::NothingToLoad {
                paths: paths.join(" "),
            });
        }
        let mut others = Vec::new();
        for input in inputs {
            match whole(&input) {
                // The references within a Bundle are by the `fullUrl` of its entries, so it stays whole.
                Some(path) => held.whole(face, path)?,
                None => others.push(input.name),
            }
        }
        if others.is_empty() {
            return Ok(held);
        }
        let passed = records::for_each(face, &settings.limits, cancel, &others, &mut |record| {
            held.add(record.text.to_owned())
        })?;
        held.bad += passed.bad;
        Ok(held)
    }

    /// Records that are held already.
    pub fn of_texts(texts: Vec<String>) -> Self {
        Self {
            texts,
            ..Self::default()
        }
    }

    fn whole(&mut self, face: &Face, path: &Path) -> Result<(), CliError> {
        let text = std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
            path: path.to_owned(),
            source,
        })?;
        match Document::parse(&text) {
            Ok(_) => self.add(text),
            Err(error) => {
                self.bad += 1;
                let place = Place::in_file(path.display().to_string());
                face.trouble(&error.diagnostic().at(place));
                Ok(())
            }
        }
    }

    fn add(&mut self, text: String) -> Result<(), CliError> {
        self.bytes += text.len() as u64;
        if self.bytes > HELD_BYTES_MAX {
            return Err(CliError::TooManyRecords {
                bytes_max: HELD_BYTES_MAX,
            });
        }
        self.texts.push(text);
        Ok(())
    }

    /// The records, read. Each was read before, so none is lost here.
    pub fn documents(&self) -> JsonDocuments<'_> {
        let mut documents = JsonDocuments::new();
        for text in &self.texts {
            let _ = documents.add(text);
        }
        documents
    }
}

/// The path of a file that is one document: plain JSON.
fn whole(input: &Input) -> Option<&Path> {
    match &input.kind {
        InputKind::File(path) if path.extension().is_some_and(|ending| ending == "json") => {
            Some(path)
        }
        _ => None,
    }
}
