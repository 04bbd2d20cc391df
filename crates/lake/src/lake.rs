//! A lake: its catalogue, its data files, and the way to both.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::sync::Arc;

use object_store::{ObjectStore, ObjectStoreExt};

use crate::catalog::{Catalog, CatalogView, DeleteFile, deletes};
use crate::error::LakeError;
use crate::location::{CatalogUrl, Location};
use crate::store::{DigestTable, Store};

/// An open lake.
#[derive(Debug)]
pub struct Lake {
    location: Location,
    catalog: Catalog,
    store: Store,
    plain: Arc<dyn ObjectStore>,
    runtime: tokio::runtime::Handle,
}

impl Lake {
    /// Opens the lake at `location`. Must be called on a tokio runtime, which the lake goes on using.
    ///
    /// # Errors
    /// When there is none, or its catalogue cannot be read.
    pub async fn open(location: &Location) -> Result<Self, LakeError> {
        if let CatalogUrl::Sqlite(path) = &location.catalog {
            if !path.exists() {
                return Err(LakeError::Missing { path: path.clone() });
            }
        }
        let store = Store::open(&location.data)?;
        let catalog = Catalog::open(&location.catalog, &location.data.to_string()).await?;
        Ok(Self::of(location, catalog, store))
    }

    /// Opens the lake at `location`, made now if there is none.
    ///
    /// # Errors
    /// When it cannot be opened or made.
    pub async fn open_or_create(location: &Location) -> Result<Self, LakeError> {
        let store = Store::open(&location.data)?;
        let catalog = Catalog::open_or_create(&location.catalog, &location.data.to_string()).await?;
        Ok(Self::of(location, catalog, store))
    }

    fn of(location: &Location, catalog: Catalog, store: Store) -> Self {
        let runtime = tokio::runtime::Handle::current();
        let plain = store.verified(Arc::new(DigestTable::default()));
        Self { location: location.clone(), catalog, store, plain, runtime }
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
        self.store.verified(Arc::new(DigestTable::of(view)))
    }

    /// A reader of files that are not committed yet.
    pub(crate) fn plain_store(&self) -> &Arc<dyn ObjectStore> {
        &self.plain
    }

    /// The positions that a delete file names, ascending.
    ///
    /// # Errors
    /// When the file cannot be read, or its bytes are not those that were committed.
    pub async fn deleted_positions(&self, file: &DeleteFile) -> Result<Vec<i64>, LakeError> {
        let digests = file.digest.iter().map(|digest| (file.path.clone(), digest.clone()));
        let table = DigestTable::from_iter(digests.collect::<BTreeMap<_, _>>());
        let store = self.store.verified(Arc::new(table));
        let path = object_store::path::Path::from(file.path.as_str());
        let bytes = store.get(&path).await.map_err(LakeError::object)?.bytes().await.map_err(LakeError::object)?;
        Ok(deletes::read(bytes)?)
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
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|source| LakeError::Lock { path: path.clone(), source })?;
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

