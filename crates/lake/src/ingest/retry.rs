//! Pieces in quarantine, tried again: what can be read now is loaded and leaves the quarantine.
//!
//! One commit does both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use object_store::ObjectStore;
use salus_base::{Cancel, Limits};

use crate::catalog::{At, LoadStatus, LoadUpdate, TableView, Target};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::rows::{self, FileRef};
use crate::source::{Chunk, Frame, FrameKind};
use crate::table_files::{DeletedRows, TableName, store_deletes};

use super::batch::Batch;
use super::commit::{Act, Released, SALUS_SCHEMA, commit, known_files};
use super::flush::flush;
use super::layout::Layout;
use super::resolve::TypeCounts;
use super::take::{Origin, take};

const QUARANTINE: TableName<'static> = TableName {
    schema: SALUS_SCHEMA,
    name: "quarantine",
};
const COLUMNS: &[&str] = &["load", "source", "offset", "code", "digest", "bytes"];

/// What is to be tried again.
pub struct RetryRequest<'r> {
    /// The command as the user gave it: kept with the load.
    pub command: String,
    /// Only pieces with this code.
    pub code: Option<String>,
    /// Bounds.
    pub limits: Limits,
    /// The user's wish to stop.
    pub cancel: Cancel,
    /// Tells the time, RFC 3339.
    pub clock: &'r (dyn Fn() -> String + Sync),
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Retried {
    /// The load's number; 0 if there was nothing to try.
    pub load: i64,
    /// Pieces tried.
    pub tried: u64,
    /// Pieces that left the quarantine.
    pub released: u64,
    /// Counts of what they held, by resource type.
    pub types: BTreeMap<String, TypeCounts>,
    /// The snapshot; `None` if nothing changed.
    pub snapshot: Option<i64>,
}

/// Tries pieces again, as they were kept. Blocks; must not be called on a thread of the runtime.
///
/// A piece of which only the beginning was kept stays, and so does an entry of a Bundle that is no resource: load
/// their source again instead. Bounds of framing (`line_bytes_max`, `json_depth_max`) are not applied a second time:
/// what was too long was cut, and columns have a depth bound of their own.
///
/// # Errors
/// When the lake cannot be read or written. A piece that still is bad is no error.
pub fn retry(lake: &Lake, request: &RetryRequest<'_>) -> Result<Retried, LakeError> {
    let _lock = lake.lock_for_writing()?;
    let base = lake.runtime().block_on(lake.catalog().view(At::Latest))?;
    let Some(table) = base.table(QUARANTINE.schema, QUARANTINE.name).cloned() else {
        return Ok(Retried::default());
    };
    let reader = lake.reader(&base);
    let started = (request.clock)();
    let load = lake
        .runtime()
        .block_on(lake.catalog().begin_load(&request.command, &started))?;
    let batch = Batch::new(base, Layout::default());
    let mut trial = Trial {
        lake,
        request,
        batch,
        load,
        names: BTreeMap::new(),
        frames: 0,
    };
    let files = lake.runtime().block_on(known_files(lake, Some(&table)))?;
    let mut pieces = Vec::new();
    for (index, file) in files.iter().enumerate() {
        pieces.extend(trial.file(&reader, &table, index, file)?);
    }
    trial.flush_all()?;
    trial.settle(&table, &files, &pieces)
}

/// A piece that was tried.
struct Piece {
    /// Place of its data file in the table's list.
    file: usize,
    /// Its row in that file.
    position: i64,
    digest: i64,
}

struct Trial<'t> {
    lake: &'t Lake,
    request: &'t RetryRequest<'t>,
    batch: Batch,
    load: i64,
    /// Names of the sources, by number.
    names: BTreeMap<i64, String>,
    frames: u64,
}

