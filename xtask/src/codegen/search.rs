//! Search parameters by resource, and the compartments with the element paths they come from.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::definitions::{Compartment, SearchParameter};
use super::types::Types;
use super::{CodegenError, paths};

/// Search parameters by base type, in order of code.
pub struct Search {
    by_base: BTreeMap<String, BTreeMap<String, Parameter>>,
}

/// One parameter of one base type.
pub struct Parameter {
    pub kind: String,
    pub targets: Vec<String>,
    /// Only the terms of the union that speak of this base.
    pub expression: Option<String>,
}

impl Search {
    /// Splits the parameters shared by several bases into one for each.
    pub fn new(parameters: &[SearchParameter]) -> Search {
        let mut by_base: BTreeMap<String, BTreeMap<String, Parameter>> = BTreeMap::new();
        for parameter in parameters {
            for base in &parameter.base {
                let of_base = Parameter {
                    kind: parameter.kind.clone(),
                    targets: targets(&parameter.target),
                    expression: parameter.expression.as_deref().map(|e| own_terms(e, base)),
                };
                let codes = by_base.entry(base.clone()).or_default();
                codes.insert(parameter.code.clone(), of_base);
            }
        }
        Search { by_base }
    }

    /// JSON paths that a parameter reads.
    pub fn paths(&self, types: &Types, base: &str, code: &str) -> Vec<String> {
        let parameter = self.by_base.get(base).and_then(|codes| codes.get(code));
        let expression = parameter
            .and_then(|p| p.expression.as_deref())
            .unwrap_or("");
        let mut out = Vec::new();
        for term in terms(expression) {
            for path in paths::of_term(types, base, term) {
                if !out.contains(&path) {
                    out.push(path);
                }
            }
        }
        out
    }

    /// The table as text.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "# FHIR R4 (4.0.1) search parameters. Made by `cargo xtask codegen` (HL7, CC0); do not edit.\n\
             # `= BASE`, then `CODE TYPE TARGETS EXPRESSION`: TARGETS `-` none or any,\n\
             # EXPRESSION to the line's end, `-` none.\n",
        );
        for (base, codes) in &self.by_base {
            let _ = writeln!(out, "= {base}");
            for (code, p) in codes {
                let targets = if p.targets.is_empty() {
                    "-".to_owned()
                } else {
                    p.targets.join(",")
                };
                let expression = p.expression.as_deref().unwrap_or("-");
                let _ = writeln!(out, "{code} {} {targets} {expression}", p.kind);
            }
        }
        out
    }
}

/// Targets as the table writes them: a list of (nearly) all resource types says "any", so nothing.
fn targets(all: &[String]) -> Vec<String> {
    const ANY_MIN: usize = 140;
    if all.len() >= ANY_MIN {
        Vec::new()
    } else {
        all.to_vec()
    }
}

/// The terms of a union at depth 0.
fn terms(expression: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let split = expression.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == '|' && depth == 0
    });
    split.map(str::trim).collect()
}

/// The terms of a union that start at `base`; the whole expression when none does.
fn own_terms(expression: &str, base: &str) -> String {
    let starts_at_base = |term: &&str| {
        let root = term.trim_start_matches('(').split(['.', ' ', ')']).next();
        root == Some(base)
    };
    let own: Vec<&str> = terms(expression)
        .into_iter()
        .filter(starts_at_base)
        .collect();
    if own.is_empty() {
        expression.to_owned()
    } else {
        own.join(" | ")
    }
}

/// Compartment → resource → parameter → paths.
pub struct Compartments {
    by_name: BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>>,
}

impl Compartments {
    /// Derives the element paths of every parameter that a compartment names.
    pub fn new(
        definitions: &[Compartment],
        search: &Search,
        types: &Types,
    ) -> Result<Compartments, CodegenError> {
        let mut by_name: BTreeMap<String, BTreeMap<_, BTreeMap<_, _>>> = BTreeMap::new();
        for definition in definitions {
            let resources = by_name.entry(definition.code.clone()).or_default();
            for resource in definition.resource.iter().filter(|r| !r.param.is_empty()) {
                let mut parameters = BTreeMap::new();
                for code in &resource.param {
                    // `{def}`: the resource is its own compartment.
                    let paths = match code.as_str() {
                        "{def}" => vec!["id".to_owned()],
                        _ => search.paths(types, &resource.code, code),
                    };
                    if paths.is_empty() {
                        let what = format!("compartment {} of {}", definition.code, resource.code);
                        return Err(CodegenError::UnknownPath {
                            what,
                            path: code.clone(),
                        });
                    }
                    parameters.insert(code.clone(), paths);
                }
                resources.insert(resource.code.clone(), parameters);
            }
        }
        Ok(Compartments { by_name })
    }

    /// Parameters and paths of one resource in one compartment.
    pub fn of(&self, name: &str, resource: &str) -> Option<&BTreeMap<String, Vec<String>>> {
        self.by_name.get(name)?.get(resource)
    }

    /// The table as text.
    pub fn render(&self) -> String {
        let mut out = String::from(
            "# FHIR R4 (4.0.1) compartments. Made by `cargo xtask codegen` (HL7, CC0); do not edit.\n\
             # `= COMPARTMENT`, then `RESOURCE PARAMETER=PATH,PATH …`: JSON names, lists walked through.\n",
        );
        for (name, resources) in &self.by_name {
            let _ = writeln!(out, "= {name}");
            for (resource, parameters) in resources {
                out.push_str(resource);
                for (code, paths) in parameters {
                    let _ = write!(out, " {code}={}", paths.join(","));
                }
                out.push('\n');
            }
        }
        out
    }
}
