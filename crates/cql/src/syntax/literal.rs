//! From the words of literals to their values (Author's Guide §2.1) and back.

use std::fmt;

use salus_lexis::{Plain, Written, plain, too_large, write_delimited, write_quantity};
use salus_values::{Decimal, Quantity, Unit};

use super::error::SyntaxError;
use super::token::TokenKind;
use super::tree::{Literal, Span};

/// Digits of a Decimal before the point (Reference §1.2).
const WHOLE_DIGITS_MAX: usize = 28;
/// Digits of a Decimal after the point.
const FRACTION_DIGITS_MAX: usize = 8;

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
        return decimal(text, FRACTION_DIGITS_MAX, span).map(Literal::Decimal);
    }
    Ok(plain(written, text, span)?.into())
}

/// A number and its unit: a word of the calendar, or a text with a UCUM code. Whether UCUM knows the code is not asked:
/// quantities of unknown units are equal to nothing, and no mistake here. The official tests have quantities with nine
/// digits after the point, so only their sum is bounded.
pub(super) fn quantity(
    number: &str,
    number_span: Span,
    unit: Unit,
) -> Result<Quantity, SyntaxError> {
    Ok(Quantity::new(
        decimal(number, WHOLE_DIGITS_MAX, number_span)?,
        unit,
    ))
}

/// The number, if it has no more digits than a Decimal. Digits after the point that do not fit beside those before it
/// are cut: values keep 28 digits in all.
fn decimal(text: &str, fraction_digits_max: usize, span: Span) -> Result<Decimal, SyntaxError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches('0');
    let help = "a Decimal has 28 digits before the point and 8 after it at most";
    let refused = || too_large("Decimal", text, help, span).into();
    if fraction.trim_end_matches('0').len() > fraction_digits_max {
        return Err(refused());
    }
    let room = WHOLE_DIGITS_MAX
        .checked_sub(whole.len())
        .ok_or_else(refused)?;
    let kept = fraction.get(..room).unwrap_or(fraction);
    let point = if kept.is_empty() { "" } else { "." };
    Decimal::parse(&format!("0{whole}{point}{kept}")).ok_or_else(refused)
}

impl fmt::Display for Literal {
    /// As CQL writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => f.write_str("null"),
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
            Literal::Ratio(ratio) => {
                let (numerator, denominator) = ratio.as_ref();
                write_quantity(f, numerator)?;
                f.write_str(" : ")?;
                write_quantity(f, denominator)
            }
        }
    }
}
