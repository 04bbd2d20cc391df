//! Any source as NDJSON: resources of files, arrays and Bundles, one in a line, as they are found.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use salus_base::{Cancel, Limits};
use salus_lake::source::{Chunk, FrameKind, Input, SourceError, read};

use crate::error::CliError;

/// Pieces of text that wait to be read.
const WAITING: usize = 4;

/// Reads a source on a thread of its own and gives its resources as lines.
pub struct ResourceLines<'s> {
    pieces: Receiver<Vec<u8>>,
    bad: &'s AtomicU64,
}

impl ResourceLines<'_> {
    /// Calls `job` with the lines of a source. What is no resource is counted and left out.
    ///
    /// # Errors
    /// When the source cannot be read. A reader that stops early is no error.
    pub fn scope<T>(
        input: &Input,
        limits: &Limits,
        cancel: &Cancel,
        job: impl FnOnce(&mut ResourceLines<'_>) -> T,
    ) -> Result<T, CliError> {
        let bad = AtomicU64::new(0);
        std::thread::scope(|scope| {
            let (sender, pieces) = sync_channel(WAITING);
            let counted = &bad;
            let reader = scope.spawn(move || {
                let mut sink = |chunk: Chunk| give(chunk, &sender, counted);
                read(input, limits, cancel, &|_| {}, &mut sink)
            });
            let mut lines = ResourceLines { pieces, bad: &bad };
            let done = job(&mut lines);
            drop(lines);
            match reader.join() {
                Ok(Err(error)) if !is_gone(&error) => Err(error.into()),
                Ok(_) => Ok(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Pieces that are no resource, so far.
    pub fn bad(&self) -> u64 {
        self.bad.load(Ordering::Relaxed)
    }
}

/// Nobody reads on.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads on")]
struct Gone;

fn is_gone(error: &SourceError) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<Gone>())
}

/// Passes the resources of a chunk on as lines.
fn give(chunk: Chunk, sender: &SyncSender<Vec<u8>>, bad: &AtomicU64) -> Result<(), SourceError> {
    let piece = match is_lines(&chunk) {
        true => chunk.text,
        false => lines(&chunk, bad),
    };
    sender.send(piece).map_err(|_| SourceError::sink(Gone))
}

/// Whether the text of a chunk is what is wanted of it: resources in lines and nothing else.
fn is_lines(chunk: &Chunk) -> bool {
    let is_space = |range: std::ops::Range<usize>| {
        let between = chunk.text.get(range).unwrap_or_default();
        between.iter().all(|byte| *byte == b'\n')
    };
    let mut end = 0;
    for frame in &chunk.frames {
        if !matches!(frame.kind, FrameKind::Line) || !is_space(end..frame.start as usize) {
            return false;
        }
        end = frame.end as usize;
    }
    is_space(end..chunk.text.len())
}

/// The resources of a chunk as lines. A line end inside a resource is white space between its parts, since JSON has
/// none inside strings.
fn lines(chunk: &Chunk, bad: &AtomicU64) -> Vec<u8> {
    let mut piece = Vec::with_capacity(chunk.text.len() + chunk.frames.len());
    for frame in &chunk.frames {
        let is_line = match &frame.kind {
            FrameKind::Line => true,
            FrameKind::Whole | FrameKind::Element | FrameKind::Entry(_) => false,
            FrameKind::Delete(_) => continue,
            FrameKind::Bad(_) => {
                bad.fetch_add(1, Ordering::Relaxed);
                continue;
            }
        };
        let bytes = chunk.bytes(frame);
        match is_line {
            true => piece.extend_from_slice(bytes),
            false => piece.extend(bytes.iter().map(|byte| match byte {
                b'\n' | b'\r' => b' ',
                other => *other,
            })),
        }
        piece.push(b'\n');
    }
    piece
}

impl Iterator for ResourceLines<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.pieces.recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use salus_lake::source::Frame;

    use super::*;

    fn chunk(text: &str, frames: &[(u32, u32, FrameKind)]) -> Chunk {
        let frames = frames.iter().map(|(start, end, kind)| Frame {
            start: *start,
            end: *end,
            offset: u64::from(*start),
            kind: match kind {
                FrameKind::Line => FrameKind::Line,
                _ => FrameKind::Whole,
            },
        });
        Chunk {
            text: text.as_bytes().to_vec(),
            frames: frames.collect(),
        }
    }

    #[test]
    fn lines_alone_are_passed_on_as_they_are_and_others_are_made() {
        let line = || FrameKind::Line;
        assert!(is_lines(&chunk(
            "{}\n\n{}\n",
            &[(0, 2, line()), (4, 6, line())]
        )));
        let counted = AtomicU64::new(0);
        for (text, frames) in [
            ("{}\r\n{}", vec![(0, 2, line()), (4, 6, line())]),
            ("{}\nx\n{}", vec![(0, 2, line()), (5, 7, line())]),
            ("{}\n{}x", vec![(0, 2, line()), (3, 5, line())]),
            ("{}\n{\n}", vec![(0, 2, line()), (3, 6, FrameKind::Whole)]),
        ] {
            let chunk = chunk(text, &frames);
            assert!(!is_lines(&chunk), "{text}");
            let made = String::from_utf8(lines(&chunk, &counted)).unwrap();
            assert!(made == "{}\n{}\n" || made == "{}\n{ }\n", "{made}");
        }
    }
}
