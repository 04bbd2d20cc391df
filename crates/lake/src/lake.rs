//! A lake: its catalogue, its data files, and the way to both.

use std::fs::{File, OpenOptions};
use std::sync::Arc;

use object_store::ObjectStore;

use crate::catalog::{Catalog, CatalogView, DeleteFile, NewFile, deletes};
use crate::error::LakeError;
use crate::location::{CatalogUrl, Location};
use crate::store::{DigestTable, FileDigest, Store};

/// An open lake.
#[derive(Debug)]
pub struct Lake {
    location: Location,
    catalog: Catalog,
    store: Store,
    runtime: tokio::runtime::Handle,
}

impl Lake {
    /// Opens the lake at `location`. Must be called on a tokio runtime, which the lake goes on using.
    ///
    /// # Errors
    /// When there is none, or its catalogue cannot be read.
    pub async fn open(location: &Location) -> Result<Self, LakeError> {
        if let CatalogUrl::Sqlite(path) = &location.catalog
            && !path.exists()
        {
            return Err(LakeError::Missing { path: path.clone() });
        }
        let store = Store::open(&location.data)?;
        let catalog = Catalog::open(&location.catalog, &location.data.data_path()).await?;
        Ok(Self::of(location, catalog, store))
    }

    /// Opens the lake at `location`, made now if there is none; `time` (RFC 3339) is then its beginning.
    ///
    /// # Errors
    /// When it cannot be opened or made.
    pub async fn open_or_create(location: &Location, time: &str) -> Result<Self, LakeError> {
        let store = Store::open(&location.data)?;
        let catalog =
            Catalog::open_or_create(&location.catalog, &location.data.data_path(), time).await?;
        Ok(Self::of(location, catalog, store))
    }

    fn of(location: &Location, catalog: Catalog, store: Store) -> Self {
        let runtime = tokio::runtime::Handle::current();
        Self {
            location: location.clone(),
            catalog,
            store,
            runtime,
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Its catalogue.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Its data files.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The runtime that its storage runs on.
    #[must_use]
    pub fn runtime(&self) -> &tokio::runtime::Handle {
        &self.runtime
    }

    /// A reader of the data files of `view` that checks every byte against the catalogue's digests.
    #[must_use]
    pub fn reader(&self, view: &CatalogView) -> Arc<dyn ObjectStore> {
        self.store.verified(Arc::new(DigestTable::from_view(view)))
    }

    /// A reader of data files that are not committed yet.
    pub(crate) fn reader_of_new(&self, files: &[NewFile]) -> Arc<dyn ObjectStore> {
        let mut digests = DigestTable::default();
        for file in files {
            digests.insert(file.path.clone(), file.digest.clone());
        }
        self.store.verified(Arc::new(digests))
    }

    /// The positions that a delete file names, ascending.
    ///
    /// # Errors
    /// When the file cannot be read, or its bytes are not those that were committed.
    pub async fn deleted_positions(&self, file: &DeleteFile) -> Result<Vec<i64>, LakeError> {
        let digest = match &file.digest {
            Some(digest) => digest.clone(),
            // Another writer's file: what is there is all that is known.
            None => self
                .store
                .digest_of(&file.path)
                .await?
                .unwrap_or_else(|| FileDigest::of(&[])),
        };
        let bytes = self.store.read(&file.path, &digest).await?;
        deletes::read(bytes).map_err(LakeError::parquet)
    }

    /// Takes the lake for writing; one writer at a time. Given back when dropped, and by the system when the
    /// process ends.
    ///
    /// # Errors
    /// When another process is writing to it.
    pub fn lock_for_writing(&self) -> Result<WriteLock, LakeError> {
        let path = match &self.location.catalog {
            CatalogUrl::Sqlite(path) => path.with_extension("lock"),
            // PostgreSQL serialises commits itself, and tells a writer that lost the race.
            CatalogUrl::Postgres(_) => return Ok(WriteLock { _file: None }),
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = file.map_err(|source| LakeError::Lock {
            path: path.clone(),
            source,
        })?;
        match file.try_lock() {
            Ok(()) => Ok(WriteLock { _file: Some(file) }),
            Err(std::fs::TryLockError::WouldBlock) => Err(LakeError::Busy { path }),
            Err(std::fs::TryLockError::Error(source)) => Err(LakeError::Lock { path, source }),
        }
    }
}

/// Held by the one process that writes to a lake.
#[derive(Debug)]
pub struct WriteLock {
    _file: Option<File>,
}
