//! A ViewDefinition as it is meant: SQL on FHIR v2, §ViewDefinition.

use std::fmt;

use super::constant::Constant;

/// Where something stands in the JSON of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At {
    /// The JSON path: `select[0].column[1].path`; empty for the view itself.
    pub path: String,
    /// Byte offset of the value in the JSON.
    pub offset: u64,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str("the view"),
            path => write!(f, "`{path}`"),
        }
    }
}

/// A FHIRPath expression of a view, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathText {
    /// The expression.
    pub text: String,
    /// Where it stands.
    pub at: At,
}

/// A tabular projection of one resource type. Made by [`ViewDefinition::parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct ViewDefinition {
    /// `ViewDefinition.name`: usable as the name of a table.
    pub name: Option<String>,
    /// `ViewDefinition.title`: the name for people.
    pub title: Option<String>,
    /// `ViewDefinition.url`.
    pub url: Option<String>,
    /// `ViewDefinition.description`.
    pub description: Option<String>,
    /// `ViewDefinition.resource`: the resource type whose resources make the rows.
    pub resource: String,
    /// Where it stands.
    pub resource_at: At,
    /// `ViewDefinition.constant`.
    pub constants: Vec<Constant>,
    /// `ViewDefinition.select`: never empty.
    pub selects: Vec<Select>,
    /// `ViewDefinition.where`: all must be true for a resource to have rows.
    pub conditions: Vec<PathText>,
}

/// `ViewDefinition.select`: columns, nested selects and a union, over the items of an iteration.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// What the select goes over; nothing: the item around it.
    pub iteration: Iteration,
    /// Its own columns, which come first.
    pub columns: Vec<Column>,
    /// Nested selects; their rows are joined with the columns, each with each.
    pub selects: Vec<Select>,
    /// Branches whose rows follow each other; joined with the rest as one select. Empty: no union.
    pub union: Vec<Select>,
    /// Where it stands.
    pub at: At,
}

/// What a select goes over.
#[derive(Debug, Clone, PartialEq)]
pub enum Iteration {
    /// The item around it, once.
    Once,
    /// `forEach`: every item of the path.
    ForEach(PathText),
    /// `forEachOrNull`: every item of the path; when there is none, one row of nulls.
    ForEachOrNull(PathText),
    /// `repeat`: what the paths find, and what they find there, to any depth; each item before what is below it.
    Repeat(Vec<PathText>),
}

/// `ViewDefinition.select.column`.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in the table.
    pub name: String,
    /// What it holds.
    pub path: PathText,
    /// Whether it holds a list of values.
    pub collection: bool,
    /// The FHIR type, without `http://hl7.org/fhir/StructureDefinition/`.
    pub ty: Option<String>,
    /// The value of the tag `ansi/type`: the SQL type that is asked for.
    pub ansi_type: Option<String>,
    /// `column.description`.
    pub description: Option<String>,
    /// Other tags, name and value.
    pub tags: Vec<(String, String)>,
    /// Where it stands.
    pub at: At,
}

impl Select {
    /// The columns of its rows, in their order: its own, those of nested selects, those of the union
    /// (SQL on FHIR v2, §Column Ordering).
    pub fn all_columns(&self) -> Vec<&Column> {
        let mut columns: Vec<&Column> = self.columns.iter().collect();
        columns.extend(self.selects.iter().flat_map(Select::all_columns));
        columns.extend(self.union.iter().take(1).flat_map(Select::all_columns));
        columns
    }
}

impl ViewDefinition {
    /// The columns of the table, in their order.
    pub fn columns(&self) -> Vec<&Column> {
        self.selects.iter().flat_map(Select::all_columns).collect()
    }
}
