//! A library and those that it includes.

use std::sync::Arc;

use foldhash::HashMap;

use crate::elm::{Library, Node, VersionedIdentifier};

/// A library with all that it includes, each once.
#[derive(Debug, Clone)]
pub struct Linked {
    libraries: Vec<Arc<Library>>,
    /// By library and local name: the included library.
    includes: HashMap<(usize, Box<str>), usize>,
}

impl Linked {
    /// A library and what it includes, as `find` gives it. What `find` does not know is left out: it needs nothing
    /// that could be told.
    #[must_use]
    pub fn new(
        main: Arc<Library>,
        find: &dyn Fn(VersionedIdentifier<'_>) -> Option<Arc<Library>>,
    ) -> Linked {
        let mut linked = Linked {
            libraries: vec![main],
            includes: HashMap::default(),
        };
        let mut next = 0;
        while let Some(library) = linked.libraries.get(next).cloned() {
            for include in library.definitions("includes") {
                linked.include(next, include, find);
            }
            next += 1;
        }
        linked
    }

    fn include(
        &mut self,
        into: usize,
        include: &Node,
        find: &dyn Fn(VersionedIdentifier<'_>) -> Option<Arc<Library>>,
    ) {
        let path = include.text("path").unwrap_or_default();
        // A namespace is a URI, and a name has no `/`.
        let (system, id) = match path.rsplit_once('/') {
            Some((system, id)) => (Some(system), id),
            None => (None, path),
        };
        let version = include.text("version");
        let identifier = VersionedIdentifier {
            system,
            id,
            version,
        };
        let local = include.text("localIdentifier").unwrap_or(id);
        let known = self.libraries.iter().position(|library| {
            let known = library.identifier();
            known.id == id
                && known.system == system
                && (version.is_none() || known.version == version)
        });
        let at = match known {
            Some(at) => at,
            None => match find(identifier) {
                Some(library) => {
                    self.libraries.push(library);
                    self.libraries.len() - 1
                }
                None => return,
            },
        };
        self.includes.insert((into, local.into()), at);
    }

    /// The library of this number; the main one has 0.
    pub(super) fn get(&self, library: usize) -> Option<&Library> {
        self.libraries.get(library).map(|library| &**library)
    }

    /// The library that a reference in another one means: itself if the reference names none.
    pub(super) fn target(&self, library: usize, reference: &Node) -> Option<usize> {
        match reference.text("libraryName") {
            None => Some(library),
            Some(name) => self.includes.get(&(library, name.into())).copied(),
        }
    }
}
