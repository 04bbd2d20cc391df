//! From one unit to another, exactly.
//!
//! A conversion is a proportion of two decimals, so that a third of something stays one: comparing multiplies crosswise
//! and never divides. Each thread keeps the conversions it met by the numbers of their units.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use octofhir_ucum::Number;

use super::temperature::Scale;
use super::ucum::UcumUnit;
use super::unit::Unit;
use crate::decimal::Decimal;

/// So many pairs of units are kept by each thread.
const PAIRS_MAX: usize = 4096;

thread_local! {
    static PAIRS: RefCell<HashMap<(u64, u64), Option<Conversion>, RandomState>> = RefCell::default();
}

/// How values in one unit become values in another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Conversion {
    /// They are the same.
    Same,
    /// They are proportional.
    Proportional(Proportion),
    /// They are on scales of temperature with different zeros.
    Temperature {
        /// The scale of the first unit.
        from: Scale,
        /// The scale of the second.
        to: Scale,
    },
}

/// `value × numerator / denominator`; both are positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Proportion {
    numerator: Decimal,
    denominator: Decimal,
}

impl Proportion {
    /// The quotient of two positive numbers; `None` when the terms of the reduced fraction are beyond 28 digits.
    pub(super) fn of_integers(numerator: i128, denominator: i128) -> Option<Proportion> {
        Proportion::of_scaled(numerator, denominator, 0)
    }

    /// `numerator / denominator × 10ᵉˣᵖᵒⁿᵉⁿᵗ`
    fn of_scaled(numerator: i128, denominator: i128, exponent: i32) -> Option<Proportion> {
        if numerator <= 0 || denominator <= 0 {
            return None;
        }
        let common = greatest_common_divisor(numerator, denominator);
        let (mut numerator, mut denominator) = (numerator / common, denominator / common);
        // What a power of ten is left over goes into the scale of a term, so that products keep their digits.
        let power = 10i128.checked_pow(exponent.unsigned_abs());
        if exponent > 0 {
            let power = power?;
            let common = greatest_common_divisor(denominator, power);
            numerator = numerator.checked_mul(power / common)?;
            denominator /= common;
        }
        let scale = if exponent < 0 {
            exponent.unsigned_abs()
        } else {
            0
        };
        let (numerator, rest) = match Decimal::new(numerator, scale) {
            Some(scaled) => (scaled, 1),
            None => (Decimal::new(numerator, 0)?, power?),
        };
        Some(Proportion {
            numerator: numerator.normalize(),
            denominator: Decimal::new(denominator.checked_mul(rest)?, 0)?,
        })
    }

    fn of_factors(from: Number, to: Number) -> Option<Proportion> {
        let ((numerator, up), (denominator, down)) =
            (from.to_integer_and_exponent(), to.to_integer_and_exponent());
        Proportion::of_scaled(numerator, denominator, up.checked_sub(down)?)
    }

    /// A value in the second unit.
    pub(super) fn apply(self, value: Decimal) -> Option<Decimal> {
        let product = value.checked_mul(self.numerator)?;
        match self.denominator == Decimal::ONE {
            true => Some(product),
            false => product.checked_div(self.denominator),
        }
    }

    /// The order of a value in the first unit and one in the second.
    pub(super) fn compare(self, left: Decimal, right: Decimal) -> Option<Ordering> {
        Some(
            left.checked_mul(self.numerator)?
                .cmp(&right.checked_mul(self.denominator)?),
        )
    }

    /// The order of the units themselves.
    pub(super) fn compare_units(self) -> Ordering {
        self.numerator.cmp(&self.denominator)
    }
}

fn greatest_common_divisor(mut left: i128, mut right: i128) -> i128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

impl Conversion {
    /// From one unit to another; `None` when they measure different things.
    pub(super) fn between(from: &Unit, to: &Unit) -> Option<Conversion> {
        match (from, to) {
            (Unit::Calendar(from), Unit::Calendar(to)) => {
                from.proportion_to(*to).map(Conversion::Proportional)
            }
            (Unit::Ucum(from), Unit::Ucum(to)) => Conversion::between_ucum(from, to),
            (Unit::Calendar(unit), Unit::Ucum(other)) if unit.is_definite() => {
                Conversion::between_ucum(&UcumUnit::new(unit.ucum_code()), other)
            }
            (Unit::Ucum(other), Unit::Calendar(unit)) if unit.is_definite() => {
                Conversion::between_ucum(other, &UcumUnit::new(unit.ucum_code()))
            }
            _ => None,
        }
    }

    /// As [`Conversion::between`], where months and years are what they are nominally, and beside UCUM units those of
    /// UCUM.
    pub(super) fn between_equivalents(from: &Unit, to: &Unit) -> Option<Conversion> {
        if let (Unit::Calendar(from), Unit::Calendar(to)) = (from, to) {
            return from
                .nominal_proportion_to(*to)
                .map(Conversion::Proportional);
        }
        Conversion::between(from, to)
            .or_else(|| Conversion::between_ucum(&from.to_ucum(), &to.to_ucum()))
    }

    pub(super) fn between_ucum(from: &UcumUnit, to: &UcumUnit) -> Option<Conversion> {
        if from == to {
            return Some(Conversion::Same);
        }
        let known = PAIRS.try_with(|pairs| {
            let mut pairs = pairs.borrow_mut();
            let key = (from.id(), to.id());
            if let Some(known) = pairs.get(&key) {
                return *known;
            }
            if pairs.len() >= PAIRS_MAX {
                pairs.clear();
            }
            let conversion = Conversion::calculate(from, to);
            pairs.insert(key, conversion);
            conversion
        });
        // A thread that ends has no table any more.
        known.unwrap_or_else(|_| Conversion::calculate(from, to))
    }

    fn calculate(from: &UcumUnit, to: &UcumUnit) -> Option<Conversion> {
        let (left, right) = (&from.meaning()?.value, &to.meaning()?.value);
        if !left.is_commensurable(right) {
            return None;
        }
        match (&left.special, &right.special) {
            (None, None) => Proportion::of_factors(left.factor, right.factor),
            // Levels, pH and the like convert among themselves only, where the unit is the same but for its scale.
            (Some(from), Some(to)) if from.unit.code == to.unit.code => {
                Proportion::of_factors(from.scale, to.scale)
            }
            _ => {
                let (from, to) = (Scale::of(left)?, Scale::of(right)?);
                return Some(Conversion::Temperature { from, to });
            }
        }
        .map(Conversion::Proportional)
    }

    /// A value in the second unit, to 28 digits; `None` on overflow.
    pub(super) fn apply(self, value: Decimal) -> Option<Decimal> {
        match self {
            Conversion::Same => Some(value),
            Conversion::Proportional(proportion) => proportion.apply(value),
            Conversion::Temperature { from, to } => to.value_of(from.kelvin(value)?),
        }
    }

    /// The order of a value in the first unit and one in the second; `None` on overflow.
    pub(super) fn compare(self, left: Decimal, right: Decimal) -> Option<Ordering> {
        match self {
            Conversion::Same => Some(left.cmp(&right)),
            Conversion::Proportional(proportion) => proportion.compare(left, right),
            Conversion::Temperature { from, to } => {
                Some(from.kelvin(left)?.cmp(&to.kelvin(right)?))
            }
        }
    }
}
