//! What a commit means for the tables as they are now, or why it cannot be.

use std::collections::HashSet;

use super::super::columns::{self, Flat, Refusal};
use super::super::{
    CatalogError, CatalogView, Collision, Commit, DataFile, Fault, OnRace, TableCommit, TableView,
    Target,
};

/// One table's part of a commit, checked against the latest snapshot.
pub(super) struct Plan<'a> {
    pub(super) commit: &'a TableCommit,
    /// The table as it is now; `None` if it has to be made.
    pub(super) current: Option<&'a TableView>,
    pub(super) new_columns: Vec<Flat<'a>>,
    /// The data files that end.
    pub(super) removed: Vec<&'a DataFile>,
    /// The delete files that end: replaced by new ones, or gone with their data file.
    pub(super) ended_deletes: Vec<i64>,
}

impl<'a> Plan<'a> {
    /// The plans of all tables that change.
    pub(super) fn all(
        base: &CatalogView,
        current: &'a CatalogView,
        commit: &'a Commit,
    ) -> Result<Vec<Plan<'a>>, CatalogError> {
        let mut seen = HashSet::new();
        let mut plans = Vec::new();
        for table in &commit.tables {
            let plan = if seen.insert((&table.schema, &table.name)) {
                Plan::of(base, current, commit.on_race, table)
            } else {
                Err(Refusal::Fault(Fault::TableTwice))
            };
            let plan = plan.map_err(|refusal| refused(table, refusal))?;
            if plan.changes_anything() {
                plans.push(plan);
            }
        }
        Ok(plans)
    }

    fn of(
        base: &CatalogView,
        current: &'a CatalogView,
        on_race: OnRace,
        commit: &'a TableCommit,
    ) -> Result<Plan<'a>, Refusal> {
        check_name(&commit.schema)?;
        check_name(&commit.name)?;
        let before = base.table(&commit.schema, &commit.name);
        let now = current.table(&commit.schema, &commit.name);
        check_same_table(before, now)?;
        if on_race == OnRace::Refuse && !is_untouched(before, now) {
            return Err(Refusal::Collision(Collision::Touched {
                base: base.snapshot,
            }));
        }
        let new_columns = columns::new_columns(
            &commit.columns,
            before.map_or(&[], |table| &table.columns),
            now.map_or(&[], |table| &table.columns),
            now.map_or(0, |table| table.column_id_max),
        )?;
        let mut plan = Plan {
            commit,
            current: now,
            new_columns,
            removed: Vec::new(),
            ended_deletes: Vec::new(),
        };
        plan.check_files(before)?;
        Ok(plan)
    }

    /// Finds the files that end, and makes sure that nobody else touched them.
    fn check_files(&mut self, before: Option<&TableView>) -> Result<(), Refusal> {
        let mut seen = HashSet::new();
        for id in &self.commit.removed {
            let file = untouched_file(before, self.current, *id)?;
            if !seen.insert(Target::Existing(*id)) {
                return Err(Refusal::Fault(Fault::UnknownFile { id: *id }));
            }
            self.removed.push(file);
            self.ended_deletes
                .extend(file.deletes.as_ref().map(|deletes| deletes.id));
        }
        for delete in &self.commit.deletes {
            let reachable = match delete.target {
                Target::Existing(id) => {
                    let file = untouched_file(before, self.current, id)?;
                    self.ended_deletes
                        .extend(file.deletes.as_ref().map(|deletes| deletes.id));
                    true
                }
                Target::Added(index) => index < self.commit.added.len(),
            };
            if !reachable || !seen.insert(delete.target) {
                return Err(Refusal::Fault(Fault::DeleteTarget {
                    path: delete.path.clone(),
                }));
            }
        }
        Ok(())
    }

    fn changes_anything(&self) -> bool {
        let TableCommit {
            added,
            deletes,
            removed,
            ..
        } = self.commit;
        self.changes_columns() || !(added.is_empty() && deletes.is_empty() && removed.is_empty())
    }

    /// Whether the table is made or gets new columns.
    pub(super) fn changes_columns(&self) -> bool {
        self.current.is_none() || !self.new_columns.is_empty()
    }
}

fn refused(table: &TableCommit, refusal: Refusal) -> CatalogError {
    let (schema, table) = (table.schema.clone(), table.name.clone());
    match refusal {
        Refusal::Collision(what) => CatalogError::Conflict {
            schema,
            table,
            what,
        },
        Refusal::Fault(what) => CatalogError::InvalidCommit {
            schema,
            table,
            what,
        },
    }
}

/// Names become folders, and DuckLake itself renames folders of other names.
fn check_name(name: &str) -> Result<(), Refusal> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.is_empty() && name.chars().all(plain) {
        return Ok(());
    }
    Err(Refusal::Fault(Fault::Name {
        name: name.to_owned(),
    }))
}

fn check_same_table(before: Option<&TableView>, now: Option<&TableView>) -> Result<(), Refusal> {
    match (before, now) {
        (Some(before), Some(now)) if before.id == now.id => Ok(()),
        (Some(_), _) => Err(Refusal::Collision(Collision::TableGone)),
        (None, _) => Ok(()),
    }
}

fn is_untouched(before: Option<&TableView>, now: Option<&TableView>) -> bool {
    let files = |table: &TableView| -> Vec<(i64, Option<i64>)> {
        table
            .files
            .iter()
            .map(|file| (file.id, deletes_of(file)))
            .collect()
    };
    match (before, now) {
        (None, None) => true,
        (Some(before), Some(now)) => before.columns == now.columns && files(before) == files(now),
        _ => false,
    }
}

fn deletes_of(file: &DataFile) -> Option<i64> {
    file.deletes.as_ref().map(|deletes| deletes.id)
}

/// The data file as it is now, if it is as the base saw it.
fn untouched_file<'a>(
    before: Option<&TableView>,
    now: Option<&'a TableView>,
    id: i64,
) -> Result<&'a DataFile, Refusal> {
    let Some(seen) = before.and_then(|table| find(table, id)) else {
        return Err(Refusal::Fault(Fault::UnknownFile { id }));
    };
    let Some(there) = now.and_then(|table| find(table, id)) else {
        return Err(Refusal::Collision(Collision::FileGone { id }));
    };
    if deletes_of(seen) != deletes_of(there) {
        return Err(Refusal::Collision(Collision::FileDeletes { id }));
    }
    Ok(there)
}

fn find(table: &TableView, id: i64) -> Option<&DataFile> {
    table.files.iter().find(|file| file.id == id)
}
