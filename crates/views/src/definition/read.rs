//! Reading the JSON of a view: everything that is wrong is said at once.

use salus_base::Diagnostic;
use salus_fhir::json::{Document, Node};

use super::constant;
use super::members::{Members, wrong_type};
use super::model::{At, Column, Iteration, PathText, Select, ViewDefinition};
use crate::problem::{self, code};

/// How deep selects may be nested: deeper than any sane view, shallow enough for any stack.
pub const SELECT_DEPTH_MAX: usize = 16;
/// How many columns a view may have: as many as a table of PostgreSQL.
pub const COLUMNS_MAX: usize = 1_600;

/// What the top of a view may have: what its logical model and canonical resources have.
const VIEW_MEMBERS: [&str; 33] = [
    "resourceType",
    "meta",
    "implicitRules",
    "language",
    "text",
    "contained",
    "url",
    "identifier",
    "version",
    "versionAlgorithmString",
    "versionAlgorithmCoding",
    "name",
    "title",
    "status",
    "experimental",
    "date",
    "publisher",
    "contact",
    "description",
    "useContext",
    "jurisdiction",
    "purpose",
    "copyright",
    "copyrightLabel",
    "approvalDate",
    "lastReviewDate",
    "effectivePeriod",
    "resource",
    "profile",
    "fhirVersion",
    "constant",
    "select",
    "where",
];
const SELECT_MEMBERS: [&str; 6] = [
    "column",
    "select",
    "forEach",
    "forEachOrNull",
    "repeat",
    "unionAll",
];
const COLUMN_MEMBERS: [&str; 6] = ["path", "name", "description", "collection", "type", "tag"];

/// Reads a view. What could be read is there even when something else is wrong.
pub(crate) fn read(json: &str, problems: &mut Vec<Diagnostic>) -> Option<ViewDefinition> {
    let document = match Document::parse(json) {
        Ok(document) => document,
        Err(error) => {
            let at = At {
                path: String::new(),
                offset: error.offset(),
            };
            let found = problem::error(code::NOT_A_VIEW, &at, "the view is not JSON");
            problems.push(found.because(error));
            return None;
        }
    };
    let mut members = Members::of(document.root(), String::new(), problems)?;
    view(&mut members, problems).inspect(|_| members.finish(&VIEW_MEMBERS, problems))
}

