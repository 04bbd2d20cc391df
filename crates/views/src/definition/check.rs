//! What a view must keep besides the form of its JSON: names, unions, the resource type
//! (SQL on FHIR v2, `ValidateColumns`).

use foldhash::HashSet;
use salus_base::Diagnostic;
use salus_fhir::schema;

use super::model::{Column, Select, ViewDefinition};
use super::read::COLUMNS_MAX;
use crate::problem::{self, code};

/// Looks for what is wrong with a view as a whole.
pub(crate) fn check(view: &ViewDefinition, problems: &mut Vec<Diagnostic>) {
    check_resource(view, problems);
    for select in &view.selects {
        check_unions(select, problems);
    }
    check_columns(view, problems);
}

fn check_resource(view: &ViewDefinition, problems: &mut Vec<Diagnostic>) {
    let r4 = schema::r4();
    // An absent one was said by the reader.
    if view.resource.is_empty() || r4.resource(&view.resource).is_some() {
        return;
    }
    let message = format!("`{}` is no resource type of FHIR R4", view.resource);
    let mut found = problem::error(code::UNKNOWN_RESOURCE, &view.resource_at, message);
    found.help = problem::did_you_mean(&view.resource, r4.resources().map(|ty| ty.name));
    problems.push(found);
}

fn check_columns(view: &ViewDefinition, problems: &mut Vec<Diagnostic>) {
    let columns = view.columns();
    let mut seen = HashSet::default();
    for column in &columns {
        if !seen.insert(column.name.as_str()) {
            let message = format!("the column `{}` is defined twice", column.name);
            problems.push(problem::error(code::DUPLICATE, &column.at, message).help(
                "every column needs a name of its own; branches of a `unionAll` share theirs",
            ));
        }
    }
    let at = super::model::At::default();
    if columns.len() > COLUMNS_MAX {
        let message = format!(
            "the view has {} columns, more than {COLUMNS_MAX}",
            columns.len()
        );
        problems.push(problem::error(code::LIMIT, &at, message));
    }
    if columns.is_empty() && !view.selects.is_empty() && !problem::has_errors(problems) {
        problems.push(
            problem::error(code::MISSING, &at, "the view has no column")
                .help("give a `select` a `column` list"),
        );
    }
}

/// Branches of a union must give the same columns: names, order, types.
fn check_unions(select: &Select, problems: &mut Vec<Diagnostic>) {
    for nested in select.selects.iter().chain(&select.union) {
        check_unions(nested, problems);
    }
    let Some((first, others)) = select.union.split_first() else {
        return;
    };
    let wanted = first.all_columns();
    for branch in others {
        let found = branch.all_columns();
        if names(&wanted) != names(&found) {
            let message = format!(
                "the branches of a `unionAll` differ: {} has the columns {}, {} has {}",
                first.at,
                list(&wanted),
                branch.at,
                list(&found)
            );
            problems.push(
                problem::error(code::UNION, &branch.at, message)
                    .help("give all branches the same columns in the same order"),
            );
            continue;
        }
        for (wanted, found) in wanted.iter().zip(&found) {
            check_pair(wanted, found, problems);
        }
    }
}

fn check_pair(wanted: &Column, found: &Column, problems: &mut Vec<Diagnostic>) {
    if wanted.collection != found.collection {
        let message = format!(
            "the column `{}` is a collection in one branch of the `unionAll` only",
            found.name
        );
        problems.push(problem::error(code::UNION, &found.at, message));
    }
}

fn names<'c>(columns: &[&'c Column]) -> Vec<&'c str> {
    columns.iter().map(|column| column.name.as_str()).collect()
}

fn list(columns: &[&Column]) -> String {
    match columns {
        [] => "none".to_owned(),
        columns => format!("`{}`", names(columns).join("`, `")),
    }
}
