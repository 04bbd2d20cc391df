//! What is too large to lie in memory: JSON arrays, item by item, and giant Bundles, entry by entry.
//!
//! A Bundle is read twice: first to learn its type and what its fullUrls stand for, then to hand
//! over its entries. Both times only one entry lies in memory.

use std::sync::Arc;

use salus_base::Limits;

use super::bundle;
use super::cursor::{self, Cursor};
use super::defect::{Defect, Unit};
use super::document;
use super::entry::Entry;
use super::error::SourceError;
use super::frame::{BundleInfo, BundleKind, FrameKind};
use super::names::FullUrls;
use super::ndjson::too_long;
use super::pull::{Captured, Puller, Stop, resynchronise};
use super::run::{Out, Run};
use super::scan::ValueScan;
use super::summary::Note;
use super::window::Window;

/// What the first pass learned of one document.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// By its `resourceType`, if one was seen.
    is_bundle: Option<bool>,
    kind: BundleKind,
    names: FullUrls,
    entries: u64,
    has_next_page: bool,
    /// Where the next document is looked for.
    next: u64,
}

/// Reads the array that comes next in the window.
pub(super) fn array(window: &mut Window<'_>, out: &mut Out<'_>) -> Result<(), SourceError> {
    let mut puller = Puller::new(window, out.run.limits.line_bytes_max);
    let walked = puller.items(|puller| item(puller, out));
    match walked {
        Ok(()) => {
            if out.is_untouched() {
                out.summary.note(Note::EmptySource);
            }
            if puller.peek()?.is_some() {
                rest(window, out, Defect::AfterArray)?;
            }
            Ok(())
        }
        Err(Stop::Source(error)) => Err(error),
        Err(Stop::Broken { at, fault }) => {
            let source = window.take_defect(fault);
            rest(window, out, source.unwrap_or(Defect::Broken { at, fault }))
        }
    }
}

fn item(puller: &mut Puller<'_, '_>, out: &mut Out<'_>) -> Result<(), Stop> {
    match puller.capture()? {
        Captured::Whole { length, depth } => {
            let bytes = puller.window.unread().get(..length).unwrap_or_default();
            let offset = puller.window.offset();
            document::document(out, bytes, offset, depth, (Unit::Item, FrameKind::Element))?;
            puller.window.skip(length);
            Ok(())
        }
        Captured::Long { scan, seen } => long(puller, out, Unit::Item, scan, seen),
    }
}

/// Takes a value that is too long, and keeps its beginning.
fn long(
    puller: &mut Puller<'_, '_>,
    out: &mut Out<'_>,
    what: Unit,
    scan: ValueScan,
    seen: usize,
) -> Result<(), Stop> {
    let offset = puller.window.offset();
    let text = puller.window.unread();
    let beginning = text
        .get(..out.run.kept_bytes_max())
        .unwrap_or(text)
        .to_vec();
    let length = puller.pass_long(scan, seen)?;
    let kept = beginning
        .len()
        .min(usize::try_from(length).unwrap_or(usize::MAX));
    let defect = too_long(out, what, length, kept);
    out.add_bad(beginning.get(..kept).unwrap_or_default(), offset, defect)?;
    Ok(())
}

/// Gives up what is left of the source.
fn rest(window: &mut Window<'_>, out: &mut Out<'_>, defect: Defect) -> Result<(), SourceError> {
    window.fill_to(out.run.kept_bytes_max())?;
    out.add_bad(window.unread(), window.offset(), defect)?;
    window.skip_to(u64::MAX)
}

/// First pass: learns what is needed of each document to the end of the source.
pub(super) fn survey(window: &mut Window<'_>, run: &Run<'_>) -> Result<Vec<Survey>, SourceError> {
    let mut surveys = Vec::new();
    loop {
        let mut puller = Puller::new(window, run.limits.line_bytes_max);
        if puller.peek()?.is_none() {
            return Ok(surveys);
        }
        let mut survey = Survey::default();
        match survey.document(&mut puller, run.limits) {
            Ok(()) => {}
            Err(Stop::Broken { at, .. }) => {
                // As `cursor::was_to_be_bundle` says.
                survey.is_bundle.get_or_insert(survey.entries > 0);
                resynchronise(window, at)?;
            }
            Err(Stop::Source(error)) => return Err(error),
        }
        survey.next = window.offset();
        surveys.push(survey);
    }
}

impl Survey {
    fn document(&mut self, puller: &mut Puller<'_, '_>, limits: &Limits) -> Result<(), Stop> {
        if puller.peek()? != Some(b'{') {
            return puller.pass();
        }
        puller.members(|puller, name| match name {
            b"resourceType" => {
                let resource_type = string(puller)?;
                self.is_bundle = Some(resource_type.as_deref() == Some("Bundle"));
                Ok(())
            }
            b"type" => {
                self.kind = BundleKind::parse(string(puller)?.as_deref().unwrap_or_default());
                Ok(())
            }
            b"link" => {
                if let Captured::Whole { length, .. } = puller.capture()? {
                    let link = puller.window.unread().get(..length).unwrap_or_default();
                    self.has_next_page |= bundle::has_next_page(link);
                }
                puller.pass()
            }
            b"entry" if puller.peek()? == Some(b'[') => {
                puller.items(|puller| self.entry(puller, limits))
            }
            _ => puller.pass(),
        })
    }

