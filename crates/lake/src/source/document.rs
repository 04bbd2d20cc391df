//! JSON documents, each small enough to lie in memory: resources and Bundles, pretty-printed or not.

use super::bundle;
use super::cursor;
use super::defect::{Defect, Unit};
use super::entry::not_text;
use super::error::SourceError;
use super::frame::FrameKind;
use super::ndjson::{is_bundle, no_object};
use super::pull::{Captured, Puller, Stop, resynchronise};
use super::run::Out;
use super::scan::Fault;
use super::window::Window;

/// How far the documents of a source were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// All.
    All,
    /// All before one that is too large to be held; the window stands at its beginning.
    UpToLarge,
}

/// Reads document after document.
pub(super) fn read(window: &mut Window<'_>, out: &mut Out<'_>) -> Result<Read, SourceError> {
    let bytes_max = out.run.limits.line_bytes_max;
    loop {
        let mut puller = Puller::new(window, bytes_max);
        if puller.peek()?.is_none() {
            return Ok(Read::All);
        }
        match puller.capture() {
            Ok(Captured::Whole { length, depth }) => whole(window, out, length, depth)?,
            Ok(Captured::Long { .. }) => return Ok(Read::UpToLarge),
            Err(Stop::Broken { at, fault }) => {
                let depth = puller.deepest();
                broken(window, out, (at, fault), depth)?;
            }
            Err(Stop::Source(error)) => return Err(error),
        }
    }
}

/// Frames the document that is the next `length` bytes of the window.
pub(super) fn whole(
    window: &mut Window<'_>,
    out: &mut Out<'_>,
    length: usize,
    depth: u32,
) -> Result<(), SourceError> {
    let bytes = window.unread().get(..length).unwrap_or_default();
    document(
        out,
        bytes,
        window.offset(),
        depth,
        (Unit::Document, FrameKind::Whole),
    )?;
    window.skip(length);
    Ok(())
}

/// Frames one complete value that stands where a resource is expected.
pub(super) fn document(
    out: &mut Out<'_>,
    bytes: &[u8],
    offset: u64,
    depth: u32,
    (what, kind): (Unit, FrameKind),
) -> Result<(), SourceError> {
    if bytes.first() != Some(&b'{') {
        return out.add_bad(bytes, offset, no_object(bytes));
    }
    if is_bundle(bytes) {
        return out.add(bytes, offset, |out, text, origin| {
            let mut frames = Vec::new();
            bundle::open(out, text, &(origin.at..text.len()), origin, &mut frames);
            frames
        });
    }
    let max = u32::try_from(out.run.limits.json_depth_max).unwrap_or(u32::MAX);
    let defect =
        not_text(bytes, what).or_else(|| (depth > max).then_some(Defect::TooDeep { depth, max }));
    match defect {
        Some(defect) => out.add_bad(bytes, offset, defect),
        None => out.add(bytes, offset, |_, text, origin| {
            vec![origin.frame(&(origin.at..text.len()), kind)]
        }),
    }
}

/// Frames what can be used of a document that breaks off or is not well-formed at byte `at` of the
/// source.
fn broken(
    window: &mut Window<'_>,
    out: &mut Out<'_>,
    (at, fault): (u64, Fault),
    depth: u32,
) -> Result<(), SourceError> {
    let offset = window.offset();
    let source = window.take_defect(fault);
    let from = usize::try_from(at - offset)
        .unwrap_or(usize::MAX)
        .saturating_sub(1);
    let text = window.unread();
    let next = memchr::memmem::find(text.get(from..).unwrap_or_default(), b"\n{");
    let bytes = text
        .get(..next.map_or(text.len(), |next| from + next))
        .unwrap_or(text);
    if cursor::was_to_be_bundle(bytes) {
        out.add(bytes, offset, |out, text, origin| {
            let mut frames = Vec::new();
            let range = origin.at..text.len();
            bundle::open_with(out, text, &range, origin, source.as_ref(), &mut frames);
            frames
        })?;
    } else {
        let max = u32::try_from(out.run.limits.json_depth_max).unwrap_or(u32::MAX);
        let defect = match source {
            Some(defect) => defect,
            None if depth > max => Defect::TooDeep { depth, max },
            None => Defect::Broken { at, fault },
        };
        out.add_bad(bytes, offset, defect)?;
    }
    resynchronise(window, at)?;
    Ok(())
}
