//! What a snapshot changed, in the words of `ducklake_snapshot_changes.changes_made`.

use super::super::sql::quoted;

/// The changes of a commit; DuckDB reads them when it looks for conflicts.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) created_schemas: Vec<String>,
    pub(super) created_tables: Vec<(String, String)>,
    pub(super) inserted_into: Vec<i64>,
    pub(super) deleted_from: Vec<i64>,
    pub(super) altered: Vec<i64>,
    /// Compacted, no file had deleted rows.
    pub(super) merged: Vec<i64>,
    /// Compacted, deleted rows are gone.
    pub(super) rewritten: Vec<i64>,
}

impl Changes {
    /// The text, in the order in which DuckDB writes it.
    pub(super) fn text(&self) -> String {
        let mut parts = Vec::new();
        for schema in &self.created_schemas {
            parts.push(format!("created_schema:{}", quoted(schema)));
        }
        for (schema, table) in &self.created_tables {
            parts.push(format!(
                "created_table:{}.{}",
                quoted(schema),
                quoted(table)
            ));
        }
        for (word, tables) in [
            ("inserted_into_table", &self.inserted_into),
            ("deleted_from_table", &self.deleted_from),
            ("altered_table", &self.altered),
            ("merge_adjacent", &self.merged),
            ("rewrite_delete", &self.rewritten),
        ] {
            parts.extend(tables.iter().map(|table| format!("{word}:{table}")));
        }
        parts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_ducklake() {
        let changes = Changes {
            created_schemas: vec!["fhir".to_owned()],
            created_tables: vec![("fhir".to_owned(), "Patient".to_owned())],
            inserted_into: vec![2, 3],
            deleted_from: vec![2],
            ..Changes::default()
        };
        let words = [
            r#"created_schema:"fhir""#,
            r#"created_table:"fhir"."Patient""#,
            "inserted_into_table:2",
            "inserted_into_table:3",
            "deleted_from_table:2",
        ];
        assert_eq!(changes.text(), words.join(","));
    }
}
