//! Everything that is known of codes.

use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;
use salus_fhir::json::Resource;

use crate::aliases::canonical_system;
use crate::canonical::{Canonical, compare_versions};
use crate::code_set::CodeSet;
use crate::code_system::CodeSystem;
use crate::codes::{CodeId, Codes, SystemId};
use crate::error::TerminologyError;
use crate::expand::Expansion;
use crate::manifest::Manifest;
use crate::value_set::ValueSet;

/// What a resource was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// A code system.
    CodeSystem,
    /// A value set.
    ValueSet,
    /// A manifest that fixes so many versions.
    Manifest {
        /// How many.
        versions: usize,
    },
    /// Something else: nothing was added.
    Nothing,
}

/// Code systems, value sets and manifests, and the expansions made so far.
#[derive(Debug, Default)]
pub struct Terminology {
    pub(crate) codes: Codes,
    systems: HashMap<Box<str>, Vec<CodeSystem>>,
    value_sets: HashMap<Box<str>, Vec<ValueSet>>,
    manifest: Manifest,
    expansions: RwLock<HashMap<Canonical, Arc<CodeSet>>>,
}

impl Terminology {
    /// Adds a `CodeSystem`, a `ValueSet` or a manifest `Library`; other resources are passed over. Of two resources
    /// with one URL and version the later counts.
    ///
    /// # Errors
    /// [`TerminologyError::NoUrl`].
    pub fn add(&mut self, resource: &Resource<'_>) -> Result<Added, TerminologyError> {
        let root = resource.root();
        let added = match resource.type_name() {
            "CodeSystem" => {
                let system = CodeSystem::read(root, &mut self.codes)?;
                let url = system_url(&self.codes, &system.url);
                let versions = self.systems.entry(url).or_default();
                versions.retain(|known| known.version != system.version);
                versions.push(system);
                Added::CodeSystem
            }
            "ValueSet" => {
                let set = ValueSet::read(root, &mut self.codes)?;
                let versions = self.value_sets.entry(set.url.clone()).or_default();
                versions.retain(|known| known.version != set.version);
                versions.push(set);
                Added::ValueSet
            }
            "Library" => match self.manifest.add(root) {
                0 => Added::Nothing,
                versions => Added::Manifest { versions },
            },
            _ => Added::Nothing,
        };
        if added != Added::Nothing {
            let cache = self.expansions.get_mut();
            cache.unwrap_or_else(PoisonError::into_inner).clear();
        }
        Ok(added)
    }

    /// The members of a value set. Kept, so that the second time costs nothing.
    ///
    /// # Errors
    /// When the value set or a code system that it needs is not loaded, is only there in part, or goes in a circle; see
    /// [`TerminologyError`].
    pub fn expand(&self, canonical: &Canonical) -> Result<Arc<CodeSet>, TerminologyError> {
        let known = self
            .expansions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(canonical)
            .map(Arc::clone);
        if let Some(set) = known {
            return Ok(set);
        }
        let set = Arc::new(Expansion::of(self).value_set(canonical)?);
        self.expansions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(canonical.clone(), Arc::clone(&set));
        Ok(set)
    }

    /// The members of a value set, where code systems that are named without a version are of these versions. Not kept.
    ///
    /// # Errors
    /// As [`Terminology::expand`].
    pub fn expand_with(
        &self,
        canonical: &Canonical,
        systems: &[Canonical],
    ) -> Result<CodeSet, TerminologyError> {
        Expansion::of(self).with(systems).value_set(canonical)
    }

    /// Whether two names mean one code system: the same URL, or a URL and the OID that stands for it.
    #[must_use]
    pub fn is_same_system(&self, one: &str, other: &str) -> bool {
        canonical_system(one) == canonical_system(other)
    }

    /// The number of a code, if any loaded resource names it.
    #[must_use]
    pub fn code(&self, system: &str, code: &str) -> Option<CodeId> {
        self.codes.find(self.codes.find_system(system)?, code)
    }

    /// System and code of a number.
    #[must_use]
    pub fn name(&self, code: CodeId) -> Option<(&str, &str)> {
        let (system, code) = self.codes.get(code)?;
        Some((self.codes.url(system), code))
    }

