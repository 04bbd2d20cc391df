//! Selects with their columns numbered and typed.

use salus_columns::Extent;
use salus_fhir::schema::{self, Kind};
use salus_fhirpath::types::{Shape, Type};

use super::path::{Compiler, Focus, Leniency};
use super::plan::{ColumnPlan, IterationPlan, SelectPlan, TableColumn};
use crate::definition::{Column, Iteration, Select};
use crate::output::column_type::ansi_type;
use crate::output::{ColumnType, Content};
use crate::problem::{self, code};

/// Compiles a select; its columns are added to those of the table.
pub(super) fn compile(
    select: &Select,
    focus: &Focus,
    table: &mut Vec<TableColumn>,
    compiler: &mut Compiler<'_>,
) -> Option<SelectPlan> {
    let start = table.len();
    let iteration = iteration(&select.iteration, focus, compiler);
    // What cannot be read does not keep the columns from being looked at, on anything.
    let (iteration, items) = match iteration {
        Some((iteration, items)) => (Some(iteration), items),
        None => (None, Focus::any_of(Vec::new())),
    };
    let mut columns = Vec::new();
    for of in &select.columns {
        columns.push(column(of, &items, table, compiler));
    }
    let nested = select.selects.iter();
    let selects: Vec<_> = nested
        .map(|nested| compile(nested, &items, table, compiler))
        .collect();
    let union = union(&select.union, &items, table, compiler);
    Some(SelectPlan {
        iteration: iteration?,
        columns: columns.into_iter().collect::<Option<_>>()?,
        selects: selects.into_iter().collect::<Option<_>>()?,
        union: union?,
        range: start..table.len(),
    })
}

fn iteration(
    iteration: &Iteration,
    focus: &Focus,
    compiler: &mut Compiler<'_>,
) -> Option<(IterationPlan, Focus)> {
    match iteration {
        Iteration::Once => Some((IterationPlan::Once, focus.clone())),
        Iteration::ForEach(text) => {
            let compiled = compiler.path(text, focus, Extent::Element, Leniency::None)?;
            Some((IterationPlan::ForEach(compiled.path), compiled.found))
        }
        Iteration::ForEachOrNull(text) => {
            let compiled = compiler.path(text, focus, Extent::Element, Leniency::None)?;
            Some((IterationPlan::ForEachOrNull(compiled.path), compiled.found))
        }
        Iteration::Repeat(texts) => {
            let (paths, found) = compiler.repeat(texts, focus)?;
            Some((IterationPlan::Repeat(paths), found))
        }
    }
}

/// The branches of a union: the columns of the first are those of the table, the others must fit.
fn union(
    branches: &[Select],
    focus: &Focus,
    table: &mut Vec<TableColumn>,
    compiler: &mut Compiler<'_>,
) -> Option<Vec<SelectPlan>> {
    let start = table.len();
    let mut plans = Vec::new();
    for (nth, branch) in branches.iter().enumerate() {
        if nth == 0 {
            plans.push(compile(branch, focus, table, compiler));
            continue;
        }
        let mut own = table.get(..start).unwrap_or_default().to_vec();
        let plan = compile(branch, focus, &mut own, compiler);
        plans.push(plan.map(|mut plan| {
            fit(&mut plan, table, compiler);
            plan
        }));
    }
    plans.into_iter().collect()
}

/// Gives the columns of a branch the types of the table's.
fn fit(plan: &mut SelectPlan, table: &[TableColumn], compiler: &mut Compiler<'_>) {
    for column in &mut plan.columns {
        let Some(wanted) = table.get(column.index) else {
            continue;
        };
        let (own, other) = (column.ty.content, wanted.ty.content);
        if own != other && own != Content::Any && other != Content::Any {
            let message = format!(
                "the column `{}` is {} here and {} in the first branch of the `unionAll`",
                column.name,
                column.ty.described(),
                wanted.ty.described()
            );
            let at = &column.path.text.at;
            compiler.problems.push(
                problem::error(code::UNION, at, message)
                    .help("give the column the same `type` in all branches"),
            );
        }
        column.ty = wanted.ty.clone();
    }
    for nested in plan.selects.iter_mut().chain(&mut plan.union) {
        fit(nested, table, compiler);
    }
}

