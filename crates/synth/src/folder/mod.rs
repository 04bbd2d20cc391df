//! A generated set as a folder of files.
//!
//! ```text
//! FOLDER/Patient.ndjson, Encounter.ndjson, …    one resource a line, one file for each type
//! FOLDER/truth/states.parquet, infections.parquet, …
//! FOLDER/hl7v2/2026-03.hl7, …                   where messages were asked for
//! ```
//!
//! This is the only module of the crate that touches files. Memory does not grow with the patients, but
//! for the places of messages (24 bytes each).

mod feed;
mod table;
mod truth;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::error::SinkError;
use crate::sink::Sink;
use crate::truth::Rows;

use feed::Feed;
use truth::{Known, NAMES, Tables};

pub use table::TableError;

/// Bytes kept for a file before they are written.
const BUFFER_BYTES: usize = 1 << 18;

/// Why a folder could not be filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A file could not be made or written.
    #[error("`{path}` could not be written")]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A table of the truth could not be written.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// A sink that writes a folder.
pub struct Folder {
    path: PathBuf,
    files: BTreeMap<&'static str, BufWriter<File>>,
    tables: Tables<BufWriter<File>>,
    known: Known,
    feed: Option<Feed>,
}

impl Folder {
    /// Makes the folder, and opens the tables of the truth.
    ///
    /// # Errors
    /// [`FolderError`] where it cannot be made or written.
    pub fn create(path: &Path) -> Result<Folder, FolderError> {
        let truth = path.join("truth");
        std::fs::create_dir_all(&truth).map_err(|source| FolderError::Write {
            path: truth.clone(),
            source,
        })?;
        let tables = Tables::new(|name| create(&truth.join(format!("{name}.parquet"))))?;
        Ok(Folder {
            path: path.to_owned(),
            files: BTreeMap::new(),
            tables,
            known: Known::default(),
            feed: None,
        })
    }

    /// The names of the tables in `truth/`, without `.parquet`.
    #[must_use]
    pub fn truth_tables() -> &'static [&'static str] {
        NAMES
    }

    /// Writes what is left: ends of tables, the feed in order of time.
    ///
    /// # Errors
    /// [`FolderError`] where something cannot be written; the folder is then incomplete.
    pub fn finish(mut self) -> Result<(), FolderError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| FolderError::Write { path, source }
        };
        for file in self.files.values_mut() {
            file.flush().map_err(failed(&self.path))?;
        }
        for mut table in self.tables.finish()? {
            table.flush().map_err(failed(&self.path))?;
        }
        match self.feed {
            Some(feed) => feed.finish().map_err(failed(&self.path.join("hl7v2"))),
            None => Ok(()),
        }
    }

    fn file(&mut self, resource_type: &'static str) -> Result<&mut BufWriter<File>, FolderError> {
        use std::collections::btree_map::Entry;
        match self.files.entry(resource_type) {
            Entry::Occupied(file) => Ok(file.into_mut()),
            Entry::Vacant(place) => {
                let path = self.path.join(format!("{resource_type}.ndjson"));
                Ok(place.insert(create(&path)?))
            }
        }
    }

    fn messages(&mut self, rows: &Rows) -> io::Result<()> {
        if rows.messages.is_empty() {
            return Ok(());
        }
        let feed = match &mut self.feed {
            Some(feed) => feed,
            None => {
                let path = self.path.join("hl7v2");
                std::fs::create_dir_all(&path)?;
                self.feed.insert(Feed::new(path))
            }
        };
        rows.messages.iter().try_for_each(|m| feed.push(m))
    }
}

impl Sink for Folder {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        let file = self.file(resource_type)?;
        file.write_all(line.as_bytes())?;
        Ok(file.write_all(b"\n")?)
    }

    fn lines(&mut self, resource_type: &'static str, ndjson: &str) -> Result<(), SinkError> {
        Ok(self.file(resource_type)?.write_all(ndjson.as_bytes())?)
    }

    fn rows(&mut self, rows: &Rows) -> Result<(), SinkError> {
        self.messages(rows)?;
        Ok(self.tables.push(rows, &mut self.known)?)
    }
}

fn create(path: &Path) -> Result<BufWriter<File>, FolderError> {
    let file = File::create(path).map_err(|source| FolderError::Write {
        path: path.to_owned(),
        source,
    })?;
    Ok(BufWriter::with_capacity(BUFFER_BYTES, file))
}
