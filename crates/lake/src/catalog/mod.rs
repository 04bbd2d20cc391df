//! The catalogue: DuckLake 1.0 in SQLite or PostgreSQL, read and written by ourselves.
//!
//! ```text
//!  CatalogView ──► (writer plans new files, stores them durably) ──► Commit ──► one SQL transaction
//!      ▲                                                                              │
//!      └────────────────────────────── next snapshot ◄────────────────────────────────┘
//! ```
//!
//! - A reader sees a [`CatalogView`]: all tables, columns and files of one snapshot.
//! - A writer turns its base view and a [`Commit`] into the next snapshot, or into a typed conflict.
//! - Salus keeps its own books (`salus_load`, `salus_source`, `salus_file_digest`) in the same database,
//!   changed in the same transaction; DuckDB does not mind them.
//!
//! The catalogue never opens a data file: the module [`crate::store`] does. What DuckDB 1.5.5 makes of
//! the result is tested with a real one (`tests/catalog_duckdb.rs`). See `docs/adr/0003`.

mod books;
mod columns;
mod commit;
pub mod deletes;
mod error;
mod expire;
mod open;
mod registered;
mod sql;
mod tables;
mod time;
mod types;
mod view;

pub use error::{CatalogError, Collision, Damage, Fault};
pub use expire::{CleanupError, Expired, ScheduledFile};
pub use open::Catalog;
pub use registered::{Namesake, RegisteredView};
pub use salus_columns::{Column, ColumnType};
pub use types::{
    At, CatalogView, ColumnStats, Commit, DataFile, DeleteFile, LoadInfo, LoadStatus, LoadUpdate,
    NewDelete, NewFile, OnRace, SnapshotInfo, SourceInfo, SourceUpdate, TableCommit, TableView,
    Target, UnreadableTable,
};
pub use view::Detail;
