//! Every bound that keeps hostile or broken input from harming the machine. `LIMITS.md` says where each is enforced.

use serde::{Deserialize, Serialize};

/// The named bounds. Passing one is a typed, worded refusal, never a crash.
///
/// Sizes of things held in memory are `usize`, counts over a whole run are `u64`. Units are the last word of a name.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes in one resource: a line of NDJSON, an entry of a Bundle, a file that is one resource.
    /// Longer goes to quarantine.
    pub line_bytes_max: usize,
    /// Levels of objects and arrays in one resource. Deeper goes to quarantine.
    pub json_depth_max: usize,
    /// Decompressed bytes per compressed byte of a source, looked at once 1 MiB came out. More ends the source.
    pub decompression_ratio_max: u64,
    /// Decompressed bytes of one source. More ends the source.
    pub source_bytes_max: u64,
    /// Bytes of a quarantined piece of input that are kept. The rest is cut, and the reason says so.
    pub quarantine_bytes_max: usize,
    /// Bytes of JSON in one batch: what one commit writes.
    pub batch_bytes_max: usize,
    /// Bytes of JSON that wait between reading and writing, over all workers.
    pub buffer_bytes_max: usize,
    /// Bytes that all queries of a session may hold before they spill to disk.
    pub memory_pool_bytes: usize,
    /// Bytes that all queries of a session may spill to disk.
    pub spill_bytes_max: u64,
    /// Seconds one query may take.
    pub query_seconds_max: u64,
    /// Rows one query may answer with. More are cut, and the answer says so.
    pub query_rows_max: u64,
    /// Bytes of the text of one query.
    pub query_text_bytes_max: usize,
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;
const GIB: u64 = 1 << 30;

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes_max: 16 * MIB,
            json_depth_max: 64,
            decompression_ratio_max: 200,
            source_bytes_max: 1024 * GIB,
            quarantine_bytes_max: MIB,
            batch_bytes_max: 2048 * MIB,
            buffer_bytes_max: 256 * MIB,
            memory_pool_bytes: 1024 * MIB,
            spill_bytes_max: 32 * GIB,
            query_seconds_max: 600,
            query_rows_max: 10_000_000,
            query_text_bytes_max: 256 * KIB,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn a_line_fits_into_the_buffer_and_the_buffer_into_a_batch() {
        let limits = Limits::default();
        assert!(limits.line_bytes_max < limits.buffer_bytes_max);
        assert!(limits.buffer_bytes_max <= limits.batch_bytes_max);
    }
}
