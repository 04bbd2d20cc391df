//! A Bundle that lies in memory: opened into the resources and deletions of its entries.

use std::ops::Range;
use std::sync::Arc;

use super::cursor::{Broken, Cursor};
use super::defect::Defect;
use super::entry::{Entry, Fate};
use super::frame::{BundleInfo, BundleKind, DeleteInfo, EntryInfo, Frame, FrameKind};
use super::names::FullUrls;
use super::run::{Origin, Out};
use super::summary::Note;

/// Opens the Bundle that is all of `text[range]` and adds a frame for each entry.
///
/// If the Bundle breaks off or is not well-formed, the entries before that place are framed, and
/// the rest becomes one bad frame.
pub(super) fn open(
    out: &mut Out<'_>,
    text: &[u8],
    range: &Range<usize>,
    origin: Origin,
    frames: &mut Vec<Frame>,
) {
    open_with(out, text, range, origin, None, frames);
}

/// As [`open`], for a Bundle whose source broke off with `defect`.
pub(super) fn open_with(
    out: &mut Out<'_>,
    text: &[u8],
    range: &Range<usize>,
    origin: Origin,
    defect: Option<&Defect>,
    frames: &mut Vec<Frame>,
) {
    let text = text.get(..range.end).unwrap_or(text);
    let mut opener = Opener {
        out,
        text,
        origin,
        frames,
    };
    let rest = opener.bundle(range.start, 0);
    if let Err((from, broken)) = rest {
        let defect = match defect {
            Some(defect) => defect.clone(),
            None => Defect::Broken {
                at: origin.offset_of(broken.at),
                fault: broken.fault,
            },
        };
        opener.bad(&(from..range.end), defect);
    }
}

/// Adds the frames of `entry`, of a Bundle that is streamed. It was read from `bytes`, a copy of which
/// lies in `text` at its origin.
pub(super) fn open_entry(
    out: &mut Out<'_>,
    text: &[u8],
    origin: Origin,
    (entry, bytes): (&Entry<'_>, &[u8]),
    info: &Arc<BundleInfo>,
    frames: &mut Vec<Frame>,
) {
    let entry = entry.moved(origin.at);
    let fate = entry.fate(bytes, 0, out.run.limits);
    Opener {
        out,
        text,
        origin,
        frames,
    }
    .entry(&entry, fate, 0, info);
}

struct Opener<'o, 'a, 't> {
    out: &'o mut Out<'a>,
    text: &'t [u8],
    origin: Origin,
    frames: &'o mut Vec<Frame>,
}

/// What a Bundle holds beside its entries, as far as it matters here.
#[derive(Default)]
struct Head {
    kind: BundleKind,
    entries_not_array: Option<Range<usize>>,
    has_next_page: bool,
    good_until: usize,
    entries: u64,
    hollow: u64,
    /// Hollow entries that are not told one by one: where the first of them begins and the last ends.
    more_hollow: Option<Range<usize>>,
}

/// Entries without resource that are told one by one. A Bundle may have millions of them.
const HOLLOW_MAX: u64 = 1000;

