//! Many records out of few: copies with new ids, so that nothing is an update of anything else.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use twox_hash::XxHash3_128;

/// Length of a UUID in text.
const UUID_BYTES: usize = 36;

/// What was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scaled {
    /// Bytes of NDJSON.
    pub bytes: u64,
    /// Resources.
    pub resources: u64,
    /// Patients.
    pub patients: u64,
}

/// Copies the `*.ndjson.gz` files of `from` into `to`, again and again with other UUIDs, until there are `bytes`.
///
/// # Errors
/// When a file cannot be read or written.
pub fn scale(from: &Path, to: &Path, bytes: u64) -> io::Result<Scaled> {
    std::fs::create_dir_all(to)?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(from)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".ndjson.gz"));
    files.sort();
    let mut scaled = Scaled::default();
    let mut copy = 0;
    while scaled.bytes < bytes {
        for path in &files {
            let stem = path
                .file_name()
                .map(|name| name.to_string_lossy().replace(".ndjson.gz", ""))
                .unwrap_or_default();
            let name = to.join(format!("{stem}.{copy:04}.ndjson"));
            let mut out = BufWriter::with_capacity(1 << 20, File::create(name)?);
            let mut lines =
                BufReader::with_capacity(1 << 20, MultiGzDecoder::new(File::open(path)?));
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line)? > 0 {
                renew(&mut line, copy);
                out.write_all(&line)?;
                scaled.bytes += line.len() as u64;
                scaled.resources += 1;
                scaled.patients += u64::from(stem == "Patient");
                line.clear();
            }
            out.flush()?;
        }
        copy += 1;
    }
    Ok(scaled)
}

/// Gives every UUID in `line` another value that depends on it and on `copy` alone.
fn renew(line: &mut [u8], copy: u64) {
    let mut at = 0;
    while let Some(window) = line.get_mut(at..at + UUID_BYTES) {
        if !is_uuid(window) {
            at += 1;
            continue;
        }
        let hex = format!("{:032x}", XxHash3_128::oneshot_with_seed(copy, window));
        let mut digits = hex.bytes();
        for byte in window.iter_mut().filter(|byte| **byte != b'-') {
            *byte = digits.next().unwrap_or(b'0');
        }
        at += UUID_BYTES;
    }
}

fn is_uuid(text: &[u8]) -> bool {
    // The dashes first: they rule out nearly everything at once.
    let dash = |at: usize| text.get(at) == Some(&b'-');
    dash(8)
        && dash(13)
        && dash(18)
        && dash(23)
        && text
            .iter()
            .enumerate()
            .all(|(at, byte)| matches!(at, 8 | 13 | 18 | 23) || byte.is_ascii_hexdigit())
}
