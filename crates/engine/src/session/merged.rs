//! A FHIR table in which merged patients appear as the one they live on in.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::TreeNode;
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    Expr, ScalarUDF, TableProviderFilterPushDown, TableType, cast, col, lit,
};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use salus_lake::scan::patients_of;

use crate::functions::Survivors;

/// The column that carries the patient.
const PATIENT: &str = "salus_patient";

/// The table, with `salus_patient` mapped to survivors as it is read.
///
/// Asking for a survivor asks the table for all its members, so that files and pages are
/// still skipped by the patient they hold.
#[derive(Debug)]
pub(super) struct MergedTable {
    pub(super) inner: Arc<dyn TableProvider>,
    pub(super) survivors: Arc<Survivors>,
    pub(super) survivor: Arc<ScalarUDF>,
}

#[async_trait]
impl TableProvider for MergedTable {
    fn schema(&self) -> SchemaRef {
        self.inner.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let filters: Vec<Expr> = filters
            .iter()
            .filter_map(|filter| self.unmerged(filter))
            .collect();
        let plan = self.inner.scan(state, projection, &filters, limit).await?;
        let schema = plan.schema();
        let Ok(patient) = schema.index_of(PATIENT) else {
            return Ok(plan);
        };
        let df_schema = DFSchema::try_from(schema.as_ref().clone())?;
        let of_members = filters
            .into_iter()
            .filter(mentions_patient)
            .reduce(Expr::and);
        let plan: Arc<dyn ExecutionPlan> = match of_members {
            Some(filter) => {
                let filter = state.create_physical_expr(filter, &df_schema)?;
                Arc::new(FilterExec::try_new(filter, plan)?)
            }
            None => plan,
        };
        let mut columns = Vec::with_capacity(schema.fields().len());
        for (index, field) in schema.fields().iter().enumerate() {
            let expr = match index == patient {
                true => cast(self.survivor_of(col(PATIENT)), field.data_type().clone()),
                false => Expr::Column(datafusion::common::Column::from_name(field.name())),
            };
            columns.push((
                state.create_physical_expr(expr, &df_schema)?,
                field.name().clone(),
            ));
        }
        Ok(Arc::new(ProjectionExec::try_new(columns, plan)?))
    }
}

impl MergedTable {
    fn survivor_of(&self, patient: Expr) -> Expr {
        Expr::ScalarFunction(ScalarFunction::new_udf(
            Arc::clone(&self.survivor),
            vec![patient],
        ))
    }

    /// The filter as the table underneath has to be asked, if it can be asked at all.
    fn unmerged(&self, filter: &Expr) -> Option<Expr> {
        if !mentions_patient(filter) {
            return Some(filter.clone());
        }
        let survivors = patients_of(filter)?;
        let members = survivors.into_iter().flat_map(|survivor| {
            let others = self.survivors.members(survivor).iter().map(String::as_str);
            std::iter::once(survivor).chain(others).map(lit)
        });
        Some(col(PATIENT).in_list(members.collect(), false))
    }
}

fn is_patient(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == PATIENT)
}

fn mentions_patient(expr: &Expr) -> bool {
    expr.exists(|node| Ok(is_patient(node))).unwrap_or(true)
}