impl<'t> Opener<'_, '_, 't> {
    /// Frames the Bundle that begins at `start` and lies in `level` others. If it is not well-formed:
    /// from where on nothing was framed, and why.
    fn bundle(&mut self, start: usize, level: u32) -> Result<(), (usize, Broken)> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut head = Head {
            good_until: start,
            ..Head::default()
        };
        let mut cursor = Cursor::new(self.text, start);
        let walked = cursor
            .members(|cursor, name| head.member(cursor, name, &mut entries))
            .and_then(|()| if level == 0 { cursor.end() } else { Ok(()) });
        let fates = self.fates(&entries, level);
        let info = self.info(&head, &entries, &fates, start);
        self.notes(&head, &entries, walked.is_ok());
        let mut decided: Vec<_> = entries.iter().zip(fates).collect();
        if head.kind == BundleKind::History {
            // The newest entry comes first (R4 http.html#history); it is to be applied last.
            decided.reverse();
        }
        for (entry, fate) in decided {
            self.entry(entry, fate, level, &info);
        }
        if let Some(range) = &head.more_hollow {
            let count = head.hollow - HOLLOW_MAX;
            self.bad(range, Defect::MoreWithoutResource { count });
        }
        if let Some(range) = &head.entries_not_array {
            self.bad(range, Defect::EntriesNotAnArray);
        }
        walked.map_err(|broken| (head.good_until, broken))
    }

    fn fates<'e>(&self, entries: &'e [Entry<'t>], level: u32) -> Vec<Fate<'e>> {
        let bytes = |entry: &Entry<'t>| self.text.get(entry.range.clone()).unwrap_or_default();
        let limits = self.out.run.limits;
        entries
            .iter()
            .map(|entry| entry.fate(bytes(entry), level, limits))
            .collect()
    }

    fn info(
        &mut self,
        head: &Head,
        entries: &[Entry<'t>],
        fates: &[Fate<'_>],
        start: usize,
    ) -> Arc<BundleInfo> {
        let mut names = FullUrls::default();
        for (entry, fate) in entries.iter().zip(fates) {
            name(&mut names, entry, fate);
        }
        let number = self.out.bundle_number();
        let offset = self.origin.offset_of(start);
        Arc::new(BundleInfo {
            number,
            offset,
            kind: head.kind,
            names,
        })
    }

    fn notes(&mut self, head: &Head, entries: &[Entry<'t>], is_whole: bool) {
        if entries.is_empty() && is_whole && head.entries_not_array.is_none() {
            self.out.summary.note(Note::EmptyBundle);
        }
        if head.has_next_page {
            self.out.summary.note(Note::NextPage);
        }
    }

    fn entry(&mut self, entry: &Entry<'_>, fate: Fate<'_>, level: u32, info: &Arc<BundleInfo>) {
        if let Fate::Nested { range } = fate {
            // The entry was walked over already, so the Bundle in it is well-formed.
            let nested = self.bundle(range.start, level + 1);
            debug_assert!(nested.is_ok(), "{nested:?}");
            return;
        }
        let frame = frame(self.out, self.origin, entry, fate, info);
        self.frames.extend(frame);
    }

    fn bad(&mut self, range: &Range<usize>, defect: Defect) {
        let end = range
            .end
            .min(range.start.saturating_add(self.out.run.kept_bytes_max()));
        let kind = FrameKind::Bad(Box::new(defect));
        self.frames.push(
            self.origin
                .frame(&(range.start..end.max(range.start)), kind),
        );
    }
}

impl Head {
    fn add<'t>(&mut self, mut entry: Entry<'t>, entries: &mut Vec<Entry<'t>>) {
        entry.index = self.entries;
        self.entries += 1;
        let is_hollow = entry.is_hollow();
        self.hollow += u64::from(is_hollow);
        if is_hollow && self.hollow > HOLLOW_MAX {
            let start = self
                .more_hollow
                .as_ref()
                .map_or(entry.range.start, |range| range.start);
            self.more_hollow = Some(start..entry.range.end);
        } else {
            entries.push(entry);
        }
    }

    fn member<'t>(
        &mut self,
        cursor: &mut Cursor<'t>,
        name: &[u8],
        entries: &mut Vec<Entry<'t>>,
    ) -> Result<(), Broken> {
        match name {
            b"type" => {
                self.kind = BundleKind::parse(cursor.string()?.as_deref().unwrap_or_default());
            }
            b"link" => {
                let range = cursor.pass()?.range;
                self.has_next_page |= has_next_page(cursor.slice(&range));
            }
            b"entry" if matches!(cursor.peek(), Some((_, b'['))) => {
                let mut cut = cursor.at();
                let items = cursor.items(|cursor| {
                    cut = cursor.peek().map_or(cursor.at(), |(at, _)| at);
                    let entry = Entry::read(cursor)?;
                    cut = entry.range.end;
                    self.add(entry, entries);
                    Ok(())
                });
                self.good_until = cut;
                return items;
            }
            b"entry" => self.entries_not_array = Some(cursor.pass()?.range),
            _ => cursor.skip()?,
        }
        if !entries.is_empty() {
            self.good_until = cursor.at();
        }
        Ok(())
    }
}

/// Whether `link`, the links of a Bundle, has one to a next page.
pub(super) fn has_next_page(link: &[u8]) -> bool {
    memchr::memmem::find(link, b"\"next\"").is_some()
}

/// Remembers what the fullUrl of `entry` stands for.
pub(super) fn name(names: &mut FullUrls, entry: &Entry<'_>, fate: &Fate<'_>) {
    if let (
        Some(full_url),
        Fate::Resource {
            resource_type,
            id: Some(id),
            ..
        },
    ) = (&entry.full_url, fate)
    {
        names.insert(full_url, resource_type, id);
    }
}

/// The frame of an entry that holds no Bundle; nothing if it is left out.
pub(super) fn frame(
    out: &mut Out<'_>,
    origin: Origin,
    entry: &Entry<'_>,
    fate: Fate<'_>,
    bundle: &Arc<BundleInfo>,
) -> Option<Frame> {
    let (bundle, index) = (Arc::clone(bundle), entry.index);
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
    let (last_modified, version) = (owned(&entry.last_modified), entry.version());
    match fate {
        Fate::Resource { range, .. } => {
            let (full_url, url) = (owned(&entry.full_url), owned(&entry.url));
            let method = entry.method;
            let info = EntryInfo {
                bundle,
                index,
                full_url,
                method,
                url,
                last_modified,
                version,
            };
            Some(origin.frame(&range, FrameKind::Entry(Box::new(info))))
        }
        Fate::Delete { resource_type, id } => {
            let (resource_type, id) = (resource_type.to_owned(), id.to_owned());
            let info = DeleteInfo {
                bundle,
                index,
                resource_type,
                id,
                last_modified,
                version,
            };
            Some(origin.frame(&entry.range, FrameKind::Delete(Box::new(info))))
        }
        Fate::LeftOut(note) => {
            out.summary.note(note);
            None
        }
        Fate::Bad(defect) => {
            let kept = entry.range.len().min(out.run.kept_bytes_max());
            let range = entry.range.start..entry.range.start + kept;
            let defect = match defect {
                Defect::TooLong {
                    what, length, max, ..
                } => Defect::TooLong {
                    what,
                    length,
                    max,
                    kept: kept as u64,
                },
                other => other,
            };
            Some(origin.frame(&range, FrameKind::Bad(Box::new(defect))))
        }
        Fate::Nested { .. } => None,
    }
}
