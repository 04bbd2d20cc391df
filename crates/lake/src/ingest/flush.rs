//! Gathered resources become a data file.

use std::sync::Arc;

use super::codes;
use salus_fhir::schema::r4;

use crate::error::LakeError;
use crate::source::BundleInfo;
use crate::store::Store;
use crate::table_files::{TableName, store_data};
use salus_columns::{FLAG_REWRITTEN, JsonError, JsonFault, TableBuilder};

use super::batch::{Batch, FHIR_SCHEMA, TypeBatch};
use super::gather::{Gather, Pending};
use super::quarantine::QuarantineRow;
use super::seen::Written;

/// Sorts the gathered resources, builds their columns, and stores them durably as one data file of the batch.
/// Resources that turn out not to be JSON go to the quarantine.
///
/// # Errors
/// When the file cannot be stored.
pub fn flush(
    batch: &Batch,
    part: &Arc<TypeBatch>,
    mut gather: Gather,
    store: &Store,
    runtime: &tokio::runtime::Handle,
) -> Result<(), LakeError> {
    gather.sort(batch.layout);
    let mut builder = TableBuilder::new(part.resource);
    let mut kept = Vec::with_capacity(gather.rows.len());
    for row in &gather.rows {
        let json = gather.json(row);
        match append(&mut builder, json, row) {
            Ok(()) => kept.push(row),
            Err(error) => batch.quarantine(refused(json, row, &error)),
        }
    }
    if kept.is_empty() {
        return Ok(());
    }
    batch.add_rest_elements(builder.rest_elements());
    let columns = builder.finish(&part.ids).map_err(LakeError::columns)?;
    let table = TableName {
        schema: FHIR_SCHEMA,
        name: r4().get(part.resource).name,
    };
    let file = runtime.block_on(store_data(store, table, &columns))?;
    drop(columns);
    let mut written = part.written();
    let index = written.files.len();
    written.files.push(file);
    for (position, row) in kept.iter().enumerate() {
        written.seen.add(
            row.id_hash,
            Written {
                file: index,
                position: u32::try_from(position).unwrap_or(u32::MAX),
                digest: row.meta.digest,
                version: row.version,
                arrival: row.arrival,
            },
        );
    }
    Ok(())
}

fn append(builder: &mut TableBuilder, json: &str, row: &Pending) -> Result<(), JsonError> {
    let Some(bundle) = row.bundle.as_ref() else {
        return builder.append(json, &row.meta, None);
    };
    let rewrite = |reference: &str| rewritten(bundle, reference);
    let mut meta = row.meta.clone();
    if json.contains("\"urn:") {
        meta.flags |= FLAG_REWRITTEN;
    }
    builder.append(json, &meta, Some(&rewrite))
}

/// What a reference by `urn:…` points to; `None` leaves it as it is.
fn rewritten(bundle: &BundleInfo, reference: &str) -> Option<String> {
    if reference.starts_with("urn:") {
        bundle.names.resolve(reference)
    } else {
        None
    }
}

fn refused(json: &str, row: &Pending, error: &JsonError) -> QuarantineRow {
    let code = match error.fault {
        JsonFault::DuplicateKey => codes::ROW_DUPLICATE_KEY,
        JsonFault::Depth => codes::ROW_DEPTH,
        JsonFault::Surrogate => codes::ROW_SURROGATE,
        _ => codes::ROW_NOT_JSON,
    };
    QuarantineRow {
        source: row.arrival.source,
        offset: row.meta.offset,
        code: code.as_str().to_owned(),
        reason: error.to_string(),
        bytes: json.as_bytes().to_vec(),
    }
}
