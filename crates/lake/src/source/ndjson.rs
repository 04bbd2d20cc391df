//! NDJSON: one resource or one Bundle a line.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem, memrchr};

use super::bundle;
use super::cursor;
use super::defect::{Defect, JsonKind, Unit};
use super::error::SourceError;
use super::frame::{Chunk, Frame, FrameKind};
use super::run::{CHUNK_BYTES, FRAMES_MAX, Origin, Out};
use super::window::Window;

/// Reads lines to the end of the source.
pub(super) fn read(window: &mut Window<'_>, out: &mut Out<'_>) -> Result<(), SourceError> {
    loop {
        window.fill_to(CHUNK_BYTES)?;
        let text = window.unread();
        let lines_end = match memrchr(b'\n', text) {
            // A last line without a line end is a line; but not if the source broke off in it.
            _ if window.ended() && window.defect().is_none() => text.len(),
            Some(last) => last + 1,
            None => 0,
        };
        if lines_end > 0 {
            let offset = window.offset();
            lines(window.take(lines_end), offset, out)?;
        } else if window.ended() {
            return Ok(());
        } else if text.len() > out.run.limits.line_bytes_max {
            long_line(window, out)?;
        } else {
            window.fill_more()?;
        }
    }
}

/// Frames a text of whole lines and hands it on: as one chunk, or more if the lines are tiny.
fn lines(mut text: Vec<u8>, mut offset: u64, out: &mut Out<'_>) -> Result<(), SourceError> {
    while !text.is_empty() {
        let origin = Origin { at: 0, offset };
        let (frames, until) = Lines {
            text: &text,
            origin,
            out,
        }
        .frames();
        let rest = text.split_off(until);
        out.send(Chunk { text, frames })?;
        offset += until as u64;
        text = rest;
    }
    Ok(())
}

/// Passes over a line that is too long to be held, and keeps its beginning.
fn long_line(window: &mut Window<'_>, out: &mut Out<'_>) -> Result<(), SourceError> {
    let offset = window.offset();
    let beginning = window
        .unread()
        .get(..out.run.kept_bytes_max())
        .unwrap_or(window.unread());
    let beginning = beginning.to_vec();
    let mut length = 0_u64;
    loop {
        let text = window.unread();
        if let Some(end) = memchr(b'\n', text) {
            length += end as u64;
            window.skip(end + 1);
            break;
        }
        let count = text.len();
        length += count as u64;
        window.skip(count);
        if window.ended() {
            break;
        }
        window.fill_more()?;
    }
    out.summary.lines += 1;
    let defect = too_long(out, Unit::Line, length, beginning.len());
    out.add_bad(&beginning, offset, defect)?;
    out.flush()
}

pub(super) fn too_long(out: &Out<'_>, what: Unit, length: u64, kept: usize) -> Defect {
    let max = out.run.limits.line_bytes_max as u64;
    Defect::TooLong {
        what,
        length,
        max,
        kept: kept as u64,
    }
}

/// Text that consists of whole lines.
struct Lines<'l, 'o, 'a> {
    text: &'l [u8],
    origin: Origin,
    out: &'o mut Out<'a>,
}

impl Lines<'_, '_, '_> {
    /// The frames, and up to where: all of the text unless there are too many.
    fn frames(mut self) -> (Vec<Frame>, usize) {
        let checks = Checks {
            utf8: std::str::from_utf8(self.text).is_err(),
            nul: memchr(0, self.text).is_some(),
            bundle: memmem::find(self.text, b"\"Bundle\"").is_some(),
        };
        // Synthea's lines have about 1 KiB.
        let mut frames = Vec::with_capacity(self.text.len() / 1024);
        let mut start = 0;
        for end in memchr_iter(b'\n', self.text).chain(std::iter::once(self.text.len())) {
            self.line(start..end, checks, &mut frames);
            start = end + 1;
            if frames.len() >= FRAMES_MAX {
                break;
            }
        }
        (frames, start.min(self.text.len()))
    }

    fn line(&mut self, line: Range<usize>, checks: Checks, frames: &mut Vec<Frame>) {
        let Some(line) = trim(self.text, line) else {
            return;
        };
        self.out.summary.lines += 1;
        let bytes = self.text.get(line.clone()).unwrap_or_default();
        if bytes.len() > self.out.run.limits.line_bytes_max {
            let kept = bytes.len().min(self.out.run.kept_bytes_max());
            let defect = too_long(self.out, Unit::Line, bytes.len() as u64, kept);
            frames.push(self.origin.frame(
                &(line.start..line.start + kept),
                FrameKind::Bad(Box::new(defect)),
            ));
            return;
        }
        if checks.bundle && is_bundle(bytes) {
            bundle::open(self.out, self.text, &line, self.origin, frames);
            return;
        }
        let kind = match defect(bytes, checks) {
            None => FrameKind::Line,
            Some(defect) => FrameKind::Bad(Box::new(defect)),
        };
        frames.push(self.origin.frame(&line, kind));
    }
}

/// What a text has somewhere, so that each of its lines must be looked at.
#[derive(Debug, Clone, Copy)]
struct Checks {
    utf8: bool,
    nul: bool,
    bundle: bool,
}

/// Whether `bytes` is, or begins as, an object with `resourceType` Bundle.
pub(super) fn is_bundle(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"\"Bundle\"").is_some()
        && cursor::resource_type(bytes).is_some_and(|name| name == "Bundle")
}

/// The line without white space around it and without a byte order mark; nothing if it is blank.
fn trim(text: &[u8], line: Range<usize>) -> Option<Range<usize>> {
    let bytes = text.get(line.clone())?;
    let bytes = bytes.trim_ascii_end();
    let end = line.start + bytes.len();
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    (!bytes.is_empty()).then(|| end - bytes.len()..end)
}

fn defect(line: &[u8], checks: Checks) -> Option<Defect> {
    if checks.utf8
        && let Err(error) = std::str::from_utf8(line)
    {
        return Some(Defect::NotUtf8 {
            what: Unit::Line,
            at: error.valid_up_to() as u64,
        });
    }
    if checks.nul
        && let Some(at) = memchr(0, line)
    {
        return Some(Defect::Nul {
            what: Unit::Line,
            at: at as u64,
        });
    }
    match line.first() {
        Some(b'{') => None,
        _ => Some(no_object(line)),
    }
}

/// The defect of a value or other text that is no object.
pub(super) fn no_object(text: &[u8]) -> Defect {
    let kind = text.first().and_then(|first| JsonKind::of(*first));
    match kind {
        Some(found) if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() => {
            Defect::NotAnObject { found }
        }
        Some(JsonKind::Array) => Defect::NotAnObject {
            found: JsonKind::Array,
        },
        _ => {
            let text = String::from_utf8_lossy(text.get(..64).unwrap_or(text));
            Defect::NotJson {
                found: text.chars().take(16).collect(),
            }
        }
    }
}
