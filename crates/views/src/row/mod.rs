//! Rows made resource by resource: the readable execution, over whatever shows a resource as elements. The vectorised
//! one must give the same rows, and takes refuge here where it has no column operation.

mod select;

use arrow::array::RecordBatch;
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_fhirpath::{Collection, Environment};
use salus_values::{DateTime, Value};

use crate::compile::{CompiledView, Path, ROW_INDEX};
use crate::error::{Record, RecordPlace, ViewError};
use crate::output::cell::Cell;
use crate::output::gather::Gather;

/// How many rows one resource may give: selects beside each other multiply.
pub const ROWS_PER_RESOURCE_MAX: usize = 1_000_000;
/// How deep `repeat` may go: no resource is nested deeper.
pub const REPEAT_DEPTH_MAX: usize = 64;

/// The values of a row, of some or of all columns.
pub(crate) type Row = Vec<Cell>;

/// Makes rows of resources.
pub(crate) struct RowMaker<'v, 'e, V> {
    view: &'v CompiledView,
    environment: Environment<'e, V>,
    record: Record,
}

impl<'v, 'e, V: ElementView> RowMaker<'v, 'e, V> {
    pub(crate) fn new(view: &'v CompiledView, now: DateTime) -> RowMaker<'v, 'e, V> {
        RowMaker {
            view,
            environment: environment(view, now),
            record: Record {
                id: None,
                place: RecordPlace::Row(0),
            },
        }
    }

    /// The rows of one resource; none when it is of another type or a condition does not hold.
    pub(crate) fn rows(&mut self, resource: &V, place: RecordPlace) -> Result<Vec<Row>, ViewError> {
        if resource.type_id() != self.view.resource {
            return Ok(Vec::new());
        }
        self.record = Record {
            id: id_of(resource),
            place,
        };
        let focus = Value::Node(resource.clone());
        for condition in &self.view.conditions {
            if !self.holds(condition, &focus)? {
                return Ok(Vec::new());
            }
        }
        let mut rows = vec![Row::new()];
        for select in &self.view.selects {
            let beside = self.select(select, &focus, 0)?;
            rows = self.join(&rows, &beside)?;
        }
        Ok(rows)
    }

    fn holds(&mut self, condition: &Path, focus: &Value<V>) -> Result<bool, ViewError> {
        let found = self.evaluate(condition, focus, 0)?;
        condition_holds(condition, &found, || self.record.clone())
    }

    fn evaluate(
        &mut self,
        path: &Path,
        focus: &Value<V>,
        row_index: usize,
    ) -> Result<Collection<V>, ViewError> {
        if path.asks_row_index {
            let index = Value::Integer(i32::try_from(row_index).unwrap_or(i32::MAX));
            let index = std::iter::once(index).collect();
            self.environment.set_variable(ROW_INDEX, index);
        }
        path.program
            .evaluate_on(std::slice::from_ref(focus), &self.environment)
            .map_err(|source| ViewError::Evaluation {
                path: Box::new(path.text.clone()),
                source: Box::new(source),
                record: Box::new(self.record.clone()),
            })
    }

    /// Each row of the left with each of the right.
    fn join(&self, left: &[Row], right: &[Row]) -> Result<Vec<Row>, ViewError> {
        let count = left.len().saturating_mul(right.len());
        if count > ROWS_PER_RESOURCE_MAX {
            return Err(ViewError::TooManyRows {
                rows_max: ROWS_PER_RESOURCE_MAX,
                record: Box::new(self.record.clone()),
            });
        }
        let mut rows = Vec::with_capacity(count);
        for before in left {
            for after in right {
                rows.push(before.iter().chain(after).cloned().collect());
            }
        }
        Ok(rows)
    }
}

/// What the paths of a view may know: its constants, and `%rowIndex`.
pub(crate) fn environment<'e, V: ElementView>(
    view: &CompiledView,
    now: DateTime,
) -> Environment<'e, V> {
    let mut environment = Environment::new(now).limits(view.limits);
    for constant in &view.constants {
        let value = constant.value.to_value().into_iter().collect();
        environment.set_variable(&constant.name, value);
    }
    let zero = std::iter::once(Value::Integer(0)).collect();
    environment.set_variable(ROW_INDEX, zero);
    environment
}

/// Whether a condition is true. Nothing is not true; what is no Boolean is an error.
pub(crate) fn condition_holds<V: ElementView>(
    condition: &Path,
    found: &[Value<V>],
    record: impl Fn() -> Record,
) -> Result<bool, ViewError> {
    let not_boolean = |found: String| ViewError::NotBoolean {
        path: Box::new(condition.text.clone()),
        found,
        record: Box::new(record()),
    };
    match found {
        [] => Ok(false),
        [one] => boolean(one).ok_or_else(|| not_boolean(type_name(one))),
        several => Err(not_boolean(format!("{} values", several.len()))),
    }
}

/// A Boolean, as System value or as element.
fn boolean<V: ElementView>(value: &Value<V>) -> Option<bool> {
    match value {
        Value::Boolean(value) => Some(*value),
        Value::Node(element) => match element.primitive() {
            Some(PrimitiveText::Boolean(value)) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

fn type_name<V: ElementView>(value: &Value<V>) -> String {
    match value {
        Value::Node(element) => salus_fhir::schema::r4()
            .get(element.type_id())
            .name
            .to_owned(),
        value => value.type_name().to_owned(),
    }
}

pub(crate) fn id_of<V: ElementView>(resource: &V) -> Option<String> {
    let mut id = None;
    resource.children("id", &mut |element| {
        if let Some(PrimitiveText::Text(text)) = element.primitive() {
            id = Some(text.into_owned());
        }
    });
    id
}

/// Rows of all columns as a batch.
pub(crate) fn batch<'r>(
    view: &CompiledView,
    rows: impl Iterator<Item = &'r Row>,
) -> Result<RecordBatch, ViewError> {
    let mut columns: Vec<Gather<'_>> = view.columns.iter().map(|c| Gather::new(&c.ty)).collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let arrays = columns.into_iter().map(Gather::finish);
    let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_new(view.schema.clone(), arrays)?)
}