    fn entry(&mut self, puller: &mut Puller<'_, '_>, limits: &Limits) -> Result<(), Stop> {
        self.entries += 1;
        let names = &mut self.names;
        let long = with_entry(puller, 0, |entry, bytes, _| {
            let fate = entry.fate(bytes, 0, limits);
            bundle::name(names, entry, &fate);
        })?;
        if let Some((scan, seen)) = long {
            puller.pass_long(scan, seen)?;
        }
        Ok(())
    }
}

/// Takes the entry that comes next, number `index`, and lets it be seen, with its bytes and offset. If it is too long
/// it is not taken, and how far it was scanned is given back.
fn with_entry(
    puller: &mut Puller<'_, '_>,
    index: u64,
    see: impl FnOnce(&Entry<'_>, &[u8], u64),
) -> Result<Option<(ValueScan, usize)>, Stop> {
    puller.peek()?;
    let offset = puller.window.offset();
    let mut text = puller.window.unread();
    let mut read = Entry::read(&mut Cursor::new(text, 0));
    if !matches!(&read, Ok(entry) if entry.range.end < text.len()) {
        // Most likely it does not lie in the window to its end.
        let length = match puller.capture()? {
            Captured::Long { scan, seen } => return Ok(Some((scan, seen))),
            Captured::Whole { length, .. } => length,
        };
        text = puller.window.unread().get(..length).unwrap_or_default();
        read = Entry::read(&mut Cursor::new(text, 0));
    }
    let Ok(mut entry) = read else { return Ok(None) };
    entry.index = index;
    let length = entry.range.end;
    see(&entry, text.get(..length).unwrap_or_default(), offset);
    puller.window.skip(length);
    Ok(None)
}

/// Takes the next value and gives its text if it is a string that is not too long.
fn string(puller: &mut Puller<'_, '_>) -> Result<Option<String>, Stop> {
    let Captured::Whole { length, .. } = puller.capture()? else {
        puller.pass()?;
        return Ok(None);
    };
    let bytes = puller.window.unread().get(..length).unwrap_or_default();
    let text = cursor::string_of(bytes).map(|text| text.into_owned());
    puller.window.skip(length);
    Ok(text)
}

/// Second pass: hands over the documents that were surveyed.
pub(super) fn emit(
    window: &mut Window<'_>,
    out: &mut Out<'_>,
    surveys: Vec<Survey>,
) -> Result<(), SourceError> {
    for survey in surveys {
        let next = survey.next;
        let mut puller = Puller::new(window, out.run.limits.line_bytes_max);
        puller.peek()?;
        let emitted = if survey.is_bundle == Some(true) {
            stream_bundle(&mut puller, out, survey)
        } else {
            plain_document(&mut puller, out)
        };
        match emitted {
            Ok(()) => {}
            Err(Stop::Source(error)) => return Err(error),
            Err(Stop::Broken { at, fault }) => {
                let source = window.take_defect(fault);
                let defect = source.unwrap_or(Defect::Broken { at, fault });
                let text = window.unread();
                let length = usize::try_from(next.saturating_sub(window.offset()));
                let text = text.get(..length.unwrap_or(usize::MAX)).unwrap_or(text);
                out.add_bad(text, window.offset(), defect)?;
            }
        }
        window.skip_to(next)?;
    }
    // White space, up to the end or to where the source breaks off.
    window.skip_to(u64::MAX)
}

fn plain_document(puller: &mut Puller<'_, '_>, out: &mut Out<'_>) -> Result<(), Stop> {
    match puller.capture()? {
        Captured::Whole { length, depth } => {
            document::whole(puller.window, out, length, depth)?;
            Ok(())
        }
        Captured::Long { scan, seen } => long(puller, out, Unit::Document, scan, seen),
    }
}

fn stream_bundle(
    puller: &mut Puller<'_, '_>,
    out: &mut Out<'_>,
    survey: Survey,
) -> Result<(), Stop> {
    let Survey {
        kind,
        names,
        entries,
        has_next_page,
        ..
    } = survey;
    let (number, offset) = (out.bundle_number(), puller.window.offset());
    let info = Arc::new(BundleInfo {
        number,
        offset,
        kind,
        names,
    });
    let notes = [
        (entries == 0, Note::EmptyBundle),
        (has_next_page, Note::NextPage),
        (kind == BundleKind::History, Note::HistoryNewestFirst),
    ];
    for (_, note) in notes.into_iter().filter(|(is_so, _)| *is_so) {
        out.summary.note(note);
    }
    let mut index = 0;
    puller.members(|puller, name| match name {
        b"entry" if puller.peek()? == Some(b'[') => puller.items(|puller| {
            let result = stream_entry(puller, out, index, &info);
            index += 1;
            result
        }),
        b"entry" => {
            let text = puller.window.unread();
            let text = text.get(..out.run.kept_bytes_max()).unwrap_or(text);
            out.add_bad(text, puller.window.offset(), Defect::EntriesNotAnArray)?;
            puller.pass()
        }
        _ => puller.pass(),
    })
}

fn stream_entry(
    puller: &mut Puller<'_, '_>,
    out: &mut Out<'_>,
    index: u64,
    info: &Arc<BundleInfo>,
) -> Result<(), Stop> {
    let mut added = Ok(());
    let long_entry = with_entry(puller, index, |entry, bytes, offset| {
        added = out.add(bytes, offset, |out, text, origin| {
            let mut frames = Vec::new();
            bundle::open_entry(out, text, origin, (entry, bytes), info, &mut frames);
            frames
        });
    })?;
    added?;
    match long_entry {
        None => Ok(()),
        Some((scan, seen)) => long(puller, out, Unit::Entry, scan, seen),
    }
}
