//! The way of a load: read, take, gather, flush, commit.
//!
//! ```text
//!  reader (this thread) ──chunks──► workers: take ─► gather ─► flush (sort, columns, Parquet, fsync)
//!        │ every `batch_bytes_max`, and at the end                                   │
//!        └── workers empty the gathers and end ──► resolve ──► one commit ◄──────────┘
//! ```

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{Scope, ScopedJoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use salus_base::{Cancel, Limits};

use crate::catalog::{At, LoadStatus, LoadUpdate, SourceUpdate};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::source::{self, Chunk, Input, SourceError, SourceSummary};

use super::batch::{Batch, lock};
use super::commit::{Act, Committed, Released, commit};
use super::flush::flush;
use super::layout::Layout;
use super::quarantine::QuarantineRow;
use super::resolve::TypeCounts;
use super::take::{Origin, take};

/// Chunks that wait for a worker.
const CHUNKS_WAITING: usize = 2;
/// What a piece of input costs in a batch beside its text: a file of tiny bad lines must not fill the memory.
const FRAME_BYTES: u64 = 200;

/// What is to be loaded, and how.
pub struct LoadRequest<'r> {
    /// The sources.
    pub inputs: Vec<Input>,
    /// The command as the user gave it: kept with the load.
    pub command: String,
    /// Threads that build columns.
    pub workers: usize,
    /// Bounds.
    pub limits: Limits,
    /// The order of rows in the data files.
    pub layout: Layout,
    /// The user's wish to stop.
    pub cancel: Cancel,
    /// Tells the time, RFC 3339.
    pub clock: &'r (dyn Fn() -> String + Sync),
}

/// Hears how a load goes on. Called from several threads.
pub trait Progress: Sync {
    /// Bytes of a source were read, as they are stored.
    fn read(&self, _bytes: u64) {}
    /// Reading goes on with this source.
    fn source(&self, _name: &str) {}
    /// Resources were taken, and bad pieces set aside.
    fn taken(&self, _resources: u64, _quarantined: u64) {}
    /// A batch is being committed.
    fn committing(&self) {}
}

/// Hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {}

/// What a load came to.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct LoadSummary {
    /// The load's number.
    pub load: i64,
    /// The last snapshot that it made; `None` if nothing changed.
    pub snapshot: Option<i64>,
    /// Commits that it made.
    pub commits: u64,
    /// Counts by resource type.
    pub types: BTreeMap<String, TypeCounts>,
    /// Bad pieces set aside, new ones.
    pub quarantined: u64,
    /// Bad pieces that had been set aside by an earlier load.
    pub quarantined_before: u64,
    /// Elements that R4 does not know, or not in this form: kept in `salus_rest`.
    pub rest_elements: u64,
    /// Resources read.
    pub resources: u64,
    /// Bytes read, as they are stored.
    pub bytes: u64,
    /// Bytes after decompression.
    pub bytes_decompressed: u64,
    /// Sources read.
    pub sources: u64,
    /// What was left out on purpose, in words, and how often.
    pub notes: BTreeMap<String, u64>,
    /// Whether the user stopped it.
    pub stopped: bool,
}

impl LoadSummary {
    /// All types together.
    #[must_use]
    pub fn total(&self) -> TypeCounts {
        let mut total = TypeCounts::default();
        self.types.values().for_each(|counts| total.add(counts));
        total
    }
}

/// Loads every source into the lake. Blocks; must not be called on a thread of the runtime.
///
/// # Errors
/// When a source cannot be read at all, or the lake cannot be written. What was committed before stays, and
/// loading the same again changes nothing of it.
pub fn load(
    lake: &Lake,
    request: &LoadRequest<'_>,
    progress: &dyn Progress,
) -> Result<LoadSummary, LakeError> {
    let _lock = lake.lock_for_writing()?;
    let id = lake.runtime().block_on(
        lake.catalog()
            .begin_load(&request.command, &(request.clock)()),
    )?;
    let loading = Loading {
        lake,
        request,
        progress,
        load: id,
        names: Mutex::default(),
        sources: Mutex::default(),
        summary: Mutex::new(LoadSummary {
            load: id,
            ..LoadSummary::default()
        }),
        quarantined: AtomicU64::new(0),
        resources: AtomicU64::new(0),
        failure: Mutex::default(),
        cancel: Cancel::new(),
    };
    let outcome = loading.run();
    loading.finish(outcome)
}

struct Loading<'l> {
    lake: &'l Lake,
    request: &'l LoadRequest<'l>,
    progress: &'l dyn Progress,
    load: i64,
    names: Mutex<BTreeMap<i64, String>>,
    /// Sources read since the last commit.
    sources: Mutex<Vec<SourceUpdate>>,
    summary: Mutex<LoadSummary>,
    quarantined: AtomicU64,
    resources: AtomicU64,
    /// The first failure of a worker.
    failure: Mutex<Option<LakeError>>,
    /// Stops the reader when a worker failed.
    cancel: Cancel,
}

type Work = (Chunk, Origin);

