//! The rows of some buckets of patients that may have some codes: what a retrieve of a population reads.
//!
//! `salus_code` has the first code of a record's main element and no other. So rows are left out by their code only in
//! files of which it is known, by the number of values in their columns, that no row has a second coding; rows without
//! a first code, and rows of which some coding may be in no column, are always kept. What is kept may be too much: who
//! asked compares codes and buckets again or does not mind.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::{DFSchema, Result};
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::logical_expr::{Expr, col, lit};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::union::UnionExec;
use object_store::{ObjectMeta, path::Path};

use super::table::LakeTable;
use crate::catalog::{DataFile, TableView};

const PATIENT: &str = "salus_patient";
const BUCKET: &str = "salus_bucket";
const CODE: &str = "salus_code";
const REST: &str = "salus_rest";

/// Which rows are wanted.
#[derive(Debug, Clone)]
pub struct Narrow {
    /// The buckets of their patients.
    pub buckets: RangeInclusive<i32>,
    /// The patients, by the ids that their records have; all in the buckets if `None`.
    pub patients: Option<Arc<BTreeSet<String>>>,
    /// The codes that they may have in their main coded element; all if `None`.
    pub codes: Option<WantedCodes>,
}

/// Codes that rows may have.
#[derive(Debug, Clone)]
pub struct WantedCodes {
    /// The main coded element, a CodeableConcept: the one that `salus_code` is taken from first.
    pub element: String,
    /// The codes, of whichever system.
    pub codes: Arc<BTreeSet<String>>,
}

/// How far a file can be narrowed by code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Narrowing {
    /// Not at all.
    None,
    /// By code, where no coding is outside of the columns.
    ByCodeOrRest,
    /// By code.
    ByCode,
}

impl LakeTable {
    /// Reads the columns of the table's schema from the rows that are wanted, in no particular order; maybe from some
    /// more.
    ///
    /// # Errors
    /// When files cannot be read.
    pub async fn narrowed(
        &self,
        state: &dyn Session,
        narrow: &Narrow,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = Arc::new(with_keys(self.schema_ref()));
        let columns: Vec<usize> = (0..self.schema_ref().fields().len()).collect();
        let wide = self.shaped(Arc::clone(&schema));
        let mut plans: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        for narrowing in [Narrowing::None, Narrowing::ByCodeOrRest, Narrowing::ByCode] {
            let files = self.files_of(state, narrow, narrowing).await?;
            if files.is_empty() {
                continue;
            }
            let predicate = predicate(state, &schema, narrow, narrowing)?;
            plans.push(
                wide.read_files(state, &files, columns.clone(), predicate)
                    .await?,
            );
        }
        match (plans.pop(), plans.is_empty()) {
            (None, _) => Ok(Arc::new(EmptyExec::new(Arc::clone(self.schema_ref())))),
            (Some(plan), true) => Ok(plan),
            (Some(plan), false) => {
                plans.push(plan);
                UnionExec::try_new(plans)
            }
        }
    }

    /// The files, by number, that reach into the buckets and can be narrowed so far.
    async fn files_of(
        &self,
        state: &dyn Session,
        narrow: &Narrow,
        wanted: Narrowing,
    ) -> Result<Vec<usize>> {
        let Some(table) = self.table() else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for (number, file) in table.files.iter().enumerate() {
            if reaches(table, file, &narrow.buckets)
                && self.narrowing(state, table, file, narrow).await? == wanted
            {
                found.push(number);
            }
        }
        Ok(found)
    }

    async fn narrowing(
        &self,
        state: &dyn Session,
        table: &TableView,
        file: &DataFile,
        narrow: &Narrow,
    ) -> Result<Narrowing> {
        let Some(codes) = &narrow.codes else {
            return Ok(Narrowing::None);
        };
        if !self
            .has_one_coding_at_most(state, file, &codes.element)
            .await?
        {
            return Ok(Narrowing::None);
        }
        Ok(match stats(table, file, REST) {
            Some(rest) if rest.null_count < file.record_count => Narrowing::ByCodeOrRest,
            _ => Narrowing::ByCode,
        })
    }

