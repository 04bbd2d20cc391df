//! Where the lines go. The generator does no input or output of its own.

use std::collections::BTreeMap;

use crate::error::SinkError;

/// Takes one resource at a time.
///
/// `line` is one JSON object without a line end; it is only valid during the call.
pub trait Sink {
    /// Takes a resource of type `resource_type` (`Patient`, `Observation`, …).
    ///
    /// # Errors
    /// Whatever the sink reports; generation stops with [`SynthError::Sink`](crate::SynthError::Sink).
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError>;
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
}
