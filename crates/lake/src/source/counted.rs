//! Stored bytes on their way in: counted, and digested with BLAKE3.

use std::io::{self, BufRead, Read};

/// Bytes read at once.
const BUFFER_BYTES: usize = if cfg!(test) { 16 } else { 256 << 10 };

/// A buffered reader that counts and digests what it reads, and counts what is taken from it.
pub(super) struct Counted {
    inner: Box<dyn Read>,
    buffer: Vec<u8>,
    from: usize,
    read: u64,
    taken: u64,
    digest: blake3::Hasher,
    failed: bool,
    ended: bool,
}

impl Counted {
    pub(super) fn new(inner: Box<dyn Read>) -> Self {
        Self {
            inner,
            buffer: Vec::new(),
            from: 0,
            read: 0,
            taken: 0,
            digest: blake3::Hasher::new(),
            failed: false,
            ended: false,
        }
    }

    /// Bytes read from the source so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read
    }

    /// Bytes taken out of the buffer so far.
    pub(super) fn bytes_taken(&self) -> u64 {
        self.taken
    }

    /// Whether the source itself failed (not the decoder on top of it).
    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    /// The next bytes, at least `count` of them unless the source ends before.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.unread().len() < count && !self.ended {
            self.refill()?;
        }
        Ok(self.unread())
    }

    /// Reads to the end and gives the number of all bytes and their digest.
    pub(super) fn finish(mut self) -> io::Result<(u64, [u8; 32])> {
        while !self.fill_buf()?.is_empty() {
            let count = self.unread().len();
            self.consume(count);
        }
        Ok((self.read, *self.digest.finalize().as_bytes()))
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.from..).unwrap_or_default()
    }

    fn refill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.from);
        self.from = 0;
        let held = self.buffer.len();
        self.buffer.resize(held + BUFFER_BYTES, 0);
        let result = read(
            &mut *self.inner,
            self.buffer.get_mut(held..).unwrap_or_default(),
        );
        self.buffer.truncate(held + *result.as_ref().unwrap_or(&0));
        self.seen(held, result)
    }

    fn seen(&mut self, from: usize, result: io::Result<usize>) -> io::Result<()> {
        match result {
            Ok(count) => {
                self.ended = count == 0;
                self.read += count as u64;
                self.digest
                    .update(self.buffer.get(from..).unwrap_or_default());
                Ok(())
            }
            Err(error) => {
                self.failed = true;
                Err(error)
            }
        }
    }
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.unread().is_empty() && !self.ended && out.len() >= BUFFER_BYTES {
            // Past the buffer: one copy less.
            let result = read(&mut *self.inner, out);
            self.failed |= result.is_err();
            let count = result?;
            self.ended = count == 0;
            self.read += count as u64;
            self.taken += count as u64;
            self.digest.update(out.get(..count).unwrap_or_default());
            return Ok(count);
        }
        let mut held = self.fill_buf()?;
        let count = held.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        self.from = self.buffer.len().min(self.from + count);
        self.taken += count as u64;
    }
}

/// Reads once, again if a signal came between.
fn read(inner: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_are_counted_and_digested_however_they_are_read() {
        let bytes: Vec<u8> = (0..3 * BUFFER_BYTES + 7).map(|i| i as u8).collect();
        let digest = *blake3::hash(&bytes).as_bytes();
        let mut counted = Counted::new(Box::new(io::Cursor::new(bytes.clone())));
        assert_eq!(counted.peek(4).unwrap().get(..4), bytes.get(..4));
        let mut out = vec![0; 2 * BUFFER_BYTES];
        let mut taken = 0;
        while taken < BUFFER_BYTES + 3 {
            taken += counted.read(&mut out).unwrap();
        }
        assert_eq!(counted.bytes_taken(), taken as u64);
        assert_eq!(counted.finish().unwrap(), (bytes.len() as u64, digest));
    }
}
