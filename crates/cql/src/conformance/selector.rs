//! What the suite expects, as values: the literals and selectors of CQL (CQL 1.5.3 §3.1 "Values", "Selectors").

use std::sync::Arc;

use salus_values::{Code, Concept, Interval, Quantity, Ratio, Tuple, Unit};

use crate::operators::{Record, Value};
use crate::syntax::{
    self, Element, Expr, ExprKind, Literal, TypeKind, TypeSpecifier, UnaryOperator,
};

/// The value of a text that is a literal or a selector of such; `None` of any other.
#[must_use]
pub fn selected<N: Record>(text: &str) -> Option<Value<N>> {
    let parsed = syntax::parse_expr(text);
    match parsed.diagnostics.is_empty() {
        true => value(&parsed.expr),
        false => None,
    }
}

/// The value of an expression that is a literal or a selector of such.
pub(crate) fn value<N: Record>(expr: &Expr) -> Option<Value<N>> {
    Some(match &expr.kind {
        ExprKind::Literal(literal) => of_literal(literal),
        ExprKind::Unary { operator, operand } => signed(*operator, value(operand)?)?,
        ExprKind::Interval {
            low_closed,
            low,
            high,
            high_closed,
        } => Value::interval(Interval::new(
            value(low)?,
            *low_closed,
            value(high)?,
            *high_closed,
        )),
        ExprKind::List { items, .. } => {
            let items: Option<Vec<Value<N>>> = items.iter().map(value).collect();
            Value::list(items?)
        }
        ExprKind::Tuple(elements) => {
            let mut named = Vec::with_capacity(elements.len());
            for element in elements {
                named.push((&*element.name.text, value(&element.value)?));
            }
            Value::Tuple(Arc::new(Tuple::new(named)))
        }
        ExprKind::Instance { ty, elements } => instance(ty, elements)?,
        _ => return None,
    })
}

pub(crate) fn of_literal<N: Record>(literal: &Literal) -> Value<N> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::String(text) => Value::String(Arc::clone(text)),
        Literal::Integer(value) => Value::Integer(*value),
        Literal::Long(value) => Value::Long(*value),
        Literal::Decimal(value) => Value::Decimal(*value),
        Literal::Date(value) => Value::Date(*value),
        Literal::DateTime(value) => Value::DateTime(*value),
        Literal::Time(value) => Value::Time(*value),
        Literal::Quantity(value) => Value::Quantity(Arc::clone(value)),
        Literal::Ratio(both) => Value::Ratio(Arc::new(Ratio {
            numerator: both.0.clone(),
            denominator: both.1.clone(),
        })),
    }
}

fn signed<N: Record>(operator: UnaryOperator, value: Value<N>) -> Option<Value<N>> {
    Some(match (operator, value) {
        (UnaryOperator::Plus, value) => value,
        (UnaryOperator::Negate, Value::Integer(value)) => Value::Integer(value.checked_neg()?),
        (UnaryOperator::Negate, Value::Long(value)) => Value::Long(value.checked_neg()?),
        (UnaryOperator::Negate, Value::Decimal(value)) => Value::Decimal(value.negate()),
        (UnaryOperator::Negate, Value::Quantity(value)) => Value::quantity(value.negate()),
        _ => return None,
    })
}

/// An instance of a structured type of System.
fn instance<N: Record>(ty: &TypeSpecifier, elements: &[Element]) -> Option<Value<N>> {
    let TypeKind::Named(names) = &ty.kind else {
        return None;
    };
    let part = |name: &str| -> Option<Value<N>> {
        match elements.iter().find(|element| &*element.name.text == name) {
            Some(element) => value(&element.value),
            None => Some(Value::Null),
        }
    };
    Some(match &*names.last()?.text {
        "Code" => Value::Code(Arc::new(Code {
            code: text(part("code")?)??,
            system: text(part("system")?)?,
            version: text(part("version")?)?,
            display: text(part("display")?)?,
        })),
        "Concept" => Value::Concept(Arc::new(Concept {
            codes: codes(part("codes")?)?,
            display: text(part("display")?)?,
        })),
        "Quantity" => {
            let unit = match text(part("unit")?)? {
                Some(unit) => Unit::of_text(&unit),
                None => Unit::one(),
            };
            Value::quantity(Quantity::new(part("value")?.as_number()?, unit))
        }
        "Ratio" => {
            let (Value::Quantity(numerator), Value::Quantity(denominator)) =
                (part("numerator")?, part("denominator")?)
            else {
                return None;
            };
            Value::Ratio(Arc::new(Ratio {
                numerator: Quantity::clone(&numerator),
                denominator: Quantity::clone(&denominator),
            }))
        }
        _ => return None,
    })
}

/// A text or null.
#[expect(clippy::option_option, reason = "null is not a value of another type")]
fn text<N>(value: Value<N>) -> Option<Option<Box<str>>> {
    match value {
        Value::String(text) => Some(Some(text.as_ref().into())),
        Value::Null => Some(None),
        _ => None,
    }
}

/// A code or a list of them.
fn codes<N: Record>(value: Value<N>) -> Option<Box<[Code]>> {
    let of = |value: &Value<N>| match value {
        Value::Code(code) => Some(Code::clone(code)),
        _ => None,
    };
    match &value {
        Value::List(items) => items.iter().map(of).collect(),
        Value::Null => Some(Box::default()),
        single => of(single).map(|code| Box::from([code])),
    }
}