fn column(
    column: &Column,
    focus: &Focus,
    table: &mut Vec<TableColumn>,
    compiler: &mut Compiler<'_>,
) -> Option<ColumnPlan> {
    let index = table.len();
    let declared = declared(column, compiler);
    let extent = match declared {
        Some(Content::Json | Content::Any) | None => Extent::Whole,
        Some(_) => Extent::Element,
    };
    let compiled = compiler.path(&column.path, focus, extent, Leniency::None);
    let shape = compiled
        .as_ref()
        .map_or_else(Shape::unknown, |one| one.shape.clone());
    let content = match declared {
        Some(content) => {
            check_shape(column, content, &shape, compiler);
            content
        }
        None => inferred(column, &shape, compiler),
    };
    let ty = ColumnType {
        fhir_type: column.ty.clone().or_else(|| type_name(&shape)),
        content,
        collection: column.collection,
        asked: asked(column, compiler),
    };
    table.push(TableColumn {
        name: column.name.clone(),
        ty: ty.clone(),
        description: column.description.clone(),
    });
    Some(ColumnPlan {
        name: column.name.clone(),
        path: compiled?.path,
        ty,
        index,
    })
}

/// What the column's `type` lets it hold.
fn declared(column: &Column, compiler: &mut Compiler<'_>) -> Option<Content> {
    let name = column.ty.as_deref()?;
    let content = Content::of_type(name);
    if content.is_none() {
        let message = format!(
            "the column `{}` has a type that FHIR R4 has not: `{name}`",
            column.name
        );
        let known = schema::r4().types().iter().map(|ty| ty.name);
        let mut found = problem::error(code::COLUMN_TYPE, &column.at, message);
        found.help = problem::did_you_mean(name, known.filter(|known| !known.contains('.')));
        compiler.problems.push(found);
    }
    content
}

/// What the path lets a column hold that has no `type`.
fn inferred(column: &Column, shape: &Shape, compiler: &mut Compiler<'_>) -> Content {
    let contents = contents(shape);
    let Some((first, others)) = contents.split_first() else {
        return Content::Any;
    };
    if contents.contains(&Content::Json) && !shape.is_open() {
        let message = format!(
            "the column `{}` holds {shape} and has no `type`",
            column.name
        );
        compiler.problems.push(
            problem::error(code::TYPE_MISMATCH, &column.at, message)
                .help("say the `type`, or let the path go down to a primitive"),
        );
    }
    match others.iter().all(|other| other == first) && !shape.is_open() {
        true => *first,
        false => Content::Any,
    }
}

/// Says so when no value of the path can be of the column's type.
fn check_shape(column: &Column, content: Content, shape: &Shape, compiler: &mut Compiler<'_>) {
    let found = contents(shape);
    if shape.is_open() || found.is_empty() || found.iter().any(|found| takes(content, *found)) {
        return;
    }
    let wanted = column.ty.as_deref().unwrap_or_default();
    let message = format!(
        "the column `{}` is of type `{wanted}`, but its path gives {shape}",
        column.name
    );
    compiler.problems.push(
        problem::error(code::TYPE_MISMATCH, &column.path.at, message)
            .help("change the `type`, or convert in the path, for instance with `toString()`"),
    );
}

/// Whether a column takes such values.
fn takes(column: Content, found: Content) -> bool {
    match column {
        Content::Any => found != Content::Json,
        Content::Decimal => matches!(found, Content::Decimal | Content::Integer | Content::Long),
        Content::Long => matches!(found, Content::Integer | Content::Long),
        content => content == found,
    }
}

/// What the items of a shape can be in a column.
fn contents(shape: &Shape) -> Vec<Content> {
    let content = |ty: &Type| match ty {
        Type::System(ty) => Content::of_system(ty.name()),
        Type::Fhir(id) => match schema::r4().get(*id).kind {
            Kind::Primitive(primitive) => Some(Content::of_primitive(primitive)),
            Kind::Complex | Kind::Resource => Some(Content::Json),
        },
        Type::Information => None,
    };
    shape.types().iter().filter_map(content).collect()
}

fn type_name(shape: &Shape) -> Option<String> {
    match shape.one_type()? {
        Type::Fhir(id) => Some(schema::r4().get(id).name.to_owned()),
        Type::System(ty) => Some(format!("http://hl7.org/fhirpath/System.{}", ty.name())),
        Type::Information => None,
    }
}

/// The SQL type that the tag `ansi/type` asks for.
fn asked(column: &Column, compiler: &mut Compiler<'_>) -> Option<arrow::datatypes::DataType> {
    let text = column.ansi_type.as_deref()?;
    let found = ansi_type(text);
    if found.is_none() {
        let message = format!(
            "the column `{}` asks for the SQL type `{text}`, which is not known",
            column.name
        );
        compiler.problems.push(
            problem::warning(code::COLUMN_TYPE, &column.at, message)
                .help("the column keeps the type of its FHIR type"),
        );
    }
    found
}
