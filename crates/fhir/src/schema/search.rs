//! Search parameters and compartments.

use foldhash::HashMap;

use super::lines::{Line, lines, list, word};
use super::read::TableError;
use super::types::TypeDef;

/// A search parameter of one resource type.
#[derive(Debug, Clone)]
pub struct SearchParam {
    /// The name in a search URL: `birthdate`, `_lastUpdated`.
    pub code: &'static str,
    /// `Patient`; `Resource` or `DomainResource` when inherited.
    pub base: &'static str,
    /// How values are matched.
    pub ty: SearchType,
    /// FHIRPath over the resource, only the terms for this base; `None` for the few that R4 defines in words.
    pub expression: Option<&'static str>,
    /// Resource types a reference parameter may point at; empty: any, or not a reference.
    pub targets: Vec<&'static str>,
}

/// How the values of a search parameter are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchType {
    /// A number with implied precision.
    Number,
    /// A date or period with implied precision.
    Date,
    /// Text by its start, case and accents ignored.
    String,
    /// A code or identifier: `system|code`.
    Token,
    /// A reference to a resource.
    Reference,
    /// Several parameters joined with `$`.
    Composite,
    /// A quantity: `number|system|unit`.
    Quantity,
    /// A URI, whole.
    Uri,
    /// Defined in words only (`near`).
    Special,
}

impl SearchType {
    fn named(name: &str) -> Option<SearchType> {
        Some(match name {
            "number" => SearchType::Number,
            "date" => SearchType::Date,
            "string" => SearchType::String,
            "token" => SearchType::Token,
            "reference" => SearchType::Reference,
            "composite" => SearchType::Composite,
            "quantity" => SearchType::Quantity,
            "uri" => SearchType::Uri,
            "special" => SearchType::Special,
            _ => return None,
        })
    }
}

/// A parameter by which a resource type belongs to a compartment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompartmentParam {
    /// Code of the search parameter; `{def}` when the resource is itself the compartment.
    pub code: &'static str,
    /// JSON paths that the parameter reads; a `where(…)` in its expression is not kept.
    pub paths: Vec<&'static str>,
}

/// One resource type in one compartment.
#[derive(Debug, Default)]
pub(super) struct Membership {
    pub params: Vec<CompartmentParam>,
    pub paths: Vec<&'static str>,
}

/// Both tables.
#[derive(Debug, Default)]
pub(super) struct SearchTables {
    parameters: HashMap<&'static str, Vec<SearchParam>>,
    compartments: HashMap<&'static str, HashMap<&'static str, Membership>>,
}

impl SearchTables {
    pub(super) fn parameters(&self, resource: &str) -> &[SearchParam] {
        self.parameters.get(resource).map_or(&[], Vec::as_slice)
    }

    pub(super) fn compartment(&self, name: &str, resource: &str) -> Option<&Membership> {
        self.compartments.get(name)?.get(resource)
    }
}

/// Reads both tables; `resources` inherit the parameters of `Resource` and `DomainResource`.
pub(super) fn read<'a>(
    search: &'static str,
    compartments: &'static str,
    resources: impl Iterator<Item = &'a TypeDef>,
) -> Result<SearchTables, TableError> {
    let mut parameters = read_parameters(search)?;
    let of = |base: &str| parameters.get(base).cloned().unwrap_or_default();
    let (resource, domain) = (of("Resource"), of("DomainResource"));
    for def in resources {
        let own: &mut Vec<SearchParam> = parameters.entry(def.name).or_default();
        own.extend(resource.iter().cloned());
        if def.element("contained").is_some() {
            own.extend(domain.iter().cloned());
        }
        own.sort_unstable_by_key(|p| p.code);
    }
    Ok(SearchTables {
        parameters,
        compartments: read_compartments(compartments)?,
    })
}

fn read_parameters(
    text: &'static str,
) -> Result<HashMap<&'static str, Vec<SearchParam>>, TableError> {
    const TABLE: &str = "search";
    let mut out: HashMap<&'static str, Vec<SearchParam>> = HashMap::default();
    let mut base = "";
    for (number, line) in lines(text) {
        let row = match line {
            Line::Section(name) => {
                base = name;
                continue;
            }
            Line::Row(row) => row,
        };
        let malformed = TableError::Malformed {
            table: TABLE,
            line: number,
        };
        let mut words = row.splitn(4, ' ');
        let code = word(&mut words, TABLE, number)?;
        let ty = SearchType::named(word(&mut words, TABLE, number)?).ok_or(malformed)?;
        let targets = list(word(&mut words, TABLE, number)?);
        let expression = Some(word(&mut words, TABLE, number)?).filter(|e| *e != "-");
        out.entry(base).or_default().push(SearchParam {
            code,
            base,
            ty,
            expression,
            targets,
        });
    }
    Ok(out)
}

fn read_compartments(
    text: &'static str,
) -> Result<HashMap<&'static str, HashMap<&'static str, Membership>>, TableError> {
    const TABLE: &str = "compartments";
    let mut out: HashMap<&'static str, HashMap<&'static str, Membership>> = HashMap::default();
    let mut compartment = "";
    for (line, entry) in lines(text) {
        let row = match entry {
            Line::Section(name) => {
                compartment = name;
                continue;
            }
            Line::Row(row) => row,
        };
        let mut words = row.split(' ');
        let resource = word(&mut words, TABLE, line)?;
        let membership = out
            .entry(compartment)
            .or_default()
            .entry(resource)
            .or_default();
        for parameter in words {
            let malformed = TableError::Malformed { table: TABLE, line };
            let (code, paths) = parameter.split_once('=').ok_or(malformed)?;
            let paths = list(paths);
            for path in &paths {
                if !membership.paths.contains(path) {
                    membership.paths.push(path);
                }
            }
            membership.params.push(CompartmentParam { code, paths });
        }
    }
    Ok(out)
}
