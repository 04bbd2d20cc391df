//! What SQLite and PostgreSQL want differently, and rows going in and out.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};

/// The database behind a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// The type of a column, as DuckDB 1.5.5 chooses it for each database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SqlType {
    Int,
    Text,
    Flag,
    Uuid,
    Time,
    Bytes,
}

impl Dialect {
    /// The name of the type in a `CREATE TABLE`.
    pub(super) fn type_name(self, ty: SqlType) -> &'static str {
        match (ty, self) {
            (SqlType::Int, _) | (SqlType::Flag, Dialect::Sqlite) => "BIGINT",
            (SqlType::Flag, Dialect::Postgres) => "BOOLEAN",
            (SqlType::Uuid, Dialect::Postgres) => "UUID",
            (SqlType::Time, Dialect::Postgres) => "TIMESTAMP WITH TIME ZONE",
            (SqlType::Text | SqlType::Uuid | SqlType::Time, _) => "VARCHAR",
            (SqlType::Bytes, Dialect::Sqlite) => "BLOB",
            (SqlType::Bytes, Dialect::Postgres) => "BYTEA",
        }
    }

    /// How many values an `INSERT` carries at most. SQLite looks each placeholder up among all others,
    /// so that long statements cost the square of their length; PostgreSQL allows 65,535.
    fn values_max(self) -> usize {
        match self {
            Dialect::Sqlite => 400,
            Dialect::Postgres => 8_000,
        }
    }

    /// An aggregate that makes one JSON text of all rows of a group: a list of lists of the fields.
    pub(super) fn json_rows(self, fields: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_group_array(json_array({fields}))"),
            Dialect::Postgres => {
                format!("CAST(json_agg(json_build_array({fields})) AS VARCHAR)")
            }
        }
    }

    /// The `number`th placeholder (from 1) for a value of the type: `Any` sends UUIDs and times as text.
    fn placeholder(self, number: usize, ty: SqlType) -> String {
        match (self, ty) {
            (Dialect::Postgres, SqlType::Uuid) => format!("CAST(${number} AS UUID)"),
            (Dialect::Postgres, SqlType::Time) => {
                format!("CAST(${number} AS TIMESTAMP WITH TIME ZONE)")
            }
            _ => format!("${number}"),
        }
    }
}

/// A value on its way into the database.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Flag(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(Some(value))
    }
}
impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Value {
        Value::Int(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(Some(value.to_owned()))
    }
}
impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(Some(value))
    }
}
impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Value {
        Value::Text(value)
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Flag(Some(value))
    }
}
impl From<Option<bool>> for Value {
    fn from(value: Option<bool>) -> Value {
        Value::Flag(value)
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Bytes(Some(value))
    }
}

/// The columns that a row goes into, with their types, in order.
pub(super) type Columns = &'static [(&'static str, SqlType)];

/// Inserts rows, many per statement.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    dialect: Dialect,
    table: &'static str,
    columns: Columns,
    rows: Vec<Vec<Value>>,
) -> Result<(), sqlx::Error> {
    let per_statement = (dialect.values_max() / columns.len().max(1)).max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Value>> = rows.by_ref().take(per_statement).collect();
        let text = insert_text(dialect, table, columns, chunk.len());
        let is_usual = chunk.len() == per_statement || chunk.len() == 1;
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(is_usual);
        for value in chunk.into_iter().flatten() {
            query = bind(query, value);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn insert_text(dialect: Dialect, table: &str, columns: Columns, rows: usize) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", names.join(", "));
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (index, (_, ty)) in columns.iter().enumerate() {
            number += 1;
            if index > 0 {
                text.push_str(", ");
            }
            text.push_str(&dialect.placeholder(number, *ty));
        }
        text.push(')');
    }
    text
}

fn bind(query: Query<'_, Any, AnyArguments>, value: Value) -> Query<'_, Any, AnyArguments> {
    match value {
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Flag(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    }
}

/// Runs a statement with bound values and gives the number of rows it touched.
pub(super) async fn execute(
    connection: &mut AnyConnection,
    text: impl Into<String>,
    values: Vec<Value>,
) -> Result<u64, sqlx::Error> {
    let mut query = sqlx::query(AssertSqlSafe(text.into()));
    for value in values {
        query = bind(query, value);
    }
    Ok(query.execute(connection).await?.rows_affected())
}

/// Runs a query with bound values and gives its rows.
pub(super) async fn fetch(
    connection: &mut AnyConnection,
    text: impl Into<String>,
    values: Vec<Value>,
) -> Result<Vec<sqlx::any::AnyRow>, sqlx::Error> {
    let mut query = sqlx::query(AssertSqlSafe(text.into()));
    for value in values {
        query = bind(query, value);
    }
    query.fetch_all(connection).await
}

/// Reads a row's fields one after the other.
pub(super) struct Fields<'a> {
    row: &'a sqlx::any::AnyRow,
    next: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn of(row: &'a sqlx::any::AnyRow) -> Fields<'a> {
        Fields { row, next: 0 }
    }

    /// The next field.
    pub(super) fn take<T>(&mut self) -> Result<T, sqlx::Error>
    where
        T: sqlx::Decode<'a, Any> + sqlx::Type<Any>,
    {
        let index = self.next;
        self.next += 1;
        self.row.try_get(index)
    }

    /// The next field, a JSON text of [`Dialect::json_rows`].
    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, sqlx::Error> {
        let text: String = self.take()?;
        serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
    }

    /// The next field, a flag that was cast to an integer; null is false.
    pub(super) fn flag(&mut self) -> Result<bool, sqlx::Error> {
        Ok(self.take::<Option<i64>>()? == Some(1))
    }
}

/// A name in double quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through_and_cast_where_needed() {
        let columns: Columns = &[("a", SqlType::Int), ("b", SqlType::Uuid)];
        assert_eq!(
            insert_text(Dialect::Postgres, "t", columns, 2),
            "INSERT INTO t (a, b) VALUES ($1, CAST($2 AS UUID)), ($3, CAST($4 AS UUID))"
        );
        assert_eq!(
            insert_text(Dialect::Sqlite, "t", columns, 1),
            "INSERT INTO t (a, b) VALUES ($1, $2)"
        );
    }

    #[test]
    fn quotes_in_names_are_doubled() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
