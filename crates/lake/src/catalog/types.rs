//! What the catalogue says and what a writer asks of it, as plain values.

use salus_columns::Column;

use crate::store::FileDigest;

/// The snapshot at which the lake is to be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The newest committed snapshot.
    #[default]
    Latest,
    /// The snapshot with this number.
    Id(i64),
    /// The newest snapshot committed at or before this instant: RFC 3339 or `YYYY-MM-DD HH:MM:SS+00`.
    Time(String),
}

/// One row of the lake's history, as `salus snapshots` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Number of the snapshot; 0 is the empty lake.
    pub id: i64,
    /// When it was committed, `YYYY-MM-DD HH:MM:SS.ffffff+00`.
    pub time: String,
    /// Grows by one with every snapshot that changed a table's columns.
    pub schema_version: i64,
    /// What changed, in DuckLake's words: `created_table:"fhir"."Patient",inserted_into_table:2`.
    pub changes: String,
    /// Who committed it.
    pub author: Option<String>,
    /// Why, in the author's words.
    pub message: Option<String>,
    /// The `salus_load` that the snapshot belongs to, where it was made by one.
    pub load: Option<i64>,
}

/// Every table, column and file that is visible at one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogView {
    /// The snapshot seen.
    pub snapshot: i64,
    /// When it was committed, `YYYY-MM-DD HH:MM:SS.ffffff+00`.
    pub time: String,
    /// The schema version at that snapshot.
    pub schema_version: i64,
    /// The tables that Salus can read, by schema and name.
    pub tables: Vec<TableView>,
    /// Tables of other writers that Salus cannot read, each with the reason.
    pub unreadable: Vec<UnreadableTable>,
}

impl CatalogView {
    /// The table `schema.name`, by exact name.
    pub fn table(&self, schema: &str, name: &str) -> Option<&TableView> {
        self.tables
            .iter()
            .find(|table| table.schema == schema && table.name == name)
    }
}

/// A table made by another writer with something Salus does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableTable {
    /// Schema of the table.
    pub schema: String,
    /// Name of the table.
    pub name: String,
    /// Why it cannot be read, as a clause: ``column `x` has the type `map` ``.
    pub reason: String,
}

/// One table at one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct TableView {
    /// The table's number in the catalogue.
    pub id: i64,
    /// Schema, such as `fhir`.
    pub schema: String,
    /// Name, such as `Patient`.
    pub name: String,
    /// Folder of its files, relative to the data path and with a slash at its end: `fhir/Patient/`.
    pub folder: String,
    /// The top-level columns in their order, with what is nested in them.
    pub columns: Vec<Column>,
    /// The highest column id that the table ever used; new columns take higher ones.
    pub column_id_max: i64,
    /// The data files with live rows, in order of their commit.
    pub files: Vec<DataFile>,
    /// Live rows: rows in the files less the deleted ones.
    pub record_count: i64,
}

/// A Parquet file of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFile {
    /// Number of the file in the catalogue.
    pub id: i64,
    /// Path relative to the lake's data path, such as `fhir/Patient/….parquet`.
    pub path: String,
    /// Rows in the file, deleted ones included.
    pub record_count: i64,
    /// Length of the file.
    pub size_bytes: i64,
    /// Length of the Parquet footer without its last 8 bytes.
    pub footer_bytes: i64,
    /// Row id of the first row; `None` where the rows carry their own (files rewritten by DuckDB).
    pub row_id_start: Option<i64>,
    /// The snapshot that added the file.
    pub begin_snapshot: i64,
    /// The deleted rows, if there are any.
    pub deletes: Option<DeleteFile>,
    /// Statistics of the leaf columns, by column id.
    pub stats: Vec<ColumnStats>,
    /// Digest of the bytes; `None` for files that another writer added.
    pub digest: Option<FileDigest>,
}

/// A Parquet file that lists deleted rows of one data file.
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteFile {
    /// Number of the file in the catalogue.
    pub id: i64,
    /// Path relative to the lake's data path.
    pub path: String,
    /// How many rows it deletes.
    pub count: i64,
    /// Length of the file.
    pub size_bytes: i64,
    /// Length of the Parquet footer without its last 8 bytes.
    pub footer_bytes: i64,
    /// The snapshot that added the file.
    pub begin_snapshot: i64,
    /// Digest of the bytes; `None` for files that another writer added.
    pub digest: Option<FileDigest>,
}

/// Statistics of one leaf column in one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnStats {
    /// The column.
    pub column_id: i64,
    /// Compressed length of the column's chunks.
    pub size_bytes: i64,
    /// Values that are not null.
    pub value_count: i64,
    /// Nulls, those of absent parents included (as Parquet counts them).
    pub null_count: i64,
    /// A lower bound of the values as DuckDB writes it: `1498.5`, `1` for true, bytes in upper-case
    /// hexadecimal, `2026-11-25 02:32:01.590597`; `None` if there is no value or it is not known.
    pub min: Option<String>,
    /// An upper bound, written as `min`.
    pub max: Option<String>,
    /// Whether a NaN occurs; `None` for types that have none.
    pub contains_nan: Option<bool>,
}

