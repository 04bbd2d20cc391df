//! A session: who asks, from which day, at which snapshot, and the SQL door to it.

mod catalog;
mod definitions;
mod fault;
mod idle_join;
mod mapped;
mod merged;
mod open;
pub mod population;
mod run;
mod scratch;
mod system;
mod views;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::execution::SessionState;
use datafusion::sql::parser::Statement;
use salus_lake::catalog::RegisteredView;
use tokio::sync::Mutex;

pub use run::AnswerStream;

use crate::answer::Answer;
use crate::error::{EngineError, Limit, Refusal};
use crate::functions::Survivors;
use crate::limits::QueryLimits;
use crate::principal::Principal;
use crate::view::ViewDoc;
use catalog::Names;

/// The default schema: FHIR tables and views.
const FHIR: &str = "fhir";
/// The schema of Salus's own books.
const SALUS: &str = "salus";
/// The hidden schema with FHIR tables in the shapes that views read.
const SHAPED: &str = "shaped";

/// The only door to the data of a lake, for one principal, at one snapshot, from one day.
///
/// A session is immutable and may be shared: queries run side by side.
pub struct Session {
    principal: Principal,
    as_of: jiff::civil::Date,
    snapshot: i64,
    limits: QueryLimits,
    state: SessionState,
    records: Arc<open::Records>,
    survivors: Arc<Survivors>,
    docs: Vec<ViewDoc>,
    registered: Vec<RegisteredView>,
    fhir: Arc<Names>,
    salus: Arc<Names>,
    shaped: Arc<Names>,
    /// Guards the making of views, so that each is made once.
    making: Mutex<()>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("principal", &self.principal)
            .field("as_of", &self.as_of)
            .field("snapshot", &self.snapshot)
            .finish_non_exhaustive()
    }
}

/// A table that a query can name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableDoc {
    /// Schema: `fhir` or `salus`.
    pub schema: String,
    /// Name.
    pub name: String,
    /// Rows; `None` where they are not counted beforehand.
    pub rows: Option<u64>,
    /// Names and types of the columns, types as Arrow says them.
    pub columns: Vec<(String, String)>,
}

impl Session {
    /// Who asks.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The day the session looks from.
    pub fn as_of(&self) -> jiff::civil::Date {
        self.as_of
    }

    /// The snapshot that all queries see.
    pub fn snapshot(&self) -> i64 {
        self.snapshot
    }

    /// What queries may use.
    pub fn limits(&self) -> &QueryLimits {
        &self.limits
    }

    /// The views, documented, in the order in which they are best read.
    pub fn views(&self) -> &[ViewDoc] {
        &self.docs
    }

    /// The tables of the lake at this snapshot: FHIR tables, then Salus's own.
    pub fn tables(&self) -> Vec<TableDoc> {
        let mut tables = Vec::new();
        for (schema, names) in [(FHIR, &self.fhir), (SALUS, &self.salus)] {
            for (name, provider) in names.base_tables() {
                let columns = provider
                    .schema()
                    .fields()
                    .iter()
                    .map(|field| (field.name().clone(), field.data_type().to_string()))
                    .collect();
                let rows = self.records.rows(schema, &name);
                tables.push(TableDoc {
                    schema: schema.to_owned(),
                    name,
                    rows,
                    columns,
                });
            }
        }
        tables
    }

    /// Whether the lake has any row of this FHIR type at this snapshot.
    pub fn has_rows(&self, resource_type: &str) -> bool {
        self.records
            .rows(FHIR, resource_type)
            .is_some_and(|rows| rows > 0)
    }

    /// Patients that were merged into another: patient and survivor.
    pub fn merged_patients(&self) -> Vec<(&str, &str)> {
        self.survivors.pairs()
    }

    /// Answers one query, the whole answer in memory.
    ///
    /// # Errors
    /// [`EngineError`]; at the row limit an error or a cut answer, as the limits say.
    pub async fn sql(&self, text: &str) -> Result<Answer, EngineError> {
        self.sql_stream(text).await?.collect().await
    }

    /// Answers one query batch by batch, for answers that need not fit into memory.
    ///
    /// # Errors
    /// [`EngineError`], here or while reading on.
    pub async fn sql_stream(&self, text: &str) -> Result<AnswerStream, EngineError> {
        let deadline = run::Deadline::starting_now(&self.limits);
        let plan = deadline.within(self.plan(text)).await?;
        run::start(&self.state, plan, &self.limits, deadline).await
    }

    /// The schema of the answer to a query, without running it.
    ///
    /// # Errors
    /// [`EngineError::Refused`] as for [`Session::sql`].
    pub async fn schema_of(&self, text: &str) -> Result<SchemaRef, EngineError> {
        let plan = self.plan(text).await?;
        Ok(run::outward_schema(plan.schema().inner()))
    }

    async fn plan(&self, text: &str) -> Result<datafusion::logical_expr::LogicalPlan, EngineError> {
        if text.len() > self.limits.text_bytes_max {
            let limit = Limit::Text {
                bytes_max: self.limits.text_bytes_max,
            };
            return Err(EngineError::LimitHit { limit });
        }
        let statement = self.parse(text)?;
        run::refuse_orders(&statement)?;
        views::make_needed(self, &statement).await?;
        let plan = self
            .state
            .statement_to_plan(statement)
            .await
            .map_err(fault::while_planning)?;
        run::refuse_writes(&plan)?;
        Ok(plan)
    }

    fn parse(&self, text: &str) -> Result<Statement, EngineError> {
        let dialect = self.state.config_options().sql_parser.dialect;
        let mut statements = datafusion::sql::parser::DFParserBuilder::new(text)
            .with_dialect(dialect_of(&dialect).as_ref())
            .with_recursion_limit(PARSER_DEPTH_MAX)
            .build()
            .and_then(|mut parser| parser.parse_statements())
            .map_err(fault::while_parsing)?;
        match (statements.pop_front(), statements.len()) {
            (Some(statement), 0) => Ok(statement),
            (first, more) => {
                let found = more + usize::from(first.is_some());
                Err(EngineError::refused(Refusal::NotOneQuery { found }))
            }
        }
    }
}

/// How deeply SQL may nest.
const PARSER_DEPTH_MAX: usize = 50;

fn dialect_of(
    dialect: &datafusion::common::config::Dialect,
) -> Box<dyn datafusion::sql::sqlparser::dialect::Dialect> {
    datafusion::sql::sqlparser::dialect::dialect_from_str(dialect)
        .unwrap_or_else(|| Box::new(datafusion::sql::sqlparser::dialect::GenericDialect {}))
}
