//! A view over a batch: the rows of its selects, all items at once. The same algorithm as the row evaluator's
//! (SQL on FHIR v2, §Processing Algorithm), turned from depth to breadth.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int32Array};
use arrow::compute::cast;
use arrow::compute::kernels::zip::zip;
use salus_columns::RowElement;
use salus_fhirpath::Collection;

use super::cells;
use super::evaluate::{Evaluator, Scope, Stop};
use super::operations::{booleans, true_places};
use super::owners::{Owners, narrow, wide};
use super::ragged::{Ragged, Values};
use super::rows::{ROWS_PER_BATCH_MAX, Rows, TooMany};
use crate::compile::{ColumnPlan, CompiledView, IterationPlan, Path, SelectPlan};
use crate::error::{Record, ViewError};
use crate::output::cell::Cell;
use crate::output::gather::Gather;
use crate::row::{ROWS_PER_RESOURCE_MAX, condition_holds};

/// Makes the rows of one batch.
pub(crate) struct BatchRows<'v, 'e, 'a> {
    pub view: &'v CompiledView,
    pub evaluator: Evaluator<'e, 'a>,
    /// Says which resource a row of the batch is, for messages.
    pub record: &'v dyn Fn(usize) -> Record,
}

/// The items of a select, and the row of the batch that each is in.
#[derive(Debug, Clone)]
pub(super) struct Focus<'a> {
    pub scope: Scope<'a>,
    pub rows: Arc<[u32]>,
}

impl<'a> Focus<'a> {
    pub(super) fn items(&self) -> usize {
        self.scope.items()
    }

    fn row(&self, item: usize) -> usize {
        self.rows.get(item).copied().map_or(0, wide)
    }

    /// The items that were found on these, each numbered among those of its item.
    pub(super) fn below(&self, found: &Ragged<'a>) -> Focus<'a> {
        let mut positions: Vec<i32> = Vec::with_capacity(found.values.len());
        let (mut last, mut position) = (None, 0);
        for owner in found.owners.iter() {
            position = if last == Some(owner) { position + 1 } else { 0 };
            last = Some(owner);
            positions.push(position);
        }
        self.numbered(found, positions.into())
    }

    /// The items that were found on these, numbered as is said.
    pub(super) fn numbered(&self, found: &Ragged<'a>, positions: Arc<[i32]>) -> Focus<'a> {
        let row = |owner: u32| self.rows.get(wide(owner)).copied().unwrap_or(u32::MAX);
        Focus {
            scope: Scope {
                values: found.values.clone(),
                row_index: Some(positions),
            },
            rows: found.owners.iter().map(row).collect(),
        }
    }

    /// The items at these places.
    pub(super) fn pick(&self, picks: &[u32]) -> Result<Focus<'a>, ViewError> {
        let scope = &self.scope;
        let of = |all: &Arc<[i32]>| {
            let at = |pick: &u32| all.get(wide(*pick)).copied().unwrap_or(0);
            picks.iter().map(at).collect()
        };
        let row = |pick: &u32| self.rows.get(wide(*pick)).copied().unwrap_or(u32::MAX);
        Ok(Focus {
            scope: Scope {
                values: scope.values.pick(picks)?,
                row_index: scope.row_index.as_ref().map(of),
            },
            rows: picks.iter().map(row).collect(),
        })
    }
}

impl<'a> BatchRows<'_, '_, 'a> {
    /// The rows of resources; their owners are the rows of the batch among `batch_rows`.
    pub(crate) fn rows(&self, resources: Values<'a>, rows: Arc<[u32]>) -> Result<Rows, ViewError> {
        let items = resources.len();
        let mut focus = Focus {
            scope: Scope {
                values: resources,
                row_index: None,
            },
            rows,
        };
        let mut kept = Owners::Each(items);
        for condition in &self.view.conditions {
            let picks = self.holding(condition, &focus)?;
            if picks.len() < focus.items() {
                focus = focus.pick(&picks)?;
                kept = kept.pick(&picks);
            }
        }
        let mut rows = Rows::each(focus.items());
        for select in &self.view.selects {
            let beside = self.select(select, &focus)?;
            rows = self.join(rows, beside, &focus)?;
        }
        Ok(Rows {
            owners: kept.compose(&rows.owners),
            columns: rows.columns,
        })
    }

