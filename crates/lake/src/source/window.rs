//! The decompressed text of a source, as much of it as is looked at now.

use std::io;

use super::decode::{Decoder, Pulled};
use super::defect::Defect;
use super::error::SourceError;
use super::run::{CHUNK_BYTES, Run};
use super::scan::Fault;
use super::summary::Compression;

/// Decompressed bytes asked for at once.
const STEP_BYTES: usize = if cfg!(test) { 24 } else { 512 << 10 };

/// Text that was decompressed and not yet taken.
pub(super) struct Window<'a> {
    run: &'a Run<'a>,
    decoder: Option<Decoder>,
    text: Vec<u8>,
    from: usize,
    offset: u64,
    ended: bool,
    defect: Option<Defect>,
    trailer: Option<(Defect, Vec<u8>)>,
}

impl<'a> Window<'a> {
    pub(super) fn new(run: &'a Run<'a>, decoder: Decoder) -> Self {
        let (text, decoder) = (Vec::new(), Some(decoder));
        Self {
            run,
            decoder,
            text,
            from: 0,
            offset: 0,
            ended: false,
            defect: None,
            trailer: None,
        }
    }

    /// A window over a copy of the rest of a source that began at `offset` and ended with `defect`.
    pub(super) fn over_copy(
        run: &'a Run<'a>,
        decoder: Decoder,
        offset: u64,
        defect: Option<Defect>,
    ) -> Self {
        Self {
            offset,
            defect,
            ..Self::new(run, decoder)
        }
    }

    /// The text that lies ready.
    pub(super) fn unread(&self) -> &[u8] {
        self.text.get(self.from..).unwrap_or_default()
    }

    /// Where the unread text begins in the source.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether there is nothing behind the unread text.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Why the source ended before its end, once it [`ended`](Self::ended).
    pub(super) fn defect(&self) -> Option<&Defect> {
        self.defect.as_ref().filter(|_| self.ended)
    }

    /// What came after the end of the compressed text and does not belong there.
    pub(super) fn take_trailer(&mut self) -> Option<(Defect, Vec<u8>)> {
        self.trailer.take()
    }

    /// The defect, once only, and only if it explains `fault`: that the text ends too early.
    pub(super) fn take_defect(&mut self, fault: Fault) -> Option<Defect> {
        let explains = self.ended && matches!(fault, Fault::End { .. });
        self.defect.take_if(|_| explains)
    }

    /// How the source is compressed.
    pub(super) fn compression(&self) -> Compression {
        self.decoder
            .as_ref()
            .map_or(Compression::None, Decoder::compression)
    }

    /// Decompressed bytes so far.
    pub(super) fn produced(&self) -> u64 {
        self.decoder.as_ref().map_or(0, Decoder::produced)
    }

    /// Makes at least `count` bytes lie ready, unless the source ends before.
    pub(super) fn fill_to(&mut self, count: usize) -> Result<(), SourceError> {
        while self.unread().len() < count && !self.ended {
            self.pull()?;
        }
        Ok(())
    }

    /// Makes more text lie ready, unless the source has ended.
    pub(super) fn fill_more(&mut self) -> Result<(), SourceError> {
        self.fill_to(self.unread().len() + STEP_BYTES)
    }

    /// Goes on behind `count` bytes of the unread text.
    pub(super) fn skip(&mut self, count: usize) {
        let count = count.min(self.unread().len());
        self.from += count;
        self.offset += count as u64;
        if self.from == self.text.len() {
            self.text.clear();
            self.from = 0;
        }
    }

    /// Goes on at `offset` of the source, or at its end.
    pub(super) fn skip_to(&mut self, offset: u64) -> Result<(), SourceError> {
        while self.offset < offset {
            if self.unread().is_empty() && self.ended {
                break;
            }
            let wanted = usize::try_from(offset - self.offset).unwrap_or(usize::MAX);
            self.skip(wanted);
            if self.offset < offset {
                self.fill_more()?;
            }
        }
        Ok(())
    }

    /// Takes `count` bytes out as a text of their own; only what stays is copied.
    pub(super) fn take(&mut self, count: usize) -> Vec<u8> {
        self.text.drain(..self.from);
        self.from = 0;
        let count = count.min(self.text.len());
        let rest = self.text.get(count..).unwrap_or_default();
        let mut next = Vec::with_capacity(CHUNK_BYTES.max(rest.len()) + STEP_BYTES);
        next.extend_from_slice(rest);
        let mut taken = std::mem::replace(&mut self.text, next);
        taken.truncate(count);
        self.offset += count as u64;
        taken
    }

    /// Reads the stored bytes to their end; gives their number and digest.
    pub(super) fn finish(mut self) -> Result<(u64, [u8; 32]), SourceError> {
        let run = self.run;
        match self.decoder.take() {
            Some(decoder) => decoder.finish().map_err(|error| run.read_error(error)),
            None => Err(run.read_error(io::ErrorKind::Other.into())),
        }
    }

    fn pull(&mut self) -> Result<(), SourceError> {
        let Some(decoder) = self.decoder.take() else {
            self.ended = true;
            return Ok(());
        };
        if self.from > self.text.len() / 2 {
            self.text.drain(..self.from);
            self.from = 0;
        }
        let held = self.text.len();
        self.text.resize(held + STEP_BYTES, 0);
        let space = self.text.get_mut(held..).unwrap_or_default();
        let result = decoder.pull(space);
        let count = match &result {
            Ok((_, Pulled::Bytes(count))) => *count,
            _ => 0,
        };
        self.text.truncate(held + count);
        let (decoder, pulled) = result.map_err(|error| self.run.read_error(error))?;
        self.run.tick(decoder.bytes_read())?;
        self.decoder = Some(decoder);
        match pulled {
            Pulled::Bytes(_) => {}
            Pulled::End => self.ended = true,
            Pulled::Defect(defect) => {
                self.ended = true;
                self.defect = Some(defect);
            }
            Pulled::Trailer(defect, bytes) => {
                self.ended = true;
                self.trailer = Some((defect, bytes));
            }
        }
        Ok(())
    }
}
