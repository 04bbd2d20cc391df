//! FHIR elements as System values: the implicit conversions of FHIR (R4 `fhirpath.html`, "Using FHIR types").

use std::borrow::Cow;
use std::sync::Arc;

use salus_fhir::schema::{self, Kind, Primitive};
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_values::{Date, DateTime, Decimal, Quantity, Time, Unit, Value};

use crate::program::SystemType;

/// The System value of an item: itself, or what an element converts to implicitly. `None` for an element that has no
/// System value: a complex one that is no quantity, a primitive with extensions only.
///
/// A primitive whose text is none of its type (a date `2020-13`) is taken as the text that it is.
pub fn system_value<V: ElementView>(item: &Value<V>) -> Option<Value<V>> {
    let Value::Node(element) = item else {
        return Some(item.clone());
    };
    let schema = schema::r4();
    let ty = schema.get(element.type_id());
    match ty.kind {
        Kind::Primitive(primitive) => Some(primitive_value(primitive, element.primitive()?)),
        Kind::Complex if is_quantity(element) => quantity_value(element),
        Kind::Complex | Kind::Resource => None,
    }
}

fn primitive_value<V>(primitive: Primitive, text: PrimitiveText<'_>) -> Value<V> {
    let text = match text {
        PrimitiveText::Boolean(value) => return Value::Boolean(value),
        PrimitiveText::Number(text) | PrimitiveText::Text(text) => text,
    };
    let value = match primitive {
        Primitive::Boolean => text.parse().ok().map(Value::Boolean),
        Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            text.parse().ok().map(Value::Integer)
        }
        Primitive::Decimal => Decimal::parse(&text).map(Value::Decimal),
        Primitive::Date => Date::parse(&text).map(Value::Date),
        Primitive::DateTime | Primitive::Instant => DateTime::parse(&text).map(Value::DateTime),
        Primitive::Time => Time::parse(&text).map(Value::Time),
        _ => None,
    };
    value.unwrap_or_else(|| Value::String(Arc::from(text)))
}

/// The text of a string item, of a string-like element without copying it. `None` for every other item.
pub(crate) fn text<V: ElementView>(item: &Value<V>) -> Option<Cow<'_, str>> {
    match item {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Node(element) => match schema::r4().get(element.type_id()).kind {
            Kind::Primitive(primitive) if is_text(primitive) => match element.primitive()? {
                PrimitiveText::Text(text) => Some(text),
                PrimitiveText::Boolean(_) | PrimitiveText::Number(_) => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether a primitive is a `System.String`.
fn is_text(primitive: Primitive) -> bool {
    !matches!(
        primitive,
        Primitive::Boolean
            | Primitive::Integer
            | Primitive::PositiveInt
            | Primitive::UnsignedInt
            | Primitive::Decimal
            | Primitive::Date
            | Primitive::DateTime
            | Primitive::Instant
            | Primitive::Time
    )
}

fn is_quantity<V: ElementView>(element: &V) -> bool {
    let schema = schema::r4();
    schema
        .named("Quantity")
        .is_some_and(|quantity| schema.is_a(element.type_id(), quantity))
}

/// Whether an element should have a System value and has none: a primitive with extensions only, a quantity with a
/// comparator. What is asked of it is unknown, so empty, not an error.
pub(crate) fn is_unknown<V: ElementView>(item: &Value<V>) -> bool {
    let Value::Node(element) = item else {
        return false;
    };
    let has_system_type = match schema::r4().get(element.type_id()).kind {
        Kind::Primitive(_) => true,
        Kind::Complex => is_quantity(element),
        Kind::Resource => false,
    };
    has_system_type && system_value(item).is_none()
}

/// UCUM's code system.
const UCUM: &str = "http://unitsofmeasure.org";

/// A Quantity element as `System.Quantity`: its UCUM code, or `1` without any unit. A comparator (`<5`) makes it no
/// quantity that could be compared, and so does a unit that is not UCUM's.
fn quantity_value<V: ElementView>(element: &V) -> Option<Value<V>> {
    let first = |name: &str| {
        let mut found = None;
        element.children(name, &mut |child| {
            found.get_or_insert(Value::Node(child));
        });
        found
    };
    let words = |name: &str| first(name).and_then(|item| text(&item).map(Cow::into_owned));
    if words("comparator").is_some() {
        return None;
    }
    let Value::Decimal(value) = system_value(&first("value")?)? else {
        return None;
    };
    let unit = match (words("system"), words("code")) {
        (Some(system), Some(code)) if system == UCUM => Unit::ucum(&code),
        (None, None) => Unit::ucum(words("unit").as_deref().unwrap_or("1")),
        _ => return None,
    };
    Some(Value::quantity(Quantity::new(value, unit)))
}

/// A System value as text, as `toString()` gives it: no quotes, no `@`. `None` for what has no text.
pub fn value_text<V>(value: &Value<V>) -> Option<String> {
    Some(match value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Long(value) => value.to_string(),
        Value::Decimal(value) => value.to_string(),
        Value::String(value) => value.to_string(),
        Value::Date(value) => value.to_string(),
        Value::DateTime(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::Quantity(value) => value.to_string(),
        _ => return None,
    })
}

/// The type of an item in words: `System.String`, `FHIR.HumanName`.
pub fn type_name<V: ElementView>(item: &Value<V>) -> String {
    match (item, SystemType::of(item)) {
        (Value::Node(element), _) => {
            format!("FHIR.{}", schema::r4().get(element.type_id()).name)
        }
        (_, Some(ty)) => format!("System.{}", ty.name()),
        (_, None) => "System.Any".to_owned(),
    }
}
