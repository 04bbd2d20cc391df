//! The doctor: compares the data files with the catalogue, and the rows with the loads.

use std::collections::{BTreeMap, BTreeSet};

use salus_base::{Cancel, Code, Diagnostic, Place};

use crate::catalog::{At, CatalogView, DataFile, LoadStatus, TableView};
use crate::error::LakeError;
use crate::ingest::{FHIR_SCHEMA, LoadSummary};
use crate::lake::Lake;
use crate::rows;
use crate::store::{FileDigest, Verdict};

/// A data file is missing.
pub const MISSING: Code = Code::new("SAL-STORE-0101");
/// A data file's bytes are not those that were committed.
pub const CHANGED: Code = Code::new("SAL-STORE-0102");
/// A file that the catalogue does not know.
pub const ORPHAN: Code = Code::new("SAL-STORE-0103");
/// A data file has another number of rows than the catalogue says.
pub const ROWS: Code = Code::new("SAL-STORE-0104");
/// A table has another number of rows than its loads brought.
pub const COUNTS: Code = Code::new("SAL-STORE-0105");
/// A load was cut off.
pub const CUT_OFF: Code = Code::new("SAL-STORE-0106");
/// A data file has no digest: another writer made it.
pub const UNDIGESTED: Code = Code::new("SAL-STORE-0107");

/// What the doctor looked at, and what it found.
#[derive(Debug, Clone, Default)]
pub struct Examination {
    /// The snapshot.
    pub snapshot: i64,
    /// Tables looked at.
    pub tables: u64,
    /// Files whose every byte was compared with its digest.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Rows, live ones.
    pub rows: i64,
    /// What is wrong, or worth a word.
    pub findings: Vec<Diagnostic>,
    /// Files that the catalogue does not know, and their lengths: left by a load that was cut off.
    pub orphans: Vec<(String, u64)>,
}

impl Examination {
    /// Whether something is wrong (orphans and cut-off loads are not).
    #[must_use]
    pub fn is_sick(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == salus_base::Severity::Error)
    }
}

/// Examines the lake. `looked` hears of every file.
///
/// # Errors
/// When the catalogue cannot be read. Files that cannot be read are findings.
pub async fn examine(
    lake: &Lake,
    cancel: &Cancel,
    looked: &dyn Fn(u64),
) -> Result<Examination, LakeError> {
    let view = lake.catalog().view(At::Latest).await?;
    let mut examination = Examination {
        snapshot: view.snapshot,
        ..Examination::default()
    };
    for table in &view.tables {
        examination.tables += 1;
        examination.rows += table.record_count;
        for file in &table.files {
            if cancel.is_cancelled() {
                return Err(LakeError::Stopped);
            }
            examination.file(lake, &view, table, file).await?;
            looked(u64::try_from(file.size_bytes).unwrap_or(0));
        }
    }
    examination.orphans(lake, &view).await?;
    examination.loads(lake, &view).await?;
    Ok(examination)
}

/// Deletes files that the catalogue does not know.
///
/// # Errors
/// When one cannot be deleted, or another process writes to the lake.
pub async fn remove_orphans(lake: &Lake, examination: &Examination) -> Result<u64, LakeError> {
    let _lock = lake.lock_for_writing()?;
    for (path, _) in &examination.orphans {
        lake.store().delete(path).await?;
    }
    Ok(examination.orphans.len() as u64)
}

impl Examination {
    async fn file(
        &mut self,
        lake: &Lake,
        view: &CatalogView,
        table: &TableView,
        file: &DataFile,
    ) -> Result<(), LakeError> {
        let whole = self
            .bytes_of(lake, &file.path, file.digest.as_ref())
            .await?;
        if let Some(deletes) = &file.deletes {
            self.bytes_of(lake, &deletes.path, deletes.digest.as_ref())
                .await?;
        }
        if !whole {
            return Ok(());
        }
        let opened = rows::open(&lake.reader(view), &file.path, file.size_bytes).await;
        let found = match opened {
            Ok(builder) => builder.metadata().file_metadata().num_rows(),
            Err(error) => {
                self.findings
                    .push(error.diagnostic().at(Place::in_file(&file.path)));
                return Ok(());
            }
        };
        if found != file.record_count {
            let message = format!(
                "`{}.{}`: a data file has {found} rows, the catalogue says {}",
                table.schema, table.name, file.record_count
            );
            self.findings
                .push(Diagnostic::error(ROWS, message).at(Place::in_file(&file.path)));
        }
        Ok(())
    }

