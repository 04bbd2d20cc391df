//! From the words of literals to their values (Author's Guide §2.1) and back.

use std::fmt;

use salus_values::{CalendarUnit, Date, DateTime, Decimal, Quantity, Time, Unit};

use super::error::SyntaxError;
use super::escape::write_delimited;
use super::token::TokenKind;
use super::tree::{Literal, Span};

/// Digits of a Decimal before the point (Reference §1.2).
const WHOLE_DIGITS_MAX: usize = 28;
/// Digits of a Decimal after the point.
const FRACTION_DIGITS_MAX: usize = 8;

/// Whether a word after a number is its unit.
pub(super) fn is_calendar_unit(word: &str) -> bool {
    CalendarUnit::parse(word).is_some()
}

/// The least value of a type of whole numbers, when this is its magnitude.
pub(super) fn least(kind: TokenKind, text: &str) -> Option<Literal> {
    let digits = text.trim_start_matches('0');
    match kind {
        TokenKind::Number if digits == "2147483648" => Some(Literal::Integer(i32::MIN)),
        TokenKind::LongNumber if digits == "9223372036854775808L" => Some(Literal::Long(i64::MIN)),
        _ => None,
    }
}

/// The value of a number, date or time.
pub(super) fn read(kind: TokenKind, text: &str, span: Span) -> Result<Literal, SyntaxError> {
    let point = text.trim_start_matches(['@', 'T']);
    let (type_name, literal) = match kind {
        TokenKind::LongNumber => {
            let digits = text.trim_end_matches('L');
            let help = "write it as Decimal: with `.0` after it";
            let read = digits.parse().ok().map(Literal::Long);
            return read.ok_or_else(|| too_large("Long", text, help, span));
        }
        TokenKind::Date => ("Date", Date::parse(point).map(Literal::Date)),
        TokenKind::DateTime => ("DateTime", DateTime::parse(point).map(Literal::DateTime)),
        TokenKind::Time => ("Time", Time::parse(point).map(Literal::Time)),
        _ if text.contains('.') => {
            return decimal(text, FRACTION_DIGITS_MAX, span).map(Literal::Decimal);
        }
        _ => {
            let help = "write it as Long, with `L` after it, or as Decimal, with `.0`";
            let read = text.parse().ok().map(Literal::Integer);
            return read.ok_or_else(|| too_large("Integer", text, help, span));
        }
    };
    literal.ok_or_else(|| SyntaxError::NoSuchDate {
        text: text.to_owned(),
        type_name,
        span,
    })
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
    let refused = || too_large("Decimal", text, help, span);
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

fn too_large(type_name: &'static str, text: &str, help: &'static str, span: Span) -> SyntaxError {
    SyntaxError::NumberTooLarge {
        text: text.to_owned(),
        type_name,
        help,
        span,
    }
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

/// A quantity as it is written.
pub(super) fn write_quantity(f: &mut fmt::Formatter<'_>, quantity: &Quantity) -> fmt::Result {
    match &quantity.unit {
        Unit::Calendar(_) => write!(f, "{quantity}"),
        Unit::Ucum(unit) => {
            write!(f, "{} ", quantity.value)?;
            write_delimited(f, unit.code(), '\'')
        }
    }
}
