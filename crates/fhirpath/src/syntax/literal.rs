//! From the words of literals to their values (§4.1) and back.

use std::fmt;
use std::sync::Arc;

use salus_lexis::{Plain, Written, plain, too_large, write_delimited, write_quantity};
use salus_values::{Decimal, Quantity, Unit};

use super::error::SyntaxError;
use super::token::TokenKind;
use super::tree::{Literal, Span};

impl From<Plain> for Literal {
    fn from(value: Plain) -> Literal {
        match value {
            Plain::Integer(value) => Literal::Integer(value),
            Plain::Long(value) => Literal::Long(value),
            Plain::Date(value) => Literal::Date(value),
            Plain::DateTime(value) => Literal::DateTime(value),
            Plain::Time(value) => Literal::Time(value),
        }
    }
}

/// The least value of a type of whole numbers, when this is its magnitude.
pub(super) fn least(kind: TokenKind, text: &str) -> Option<Literal> {
    salus_lexis::least(kind.written()?, text).map(Literal::from)
}

/// The value of a number, date or time.
pub(super) fn read(written: Written, text: &str, span: Span) -> Result<Literal, SyntaxError> {
    if written == Written::Number && text.contains('.') {
        return decimal(text, span).map(Literal::Decimal);
    }
    Ok(plain(written, text, span)?.into())
}

/// A number and its unit: a word of the calendar, or a text with a UCUM code. Whether UCUM knows the code is not asked:
/// quantities of unknown units are equal to nothing, and no mistake.
pub(super) fn quantity(
    number: &str,
    number_span: Span,
    unit: Unit,
) -> Result<Literal, SyntaxError> {
    let value = decimal(number, number_span)?;
    Ok(Literal::Quantity(Arc::new(Quantity::new(value, unit))))
}

fn decimal(text: &str, span: Span) -> Result<Decimal, SyntaxError> {
    let help = "numbers have 28 digits at most";
    Decimal::parse(text).ok_or_else(|| too_large("Decimal", text, help, span).into())
}

impl Literal {
    /// The name of its type in the namespace `System`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Literal::Boolean(_) => "Boolean",
            Literal::String(_) => "String",
            Literal::Integer(_) => "Integer",
            Literal::Long(_) => "Long",
            Literal::Decimal(_) => "Decimal",
            Literal::Date(_) => "Date",
            Literal::DateTime(_) => "DateTime",
            Literal::Time(_) => "Time",
            Literal::Quantity(_) => "Quantity",
        }
    }
}

impl fmt::Display for Literal {
    /// As FHIRPath writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Boolean(value) => write!(f, "{value}"),
            Literal::String(text) => write_delimited(f, text, '\''),
            Literal::Integer(value) => write!(f, "{value}"),
            Literal::Long(value) => write!(f, "{value}L"),
            // Without a point it would be an Integer.
            Literal::Decimal(value) if value.scale() == 0 => write!(f, "{value}.0"),
            Literal::Decimal(value) => write!(f, "{value}"),
            Literal::Date(value) => write!(f, "@{value}"),
            // Without a `T` it would be a Date.
            Literal::DateTime(value) if value.time().is_none() => write!(f, "@{value}T"),
            Literal::DateTime(value) => write!(f, "@{value}"),
            Literal::Time(value) => write!(f, "@T{value}"),
            Literal::Quantity(quantity) => write_quantity(f, quantity),
        }
    }
}
