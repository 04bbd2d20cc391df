//! Manifests: which version of each value set and code system is meant (CRMI asset collections; `Library` of type
//! `asset-collection` with `relatedArtifact` of type `depends-on`).

use foldhash::HashMap;
use salus_fhir::json::Node;

use crate::canonical::Canonical;

/// URL → version.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    versions: HashMap<Box<str>, Box<str>>,
}

impl Manifest {
    /// Adds what a manifest library depends on; gives the number of versions that it fixes.
    pub(crate) fn add(&mut self, library: Node<'_>) -> usize {
        let list = library.get("relatedArtifact");
        let artifacts = list.into_iter().flat_map(|list| list.items());
        let mut fixed = 0;
        for artifact in artifacts {
            let text = |name: &str| artifact.get(name).and_then(|node| node.string());
            if text("type").as_deref() != Some("depends-on") {
                continue;
            }
            let Some(resource) = text("resource") else {
                continue;
            };
            let canonical = Canonical::parse(&resource);
            if let Some(version) = canonical.version {
                self.versions.insert(canonical.url, version);
                fixed += 1;
            }
        }
        fixed
    }

    /// The version that is meant where none is named.
    pub(crate) fn version(&self, url: &str) -> Option<&str> {
        self.versions.get(url).map(|version| &**version)
    }
}
