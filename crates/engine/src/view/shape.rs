//! The columns a view reads of a FHIR table, in a compact notation.
//!
//! `status, code{coding[]{system,code},text}, valueQuantity{value:double}` is the element
//! `status` as text, `code` as a struct of a list of structs and a text, and so on.
//! Types: none or `:text`, `:double`, `:int`, `:bool`. Every shape has also `id` and the
//! row's own columns (`salus_patient`, …).

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

/// A shape that cannot be read: the byte where it goes wrong, and what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the shape is wrong at byte {at}: {wanted} was expected")]
pub(crate) struct ShapeError {
    /// Offset in the text.
    pub at: usize,
    /// What should be there.
    pub wanted: &'static str,
}

/// The schema of a shape: the row's columns first, then the elements as written.
///
/// # Errors
/// [`ShapeError`].
pub(crate) fn parse(text: &str) -> Result<SchemaRef, ShapeError> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
    };
    let elements = reader.fields()?;
    if reader.at < reader.text.len() {
        return reader.wrong("`,` or the end");
    }
    let top_level = elements.into_iter().map(|field| match field.data_type() {
        DataType::Utf8 => field.with_data_type(DataType::Utf8View),
        _ => field,
    });
    Ok(Arc::new(Schema::new(
        row_fields()
            .into_iter()
            .chain(top_level)
            .collect::<Fields>(),
    )))
}

/// The columns that every FHIR table has and views may use.
fn row_fields() -> Vec<Field> {
    let text = |name: &str| Field::new(name, DataType::Utf8View, true);
    vec![
        text("id"),
        text("salus_patient"),
        text("salus_code"),
        Field::new(
            "salus_date",
            DataType::Timestamp(TimeUnit::Microsecond, None),
            true,
        ),
        Field::new("salus_bucket", DataType::Int32, true),
        Field::new("salus_load", DataType::Int64, true),
        Field::new("salus_source", DataType::Int64, true),
        Field::new("salus_offset", DataType::Int64, true),
    ]
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn fields(&mut self) -> Result<Vec<Field>, ShapeError> {
        let mut fields = vec![self.field()?];
        while self.take(b",") {
            fields.push(self.field()?);
        }
        Ok(fields)
    }

    fn field(&mut self) -> Result<Field, ShapeError> {
        let name = self.name()?;
        let list = self.take(b"[]");
        let item = if self.take(b"{") {
            let fields = self.fields()?;
            if !self.take(b"}") {
                return self.wrong("`,` or `}`");
            }
            DataType::Struct(fields.into())
        } else if self.take(b":") {
            self.scalar()?
        } else {
            DataType::Utf8
        };
        let ty = match list {
            true => DataType::List(Arc::new(Field::new("element", item, true))),
            false => item,
        };
        Ok(Field::new(name, ty, true))
    }

    fn scalar(&mut self) -> Result<DataType, ShapeError> {
        let start = self.at;
        match self.name()?.as_str() {
            "text" => Ok(DataType::Utf8),
            "double" => Ok(DataType::Float64),
            "int" => Ok(DataType::Int32),
            "bool" => Ok(DataType::Boolean),
            _ => Err(ShapeError {
                at: start,
                wanted: "text, double, int or bool",
            }),
        }
    }

    fn name(&mut self) -> Result<String, ShapeError> {
        self.skip_spaces();
        let mut name = String::new();
        while let Some(&byte) = self.text.get(self.at)
            && (byte.is_ascii_alphanumeric() || byte == b'_')
        {
            name.push(char::from(byte));
            self.at += 1;
        }
        if name.is_empty() {
            self.wrong("a name")
        } else {
            Ok(name)
        }
    }

    fn take(&mut self, token: &[u8]) -> bool {
        self.skip_spaces();
        let there = self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(token));
        if there {
            self.at += token.len();
        }
        there
    }

    fn skip_spaces(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, wanted: &'static str) -> Result<T, ShapeError> {
        Err(ShapeError {
            at: self.at,
            wanted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_nests_lists_and_structs() {
        let schema = parse("status, code{coding[]{system,code},text}, value:double").unwrap();
        let code = schema
            .field_with_name("code")
            .unwrap()
            .data_type()
            .to_string();
        assert!(code.contains("coding") && code.contains("List"), "{code}");
        assert_eq!(
            schema.field_with_name("value").unwrap().data_type(),
            &DataType::Float64
        );
        assert_eq!(schema.field(0).name(), "id");
    }

    #[test]
    fn a_wrong_shape_says_where() {
        assert_eq!(
            parse("a{b").unwrap_err(),
            ShapeError {
                at: 3,
                wanted: "`,` or `}`"
            }
        );
        assert_eq!(parse("a:float").unwrap_err().at, 2);
    }
}
