//! Resolving references inside a Bundle, by the rules of R4 (`bundle.html#references`).
//!
//! ```
//! use salus_fhir::bundle::BundleIndex;
//! let index = BundleIndex::new([("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "Patient", "7")]);
//! let found = index.resolve("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", None);
//! assert_eq!(found.as_deref(), Some("Patient/7"));
//! ```
//!
//! Pure functions over what the caller read: the caller says which entry has which `fullUrl`, type and id (an id
//! that it assigned itself counts too). Versions are not compared: the index knows one version of each entry.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use crate::reference::{self, Reference};

/// The entries of one Bundle by `fullUrl` and by type and id.
#[derive(Debug, Default, Clone)]
pub struct BundleIndex {
    by_url: HashMap<String, String>,
    local: HashSet<String>,
}

impl BundleIndex {
    /// Builds the index from the entries' `fullUrl` (empty when there is none), resource type and id.
    pub fn new<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> BundleIndex {
        let mut index = BundleIndex::default();
        for (full_url, type_name, id) in entries {
            index.insert(full_url, type_name, id);
        }
        index
    }

    /// Adds an entry. Of two entries with the same `fullUrl` (a history Bundle) the first stays.
    pub fn insert(&mut self, full_url: &str, type_name: &str, id: &str) {
        let target = format!("{type_name}/{id}");
        if !full_url.is_empty() {
            self.by_url
                .entry(key(full_url).into_owned())
                .or_insert_with(|| target.clone());
        }
        self.local.insert(target);
    }

    /// The number of entries that have a `fullUrl`.
    pub fn len(&self) -> usize {
        self.by_url.len()
    }

    /// Whether no entry has a `fullUrl`.
    pub fn is_empty(&self) -> bool {
        self.by_url.is_empty()
    }

    /// `Type/id` of the entry that a reference points at, or `None` when it points at none of the Bundle.
    ///
    /// `from_full_url` is the `fullUrl` of the entry that holds the reference. In the order of R4:
    /// an absolute reference (also a URN) is looked up as it is, without version and fragment; a relative one is first
    /// put after the base of a RESTful `from_full_url`. Beyond R4, a relative reference that this does not resolve
    /// is found by type and id, since many Bundles have URNs as `fullUrl` and relative references all the same.
    /// References to contained resources and conditional ones are not resolved here.
    pub fn resolve(&self, reference: &str, from_full_url: Option<&str>) -> Option<String> {
        let found = match reference::parse(reference) {
            Reference::Urn(urn) => self.by_url.get(key(before_fragment(urn)).as_ref()),
            Reference::Absolute {
                base,
                type_name,
                id,
                ..
            } => self.by_url.get(format!("{base}/{type_name}/{id}").as_str()),
            Reference::Relative { type_name, id, .. } => {
                let target = format!("{type_name}/{id}");
                let based = from_full_url
                    .and_then(base)
                    .and_then(|base| self.by_url.get(format!("{base}/{target}").as_str()));
                based.or_else(|| self.local.get(&target))
            }
            Reference::Other(url) => self.by_url.get(before_fragment(url)),
            Reference::Contained(_) | Reference::Conditional { .. } => None,
        };
        found.cloned()
    }
}

/// The server's base of a RESTful `fullUrl`.
fn base(full_url: &str) -> Option<&str> {
    match reference::parse(full_url) {
        Reference::Absolute { base, .. } => Some(base),
        _ => None,
    }
}

/// How a `fullUrl` is looked up: without version; URNs in lower case, since UUIDs are written in both.
fn key(full_url: &str) -> Cow<'_, str> {
    match reference::parse(full_url) {
        Reference::Urn(urn) if urn.bytes().any(|b| b.is_ascii_uppercase()) => {
            Cow::Owned(urn.to_ascii_lowercase())
        }
        Reference::Absolute {
            version: Some(_), ..
        } => {
            let end = full_url.rfind("/_history/").unwrap_or(full_url.len());
            Cow::Borrowed(full_url.get(..end).unwrap_or(full_url))
        }
        _ => Cow::Borrowed(full_url),
    }
}

fn before_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "urn:uuid:04121321-4af5-424c-a0e1-ed3aab1c349d";

    fn index() -> BundleIndex {
        BundleIndex::new([
            ("http://example.org/fhir/Patient/23", "Patient", "23"),
            (
                "http://example.org/fhir/Observation/123",
                "Observation",
                "123",
            ),
            (UUID, "Patient", "45"),
            ("", "Group", "g"),
        ])
    }

    #[test]
    fn a_relative_reference_is_put_after_the_base_of_its_entry() {
        let from = Some("http://example.org/fhir/Observation/123");
        assert_eq!(
            index().resolve("Patient/23", from).as_deref(),
            Some("Patient/23")
        );
        assert_eq!(
            index().resolve("Patient/23/_history/4", from).as_deref(),
            Some("Patient/23")
        );
        assert_eq!(index().resolve("Patient/99", from), None);
    }

    #[test]
    fn an_absolute_reference_is_looked_up_as_it_is() {
        let same = "http://example.org/fhir/Patient/23";
        assert_eq!(index().resolve(same, None).as_deref(), Some("Patient/23"));
        let version = "http://example.org/fhir/Patient/23/_history/2";
        assert_eq!(
            index().resolve(version, None).as_deref(),
            Some("Patient/23")
        );
        assert_eq!(
            index().resolve("http://other.example/fhir/Patient/23", None),
            None
        );
    }

    #[test]
    fn urns_resolve_in_either_case_and_with_a_fragment() {
        assert_eq!(index().resolve(UUID, None).as_deref(), Some("Patient/45"));
        let upper = UUID.to_ascii_uppercase();
        assert_eq!(index().resolve(&upper, None).as_deref(), Some("Patient/45"));
        let fragment = format!("{UUID}#part");
        assert_eq!(
            index().resolve(&fragment, None).as_deref(),
            Some("Patient/45")
        );
        assert_eq!(index().resolve("urn:uuid:0", None), None);
    }

    #[test]
    fn a_relative_reference_from_a_urn_entry_is_found_by_type_and_id() {
        assert_eq!(
            index().resolve("Patient/45", Some(UUID)).as_deref(),
            Some("Patient/45")
        );
        assert_eq!(index().resolve("Group/g", None).as_deref(), Some("Group/g"));
    }

    #[test]
    fn contained_and_conditional_references_are_left_alone() {
        assert_eq!(index().resolve("#a", None), None);
        assert_eq!(index().resolve("Patient?identifier=1", None), None);
        assert_eq!(index().resolve("", None), None);
    }

    #[test]
    fn the_versions_of_a_history_bundle_resolve_to_one_resource() {
        let url = "http://example.org/fhir/Patient/23/_history/1";
        let index = BundleIndex::new([(url, "Patient", "23"), (url, "Patient", "23")]);
        assert_eq!(index.len(), 1);
        let found = index.resolve("http://example.org/fhir/Patient/23", None);
        assert_eq!(found.as_deref(), Some("Patient/23"));
        assert!(!index.is_empty() && BundleIndex::default().is_empty());
    }
}