    /// Whether a code is in an expanded set.
    #[must_use]
    pub fn is_member(&self, set: &CodeSet, system: &str, code: &str) -> bool {
        self.code(system, code)
            .is_some_and(|code| set.contains(code))
    }

    /// Whether `narrow` is the same concept as `broad` or below it.
    ///
    /// # Errors
    /// When the code system is not loaded.
    pub fn subsumes(
        &self,
        system: &str,
        broad: &str,
        narrow: &str,
    ) -> Result<bool, TerminologyError> {
        let known = self.code_system(&Canonical::any(system))?;
        let (Some(broad), Some(narrow)) = (self.code(system, broad), self.code(system, narrow))
        else {
            return Ok(false);
        };
        Ok(broad == narrow || known.ancestors(narrow).contains(&broad))
    }

    /// What people call a code, from any loaded version of its system.
    #[must_use]
    pub fn display(&self, system: &str, code: &str) -> Option<&str> {
        let id = self.code(system, code)?;
        let (system, _) = self.codes.get(id)?;
        let versions = self.systems.get(self.codes.url(system))?;
        versions
            .iter()
            .rev()
            .find_map(|version| version.display(id))
    }

    /// A loaded value set: the version that is asked for, else the manifest's, else the newest.
    ///
    /// # Errors
    /// [`TerminologyError::NoValueSet`] with the nearest URL that is loaded.
    pub fn value_set(&self, canonical: &Canonical) -> Result<&ValueSet, TerminologyError> {
        let versions = self.value_sets.get(&canonical.url);
        let found =
            versions.and_then(|versions| self.choose(canonical, versions, |set| &set.version));
        found.ok_or_else(|| TerminologyError::NoValueSet {
            canonical: canonical.clone(),
            loaded: versions.map_or_else(Vec::new, |all| names(all.iter().map(|set| &set.version))),
            nearest: salus_base::suggest::closest(
                &canonical.url,
                self.value_sets.keys().map(|url| &**url),
            )
            .map(Into::into),
        })
    }

    /// A loaded code system, chosen as [`Terminology::value_set`] chooses.
    ///
    /// # Errors
    /// [`TerminologyError::NoCodeSystem`].
    pub fn code_system(&self, canonical: &Canonical) -> Result<&CodeSystem, TerminologyError> {
        let url = self.codes.find_system(&canonical.url);
        let versions = url.and_then(|id| self.systems.get(self.codes.url(id)));
        let found =
            versions.and_then(|versions| self.choose(canonical, versions, |one| &one.version));
        found.ok_or_else(|| TerminologyError::NoCodeSystem {
            canonical: canonical.clone(),
            loaded: versions.map_or_else(Vec::new, |all| names(all.iter().map(|one| &one.version))),
        })
    }

    pub(crate) fn system_canonical(&self, system: SystemId, version: Option<&str>) -> Canonical {
        Canonical {
            url: self.codes.url(system).into(),
            version: version.map(Into::into),
        }
    }

    fn choose<'v, V>(
        &self,
        wanted: &Canonical,
        versions: &'v [V],
        version_of: impl Fn(&V) -> &Option<Box<str>>,
    ) -> Option<&'v V> {
        let meant = wanted.version.as_deref();
        let meant = meant.or_else(|| self.manifest.version(&wanted.url));
        if let Some(meant) = meant {
            let mut all = versions.iter();
            return all.find(|one| version_of(one).as_deref() == Some(meant));
        }
        versions.iter().max_by(|a, b| {
            let (a, b) = (version_of(a).as_deref(), version_of(b).as_deref());
            compare_versions(a.unwrap_or(""), b.unwrap_or(""))
        })
    }
}

fn system_url(codes: &Codes, url: &str) -> Box<str> {
    let known = codes.find_system(url).map(|id| codes.url(id));
    known.unwrap_or(url).into()
}

fn names<'v>(versions: impl Iterator<Item = &'v Option<Box<str>>>) -> Vec<Box<str>> {
    versions
        .map(|version| version.clone().unwrap_or_else(|| "(no version)".into()))
        .collect()
}
