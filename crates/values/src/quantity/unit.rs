//! What a quantity is of.

use std::fmt;

use super::calendar_unit::CalendarUnit;
use super::temperature::Scale;
use super::ucum::UcumUnit;
use crate::error::UnitError;

/// What a quantity is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A unit of the calendar, written in words: `days`.
    Calendar(CalendarUnit),
    /// A unit of UCUM: `'mg/dL'`.
    Ucum(UcumUnit),
}

impl Unit {
    /// The unit of bare numbers, `'1'`.
    #[must_use]
    pub fn one() -> Unit {
        Unit::Ucum(UcumUnit::one())
    }

    /// A UCUM unit as a record has it: an invalid one is kept as it is, and is only ever equal to itself.
    #[must_use]
    pub fn ucum(code: &str) -> Unit {
        Unit::Ucum(UcumUnit::new(code))
    }

    /// A UCUM unit as an author writes it.
    ///
    /// # Errors
    /// When UCUM has no such unit.
    pub fn ucum_valid(code: &str) -> Result<Unit, UnitError> {
        UcumUnit::parse(code).map(Unit::Ucum)
    }

    /// A calendar unit in words, singular or plural; else a UCUM unit as [`Unit::ucum`] takes it. (CQL's ELM has both
    /// in one text.)
    #[must_use]
    pub fn of_text(text: &str) -> Unit {
        CalendarUnit::parse(text).map_or_else(|| Unit::ucum(text), Unit::Calendar)
    }

    /// Whether this is `'1'`.
    #[must_use]
    pub fn is_one(&self) -> bool {
        matches!(self, Unit::Ucum(unit) if unit.is_one())
    }

    /// The UCUM unit that is equivalent.
    #[must_use]
    pub fn to_ucum(&self) -> UcumUnit {
        match self {
            Unit::Calendar(unit) => UcumUnit::new(unit.ucum_code()),
            Unit::Ucum(unit) => unit.clone(),
        }
    }
}

impl From<CalendarUnit> for Unit {
    fn from(unit: CalendarUnit) -> Unit {
        Unit::Calendar(unit)
    }
}

/// The word of a calendar unit (`day`), the code of a UCUM unit (`mg/dL`).
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Calendar(unit) => unit.singular(),
            Unit::Ucum(unit) => unit.code(),
        })
    }
}

impl Unit {
    /// What it measures: the same for units that convert into each other, in an arbitrary order otherwise.
    pub(super) fn kind(&self) -> String {
        let unit = match self {
            Unit::Calendar(unit) if !unit.is_definite() => return "calendar".to_owned(),
            other => other.to_ucum(),
        };
        let Some(meaning) = unit.meaning() else {
            return format!("?{}", unit.code());
        };
        let value = &meaning.value;
        let special = value
            .special
            .filter(|_| Scale::of(value).is_none())
            .map(|term| term.unit.code);
        format!("{}{:?}{special:?}", value.dim, value.arbitrary)
    }
}
