//! The only way of this crate to the data: an engine session, with errors that say which number they broke.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int64Type, Schema};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use salus_engine::Session;

use crate::ReportError;

/// A session, and what is asked of it.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    session: &'a Session,
}

impl<'a> Door<'a> {
    pub(crate) fn new(session: &'a Session) -> Self {
        Self { session }
    }

    /// All rows of a query as one batch, every column nullable and of the type that the plan says.
    pub(crate) async fn rows(&self, what: &str, sql: &str) -> Result<Rows, ReportError> {
        let failed = |source| ReportError::Query {
            what: what.to_owned(),
            source: Box::new(source),
        };
        let answer = self.session.sql(sql).await.map_err(failed)?;
        if answer.truncated.is_some() {
            return Err(ReportError::TooManyRows {
                what: what.to_owned(),
            });
        }
        let fields = answer.schema.fields().iter();
        let fields: Vec<_> = fields
            .map(|field| Field::new(field.name(), plain(field.data_type()), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let batches: Result<Vec<_>, _> = answer
            .batches
            .iter()
            .map(|batch| aligned(&schema, batch))
            .collect();
        let batch = batches.and_then(|batches| concat_batches(&schema, &batches));
        let batch = batch.map_err(|source| ReportError::Columns { source })?;
        Ok(Rows {
            what: what.to_owned(),
            batch,
        })
    }

    /// Whether a query gives a row.
    pub(crate) async fn any(&self, what: &str, sql: &str) -> Result<bool, ReportError> {
        Ok(self.rows(what, sql).await?.len() > 0)
    }

    /// Whether the lake has any row of a FHIR type.
    pub(crate) fn has_rows(&self, resource_type: &str) -> bool {
        self.session.has_rows(resource_type)
    }

    /// Makes a batch readable in SQL under a name, for the life of the session.
    pub(crate) fn register(&self, name: &str, batch: RecordBatch) -> Result<(), ReportError> {
        let failed = |source| ReportError::Query {
            what: name.to_owned(),
            source: Box::new(source),
        };
        self.session.register_table(name, batch).map_err(failed)
    }
}

/// The type that a column is kept in: text in one representation.
fn plain(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8View | DataType::LargeUtf8 | DataType::Dictionary(_, _) => DataType::Utf8,
        other => other.clone(),
    }
}

fn aligned(
    schema: &Arc<Schema>,
    batch: &RecordBatch,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns: Result<Vec<ArrayRef>, _> = columns
        .map(|(column, field)| cast(column, field.data_type()))
        .collect();
    RecordBatch::try_new(Arc::clone(schema), columns?)
}

/// The rows of a query, read by column name.
#[derive(Debug)]
pub(crate) struct Rows {
    what: String,
    batch: RecordBatch,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.batch.num_rows()
    }

    pub(crate) fn into_batch(self) -> RecordBatch {
        self.batch
    }

    fn column(&self, name: &str, data_type: &DataType) -> Result<ArrayRef, ReportError> {
        let missing = || ReportError::Column {
            what: self.what.clone(),
            column: name.to_owned(),
        };
        let column = self.batch.column_by_name(name).ok_or_else(missing)?;
        cast(column, data_type).map_err(|_| missing())
    }

    /// A column of text.
    pub(crate) fn text(&self, name: &str) -> Result<Vec<Option<String>>, ReportError> {
        let column = self.column(name, &DataType::Utf8)?;
        Ok(column
            .as_string::<i32>()
            .iter()
            .map(|value| value.map(str::to_owned))
            .collect())
    }

    /// A column of numbers; null is 0, which only sums and counts may be read with.
    pub(crate) fn number(&self, name: &str) -> Result<Vec<f64>, ReportError> {
        Ok(self
            .maybe_number(name)?
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect())
    }

    /// A column of numbers.
    pub(crate) fn maybe_number(&self, name: &str) -> Result<Vec<Option<f64>>, ReportError> {
        let column = self.column(name, &DataType::Float64)?;
        Ok(column.as_primitive::<Float64Type>().iter().collect())
    }

    /// A column of counts.
    pub(crate) fn count(&self, name: &str) -> Result<Vec<u64>, ReportError> {
        let column = self.column(name, &DataType::Int64)?;
        let counts = column.as_primitive::<Int64Type>().iter();
        Ok(counts
            .map(|count| {
                count
                    .and_then(|count| u64::try_from(count).ok())
                    .unwrap_or_default()
            })
            .collect())
    }

    /// A column of whole numbers.
    pub(crate) fn integer(&self, name: &str) -> Result<Vec<Option<i64>>, ReportError> {
        let column = self.column(name, &DataType::Int64)?;
        Ok(column.as_primitive::<Int64Type>().iter().collect())
    }

    /// A column of truth values.
    pub(crate) fn truth(&self, name: &str) -> Result<Vec<Option<bool>>, ReportError> {
        let column = self.column(name, &DataType::Boolean)?;
        Ok(column.as_boolean().iter().collect())
    }

    /// A column of days.
    pub(crate) fn day(&self, name: &str) -> Result<Vec<Option<Date>>, ReportError> {
        let column = self.column(name, &DataType::Date32)?;
        Ok(column
            .as_primitive::<Date32Type>()
            .iter()
            .map(|days| days.and_then(since_epoch))
            .collect())
    }

    /// The first value of a column of counts.
    pub(crate) fn first_count(&self, name: &str) -> Result<u64, ReportError> {
        Ok(self.count(name)?.first().copied().unwrap_or_default())
    }
}

fn since_epoch(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(days.days()).ok()
}
