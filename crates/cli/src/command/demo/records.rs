//! The made-up records as NDJSON files, one per resource type.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use salus_synth::{Sink, SinkError};

use crate::error::CliError;

/// Writes each resource into the file of its type.
pub struct Records {
    folder: PathBuf,
    files: BTreeMap<&'static str, BufWriter<File>>,
    bytes: u64,
}

impl Records {
    /// Makes the folder.
    pub fn create(folder: &Path) -> Result<Self, CliError> {
        std::fs::create_dir_all(folder).map_err(|source| CliError::WriteFile {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
            bytes: 0,
        })
    }

    /// Writes out what is buffered; gives the bytes of all files.
    pub fn finish(mut self) -> Result<u64, CliError> {
        for file in self.files.values_mut() {
            file.flush().map_err(|source| CliError::WriteFile {
                path: self.folder.clone(),
                source,
            })?;
        }
        Ok(self.bytes)
    }

    fn file(&mut self, resource_type: &'static str) -> std::io::Result<&mut BufWriter<File>> {
        use std::collections::btree_map::Entry;
        match self.files.entry(resource_type) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let file = File::create(self.folder.join(format!("{resource_type}.ndjson")))?;
                Ok(entry.insert(BufWriter::with_capacity(1 << 16, file)))
            }
        }
    }
}

impl Sink for Records {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        self.bytes += line.len() as u64 + 1;
        let file = self.file(resource_type)?;
        file.write_all(line.as_bytes())?;
        file.write_all(b"\n")?;
        Ok(())
    }
}
