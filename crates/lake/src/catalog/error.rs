//! What can go wrong with a catalogue, in words that say what to do.

use salus_base::{Code, Diagnostic};

/// Why the catalogue could not be read or written. No variant shows a password.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// There is no lake at the place.
    #[error("there is no lake at `{place}`")]
    Missing {
        /// The catalogue, password hidden.
        place: String,
    },
    /// A lake was to be created where one is.
    #[error("there is already a lake at `{place}`")]
    Exists {
        /// The catalogue, password hidden.
        place: String,
    },
    /// The database cannot be reached or opened.
    #[error("cannot open the catalogue `{place}`")]
    Connect {
        /// The catalogue, password hidden.
        place: String,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The folder of the catalogue cannot be made.
    #[error("cannot make the folder of the catalogue `{place}`")]
    Folder {
        /// The catalogue.
        place: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The database is not a DuckLake catalogue of version 1.0.
    #[error("`{place}` is a DuckLake of version `{found}`; Salus reads 1.0")]
    Version {
        /// The catalogue, password hidden.
        place: String,
        /// The version that it names.
        found: String,
    },
    /// The data files are encrypted.
    #[error("the lake `{place}` is encrypted, which Salus cannot read yet")]
    Encrypted {
        /// The catalogue, password hidden.
        place: String,
    },
    /// The catalogue belongs to data files at another place.
    #[error("the catalogue `{place}` belongs to the data files at `{recorded}`, not at `{given}`")]
    DataPathDiffers {
        /// The catalogue, password hidden.
        place: String,
        /// The place that the catalogue names.
        recorded: String,
        /// The place that was asked for.
        given: String,
    },
    /// A table that Salus needs holds something it cannot read.
    #[error("table `{schema}.{table}` cannot be read: {reason}")]
    Unreadable {
        /// Schema of the table.
        schema: String,
        /// Name of the table.
        table: String,
        /// Why, as a clause.
        reason: String,
    },
    /// A snapshot that does not exist (any more).
    #[error("there is no snapshot {asked}")]
    NoSnapshot {
        /// What was asked for.
        asked: String,
    },
    /// A time that is none.
    #[error("`{text}` is not a point in time")]
    Time {
        /// The text.
        text: String,
        /// What is wrong with it.
        #[source]
        source: jiff::Error,
    },
    /// Another writer changed what the commit was based on.
    #[error("table `{schema}.{table}` was changed by another writer: {what}")]
    Conflict {
        /// Schema of the table.
        schema: String,
        /// Name of the table.
        table: String,
        /// What collides.
        what: Collision,
    },
    /// The commit contradicts itself or its base; a bug of the writer.
    #[error("the commit to `{schema}.{table}` is not valid: {what}")]
    InvalidCommit {
        /// Schema of the table.
        schema: String,
        /// Name of the table.
        table: String,
        /// What is wrong.
        what: Fault,
    },
    /// A view of that name is registered already.
    #[error("there is already a view `{name}`")]
    ViewExists {
        /// The name.
        name: String,
    },
    /// No view of that name is registered.
    #[error("there is no view `{name}`")]
    NoView {
        /// The name.
        name: String,
    },
    /// The catalogue is locked by another process for longer than Salus waits.
    #[error("the catalogue `{place}` is locked by another process")]
    Busy {
        /// The catalogue, password hidden.
        place: String,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The disk of the catalogue is full.
    #[error("no space is left for the catalogue `{place}`")]
    Full {
        /// The catalogue.
        place: String,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// A statement failed.
    #[error("the catalogue `{place}` failed while {doing}")]
    Sql {
        /// The catalogue, password hidden.
        place: String,
        /// What Salus was doing.
        doing: &'static str,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The catalogue contradicts itself.
    #[error("the catalogue is damaged: {what}")]
    Damaged {
        /// What was found.
        what: Damage,
    },
}

/// How two writers collide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Collision {
    /// The table was dropped, or dropped and made again.
    #[error("it is gone")]
    TableGone,
    /// Both gave the same id to different columns.
    #[error("column id {id} is already `{theirs}`, not `{ours}`")]
    ColumnId {
        /// The id.
        id: i64,
        /// Our name for it.
        ours: String,
        /// The other's name for it.
        theirs: String,
    },
    /// Both made a column of that name.
    #[error("column `{name}` exists already, with another id")]
    ColumnName {
        /// The name.
        name: String,
    },
    /// A data file that we change was removed.
    #[error("data file {id} is gone")]
    FileGone {
        /// The data file.
        id: i64,
    },
    /// Rows of a data file that we change were deleted.
    #[error("rows of data file {id} were deleted")]
    FileDeletes {
        /// The data file.
        id: i64,
    },
    /// Anything changed, and the commit does not allow that.
    #[error("it is no longer as it was at snapshot {base}")]
    Touched {
        /// The snapshot the commit is based on.
        base: i64,
    },
}

/// How a commit is wrong in itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The table occurs twice in the commit.
    #[error("the table occurs twice")]
    TableTwice,
    /// A name that makes a bad folder name.
    #[error("`{name}` is not made of letters, digits and underscores")]
    Name {
        /// The name.
        name: String,
    },
    /// A column id is used twice.
    #[error("column id {id} is used twice")]
    ColumnIdTwice {
        /// The id.
        id: i64,
    },
    /// A new column takes an id that was used before.
    #[error("column id {id} was used before")]
    ColumnIdUsed {
        /// The id.
        id: i64,
    },
    /// A column of the base is missing in the commit.
    #[error("column `{name}` would be lost")]
    ColumnLost {
        /// The column's name.
        name: String,
    },
    /// A column would change its name, type or parent.
    #[error("column `{name}` would change its type or place")]
    ColumnChanged {
        /// The column's name.
        name: String,
    },
    /// A list without exactly one child `element`, or a value with children.
    #[error("column `{name}` has the wrong children for its type")]
    ColumnChildren {
        /// The column's name.
        name: String,
    },
    /// A data file that the base does not have.
    #[error("data file {id} is not in the base")]
    UnknownFile {
        /// The data file.
        id: i64,
    },
    /// A delete file for a data file of the commit that is not there.
    #[error("delete file `{path}` points to no data file")]
    DeleteTarget {
        /// The delete file.
        path: String,
    },
    /// The load that the commit names does not exist.
    #[error("load {load} does not exist")]
    UnknownLoad {
        /// The load.
        load: i64,
    },
    /// The base is newer than the catalogue.
    #[error("its base snapshot {base} is newer than the catalogue's {latest}")]
    BaseAhead {
        /// The base.
        base: i64,
        /// The newest snapshot.
        latest: i64,
    },
}

/// What is wrong with a catalogue that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// No snapshot at all.
    #[error("it has no snapshot")]
    NoSnapshots,
    /// A column's parent is not there.
    #[error("column {column} of table {table} hangs on column {parent}, which is not there")]
    Orphan {
        /// The table.
        table: i64,
        /// The column.
        column: i64,
        /// The parent that is missing.
        parent: i64,
    },
    /// A stored digest has the wrong length.
    #[error("the digest of `{path}` has the wrong length")]
    Digest {
        /// The file.
        path: String,
    },
    /// A word that Salus did not write.
    #[error("load {load} has the unknown status `{word}`")]
    LoadStatus {
        /// The load.
        load: i64,
        /// The word.
        word: String,
    },
}

impl CatalogError {
    /// The error for people: code, cause and help.
    pub fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::error(self.code(), self.to_string());
        let found = match std::error::Error::source(self) {
            Some(cause) => found.because(chain(cause)),
            None => found,
        };
        match self.help() {
            Some(help) => found.help(help),
            None => found,
        }
    }

    fn code(&self) -> Code {
        Code::new(match self {
            CatalogError::Missing { .. } => "SAL-CAT-0001",
            CatalogError::Exists { .. } => "SAL-CAT-0002",
            CatalogError::Connect { .. } => "SAL-CAT-0003",
            CatalogError::Folder { .. } => "SAL-CAT-0004",
            CatalogError::Version { .. } => "SAL-CAT-0005",
            CatalogError::Encrypted { .. } => "SAL-CAT-0006",
            CatalogError::DataPathDiffers { .. } => "SAL-CAT-0007",
            CatalogError::Unreadable { .. } => "SAL-CAT-0008",
            CatalogError::NoSnapshot { .. } => "SAL-CAT-0009",
            CatalogError::Time { .. } => "SAL-CAT-0010",
            CatalogError::Conflict { .. } => "SAL-CAT-0011",
            CatalogError::InvalidCommit { .. } => "SAL-CAT-0012",
            CatalogError::Busy { .. } => "SAL-CAT-0013",
            CatalogError::Full { .. } => "SAL-CAT-0014",
            CatalogError::Sql { .. } => "SAL-CAT-0015",
            CatalogError::Damaged { .. } => "SAL-CAT-0016",
            CatalogError::ViewExists { .. } => "SAL-CAT-0017",
            CatalogError::NoView { .. } => "SAL-CAT-0018",
        })
    }

    fn help(&self) -> Option<&'static str> {
        Some(match self {
            CatalogError::Missing { .. } => {
                "make one with `salus load PATH…`, or name another with `--lake` or `--catalog`"
            }
            CatalogError::Exists { .. } => "open it, or name another place",
            CatalogError::Connect { .. } => {
                "check that the server runs and that name, password and database are right"
            }
            CatalogError::Version { .. } => {
                "a newer DuckDB may have migrated it; take the Salus release that matches"
            }
            CatalogError::DataPathDiffers { .. } => {
                "give `--data` the recorded place, or leave it out"
            }
            CatalogError::Unreadable { .. } => {
                "in DuckDB, `CALL ducklake_flush_inlined_data('lake')` writes inlined rows into files"
            }
            CatalogError::NoSnapshot { .. } => "`salus snapshots` lists those that exist",
            CatalogError::Time { .. } => "write it as 2026-11-25T02:30:00Z",
            CatalogError::Conflict { .. } => {
                "run it again: it starts from the newest snapshot then"
            }
            CatalogError::InvalidCommit { .. } => "this is a bug in Salus; please report it",
            CatalogError::Busy { .. } => "wait until the other process is done, then run it again",
            CatalogError::Full { .. } => "free some space and run it again; nothing was committed",
            CatalogError::Damaged { .. } => "`salus doctor` says how much is affected",
            CatalogError::ViewExists { .. } => {
                "replace it with `--replace`, or choose another name"
            }
            CatalogError::NoView { .. } => "`salus view list` lists those that there are",
            CatalogError::Folder { .. }
            | CatalogError::Encrypted { .. }
            | CatalogError::Sql { .. } => return None,
        })
    }
}

/// An error and what caused it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