impl Trial<'_> {
    /// Tries the pieces of one data file.
    fn file(
        &mut self,
        reader: &Arc<dyn ObjectStore>,
        table: &TableView,
        index: usize,
        file: &FileRef,
    ) -> Result<Vec<Piece>, LakeError> {
        let count = table.files.get(index).map_or(0, |known| known.record_count);
        let live: Vec<i64> = (0..count)
            .filter(|position| file.deleted.binary_search(position).is_err())
            .collect();
        let read = rows::read_positions(reader, file, &live, Some(COLUMNS));
        let batches = self.lake.runtime().block_on(read)?;
        let mut positions = live.into_iter();
        let mut pieces = Vec::new();
        for rows in &batches {
            for (row, position) in (0..rows.num_rows()).zip(positions.by_ref()) {
                if self.request.cancel.is_cancelled() {
                    return Ok(pieces);
                }
                if let Some(digest) = self.piece(rows, row)? {
                    pieces.push(Piece {
                        file: index,
                        position,
                        digest,
                    });
                }
            }
        }
        Ok(pieces)
    }

    /// Tries one piece; gives its digest, or `None` if it was not asked for.
    fn piece(&mut self, rows: &RecordBatch, row: usize) -> Result<Option<i64>, LakeError> {
        let code = text(rows, "code", row);
        if self
            .request
            .code
            .as_deref()
            .is_some_and(|wanted| wanted != code)
        {
            return Ok(None);
        }
        let source = self.source(number(rows, "load", row), text(rows, "source", row))?;
        let bytes = rows
            .column_by_name("bytes")
            .and_then(|column| column.as_binary_opt::<i32>());
        let text = bytes.map_or_else(Vec::new, |bytes| bytes.value(row).to_vec());
        let frame = Frame {
            start: 0,
            end: u32::try_from(text.len()).unwrap_or(0),
            offset: u64::try_from(number(rows, "offset", row)).unwrap_or(0),
            kind: FrameKind::Line,
        };
        let origin = Origin {
            load: self.load,
            source,
            first_frame: self.frames,
        };
        self.frames += 1;
        let taken = take(
            &self.batch,
            &Chunk {
                text,
                frames: vec![frame],
            },
            origin,
        );
        let all = self.request.limits.buffer_bytes_max;
        for (resource, gather) in taken.gathers {
            if let Some((part, full)) = self.batch.gather(resource, gather, all / 4, all) {
                flush(
                    &self.batch,
                    &part,
                    full,
                    self.lake.store(),
                    self.lake.runtime(),
                )?;
            }
        }
        Ok(Some(number(rows, "digest", row)))
    }

    /// The number of the source that a piece came from, so that its rows point to where they really lie.
    fn source(&mut self, load: i64, name: &str) -> Result<i64, LakeError> {
        if let Some((source, _)) = self.names.iter().find(|(_, known)| *known == name) {
            return Ok(*source);
        }
        let catalog = self.lake.catalog();
        let known = self.lake.runtime().block_on(catalog.sources(Some(load)))?;
        let source = match known.into_iter().find(|source| source.name == name) {
            Some(source) => source.id,
            None => self
                .lake
                .runtime()
                .block_on(catalog.add_source(self.load, name, None))?,
        };
        self.names.insert(source, name.to_owned());
        Ok(source)
    }

    fn flush_all(&self) -> Result<(), LakeError> {
        while let Some((part, gather)) = self.batch.largest() {
            flush(
                &self.batch,
                &part,
                gather,
                self.lake.store(),
                self.lake.runtime(),
            )?;
        }
        Ok(())
    }

    /// Commits what could be read and lets its pieces out of the quarantine, in one transaction.
    fn settle(
        self,
        table: &TableView,
        files: &[FileRef],
        pieces: &[Piece],
    ) -> Result<Retried, LakeError> {
        let still_bad = self.still_bad(pieces);
        let good: Vec<&Piece> = pieces
            .iter()
            .filter(|piece| !still_bad.contains(&piece.digest))
            .collect();
        let runtime = self.lake.runtime();
        let act = Act {
            load: self.load,
            message: format!("load {}: {}", self.load, self.request.command),
            time: (self.request.clock)(),
            sources: &self.names,
            update: Some(self.update(LoadStatus::Running, None, "{}".to_owned())),
            released: runtime.block_on(self.released(table, files, &good))?,
        };
        let committed = runtime.block_on(commit(self.lake, &self.batch, act))?;
        let retried = Retried {
            load: self.load,
            tried: pieces.len() as u64,
            released: good.len() as u64,
            types: committed.counts,
            snapshot: committed.snapshot,
        };
        let status = if still_bad.is_empty() && committed.quarantined == 0 {
            LoadStatus::Complete
        } else {
            LoadStatus::Partial
        };
        let counts = serde_json::to_string(&retried).unwrap_or_default();
        let update = self.update(status, Some((self.request.clock)()), counts);
        runtime.block_on(self.lake.catalog().finish_load(&update))?;
        Ok(retried)
    }

    /// The digests of the pieces that are as bad as before. What is bad in another way (a part of a piece, say)
    /// stays in the batch and comes into the quarantine.
    fn still_bad(&self, pieces: &[Piece]) -> BTreeSet<i64> {
        let name = |source: i64| self.names.get(&source).map_or("", String::as_str);
        let tried: BTreeSet<i64> = pieces.iter().map(|piece| piece.digest).collect();
        let mut still_bad = BTreeSet::new();
        for row in self.batch.take_quarantine() {
            let digest = row.digest(name(row.source));
            if tried.contains(&digest) {
                still_bad.insert(digest);
            } else {
                self.batch.quarantine(row);
            }
        }
        still_bad
    }

    fn update(&self, status: LoadStatus, finished: Option<String>, counts: String) -> LoadUpdate {
        LoadUpdate {
            load: self.load,
            status,
            finished,
            counts,
            sources: Vec::new(),
        }
    }

    async fn released(
        &self,
        table: &TableView,
        files: &[FileRef],
        good: &[&Piece],
    ) -> Result<Released, LakeError> {
        let mut released = Released::default();
        for (index, (known, file)) in table.files.iter().zip(files).enumerate() {
            let gone = good
                .iter()
                .filter(|piece| piece.file == index)
                .map(|piece| piece.position);
            let mut all: Vec<i64> = gone.collect();
            if all.is_empty() {
                continue;
            }
            all.extend(&file.deleted);
            all.sort_unstable();
            if i64::try_from(all.len()).unwrap_or(0) >= known.record_count {
                released.removed.push(known.id);
                continue;
            }
            let rows = DeletedRows {
                target: Target::Existing(known.id),
                data_path: &file.path,
                positions: &all,
            };
            released
                .deletes
                .push(store_deletes(self.lake, QUARANTINE, rows).await?);
        }
        Ok(released)
    }
}

fn text<'b>(rows: &'b RecordBatch, column: &str, row: usize) -> &'b str {
    let values = rows
        .column_by_name(column)
        .and_then(|column| column.as_string_opt::<i32>());
    values
        .filter(|values| values.is_valid(row))
        .map_or("", |values| values.value(row))
}

fn number(rows: &RecordBatch, column: &str, row: usize) -> i64 {
    let values = rows
        .column_by_name(column)
        .and_then(|column| column.as_primitive_opt::<Int64Type>());
    values
        .filter(|values| values.is_valid(row))
        .map_or(0, |values| values.value(row))
}
