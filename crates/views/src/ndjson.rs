//! NDJSON straight into rows: only the wanted elements are read, batch by batch, in flat memory.
//!
//! ```text
//!   reader ─► chunk of whole lines ─► wanted columns ─► rows ─┐
//!          ─► chunk of whole lines ─► wanted columns ─► rows ─┴─► sink, in order
//! ```

use std::io::Read;
use std::thread;

use arrow::array::RecordBatch;
use salus_base::{Diagnostic, Place};
use salus_columns::{LineError, Lines, ProjectedTables, last_line_end};
use salus_values::DateTime;

use crate::compile::CompiledView;
use crate::error::{RecordPlace, ViewError};
use crate::problem::code;

/// How NDJSON is run.
#[derive(Debug, Clone)]
pub struct NdjsonOptions {
    /// What `now()` and its like give.
    pub now: DateTime,
    /// How many threads make rows, 1 or more. Beside them, the caller's thread reads and gives out.
    pub threads: usize,
    /// How much of the input is in one batch, in bytes.
    pub chunk_bytes: usize,
    /// How long a line may be, in bytes. A longer one is refused.
    pub line_bytes_max: usize,
}

impl NdjsonOptions {
    /// One thread, batches of 1 MiB, lines as long as a load takes them.
    #[must_use]
    pub fn new(now: DateTime) -> NdjsonOptions {
        NdjsonOptions {
            now,
            threads: 1,
            chunk_bytes: 1 << 20,
            line_bytes_max: salus_base::Limits::default().line_bytes_max,
        }
    }
}

/// A line that is no resource. It gives no rows; the run goes on.
#[derive(Debug, thiserror::Error)]
#[error("the line at byte {offset} is left out")]
pub struct RefusedLine {
    /// Byte offset of the line in the input.
    pub offset: u64,
    /// What is wrong with it.
    #[source]
    pub cause: RefusedCause,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum RefusedCause {
    /// It is no resource as JSON, as far as it was looked at.
    #[error(transparent)]
    Line(#[from] LineError),
    /// It is too long.
    #[error("the line is longer than {line_bytes_max} bytes")]
    TooLong {
        /// The limit.
        line_bytes_max: usize,
    },
}

impl RefusedLine {
    /// The same as a finding; the caller, who knows the source, says which file it is.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::warning(code::INPUT, self.to_string())
            .because(&self.cause)
            .at(Place::in_file("input").byte(self.offset))
    }
}

/// Who takes the rows of a run.
pub trait Sink {
    /// Takes a batch. Batches come in the order of the input; empty ones do not come.
    ///
    /// # Errors
    /// Whatever ends the run.
    fn rows(&mut self, batch: RecordBatch) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

    /// Hears of a line that is left out.
    fn refused(&mut self, _line: RefusedLine) {}
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NdjsonSummary {
    /// Bytes read.
    pub bytes: u64,
    /// Resources of the view's type.
    pub resources: u64,
    /// Rows made.
    pub rows: u64,
    /// Lines left out because they are no resources.
    pub refused: u64,
}

impl CompiledView {
    /// The rows of the view's resources in NDJSON; lines of other types are passed over. Memory stays flat: some
    /// chunks and their rows for each thread.
    ///
    /// # Errors
    /// When reading fails, when a resource keeps the view from its rows, when the sink ends the run.
    pub fn run_ndjson(
        &self,
        reader: impl Read,
        options: &NdjsonOptions,
        sink: &mut impl Sink,
    ) -> Result<NdjsonSummary, ViewError> {
        let mut chunks = Chunks::new(reader, options);
        let mut summary = self.run_chunks(|| chunks.next(), options, sink)?;
        for line in std::mem::take(&mut chunks.too_long) {
            summary.refused += 1;
            sink.refused(line);
        }
        summary.bytes = chunks.offset;
        Ok(summary)
    }

    /// As [`CompiledView::run_ndjson`], of NDJSON in pieces of whole lines: each is one batch, whatever its size and
    /// the length of its lines. Nothing is copied.
    ///
    /// # Errors
    /// As [`CompiledView::run_ndjson`], but for reading.
    pub fn run_lines(
        &self,
        pieces: impl IntoIterator<Item = Vec<u8>>,
        options: &NdjsonOptions,
        sink: &mut impl Sink,
    ) -> Result<NdjsonSummary, ViewError> {
        let mut pieces = pieces.into_iter();
        let mut offset = 0;
        let next = || {
            let chunk = pieces.next().map(|bytes| Chunk { offset, bytes });
            offset += chunk.as_ref().map_or(0, |chunk| chunk.bytes.len() as u64);
            Ok(chunk)
        };
        let mut summary = self.run_chunks(next, options, sink)?;
        summary.bytes = offset;
        Ok(summary)
    }

    fn run_chunks(
        &self,
        mut next: impl FnMut() -> Result<Option<Chunk>, ViewError>,
        options: &NdjsonOptions,
        sink: &mut impl Sink,
    ) -> Result<NdjsonSummary, ViewError> {
        let mut summary = NdjsonSummary::default();
        let threads = options.threads.max(1);
        let mut waiting = take(threads, &mut next)?;
        while !waiting.is_empty() {
            // While rows are made of some chunks the next ones are read.
            let others = waiting.split_off(1);
            let (made, following) = thread::scope(|scope| {
                let workers: Vec<_> = others
                    .iter()
                    .map(|chunk| scope.spawn(|| self.run_chunk(chunk, options)))
                    .collect();
                let following = match threads {
                    1 => Ok(Vec::new()),
                    _ => take(threads, &mut next),
                };
                let mut made: Vec<_> = waiting
                    .iter()
                    .map(|chunk| self.run_chunk(chunk, options))
                    .collect();
                made.extend(workers.into_iter().map(|worker| match worker.join() {
                    Ok(made) => made,
                    Err(panic) => std::panic::resume_unwind(panic),
                }));
                (made, following)
            });
            for made in made {
                give(made?, &mut summary, sink)?;
            }
            waiting = following?;
            if threads == 1 {
                waiting = take(threads, &mut next)?;
            }
        }
        Ok(summary)
    }