/// What a writer asks for: becomes one snapshot, wholly or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commit {
    /// Who commits, such as `salus 0.1.0`.
    pub author: String,
    /// Why.
    pub message: String,
    /// When: RFC 3339 or `YYYY-MM-DD HH:MM:SS+00`. A clock that runs behind the last snapshot is
    /// moved up to it.
    pub time: String,
    /// The changes, at most one entry per table.
    pub tables: Vec<TableCommit>,
    /// The end of the load that the commit belongs to.
    pub load: Option<LoadUpdate>,
    /// What to do if somebody else has committed since the base view.
    pub on_race: OnRace,
    /// Whether the commit only rewrites files: the rows stay the same. Noted in the history.
    pub compaction: bool,
}

/// What a commit does when the lake has moved since its base view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnRace {
    /// Goes through if the others touched other files and other columns: appends are merged.
    #[default]
    Merge,
    /// Conflicts if anybody touched one of its tables. For upserts, which looked for earlier rows.
    Refuse,
}

/// The changes of one table. A table that does not exist is created, its schema too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableCommit {
    /// Schema, such as `fhir`.
    pub schema: String,
    /// Name, such as `Patient`.
    pub name: String,
    /// The whole column tree wanted after the commit, ids given. Columns of the base cannot be dropped
    /// or change their type.
    pub columns: Vec<Column>,
    /// New data files.
    pub added: Vec<NewFile>,
    /// New delete files: each holds *all* deleted positions of its data file, earlier ones included.
    pub deletes: Vec<NewDelete>,
    /// Ids of data files that end with this snapshot (their rows are in `added`, or all deleted).
    pub removed: Vec<i64>,
}

/// A data file that is durably stored and waits to be committed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFile {
    /// Path relative to the data path: `<schema>/<table>/<name>.parquet`.
    pub path: String,
    /// Rows.
    pub record_count: i64,
    /// Length.
    pub size_bytes: i64,
    /// Length of the Parquet footer without its last 8 bytes.
    pub footer_bytes: i64,
    /// Statistics of the leaf columns in the file.
    pub stats: Vec<ColumnStats>,
    /// Digest of the bytes.
    pub digest: FileDigest,
}

/// A delete file that is durably stored and waits to be committed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDelete {
    /// The data file whose rows it deletes.
    pub target: Target,
    /// Path relative to the data path: `<schema>/<table>/<name>-delete.parquet`.
    pub path: String,
    /// Deleted rows, earlier deletes of the same data file included.
    pub count: i64,
    /// Length.
    pub size_bytes: i64,
    /// Length of the Parquet footer without its last 8 bytes.
    pub footer_bytes: i64,
    /// Digest of the bytes.
    pub digest: FileDigest,
}

/// The data file a delete file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A data file of the base view, by id.
    Existing(i64),
    /// A data file of the same [`TableCommit`], by its index in `added`.
    Added(usize),
}

/// How a load stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadStatus {
    /// Begun; if its process is gone, it was killed, and a rerun takes up what it left.
    Running,
    /// Everything was committed.
    Complete,
    /// Committed, but something was quarantined.
    Partial,
    /// Stopped by the user; what was committed stays.
    Stopped,
    /// Failed; what was committed stays.
    Failed,
}

impl LoadStatus {
    /// The word in the table `salus_load`.
    pub fn as_str(self) -> &'static str {
        match self {
            LoadStatus::Running => "running",
            LoadStatus::Complete => "complete",
            LoadStatus::Partial => "partial",
            LoadStatus::Stopped => "stopped",
            LoadStatus::Failed => "failed",
        }
    }

    /// The status with this word; `None` if there is none.
    pub fn parse(word: &str) -> Option<LoadStatus> {
        [
            LoadStatus::Running,
            LoadStatus::Complete,
            LoadStatus::Partial,
            LoadStatus::Stopped,
            LoadStatus::Failed,
        ]
        .into_iter()
        .find(|status| status.as_str() == word)
    }
}

/// What a load writes about itself, alone or in the same transaction as a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadUpdate {
    /// The load.
    pub load: i64,
    /// How it stands now.
    pub status: LoadStatus,
    /// When it ended, if it did.
    pub finished: Option<String>,
    /// What it counted, as a JSON object.
    pub counts: String,
    /// Its sources, as far as they are read.
    pub sources: Vec<SourceUpdate>,
}

/// What a load writes about one of its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceUpdate {
    /// The source.
    pub source: i64,
    /// Length of the file as it lay on disk.
    pub size_bytes: Option<i64>,
    /// BLAKE3 of the file as it lay on disk; set once the whole file is committed.
    pub blake3: Option<[u8; 32]>,
    /// What was counted in it, as a JSON object.
    pub counts: String,
}

/// A row of `salus_load`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadInfo {
    /// Number of the load, from 1.
    pub id: i64,
    /// The command as the user gave it.
    pub command: String,
    /// When it began.
    pub started: String,
    /// When it ended, if it did.
    pub finished: Option<String>,
    /// How it stands.
    pub status: LoadStatus,
    /// The last snapshot that it committed.
    pub snapshot: Option<i64>,
    /// What it counted, as a JSON object.
    pub counts: String,
}

/// A row of `salus_source`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// Number of the source, from 1.
    pub id: i64,
    /// The load that read it.
    pub load: i64,
    /// Its name: an absolute path, or `-`.
    pub name: String,
    /// Length of the file as it lay on disk.
    pub size_bytes: Option<i64>,
    /// BLAKE3 of the file as it lay on disk; `None` until all of it is committed.
    pub blake3: Option<[u8; 32]>,
    /// What was counted in it, as a JSON object.
    pub counts: String,
}
