//! Salus's own books as tables: loads, sources, snapshots, and empty stand-ins.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::datasource::MemTable;
use salus_lake::catalog::{LoadInfo, SnapshotInfo, SourceInfo};

use crate::functions::Survivors;

/// `salus.loads`: one row per load.
pub(super) fn loads(loads: &[LoadInfo]) -> Result<MemTable> {
    table(&[
        ("load", numbers(loads.iter().map(|load| Some(load.id)))),
        (
            "command",
            texts(loads.iter().map(|load| Some(load.command.as_str()))),
        ),
        (
            "started",
            texts(loads.iter().map(|load| Some(load.started.as_str()))),
        ),
        (
            "finished",
            texts(loads.iter().map(|load| load.finished.as_deref())),
        ),
        (
            "status",
            texts(loads.iter().map(|load| Some(load.status.as_str()))),
        ),
        ("snapshot", numbers(loads.iter().map(|load| load.snapshot))),
        (
            "counts",
            texts(loads.iter().map(|load| Some(load.counts.as_str()))),
        ),
    ])
}

/// `salus.sources`: one row per source file that a load read.
pub(super) fn sources(sources: &[SourceInfo]) -> Result<MemTable> {
    let digest = |source: &SourceInfo| source.blake3.map(|digest| hex(&digest));
    let digests: Vec<Option<String>> = sources.iter().map(digest).collect();
    table(&[
        (
            "source",
            numbers(sources.iter().map(|source| Some(source.id))),
        ),
        (
            "load",
            numbers(sources.iter().map(|source| Some(source.load))),
        ),
        (
            "name",
            texts(sources.iter().map(|source| Some(source.name.as_str()))),
        ),
        (
            "size_bytes",
            numbers(sources.iter().map(|source| source.size_bytes)),
        ),
        ("blake3", texts(digests.iter().map(Option::as_deref))),
        (
            "counts",
            texts(sources.iter().map(|source| Some(source.counts.as_str()))),
        ),
    ])
}

/// `salus.snapshots`: one row per commit.
pub(super) fn snapshots(snapshots: &[SnapshotInfo]) -> Result<MemTable> {
    table(&[
        (
            "snapshot",
            numbers(snapshots.iter().map(|snapshot| Some(snapshot.id))),
        ),
        (
            "time",
            texts(
                snapshots
                    .iter()
                    .map(|snapshot| Some(snapshot.time.as_str())),
            ),
        ),
        (
            "schema_version",
            numbers(snapshots.iter().map(|one| Some(one.schema_version))),
        ),
        (
            "changes",
            texts(
                snapshots
                    .iter()
                    .map(|snapshot| Some(snapshot.changes.as_str())),
            ),
        ),
        (
            "author",
            texts(snapshots.iter().map(|snapshot| snapshot.author.as_deref())),
        ),
        (
            "message",
            texts(snapshots.iter().map(|snapshot| snapshot.message.as_deref())),
        ),
        (
            "load",
            numbers(snapshots.iter().map(|snapshot| snapshot.load)),
        ),
    ])
}

/// What the view `merged_patients` reads.
pub(super) fn merged_patients(survivors: &Survivors) -> Result<MemTable> {
    let pairs = survivors.pairs();
    table(&[
        (
            "patient",
            texts(pairs.iter().map(|(patient, _)| Some(*patient))),
        ),
        (
            "survivor",
            texts(pairs.iter().map(|(_, survivor)| Some(*survivor))),
        ),
    ])
}

/// The schema of `salus.quarantine` where nothing was quarantined yet.
pub(super) fn quarantine_schema() -> SchemaRef {
    schema(&[
        ("load", DataType::Int64),
        ("source", DataType::Utf8),
        ("offset", DataType::Int64),
        ("code", DataType::Utf8),
        ("reason", DataType::Utf8),
        ("bytes", DataType::Binary),
    ])
}

/// The schema of `salus.history` where nothing was superseded yet.
pub(super) fn history_schema() -> SchemaRef {
    schema(&[
        ("type", DataType::Utf8),
        ("id", DataType::Utf8),
        ("version", DataType::Utf8),
        ("last_updated", DataType::Utf8),
        ("replaced_by_load", DataType::Int64),
        ("load", DataType::Int64),
        ("source", DataType::Int64),
        ("offset", DataType::Int64),
        ("resource", DataType::Utf8),
        ("cause", DataType::Utf8),
    ])
}

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let field = |(name, ty): &(&str, DataType)| Field::new(*name, ty.clone(), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

fn table(columns: &[(&str, ArrayRef)]) -> Result<MemTable> {
    let field =
        |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.iter().map(|(_, array)| Arc::clone(array)).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    MemTable::try_new(schema, vec![vec![batch]])
}

fn numbers(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
