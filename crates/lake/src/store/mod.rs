//! The data files: written durably, read verified.
//!
//! ```text
//!  put_durable ─► file + folder synced (S3: confirmed) ─► FileDigest ─► catalogue
//!  verified    ─► every range is read in whole 64 KiB blocks, checked, then cut
//! ```
//!
//! Invariants: a file is never overwritten; a file that was not finished has no data file's name; no
//! byte that was changed, cut off or swapped after the commit reaches a reader of [`Store::verified`].
//! What this module does not know: tables, snapshots, Parquet.

mod digest;
mod durable;
mod error;
mod s3;
mod table;
mod verified;
mod verify;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};

pub use digest::{BLOCK_BYTES, DigestBuilder, FileDigest};
pub use durable::create_folder_durably;
pub use error::{StoreError, store_error_of};
pub use table::{DigestTable, Digests};
pub use verify::Verdict;

use crate::location::DataUrl;

/// The place of a lake's data files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// Raw access; paths are relative to the data path.
    objects: Arc<dyn ObjectStore>,
    /// The folder, if the files are local.
    folder: Option<PathBuf>,
    folders: Arc<durable::Folders>,
    place: String,
}

impl Store {
    /// Opens the place; a local folder is made if it is missing.
    ///
    /// For S3, endpoint, region and credentials come from the variables `AWS_*`; plain HTTP is allowed
    /// to an endpoint on this machine only.
    ///
    /// # Errors
    /// [`StoreError::Open`] or [`StoreError::Io`].
    pub fn open(url: &DataUrl) -> Result<Store, StoreError> {
        let place = url.data_path();
        let (objects, folder): (Arc<dyn ObjectStore>, _) = match url {
            DataUrl::Local(folder) => (open_folder(folder, &place)?, Some(folder.clone())),
            DataUrl::S3 { bucket, prefix } => {
                let bucket = s3::open(bucket).map_err(|source| StoreError::Open {
                    place: place.clone(),
                    source,
                })?;
                let prefix = match prefix.as_str() {
                    "" => ObjectPath::ROOT,
                    prefix => object_path(prefix)?,
                };
                (Arc::new(PrefixStore::new(bucket, prefix)), None)
            }
        };
        let root = folder.as_deref().unwrap_or(Path::new("/"));
        Ok(Store {
            folders: Arc::new(durable::Folders::under(root)),
            objects,
            folder,
            place,
        })
    }

