//! Reading the rows of portions from the lake.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::execution::SessionState;
use datafusion::physical_plan::collect;
use salus_columns::{Extent, Projection};
use salus_lake::ingest::{BUCKETS, bucket};
use salus_lake::scan::{LakeTable, Narrow};

use super::Part;
use super::need::{Need, TypeNeed};
use super::portion::{Batches, Portion, Shared, Whose};
use crate::error::EngineError;
use crate::functions::Survivors;
use crate::session::open::Records;
use crate::session::{FHIR, Session, fault};

/// Reads what a program needs.
pub(super) struct Reader {
    state: SessionState,
    tables: Vec<Source>,
    survivors: Arc<Survivors>,
    /// Patients who were merged with others, both sides.
    merged: Arc<BTreeSet<String>>,
}

/// A table to read.
struct Source {
    need: TypeNeed,
    table: LakeTable,
}

/// What of a session says what the lake has.
pub(super) struct LakeParts {
    records: Arc<Records>,
    survivors: Arc<Survivors>,
}

impl Session {
    pub(super) fn lake_parts(&self) -> LakeParts {
        LakeParts {
            records: Arc::clone(&self.records),
            survivors: Arc::clone(&self.survivors),
        }
    }
}

impl Reader {
    pub fn new(lake: &LakeParts, state: &SessionState, need: Need) -> Reader {
        let tables = need.types.into_iter().filter_map(|need| {
            let stored = lake.records.stored_schema(need.name());
            let table = lake.records.table(FHIR, need.name())?;
            let shape = shape(&need, &stored);
            Some(Source {
                table: table.shaped(shape),
                need,
            })
        });
        let pairs = lake.survivors.pairs();
        let both = |(one, other): (&str, &str)| [one.to_owned(), other.to_owned()];
        Reader {
            state: state.clone(),
            tables: tables.collect(),
            survivors: Arc::clone(&lake.survivors),
            merged: Arc::new(pairs.into_iter().flat_map(both).collect()),
        }
    }

    /// How many rows the tables have, those that no retrieve wants among them.
    pub fn rows(&self) -> u64 {
        let rows = self.tables.iter().map(|source| source.table.rows());
        u64::try_from(rows.sum::<usize>()).unwrap_or(u64::MAX)
    }

    pub fn has_merges(&self) -> bool {
        !self.merged.is_empty()
    }

    /// The records that are everyone's.
    pub async fn shared(&self) -> Result<Shared, EngineError> {
        let mut read = Vec::new();
        for source in &self.tables {
            if !source.need.is_of_patients() {
                read.push(self.read(source, all_buckets(), None).await?);
            }
        }
        Ok(Shared::of(read))
    }

    pub async fn portion(&self, part: &Part) -> Result<Portion, EngineError> {
        let (buckets, patients) = match part {
            Part::Buckets(buckets) => (buckets.clone(), None),
            Part::All => (all_buckets(), None),
            Part::Merged => (self.merged_buckets(), Some(&self.merged)),
        };
        let mut read = Vec::new();
        for source in &self.tables {
            if source.need.is_of_patients() {
                let rows = self.read(source, buckets.clone(), patients).await?;
                read.push(rows);
            }
        }
        let apart = matches!(part, Part::Buckets(_));
        Ok(Portion::of(read, |named| match self.merged.get(named) {
            None => Whose::Named,
            Some(_) if apart => Whose::Nobody,
            Some(merged) => Whose::Survivor(self.survivors.survivor(merged)),
        }))
    }

    fn merged_buckets(&self) -> RangeInclusive<i32> {
        let buckets = || self.merged.iter().map(|patient| bucket(Some(patient)));
        buckets().min().unwrap_or(0)..=buckets().max().unwrap_or(0)
    }

    async fn read(
        &self,
        source: &Source,
        buckets: RangeInclusive<i32>,
        patients: Option<&Arc<BTreeSet<String>>>,
    ) -> Result<Batches, EngineError> {
        let narrow = Narrow {
            buckets,
            patients: patients.map(Arc::clone),
            codes: source.need.codes.clone(),
        };
        let plan = source.table.narrowed(&self.state, &narrow).await;
        let plan = plan.map_err(fault::while_planning)?;
        let batches = collect(plan, self.state.task_ctx()).await;
        Ok(Batches {
            ty: source.need.ty,
            batches: batches.map_err(fault::while_running)?,
        })
    }
}

fn all_buckets() -> RangeInclusive<i32> {
    0..=i32::try_from(BUCKETS).unwrap_or(i32::MAX)
}

/// The columns of the needed elements, and those by which rows are told apart.
fn shape(need: &TypeNeed, stored: &Schema) -> SchemaRef {
    let projection = match &need.elements {
        None => Projection::whole(need.ty),
        Some(elements) => {
            let mut projection = Projection::new(need.ty);
            for element in elements {
                // Only elements that the type has are needed.
                let _ = projection.want(&[element], Extent::Whole);
            }
            projection
        }
    };
    let pruned = projection.prune(stored);
    let mut fields: Vec<Arc<Field>> = pruned.fields().iter().map(Arc::clone).collect();
    if pruned.field_with_name("salus_patient").is_err() {
        fields.push(Arc::new(Field::new("salus_patient", DataType::Utf8, true)));
    }
    Arc::new(Schema::new(fields))
}
