//! Running a plan within its limits.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::{SendableRecordBatchStream, SessionState};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;
use datafusion::sql::parser::Statement;
use futures::StreamExt;
use tokio::time::Instant;

use super::fault;
use crate::answer::{Answer, Truncated};
use crate::error::{EngineError, Limit, Refusal};
use crate::limits::{OnRows, QueryLimits};

/// How often a running query looks whether it should stop.
const TICK: Duration = Duration::from_millis(50);

/// Refuses everything but a question, by the kind of statement, before any name is looked up.
pub(super) fn refuse_orders(statement: &Statement) -> Result<(), EngineError> {
    use datafusion::sql::sqlparser::ast::Statement as Sql;
    let question = match statement {
        Statement::Explain(explained) => return refuse_orders(&explained.statement),
        Statement::Statement(sql) => matches!(
            sql.as_ref(),
            Sql::Query(_)
                | Sql::ExplainTable { .. }
                | Sql::ShowTables { .. }
                | Sql::ShowColumns { .. }
                | Sql::ShowFunctions { .. }
        ),
        _ => false,
    };
    match question {
        true => Ok(()),
        false => Err(EngineError::refused(Refusal::ReadOnly)),
    }
}

/// Refuses everything but a query: no data definition, no writes, no settings.
pub(super) fn refuse_writes(plan: &LogicalPlan) -> Result<(), EngineError> {
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(plan)
        .map_err(|_| EngineError::refused(Refusal::ReadOnly))
}

/// When a query has to be done, and whether it is still wanted.
#[derive(Clone)]
pub(super) struct Deadline {
    at: Instant,
    limits: QueryLimits,
}

impl Deadline {
    pub(super) fn starting_now(limits: &QueryLimits) -> Self {
        Self {
            at: Instant::now() + limits.time_max,
            limits: limits.clone(),
        }
    }

    fn check(&self) -> Result<(), EngineError> {
        if self.limits.cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        if Instant::now() >= self.at {
            let limit = Limit::Time {
                seconds_max: self.limits.time_max.as_secs(),
            };
            return Err(EngineError::LimitHit { limit });
        }
        Ok(())
    }

    /// The future's outcome, unless the time is over or the caller wishes to stop.
    pub(super) async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, EngineError>>,
    ) -> Result<T, EngineError> {
        let mut work = std::pin::pin!(work);
        loop {
            self.check()?;
            match tokio::time::timeout(TICK, work.as_mut()).await {
                Ok(outcome) => return outcome,
                Err(_) => continue,
            }
        }
    }
}

/// Plans physically and starts.
pub(super) async fn start(
    state: &SessionState,
    plan: LogicalPlan,
    limits: &QueryLimits,
    deadline: Deadline,
) -> Result<AnswerStream, EngineError> {
    let planning = async {
        state
            .create_physical_plan(&plan)
            .await
            .map_err(fault::while_planning)
    };
    let physical = deadline.within(planning).await?;
    let stream = execute_stream(physical, state.task_ctx()).map_err(fault::while_running)?;
    let schema = outward_schema(plan.schema().inner());
    let rows_max = limits.rows_max.map(std::num::NonZeroU64::get);
    Ok(AnswerStream {
        stream,
        schema,
        deadline,
        rows: 0,
        rows_max,
        truncated: None,
    })
}

/// An answer that comes batch by batch.
pub struct AnswerStream {
    stream: SendableRecordBatchStream,
    schema: SchemaRef,
    deadline: Deadline,
    rows: u64,
    rows_max: Option<u64>,
    truncated: Option<Truncated>,
}

impl std::fmt::Debug for AnswerStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerStream")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl AnswerStream {
    /// The schema of every batch. Text is `Utf8`, at the top and nested.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Whether the answer was cut, known once the stream has ended.
    pub fn truncated(&self) -> Option<&Truncated> {
        self.truncated.as_ref()
    }

    /// The next batch; `None` at the end.
    ///
    /// # Errors
    /// [`EngineError`]; after an error the stream is over.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, EngineError> {
        if self.truncated.is_some() {
            return Ok(None);
        }
        let stream = &mut self.stream;
        let read = async {
            stream
                .next()
                .await
                .transpose()
                .map_err(fault::while_running)
        };
        let Some(batch) = self.deadline.within(read).await? else {
            return Ok(None);
        };
        let batch = outward(&batch, &self.schema).map_err(|error| EngineError::Bug {
            what: "the columns of an answer",
            source: Box::new(error),
        })?;
        self.within_rows(batch)
    }

    fn within_rows(&mut self, batch: RecordBatch) -> Result<Option<RecordBatch>, EngineError> {
        let rows = u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
        self.rows = self.rows.saturating_add(rows);
        let Some(max) = self.rows_max.filter(|&max| self.rows > max) else {
            return Ok(Some(batch));
        };
        if self.deadline.limits.on_rows == OnRows::Fail {
            return Err(EngineError::LimitHit {
                limit: Limit::Rows { max },
            });
        }
        self.truncated = Some(Truncated { rows_max: max });
        let surplus = usize::try_from(self.rows - max).unwrap_or(usize::MAX);
        Ok(Some(
            batch.slice(0, batch.num_rows().saturating_sub(surplus)),
        ))
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// As [`AnswerStream::next`].
    pub async fn collect(mut self) -> Result<Answer, EngineError> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await? {
            if batch.num_rows() > 0 {
                batches.push(batch);
            }
        }
        Ok(Answer {
            schema: self.schema,
            batches,
            truncated: self.truncated,
        })
    }
}

/// The schema in which answers leave: text as `Utf8` instead of views, every column
/// nullable, no metadata.
pub(super) fn outward_schema(schema: &Schema) -> SchemaRef {
    let outward =
        |field: &FieldRef| Field::new(field.name(), outward_type(field.data_type()), true);
    let fields: Fields = schema.fields().iter().map(outward).collect();
    Arc::new(Schema::new(fields))
}

fn outward_field(field: &FieldRef) -> FieldRef {
    Arc::new(Field::new(
        field.name(),
        outward_type(field.data_type()),
        field.is_nullable(),
    ))
}

fn outward_type(ty: &DataType) -> DataType {
    match ty {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary,
        DataType::Dictionary(_, value) => outward_type(value),
        DataType::List(item) => DataType::List(outward_field(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(outward_field).collect()),
        other => other.clone(),
    }
}

fn outward(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(
            |(column, field)| match column.data_type() == field.data_type() {
                true => Ok(Arc::clone(column)),
                false => cast(column, field.data_type()),
            },
        );
    let columns = columns.collect::<Result<Vec<ArrayRef>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}
