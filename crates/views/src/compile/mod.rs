//! From a view that was read to one that runs.

mod path;
mod plan;
mod projection;
mod select;
mod tree;

use salus_base::{Diagnostic, Severity};
use salus_fhir::schema;
use salus_fhirpath::Limits;

pub(crate) use plan::{ColumnPlan, IterationPlan, Path, ROW_INDEX, SelectPlan, schema_of};
pub use plan::{CompiledView, TableColumn};
pub(crate) use tree::walk;

use crate::definition::ViewDefinition;
use crate::problem;

impl CompiledView {
    /// Makes a view ready to run: reads and types its paths, numbers its columns, finds what it needs of a resource.
    ///
    /// # Errors
    /// Everything that keeps the view from running, at once.
    pub fn compile(view: &ViewDefinition) -> Result<CompiledView, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let compiled = compile(view, &mut problems);
        match compiled {
            Some(compiled) if !problem::has_errors(&problems) => Ok(CompiledView {
                warnings: problems,
                ..compiled
            }),
            _ => Err(problems),
        }
    }
}

/// All that is to be said about a view: errors, and warnings about what is likely not meant.
pub fn validate(json: &str) -> Vec<Diagnostic> {
    let (view, mut problems) = ViewDefinition::read(json);
    if let Some(view) = view {
        compile(&view, &mut problems);
    }
    problems.sort_by_key(|found| {
        let place = found.place.as_ref().and_then(|place| place.offset);
        (found.severity != Severity::Error, place)
    });
    problems
}

fn compile(view: &ViewDefinition, problems: &mut Vec<Diagnostic>) -> Option<CompiledView> {
    // Without a resource type no path can be typed; that it is missing was said when the view was read.
    let resource = schema::r4().resource(&view.resource)?;
    let mut compiler = path::Compiler::new(&view.constants, problems);
    let focus = path::Focus::resource(resource);
    let conditions = view.conditions.iter();
    let conditions: Vec<Option<Path>> = conditions
        .map(|condition| compiler.condition(condition, &focus))
        .collect();
    let mut columns = Vec::new();
    let selects = view.selects.iter();
    let selects: Vec<Option<SelectPlan>> = selects
        .map(|select| select::compile(select, &focus, &mut columns, &mut compiler))
        .collect();
    let projection = compiler.projection(resource);
    Some(CompiledView {
        name: view.name.clone(),
        resource,
        schema: schema_of(&columns),
        columns,
        selects: selects.into_iter().collect::<Option<_>>()?,
        conditions: conditions.into_iter().collect::<Option<_>>()?,
        constants: view.constants.clone(),
        projection,
        limits: Limits::default(),
        warnings: Vec::new(),
    })
}
