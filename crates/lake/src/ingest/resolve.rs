//! Which rows of a batch, and which of the lake, count once the batch is committed.

use std::collections::BTreeMap;

use crate::catalog::Target;
use crate::rows::RowKey;

use super::batch::Written as Files;
use super::history::Cause;
use super::seen::Written;

/// What becomes of the rows of one table.
#[derive(Debug, Default)]
pub struct Resolution {
    /// Rows that stop counting, by data file.
    pub gone: BTreeMap<TargetKey, Vec<i64>>,
    /// Rows to be kept in the history, with the reason.
    pub history: BTreeMap<TargetKey, Vec<(i64, Cause)>>,
    /// Counts.
    pub counts: TypeCounts,
}

/// A data file, ordered so that output does not depend on hashing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKey {
    /// A file of the lake, by its place in the table's list of files.
    Existing(usize),
    /// A file of the batch.
    Added(usize),
}

/// What a load did to one resource type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TypeCounts {
    /// Resources that were not in the lake before.
    pub loaded: u64,
    /// Resources of which a newer version came.
    pub updated: u64,
    /// Resources that came again as they were.
    pub unchanged: u64,
    /// Versions that were older than what is known: kept in the history.
    pub older: u64,
    /// Resources that were deleted.
    pub deleted: u64,
}

impl TypeCounts {
    /// Adds `other`.
    pub fn add(&mut self, other: &TypeCounts) {
        self.loaded += other.loaded;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.older += other.older;
        self.deleted += other.deleted;
    }
}

impl Resolution {
    /// Settles the rows of the batch among themselves: repeats, and deletions that came after them.
    pub fn within_batch(files: &mut Files) -> Self {
        let mut resolution = Resolution::default();
        for loser in files.seen.losers() {
            resolution.drop_row(loser.row, (!loser.same).then_some(Cause::Superseded));
            if loser.same {
                resolution.counts.unchanged += 1;
            } else {
                resolution.counts.older += 1;
            }
        }
        for (&id_hash, &deleted_at) in &files.deletes {
            if files
                .seen
                .get(id_hash)
                .is_some_and(|row| row.arrival < deleted_at)
                && let Some(row) = files.seen.remove(id_hash)
            {
                resolution.drop_row(row, Some(Cause::Deleted));
                resolution.counts.deleted += 1;
            }
        }
        resolution.counts.loaded = files.seen.len() as u64;
        resolution
    }

    fn drop_row(&mut self, row: Written, cause: Option<Cause>) {
        self.drop(TargetKey::Added(row.file), i64::from(row.position), cause);
    }

    fn drop(&mut self, target: TargetKey, position: i64, cause: Option<Cause>) {
        self.gone.entry(target).or_default().push(position);
        if let Some(cause) = cause {
            self.history
                .entry(target)
                .or_default()
                .push((position, cause));
        }
    }

    /// Settles a live row of the lake against the batch. `file` is its file's place in the table's list.
    pub fn against(&mut self, files: &Files, file: usize, known: &RowKey) {
        let here = TargetKey::Existing(file);
        let Some(row) = files.seen.get(known.id_hash) else {
            if files.deletes.contains_key(&known.id_hash) {
                self.drop(here, known.position, Some(Cause::Deleted));
                self.counts.deleted += 1;
            }
            return;
        };
        self.counts.loaded = self.counts.loaded.saturating_sub(1);
        if row.digest == known.digest {
            self.drop_row(*row, None);
            self.counts.unchanged += 1;
        } else if row.version.is_older_than(&known.version) {
            self.drop_row(*row, Some(Cause::Older));
            self.counts.older += 1;
        } else {
            self.drop(here, known.position, Some(Cause::Superseded));
            self.counts.updated += 1;
        }
    }

    /// Puts positions in order.
    pub fn sort(&mut self) {
        self.gone
            .values_mut()
            .for_each(|positions| positions.sort_unstable());
        self.history
            .values_mut()
            .for_each(|rows| rows.sort_unstable());
    }
}

/// The catalogue's name for a data file.
#[must_use]
pub fn target(key: TargetKey, existing_id: i64, added_index: usize) -> Target {
    match key {
        TargetKey::Existing(_) => Target::Existing(existing_id),
        TargetKey::Added(_) => Target::Added(added_index),
    }
}
