//! What a load has gathered and written since the last commit.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;
use salus_fhir::schema::{TypeId, r4};

use crate::catalog::{CatalogView, NewFile};
use salus_columns::ColumnIds;

use super::gather::{Arrival, Gather};
use super::layout::Layout;
use super::quarantine::QuarantineRow;
use super::seen::Seen;

/// The schema of the FHIR tables.
pub const FHIR_SCHEMA: &str = "fhir";

/// Everything since the last commit. Shared by the workers; each part has its own lock.
#[derive(Debug)]
pub struct Batch {
    /// The lake as it was when the batch began.
    pub base: CatalogView,
    /// The order of rows in its data files.
    pub layout: Layout,
    types: Mutex<HashMap<TypeId, Arc<TypeBatch>>>,
    quarantine: Mutex<Vec<QuarantineRow>>,
    /// Bytes of JSON gathered and not yet written.
    gathered_bytes: AtomicUsize,
    /// Elements that no column could hold.
    rest_elements: AtomicU64,
}

/// One resource type's part of a batch.
#[derive(Debug)]
pub struct TypeBatch {
    /// The type.
    pub resource: TypeId,
    /// The columns of its table.
    pub ids: ColumnIds,
    gather: Mutex<Gather>,
    written: Mutex<Written>,
}

/// What of a type lies in data files, and what is to be deleted.
#[derive(Debug, Default)]
pub struct Written {
    /// The data files.
    pub files: Vec<NewFile>,
    /// Their rows.
    pub seen: Seen,
    /// Deletions: hash of the id, and when they came.
    pub deletes: BTreeMap<u128, Arrival>,
}

/// Locks; a panic of another holder does not matter, since every holder leaves whole values behind.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Batch {
    /// An empty batch on top of `base`.
    #[must_use]
    pub fn new(base: CatalogView, layout: Layout) -> Self {
        Self {
            base,
            layout,
            types: Mutex::default(),
            quarantine: Mutex::default(),
            gathered_bytes: AtomicUsize::new(0),
            rest_elements: AtomicU64::new(0),
        }
    }

    /// The part of the batch for `resource`.
    pub fn of_type(&self, resource: TypeId) -> Arc<TypeBatch> {
        let mut types = lock(&self.types);
        let made = types.entry(resource).or_insert_with(|| {
            let table = self.base.table(FHIR_SCHEMA, r4().get(resource).name);
            Arc::new(TypeBatch {
                resource,
                ids: ColumnIds::new(table.map_or(&[], |table| &table.columns)),
                gather: Mutex::default(),
                written: Mutex::default(),
            })
        });
        Arc::clone(made)
    }

    /// All parts, by type.
    pub fn types(&self) -> Vec<Arc<TypeBatch>> {
        let mut types: Vec<_> = lock(&self.types).values().cloned().collect();
        types.sort_by_key(|part| r4().get(part.resource).name);
        types
    }

    /// Adds gathered resources; gives those that are to be written now: all of the type if they reach
    /// `flush_bytes`, or the largest type if all types together reach `all_bytes`.
    pub fn gather(
        &self,
        resource: TypeId,
        more: Gather,
        flush_bytes: usize,
        all_bytes: usize,
    ) -> Option<(Arc<TypeBatch>, Gather)> {
        let part = self.of_type(resource);
        let bytes = more.text.len();
        let all = self.gathered_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let mut gather = lock(&part.gather);
        gather.append(more);
        if gather.text.len() >= flush_bytes {
            let full = std::mem::take(&mut *gather);
            drop(gather);
            return Some((part, self.taken(full)));
        }
        drop(gather);
        if all >= all_bytes {
            self.largest()
        } else {
            None
        }
    }

    fn taken(&self, gather: Gather) -> Gather {
        self.gathered_bytes
            .fetch_sub(gather.text.len(), Ordering::Relaxed);
        gather
    }

    /// The largest gathered type, taken out; `None` when nothing is left.
    pub fn largest(&self) -> Option<(Arc<TypeBatch>, Gather)> {
        let mut parts = self.types();
        parts.sort_by_cached_key(|part| std::cmp::Reverse(lock(&part.gather).text.len()));
        parts.into_iter().find_map(|part| {
            // Another worker may have taken it since.
            let gather = std::mem::take(&mut *lock(&part.gather));
            (!gather.rows.is_empty()).then(|| (part, self.taken(gather)))
        })
    }

    /// Adds a bad line.
    pub fn quarantine(&self, row: QuarantineRow) {
        lock(&self.quarantine).push(row);
    }

    /// Takes out all bad lines.
    pub fn take_quarantine(&self) -> Vec<QuarantineRow> {
        std::mem::take(&mut *lock(&self.quarantine))
    }

    /// Adds to the elements that no column could hold.
    pub fn add_rest_elements(&self, count: u64) {
        self.rest_elements.fetch_add(count, Ordering::Relaxed);
    }

    /// Elements that no column could hold.
    pub fn rest_elements(&self) -> u64 {
        self.rest_elements.load(Ordering::Relaxed)
    }
}

impl TypeBatch {
    /// What lies in data files.
    pub fn written(&self) -> MutexGuard<'_, Written> {
        lock(&self.written)
    }
}