    /// The items for which a condition is true.
    fn holding(&self, condition: &Path, focus: &Focus<'a>) -> Result<Vec<u32>, ViewError> {
        let found = self.evaluator.expression(&condition.columns, &focus.scope);
        match found.and_then(|found| booleans(&found)) {
            Ok(holds) => return Ok(true_places(&holds)),
            Err(Stop::Failed(error)) => return Err(error.into()),
            Err(Stop::ItemByItem) => {}
        }
        let mut holding = Vec::new();
        for item in 0..focus.items() {
            let found = self.item(condition, focus, item)?;
            let record = || (self.record)(focus.row(item));
            if condition_holds(condition, &found, record)? {
                holding.push(narrow(item));
            }
        }
        Ok(holding)
    }

    /// A path on one item.
    fn item(
        &self,
        path: &Path,
        focus: &Focus<'a>,
        item: usize,
    ) -> Result<Collection<RowElement<'a>>, ViewError> {
        self.evaluator
            .item(&path.program, &focus.scope, item)
            .map_err(|source| ViewError::Evaluation {
                path: Box::new(path.text.clone()),
                source: Box::new(source),
                record: Box::new((self.record)(focus.row(item))),
            })
    }

    /// What a path finds on the items.
    pub(super) fn path(&self, path: &Path, focus: &Focus<'a>) -> Result<Ragged<'a>, ViewError> {
        match self.evaluator.expression(&path.columns, &focus.scope) {
            Ok(found) => return Ok(found.compact()?),
            Err(Stop::Failed(error)) => return Err(error.into()),
            Err(Stop::ItemByItem) => {}
        }
        let (mut owners, mut values) = (Vec::new(), Vec::new());
        for item in 0..focus.items() {
            let found = self.item(path, focus, item)?;
            owners.extend(std::iter::repeat_n(narrow(item), found.len()));
            values.extend(found);
        }
        Ok(Ragged {
            owners: Owners::Of {
                items: focus.items(),
                owners: owners.into(),
            },
            values: Values::Mixed(values.into()),
        })
    }

    /// The rows of a select on the items.
    fn select(&self, select: &SelectPlan, focus: &Focus<'a>) -> Result<Rows, ViewError> {
        match &select.iteration {
            IterationPlan::Once => self.items(select, focus),
            IterationPlan::ForEach(path) => Ok(self.each(select, path, focus)?.0),
            IterationPlan::ForEachOrNull(path) => {
                let (rows, found) = self.each(select, path, focus)?;
                let (rows, is_null) = rows.or_null(&found)?;
                self.numbered_nulls(select, rows, is_null)
            }
            IterationPlan::Repeat(paths) => self.repeat(select, paths, focus),
        }
    }

    /// The rows of what a path finds on the items, and whose each thing found is.
    fn each(
        &self,
        select: &SelectPlan,
        path: &Path,
        focus: &Focus<'a>,
    ) -> Result<(Rows, Owners), ViewError> {
        let found = self.path(path, focus)?;
        let rows = self.items(select, &focus.below(&found))?;
        let rows = Rows {
            owners: found.owners.compose(&rows.owners),
            columns: rows.columns,
        };
        Ok((self.bounded(rows, focus)?, found.owners))
    }

    /// The rows of the items of a select: columns, nested selects and the union, each with each.
    pub(super) fn items(&self, select: &SelectPlan, focus: &Focus<'a>) -> Result<Rows, ViewError> {
        let columns = select.columns.iter();
        let columns = columns.map(|column| self.column(column, focus));
        let mut rows = Rows {
            owners: Owners::Each(focus.items()),
            columns: columns.collect::<Result<_, _>>()?,
        };
        for nested in &select.selects {
            let beside = self.select(nested, focus)?;
            rows = self.join(rows, beside, focus)?;
        }
        if !select.union.is_empty() {
            let branches = select.union.iter();
            let branches = branches.map(|branch| self.select(branch, focus));
            let united = Rows::union(branches.collect::<Result<_, _>>()?)?;
            let united = self.bounded(united, focus)?;
            rows = self.join(rows, united, focus)?;
        }
        Ok(rows)
    }

    fn join(&self, left: Rows, right: Rows, focus: &Focus<'a>) -> Result<Rows, ViewError> {
        match left.exceeds(&right, ROWS_PER_RESOURCE_MAX) {
            Some(TooMany::OfItem(item)) => Err(self.too_many(focus, item)),
            Some(TooMany::Together) => Err(ViewError::BatchTooLarge {
                rows_max: ROWS_PER_BATCH_MAX,
            }),
            None => Ok(left.join(right)?),
        }
    }

    pub(super) fn bounded(&self, rows: Rows, focus: &Focus<'a>) -> Result<Rows, ViewError> {
        if rows.len() > ROWS_PER_RESOURCE_MAX {
            let counts = rows.owners.counts();
            let mut counts = counts.iter();
            if let Some(item) = counts.position(|count| wide(*count) > ROWS_PER_RESOURCE_MAX) {
                return Err(self.too_many(focus, item));
            }
        }
        Ok(rows)
    }

    pub(super) fn too_many(&self, focus: &Focus<'a>, item: usize) -> ViewError {
        ViewError::TooManyRows {
            rows_max: ROWS_PER_RESOURCE_MAX,
            record: Box::new((self.record)(focus.row(item))),
        }
    }

    /// A column on the items.
    fn column(&self, column: &ColumnPlan, focus: &Focus<'a>) -> Result<ArrayRef, ViewError> {
        let ty = &column.ty;
        let found = self
            .evaluator
            .expression(&column.path.columns, &focus.scope);
        match found.and_then(|found| cells::column(&found, ty)) {
            Ok(array) => return Ok(array),
            Err(Stop::Failed(error)) => return Err(error.into()),
            Err(Stop::ItemByItem) => {}
        }
        let mut gather = Gather::new(ty);
        for item in 0..focus.items() {
            let found = self.item(&column.path, focus, item)?;
            let cell = Cell::of(&found, ty)
                .map_err(|misfit| misfit.into_error(column, (self.record)(focus.row(item))))?;
            gather.push(&cell);
        }
        Ok(gather.finish()?)
    }

    /// Rows of nulls have 0 in the columns that are `%rowIndex`.
    fn numbered_nulls(
        &self,
        select: &SelectPlan,
        mut rows: Rows,
        is_null: Vec<bool>,
    ) -> Result<Rows, ViewError> {
        if is_null.contains(&true) {
            let is_null = BooleanArray::from(is_null);
            number_nulls(select, select.range.start, &is_null, &mut rows.columns)?;
        }
        Ok(rows)
    }
}

fn number_nulls(
    select: &SelectPlan,
    start: usize,
    is_null: &BooleanArray,
    columns: &mut [ArrayRef],
) -> Result<(), ViewError> {
    for column in &select.columns {
        if column.path.is_row_index()
            && let Some(array) = columns.get_mut(column.index.saturating_sub(start))
        {
            let zero = cast(&Int32Array::new_scalar(0).into_inner(), array.data_type())?;
            let zero = arrow::array::Scalar::new(zero);
            *array = zip(is_null, &zero, array)?;
        }
    }
    for nested in select.selects.iter().chain(select.union.first()) {
        number_nulls(nested, start, is_null, columns)?;
    }
    Ok(())
}
