//! One commit: from a base view and a wish to the next snapshot, in one SQL transaction.
//!
//! ```text
//!  begin (alone) ─► latest snapshot ─► plan: conflicts? new columns? ─► rows ─► commit
//! ```
//!
//! Nothing is visible before the transaction ends, everything after it. If the connection breaks while
//! it ends, the next one looks for the mark of the commit, so that "done" and "not done" stay apart.

mod changes;
mod plan;
mod rows;
mod stats;

use std::borrow::Cow;

use uuid::Uuid;

use self::plan::Plan;
use self::rows::Writer;
use super::sql::{self, Fields};
use super::view::read_head;
use super::{Catalog, CatalogError, CatalogView, Commit, Damage, Detail, Fault, time};

/// How often a commit is tried when PostgreSQL says that another writer was faster.
const ATTEMPTS_MAX: u32 = 8;

impl Catalog {
    /// Makes the commit and gives its snapshot; when it returns, the commit is durable.
    ///
    /// The files must be stored durably before. Nothing happens to the catalogue if an error is
    /// returned. A commit without changes writes its [`super::LoadUpdate`] and gives the latest
    /// snapshot.
    ///
    /// # Errors
    /// [`CatalogError::Conflict`] if others changed what it is based on: take a new view and plan
    /// again. [`CatalogError::InvalidCommit`] if it contradicts itself or its base.
    pub async fn commit(&self, base: &CatalogView, commit: Commit) -> Result<i64, CatalogError> {
        let mark = Uuid::now_v7().to_string();
        let mut attempt = 1;
        loop {
            match self.try_commit(base, &commit, &mark).await {
                Err(error) if attempt < ATTEMPTS_MAX && is_race(&error) => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    async fn try_commit(
        &self,
        base: &CatalogView,
        commit: &Commit,
        mark: &str,
    ) -> Result<i64, CatalogError> {
        let failed = |source| self.failed("writing a snapshot", source);
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        let head = read_head(&mut tx, None).await.map_err(failed)?;
        let Some(mut head) = head else {
            return Err(CatalogError::Damaged {
                what: Damage::NoSnapshots,
            });
        };
        let current = if head.snapshot == base.snapshot {
            Cow::Borrowed(base)
        } else {
            Cow::Owned(
                self.read_view(&mut tx, Some(head.snapshot), Detail::Files)
                    .await?,
            )
        };
        if head.snapshot < base.snapshot {
            return Err(base_ahead(base.snapshot, head.snapshot, commit));
        }
        let plans = Plan::all(base, &current, commit)?;
        let snapshot = if plans.is_empty() {
            if let Some(load) = &commit.load {
                self.write_load(&mut tx, load, None).await?;
            }
            head.snapshot
        } else {
            head.time = later_of(&commit.time, &head.time)?;
            Writer::new(self, &head, commit, mark)
                .write(&mut tx, &plans)
                .await?
        };
        let ended = tx.commit().await;
        drop(connection);
        match ended {
            Ok(()) => Ok(snapshot),
            Err(_) if self.has_mark(snapshot, mark).await => Ok(snapshot),
            Err(source) => Err(failed(source)),
        }
    }

    /// Whether a snapshot is there and is the one with our mark.
    async fn has_mark(&self, snapshot: i64, mark: &str) -> bool {
        let text = "SELECT commit_extra_info FROM ducklake_snapshot_changes WHERE snapshot_id = $1";
        let Ok(mut connection) = self.connection().await else {
            return false;
        };
        let Ok(rows) = sql::fetch(&mut connection, text, vec![snapshot.into()]).await else {
            return false;
        };
        rows.iter().any(|row| {
            let extra: Option<String> = Fields::of(row).take().unwrap_or_default();
            extra.is_some_and(|extra| extra.contains(mark))
        })
    }
}

/// The time of the snapshot: the wanted one, or the last one's if the clock runs behind it.
fn later_of(wanted: &str, last: &str) -> Result<String, CatalogError> {
    Ok(time::format(time::parse(wanted)?.max(time::parse(last)?)))
}

fn base_ahead(base: i64, latest: i64, commit: &Commit) -> CatalogError {
    let table = commit.tables.first();
    CatalogError::InvalidCommit {
        schema: table.map(|table| table.schema.clone()).unwrap_or_default(),
        table: table.map(|table| table.name.clone()).unwrap_or_default(),
        what: Fault::BaseAhead { base, latest },
    }
}

/// Whether PostgreSQL refused only because another transaction was faster: a serialisation failure, a
/// deadlock, or a number that is taken (DuckDB does not know our lock).
fn is_race(error: &CatalogError) -> bool {
    let (CatalogError::Sql { source, .. } | CatalogError::Busy { source, .. }) = error else {
        return false;
    };
    let code = source.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01" | "23505"))
}