fn view(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Option<ViewDefinition> {
    let resource_type = members.text("resourceType", problems);
    if let Some(other) = resource_type.filter(|ty| ty != "ViewDefinition") {
        let message = format!("this is a resource of type `{other}`, not a ViewDefinition");
        problems.push(problem::error(code::NOT_A_VIEW, members.at(), message));
        return None;
    }
    let resource = members.required_expression("resource", problems);
    let constants = constants(members, problems);
    members.require("select", problems);
    let selects = selects(members, "select", 1, problems);
    let conditions = conditions(members, problems);
    let view = ViewDefinition {
        name: members.optional_name("name", problems),
        title: members.text("title", problems),
        url: members.text("url", problems),
        description: members.text("description", problems),
        resource_at: resource.as_ref().map(|r| r.at.clone()).unwrap_or_default(),
        resource: resource.map(|resource| resource.text).unwrap_or_default(),
        constants,
        selects,
        conditions,
    };
    members.take_others(|key| VIEW_MEMBERS.contains(&key));
    Some(view)
}

fn constants(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Vec<constant::Constant> {
    let mut constants: Vec<constant::Constant> = Vec::new();
    for (path, node) in members.list("constant", problems) {
        let Some(mut members) = Members::of(node, path, problems) else {
            continue;
        };
        let constant = constant::read(&mut members, problems);
        members.finish(&["name", "valueString"], problems);
        let Some(constant) = constant else {
            continue;
        };
        if constants.iter().any(|known| known.name == constant.name) {
            let message = format!("the constant `{}` is defined twice", constant.name);
            problems.push(problem::error(code::DUPLICATE, &constant.at, message));
        } else if RESERVED.contains(&constant.name.as_str()) {
            let message = format!("`%{}` already means something else", constant.name);
            problems.push(
                problem::error(code::DUPLICATE, &constant.at, message)
                    .help("give the constant another name"),
            );
        } else {
            constants.push(constant);
        }
    }
    constants
}

/// Variables of FHIRPath and of views, which no constant may hide.
const RESERVED: [&str; 7] = [
    "context",
    "resource",
    "rootResource",
    "rowIndex",
    "ucum",
    "sct",
    "loinc",
];

fn conditions(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Vec<PathText> {
    let mut conditions = Vec::new();
    for (path, node) in members.list("where", problems) {
        let Some(mut members) = Members::of(node, path, problems) else {
            continue;
        };
        conditions.extend(members.required_expression("path", problems));
        members.text("description", problems);
        members.finish(&["path", "description"], problems);
    }
    conditions
}

/// The selects under `select` or `unionAll`.
fn selects(
    members: &mut Members<'_>,
    key: &str,
    depth: usize,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Select> {
    let is_there = members.has(key);
    let at = members.at().clone();
    let items = members.list(key, problems);
    if is_there && items.is_empty() {
        let message = format!("`{key}` of {at} is an empty list");
        problems.push(problem::error(code::MISSING, &at, message));
    }
    let mut selects = Vec::new();
    for (path, node) in items {
        if depth > SELECT_DEPTH_MAX {
            let at = At {
                path,
                offset: node.offset(),
            };
            let message = format!("selects are nested deeper than {SELECT_DEPTH_MAX} levels");
            problems.push(problem::error(code::LIMIT, &at, message));
            break;
        }
        selects.extend(select(node, path, depth, problems));
    }
    selects
}

fn select(
    node: Node<'_>,
    path: String,
    depth: usize,
    problems: &mut Vec<Diagnostic>,
) -> Option<Select> {
    let mut members = Members::of(node, path, problems)?;
    let iteration = iteration(&mut members, problems);
    let mut columns = Vec::new();
    for (path, node) in members.list("column", problems) {
        columns.extend(column(node, path, problems));
    }
    let select = Select {
        iteration,
        columns,
        selects: selects(&mut members, "select", depth + 1, problems),
        union: selects(&mut members, "unionAll", depth + 1, problems),
        at: members.at().clone(),
    };
    members.finish(&SELECT_MEMBERS, problems);
    Some(select)
}

/// What the select goes over (invariant `sql-expressions`: at most one of three).
fn iteration(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Iteration {
    let keys = ["forEach", "forEachOrNull", "repeat"];
    let present: Vec<&str> = keys.into_iter().filter(|key| members.has(key)).collect();
    if present.len() > 1 {
        let message = format!("{} has {} together", members.at(), present.join(" and "));
        problems.push(
            problem::error(code::ITERATIONS, members.at(), message)
                .help("keep one, and put the other into a nested `select`"),
        );
    }
    let for_each = members.expression("forEach", problems);
    let for_each_or_null = members.expression("forEachOrNull", problems);
    let repeat = repeat(members, problems);
    match (for_each, for_each_or_null) {
        (Some(path), _) => Iteration::ForEach(path),
        (None, Some(path)) => Iteration::ForEachOrNull(path),
        (None, None) if !repeat.is_empty() => Iteration::Repeat(repeat),
        (None, None) => Iteration::Once,
    }
}

fn repeat(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Vec<PathText> {
    let is_there = members.has("repeat");
    let at = members.at().clone();
    let items = members.list("repeat", problems);
    if is_there && items.is_empty() {
        let message = format!("`repeat` of {at} has no path");
        problems.push(problem::error(code::MISSING, &at, message));
    }
    let mut paths = Vec::new();
    for (path, node) in items {
        let at = At {
            path,
            offset: node.offset(),
        };
        match node.string() {
            Some(text) if text.trim().is_empty() => {
                let message = format!("{at} is empty");
                problems.push(problem::error(code::PATH_SYNTAX, &at, message));
            }
            Some(text) => paths.push(PathText {
                text: text.into_owned(),
                at,
            }),
            None => wrong_type(&at, "a text", &node, problems),
        }
    }
    paths
}

fn column(node: Node<'_>, path: String, problems: &mut Vec<Diagnostic>) -> Option<Column> {
    let mut members = Members::of(node, path, problems)?;
    let name = members.name("name", problems);
    let path = members.required_expression("path", problems);
    let tags = tags(&mut members, problems);
    let ansi_type = tags
        .iter()
        .find(|(name, _)| name == ANSI_TYPE)
        .map(|(_, value)| value.clone());
    let ty = members.text("type", problems);
    let collection = members.flag("collection", problems);
    let description = members.text("description", problems);
    let at = members.at().clone();
    members.finish(&COLUMN_MEMBERS, problems);
    Some(Column {
        name: name?,
        path: path?,
        collection,
        ty: ty.map(|ty| match ty.strip_prefix(FHIR_TYPES) {
            Some(relative) => relative.to_owned(),
            None => ty,
        }),
        ansi_type,
        description,
        tags: tags
            .into_iter()
            .filter(|(name, _)| name != ANSI_TYPE)
            .collect(),
        at,
    })
}

/// The tag that asks for an SQL type.
const ANSI_TYPE: &str = "ansi/type";
/// What a relative type is relative to.
const FHIR_TYPES: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The tags of a column. The guide's own examples call the list `tags`, so that is understood too.
fn tags(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Vec<(String, String)> {
    let mut items = members.list("tag", problems);
    items.extend(members.list("tags", problems));
    let mut tags = Vec::new();
    for (path, node) in items {
        let Some(mut members) = Members::of(node, path, problems) else {
            continue;
        };
        let name = members.required_text("name", problems);
        let value = members.required_text("value", problems);
        members.finish(&["name", "value"], problems);
        tags.extend(name.zip(value));
    }
    tags
}
