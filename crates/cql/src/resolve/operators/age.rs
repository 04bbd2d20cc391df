//! Ages: of the patient, and between two dates (Reference §12).

use super::super::translator::Translator;
use super::super::typed::{Typed, is_system, system};
use crate::elm::Kind;
use crate::syntax::Span;

/// What a function of ages is about, from its name: `AgeInYearsAt`, `CalculateAgeInDays`.
pub(super) struct Age {
    /// Whether the date of birth is an operand, not the patient's.
    calculated: bool,
    /// Whether there is a date to which it is, not today.
    at: bool,
    precision: &'static str,
}

impl Age {
    pub fn parse(name: &str) -> Option<Age> {
        let (calculated, rest) = match name.strip_prefix("CalculateAgeIn") {
            Some(rest) => (true, rest),
            None => (false, name.strip_prefix("AgeIn")?),
        };
        let (at, unit) = match rest.strip_suffix("At") {
            Some(unit) => (true, unit),
            None => (false, rest),
        };
        let precision = match unit {
            "Years" => "Year",
            "Months" => "Month",
            "Weeks" => "Week",
            "Days" => "Day",
            "Hours" => "Hour",
            "Minutes" => "Minute",
            "Seconds" => "Second",
            "Milliseconds" => "Millisecond",
            _ => return None,
        };
        Some(Age {
            calculated,
            at,
            precision,
        })
    }

    /// Whether it is counted in parts of a day.
    fn is_of_time(&self) -> bool {
        matches!(self.precision, "Hour" | "Minute" | "Second" | "Millisecond")
    }
}

impl Translator<'_> {
    pub(super) fn age(
        &mut self,
        age: &Age,
        name: &str,
        mut operands: Vec<Typed>,
        span: Span,
    ) -> Option<Typed> {
        if !age.calculated {
            let birth = self.birth_date(span)?;
            let wanted = match operands.first() {
                None if matches!(age.precision, "Year" | "Month") => "Date",
                None => "DateTime",
                Some(_) if age.is_of_time() => "DateTime",
                Some(at) if self.is_date(at) => "Date",
                Some(_) => "DateTime",
            };
            let birth = self.convert_explicitly(birth, &system(wanted), span)?;
            operands.insert(0, birth);
        }
        let kind = if age.at {
            Kind::CalculateAgeAt
        } else {
            Kind::CalculateAge
        };
        let mut typed = self.apply(kind, name, operands, span)?;
        typed.node.set("precision", age.precision);
        Some(typed)
    }

    /// Whether it is a Date, or converts to one rather than to a DateTime.
    fn is_date(&self, value: &Typed) -> bool {
        if is_system(&value.ty, "DateTime") {
            return false;
        }
        let far = |to: &str| {
            let usable = self.conversions.usable(&value.ty, &system(to));
            usable.map_or(u32::MAX, |usable| usable.distance)
        };
        far("Date") < far("DateTime")
    }
}
