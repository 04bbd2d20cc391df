//! Running a view: over resources one by one, and over batches of columns.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::compute::{concat, take};
use salus_columns::Rows as Resources;
use salus_fhir::json::Document;
use salus_fhir::view::JsonElement;
use salus_values::DateTime;
use serde_json::{Map, Value as Json};

use crate::compile::CompiledView;
use crate::error::{Record, RecordPlace, ViewError};
use crate::output::json;
use crate::row::{self, Row, RowMaker};
use crate::vector::{BatchRows, Elements, Evaluator, Picks, Rows, Values, narrow};

impl CompiledView {
    /// The rows of resources as JSON texts, one by one: the readable execution. Resources of other types have none.
    /// `now` is what `now()` and its like give.
    ///
    /// # Errors
    /// A text that is no resource, and whatever keeps a resource from having rows: the first of them.
    pub fn run_json<'t>(
        &self,
        resources: impl IntoIterator<Item = &'t str>,
        now: &DateTime,
    ) -> Result<RecordBatch, ViewError> {
        let mut rows = Vec::new();
        for (row, text) in resources.into_iter().enumerate() {
            let document =
                Document::parse(text).map_err(|source| ViewError::Json { row, source })?;
            // Made for each resource, since it lives no longer than its text.
            let mut maker = RowMaker::new(self, *now);
            if let Some(resource) = JsonElement::resource(&document) {
                rows.append(&mut maker.rows(&resource, RecordPlace::Row(row))?);
            }
        }
        row::batch(self, rows.iter())
    }

    /// The rows of a batch of resources of the view's type, all at once. The batch is laid out as in the lake or as
    /// [`salus_columns::ProjectedTable`] does, with at least what [`CompiledView::required_projection`] asks for.
    ///
    /// # Errors
    /// A batch of something else, and whatever keeps a resource from having rows.
    pub fn run_batch(&self, batch: &RecordBatch, now: &DateTime) -> Result<RecordBatch, ViewError> {
        self.run_batch_of(batch, now, &RecordPlace::Row)
    }

    /// As [`CompiledView::run_batch`], of a batch whose rows stand where they are said to.
    pub(crate) fn run_batch_of(
        &self,
        batch: &RecordBatch,
        now: &DateTime,
        place: &dyn Fn(usize) -> RecordPlace,
    ) -> Result<RecordBatch, ViewError> {
        let resources = Resources::new(self.resource, batch).map_err(ViewError::Batch)?;
        let by_columns = self.by_columns(&resources, now, place)?;
        if resources.shown_by_json().is_empty() {
            return self.batch(by_columns.columns, by_columns.len);
        }
        let one_by_one = self.one_by_one(&resources, now, place)?;
        let (columns, len) = in_order(by_columns, one_by_one)?;
        self.batch(columns, len)
    }

    /// The rows of all resources that columns tell whole.
    fn by_columns<'a>(
        &self,
        resources: &'a Resources<'a>,
        now: &DateTime,
        place: &dyn Fn(usize) -> RecordPlace,
    ) -> Result<Made, ViewError> {
        let rows = self.rows_told_whole(resources);
        let picks = match rows.len() == resources.len() {
            true => Picks::All(rows.len()),
            false => Picks::Some(Arc::clone(&rows)),
        };
        let elements = Elements {
            column: resources.column(),
            picks,
        };
        let record = |row: usize| Record {
            id: row::id_of(&resources.element(row)),
            place: place(row),
        };
        let maker = BatchRows {
            view: self,
            evaluator: Evaluator::new(row::environment(self, *now)),
            record: &record,
        };
        let made: Rows = maker.rows(Values::Elements(elements), Arc::clone(&rows))?;
        let of_batch = |item: u32| rows.get(wide(item)).copied().unwrap_or(u32::MAX);
        Ok(Made {
            len: made.len(),
            origins: made.owners.iter().map(of_batch).collect(),
            columns: made.columns,
        })
    }

    fn rows_told_whole(&self, resources: &Resources<'_>) -> Arc<[u32]> {
        let by_json = resources.shown_by_json();
        let all = 0..narrow(resources.len());
        all.filter(|row| by_json.binary_search(row).is_err())
            .collect()
    }

    /// The rows of the resources that columns do not tell whole.
    fn one_by_one<'a>(
        &self,
        resources: &'a Resources<'a>,
        now: &DateTime,
        place: &dyn Fn(usize) -> RecordPlace,
    ) -> Result<Made, ViewError> {
        let mut maker = RowMaker::new(self, *now);
        let (mut rows, mut origins): (Vec<Row>, Vec<u32>) = Default::default();
        for &row in resources.shown_by_json() {
            let element = resources.element(wide(row));
            rows.append(&mut maker.rows(&element, place(wide(row)))?);
            origins.resize(rows.len(), row);
        }
        let batch = row::batch(self, rows.iter())?;
        Ok(Made {
            len: rows.len(),
            origins,
            columns: batch.columns().to_vec(),
        })
    }

    fn batch(&self, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, ViewError> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let schema = Arc::clone(&self.schema);
        Ok(RecordBatch::try_new_with_options(
            schema, columns, &options,
        )?)
    }

    /// Rows as JSON objects, as the published tests expect them: numbers and booleans as such, everything else as
    /// text, complex values as objects, collections as lists.
    pub fn json_rows(&self, batch: &RecordBatch) -> Vec<Map<String, Json>> {
        let types: Vec<_> = self.columns.iter().map(|column| &column.ty).collect();
        json::rows(batch, &types)
    }
}

fn wide(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Rows, and which row of the batch each is from.
struct Made {
    len: usize,
    origins: Vec<u32>,
    columns: Vec<ArrayRef>,
}

/// The rows of both, in the order of the batch.
fn in_order(left: Made, right: Made) -> Result<(Vec<ArrayRef>, usize), ViewError> {
    let len = left.len + right.len;
    let origins = left.origins.iter().chain(&right.origins);
    let mut order: Vec<(u32, u32)> = origins.copied().zip(0_u32..).collect();
    order.sort_unstable();
    let places = UInt32Array::from_iter_values(order.into_iter().map(|(_, place)| place));
    let both = left.columns.iter().zip(&right.columns);
    let together = both.map(|(left, right)| {
        let arrays: [&dyn Array; 2] = [left, right];
        take(&concat(&arrays)?, &places, None)
    });
    Ok((together.collect::<Result<_, _>>()?, len))
}
