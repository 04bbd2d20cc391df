//! SQL-on-FHIR ViewDefinitions as tables: registered ones by their names, any other for one run.
//!
//! A view reads only the columns that it wants, batch by batch, and gives rows as vectorised operations make them.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session as PlanSession, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use salus_lake::catalog::RegisteredView;
use salus_values::DateTime;
use salus_views::{CompiledView, ViewDefinition};

use super::mapped::{BatchFunction, MappedExec};
use super::run::{self, AnswerStream, Deadline};
use super::{Session, fault};
use crate::error::{EngineError, Refusal};

/// A view over a FHIR table.
#[derive(Debug)]
struct DefinitionTable {
    view: Arc<CompiledView>,
    /// The FHIR table, with the wanted columns only.
    records: Arc<dyn TableProvider>,
    now: DateTime,
}

impl Session {
    /// The views that were registered in the lake and hold at the session's snapshot, by name.
    pub fn registered_views(&self) -> &[RegisteredView] {
        &self.registered
    }

    /// Whether a table, or a view that comes with Salus, has this name, so that no view can be registered under it.
    pub fn is_own_name(&self, name: &str) -> bool {
        let base = self.fhir.base_tables();
        base.iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
            || self
                .docs
                .iter()
                .any(|view| view.name.eq_ignore_ascii_case(name))
            || salus_fhir::schema::r4()
                .resources()
                .any(|known| known.name.eq_ignore_ascii_case(name))
    }

    /// The rows of a view, batch by batch.
    ///
    /// # Errors
    /// [`EngineError`], here or while reading on.
    pub async fn view(&self, view: Arc<CompiledView>) -> Result<AnswerStream, EngineError> {
        let deadline = Deadline::starting_now(&self.limits);
        let name = view.name().unwrap_or("view").to_owned();
        let source = provider_as_source(self.definition_table(view)?);
        let plan = LogicalPlanBuilder::scan(name, source, None)
            .and_then(LogicalPlanBuilder::build)
            .map_err(fault::while_planning)?;
        run::start(&self.state, plan, &self.limits, deadline).await
    }

    /// The table of a registered view, if there is one of this name.
    pub(super) fn registered_table(
        &self,
        name: &str,
    ) -> Result<Option<Arc<dyn TableProvider>>, EngineError> {
        let mut all = self.registered.iter();
        let Some(view) = all.find(|view| view.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let compiled = ViewDefinition::parse(&view.definition)
            .and_then(|definition| CompiledView::compile(&definition))
            .map_err(|found| {
                EngineError::refused(Refusal::View {
                    name: view.name.clone(),
                    found,
                })
            })?;
        self.definition_table(Arc::new(compiled)).map(Some)
    }

    fn definition_table(
        &self,
        view: Arc<CompiledView>,
    ) -> Result<Arc<dyn TableProvider>, EngineError> {
        let stored = self.records.stored_schema(view.resource());
        let wanted = view.required_projection().prune(&stored);
        let records = self.records.shaped(view.resource(), &Arc::new(wanted));
        Ok(Arc::new(DefinitionTable {
            view,
            records,
            now: self.now()?,
        }))
    }

    /// The first moment of the session's day, UTC: what `now()` is in a view.
    fn now(&self) -> Result<DateTime, EngineError> {
        let text = format!("{}T00:00:00.000Z", self.as_of);
        DateTime::parse(&text).ok_or_else(|| {
            let message = format!("`{}` is no day that `now()` could give", self.as_of);
            EngineError::refused(Refusal::Plan { message })
        })
    }
}

#[async_trait]
impl TableProvider for DefinitionTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.view.schema())
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    async fn scan(
        &self,
        state: &dyn PlanSession,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let records = self.records.scan(state, None, &[], None).await?;
        let (view, now) = (Arc::clone(&self.view), self.now);
        let function: BatchFunction = Arc::new(move |batch: &RecordBatch| {
            view.run_batch(batch, &now)
                .map_err(|error| DataFusionError::External(Box::new(error)))
        });
        let label = self.view.name().unwrap_or("view").to_owned();
        let schema = Arc::clone(self.view.schema());
        let plan: Arc<dyn ExecutionPlan> =
            Arc::new(MappedExec::new(label, records, schema, function));
        let Some(projection) = projection else {
            return Ok(plan);
        };
        project(plan, projection)
    }
}

/// Only these columns of a plan.
pub(super) fn project(
    plan: Arc<dyn ExecutionPlan>,
    columns: &[usize],
) -> Result<Arc<dyn ExecutionPlan>> {
    use datafusion::physical_expr::expressions::Column;
    let schema = plan.schema();
    let column = |index: &usize| {
        let name = schema.field(*index).name();
        let column: Arc<dyn datafusion::physical_expr::PhysicalExpr> =
            Arc::new(Column::new(name, *index));
        (column, name.clone())
    };
    let columns: Vec<_> = columns.iter().map(column).collect();
    Ok(Arc::new(ProjectionExec::try_new(columns, plan)?))
}

/// A schema as the files have it: text is `Utf8` at the top, too.
pub(super) fn as_stored(schema: &Schema) -> Schema {
    let stored = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8View => Arc::new(Field::clone(field).with_data_type(DataType::Utf8)),
        DataType::BinaryView => Arc::new(Field::clone(field).with_data_type(DataType::Binary)),
        _ => Arc::clone(field),
    };
    Schema::new(schema.fields().iter().map(stored).collect::<Fields>())
}
