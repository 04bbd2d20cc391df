//! Where references point: `Patient/123`, `https://host/fhir/Patient/123/_history/2`.
//!
//! Contained (`#x`) and urn references have neither type nor id here; references inside a
//! Bundle were resolved when loaded. A conditional one (`Location?identifier=system|value`,
//! as Synthea writes them) is followed by joining `conditional_key` with `identifier_keys`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListBuilder, StringBuilder};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;
use salus_fhir::reference::{self, Reference};

use super::function::{Function, array, constant};
use super::nested::{Lists, Text, text_array};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new(
            "reference_id",
            &[1, 2],
            |_| Ok(DataType::Utf8),
            reference_id,
        ),
        Function::new(
            "conditional_key",
            &[2],
            |_| Ok(DataType::Utf8),
            conditional_key,
        ),
        Function::new(
            "identifier_keys",
            &[1],
            |_| Ok(keys_type()),
            identifier_keys,
        ),
        Function::new(
            "reference_type",
            &[1],
            |_| Ok(DataType::Utf8),
            reference_type,
        ),
    ]
}

fn reference_id(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let wanted = match args.len() {
        2 => Some(constant(args, 1, "reference_id")?),
        _ => None,
    };
    let values = array(args, 0, rows)?;
    let text = Text::of(&values);
    Ok(text_array((0..values.len()).map(|row| {
        let (ty, id) = target(text.get(row)?)?;
        wanted.is_none_or(|wanted| wanted == ty).then_some(id)
    })))
}

fn reference_type(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let text = Text::of(&values);
    Ok(text_array(
        (0..values.len()).map(|row| Some(target(text.get(row)?)?.0)),
    ))
}

/// The `system|value` by which a conditional reference names a resource of this type.
fn conditional_key(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let wanted = constant(args, 1, "conditional_key")?;
    let values = array(args, 0, rows)?;
    let text = Text::of(&values);
    Ok(text_array((0..values.len()).map(
        |row| match reference::parse(text.get(row)?) {
            Reference::Conditional { type_name, query } if type_name == wanted => {
                query.strip_prefix("identifier=")
            }
            _ => None,
        },
    )))
}

fn keys_type() -> DataType {
    DataType::List(Arc::new(Field::new("element", DataType::Utf8, true)))
}

/// The identifiers of a resource, each as `system|value`.
fn identifier_keys(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let list = Lists::of(&values);
    let system = Text::field(list.items, "system");
    let value = Text::field(list.items, "value");
    let element = Field::new("element", DataType::Utf8, true);
    let mut keys = ListBuilder::new(StringBuilder::new()).with_field(element);
    for row in 0..values.len() {
        for place in list.row(row) {
            if let Some(value) = value.get(place) {
                let system = system.get(place).unwrap_or_default();
                keys.values().append_value(format!("{system}|{value}"));
            }
        }
        keys.append(true);
    }
    Ok(Arc::new(keys.finish()))
}

/// Type and id that a relative or absolute reference names.
fn target(text: &str) -> Option<(&str, &str)> {
    reference::parse(text).target()
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn a_reference_gives_its_type_and_id() {
        assert_eq!(target("Patient/1"), Some(("Patient", "1")));
        assert_eq!(
            target("https://h/fhir/Patient/1/_history/2"),
            Some(("Patient", "1"))
        );
    }

    #[test]
    fn what_names_no_resource_gives_nothing() {
        for text in [
            "#med",
            "urn:uuid:1-2",
            "Location?identifier=https://a/b|c",
            "patient/1",
            "Patient/",
        ] {
            assert_eq!(target(text), None, "{text}");
        }
    }
}
