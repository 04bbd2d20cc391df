//! Quantities: a decimal with a unit, of the calendar or of UCUM.

mod arithmetic;
mod calendar_unit;
mod compare;
mod conversion;
mod product;
mod read;
mod temperature;
mod ucum;
mod unit;

use std::fmt;
use std::str::FromStr;

pub use calendar_unit::CalendarUnit;
pub use ucum::UcumUnit;
pub use unit::Unit;

use crate::decimal::Decimal;
use crate::error::ParseError;
use crate::temporal::{Duration, Precision};

/// A decimal with a unit.
///
/// `==` is that of the written quantity; what the languages mean by `=` is [`Quantity::equal`], which converts units
/// and may not know.
///
/// ```
/// use salus_values::Quantity;
///
/// let quantity = |text| Quantity::parse(text).unwrap();
/// assert_eq!(quantity("4 'g'").equal(&quantity("4000 'mg'")), Some(true));
/// assert_eq!(quantity("4 'g'").equal(&quantity("4 'm'")), None);
/// assert_eq!(quantity("7 days").equal(&quantity("1 'wk'")), Some(true));
/// assert_eq!(quantity("1 year").equal(&quantity("1 'a'")), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// How many.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit,
}

impl Quantity {
    /// So many of a unit.
    #[must_use]
    pub fn new(value: Decimal, unit: Unit) -> Quantity {
        Quantity { value, unit }
    }

    /// Reads `4 days`, `10.5 'mg'`, or a number alone, which has the unit `'1'` (FHIRPath §5.5.7 `toQuantity`). UCUM
    /// units must be valid.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        read::quantity(text)
    }

    /// The quantity with the other sign.
    #[must_use]
    pub fn negate(&self) -> Quantity {
        Quantity {
            value: self.value.negate(),
            unit: self.unit.clone(),
        }
    }

    /// The quantity without its sign.
    #[must_use]
    pub fn abs(&self) -> Quantity {
        Quantity {
            value: self.value.abs(),
            unit: self.unit.clone(),
        }
    }

    /// As a duration that can be added to a date or time: of a calendar unit, or of a UCUM unit of time up to the week,
    /// which mean the same (FHIRPath §6.7; CQL 1.5.3 §19.1). `None` for every other unit: `'mo'` and `'a'` are averages
    /// that no calendar has.
    ///
    /// A fraction of the value is dropped. Only calendar seconds keep theirs, as milliseconds; the official FHIRPath
    /// suite has it that 0.1 `'s'` is no time at all.
    #[must_use]
    pub fn as_duration(&self) -> Option<Duration> {
        let (unit, written_in_words) = match &self.unit {
            Unit::Calendar(unit) => (*unit, true),
            Unit::Ucum(unit) => (CalendarUnit::of_definite(unit.code())?, false),
        };
        let (value, unit) = match unit {
            CalendarUnit::Week => (self.value.checked_mul(Decimal::from(7))?, Precision::Day),
            CalendarUnit::Second if written_in_words && !self.value.is_whole() => (
                self.value.checked_mul(Decimal::from(1000))?,
                Precision::Millisecond,
            ),
            unit => (self.value, unit.precision()),
        };
        Some(Duration::new(value.truncate().to_i64()?, unit))
    }

    /// The least quantity it may be, with the unit it has: [`Decimal::low_boundary`].
    #[must_use]
    pub fn low_boundary(&self, precision: Option<i32>) -> Option<Quantity> {
        let value = self.value.low_boundary(precision)?;
        Some(Quantity {
            value,
            unit: self.unit.clone(),
        })
    }

    /// The greatest quantity it may be, with the unit it has: [`Decimal::high_boundary`].
    #[must_use]
    pub fn high_boundary(&self, precision: Option<i32>) -> Option<Quantity> {
        let value = self.value.high_boundary(precision)?;
        Some(Quantity {
            value,
            unit: self.unit.clone(),
        })
    }
}

/// A number alone has the unit `'1'`.
impl From<Decimal> for Quantity {
    fn from(value: Decimal) -> Quantity {
        Quantity {
            value,
            unit: Unit::one(),
        }
    }
}

impl FromStr for Quantity {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Quantity, ParseError> {
        Quantity::parse(text).ok_or_else(|| ParseError::new("Quantity", text))
    }
}

/// As both languages write it: `10.5 'mg'`, `1 week`, `4 days`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Unit::Calendar(unit) if self.value.abs() == Decimal::ONE => {
                write!(f, "{} {}", self.value, unit.singular())
            }
            Unit::Calendar(unit) => write!(f, "{} {}", self.value, unit.plural()),
            Unit::Ucum(unit) => write!(f, "{} '{}'", self.value, unit.code()),
        }
    }
}