/// The workers of one batch, and the way to them.
struct Crew<'scope> {
    batch: Arc<Batch>,
    chunks: Sender<Work>,
    /// Bytes of JSON handed to the workers.
    sent_bytes: u64,
    workers: Vec<ScopedJoinHandle<'scope, ()>>,
}

impl Loading<'_> {
    fn run(&self) -> Result<(), LakeError> {
        std::thread::scope(|scope| {
            let mut crew = None;
            let mut read = Ok(());
            for input in &self.request.inputs {
                if self.stops() {
                    break;
                }
                read = self.read(input, &mut crew, scope);
                if read.is_err() {
                    break;
                }
            }
            let last = crew.map_or(Ok(()), |crew| self.dismiss(crew, true));
            read.and(last)
        })
    }

    fn stops(&self) -> bool {
        self.request.cancel.is_cancelled() || self.cancel.is_cancelled()
    }

    fn hire<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
    ) -> Result<Crew<'scope>, LakeError> {
        let base = self
            .lake
            .runtime()
            .block_on(self.lake.catalog().view(At::Latest))?;
        let batch = Arc::new(Batch::new(base, self.request.layout));
        let (chunks, waiting) = bounded(CHUNKS_WAITING);
        let workers = (0..self.request.workers.max(1))
            .map(|_| {
                let batch = Arc::clone(&batch);
                let waiting = waiting.clone();
                scope.spawn(move || self.work(&batch, &waiting))
            })
            .collect();
        Ok(Crew {
            batch,
            chunks,
            sent_bytes: 0,
            workers,
        })
    }

    /// A worker: takes chunks until there are no more, then empties the gathers.
    fn work(&self, batch: &Batch, waiting: &Receiver<Work>) {
        for (chunk, origin) in waiting {
            // After a failure the chunks are only drained, so that the reader can end.
            if !self.cancel.is_cancelled() {
                self.note(self.take_in(batch, &chunk, origin));
            }
        }
        while let Some((part, gather)) = batch.largest() {
            if self.cancel.is_cancelled() {
                return;
            }
            self.note(flush(
                batch,
                &part,
                gather,
                self.lake.store(),
                self.lake.runtime(),
            ));
        }
    }

    fn note(&self, outcome: Result<(), LakeError>) {
        if let Err(error) = outcome {
            self.cancel.cancel();
            lock(&self.failure).get_or_insert(error);
        }
    }

    fn take_in(&self, batch: &Batch, chunk: &Chunk, origin: Origin) -> Result<(), LakeError> {
        let taken = take(batch, chunk, origin);
        self.resources.fetch_add(taken.resources, Ordering::Relaxed);
        self.quarantined
            .fetch_add(taken.quarantined, Ordering::Relaxed);
        self.progress.taken(taken.resources, taken.quarantined);
        let all = self.request.limits.buffer_bytes_max;
        for (resource, gather) in taken.gathers {
            if let Some((part, full)) = batch.gather(resource, gather, all / 4, all) {
                flush(batch, &part, full, self.lake.store(), self.lake.runtime())?;
            }
        }
        Ok(())
    }

    fn read<'scope>(
        &'scope self,
        input: &Input,
        crew: &mut Option<Crew<'scope>>,
        scope: &'scope Scope<'scope, '_>,
    ) -> Result<(), LakeError> {
        self.progress.source(&input.name);
        let source = self
            .lake
            .runtime()
            .block_on(self.lake.catalog().add_source(
                self.load,
                &input.name,
                input.size_bytes.and_then(|size| i64::try_from(size).ok()),
            ))?;
        lock(&self.names).insert(source, input.name.clone());
        let mut next_frame = 0;
        let mut failed = None;
        let read = source::read(
            input,
            &self.request.limits,
            &self.request.cancel,
            &|bytes| self.progress.read(bytes),
            &mut |chunk| {
                let origin = Origin {
                    load: self.load,
                    source,
                    first_frame: next_frame,
                };
                next_frame += chunk.frames.len() as u64;
                let sent = self.send(chunk, origin, crew, scope);
                sent.map_err(|error| {
                    failed = Some(error);
                    SourceError::sink("the load has failed")
                })
            },
        );
        match (read, failed) {
            (_, Some(error)) => Err(error),
            (Ok(summary), None) => {
                self.done(source, &summary);
                Ok(())
            }
            // What was read so far is committed; the rest comes with the next run.
            (Err(SourceError::Cancelled { .. }), None) => Ok(()),
            // One source that cannot be read does not stop the others; the quarantine says why.
            (Err(error @ SourceError::Read { .. }), None) => {
                self.unreadable(source, &error, crew, scope)
            }
            (Err(error), None) => Err(error.into()),
        }
    }

    /// Hands a chunk to the workers; commits first if the batch is full.
    fn send<'scope>(
        &'scope self,
        chunk: Chunk,
        origin: Origin,
        crew: &mut Option<Crew<'scope>>,
        scope: &'scope Scope<'scope, '_>,
    ) -> Result<(), LakeError> {
        if self.cancel.is_cancelled() {
            return Err(LakeError::Worker);
        }
        let full = |crew: &Crew<'_>| crew.sent_bytes >= self.request.limits.batch_bytes_max as u64;
        if crew.as_ref().is_some_and(full)
            && let Some(full) = crew.take()
        {
            self.dismiss(full, false)?;
        }
        // Hired after the commit, so that the next batch sees what this one committed.
        let crew = match crew {
            Some(crew) => crew,
            None => crew.insert(self.hire(scope)?),
        };
        crew.sent_bytes += chunk.text.len() as u64 + FRAME_BYTES * chunk.frames.len() as u64;
        crew.chunks
            .send((chunk, origin))
            .map_err(|_| LakeError::Worker)
    }

    fn unreadable<'scope>(
        &'scope self,
        source: i64,
        error: &SourceError,
        crew: &mut Option<Crew<'scope>>,
        scope: &'scope Scope<'scope, '_>,
    ) -> Result<(), LakeError> {
        let diagnostic = error.diagnostic();
        let cause = diagnostic
            .cause
            .map(|cause| format!(": {cause}"))
            .unwrap_or_default();
        let crew = match crew {
            Some(crew) => crew,
            None => crew.insert(self.hire(scope)?),
        };
        crew.batch.quarantine(QuarantineRow {
            source,
            offset: 0,
            code: diagnostic.code.as_str().to_owned(),
            reason: format!("{}{cause}", diagnostic.message),
            bytes: Vec::new(),
        });
        self.quarantined.fetch_add(1, Ordering::Relaxed);
        self.progress.taken(0, 1);
        Ok(())
    }

    fn done(&self, source: i64, read: &SourceSummary) {
        let mut summary = lock(&self.summary);
        summary.sources += 1;
        summary.bytes += read.bytes;
        summary.bytes_decompressed += read.bytes_decompressed;
        for (note, count) in &read.notes {
            *summary.notes.entry(note.to_string()).or_default() += count;
        }
        let counts = serde_json::json!({
            "kind": read.kind.to_string(), "bytes_decompressed": read.bytes_decompressed, "resources": read.resources,
            "deletes": read.deletes, "bad": read.bad, "bundles": read.bundles,
        });
        lock(&self.sources).push(SourceUpdate {
            source,
            size_bytes: i64::try_from(read.bytes).ok(),
            blake3: Some(read.blake3),
            counts: counts.to_string(),
        });
    }

    /// Lets the workers finish and commits what they made.
    fn dismiss(&self, crew: Crew<'_>, last: bool) -> Result<(), LakeError> {
        drop(crew.chunks);
        for worker in crew.workers {
            if worker.join().is_err() {
                self.note(Err(LakeError::Worker));
            }
        }
        if let Some(error) = lock(&self.failure).take() {
            return Err(error);
        }
        self.progress.committing();
        let status = match (last, self.stops(), self.quarantined.load(Ordering::Relaxed)) {
            (false, ..) => LoadStatus::Running,
            (true, true, _) => LoadStatus::Stopped,
            (true, false, 0) => LoadStatus::Complete,
            (true, false, _) => LoadStatus::Partial,
        };
        let names = lock(&self.names).clone();
        let time = (self.request.clock)();
        let act = Act {
            load: self.load,
            message: format!("load {}: {}", self.load, self.request.command),
            time: time.clone(),
            sources: &names,
            update: Some(self.update(status, last.then_some(time))),
            released: Released::default(),
        };
        let committed = self
            .lake
            .runtime()
            .block_on(commit(self.lake, &crew.batch, act))?;
        self.add(committed);
        Ok(())
    }

    fn update(&self, status: LoadStatus, finished: Option<String>) -> LoadUpdate {
        let summary = lock(&self.summary);
        LoadUpdate {
            load: self.load,
            status,
            finished,
            counts: serde_json::to_string(&*summary).unwrap_or_default(),
            sources: std::mem::take(&mut *lock(&self.sources)),
        }
    }

    fn add(&self, committed: Committed) {
        let mut summary = lock(&self.summary);
        if committed.snapshot.is_some() {
            summary.snapshot = committed.snapshot;
            summary.commits += 1;
        }
        for (name, counts) in &committed.counts {
            summary.types.entry(name.clone()).or_default().add(counts);
        }
        summary.quarantined += committed.quarantined;
        summary.quarantined_before += committed.quarantined_before;
        summary.rest_elements += committed.rest_elements;
    }

    /// Writes down how the load ended.
    fn finish(self, outcome: Result<(), LakeError>) -> Result<LoadSummary, LakeError> {
        {
            let mut summary = lock(&self.summary);
            summary.resources = self.resources.load(Ordering::Relaxed);
            summary.stopped = self.request.cancel.is_cancelled();
        }
        let status = match &outcome {
            Err(_) => LoadStatus::Failed,
            Ok(()) if self.request.cancel.is_cancelled() => LoadStatus::Stopped,
            Ok(()) if self.quarantined.load(Ordering::Relaxed) > 0 => LoadStatus::Partial,
            Ok(()) => LoadStatus::Complete,
        };
        let update = self.update(status, Some((self.request.clock)()));
        let written = self
            .lake
            .runtime()
            .block_on(self.lake.catalog().finish_load(&update));
        outcome?;
        written?;
        Ok(self
            .summary
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
