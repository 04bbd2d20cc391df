//! Records out: every resource as the JSON that it came as.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use arrow::array::{Array, AsArray, StringArray};
use futures::TryStreamExt;
use object_store::ObjectStore;
use salus_base::{Cancel, suggest};
use salus_fhir::schema::{TypeId, r4};

use crate::catalog::CatalogView;
use crate::error::LakeError;
use crate::ingest::FHIR_SCHEMA;
use crate::ingest::commit::known_files;
use crate::lake::Lake;
use crate::rows::{self, FileRef};
use salus_columns::{Form, ResourceWriter};

/// What is to be written out.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// Resource types; none means all.
    pub types: Vec<String>,
    /// Ids of patients; none means everything, also what is about nobody.
    pub patients: Vec<String>,
    /// As it was loaded, or as the lake knows it.
    pub form: Form,
}

/// Takes one resource: its type, and its JSON without a line end.
pub type Sink<'s> = &'s mut dyn FnMut(&str, &str) -> io::Result<()>;

/// Writes out the resources of a snapshot; gives how many of each type.
///
/// # Errors
/// When a type is not in the lake, a data file cannot be read, or `sink` cannot write.
pub async fn export(
    lake: &Lake,
    view: &CatalogView,
    request: &ExportRequest,
    cancel: &Cancel,
    sink: Sink<'_>,
) -> Result<BTreeMap<String, u64>, LakeError> {
    let reader = lake.reader(view);
    let mut counts = BTreeMap::new();
    for name in types(view, &request.types)? {
        let (Some(table), Some(resource)) = (view.table(FHIR_SCHEMA, &name), r4().resource(&name))
        else {
            continue;
        };
        let mut count = 0;
        for file in known_files(lake, Some(table)).await? {
            let part = Part {
                reader: &reader,
                file: &file,
                name: &name,
                resource,
                request,
            };
            count += part.write(cancel, sink).await?;
        }
        counts.insert(name, count);
    }
    Ok(counts)
}

/// The tables that are asked for, in order.
fn types(view: &CatalogView, asked: &[String]) -> Result<Vec<String>, LakeError> {
    let mut known: Vec<&str> = view
        .tables
        .iter()
        .filter(|table| table.schema == FHIR_SCHEMA)
        .map(|table| table.name.as_str())
        .collect();
    known.sort_unstable();
    if asked.is_empty() {
        return Ok(known.into_iter().map(str::to_owned).collect());
    }
    asked
        .iter()
        .map(|name| {
            let found = known.iter().find(|known| known.eq_ignore_ascii_case(name));
            found
                .map(|found| (*found).to_owned())
                .ok_or_else(|| LakeError::NotFound {
                    what: "resource type",
                    name: name.clone(),
                    hint: suggest::closest(name, known.iter().copied()).map(str::to_owned),
                })
        })
        .collect()
}

struct Part<'p> {
    reader: &'p Arc<dyn ObjectStore>,
    file: &'p FileRef,
    name: &'p str,
    resource: TypeId,
    request: &'p ExportRequest,
}

impl Part<'_> {
    async fn write(&self, cancel: &Cancel, sink: Sink<'_>) -> Result<u64, LakeError> {
        let builder = rows::open(self.reader, &self.file.path, self.file.size_bytes).await?;
        let mut batches = builder
            .with_batch_size(rows::BATCH_ROWS)
            .build()
            .map_err(LakeError::parquet)?;
        let (mut position, mut count) = (0, 0);
        let mut line = String::new();
        while let Some(batch) = batches.try_next().await.map_err(LakeError::parquet)? {
            if cancel.is_cancelled() {
                return Err(LakeError::Stopped);
            }
            let writer = ResourceWriter::new(self.resource, &batch, self.request.form)
                .map_err(LakeError::write_back)?;
            let patients = batch
                .column_by_name("salus_patient")
                .and_then(|array| array.as_string_opt());
            for row in 0..batch.num_rows() {
                let live = self.file.deleted.binary_search(&position).is_err();
                position += 1;
                if live && self.is_asked(patients, row) {
                    line.clear();
                    writer
                        .write(row, &mut line)
                        .map_err(LakeError::write_back)?;
                    sink(self.name, &line).map_err(|source| LakeError::Output { source })?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    fn is_asked(&self, patients: Option<&StringArray>, row: usize) -> bool {
        let asked = &self.request.patients;
        let own = patients
            .filter(|patients| patients.is_valid(row))
            .map(|patients| patients.value(row));
        asked.is_empty() || own.is_some_and(|own| asked.iter().any(|patient| patient == own))
    }
}