    fn run_chunk(&self, chunk: &Chunk, options: &NdjsonOptions) -> Result<Made, ViewError> {
        let mut tables = ProjectedTables::new([self.projection.clone()]);
        let mut offsets = Vec::new();
        let mut refused = Vec::new();
        for line in Lines::new(&chunk.bytes) {
            let offset = chunk.offset + line.offset as u64;
            match tables.read(line.bytes) {
                Ok(Some(_)) => offsets.push(offset),
                Ok(None) => {}
                Err(error) => refused.push(RefusedLine {
                    offset,
                    cause: error.into(),
                }),
            }
        }
        let place =
            |row: usize| RecordPlace::Byte(offsets.get(row).copied().unwrap_or(chunk.offset));
        let mut rows = Vec::new();
        for batch in tables.finish() {
            rows.push(self.run_batch_of(&batch?, &options.now, &place)?);
        }
        Ok(Made {
            resources: offsets.len() as u64,
            rows,
            refused,
        })
    }
}

/// What a chunk came to.
struct Made {
    resources: u64,
    rows: Vec<RecordBatch>,
    refused: Vec<RefusedLine>,
}

/// The next chunks, up to a number.
fn take(
    count: usize,
    mut next: impl FnMut() -> Result<Option<Chunk>, ViewError>,
) -> Result<Vec<Chunk>, ViewError> {
    let mut taken = Vec::with_capacity(count);
    while taken.len() < count {
        match next()? {
            Some(chunk) => taken.push(chunk),
            None => break,
        }
    }
    Ok(taken)
}

fn give(made: Made, summary: &mut NdjsonSummary, sink: &mut impl Sink) -> Result<(), ViewError> {
    summary.resources += made.resources;
    summary.refused += made.refused.len() as u64;
    for line in made.refused {
        sink.refused(line);
    }
    for batch in made.rows {
        summary.rows += batch.num_rows() as u64;
        if batch.num_rows() > 0 {
            sink.rows(batch).map_err(ViewError::Sink)?;
        }
    }
    Ok(())
}

/// Whole lines of the input.
struct Chunk {
    /// Byte offset of the first line.
    offset: u64,
    bytes: Vec<u8>,
}

/// The input in chunks of whole lines.
struct Chunks<'o, R> {
    reader: R,
    options: &'o NdjsonOptions,
    /// What was read after the last line that ended.
    left: Vec<u8>,
    /// Byte offset of `left`.
    offset: u64,
    ended: bool,
    too_long: Vec<RefusedLine>,
}

impl<'o, R: Read> Chunks<'o, R> {
    fn new(reader: R, options: &'o NdjsonOptions) -> Chunks<'o, R> {
        Chunks {
            reader,
            options,
            left: Vec::new(),
            offset: 0,
            ended: false,
            too_long: Vec::new(),
        }
    }

    fn next(&mut self) -> Result<Option<Chunk>, ViewError> {
        let mut bytes = std::mem::take(&mut self.left);
        loop {
            self.fill(&mut bytes)?;
            if self.ended {
                let chunk = Chunk {
                    offset: self.offset,
                    bytes,
                };
                self.offset += chunk.bytes.len() as u64;
                return Ok((!chunk.bytes.is_empty()).then_some(chunk));
            }
            if let Some(end) = last_line_end(&bytes) {
                self.left = bytes.split_off(end);
                let chunk = Chunk {
                    offset: self.offset,
                    bytes,
                };
                self.offset += end as u64;
                return Ok(Some(chunk));
            }
            if bytes.len() > self.options.line_bytes_max {
                bytes = self.pass_over(bytes.len() as u64)?;
            }
        }
    }

    /// Reads up to a chunk's size, or that much more when a line is longer than that.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<(), ViewError> {
        let wanted = self.options.chunk_bytes.max(1);
        let more = match wanted.saturating_sub(bytes.len()) {
            0 => wanted,
            more => more,
        };
        let before = bytes.len();
        bytes.reserve(more);
        let mut limited = self.reader.by_ref().take(more as u64);
        let read = limited
            .read_to_end(bytes)
            .map_err(|source| ViewError::Read {
                offset: self.offset + before as u64,
                source,
            })?;
        self.ended = read < more;
        Ok(())
    }

    /// Passes over the rest of a line that is too long, and gives what follows it.
    fn pass_over(&mut self, mut passed: u64) -> Result<Vec<u8>, ViewError> {
        self.too_long.push(RefusedLine {
            offset: self.offset,
            cause: RefusedCause::TooLong {
                line_bytes_max: self.options.line_bytes_max,
            },
        });
        loop {
            let mut bytes = Vec::new();
            self.fill(&mut bytes)?;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            if let Some(end) = end {
                let after = bytes.split_off(end + 1);
                self.offset += passed + bytes.len() as u64;
                return Ok(after);
            }
            passed += bytes.len() as u64;
            if self.ended {
                self.offset += passed;
                return Ok(Vec::new());
            }
        }
    }
}
