//! Reading quantities (FHIRPath §5.5.7, CQL 1.5.3 §22.29).

use super::Quantity;
use super::calendar_unit::CalendarUnit;
use super::unit::Unit;
use crate::decimal::Decimal;

/// A number, then optionally a unit: a word of the calendar, or a UCUM code in single quotes.
pub(super) fn quantity(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let end = text
        .find(|letter: char| !matches!(letter, '0'..='9' | '.' | '+' | '-'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let value = Decimal::parse(number)?;
    let unit = match unit.trim_start() {
        "" => Unit::one(),
        quoted if quoted.starts_with('\'') => {
            Unit::ucum_valid(quoted.strip_prefix('\'')?.strip_suffix('\'')?).ok()?
        }
        word => CalendarUnit::parse(word)?.into(),
    };
    Some(Quantity { value, unit })
}
