//! Any source as NDJSON: resources of files, arrays and Bundles, one in a line, as they are found.

use std::io::{self, Read};
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
    piece: Vec<u8>,
    at: usize,
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
                let mut sink = |chunk: Chunk| give(&chunk, &sender, counted);
                read(input, limits, cancel, &|_| {}, &mut sink)
            });
            let mut lines = ResourceLines {
                pieces,
                piece: Vec::new(),
                at: 0,
                bad: &bad,
            };
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

/// The resources of a chunk as lines. A line end inside a resource is white space between its parts, since JSON has
/// none inside strings.
fn give(chunk: &Chunk, sender: &SyncSender<Vec<u8>>, bad: &AtomicU64) -> Result<(), SourceError> {
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
    sender.send(piece).map_err(|_| SourceError::sink(Gone))
}

impl Read for ResourceLines<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.piece.len() {
            match self.pieces.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let mut rest = self.piece.get(self.at..).unwrap_or_default();
        let read = rest.read(out)?;
        self.at += read;
        Ok(read)
    }
}