    /// Compares a file with its digest; gives whether it is whole.
    async fn bytes_of(
        &mut self,
        lake: &Lake,
        path: &str,
        digest: Option<&FileDigest>,
    ) -> Result<bool, LakeError> {
        let Some(digest) = digest else {
            let message = "a data file has no digest: another writer made it";
            self.findings
                .push(Diagnostic::warning(UNDIGESTED, message).at(Place::in_file(path)));
            return Ok(true);
        };
        self.files += 1;
        self.bytes += digest.size_bytes;
        let (code, message) = match lake.store().verify(path, digest).await? {
            Verdict::Intact => return Ok(true),
            Verdict::Missing => (MISSING, "a data file is missing".to_owned()),
            Verdict::Length {
                expected_bytes,
                found_bytes,
            } => (
                CHANGED,
                format!("a data file has {found_bytes} bytes; {expected_bytes} were committed"),
            ),
            Verdict::Changed { blocks } => {
                let first = blocks.first().copied().unwrap_or(0);
                let count = blocks.len().max(1);
                (
                    CHANGED,
                    format!(
                        "a data file differs from what was committed in {count} blocks, the first {first}"
                    ),
                )
            }
        };
        let finding = Diagnostic::error(code, message)
            .at(Place::in_file(path))
            .help("restore the file from a backup, or load its sources again into a new lake");
        self.findings.push(finding);
        Ok(false)
    }

    async fn orphans(&mut self, lake: &Lake, view: &CatalogView) -> Result<(), LakeError> {
        let files = view.tables.iter().flat_map(|table| &table.files);
        let read_by_view: BTreeSet<&str> = files
            .flat_map(|file| {
                [
                    Some(&file.path),
                    file.deletes.as_ref().map(|deletes| &deletes.path),
                ]
            })
            .flatten()
            .map(String::as_str)
            .collect();
        let known = lake.catalog().digests().await?;
        for (path, size) in lake.store().list().await? {
            if !known.contains_key(&path) && !read_by_view.contains(path.as_str()) {
                let message = format!("a file of {size} bytes that the catalogue does not know");
                let finding = Diagnostic::advice(ORPHAN, message)
                    .at(Place::in_file(&path))
                    .help("left by a load that was cut off; `salus doctor --repair` deletes it");
                self.findings.push(finding);
                self.orphans.push((path, size));
            }
        }
        Ok(())
    }

    /// Compares the rows of each table with what the loads say that they brought.
    async fn loads(&mut self, lake: &Lake, view: &CatalogView) -> Result<(), LakeError> {
        let mut brought: BTreeMap<String, i64> = BTreeMap::new();
        for load in lake.catalog().loads().await? {
            if load.status == LoadStatus::Running {
                let message = format!(
                    "load {} (`{}`, begun {}) was cut off",
                    load.id, load.command, load.started
                );
                let help = "what it committed is whole; the same load again brings the rest";
                self.findings
                    .push(Diagnostic::advice(CUT_OFF, message).help(help));
            }
            let Ok(counts) = serde_json::from_str::<LoadSummary>(&load.counts) else {
                continue;
            };
            for (name, counts) in counts.types {
                let rows = i64::try_from(counts.loaded).unwrap_or(0)
                    - i64::try_from(counts.deleted).unwrap_or(0);
                *brought.entry(name).or_default() += rows;
            }
        }
        for (name, rows) in brought {
            let found = view
                .table(FHIR_SCHEMA, &name)
                .map_or(0, |table| table.record_count);
            if found != rows {
                let message = format!("`{name}` has {found} rows; its loads brought {rows}");
                let help =
                    "another writer changed the table, or a load was cut off between its commits";
                self.findings
                    .push(Diagnostic::warning(COUNTS, message).help(help));
            }
        }
        Ok(())
    }
}
