//! A batch becomes a snapshot: one commit over all tables.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use object_store::ObjectStore;
use salus_fhir::schema::{TypeId, r4};

use crate::catalog::{Commit, LoadUpdate, NewDelete, NewFile, OnRace, TableCommit, TableView};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::rows::{self, FileRef};
use crate::table_files::{DeletedRows, TableName, store_data, store_deletes};
use salus_columns::{ColumnIds, Form};

use super::batch::{Batch, FHIR_SCHEMA, TypeBatch, Written};
use super::history::{self, Cause, HistoryRow};
use super::quarantine::{self, QuarantineRow};
use super::resolve::{Resolution, TargetKey, TypeCounts, target};

/// The schema of the lake's own tables.
pub const SALUS_SCHEMA: &str = "salus";

/// What a commit came to.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// The snapshot; `None` if nothing changed.
    pub snapshot: Option<i64>,
    /// Counts by resource type.
    pub counts: BTreeMap<String, TypeCounts>,
    /// Bad pieces that were not in the quarantine before.
    pub quarantined: u64,
    /// Bad pieces that were there already.
    pub quarantined_before: u64,
    /// Elements that no column could hold.
    pub rest_elements: u64,
}

/// Who commits, and why.
#[derive(Debug)]
pub struct Act<'a> {
    /// The load.
    pub load: i64,
    /// The message of the snapshot.
    pub message: String,
    /// The time of the snapshot.
    pub time: String,
    /// Names of the sources, by number.
    pub sources: &'a BTreeMap<i64, String>,
    /// What is written about the load in the same transaction.
    pub update: Option<LoadUpdate>,
    /// Pieces that leave the quarantine in the same transaction.
    pub released: Released,
}

/// Rows of the quarantine that can be read now.
#[derive(Debug, Clone, Default)]
pub struct Released {
    /// Delete files of data files that keep other rows.
    pub deletes: Vec<NewDelete>,
    /// Data files of which no row is left.
    pub removed: Vec<i64>,
}

impl Released {
    fn is_empty(&self) -> bool {
        self.deletes.is_empty() && self.removed.is_empty()
    }
}

/// Commits everything in `batch`.
///
/// # Errors
/// When files cannot be read or stored, or the catalogue refuses the commit; then nothing has changed.
pub async fn commit(lake: &Lake, batch: &Batch, act: Act<'_>) -> Result<Committed, LakeError> {
    let mut work = Work {
        lake,
        base: batch,
        act: &act,
        reader: lake.reader(&batch.base),
        history: Vec::new(),
    };
    let mut committed = Committed {
        rest_elements: batch.rest_elements(),
        ..Committed::default()
    };
    let mut tables = Vec::new();
    for part in batch.types() {
        let (table, counts) = work.table(&part).await?;
        committed
            .counts
            .insert(r4().get(part.resource).name.to_owned(), counts);
        tables.extend(table);
    }
    let bad = batch.take_quarantine();
    let all = bad.len() as u64;
    let bad = work.new_quarantine(bad).await?;
    committed.quarantined = bad.len() as u64;
    committed.quarantined_before = all - committed.quarantined;
    tables.extend(work.quarantine_table(&bad).await?);
    tables.extend(work.history_table().await?);
    if tables.is_empty() {
        return Ok(committed);
    }
    let commit = Commit {
        author: concat!("salus ", env!("CARGO_PKG_VERSION")).to_owned(),
        message: act.message.clone(),
        time: act.time.clone(),
        tables,
        load: act.update.clone(),
        on_race: OnRace::Refuse,
        compaction: false,
    };
    committed.snapshot = Some(lake.catalog().commit(&batch.base, commit).await?);
    Ok(committed)
}

struct Work<'w> {
    lake: &'w Lake,
    base: &'w Batch,
    act: &'w Act<'w>,
    reader: Arc<dyn ObjectStore>,
    history: Vec<HistoryRow>,
}

