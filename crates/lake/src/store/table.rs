//! The digests that verified reads check against.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use super::FileDigest;
use crate::catalog::CatalogView;

/// Knows the digests of files by their path relative to the data path.
pub trait Digests: Debug + Send + Sync + 'static {
    /// The digest of a file; `None` if it is not known, and the file so not to be read.
    fn digest(&self, path: &str) -> Option<Arc<FileDigest>>;
}

/// The digests of all files of one snapshot.
#[derive(Clone, Default)]
pub struct DigestTable {
    digests: HashMap<String, Arc<FileDigest>>,
}

impl DigestTable {
    /// The digests of a view's data files and delete files.
    pub fn from_view(view: &CatalogView) -> DigestTable {
        let files = view.tables.iter().flat_map(|table| &table.files);
        let digests = files
            .flat_map(|file| {
                let deletes = file.deletes.as_ref();
                let deletes = deletes.map(|deletes| (&deletes.path, &deletes.digest));
                [Some((&file.path, &file.digest)), deletes]
            })
            .flatten()
            .filter_map(|(path, digest)| Some((path.clone(), Arc::new(digest.clone()?))))
            .collect();
        DigestTable { digests }
    }

    /// Adds the digest of one more file.
    pub fn insert(&mut self, path: String, digest: FileDigest) {
        self.digests.insert(path, Arc::new(digest));
    }
}

impl FromIterator<(String, FileDigest)> for DigestTable {
    fn from_iter<I: IntoIterator<Item = (String, FileDigest)>>(files: I) -> DigestTable {
        let files = files.into_iter();
        DigestTable {
            digests: files
                .map(|(path, digest)| (path, Arc::new(digest)))
                .collect(),
        }
    }
}

impl Digests for DigestTable {
    fn digest(&self, path: &str) -> Option<Arc<FileDigest>> {
        self.digests.get(path).cloned()
    }
}

impl Debug for DigestTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DigestTable({} files)", self.digests.len())
    }
}
