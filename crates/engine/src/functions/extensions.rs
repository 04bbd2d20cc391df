//! Extension values by url: US Core race and ethnicity, geolocation and the like.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, StructArray};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;

use super::function::{Function, array, constant};
use super::nested::{Lists, Numbers, Text, child, text_array};

/// The parts of a complex extension that name it best, in this order: US Core race and
/// ethnicity keep their words in `text` and their code in `ombCategory`.
const SPEAKING_PARTS: [&str; 2] = ["text", "ombCategory"];

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new(
            "extension_text",
            &[2, 3],
            |_| Ok(DataType::Utf8),
            extension_text,
        ),
        Function::new(
            "extension_number",
            &[2, 3],
            |_| Ok(DataType::Float64),
            extension_number,
        ),
    ]
}

fn extension_text(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let (url, part) = url_and_part(args, "extension_text")?;
    let values = array(args, 0, rows)?;
    let outer = Extensions::of(Lists::of(&values));
    let words = Words::of(outer.list.items);
    let inner = Extensions::of(Lists::field(outer.list.items, "extension"));
    let inner_words = Words::of(inner.list.items);
    Ok(text_array((0..values.len()).map(|row| {
        let place = outer.find(row, url)?;
        let in_part = |part: &str| inner_words.get(inner.find(place, part)?);
        match part {
            Some(part) => in_part(part),
            None => words
                .get(place)
                .or_else(|| SPEAKING_PARTS.iter().find_map(|part| in_part(part))),
        }
    })))
}

fn extension_number(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let (url, part) = url_and_part(args, "extension_number")?;
    let values = array(args, 0, rows)?;
    let outer = Extensions::of(Lists::of(&values));
    let numbers = Numbers::field(outer.list.items, "valueDecimal");
    let inner = Extensions::of(Lists::field(outer.list.items, "extension"));
    let inner_numbers = Numbers::field(inner.list.items, "valueDecimal");
    let found = (0..values.len()).map(|row| {
        let place = outer.find(row, url)?;
        match part {
            Some(part) => inner_numbers.get(inner.find(place, part)?),
            None => numbers.get(place),
        }
    });
    Ok(Arc::new(found.collect::<Float64Array>()))
}

fn url_and_part<'a>(
    args: &'a [ColumnarValue],
    function: &str,
) -> Result<(&'a str, Option<&'a str>)> {
    let url = constant(args, 1, function)?;
    let part = if args.len() > 2 {
        Some(constant(args, 2, function)?)
    } else {
        None
    };
    Ok((url, part))
}

/// Lists of extensions and their urls.
struct Extensions<'a> {
    list: Lists<'a>,
    url: Text<'a>,
}

impl<'a> Extensions<'a> {
    fn of(list: Lists<'a>) -> Self {
        Self {
            list,
            url: Text::field(list.items, "url"),
        }
    }

    fn find(&self, row: usize, url: &str) -> Option<usize> {
        self.list
            .row(row)
            .find(|&place| self.url.get(place) == Some(url))
    }
}

/// What an extension says as text, in any of the types that speak.
struct Words<'a>(Vec<Text<'a>>);

impl<'a> Words<'a> {
    fn of(items: Option<&'a StructArray>) -> Self {
        let coding = child(items, "valueCoding");
        let concept = child(items, "valueCodeableConcept");
        let mut columns = vec![
            Text::field(items, "valueString"),
            Text::field(items, "valueCode"),
            Text::field(coding, "display"),
            Text::field(coding, "code"),
            Text::field(concept, "text"),
        ];
        columns.retain(|column| !matches!(column, Text::Absent));
        Self(columns)
    }

    fn get(&self, place: usize) -> Option<&'a str> {
        self.0.iter().find_map(|column| column.get(place))
    }
}
