//! One entry of a Bundle: what it holds, and what is to become of it.

use std::borrow::Cow;
use std::ops::Range;

use salus_base::Limits;

use super::cursor::{Broken, Cursor, Passed};
use super::defect::{Defect, Unit};
use super::frame::Method;
use super::names;
use super::summary::Note;

/// How deep Bundles may be nested in Bundles.
pub(super) const NESTED_BUNDLES_MAX: u32 = 4;

/// What stands in a Bundle entry, as far as it matters here.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry<'a> {
    /// Where it lies in the text.
    pub(super) range: Range<usize>,
    pub(super) full_url: Option<Cow<'a, str>>,
    pub(super) method: Option<Method>,
    pub(super) url: Option<Cow<'a, str>>,
    pub(super) last_modified: Option<Cow<'a, str>>,
    pub(super) etag: Option<Cow<'a, str>>,
    pub(super) resource: Option<Resource<'a>>,
    /// Which entry of the Bundle, from 0.
    pub(super) index: u64,
    is_object: bool,
    is_search_outcome: bool,
    has_response: bool,
    twice: Option<&'static str>,
}

/// `Bundle.entry.resource`.
#[derive(Debug, Clone, Default)]
pub(super) struct Resource<'a> {
    /// Where it lies in the text.
    pub(super) range: Range<usize>,
    pub(super) resource_type: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    is_object: bool,
    depth: u32,
}

/// What is to become of an entry.
#[derive(Debug)]
pub(super) enum Fate<'a> {
    Resource {
        resource_type: &'a str,
        id: Option<Cow<'a, str>>,
        range: Range<usize>,
    },
    Nested {
        range: Range<usize>,
    },
    Delete {
        resource_type: &'a str,
        id: &'a str,
    },
    LeftOut(Note),
    Bad(Defect),
}