    /// Whether no row of a file has more than one coding in an element: then the column of the codes has as many values
    /// as the file has rows, nulls for rows without any among them.
    async fn has_one_coding_at_most(
        &self,
        state: &dyn Session,
        file: &DataFile,
        element: &str,
    ) -> Result<bool> {
        let meta = ObjectMeta {
            location: Path::from(file.path.as_str()),
            last_modified: Default::default(),
            size: u64::try_from(file.size_bytes).unwrap_or(0),
            e_tag: None,
            version: None,
        };
        let footers = state.runtime_env().cache_manager.get_file_metadata_cache();
        let hint = usize::try_from(file.footer_bytes).unwrap_or(0);
        let metadata = DFParquetMetadata::new(self.store(), &meta)
            .with_file_metadata_cache(Some(footers))
            .with_metadata_size_hint(Some(hint.saturating_add(8)))
            .fetch_metadata()
            .await?;
        let is_code = |parts: &[String]| {
            parts.first().is_some_and(|first| first == element)
                && parts.iter().any(|part| part == "coding")
                && parts.last().is_some_and(|leaf| leaf == "code")
        };
        let mut groups = metadata.row_groups().iter();
        Ok(groups.all(|group| {
            let mut chunks = group.columns().iter();
            chunks.all(|chunk| {
                !is_code(chunk.column_path().parts()) || chunk.num_values() == group.num_rows()
            })
        }))
    }
}

/// The schema with the columns that rows are chosen by.
fn with_keys(schema: &SchemaRef) -> Schema {
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().map(Arc::clone).collect();
    for (name, ty) in [
        (BUCKET, DataType::Int32),
        (CODE, DataType::Utf8),
        (PATIENT, DataType::Utf8),
        (REST, DataType::Utf8),
    ] {
        if schema.field_with_name(name).is_err() {
            fields.push(Arc::new(Field::new(name, ty, true)));
        }
    }
    Schema::new(fields)
}

fn predicate(
    state: &dyn Session,
    schema: &SchemaRef,
    narrow: &Narrow,
    narrowing: Narrowing,
) -> Result<Arc<dyn PhysicalExpr>> {
    let (low, high) = (*narrow.buckets.start(), *narrow.buckets.end());
    let mut wanted = col(BUCKET)
        .gt_eq(lit(low))
        .and(col(BUCKET).lt_eq(lit(high)));
    if let Some(patients) = &narrow.patients {
        let list = patients.iter().map(|patient| lit(patient.as_str()));
        wanted = wanted.and(col(PATIENT).in_list(list.collect(), false));
    }
    if let (Some(codes), true) = (&narrow.codes, narrowing != Narrowing::None) {
        let list: Vec<Expr> = codes.codes.iter().map(|code| lit(code.as_str())).collect();
        let mut coded = col(CODE).is_null();
        if !list.is_empty() {
            coded = col(CODE).in_list(list, false).or(coded);
        }
        if narrowing == Narrowing::ByCodeOrRest {
            coded = coded.or(col(REST).like(lit("%\"coding\"%")));
        }
        wanted = wanted.and(coded);
    }
    let schema = DFSchema::try_from(schema.as_ref().clone())?;
    state.create_physical_expr(wanted, &schema)
}

/// Whether a file may have rows of these buckets, by its statistics.
fn reaches(table: &TableView, file: &DataFile, buckets: &RangeInclusive<i32>) -> bool {
    let bound = |text: Option<&String>| text.and_then(|text| text.parse::<i32>().ok());
    let stats = stats(table, file, BUCKET);
    let low = stats.and_then(|stats| bound(stats.min.as_ref()));
    let high = stats.and_then(|stats| bound(stats.max.as_ref()));
    match (low, high) {
        (Some(low), Some(high)) => low <= *buckets.end() && high >= *buckets.start(),
        _ => true,
    }
}

fn stats<'f>(
    table: &TableView,
    file: &'f DataFile,
    column: &str,
) -> Option<&'f crate::catalog::ColumnStats> {
    let id = table.columns.iter().find(|known| known.name == column)?.id;
    file.stats.iter().find(|stats| stats.column_id == id)
}
