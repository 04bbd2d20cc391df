//! The clustering table: for each resource its main coded element, main dates and patient.

use std::collections::HashMap;
use std::fmt::Write;

use super::search::{Compartments, Search};
use super::types::Types;
use super::{CodegenError, paths};

/// Coded types that can lead the clustering, best first.
const CODED: [&str; 3] = ["CodeableConcept", "Coding", "code"];
/// Search parameters and elements that name what a record is about, best first.
const CODE_NAMES: [&str; 3] = ["code", "type", "category"];
/// Search parameters that say when a record's matter happened, best first.
const DATE_NAMES: [&str; 20] = [
    "date",
    "effective-time",
    "effective",
    "onset-date",
    "occurrence",
    "event-date",
    "started",
    "start",
    "start-date",
    "collected",
    "period",
    "datetime",
    "datewritten",
    "authoredon",
    "authored-on",
    "authored",
    "created",
    "recorded-date",
    "recorded",
    "issued",
];
/// Patient compartment parameters that say whose record it is, best first.
const PATIENT_NAMES: [&str; 5] = ["patient", "subject", "beneficiary", "individual", "actor"];

/// The paths of one resource: what `salus_fhir::schema::Clustering` holds.
#[derive(Default)]
struct Row {
    code: Vec<String>,
    dates: Vec<String>,
    patient: Vec<String>,
}

/// The table as text: derived rows, with the fields that the overrides name replaced.
pub fn render(
    types: &Types,
    search: &Search,
    compartments: &Compartments,
    overrides: &str,
) -> Result<String, CodegenError> {
    let overrides = parse_overrides(overrides)?;
    let mut out = String::from(
        "# What each resource is clustered by. Made by `cargo xtask codegen` from the search parameters, the\n\
         # Patient compartment and clustering-overrides.txt; do not edit.\n\
         # `RESOURCE code=… dates=… patient=…`, best first, `-` if none.\n",
    );
    let mut resources: Vec<&str> = types.resources().collect();
    resources.sort_unstable();
    for resource in resources {
        let mut row = Row {
            code: code(types, search, resource),
            dates: dates(types, search, resource),
            patient: patient(types, compartments, resource),
        };
        for (field, paths) in overrides.get(resource).into_iter().flatten() {
            row.replace(types, resource, field, paths)?;
        }
        let [code, dates, patient] = [row.code, row.dates, row.patient].map(|paths| {
            if paths.is_empty() {
                "-".to_owned()
            } else {
                paths.join(",")
            }
        });
        let _ = writeln!(
            out,
            "{resource} code={code} dates={dates} patient={patient}"
        );
    }
    Ok(out)
}

impl Row {
    /// Puts the override of a field in place, if its paths exist.
    fn replace(
        &mut self,
        types: &Types,
        resource: &str,
        field: &str,
        paths: &[String],
    ) -> Result<(), CodegenError> {
        for path in paths {
            if paths::expand(types, resource, path, None).is_empty() {
                let what = format!("the override of {resource}");
                return Err(CodegenError::UnknownPath {
                    what,
                    path: path.clone(),
                });
            }
        }
        let target = match field {
            "code" => &mut self.code,
            "dates" => &mut self.dates,
            _ => &mut self.patient,
        };
        *target = paths.to_vec();
        Ok(())
    }
}

/// By the parameters `code`, `type`, `category`, else by elements of these names; only direct elements.
fn code(types: &Types, search: &Search, resource: &str) -> Vec<String> {
    for wanted in CODED {
        for name in CODE_NAMES {
            let mut paths = search.paths(types, resource, name);
            paths.extend(paths::expand(types, resource, name, None));
            for path in paths.iter().filter(|p| !p.contains('.')) {
                let leaves = paths::leaves(types, resource, path, None);
                if leaves.iter().any(|(_, t)| t == wanted) {
                    return vec![path.clone()];
                }
            }
        }
    }
    Vec::new()
}

/// By date parameters in the order of [`DATE_NAMES`], narrowed to the point or start that can be sorted by.
fn dates(types: &Types, search: &Search, resource: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in DATE_NAMES {
        for path in search.paths(types, resource, name) {
            out.extend(points(types, resource, &path));
        }
    }
    let mut seen = std::collections::HashSet::new();
    out.retain(|path| seen.insert(path.clone()));
    out
}

/// A date element, or what of a Period or Timing is a date.
fn points(types: &Types, resource: &str, path: &str) -> Vec<String> {
    let leaves = paths::leaves(types, resource, path, None);
    let point = |(path, type_name): (String, String)| match type_name.as_str() {
        "date" | "dateTime" | "instant" => Some(path),
        "Period" => Some(format!("{path}.start")),
        "Timing" => Some(format!("{path}.event")),
        _ => None,
    };
    leaves.into_iter().filter_map(point).collect()
}

/// By the Patient compartment: `patient` and `subject` first, then what else puts it there.
fn patient(types: &Types, compartments: &Compartments, resource: &str) -> Vec<String> {
    if resource == "Patient" {
        return vec!["id".to_owned()];
    }
    let Some(parameters) = compartments.of("Patient", resource) else {
        return Vec::new();
    };
    let rank = |code: &str| PATIENT_NAMES.iter().position(|n| *n == code);
    let mut codes: Vec<&String> = parameters.keys().collect();
    codes.sort_by_key(|code| rank(code).unwrap_or(PATIENT_NAMES.len()));
    let mut out = Vec::new();
    for code in codes {
        for path in parameters.get(code).into_iter().flatten() {
            let whole = paths::leaves(types, resource, path, None);
            if whole.iter().any(|(_, t)| t == "Reference") && !out.contains(path) {
                out.push(path.clone());
            }
        }
    }
    out
}

/// Resource → fields with their paths.
type Overrides<'a> = HashMap<&'a str, Vec<(String, Vec<String>)>>;

/// From `Resource field=path,… … # reason` lines.
fn parse_overrides(text: &str) -> Result<Overrides<'_>, CodegenError> {
    let mut out = Overrides::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let wrong = || CodegenError::Override {
            line: index + 1,
            text: line.to_owned(),
        };
        let (data, reason) = line.split_once(" # ").ok_or_else(wrong)?;
        let mut words = data.split_whitespace();
        let resource = words.next().ok_or_else(wrong)?;
        for word in words {
            let (field, paths) = word.split_once('=').ok_or_else(wrong)?;
            if !matches!(field, "code" | "dates" | "patient") || reason.trim().is_empty() {
                return Err(wrong());
            }
            let paths = paths
                .split(',')
                .filter(|p| *p != "-")
                .map(str::to_owned)
                .collect();
            out.entry(resource)
                .or_default()
                .push((field.to_owned(), paths));
        }
    }
    Ok(out)
}
