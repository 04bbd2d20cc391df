//! Element paths from search expressions: `(Goal.start as date)` → `startDate`.

use super::types::Types;

/// JSON paths (below the resource) that one term of a search expression reads.
///
/// Knows the shapes that R4's reference and date parameters use: plain paths, `.where(…)` (dropped: a
/// path is a superset), `.resolve()`, `.as(T)`, `(a as T)`. A choice element without a type gives one
/// path a type. An empty answer means that the term is of another shape.
pub fn of_term(types: &Types, resource: &str, term: &str) -> Vec<String> {
    let term = term.trim().trim_start_matches('(').trim_end();
    let (path, only) = match term.split_once(" as ") {
        Some((path, name)) => (path, Some(name.trim_end_matches(')').trim())),
        None => match term.split_once(".as(") {
            Some((path, name)) => (path, Some(name.trim_end_matches(')').trim())),
            None => (term, None),
        },
    };
    let path = path
        .split(".where(")
        .next()
        .unwrap_or(path)
        .trim_end_matches(')');
    let path = path.split("[0]").next().unwrap_or(path);
    let Some(path) = path
        .strip_prefix(resource)
        .and_then(|p| p.strip_prefix('.'))
    else {
        return Vec::new();
    };
    expand(types, resource, path, only)
}

/// The JSON paths of an element path, choice elements expanded to the wanted type or to all of them.
pub fn expand(types: &Types, resource: &str, path: &str, only: Option<&str>) -> Vec<String> {
    leaves(types, resource, path, only)
        .into_iter()
        .map(|(path, _)| path)
        .collect()
}

/// As [`expand`], each with the name of its type.
pub fn leaves(types: &Types, at: &str, path: &str, only: Option<&str>) -> Vec<(String, String)> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let mut out = Vec::new();
    for (json_name, type_name) in json_names(types, at, name) {
        match rest {
            Some(rest) => {
                let below = leaves(types, &type_name, rest, only);
                out.extend(
                    below
                        .into_iter()
                        .map(|(p, t)| (format!("{json_name}.{p}"), t)),
                );
            }
            None if only.is_none_or(|o| o == type_name) => out.push((json_name, type_name)),
            None => {}
        }
    }
    out
}

/// JSON names and types of an element given by its name, or by its JSON name when it is a choice.
fn json_names(types: &Types, at: &str, name: &str) -> Vec<(String, String)> {
    if let Some(element) = types.element(at, name) {
        return element
            .types
            .iter()
            .map(|(t, _)| {
                let json = if element.choice {
                    choice_name(name, t)
                } else {
                    name.to_owned()
                };
                (json, t.clone())
            })
            .collect();
    }
    for element in types.elements(at).iter().filter(|e| e.choice) {
        for (t, _) in &element.types {
            if choice_name(&element.name, t) == name {
                return vec![(name.to_owned(), t.clone())];
            }
        }
    }
    Vec::new()
}

/// `value` + `Quantity` → `valueQuantity`; `onset` + `dateTime` → `onsetDateTime`.
pub fn choice_name(element: &str, type_name: &str) -> String {
    let mut letters = type_name.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    element.chars().chain(first).chain(letters).collect()
}
