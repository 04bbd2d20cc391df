//! What every step of reading one source needs to know, and where its chunks go.

use std::cell::Cell;

use salus_base::{Cancel, Limits};

use super::QUARANTINE_BYTES_MAX;
use super::defect::Defect;
use super::error::SourceError;
use super::frame::{Chunk, Frame, FrameKind};
use super::summary::SourceSummary;

/// Bytes of text that make a chunk full. Few in unit tests, so that every place in a text is once the
/// last of a chunk.
pub(super) const CHUNK_BYTES: usize = if cfg!(test) { 256 } else { 4 << 20 };

/// Frames that make a chunk full: tiny bad pieces would else take more memory than their text.
pub(super) const FRAMES_MAX: usize = if cfg!(test) { 3 } else { 64 << 10 };

/// The reading of one source.
pub(super) struct Run<'a> {
    pub(super) name: &'a str,
    pub(super) limits: &'a Limits,
    cancel: &'a Cancel,
    progress: &'a dyn Fn(u64),
    reported: Cell<u64>,
    pass: Cell<Pass>,
}

/// How far a byte read counts towards the progress.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pass {
    /// The source is read once.
    Only,
    /// Read for the first time of two.
    First,
    /// Read for the second time, when the first had so many bytes.
    Second(u64),
    /// A copy is read; the source was read before.
    Copy,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        name: &'a str,
        limits: &'a Limits,
        cancel: &'a Cancel,
        progress: &'a dyn Fn(u64),
    ) -> Self {
        let (reported, pass) = (Cell::new(0), Cell::new(Pass::Only));
        Self {
            name,
            limits,
            cancel,
            progress,
            reported,
            pass,
        }
    }

    pub(super) fn pass(&self, pass: Pass) {
        self.pass.set(pass);
    }

    /// Tells the progress, and fails if the user wants to stop.
    pub(super) fn tick(&self, read: u64) -> Result<(), SourceError> {
        if self.cancel.is_cancelled() {
            return Err(SourceError::Cancelled {
                name: self.name.to_owned(),
            });
        }
        let read = match self.pass.get() {
            Pass::Only => read,
            Pass::Copy => 0,
            Pass::First => read / 2,
            Pass::Second(all) => (all / 2).saturating_add(read.div_ceil(2)).min(all),
        };
        if read > self.reported.get() {
            self.reported.set(read);
            (self.progress)(read);
        }
        Ok(())
    }

    /// How many bytes of something too long are kept.
    pub(super) fn kept_bytes_max(&self) -> usize {
        QUARANTINE_BYTES_MAX.min(self.limits.quarantine_bytes_max)
    }

    pub(super) fn spool_error(&self, source: std::io::Error) -> SourceError {
        SourceError::Spool {
            name: self.name.to_owned(),
            source,
        }
    }

    pub(super) fn read_error(&self, source: std::io::Error) -> SourceError {
        SourceError::Read {
            name: self.name.to_owned(),
            source,
        }
    }
}

/// Takes text and frames and hands them on as chunks.
pub(super) struct Out<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) summary: SourceSummary,
    sink: &'a mut dyn FnMut(Chunk) -> Result<(), SourceError>,
    text: Vec<u8>,
    frames: Vec<Frame>,
}

/// Where a piece of the source lies: in the text of a chunk, and in the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) at: usize,
    pub(super) offset: u64,
}

impl Origin {
    /// The offset in the source of the byte that lies at `at` in the text.
    pub(super) fn offset_of(self, at: usize) -> u64 {
        self.offset + at.saturating_sub(self.at) as u64
    }

    /// A frame over `range` of the text.
    pub(super) fn frame(self, range: &std::ops::Range<usize>, kind: FrameKind) -> Frame {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (start, end) = (place(range.start), place(range.end));
        Frame {
            start,
            end,
            offset: self.offset_of(range.start),
            kind,
        }
    }
}

impl<'a> Out<'a> {
    pub(super) fn new(
        run: &'a Run<'a>,
        sink: &'a mut dyn FnMut(Chunk) -> Result<(), SourceError>,
    ) -> Self {
        let summary = SourceSummary::default();
        Self {
            run,
            summary,
            sink,
            text: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// Whether nothing was handed on or added so far.
    pub(super) fn is_untouched(&self) -> bool {
        let summary = &self.summary;
        self.frames.is_empty() && summary.resources + summary.deletes + summary.bad == 0
    }

    /// The number of a Bundle that is opened now.
    pub(super) fn bundle_number(&mut self) -> u32 {
        let number = u32::try_from(self.summary.bundles).unwrap_or(u32::MAX);
        self.summary.bundles += 1;
        number
    }

    /// Hands on a chunk that is complete.
    pub(super) fn send(&mut self, chunk: Chunk) -> Result<(), SourceError> {
        self.run.tick(0)?;
        for frame in &chunk.frames {
            let count = match frame.kind {
                FrameKind::Bad(_) => &mut self.summary.bad,
                FrameKind::Delete(_) => &mut self.summary.deletes,
                _ => &mut self.summary.resources,
            };
            *count += 1;
        }
        if chunk.frames.is_empty() {
            Ok(())
        } else {
            (self.sink)(chunk)
        }
    }

    /// Adds text to the chunk that is being filled; `frames` marks what is in it.
    pub(super) fn add(
        &mut self,
        bytes: &[u8],
        offset: u64,
        frames: impl FnOnce(&mut Self, &[u8], Origin) -> Vec<Frame>,
    ) -> Result<(), SourceError> {
        let origin = Origin {
            at: self.text.len(),
            offset,
        };
        let mut text = std::mem::take(&mut self.text);
        text.extend_from_slice(bytes);
        let mut frames = frames(self, &text, origin);
        self.text = text;
        self.frames.append(&mut frames);
        if self.text.len() >= CHUNK_BYTES || self.frames.len() >= FRAMES_MAX {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Adds a bad piece, or as much of it as is kept.
    pub(super) fn add_bad(
        &mut self,
        bytes: &[u8],
        offset: u64,
        defect: Defect,
    ) -> Result<(), SourceError> {
        let kept = bytes.get(..self.run.kept_bytes_max()).unwrap_or(bytes);
        self.add(kept, offset, |_, text, origin| {
            vec![origin.frame(&(origin.at..text.len()), FrameKind::Bad(Box::new(defect)))]
        })
    }

    /// Hands on what was added.
    pub(super) fn flush(&mut self) -> Result<(), SourceError> {
        let text = std::mem::take(&mut self.text);
        let frames = std::mem::take(&mut self.frames);
        self.send(Chunk { text, frames })
    }
}
