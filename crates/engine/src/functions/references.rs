//! Where references point: `Patient/123`, `https://host/fhir/Patient/123/_history/2`.
//!
//! Contained (`#x`), conditional (`Patient?identifier=…`), and urn references have
//! neither type nor id here; references inside a Bundle were resolved when loaded.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;
use salus_fhir::reference;

use super::function::{Function, array, constant};
use super::nested::{Text, text_array};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new(
            "reference_id",
            &[1, 2],
            |_| Ok(DataType::Utf8),
            reference_id,
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
