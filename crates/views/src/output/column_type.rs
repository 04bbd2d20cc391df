//! How a column of a view is stored: its FHIR type, and the SQL type that a tag asks for
//! (SQL on FHIR v2, §Column Types, §Type Hinting with Tags).

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, TimeUnit};
use salus_fhir::schema::{self, Kind, Primitive};

/// What values a column takes, by its FHIR type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// `boolean`.
    Boolean,
    /// `integer`, `positiveInt`, `unsignedInt`.
    Integer,
    /// `integer64`.
    Long,
    /// `decimal`.
    Decimal,
    /// Texts, codes, URIs, dates and times: whatever FHIR writes as a JSON string, as written.
    Text,
    /// Complex elements and resources, as JSON.
    Json,
    /// The type is neither said nor to be told from the path: any primitive, as text.
    Any,
}

/// How a column is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnType {
    /// The FHIR type as it is said or was found; absent when there is none.
    pub fhir_type: Option<String>,
    /// What values it takes.
    pub content: Content,
    /// Whether each row has a list of values.
    pub collection: bool,
    /// The Arrow type of a value, when the tag `ansi/type` asks for another one than the type has.
    pub(crate) asked: Option<DataType>,
}

/// The key of a field's metadata that holds the FHIR type of a column.
pub const FHIR_TYPE_KEY: &str = "fhir:type";
/// What a list column calls its values; as in the lake.
pub(crate) const ELEMENT: &str = "element";

impl Content {
    /// The content of a FHIR or System type; `None` when there is no such type.
    pub(crate) fn of_type(name: &str) -> Option<Content> {
        if let Some(system) = name.strip_prefix("http://hl7.org/fhirpath/System.") {
            return Content::of_system(system);
        }
        if name == "integer64" {
            return Some(Content::Long);
        }
        let r4 = schema::r4();
        Some(match r4.get(r4.named(name)?).kind {
            Kind::Primitive(primitive) => Content::of_primitive(primitive),
            Kind::Complex | Kind::Resource => Content::Json,
        })
    }

    /// The content of a System type by its name.
    pub(crate) fn of_system(name: &str) -> Option<Content> {
        Some(match name {
            "Boolean" => Content::Boolean,
            "Integer" => Content::Integer,
            "Long" => Content::Long,
            "Decimal" => Content::Decimal,
            "String" | "Date" | "DateTime" | "Time" => Content::Text,
            "Quantity" => Content::Json,
            _ => return None,
        })
    }

    /// The content of a primitive type.
    pub(crate) fn of_primitive(primitive: Primitive) -> Content {
        match primitive {
            Primitive::Boolean => Content::Boolean,
            Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
                Content::Integer
            }
            Primitive::Decimal => Content::Decimal,
            _ => Content::Text,
        }
    }

    /// The type it is gathered in before a tag's type is made of it.
    pub(crate) fn base(self) -> DataType {
        match self {
            Content::Boolean => DataType::Boolean,
            Content::Integer => DataType::Int32,
            Content::Long => DataType::Int64,
            Content::Decimal => DataType::Float64,
            Content::Text | Content::Json | Content::Any => DataType::Utf8,
        }
    }
}

impl ColumnType {
    /// The type that values are gathered in. Decimals whose digits the asked type can keep are gathered as text.
    pub(crate) fn base(&self) -> DataType {
        match (self.content, &self.asked) {
            (Content::Decimal, Some(DataType::Utf8 | DataType::Decimal128(..))) => DataType::Utf8,
            (content, _) => content.base(),
        }
    }

    /// The Arrow type of one value.
    pub fn value_type(&self) -> DataType {
        self.asked.clone().unwrap_or_else(|| self.content.base())
    }

    /// The Arrow type of the column.
    pub fn data_type(&self) -> DataType {
        match self.collection {
            true => DataType::List(Arc::new(Field::new(ELEMENT, self.value_type(), true))),
            false => self.value_type(),
        }
    }

    /// The type in words, for messages.
    pub(crate) fn described(&self) -> String {
        let article = |name: &str| format!("`{name}`");
        self.fhir_type
            .as_deref()
            .map_or_else(|| "a primitive".to_owned(), article)
    }

