//! Conversions between types (FHIRPath §5.5, CQL 1.5.3 §22). `None`: the value is none of the type; `ConvertsTo…` is
//! whether it is not. A value converts to its own type, and nothing converts from null or a node.

use super::Value;
use crate::coding::Concept;
use crate::decimal::Decimal;
use crate::quantity::Quantity;
use crate::ratio::Ratio;
use crate::temporal::{Date, DateTime, Time};

/// Texts that are true, in any case.
const TRUE: [&str; 6] = ["true", "t", "yes", "y", "1", "1.0"];
/// Texts that are false, in any case.
const FALSE: [&str; 6] = ["false", "f", "no", "n", "0", "0.0"];

impl<N> Value<N> {
    /// `toBoolean()`, `ToBoolean`
    #[must_use]
    pub fn to_boolean(&self) -> Option<bool> {
        match self {
            Value::Boolean(value) => Some(*value),
            Value::String(text) => {
                let is_one_of =
                    |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
                if is_one_of(&TRUE) {
                    return Some(true);
                }
                is_one_of(&FALSE).then_some(false)
            }
            other => match other.as_number()? {
                value if value == Decimal::ONE => Some(true),
                value if value.is_zero() => Some(false),
                _ => None,
            },
        }
    }

    /// `toInteger()`, `ToInteger`
    #[must_use]
    pub fn to_integer(&self) -> Option<i32> {
        i32::try_from(self.to_long()?).ok()
    }

    /// `toLong()`, `ToLong`
    #[must_use]
    pub fn to_long(&self) -> Option<i64> {
        match self {
            Value::Integer(value) => Some(i64::from(*value)),
            Value::Long(value) => Some(*value),
            Value::Boolean(value) => Some(i64::from(*value)),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// `toDecimal()`, `ToDecimal`. Texts have no exponent.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        match self {
            Value::Boolean(value) => Decimal::new(i128::from(*value) * 10, 1),
            Value::String(text) if !text.contains(['e', 'E']) => Decimal::parse(text),
            other => other.as_number(),
        }
    }

    /// `toString()`, `ToString`: of primitive values, quantities and ratios.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        Some(match self {
            Value::Boolean(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Long(value) => value.to_string(),
            Value::Decimal(value) => value.to_string(),
            Value::String(value) => value.to_string(),
            Value::Date(value) => value.to_string(),
            Value::DateTime(value) => value.to_string(),
            Value::Time(value) => value.to_string(),
            Value::Quantity(value) => value.to_string(),
            Value::Ratio(value) => value.to_string(),
            _ => return None,
        })
    }

    /// `toDate()`, `ToDate`
    #[must_use]
    pub fn to_date(&self) -> Option<Date> {
        match self {
            Value::Date(value) => Some(*value),
            Value::DateTime(value) => Some(value.date()),
            Value::String(text) => Date::parse(text),
            _ => None,
        }
    }

    /// `toDateTime()`, `ToDateTime`
    #[must_use]
    pub fn to_date_time(&self) -> Option<DateTime> {
        match self {
            Value::DateTime(value) => Some(*value),
            Value::Date(value) => Some(value.to_date_time()),
            Value::String(text) => DateTime::parse(text),
            _ => None,
        }
    }

    /// `toTime()`, `ToTime`. A text may begin with `T`, and have an offset, which is dropped.
    #[must_use]
    pub fn to_time(&self) -> Option<Time> {
        match self {
            Value::Time(value) => Some(*value),
            Value::DateTime(value) => value.time(),
            Value::String(text) => Time::parse_with_offset(text.strip_prefix('T').unwrap_or(text)),
            _ => None,
        }
    }

    /// `toQuantity()`, `ToQuantity`
    #[must_use]
    pub fn to_quantity(&self) -> Option<Quantity> {
        match self {
            Value::Quantity(value) => Some(Quantity::clone(value)),
            Value::Ratio(value) => value.numerator.divide(&value.denominator),
            Value::String(text) => Quantity::parse(text),
            Value::Boolean(_) | Value::Integer(_) | Value::Long(_) | Value::Decimal(_) => {
                self.to_decimal().map(Quantity::from)
            }
            _ => None,
        }
    }

    /// `ToRatio`
    #[must_use]
    pub fn to_ratio(&self) -> Option<Ratio> {
        match self {
            Value::Ratio(value) => Some(Ratio::clone(value)),
            Value::String(text) => Ratio::parse(text),
            _ => None,
        }
    }

    /// `ToConcept`
    #[must_use]
    pub fn to_concept(&self) -> Option<Concept> {
        match self {
            Value::Concept(value) => Some(Concept::clone(value)),
            Value::Code(code) => Some(Concept::from(crate::coding::Code::clone(code))),
            _ => None,
        }
    }
}
