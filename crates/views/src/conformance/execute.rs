//! A view of a test run on the test's resources, in each of the three ways.

use arrow::array::RecordBatch;
use salus_columns::{ColumnIds, RowMeta, TableBuilder};
use salus_fhir::json::Document;
use salus_fhir::view::{ElementView, JsonElement};
use salus_values::DateTime;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use crate::{CompiledView, NdjsonOptions, Sink, ViewDefinition, ViewError};

/// How a view is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// Resource by resource, over JSON.
    Json,
    /// All at once, over columns as a lake has them.
    Columns,
    /// Straight from NDJSON.
    Ndjson,
}

impl Execution {
    /// All of them.
    pub const ALL: [Execution; 3] = [Execution::Json, Execution::Columns, Execution::Ndjson];

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Execution::Json => "json",
            Execution::Columns => "columns",
            Execution::Ndjson => "ndjson",
        }
    }
}

/// What a view gave: columns and rows, or why it gave none.
pub(super) type Outcome = Result<Table, String>;

/// Rows and their columns.
#[derive(Debug)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Map<String, Json>>,
}

/// Reads, compiles and runs a view.
pub(super) fn execute(
    view: &RawValue,
    resources: &[Box<RawValue>],
    execution: Execution,
    now: &DateTime,
) -> Outcome {
    let all = |found: Vec<salus_base::Diagnostic>| {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        found.join("; ")
    };
    let view = ViewDefinition::parse(view.get()).map_err(all)?;
    let view = CompiledView::compile(&view).map_err(all)?;
    let batches = match execution {
        Execution::Json => by_json(&view, resources, now),
        Execution::Columns => by_columns(&view, resources, now),
        Execution::Ndjson => by_ndjson(&view, resources, now),
    };
    let batches = batches.map_err(|error| error.diagnostic().to_string())?;
    let rows = batches.iter().flat_map(|batch| view.json_rows(batch));
    let columns = view.columns().iter().map(|column| column.name.clone());
    Ok(Table {
        columns: columns.collect(),
        rows: rows.collect(),
    })
}

fn by_json(
    view: &CompiledView,
    resources: &[Box<RawValue>],
    now: &DateTime,
) -> Result<Vec<RecordBatch>, ViewError> {
    let texts = resources.iter().map(|resource| resource.get());
    Ok(vec![view.run_json(texts, now)?])
}

fn by_columns(
    view: &CompiledView,
    resources: &[Box<RawValue>],
    now: &DateTime,
) -> Result<Vec<RecordBatch>, ViewError> {
    let mut table = TableBuilder::new(view.resource);
    for (row, resource) in resources.iter().enumerate() {
        let text = resource.get();
        let document = Document::parse(text).map_err(|source| ViewError::Json { row, source })?;
        let is_wanted = JsonElement::resource(&document)
            .is_some_and(|element| element.type_id() == view.resource);
        if is_wanted {
            // It is JSON, so the columns take it.
            let _ = table.append(text, &RowMeta::default(), None);
        }
    }
    let batch = table.finish(&ColumnIds::new(&[]))?;
    Ok(vec![view.run_batch(&batch, now)?])
}

fn by_ndjson(
    view: &CompiledView,
    resources: &[Box<RawValue>],
    now: &DateTime,
) -> Result<Vec<RecordBatch>, ViewError> {
    let mut ndjson = String::new();
    for resource in resources {
        // A line break in JSON is white space wherever it is not escaped.
        ndjson.extend(resource.get().chars().filter(|c| !matches!(c, '\n' | '\r')));
        ndjson.push('\n');
    }
    let mut rows = Gathered(Vec::new());
    view.run_ndjson(ndjson.as_bytes(), &NdjsonOptions::new(*now), &mut rows)?;
    Ok(rows.0)
}

struct Gathered(Vec<RecordBatch>);

impl Sink for Gathered {
    fn rows(&mut self, batch: RecordBatch) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.0.push(batch);
        Ok(())
    }
}
