//! Singleton evaluation of collections (§4.5): one item of the type that an operation works with.

use std::fmt;
use std::sync::Arc;

use salus_fhir::schema::{self, Kind, Primitive};
use salus_fhir::view::ElementView;
use salus_values::{Decimal, Quantity, Value};

use super::error::EvaluationError;
use super::machine::Outcome;
use super::system::{is_unknown, system_value, text, type_name};
use crate::functions;
use crate::syntax::Span;

/// What a collection is to the operation that wants one item of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// What a function is called on.
    Input(&'static str),
    /// An argument of a function, by its position.
    Argument(&'static str, usize),
    /// The left operand of an operator.
    Left(&'static str),
    /// The right operand of an operator.
    Right(&'static str),
    /// The operand of `+` or `-` alone.
    Operand(&'static str),
    /// The index in `[ ]`.
    Index,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Input(function) => write!(f, "the input of `{function}()`"),
            Part::Argument(function, position) => {
                let signature = functions::signature(function);
                let argument = signature.and_then(|signature| signature.argument(*position));
                let name = argument.map_or("", |argument| argument.name);
                write!(f, "the argument `{name}` of `{function}()`")
            }
            Part::Left(operator) => write!(f, "the left operand of `{operator}`"),
            Part::Right(operator) => write!(f, "the right operand of `{operator}`"),
            Part::Operand(operator) => write!(f, "the operand of `{operator}`"),
            Part::Index => f.write_str("the index"),
        }
    }
}

/// The one item; `None` when there is none.
pub(crate) fn one<V>(items: &[Value<V>], part: Part, span: Span) -> Outcome<Option<&Value<V>>> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(item)),
        _ => Err(EvaluationError::NotSingle {
            what: part.to_string(),
            count: items.len(),
            span,
        }),
    }
}

/// The one item as a System value. `None` also for an element without one.
pub(crate) fn value<V: ElementView>(
    items: &[Value<V>],
    part: Part,
    span: Span,
) -> Outcome<Option<Value<V>>> {
    Ok(one(items, part, span)?.and_then(system_value))
}

/// The one item as a condition: a Boolean as it is, anything else is true.
pub(crate) fn boolean<V: ElementView>(
    items: &[Value<V>],
    part: Part,
    span: Span,
) -> Outcome<Option<bool>> {
    let Some(item) = one(items, part, span)? else {
        return Ok(None);
    };
    Ok(match (system_value(item), item) {
        (Some(Value::Boolean(value)), _) => Some(value),
        (None, Value::Node(element)) if is_boolean(element) => None,
        _ => Some(true),
    })
}

fn is_boolean<V: ElementView>(element: &V) -> bool {
    schema::r4().get(element.type_id()).kind == Kind::Primitive(Primitive::Boolean)
}

/// The one item as text.
pub(crate) fn string<V: ElementView>(
    items: &[Value<V>],
    part: Part,
    span: Span,
) -> Outcome<Option<Arc<str>>> {
    match one(items, part, span)? {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(item) => match text(item) {
            Some(text) => Ok(Some(Arc::from(text))),
            None if is_unknown(item) => Ok(None),
            None => Err(wrong_type(item, "a String", part, span)),
        },
    }
}

/// The one item as an Integer.
pub(crate) fn integer<V: ElementView>(
    items: &[Value<V>],
    part: Part,
    span: Span,
) -> Outcome<Option<i32>> {
    let Some(item) = one(items, part, span)? else {
        return Ok(None);
    };
    match system_value(item) {
        Some(Value::Integer(value)) => Ok(Some(value)),
        None if is_unknown(item) => Ok(None),
        _ => Err(wrong_type(item, "an Integer", part, span)),
    }
}

/// The one item as a Decimal: an Integer or Long is one too.
pub(crate) fn decimal<V: ElementView>(
    items: &[Value<V>],
    part: Part,
    span: Span,
) -> Outcome<Option<Decimal>> {
    let Some(item) = one(items, part, span)? else {
        return Ok(None);
    };
    match system_value(item) {
        Some(Value::Integer(value)) => Ok(Some(Decimal::from(value))),
        Some(Value::Long(value)) => Ok(Some(Decimal::from(value))),
        Some(Value::Decimal(value)) => Ok(Some(value)),
        None if is_unknown(item) => Ok(None),
        _ => Err(wrong_type(item, "a number", part, span)),
    }
}

/// The one item as a Quantity: a number is one of unit `1`.
pub(crate) fn quantity<V: ElementView>(
    items: &[Value<V>],
    part: Part,
    span: Span,
) -> Outcome<Option<Arc<Quantity>>> {
    let Some(item) = one(items, part, span)? else {
        return Ok(None);
    };
    match system_value(item) {
        Some(Value::Quantity(value)) => Ok(Some(value)),
        None if is_unknown(item) => Ok(None),
        _ => Err(wrong_type(item, "a Quantity", part, span)),
    }
}

/// The refusal of an item of the wrong type.
pub(crate) fn wrong_type<V: ElementView>(
    item: &Value<V>,
    expected: &str,
    part: Part,
    span: Span,
) -> EvaluationError {
    EvaluationError::WrongType {
        what: part.to_string(),
        expected: expected.to_owned(),
        found: type_name(item),
        span,
    }
}
