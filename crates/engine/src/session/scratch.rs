//! Tables that live as long as the session: results kept for the queries after.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session as DfSession, TableProvider};
use datafusion::common::{Result, Statistics};
use datafusion::datasource::MemTable;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;

use super::{Session, fault};
use crate::error::{EngineError, Refusal};
use crate::view;

/// A batch under a name.
#[derive(Debug)]
struct Scratch(MemTable);

impl Session {
    /// Makes a batch readable in SQL under a name, for the life of the session and in it
    /// alone. A job keeps with it what several of its queries need. The same name may be
    /// used again and then means the new batch.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`] if the lake has a table, or Salus a view, of this name.
    pub fn register_table(
        &self,
        name: &str,
        batch: RecordBatch,
    ) -> std::result::Result<(), EngineError> {
        let is_view = view::all()
            .iter()
            .any(|view| view.doc.name.eq_ignore_ascii_case(name));
        let is_table = self
            .fhir
            .get(name)
            .is_some_and(|table| !table.is::<Scratch>());
        if is_view || is_table {
            return Err(EngineError::refused(Refusal::NameTaken {
                name: name.to_owned(),
            }));
        }
        let table =
            MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(fault::while_planning)?;
        self.fhir.add(name, Arc::new(Scratch(table)));
        Ok(())
    }
}

#[async_trait]
impl TableProvider for Scratch {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    fn statistics(&self) -> Option<Statistics> {
        self.0.statistics()
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        self.0.supports_filters_pushdown(filters)
    }

    async fn scan(
        &self,
        state: &dyn DfSession,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.0.scan(state, projection, filters, limit).await
    }
}
