//! Where the lines go. The generator does no input or output of its own.

use std::collections::BTreeMap;

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
