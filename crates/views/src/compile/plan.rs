//! A view made ready to run: every path compiled, every column numbered.

use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use salus_base::Diagnostic;
use salus_columns::Projection;
use salus_fhir::schema::TypeId;
use salus_fhirpath::{Limits, Program};

use crate::definition::{Constant, PathText};
use crate::output::ColumnType;
use crate::vector::{Expression, Op};

/// The variable that tells the position of an item in its iteration (SQL on FHIR v2, §Environment Variables).
pub(crate) const ROW_INDEX: &str = "rowIndex";

/// A path, read and compiled.
#[derive(Debug)]
pub(crate) struct Path {
    /// As it stands in the view.
    pub text: PathText,
    /// For items one by one.
    pub program: Program,
    /// For many items at once.
    pub columns: Expression,
    /// Whether it asks for `%rowIndex`.
    pub asks_row_index: bool,
}

impl Path {
    /// Whether it is `%rowIndex` and nothing else.
    pub(crate) fn is_row_index(&self) -> bool {
        matches!(self.columns.op, Op::RowIndex)
    }
}

/// A select with its columns numbered.
#[derive(Debug)]
pub(crate) struct SelectPlan {
    pub iteration: IterationPlan,
    /// Its own columns: the first of its range.
    pub columns: Vec<ColumnPlan>,
    pub selects: Vec<SelectPlan>,
    /// Branches; all have the same range.
    pub union: Vec<SelectPlan>,
    /// The columns of its rows, among those of the table. They are together and in their order.
    pub range: Range<usize>,
}

/// What a select goes over.
#[derive(Debug)]
pub(crate) enum IterationPlan {
    Once,
    ForEach(Path),
    ForEachOrNull(Path),
    Repeat(Vec<Path>),
}

/// A column of a select.
#[derive(Debug)]
pub(crate) struct ColumnPlan {
    pub name: String,
    pub path: Path,
    /// How it is stored.
    pub ty: ColumnType,
    /// Its place in the table.
    pub index: usize,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// How it is stored.
    pub ty: ColumnType,
    /// What it means, if the view says.
    pub description: Option<String>,
}

/// A view, ready to run over resources as JSON text, as NDJSON or as Arrow columns: always with the same rows.
#[derive(Debug)]
pub struct CompiledView {
    pub(crate) name: Option<String>,
    pub(crate) resource: TypeId,
    pub(crate) columns: Vec<TableColumn>,
    pub(crate) selects: Vec<SelectPlan>,
    pub(crate) conditions: Vec<Path>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) schema: SchemaRef,
    pub(crate) projection: Projection,
    pub(crate) limits: Limits,
    pub(crate) warnings: Vec<Diagnostic>,
}

impl CompiledView {
    /// The view's name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The resource type whose resources make the rows.
    pub fn resource(&self) -> &'static str {
        salus_fhir::schema::r4().get(self.resource).name
    }

    /// The columns of the table.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// The columns of the table as Arrow has them. Fields carry their FHIR type under
    /// [`crate::FHIR_TYPE_KEY`].
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The elements that the paths look at: all that [`CompiledView::run_batch`] needs of a batch.
    pub fn required_projection(&self) -> &Projection {
        &self.projection
    }

    /// How much each path may use on one resource: what FHIRPath allows by default, unless said here.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> CompiledView {
        CompiledView { limits, ..self }
    }

    /// What is likely not meant, though it runs.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

/// The Arrow schema of these columns.
pub(crate) fn schema_of(columns: &[TableColumn]) -> SchemaRef {
    let fields = columns.iter().map(|column| column.ty.field(&column.name));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
