//! One value of a row.

use std::sync::Arc;

use arrow::datatypes::DataType;
use salus_fhir::schema::{self, Kind};
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_values::{Quantity, Value};
use serde_json::Value as Json;

use super::column_type::{ColumnType, Content};
use crate::compile::ColumnPlan;
use crate::error::{Record, ViewError};

/// The system of UCUM's codes.
const UCUM: &str = "http://unitsofmeasure.org";

/// The value of a column in one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Boolean(bool),
    Integer(i32),
    Long(i64),
    /// The nearest double; where the digits matter the column is text.
    Decimal(f64),
    Text(Arc<str>),
    List(Vec<Cell>),
}

/// Why a value cannot stand in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// Several values, and the column is no collection.
    Several { count: usize },
    /// A value of another type, named by what it is.
    Type { found: String },
}

impl Misfit {
    /// The error of a run that met it.
    pub(crate) fn into_error(self, column: &ColumnPlan, record: Record) -> ViewError {
        let (name, path) = (column.name.clone(), Box::new(column.path.text.clone()));
        let record = Box::new(record);
        match self {
            Misfit::Several { count } => ViewError::SeveralValues {
                column: name,
                path,
                count,
                record,
            },
            Misfit::Type { found } => ViewError::Misfit {
                column: name,
                path,
                wanted: column.ty.described(),
                found,
                record,
            },
        }
    }
}

impl Cell {
    /// What a path found, as the column has it.
    pub(crate) fn of<V: ElementView>(items: &[Value<V>], ty: &ColumnType) -> Result<Cell, Misfit> {
        if ty.collection {
            let values = items.iter().map(|item| Cell::of_item(item, ty));
            let values: Vec<Cell> = values.collect::<Result<_, _>>()?;
            // A primitive that has extensions only has no value.
            let values = values.into_iter().filter(|value| *value != Cell::Null);
            return Ok(Cell::List(values.collect()));
        }
        match items {
            [] => Ok(Cell::Null),
            [item] => Cell::of_item(item, ty),
            items => Err(Misfit::Several { count: items.len() }),
        }
    }

    fn of_item<V: ElementView>(item: &Value<V>, ty: &ColumnType) -> Result<Cell, Misfit> {
        match item {
            Value::Node(element) => Cell::of_element(element, ty),
            value => Cell::of_system(value, ty),
        }
    }

    fn of_element<V: ElementView>(element: &V, ty: &ColumnType) -> Result<Cell, Misfit> {
        let definition = schema::r4().get(element.type_id());
        let is_primitive = matches!(definition.kind, Kind::Primitive(_));
        if ty.content == Content::Json && !is_primitive {
            let mut json = String::new();
            element.write_json(&mut json);
            return Ok(Cell::Text(json.into()));
        }
        let found = match element.primitive() {
            Some(primitive) => Cell::of_primitive(&primitive, ty),
            None if is_primitive => Some(Cell::Null),
            None => None,
        };
        found.ok_or_else(|| Misfit::Type {
            found: definition.name.to_owned(),
        })
    }

    fn of_primitive(primitive: &PrimitiveText<'_>, ty: &ColumnType) -> Option<Cell> {
        match primitive {
            PrimitiveText::Boolean(value) => Cell::of_boolean(*value, ty),
            PrimitiveText::Number(digits) => Cell::of_digits(digits, ty),
            PrimitiveText::Text(text) => Cell::of_text(text, ty),
        }
    }

    fn of_system<V>(value: &Value<V>, ty: &ColumnType) -> Result<Cell, Misfit> {
        let found = match value {
            Value::Boolean(value) => Cell::of_boolean(*value, ty),
            Value::Integer(value) => Cell::of_digits(&value.to_string(), ty),
            Value::Long(value) => Cell::of_digits(&value.to_string(), ty),
            Value::Decimal(value) => Cell::of_digits(&value.to_string(), ty),
            Value::String(text) => Cell::of_text(text, ty),
            Value::Date(date) => Cell::of_text(&date.to_string(), ty),
            Value::DateTime(moment) => Cell::of_text(&moment.to_string(), ty),
            Value::Time(time) => Cell::of_text(&time.to_string(), ty),
            Value::Quantity(quantity) => Cell::of_quantity(quantity, ty),
            _ => None,
        };
        found.ok_or_else(|| Misfit::Type {
            found: value.type_name().to_owned(),
        })
    }

    fn of_boolean(value: bool, ty: &ColumnType) -> Option<Cell> {
        match ty.content {
            Content::Boolean => Some(Cell::Boolean(value)),
            Content::Any => Some(Cell::Text(value.to_string().into())),
            _ => None,
        }
    }

    fn of_digits(digits: &str, ty: &ColumnType) -> Option<Cell> {
        match ty.content {
            Content::Integer => digits.parse().ok().map(Cell::Integer),
            Content::Long => digits.parse().ok().map(Cell::Long),
            Content::Decimal if ty.base() == DataType::Utf8 => Some(Cell::Text(digits.into())),
            Content::Decimal => digits.parse().ok().map(Cell::Decimal),
            Content::Any => Some(Cell::Text(digits.into())),
            _ => None,
        }
    }

    /// A quantity that the path made: as the element that it would be, or as FHIRPath writes it.
    fn of_quantity(quantity: &Quantity, ty: &ColumnType) -> Option<Cell> {
        let text = match ty.content {
            Content::Json => {
                let code = Json::from(quantity.unit.to_ucum().to_string());
                let value = quantity.value;
                format!(r#"{{"value":{value},"system":"{UCUM}","code":{code}}}"#)
            }
            Content::Any => quantity.to_string(),
            _ => return None,
        };
        Some(Cell::Text(text.into()))
    }

    fn of_text(text: &str, ty: &ColumnType) -> Option<Cell> {
        matches!(ty.content, Content::Text | Content::Any).then(|| Cell::Text(text.into()))
    }
}