impl Work<'_> {
    async fn table(
        &mut self,
        part: &TypeBatch,
    ) -> Result<(Option<TableCommit>, TypeCounts), LakeError> {
        let name = r4().get(part.resource).name;
        let view = self.base.base.table(FHIR_SCHEMA, name);
        let mut files = std::mem::take(&mut *part.written());
        let mut resolution = Resolution::within_batch(&mut files);
        let known = known_files(self.lake, view).await?;
        if !files.seen.is_empty() || !files.deletes.is_empty() {
            for (index, file) in known.iter().enumerate() {
                rows::for_each_key(&self.reader, file, |key| {
                    resolution.against(&files, index, &key)
                })
                .await?;
            }
        }
        resolution.sort();
        let scene = Scene {
            name,
            view,
            known: &known,
            added: &files.files,
        };
        self.keep_history(part.resource, &scene, &resolution)
            .await?;
        let mut table = self.files_of(&scene, &files, &resolution).await?;
        table.columns = part.ids.columns();
        let changed =
            !(table.added.is_empty() && table.deletes.is_empty() && table.removed.is_empty());
        Ok((changed.then_some(table), resolution.counts))
    }

    /// The data files and delete files that the table gets. Files without a live row are not committed.
    async fn files_of(
        &self,
        scene: &Scene<'_>,
        files: &Written,
        resolution: &Resolution,
    ) -> Result<TableCommit, LakeError> {
        let mut table = TableCommit {
            schema: FHIR_SCHEMA.to_owned(),
            name: scene.name.to_owned(),
            ..TableCommit::default()
        };
        for (index, file) in files.files.iter().enumerate() {
            let gone = resolution
                .gone
                .get(&TargetKey::Added(index))
                .map_or(&[][..], Vec::as_slice);
            if i64::try_from(gone.len()).unwrap_or(0) >= file.record_count {
                self.lake.store().delete(&file.path).await?;
                continue;
            }
            if !gone.is_empty() {
                let target = target(TargetKey::Added(index), 0, table.added.len());
                let rows = DeletedRows {
                    target,
                    data_path: &file.path,
                    positions: gone,
                };
                table
                    .deletes
                    .push(store_deletes(self.lake, scene.table(), rows).await?);
            }
            table.added.push(file.clone());
        }
        for (index, file) in scene.known.iter().enumerate() {
            let Some(gone) = resolution.gone.get(&TargetKey::Existing(index)) else {
                continue;
            };
            let Some(known) = scene.view.and_then(|view| view.files.get(index)) else {
                continue;
            };
            let mut all: Vec<i64> = file.deleted.iter().chain(gone).copied().collect();
            all.sort_unstable();
            if i64::try_from(all.len()).unwrap_or(0) >= known.record_count {
                table.removed.push(known.id);
                continue;
            }
            let target = target(TargetKey::Existing(index), known.id, 0);
            let rows = DeletedRows {
                target,
                data_path: &file.path,
                positions: &all,
            };
            table
                .deletes
                .push(store_deletes(self.lake, scene.table(), rows).await?);
        }
        Ok(table)
    }

    /// Reads the rows that stop counting and keeps them as JSON.
    async fn keep_history(
        &mut self,
        resource: TypeId,
        scene: &Scene<'_>,
        resolution: &Resolution,
    ) -> Result<(), LakeError> {
        for (key, gone) in &resolution.history {
            let added;
            let of_added;
            let (file, reader) = match key {
                TargetKey::Existing(index) => (scene.known.get(*index), &self.reader),
                TargetKey::Added(index) => {
                    let new = scene.added.get(*index);
                    added = new.map(|new| FileRef {
                        path: new.path.clone(),
                        size_bytes: new.size_bytes,
                        deleted: vec![],
                    });
                    of_added = self.lake.reader_of_new(scene.added);
                    (added.as_ref(), &of_added)
                }
            };
            let Some(file) = file else { continue };
            let positions: Vec<i64> = gone.iter().map(|(position, _)| *position).collect();
            let mut causes = gone.iter().map(|(_, cause)| *cause);
            for batch in rows::read_positions(reader, file, &positions, None).await? {
                let jsons = rows::to_json(resource, &batch, Form::AsLoaded)?;
                for (row, (json, cause)) in jsons.into_iter().zip(causes.by_ref()).enumerate() {
                    self.history.push(history_row(
                        scene.name,
                        &batch,
                        row,
                        json,
                        cause,
                        self.act.load,
                    ));
                }
            }
        }
        Ok(())
    }

    async fn history_table(&mut self) -> Result<Option<TableCommit>, LakeError> {
        let rows = std::mem::take(&mut self.history);
        let view = self.base.base.table(SALUS_SCHEMA, "history");
        let known = self.known_numbers(view, "digest", rows.is_empty()).await?;
        let rows: Vec<HistoryRow> = rows
            .into_iter()
            .filter(|row| !known.contains(&row.digest()))
            .collect();
        if rows.is_empty() {
            return Ok(None);
        }
        let ids = ColumnIds::new(view.map_or(&[], |view| &view.columns));
        let batch = history::batch(&rows, &ids).map_err(LakeError::columns)?;
        self.own_table("history", &ids, &batch).await.map(Some)
    }

    /// The bad pieces that the quarantine does not hold yet.
    async fn new_quarantine(
        &self,
        rows: Vec<QuarantineRow>,
    ) -> Result<Vec<QuarantineRow>, LakeError> {
        let view = self.base.base.table(SALUS_SCHEMA, "quarantine");
        let mut known = self.known_numbers(view, "digest", rows.is_empty()).await?;
        let name = |row: &QuarantineRow| {
            self.act
                .sources
                .get(&row.source)
                .cloned()
                .unwrap_or_default()
        };
        let mut rows: Vec<QuarantineRow> = rows
            .into_iter()
            .filter(|row| known.insert(row.digest(&name(row))))
            .collect();
        rows.sort_by_key(|row| (row.source, row.offset));
        Ok(rows)
    }

    async fn quarantine_table(
        &self,
        rows: &[QuarantineRow],
    ) -> Result<Option<TableCommit>, LakeError> {
        let released = &self.act.released;
        if rows.is_empty() && released.is_empty() {
            return Ok(None);
        }
        let view = self.base.base.table(SALUS_SCHEMA, "quarantine");
        let ids = ColumnIds::new(view.map_or(&[], |view| &view.columns));
        let mut table = if rows.is_empty() {
            TableCommit {
                schema: SALUS_SCHEMA.to_owned(),
                name: "quarantine".to_owned(),
                columns: ids.columns(),
                ..TableCommit::default()
            }
        } else {
            let names = |source: i64| self.act.sources.get(&source).cloned().unwrap_or_default();
            let batch =
                quarantine::batch(rows, self.act.load, &names, &ids).map_err(LakeError::columns)?;
            self.own_table("quarantine", &ids, &batch).await?
        };
        table.deletes.clone_from(&released.deletes);
        table.removed.clone_from(&released.removed);
        Ok(Some(table))
    }

    /// The values of an integer column in the live rows of a table.
    async fn known_numbers(
        &self,
        view: Option<&TableView>,
        column: &str,
        skip: bool,
    ) -> Result<BTreeSet<i64>, LakeError> {
        let mut known = BTreeSet::new();
        if skip {
            return Ok(known);
        }
        for file in known_files(self.lake, view).await? {
            let positions = live_positions(&file, view);
            for batch in
                rows::read_positions(&self.reader, &file, &positions, Some(&[column])).await?
            {
                if let Some(values) = batch
                    .column_by_name(column)
                    .and_then(|values| values.as_primitive_opt::<Int64Type>())
                {
                    known.extend(values.iter().flatten());
                }
            }
        }
        Ok(known)
    }

    async fn own_table(
        &self,
        name: &str,
        ids: &ColumnIds,
        batch: &RecordBatch,
    ) -> Result<TableCommit, LakeError> {
        let table = TableName {
            schema: SALUS_SCHEMA,
            name,
        };
        let file = store_data(self.lake.store(), table, batch).await?;
        Ok(TableCommit {
            schema: SALUS_SCHEMA.to_owned(),
            name: name.to_owned(),
            columns: ids.columns(),
            added: vec![file],
            ..TableCommit::default()
        })
    }
}

