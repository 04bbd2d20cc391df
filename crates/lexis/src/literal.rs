//! From the words of literals to their values (FHIRPath §4.1, CQL Author's Guide §2.1), and a Quantity back.

use std::fmt;

use salus_values::{CalendarUnit, Date, DateTime, Quantity, Time, Unit};

use crate::escape::write_delimited;
use crate::mistake::Mistake;
use crate::span::Span;

/// How a number, date or time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// `5`, `5.0`
    Number,
    /// `5L`
    LongNumber,
    /// `@2015-02`
    Date,
    /// `@2015-02T`
    DateTime,
    /// `@T14:30`
    Time,
}

/// The value of a number without a point, of a date or of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// 32 bits.
    Integer(i32),
    /// 64 bits.
    Long(i64),
    /// A date, perhaps partial.
    Date(Date),
    /// A date and time, perhaps partial.
    DateTime(DateTime),
    /// A time of day, perhaps partial.
    Time(Time),
}

/// Whether a word after a number is its unit.
#[must_use]
pub fn is_calendar_unit(word: &str) -> bool {
    CalendarUnit::parse(word).is_some()
}

/// The least value of a type of whole numbers, when this is its magnitude: with a sign before it it is not too large.
#[must_use]
pub fn least(written: Written, text: &str) -> Option<Plain> {
    let digits = text.trim_start_matches('0');
    match written {
        Written::Number if digits == "2147483648" => Some(Plain::Integer(i32::MIN)),
        Written::LongNumber if digits == "9223372036854775808L" => Some(Plain::Long(i64::MIN)),
        _ => None,
    }
}

/// The value of a number without a point, of a date or of a time.
///
/// # Errors
/// A number that is too large, a date that is in no calendar.
pub fn plain(written: Written, text: &str, span: Span) -> Result<Plain, Mistake> {
    let point = text.trim_start_matches(['@', 'T']);
    let (type_name, value) = match written {
        Written::Number => {
            let help = "write it as Long, with `L` after it, or as Decimal, with `.0`";
            let read = text.parse().ok().map(Plain::Integer);
            return read.ok_or_else(|| too_large("Integer", text, help, span));
        }
        Written::LongNumber => {
            let help = "write it as Decimal: with `.0` after it";
            let read = text.trim_end_matches('L').parse().ok().map(Plain::Long);
            return read.ok_or_else(|| too_large("Long", text, help, span));
        }
        Written::Date => ("Date", Date::parse(point).map(Plain::Date)),
        Written::DateTime => ("DateTime", DateTime::parse(point).map(Plain::DateTime)),
        Written::Time => ("Time", Time::parse(point).map(Plain::Time)),
    };
    value.ok_or_else(|| Mistake::NoSuchDate {
        text: text.to_owned(),
        type_name,
        span,
    })
}

/// That a number is larger than its type can hold.
#[must_use]
pub fn too_large(type_name: &'static str, text: &str, help: &'static str, span: Span) -> Mistake {
    Mistake::NumberTooLarge {
        text: text.to_owned(),
        type_name,
        help,
        span,
    }
}

/// A Quantity as both languages write it.
///
/// # Errors
/// When it cannot be written to.
pub fn write_quantity(f: &mut fmt::Formatter<'_>, quantity: &Quantity) -> fmt::Result {
    match &quantity.unit {
        Unit::Calendar(_) => write!(f, "{quantity}"),
        Unit::Ucum(unit) => {
            write!(f, "{} ", quantity.value)?;
            write_delimited(f, unit.code(), '\'')
        }
    }
}
