//! Reading the SQL files of the views.

use std::sync::LazyLock;

use arrow::datatypes::SchemaRef;
use serde::Serialize;

use super::shape;

/// What a view is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ViewDoc {
    /// Name, as used in SQL.
    pub name: String,
    /// What one row is, in plain words.
    pub purpose: String,
    /// Columns in their order.
    pub columns: Vec<ColumnDoc>,
    /// FHIR tables that the view reads itself (not by way of other views).
    pub reads: Vec<String>,
}

/// What a column of a view means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnDoc {
    /// Name, without quotes.
    pub name: String,
    /// SQL type: VARCHAR, INTEGER, BIGINT, DOUBLE, BOOLEAN, DATE or TIMESTAMP.
    #[serde(rename = "type")]
    pub ty: String,
    /// Meaning, with units.
    pub meaning: String,
}

/// A view: its documentation, the shapes it reads, its SQL.
#[derive(Debug)]
pub(crate) struct View {
    /// The documentation.
    pub doc: ViewDoc,
    /// FHIR table and the shape in which the view reads it.
    pub shapes: Vec<(String, SchemaRef)>,
    /// SQL with tables in braces.
    pub sql: String,
}

impl View {
    /// The SQL with each `{Table}` replaced by what `name_of` calls it.
    pub(crate) fn sql_with(&self, name_of: impl Fn(&str) -> String) -> String {
        let mut sql = String::with_capacity(self.sql.len());
        let mut rest = self.sql.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((table, after)) = after.split_once('}') else {
                break;
            };
            sql.push_str(before);
            sql.push_str(&name_of(table));
            rest = after;
        }
        sql.push_str(rest);
        sql
    }
}

const FILES: [(&str, &str); 17] = [
    ("patients", include_str!("patients.sql")),
    ("conditions", include_str!("conditions.sql")),
    ("problems", include_str!("problems.sql")),
    ("medications", include_str!("medications.sql")),
    ("allergies", include_str!("allergies.sql")),
    ("observations", include_str!("observations.sql")),
    ("encounters", include_str!("encounters.sql")),
    ("procedures", include_str!("procedures.sql")),
    ("immunizations", include_str!("immunizations.sql")),
    ("claims", include_str!("claims.sql")),
    ("claim_items", include_str!("claim_items.sql")),
    ("claim_diagnoses", include_str!("claim_diagnoses.sql")),
    ("coverages", include_str!("coverages.sql")),
    ("locations", include_str!("locations.sql")),
    ("practitioners", include_str!("practitioners.sql")),
    ("organizations", include_str!("organizations.sql")),
    ("merged_patients", include_str!("merged_patients.sql")),
];

/// All views, in the order in which they are best read. A file that cannot be read is
/// left out; a test makes sure that there is none.
pub(crate) fn all() -> &'static [View] {
    static VIEWS: LazyLock<Vec<View>> = LazyLock::new(|| {
        FILES
            .iter()
            .filter_map(|(name, text)| parse(name, text).ok())
            .collect()
    });
    &VIEWS
}

/// What is wrong with a view's file.
#[derive(Debug, thiserror::Error)]
enum ViewError {
    /// A line of the header is none of the known kinds.
    #[error("the header line `{line}` cannot be read")]
    Header { line: String },
    /// A shape cannot be read.
    #[error("the shape of `{table}` cannot be read")]
    Shape {
        table: String,
        #[source]
        source: shape::ShapeError,
    },
}

fn parse(name: &str, text: &str) -> Result<View, ViewError> {
    let is_header = |line: &&str| line.starts_with("--");
    let header = text.lines().take_while(is_header);
    let sql: Vec<&str> = text.lines().skip_while(is_header).collect();
    let (mut purpose, mut columns, mut shapes) = (String::new(), Vec::new(), Vec::new());
    for line in header {
        let line = line.trim_start_matches('-').trim();
        let wrong = || ViewError::Header {
            line: line.to_owned(),
        };
        if let Some(reads) = line.strip_prefix("@reads ") {
            let (table, text) = reads.split_once(':').ok_or_else(wrong)?;
            let schema = shape::parse(text).map_err(|source| ViewError::Shape {
                table: table.to_owned(),
                source,
            })?;
            shapes.push((table.to_owned(), schema));
        } else if let Some(column) = line.strip_prefix("@column ") {
            columns.push(column_doc(column).ok_or_else(wrong)?);
        } else {
            purpose.push_str(line);
        }
    }
    let reads = shapes.iter().map(|(table, _)| table.clone()).collect();
    let doc = ViewDoc {
        name: name.to_owned(),
        purpose,
        columns,
        reads,
    };
    Ok(View {
        doc,
        shapes,
        sql: sql.join("\n"),
    })
}

fn column_doc(text: &str) -> Option<ColumnDoc> {
    let (head, meaning) = text.split_once(": ")?;
    let (name, ty) = head.rsplit_once(' ')?;
    Some(ColumnDoc {
        name: name.trim_matches('"').to_owned(),
        ty: ty.to_owned(),
        meaning: meaning.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_file_can_be_read_and_is_documented() {
        for (name, text) in FILES {
            let view = parse(name, text).unwrap();
            assert!(!view.doc.purpose.is_empty(), "{name} has no purpose");
            assert!(!view.doc.columns.is_empty(), "{name} documents no column");
        }
        assert_eq!(all().len(), FILES.len());
    }

    #[test]
    fn a_table_in_braces_is_replaced() {
        let text = "-- A view.\n-- @column a VARCHAR: it\nSELECT a FROM {Patient} JOIN {Claim}";
        let view = parse("v", text).unwrap();
        assert_eq!(
            view.sql_with(|table| format!("<{table}>")),
            "SELECT a FROM <Patient> JOIN <Claim>"
        );
    }
}
