//! `Process(S, N)` of the specification: the rows of a select on one item (SQL on FHIR v2, §Processing Algorithm).

use salus_fhir::view::ElementView;
use salus_values::Value;

use super::{REPEAT_DEPTH_MAX, ROWS_PER_RESOURCE_MAX, Row, RowMaker};
use crate::compile::{ColumnPlan, IterationPlan, Path, SelectPlan};
use crate::error::ViewError;
use crate::output::cell::Cell;

impl<V: ElementView> RowMaker<'_, '_, V> {
    /// The rows of a select on an item, each with the columns of the select's range.
    pub(super) fn select(
        &mut self,
        select: &SelectPlan,
        around: &Value<V>,
        row_index: usize,
    ) -> Result<Vec<Row>, ViewError> {
        let items = match &select.iteration {
            IterationPlan::Once => return self.item(select, around, row_index),
            IterationPlan::ForEach(path) => self.evaluate(path, around, row_index)?.into_vec(),
            IterationPlan::ForEachOrNull(path) => {
                let items = self.evaluate(path, around, row_index)?;
                if items.is_empty() {
                    return Ok(vec![null_row(select)]);
                }
                items.into_vec()
            }
            IterationPlan::Repeat(paths) => {
                let mut items = Vec::new();
                self.repeat(paths, around, row_index, 1, &mut items)?;
                items
            }
        };
        let mut rows = Vec::new();
        for (index, item) in items.iter().enumerate() {
            rows.append(&mut self.item(select, item, index)?);
            self.bounded(&rows)?;
        }
        Ok(rows)
    }

    /// The rows of one item: columns, nested selects and the union, each with each.
    fn item(
        &mut self,
        select: &SelectPlan,
        item: &Value<V>,
        row_index: usize,
    ) -> Result<Vec<Row>, ViewError> {
        let own = select.columns.iter();
        let own: Row = own
            .map(|column| self.cell(column, item, row_index))
            .collect::<Result<_, _>>()?;
        let mut rows = vec![own];
        for nested in &select.selects {
            let beside = self.select(nested, item, row_index)?;
            rows = self.join(&rows, &beside)?;
        }
        if !select.union.is_empty() {
            let mut branches = Vec::new();
            for branch in &select.union {
                branches.append(&mut self.select(branch, item, row_index)?);
                self.bounded(&branches)?;
            }
            rows = self.join(&rows, &branches)?;
        }
        Ok(rows)
    }

    fn cell(
        &mut self,
        column: &ColumnPlan,
        item: &Value<V>,
        row_index: usize,
    ) -> Result<Cell, ViewError> {
        let found = self.evaluate(&column.path, item, row_index)?;
        Cell::of(&found, &column.ty)
            .map_err(|misfit| misfit.into_error(column, self.record.clone()))
    }

    /// Adds what the paths find on an item, each followed by what they find on that.
    fn repeat(
        &mut self,
        paths: &[Path],
        item: &Value<V>,
        row_index: usize,
        depth: usize,
        found: &mut Vec<Value<V>>,
    ) -> Result<(), ViewError> {
        for path in paths {
            for below in self.evaluate(path, item, row_index)? {
                if depth > REPEAT_DEPTH_MAX {
                    return Err(ViewError::TooDeep {
                        path: Box::new(path.text.clone()),
                        depth_max: REPEAT_DEPTH_MAX,
                        record: Box::new(self.record.clone()),
                    });
                }
                found.push(below.clone());
                self.bounded(found)?;
                self.repeat(paths, &below, row_index, depth + 1, found)?;
            }
        }
        Ok(())
    }

    fn bounded<T>(&self, rows: &[T]) -> Result<(), ViewError> {
        if rows.len() <= ROWS_PER_RESOURCE_MAX {
            return Ok(());
        }
        Err(ViewError::TooManyRows {
            rows_max: ROWS_PER_RESOURCE_MAX,
            record: Box::new(self.record.clone()),
        })
    }
}

/// The row of a `forEachOrNull` that finds nothing: all null, but for columns that are `%rowIndex`, which are 0.
fn null_row(select: &SelectPlan) -> Row {
    let mut row = vec![Cell::Null; select.range.len()];
    number_null_row(select, select.range.start, &mut row);
    row
}

fn number_null_row(select: &SelectPlan, start: usize, row: &mut Row) {
    for column in &select.columns {
        if column.path.is_row_index()
            && let Some(cell) = row.get_mut(column.index.saturating_sub(start))
        {
            *cell = Cell::Integer(0);
        }
    }
    // Branches of a union have the same columns: the first tells.
    for nested in select.selects.iter().chain(select.union.first()) {
        number_null_row(nested, start, row);
    }
}
