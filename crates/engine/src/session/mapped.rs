//! A plan node that turns each batch of its input into a batch of another shape: how registered views run.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties,
    PlanProperties, ReplaceChildrenOptions,
};
use futures::StreamExt;

/// Turns one batch into another; rows may become more or fewer.
pub(super) type BatchFunction =
    Arc<dyn Fn(&RecordBatch) -> Result<RecordBatch, DataFusionError> + Send + Sync>;

/// Applies a function to each batch of its input.
#[derive(Clone)]
pub(super) struct MappedExec {
    /// What it is, in `EXPLAIN`.
    label: String,
    input: Arc<dyn ExecutionPlan>,
    function: BatchFunction,
    properties: Arc<PlanProperties>,
}

impl MappedExec {
    /// The node; every batch that `function` gives must have `schema`.
    pub(super) fn new(
        label: String,
        input: Arc<dyn ExecutionPlan>,
        schema: SchemaRef,
        function: BatchFunction,
    ) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            datafusion::physical_plan::Partitioning::UnknownPartitioning(
                input.output_partitioning().partition_count(),
            ),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        Self {
            label,
            input,
            function,
            properties: Arc::new(properties),
        }
    }
}

impl fmt::Debug for MappedExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MappedExec")
            .field("label", &self.label)
            .field("input", &self.input)
            .finish_non_exhaustive()
    }
}

impl DisplayAs for MappedExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MappedExec: {}", self.label)
    }
}

impl ExecutionPlan for MappedExec {
    fn name(&self) -> &'static str {
        "MappedExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let (Some(input), true) = (children.pop(), children.is_empty()) else {
            return internal_err!("a mapped plan has one input");
        };
        let schema = self.schema();
        let function = Arc::clone(&self.function);
        Ok(Arc::new(Self::new(
            self.label.clone(),
            input,
            schema,
            function,
        )))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(
            children,
            ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute),
        )
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let function = Arc::clone(&self.function);
        let mapped = input.map(move |batch| batch.and_then(|batch| function(&batch)));
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            mapped,
        )))
    }
}