/// One table and its files, before and in the batch.
struct Scene<'s> {
    name: &'s str,
    view: Option<&'s TableView>,
    known: &'s [FileRef],
    added: &'s [NewFile],
}

impl<'s> Scene<'s> {
    fn table(&self) -> TableName<'s> {
        TableName {
            schema: FHIR_SCHEMA,
            name: self.name,
        }
    }
}

/// The data files of a table, with the positions that are deleted in them.
pub(crate) async fn known_files(
    lake: &Lake,
    view: Option<&TableView>,
) -> Result<Vec<FileRef>, LakeError> {
    let mut files = Vec::new();
    for file in view.map_or(&[][..], |view| &view.files) {
        let deleted = match &file.deletes {
            Some(deletes) => lake.deleted_positions(deletes).await?,
            None => Vec::new(),
        };
        files.push(FileRef {
            path: file.path.clone(),
            size_bytes: file.size_bytes,
            deleted,
        });
    }
    Ok(files)
}

fn live_positions(file: &FileRef, view: Option<&TableView>) -> Vec<i64> {
    let rows = view
        .and_then(|view| view.files.iter().find(|known| known.path == file.path))
        .map_or(0, |known| known.record_count);
    (0..rows)
        .filter(|position| file.deleted.binary_search(position).is_err())
        .collect()
}

fn history_row(
    name: &str,
    batch: &RecordBatch,
    row: usize,
    json: String,
    cause: Cause,
    load: i64,
) -> HistoryRow {
    let number = |column: &str| {
        let values = batch
            .column_by_name(column)
            .and_then(|values| values.as_primitive_opt::<Int64Type>());
        values
            .filter(|values| values.is_valid(row))
            .map_or(0, |values| values.value(row))
    };
    let text = |array: Option<&arrow::array::ArrayRef>| {
        let values = array.and_then(|array| array.as_string_opt::<i32>());
        values
            .filter(|values| values.is_valid(row))
            .map(|values| values.value(row).to_owned())
    };
    let meta = batch
        .column_by_name("meta")
        .and_then(|meta| meta.as_struct_opt());
    HistoryRow {
        resource: name.to_owned(),
        id: text(batch.column_by_name("id")).unwrap_or_default(),
        version: text(meta.and_then(|meta| meta.column_by_name("versionId"))),
        last_updated: text(meta.and_then(|meta| meta.column_by_name("lastUpdated"))),
        replaced_by_load: load,
        load: number("salus_load"),
        source: number("salus_source"),
        offset: number("salus_offset"),
        json,
        cause,
    }
}