    /// The place, with a slash at its end: DuckLake's `DATA_PATH`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Stores a new file; when it returns, the file is durable. `path` is relative to the place.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if there is another file of that name, [`StoreError::Full`], or what the
    /// store says. Nothing of the name is left over then.
    pub async fn put_durable(&self, path: &str, bytes: Bytes) -> Result<FileDigest, StoreError> {
        let location = object_path(path)?;
        let Some(folder) = &self.folder else {
            return self.put_remote(path, &location, bytes).await;
        };
        let local = folder.join(location.as_ref());
        let folders = Arc::clone(&self.folders);
        let written = blocking(move || {
            durable::write_file_durably(&folders, &local, &bytes)?;
            Ok(FileDigest::of(&bytes))
        });
        written.await.map_err(|source| {
            let path = path.to_owned();
            match source.kind() {
                ErrorKind::AlreadyExists => StoreError::Exists { path },
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    StoreError::Full { path, source }
                }
                _ => StoreError::Io {
                    doing: "write",
                    path,
                    source,
                },
            }
        })
    }

    /// Deletes a file; it may be gone already.
    ///
    /// # Errors
    /// What the store says.
    pub async fn delete(&self, path: &str) -> Result<(), StoreError> {
        let location = object_path(path)?;
        if let Some(folder) = &self.folder {
            let local = folder.join(location.as_ref());
            let deleted = blocking(move || durable::delete_file_durably(&local)).await;
            return deleted.map_err(|source| io_error("delete", path, source));
        }
        match self.objects.delete(&location).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(source) => Err(remote_error("delete", path, source)),
        }
    }

    /// All files, finished or not, with their lengths; to find those that no snapshot knows.
    ///
    /// # Errors
    /// What the store says.
    pub async fn list(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let Some(folder) = self.folder.clone() else {
            let listed: Result<Vec<_>, _> = self.objects.list(None).try_collect().await;
            let listed = listed.map_err(|source| remote_error("list", &self.place, source))?;
            let mut files: Vec<(String, u64)> = listed
                .into_iter()
                .map(|meta| (meta.location.to_string(), meta.size))
                .collect();
            files.sort();
            return Ok(files);
        };
        let root = folder.clone();
        let files = blocking(move || durable::files_under(&root)).await;
        let files = files.map_err(|source| io_error("list", &self.place, source))?;
        let relative = |(path, size): (PathBuf, u64)| {
            let path = path.strip_prefix(&folder).unwrap_or(&path);
            (path.to_string_lossy().into_owned(), size)
        };
        Ok(files.into_iter().map(relative).collect())
    }

    /// Whether a path that [`Store::list`] gave is a file that was never finished.
    pub fn is_unfinished(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.starts_with(durable::UNFINISHED)
    }

    /// The store for readers: only files with a digest, every range checked against it. Read-only.
    ///
    /// An error holds a [`StoreError`]; [`store_error_of`] finds it.
    pub fn verified(&self, digests: Arc<dyn Digests>) -> Arc<dyn ObjectStore> {
        Arc::new(verified::Verified::new(Arc::clone(&self.objects), digests))
    }

    /// The store as it is, unchecked: for files that this process wrote and has not committed yet.
    pub fn unverified(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.objects)
    }

    /// The whole file, checked against its digest.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Length`], [`StoreError::Changed`], or what the store says.
    pub async fn read(&self, path: &str, digest: &FileDigest) -> Result<Bytes, StoreError> {
        let location = object_path(path)?;
        let read = async { self.objects.get(&location).await?.bytes().await };
        let bytes = read.await.map_err(|source| match source {
            object_store::Error::NotFound { .. } => StoreError::Missing {
                path: path.to_owned(),
            },
            source => remote_error("read", path, source),
        })?;
        verified::check(path, digest, 0, digest.size_bytes, &bytes)?;
        Ok(bytes)
    }

    /// Puts to S3 with `If-None-Match`. An answer that was lost may have been "done": then the object
    /// that is there is ours if its bytes are.
    async fn put_remote(
        &self,
        path: &str,
        location: &ObjectPath,
        bytes: Bytes,
    ) -> Result<FileDigest, StoreError> {
        let digest = FileDigest::of(&bytes);
        let options = PutOptions::from(PutMode::Create);
        match self.objects.put_opts(location, bytes.into(), options).await {
            Ok(_) => Ok(digest),
            Err(object_store::Error::AlreadyExists { .. }) => {
                match self.verify(path, &digest).await? {
                    Verdict::Intact => Ok(digest),
                    _ => Err(StoreError::Exists {
                        path: path.to_owned(),
                    }),
                }
            }
            Err(source) => Err(remote_error("write", path, source)),
        }
    }
}

fn open_folder(folder: &Path, place: &str) -> Result<Arc<LocalFileSystem>, StoreError> {
    create_folder_durably(folder).map_err(|source| io_error("make", place, source))?;
    let files = LocalFileSystem::new_with_prefix(folder);
    files.map(Arc::new).map_err(|source| StoreError::Open {
        place: place.to_owned(),
        source,
    })
}

/// A relative path as object stores want it. `..`, a leading slash and the like are refused.
fn object_path(path: &str) -> Result<ObjectPath, StoreError> {
    ObjectPath::parse(path)
        .ok()
        .filter(|parsed| parsed.as_ref() == path && !path.is_empty())
        .ok_or_else(|| StoreError::Path {
            path: path.to_owned(),
        })
}

/// Runs work that blocks on the disk beside the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(std::io::Error::other(error)),
    }
}

fn io_error(doing: &'static str, path: &str, source: std::io::Error) -> StoreError {
    StoreError::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}

fn remote_error(doing: &'static str, path: &str, source: object_store::Error) -> StoreError {
    StoreError::Remote {
        doing,
        path: path.to_owned(),
        source,
    }
}
