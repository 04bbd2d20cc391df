//! `cql('Library', 'Define', …)`: the results of defines as a table of SQL.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{
    Session as PlanSession, TableFunctionArgs, TableFunctionImpl, TableProvider,
};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, ScalarValue, plan_err};
use datafusion::execution::{SendableRecordBatchStream, SessionState, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
    ReplaceChildrenOptions,
};
use futures::{StreamExt, TryStreamExt};

use super::read::LakeParts;
use super::{Columns, Need, Question, Reader, Results, known_codes};
use crate::error::EngineError;
use crate::session::Session;

/// Where the libraries are that SQL names.
pub trait Libraries: Send + Sync {
    /// What to evaluate for these defines of a library; for all of its defines if none are named.
    ///
    /// # Errors
    /// When there is no such library or define, or the library is not sound, in words for people.
    fn question(&self, library: &str, defines: &[String]) -> Result<Question, String>;
}

impl Session {
    /// The session with the table function `cql`, which finds its libraries there.
    #[must_use]
    pub fn with_libraries(mut self, libraries: Arc<dyn Libraries>) -> Self {
        let function = CqlFunction {
            libraries,
            lake: self.lake_parts(),
        };
        self.state.register_udtf("cql", Arc::new(function));
        self
    }
}

/// The function: makes a table of its arguments.
struct CqlFunction {
    libraries: Arc<dyn Libraries>,
    lake: LakeParts,
}

impl fmt::Debug for CqlFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cql")
    }
}

impl TableFunctionImpl for CqlFunction {
    fn call_with_args(&self, args: TableFunctionArgs<'_, '_>) -> Result<Arc<dyn TableProvider>> {
        let mut texts = args.exprs().iter().map(text).collect::<Result<Vec<_>>>()?;
        if texts.is_empty() {
            return plan_err!("cql() takes the name of a library and, if wanted, names of defines");
        }
        let library = texts.remove(0);
        let question = self.libraries.question(&library, &texts);
        let question = question.map_err(DataFusionError::Plan)?;
        let Some(state) = args.session().as_any().downcast_ref::<SessionState>() else {
            return plan_err!("cql() is planned in a session of Salus only");
        };
        let label = format!("{library}: {}", question.defines.join(", "));
        let table = CqlTable::new(&self.lake, state, &label, question);
        Ok(Arc::new(table))
    }
}

fn text(expr: &Expr) -> Result<String> {
    match expr {
        Expr::Literal(value, _) => match ScalarValue::try_as_str(value) {
            Some(Some(text)) => Ok(text.to_owned()),
            _ => plan_err!("cql() takes texts: `cql('Library', 'Define')`"),
        },
        _ => plan_err!("cql() takes texts, not expressions: `cql('Library', 'Define')`"),
    }
}

/// The results of some defines.
pub(super) struct CqlTable {
    question: Question,
    reader: Arc<Reader>,
    schema: SchemaRef,
    label: String,
}

impl CqlTable {
    pub fn new(
        lake: &LakeParts,
        state: &SessionState,
        label: &str,
        question: Question,
    ) -> CqlTable {
        let need = {
            let known = known_codes(&*question.terminology);
            Need::of(&question.requirements, &known)
        };
        CqlTable {
            schema: Arc::clone(Columns::of(&question).schema()),
            reader: Arc::new(Reader::new(lake, state, need)),
            label: label.to_owned(),
            question,
        }
    }
}

impl fmt::Debug for CqlTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CqlTable").field(&self.label).finish()
    }
}

#[async_trait]
impl TableProvider for CqlTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
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
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&self.schema)),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        let plan: Arc<dyn ExecutionPlan> = Arc::new(CqlExec {
            question: self.question.clone(),
            reader: Arc::clone(&self.reader),
            label: self.label.clone(),
            at_once: state.config().target_partitions(),
            properties: Arc::new(properties),
        });
        match projection {
            Some(columns) => super::super::definitions::project(plan, columns),
            None => Ok(plan),
        }
    }
}

/// Evaluates a program over the lake.
struct CqlExec {
    question: Question,
    reader: Arc<Reader>,
    label: String,
    at_once: usize,
    properties: Arc<PlanProperties>,
}

impl fmt::Debug for CqlExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CqlExec").field(&self.label).finish()
    }
}

impl DisplayAs for CqlExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CqlExec: {}", self.label)
    }
}

impl ExecutionPlan for CqlExec {
    fn name(&self) -> &'static str {
        "CqlExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, _: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (question, reader) = (self.question.clone(), Arc::clone(&self.reader));
        let at_once = self.at_once;
        let opened = async move {
            let results = Results::open(question, reader, at_once).await;
            results.map(batches).map_err(external)
        };
        let stream = futures::stream::once(opened).try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            stream.boxed(),
        )))
    }
}

fn batches(
    results: Results,
) -> impl futures::Stream<Item = Result<arrow::array::RecordBatch>> + Send {
    futures::stream::try_unfold(results, |mut results| async move {
        let next = results.next().await.map_err(external)?;
        Ok(next.map(|batch| (batch, results)))
    })
}

fn external(error: EngineError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
