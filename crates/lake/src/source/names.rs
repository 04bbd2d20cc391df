//! What the fullUrls of a Bundle stand for.
//!
//! A reference inside a Bundle may name an entry by its fullUrl (R4 bundle.html#references).
//! Most fullUrls are `urn:uuid:…`, kept here as 16 bytes, so that the names of a Bundle with
//! millions of entries fit into memory. A fullUrl that ends in the resource's own `Type/id` needs
//! no name: such a reference says it itself.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::FixedState;

use super::frame::Method;

/// Resource types whose names are kept. R4 has 148; whoever makes up more gets no more.
const TYPES_MAX: usize = 256;

/// fullUrl → `Type/id`, for all entries of one Bundle.
#[derive(Debug, Default)]
pub struct FullUrls {
    uuids: HashMap<u128, Target, FixedState>,
    others: HashMap<Box<str>, Target, FixedState>,
    types: Vec<Box<str>>,
    ids: Vec<u8>,
}

/// A type and an id. An empty id is the uuid that is the key.
#[derive(Debug, Clone, Copy)]
struct Target {
    resource_type: u16,
    id_length: u16,
    id_start: u32,
}

impl FullUrls {
    /// Remembers that `full_url` stands for the resource. Of two entries with one fullUrl the
    /// first is kept: they may only be versions of the same resource.
    pub(super) fn insert(&mut self, full_url: &str, resource_type: &str, id: &str) {
        if let Some(uuid) = uuid_of(full_url) {
            let is_own_id = id
                == uuid
                    .as_hyphenated()
                    .encode_lower(&mut uuid::Uuid::encode_buffer());
            let id = if is_own_id { "" } else { id };
            let Some(target) = self.target(resource_type, id) else {
                return;
            };
            self.uuids.entry(uuid.as_u128()).or_insert(target);
        } else if !says_itself(full_url, resource_type, id) {
            let Some(target) = self.target(resource_type, id) else {
                return;
            };
            if let Entry::Vacant(vacant) = self.others.entry(full_url.into()) {
                vacant.insert(target);
            }
        }
    }

    /// The `Type/id` of the entry whose fullUrl is `url`; nothing if no entry has it, or if
    /// `url` itself ends in that `Type/id`.
    pub fn resolve(&self, url: &str) -> Option<String> {
        let (resource_type, id) = match uuid_of(url) {
            Some(uuid) => {
                let target = self.uuids.get(&uuid.as_u128())?;
                let own = || uuid.as_hyphenated().to_string();
                (target, self.id(*target).map_or_else(own, str::to_owned))
            }
            None => {
                let target = self.others.get(url)?;
                (target, self.id(*target).unwrap_or_default().to_owned())
            }
        };
        let resource_type = self.types.get(usize::from(resource_type.resource_type))?;
        Some(format!("{resource_type}/{id}"))
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.uuids.len() + self.others.len()
    }

    /// Whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn target(&mut self, resource_type: &str, id: &str) -> Option<Target> {
        let at = match self
            .types
            .iter()
            .position(|known| **known == *resource_type)
        {
            Some(at) => at,
            None if self.types.len() == TYPES_MAX => return None,
            None => {
                self.types.push(resource_type.into());
                self.types.len() - 1
            }
        };
        let id_start = self.ids.len();
        self.ids.extend_from_slice(id.as_bytes());
        Some(Target {
            resource_type: at.try_into().ok()?,
            id_length: id.len().try_into().ok()?,
            id_start: id_start.try_into().ok()?,
        })
    }

    fn id(&self, target: Target) -> Option<&str> {
        let start = target.id_start as usize;
        let bytes = self.ids.get(start..start + usize::from(target.id_length))?;
        std::str::from_utf8(bytes).ok().filter(|id| !id.is_empty())
    }
}

fn uuid_of(url: &str) -> Option<uuid::Uuid> {
    let text = url.strip_prefix("urn:uuid:")?;
    (text.len() == 36)
        .then(|| uuid::Uuid::try_parse(text).ok())
        .flatten()
}

/// Whether `url` is `…/Type/id` with just this type and id.
fn says_itself(url: &str, resource_type: &str, id: &str) -> bool {
    url.strip_suffix(id)
        .and_then(|rest| rest.strip_suffix('/'))
        .and_then(|rest| rest.strip_suffix(resource_type))
        .is_some_and(|base| base.is_empty() || base.ends_with('/'))
}

