//! Reads the type table: inheritance applied, choices expanded, names resolved.

use foldhash::HashMap;

use super::lines::{Line, lines, word};
use super::lookup::Lookup;
use super::types::{Element, Kind, Primitive, TypeDef, TypeId};

/// Why an embedded table could not be read. Tests rule it out for the committed tables.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A line does not follow the table's format.
    #[error("line {line} of the {table} table is malformed")]
    Malformed {
        /// Which table.
        table: &'static str,
        /// Line number from 1.
        line: usize,
    },
    /// A line names a type that the type table does not have.
    #[error("line {line} of the {table} table names the unknown type `{name}`")]
    UnknownType {
        /// Which table.
        table: &'static str,
        /// Line number from 1.
        line: usize,
        /// The type's name.
        name: &'static str,
    },
    /// A type stands before the one whose elements it inherits.
    #[error("line {line} of the types table: the base of `{name}` comes after it")]
    BaseAfter {
        /// Line number from 1.
        line: usize,
        /// The type's name.
        name: &'static str,
    },
}

const TABLE: &str = "types";

/// Reads all types of the table.
pub(super) fn types(text: &'static str) -> Result<Vec<TypeDef>, TableError> {
    let ids = ids(text);
    let mut types: Vec<TypeDef> = Vec::with_capacity(ids.len());
    let mut at = None;
    for (number, line) in lines(text) {
        match line {
            Line::Section(section) => {
                let found = section_type(section, number, &ids, &types)?;
                at = Some(types.len());
                types.push(found);
            }
            Line::Row(row) => {
                let here = at.and_then(|i| types.get_mut(i));
                let here = here.ok_or(TableError::Malformed {
                    table: TABLE,
                    line: number,
                })?;
                add_elements(row, number, &ids, &mut here.elements)?;
            }
        }
    }
    for found in &mut types {
        found.lookup = Lookup::new(&found.elements);
    }
    Ok(types)
}

/// Ids by name: types are numbered in the order of the table.
fn ids(text: &'static str) -> HashMap<&'static str, TypeId> {
    let sections = lines(text).filter_map(|(_, line)| match line {
        Line::Section(section) => section.split(' ').next(),
        Line::Row(_) => None,
    });
    sections
        .enumerate()
        .map(|(index, name)| (name, TypeId::new(index)))
        .collect()
}

fn section_type(
    section: &'static str,
    line: usize,
    ids: &HashMap<&'static str, TypeId>,
    before: &[TypeDef],
) -> Result<TypeDef, TableError> {
    let mut words = section.split(' ');
    let name = word(&mut words, TABLE, line)?;
    let kind = word(&mut words, TABLE, line)?;
    let base = match word(&mut words, TABLE, line)? {
        "-" => None,
        base => Some(type_id(base, line, ids)?),
    };
    let is_abstract = kind == "abstract" || matches!(name, "Element" | "BackboneElement");
    let kind = match kind {
        "resource" | "abstract" => Kind::Resource,
        "primitive" => {
            Primitive::named(name)
                .map(Kind::Primitive)
                .ok_or(TableError::UnknownType {
                    table: TABLE,
                    line,
                    name,
                })?
        }
        _ => Kind::Complex,
    };
    let inherited = match base {
        Some(base) => {
            let before = before.get(base.index());
            before
                .ok_or(TableError::BaseAfter { line, name })?
                .elements
                .clone()
        }
        None => Vec::new(),
    };
    let id = type_id(name, line, ids)?;
    Ok(TypeDef {
        id,
        name,
        kind,
        base,
        is_abstract,
        elements: inherited,
        lookup: Lookup::default(),
    })
}

/// Adds the element of one row, or one element for each type of a choice.
fn add_elements(
    row: &'static str,
    line: usize,
    ids: &HashMap<&'static str, TypeId>,
    out: &mut Vec<Element>,
) -> Result<(), TableError> {
    let mut words = row.split(' ');
    let name = word(&mut words, TABLE, line)?;
    let cardinality = word(&mut words, TABLE, line)?;
    let types = word(&mut words, TABLE, line)?;
    let (mut modifier, mut summary, mut binding) = (false, false, None);
    for flag in words {
        match (flag, flag.strip_prefix('=')) {
            ("!", _) => modifier = true,
            ("s", _) => summary = true,
            (_, Some(url)) => binding = Some(url),
            _ => return Err(TableError::Malformed { table: TABLE, line }),
        }
    }
    let choice = name.strip_suffix("[x]");
    for written in types.split('|') {
        let (type_name, targets) = match written.split_once('(') {
            Some((type_name, targets)) => (type_name, targets.trim_end_matches(')')),
            None => (written, ""),
        };
        out.push(Element {
            name: choice.map_or(name, |choice| choice_name(choice, type_name)),
            choice_of: choice,
            ty: type_id(type_name, line, ids)?,
            list: matches!(cardinality, "*" | "+"),
            min: u16::from(matches!(cardinality, "1" | "+")),
            open_resource: type_name == "Resource",
            modifier,
            summary,
            targets: leak_list(targets),
            binding,
        });
    }
    Ok(())
}

fn type_id(
    name: &'static str,
    line: usize,
    ids: &HashMap<&'static str, TypeId>,
) -> Result<TypeId, TableError> {
    ids.get(name).copied().ok_or(TableError::UnknownType {
        table: TABLE,
        line,
        name,
    })
}

/// `value` + `dateTime` → `valueDateTime`. Leaked: the schema lives as long as the process.
fn choice_name(choice: &str, type_name: &str) -> &'static str {
    let mut name = String::with_capacity(choice.len() + type_name.len());
    name.push_str(choice);
    let mut letters = type_name.chars();
    name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
    name.push_str(letters.as_str());
    name.leak()
}

/// `a,b` as a slice that lives as long as the process.
fn leak_list(text: &'static str) -> &'static [&'static str] {
    if text.is_empty() {
        &[]
    } else {
        text.split(',').collect::<Vec<_>>().leak()
    }
}
