//! Where the lines go. The generator does no input or output of its own.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::error::SinkError;
use crate::truth::Rows;

/// Takes resources, in order: places first, then patients by number.
pub trait Sink {
    /// Takes a resource of type `resource_type` (`Patient`, `Observation`, …).
    ///
    /// `line` is one JSON object without a line end; it is only valid during the call.
    ///
    /// # Errors
    /// Whatever the sink reports; generation stops with [`SynthError::Sink`](crate::SynthError::Sink).
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError>;

    /// Takes all resources of one type of a group of patients: NDJSON, each line with its line end.
    /// Sinks that want bytes rather than lines override it; otherwise every line goes to [`Sink::put`].
    ///
    /// # Errors
    /// As for [`Sink::put`].
    fn lines(&mut self, resource_type: &'static str, ndjson: &str) -> Result<(), SinkError> {
        ndjson
            .lines()
            .try_for_each(|line| self.put(resource_type, line))
    }

    /// Takes what is true of the patients whose records came just before. By default nobody wants to know.
    ///
    /// # Errors
    /// As for [`Sink::put`].
    fn rows(&mut self, rows: &Rows) -> Result<(), SinkError> {
        let _unwanted = rows;
        Ok(())
    }
}

/// A sink that keeps everything in memory, by resource type. For tests and small sets.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Collected {
    /// NDJSON by resource type; each text ends with a line end.
    pub by_type: BTreeMap<&'static str, String>,
}

impl Sink for Collected {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        let text = self.by_type.entry(resource_type).or_default();
        text.push_str(line);
        text.push('\n');
        Ok(())
    }

    fn lines(&mut self, resource_type: &'static str, ndjson: &str) -> Result<(), SinkError> {
        self.by_type
            .entry(resource_type)
            .or_default()
            .push_str(ndjson);
        Ok(())
    }
}

/// Resources of one type of a group of patients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// `Patient`, `Observation`, …
    pub resource_type: &'static str,
    /// One JSON object a line, each with its line end.
    pub ndjson: String,
}

/// A sink that passes chunks on to another thread, which loads them while the next are made.
///
/// The channel is bounded: the generator waits when the loader is slower, so memory stays flat. It
/// ends with [`SynthError::Sink`](crate::SynthError::Sink) when the loader goes away.
///
/// ```
/// use salus_synth::{Chunks, Options, stream};
///
/// let (mut sink, chunks) = Chunks::new(4);
/// let options = Options { patients: 20, years: 2, ..Options::default() };
/// let bytes: usize = std::thread::scope(|scope| {
///     scope.spawn(move || stream(&options, &mut sink).map(|_| ()));
///     chunks.iter().map(|chunk| chunk.ndjson.len()).sum()
/// });
/// assert!(bytes > 100_000);
/// ```
#[derive(Debug)]
pub struct Chunks {
    line: SyncSender<Chunk>,
}

impl Chunks {
    /// A sink and the end at which its chunks come out; at most `room` of them wait.
    #[must_use]
    pub fn new(room: usize) -> (Chunks, Receiver<Chunk>) {
        let (line, chunks) = sync_channel(room);
        (Chunks { line }, chunks)
    }
}

impl Sink for Chunks {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        self.lines(resource_type, &format!("{line}\n"))
    }

    fn lines(&mut self, resource_type: &'static str, ndjson: &str) -> Result<(), SinkError> {
        let chunk = Chunk {
            resource_type,
            ndjson: ndjson.to_owned(),
        };
        self.line.send(chunk).map_err(Into::into)
    }
}