/// The id of an entry's resource that has none itself: that of the `PUT` url, else what comes
/// after `urn:uuid:` (in lower case) or `urn:oid:`, else the last segment of the fullUrl.
pub(super) fn id_from_urls(
    method: Option<Method>,
    url: Option<&str>,
    full_url: Option<&str>,
) -> Option<String> {
    if let (Some(Method::Put), Some(url)) = (method, url)
        && let Some((_, id)) = type_and_id(url)
    {
        return Some(id.to_owned());
    }
    let full_url = full_url?;
    if let Some(uuid) = uuid_of(full_url) {
        return Some(uuid.as_hyphenated().to_string());
    }
    let id = match full_url.strip_prefix("urn:") {
        Some(rest) => rest.rsplit(':').next()?,
        None => full_url.rsplit('/').next()?,
    };
    is_id(id).then(|| id.to_owned())
}

/// The type and id at the end of a RESTful url: `Patient/1`, `http://a/fhir/Patient/1`,
/// `Patient/1/_history/2`.
pub(super) fn type_and_id(url: &str) -> Option<(&str, &str)> {
    if url.contains('?') {
        return None;
    }
    let url = match url.split_once("/_history/") {
        Some((before, _)) => before,
        None => url,
    };
    let (rest, id) = url.rsplit_once('/')?;
    let resource_type = rest.rsplit('/').next()?;
    let is_type = resource_type.starts_with(|c: char| c.is_ascii_uppercase())
        && resource_type.chars().all(|c| c.is_ascii_alphabetic());
    (is_type && is_id(id)).then_some((resource_type, id))
}

/// Whether `text` is an id as R4 wants it: 1 to 64 of `A-Z a-z 0-9 - .`
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_resolves_whatever_its_case_and_whether_or_not_it_is_the_id() {
        let mut names = FullUrls::default();
        let a = "urn:uuid:AAAAAAAA-0000-4000-8000-00000000000a";
        names.insert(a, "Patient", "aaaaaaaa-0000-4000-8000-00000000000a");
        names.insert(
            "urn:uuid:aaaaaaaa-0000-4000-8000-00000000000b",
            "Group",
            "g1",
        );
        assert_eq!(
            names
                .resolve("urn:uuid:aaaaaaaa-0000-4000-8000-00000000000A")
                .as_deref(),
            Some("Patient/aaaaaaaa-0000-4000-8000-00000000000a")
        );
        let b = "urn:uuid:aaaaaaaa-0000-4000-8000-00000000000b";
        assert_eq!(names.resolve(b).as_deref(), Some("Group/g1"));
        assert_eq!(
            names.resolve("urn:uuid:aaaaaaaa-0000-4000-8000-00000000000c"),
            None
        );
    }

    #[test]
    fn a_url_that_ends_in_the_type_and_id_is_not_kept() {
        let mut names = FullUrls::default();
        names.insert("http://a.example/fhir/Patient/1", "Patient", "1");
        names.insert("Patient/1", "Patient", "1");
        assert!(names.is_empty());
        names.insert("http://a.example/x/1", "Patient", "1");
        names.insert("urn:oid:1.2.3", "Patient", "4");
        assert_eq!(
            names.resolve("http://a.example/x/1").as_deref(),
            Some("Patient/1")
        );
        assert_eq!(names.resolve("urn:oid:1.2.3").as_deref(), Some("Patient/4"));
    }

    #[test]
    fn an_id_comes_from_the_put_url_then_the_full_url() {
        let urn = Some("urn:uuid:AAAAAAAA-0000-4000-8000-00000000000a");
        let put = id_from_urls(Some(Method::Put), Some("Patient/7"), urn);
        assert_eq!(put.as_deref(), Some("7"));
        let post = id_from_urls(Some(Method::Post), Some("Patient"), urn);
        assert_eq!(
            post.as_deref(),
            Some("aaaaaaaa-0000-4000-8000-00000000000a")
        );
        assert_eq!(
            id_from_urls(None, None, Some("urn:oid:1.2")).as_deref(),
            Some("1.2")
        );
        assert_eq!(
            id_from_urls(None, None, Some("http://a/b/c")).as_deref(),
            Some("c")
        );
        assert_eq!(id_from_urls(None, None, Some("http://a/b/c d")), None);
        assert_eq!(id_from_urls(None, None, None), None);
    }

    #[test]
    fn a_type_and_id_are_read_from_urls_of_every_shape() {
        assert_eq!(type_and_id("Patient/1"), Some(("Patient", "1")));
        assert_eq!(
            type_and_id("http://a/fhir/Patient/1"),
            Some(("Patient", "1"))
        );
        assert_eq!(type_and_id("Patient/1/_history/2"), Some(("Patient", "1")));
        assert_eq!(type_and_id("Patient?identifier=1"), None);
        assert_eq!(type_and_id("List?item=http://a/Patient/1"), None);
        assert_eq!(type_and_id("Patient"), None);
        assert_eq!(type_and_id("patient/1"), None);
    }
}