impl<'a> Entry<'a> {
    /// Reads the entry at the cursor.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Broken> {
        let mut entry = Self::default();
        let (start, first) = cursor.peek().unwrap_or_default();
        if first != b'{' {
            entry.range = cursor.pass()?.range;
            return Ok(entry);
        }
        entry.is_object = true;
        cursor.members(|cursor, name| entry.member(cursor, name))?;
        entry.range = start..cursor.at();
        Ok(entry)
    }

    /// The same entry in a text where it lies `by` bytes further on.
    pub(super) fn moved(&self, by: usize) -> Self {
        let moved = |range: &Range<usize>| range.start + by..range.end + by;
        let mut entry = self.clone();
        entry.range = moved(&entry.range);
        if let Some(resource) = &mut entry.resource {
            resource.range = moved(&resource.range);
        }
        entry
    }

    fn member(&mut self, cursor: &mut Cursor<'a>, name: &[u8]) -> Result<(), Broken> {
        match name {
            b"fullUrl" => {
                self.once("fullUrl", self.full_url.is_some());
                self.full_url = cursor.string()?;
            }
            b"resource" => {
                self.once("resource", self.resource.is_some());
                self.resource = Resource::read(cursor)?;
            }
            b"request" => object_or_pass(cursor, |cursor, name| {
                match name {
                    b"method" => {
                        let method = cursor.string()?;
                        self.method = method.and_then(|code| Method::parse(&code));
                    }
                    b"url" => self.url = cursor.string()?,
                    _ => cursor.skip()?,
                }
                Ok(())
            })?,
            b"response" => {
                self.has_response = true;
                object_or_pass(cursor, |cursor, name| {
                    match name {
                        b"lastModified" => self.last_modified = cursor.string()?,
                        b"etag" => self.etag = cursor.string()?,
                        _ => cursor.skip()?,
                    }
                    Ok(())
                })?;
            }
            b"search" => object_or_pass(cursor, |cursor, name| {
                match name {
                    b"mode" => {
                        self.is_search_outcome = cursor.string()?.as_deref() == Some("outcome");
                    }
                    _ => cursor.skip()?,
                }
                Ok(())
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    }

    /// Whether nothing in it could make it more than an entry without resource.
    pub(super) fn is_hollow(&self) -> bool {
        let is_bare = self.method.is_none() && !self.has_response && !self.is_search_outcome;
        self.resource.is_none() && is_bare && self.twice.is_none()
    }

    fn once(&mut self, name: &'static str, is_there: bool) {
        if is_there {
            self.twice = Some(name);
        }
    }

    /// The version that the response's etag names: `W/"3"` gives `3`.
    pub(super) fn version(&self) -> Option<String> {
        let etag = self.etag.as_deref()?;
        let tag = etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"');
        (!tag.is_empty()).then(|| tag.to_owned())
    }

    /// What is to become of the entry, whose Bundle lies in `level` others. `bytes` are its own.
    pub(super) fn fate(&'a self, bytes: &[u8], level: u32, limits: &Limits) -> Fate<'a> {
        let index = self.index;
        if let Some(defect) = self.defect(bytes, index, limits) {
            return Fate::Bad(defect);
        }
        if self.method == Some(Method::Delete) {
            return self.deletion(index);
        }
        if self.is_search_outcome {
            return Fate::LeftOut(Note::SearchOutcome);
        }
        let Some(resource) = &self.resource else {
            return match self.method {
                Some(Method::Get | Method::Head) => Fate::LeftOut(Note::ReadRequest),
                _ if self.has_response => Fate::LeftOut(Note::ResponseOnly),
                _ => Fate::Bad(Defect::EntryWithoutResource { index }),
            };
        };
        if self.method == Some(Method::Patch) {
            return Fate::Bad(Defect::Patch { index });
        }
        self.resource_fate(resource, index, level, limits)
    }

    fn defect(&self, bytes: &[u8], index: u64, limits: &Limits) -> Option<Defect> {
        if !self.is_object {
            return Some(Defect::EntryNotAnObject { index });
        }
        if let Some(defect) = not_text(bytes, Unit::Entry) {
            return Some(defect);
        }
        if let Some(name) = self.twice {
            return Some(Defect::EntryElementTwice { index, name });
        }
        let is_patch = self.method == Some(Method::Patch) && self.resource.is_none();
        if is_patch {
            return Some(Defect::Patch { index });
        }
        let length = self
            .resource
            .as_ref()
            .map_or(0, |resource| resource.range.len());
        (length > limits.line_bytes_max).then_some(Defect::TooLong {
            what: Unit::Entry,
            length: length as u64,
            max: limits.line_bytes_max as u64,
            kept: 0,
        })
    }

    fn deletion(&self, index: u64) -> Fate<'_> {
        if let Some(url) = self.url.as_deref() {
            return match names::type_and_id(url) {
                Some((resource_type, id)) => Fate::Delete { resource_type, id },
                None => Fate::Bad(Defect::DeleteWithoutId {
                    index,
                    url: url.to_owned(),
                }),
            };
        }
        let resource = self.resource.as_ref();
        let resource_type = resource.and_then(|resource| resource.resource_type.as_deref());
        let id = resource.and_then(|resource| resource.id.as_deref());
        let named = self.full_url.as_deref().and_then(names::type_and_id);
        match (resource_type.zip(id)).or(named) {
            Some((resource_type, id)) => Fate::Delete { resource_type, id },
            None => Fate::Bad(Defect::DeleteOfNothing { index }),
        }
    }

    fn resource_fate(
        &'a self,
        resource: &'a Resource<'a>,
        index: u64,
        level: u32,
        limits: &Limits,
    ) -> Fate<'a> {
        let Some(resource_type) = resource.resource_type.as_deref() else {
            return Fate::Bad(if resource.is_object {
                Defect::EntryWithoutType { index }
            } else {
                Defect::ResourceNotAnObject { index }
            });
        };
        let range = resource.range.clone();
        if resource_type == "Bundle" {
            if level >= NESTED_BUNDLES_MAX {
                return Fate::Bad(Defect::NestedTooDeep {
                    index,
                    max: NESTED_BUNDLES_MAX,
                });
            }
            return Fate::Nested { range };
        }
        let max = u32::try_from(limits.json_depth_max).unwrap_or(u32::MAX);
        if resource.depth > max {
            return Fate::Bad(Defect::TooDeep {
                depth: resource.depth,
                max,
            });
        }
        let id = resource.id.clone().or_else(|| {
            let (url, full_url) = (self.url.as_deref(), self.full_url.as_deref());
            names::id_from_urls(self.method, url, full_url).map(Cow::Owned)
        });
        Fate::Resource {
            resource_type,
            id,
            range,
        }
    }
}

impl<'a> Resource<'a> {
    /// Reads the resource at the cursor; nothing if it is `null`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Broken> {
        let mut resource = Self::default();
        let (start, first) = cursor.peek().unwrap_or_default();
        if first != b'{' {
            let Passed { range, .. } = cursor.pass()?;
            let is_null = cursor.slice(&range) == b"null";
            return Ok((!is_null).then_some(Self { range, ..resource }));
        }
        resource.is_object = true;
        cursor.members(|cursor, name| {
            let passed = cursor.pass()?;
            resource.depth = resource.depth.max(passed.depth);
            match name {
                b"resourceType" => resource.resource_type = cursor.string_at(&passed.range),
                b"id" => resource.id = cursor.string_at(&passed.range),
                _ => {}
            }
            Ok(())
        })?;
        resource.depth += 1;
        resource.range = start..cursor.at();
        Ok(Some(resource))
    }
}

/// Walks over the members of an object; passes over anything else.
fn object_or_pass<'a>(
    cursor: &mut Cursor<'a>,
    visit: impl FnMut(&mut Cursor<'a>, &'a [u8]) -> Result<(), Broken>,
) -> Result<(), Broken> {
    match cursor.peek() {
        Some((_, b'{')) => cursor.members(visit),
        _ => cursor.skip(),
    }
}

/// The defect of bytes that are not UTF-8 or hold a NUL.
pub(super) fn not_text(bytes: &[u8], what: Unit) -> Option<Defect> {
    if let Err(error) = std::str::from_utf8(bytes) {
        return Some(Defect::NotUtf8 {
            what,
            at: error.valid_up_to() as u64,
        });
    }
    memchr::memchr(0, bytes).map(|at| Defect::Nul {
        what,
        at: at as u64,
    })
}
