//! Checking a whole stored file against its digest, for `salus doctor`.

use std::fmt;

use futures::TryStreamExt;
use object_store::ObjectStoreExt;

use super::{DigestBuilder, FileDigest, Store, StoreError, object_path, remote_error};

/// What a check of a whole file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is as it was committed.
    Intact,
    /// There is no such file.
    Missing,
    /// The file is shorter or longer.
    Length {
        /// Length that was committed.
        expected_bytes: u64,
        /// Length that it has.
        found_bytes: u64,
    },
    /// The length is right but bytes differ.
    Changed {
        /// Numbers of the blocks that differ, from 0; empty if only the digest of the whole tells.
        blocks: Vec<u64>,
    },
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Intact => f.write_str("as it was committed"),
            Verdict::Missing => f.write_str("missing"),
            Verdict::Length {
                expected_bytes,
                found_bytes,
            } => write!(f, "{found_bytes} bytes long instead of {expected_bytes}"),
            Verdict::Changed { blocks } => match (blocks.first(), blocks.len()) {
                (Some(first), 1) => write!(f, "changed in block {first}"),
                (Some(first), count) => {
                    write!(f, "changed in {count} blocks, first in block {first}")
                }
                (None, _) => f.write_str("changed"),
            },
        }
    }
}

impl Store {
    /// Reads a whole file and compares it with its digest.
    ///
    /// # Errors
    /// What the store says, except that the file is missing.
    pub async fn verify(&self, path: &str, digest: &FileDigest) -> Result<Verdict, StoreError> {
        match self.digest_of(path).await? {
            None => Ok(Verdict::Missing),
            Some(found) if found == *digest => Ok(Verdict::Intact),
            Some(found) if found.size_bytes != digest.size_bytes => Ok(Verdict::Length {
                expected_bytes: digest.size_bytes,
                found_bytes: found.size_bytes,
            }),
            Some(found) => Ok(Verdict::Changed {
                blocks: differing(&found.blocks, &digest.blocks),
            }),
        }
    }

    /// The digest of a file as it is stored now; `None` if it is missing. To take over files that
    /// another writer committed, see [`crate::catalog::Catalog::adopt`].
    ///
    /// # Errors
    /// What the store says.
    pub async fn digest_of(&self, path: &str) -> Result<Option<FileDigest>, StoreError> {
        let location = object_path(path)?;
        let failed = |source| remote_error("read", path, source);
        let mut stream = match self.objects.get(&location).await {
            Ok(result) => result.into_stream(),
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let mut builder = DigestBuilder::default();
        while let Some(bytes) = stream.try_next().await.map_err(failed)? {
            builder.update(&bytes);
        }
        Ok(Some(builder.finish()))
    }
}

fn differing(found: &[u64], expected: &[u64]) -> Vec<u64> {
    (0..)
        .zip(found.iter().zip(expected))
        .filter(|(_, (found, expected))| found != expected)
        .map(|(number, _)| number)
        .collect()
}