    /// The column as a field of the table.
    pub(crate) fn field(&self, name: &str) -> Field {
        let field = Field::new(name, self.data_type(), true);
        match &self.fhir_type {
            Some(ty) => field.with_metadata([(FHIR_TYPE_KEY.to_owned(), ty.clone())].into()),
            None => field,
        }
    }
}

/// The Arrow type of an SQL type (ISO/IEC 9075); `None` when Salus does not know it.
pub(crate) fn ansi_type(text: &str) -> Option<DataType> {
    let text = text.trim().to_ascii_uppercase();
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => {
            let (inside, after) = rest.split_once(')')?;
            (format!("{}{after}", name.trim_end()), numbers(inside)?)
        }
        None => (text.clone(), Vec::new()),
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    Some(match words.join(" ").as_str() {
        "BOOLEAN" | "BOOL" => DataType::Boolean,
        "SMALLINT" => DataType::Int16,
        "INT" | "INTEGER" => DataType::Int32,
        "BIGINT" => DataType::Int64,
        "REAL" => DataType::Float32,
        "FLOAT" | "DOUBLE" | "DOUBLE PRECISION" => DataType::Float64,
        "DECIMAL" | "DEC" | "NUMERIC" => decimal(&arguments)?,
        "CHARACTER"
        | "CHAR"
        | "CHARACTER VARYING"
        | "CHAR VARYING"
        | "VARCHAR"
        | "TEXT"
        | "STRING"
        | "CLOB"
        | "CHARACTER LARGE OBJECT" => DataType::Utf8,
        "DATE" => DataType::Date32,
        "TIME" | "TIME WITHOUT TIME ZONE" => DataType::Time64(TimeUnit::Microsecond),
        "TIMESTAMP" | "TIMESTAMP WITHOUT TIME ZONE" => {
            DataType::Timestamp(TimeUnit::Microsecond, None)
        }
        "TIMESTAMP WITH TIME ZONE" => {
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
        }
        "BINARY" | "VARBINARY" | "BINARY VARYING" | "BLOB" | "BINARY LARGE OBJECT" => {
            DataType::Binary
        }
        _ => return None,
    })
}

fn numbers(inside: &str) -> Option<Vec<u8>> {
    let numbers = inside.split(',').map(|number| number.trim().parse().ok());
    // Lengths of texts may be greater than any precision: they are not kept.
    Some(numbers.map(|number| number.unwrap_or(u8::MAX)).collect())
}

fn decimal(arguments: &[u8]) -> Option<DataType> {
    let (precision, scale) = match *arguments {
        [] => (38, 8),
        [precision] => (precision, 0),
        [precision, scale] => (precision, scale),
        _ => return None,
    };
    let scale = i8::try_from(scale).ok()?;
    let good = (1..=38).contains(&precision) && i16::from(scale) <= i16::from(precision);
    good.then_some(DataType::Decimal128(precision, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_types_are_known_in_any_case_and_with_their_sizes() {
        for (text, found) in [
            ("varchar(400)", DataType::Utf8),
            ("Character  Varying", DataType::Utf8),
            ("DECIMAL(10, 2)", DataType::Decimal128(10, 2)),
            ("NUMERIC", DataType::Decimal128(38, 8)),
            ("double precision", DataType::Float64),
            (
                "TIMESTAMP(3) WITH TIME ZONE",
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            ),
        ] {
            assert_eq!(ansi_type(text), Some(found), "{text}");
        }
    }

    #[test]
    fn types_that_no_sql_has_are_unknown() {
        for text in ["NUMBERISH", "DECIMAL(50)", "DECIMAL(5, 9)", "DECIMAL(1", ""] {
            assert_eq!(ansi_type(text), None, "{text}");
        }
    }

    #[test]
    fn the_content_of_a_type_is_how_fhir_writes_it() {
        for (name, content) in [
            ("boolean", Some(Content::Boolean)),
            ("positiveInt", Some(Content::Integer)),
            ("instant", Some(Content::Text)),
            ("HumanName", Some(Content::Json)),
            ("Patient.contact", Some(Content::Json)),
            (
                "http://hl7.org/fhirpath/System.Integer",
                Some(Content::Integer),
            ),
            ("text", None),
        ] {
            assert_eq!(Content::of_type(name), content, "{name}");
        }
    }
}
