//! Scales of temperature, whose zeros differ (UCUM §21 and §30: `Cel`, `[degF]`, `[degRe]`).

use octofhir_ucum::{EvalResult, Number, SpecialKind};

use crate::decimal::Decimal;

/// 36 × K is a whole multiple of a degree of every scale: 36 of Celsius, 20 of Fahrenheit, 45 of Réaumur. So scales
/// compare without dividing.
const KELVIN_PARTS: i32 = 36;

/// A scale: a value `v` is `(v × scale + zero) × degree / 36` Kelvin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    scale: Decimal,
    zero: Decimal,
    degree: Decimal,
}

impl Scale {
    /// The scale of a unit of temperature; `None` for other special units.
    pub(super) fn of(unit: &EvalResult) -> Option<Scale> {
        let Some(special) = unit.special else {
            // A proper unit: so many Kelvin.
            let degree = decimal(unit.factor)?.checked_mul(Decimal::from(KELVIN_PARTS))?;
            return Some(Scale {
                scale: Decimal::ONE,
                zero: Decimal::ZERO,
                degree,
            });
        };
        let (zero, degree) = match special.unit.special {
            SpecialKind::Celsius => (Decimal::new(27_315, 2)?, 36),
            SpecialKind::Fahrenheit => (Decimal::new(45_967, 2)?, 20),
            SpecialKind::Reaumur => (Decimal::new(21_852, 2)?, 45),
            _ => return None,
        };
        Some(Scale {
            scale: decimal(special.scale)?,
            zero,
            degree: Decimal::from(degree),
        })
    }

    /// 1/36 Kelvin of a value.
    pub(super) fn kelvin(self, value: Decimal) -> Option<Decimal> {
        value
            .checked_mul(self.scale)?
            .checked_add(self.zero)?
            .checked_mul(self.degree)
    }

    /// The value of so many 1/36 Kelvin.
    pub(super) fn value_of(self, kelvin: Decimal) -> Option<Decimal> {
        let value = kelvin.checked_div(self.degree)?.checked_sub(self.zero)?;
        value.checked_div(self.scale)
    }
}

fn decimal(number: Number) -> Option<Decimal> {
    let (digits, exponent) = number.to_integer_and_exponent();
    match u32::try_from(-exponent) {
        Ok(scale) => Decimal::new(digits, scale),
        Err(_) => {
            let power = 10i128.checked_pow(exponent.unsigned_abs())?;
            Decimal::new(digits.checked_mul(power)?, 0)
        }
    }
}
