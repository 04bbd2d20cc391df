//! Whether rows are those that a test expects: strictly, but for their order.

use serde_json::{Map, Value as Json};

use super::execute::{Outcome, Table};
use super::suite::Test;

/// Why a test fails; nothing when it passes.
pub(super) fn check(test: &Test, outcome: &Outcome) -> Result<(), String> {
    match (outcome, test.expect_error) {
        (Err(_), true) => Ok(()),
        (Err(error), false) => Err(format!("the view was refused: {error}")),
        (Ok(table), true) => {
            let rows = table.rows.len();
            Err(format!("an error was expected; the view gave {rows} rows"))
        }
        (Ok(table), false) => check_table(test, table),
    }
}

fn check_table(test: &Test, table: &Table) -> Result<(), String> {
    if let Some(columns) = &test.expect_columns
        && *columns != table.columns
    {
        let got = &table.columns;
        return Err(format!("expected the columns {columns:?}, got {got:?}"));
    }
    if let Some(count) = test.expect_count
        && count != table.rows.len()
    {
        return Err(format!("expected {count} rows, got {}", table.rows.len()));
    }
    let Some(expected) = &test.expect else {
        return Ok(());
    };
    let (mut expected, mut got) = (in_order(expected), in_order(&table.rows));
    let missing = without(&mut expected, &mut got);
    match (missing.as_slice(), got.as_slice()) {
        ([], []) => Ok(()),
        (missing, more) => Err(format!(
            "expected rows that are not there: [{}]; got rows that were not expected: [{}]",
            missing.join(", "),
            more.join(", ")
        )),
    }
}

/// Rows as texts that are equal when the rows are, in order.
fn in_order(rows: &[Map<String, Json>]) -> Vec<String> {
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| normal(&Json::Object(row.clone())).to_string())
        .collect();
    texts.sort_unstable();
    texts
}

/// Numbers by their value, keys in order.
fn normal(value: &Json) -> Json {
    match value {
        Json::Number(number) => {
            let double = number
                .as_f64()
                .filter(|_| !number.is_i64() && !number.is_u64());
            match double {
                Some(double) if double.fract() == 0.0 && double.abs() < 9e15 =>
                {
                    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
                    Json::from(double as i64)
                }
                _ => value.clone(),
            }
        }
        Json::Array(items) => items.iter().map(normal).collect(),
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            let normal = members
                .into_iter()
                .map(|(key, value)| (key.clone(), normal(value)));
            Json::Object(normal.collect())
        }
        other => other.clone(),
    }
}

/// Takes out of both lists what is in both, and gives what is left of the first. Both are in order.
fn without(expected: &mut Vec<String>, got: &mut Vec<String>) -> Vec<String> {
    let mut missing = Vec::new();
    for row in expected.drain(..) {
        match got.binary_search(&row) {
            Ok(at) => {
                got.remove(at);
            }
            Err(_) => missing.push(row),
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expect: &str, got: &str) -> Result<(), String> {
        let test = format!(r#"{{"title": "t", "view": {{}}, "expect": {expect}}}"#);
        let test: Test = serde_json::from_str(&test).unwrap();
        let table = Table {
            columns: Vec::new(),
            rows: serde_json::from_str(got).unwrap(),
        };
        check(&test, &Ok(table))
    }

    #[test]
    fn rows_may_come_in_any_order_but_each_as_often_as_expected() {
        assert!(verdict(r#"[{"a": 1}, {"a": 2}]"#, r#"[{"a": 2}, {"a": 1.0}]"#).is_ok());
        assert!(verdict(r#"[{"a": 1}, {"a": 1}]"#, r#"[{"a": 1}]"#).is_err());
        assert!(verdict(r#"[{"a": 1}]"#, r#"[{"a": 1}, {"a": 1}]"#).is_err());
    }

    #[test]
    fn nulls_empty_texts_and_empty_lists_are_not_the_same() {
        assert!(verdict(r#"[{"a": null}]"#, r#"[{"a": ""}]"#).is_err());
        assert!(verdict(r#"[{"a": null}]"#, r#"[{"a": []}]"#).is_err());
        assert!(verdict(r#"[{"a": null}]"#, r"[{}]").is_err());
        assert!(verdict(r#"[{"a": "1"}]"#, r#"[{"a": 1}]"#).is_err());
    }
}
