//! The HL7 v2 feed as files: one for each month, messages in order of time, wrapped as a batch.
//!
//! Messages come patient by patient. They are spooled to a file for each month; at the end each spool is
//! indexed (24 bytes a message in memory), and written anew in order.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::hl7v2::{Message, batch_begin, batch_end};

/// Where a message stands in its spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    sent_minutes: i64,
    offset: u64,
    length: u32,
}

#[derive(Debug)]
struct Spool {
    file: BufWriter<File>,
    entries: Vec<Entry>,
    length: u64,
}

/// A feed under construction.
#[derive(Debug)]
pub(super) struct Feed {
    path: PathBuf,
    months: BTreeMap<(i32, i32), Spool>,
}

impl Feed {
    /// A feed in a folder that exists.
    pub(super) fn new(path: PathBuf) -> Feed {
        Feed {
            path,
            months: BTreeMap::new(),
        }
    }

    /// Spools a message.
    pub(super) fn push(&mut self, message: &Message) -> io::Result<()> {
        let month = message.month();
        if !self.months.contains_key(&month) {
            let spool = Spool {
                file: BufWriter::new(File::create(spool_path(&self.path, month))?),
                entries: Vec::new(),
                length: 0,
            };
            self.months.insert(month, spool);
        }
        let Some(spool) = self.months.get_mut(&month) else {
            return Ok(());
        };
        spool.file.write_all(message.text.as_bytes())?;
        spool.entries.push(Entry {
            sent_minutes: message.sent_minutes,
            offset: spool.length,
            length: u32::try_from(message.text.len()).unwrap_or(u32::MAX),
        });
        spool.length += u64::try_from(message.text.len()).unwrap_or(0);
        Ok(())
    }

    /// Writes the files in order of time and removes the spools.
    pub(super) fn finish(self) -> io::Result<()> {
        for (month, mut spool) in self.months {
            spool.file.flush()?;
            drop(spool.file);
            spool.entries.sort_unstable();
            let from = spool_path(&self.path, month);
            let name = format!("{:04}-{:02}.hl7", month.0, month.1);
            ordered(&from, &self.path.join(name), month, &spool.entries)?;
            std::fs::remove_file(&from)?;
        }
        Ok(())
    }
}

fn spool_path(path: &Path, (year, month): (i32, i32)) -> PathBuf {
    path.join(format!("{year:04}-{month:02}.spool"))
}

fn ordered(from: &Path, to: &Path, month: (i32, i32), entries: &[Entry]) -> io::Result<()> {
    let mut spool = BufReader::new(File::open(from)?);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(to)?);
    out.write_all(batch_begin(month).as_bytes())?;
    out.write_all(b"\n")?;
    let mut text = Vec::new();
    for entry in entries {
        spool.seek(SeekFrom::Start(entry.offset))?;
        text.resize(usize::try_from(entry.length).unwrap_or(0), 0);
        spool.read_exact(&mut text)?;
        out.write_all(&text)?;
        out.write_all(b"\n")?;
    }
    out.write_all(batch_end(u64::try_from(entries.len()).unwrap_or(0)).as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}
