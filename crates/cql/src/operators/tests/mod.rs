//! The operators, by the examples of the Reference.

mod clinical;
mod logic;
mod message;

use std::convert::Infallible;

use salus_values::DateTime;

use super::Scene;

/// A value without records.
type Value = super::Value<Infallible>;

/// Noon of a day in UTC.
fn scene() -> Scene<'static> {
    Scene::at(DateTime::parse("2024-03-15T12:00:00.000Z").unwrap())
}

fn boolean(value: bool) -> Value {
    Value::Boolean(value)
}
