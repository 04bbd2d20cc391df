//! Arithmetic of quantities (FHIRPath §6.6, CQL 1.5.3 §16 and §22).

use std::cmp::Ordering;

use super::Quantity;
use super::conversion::Conversion;
use super::product::{self, Operation};
use super::unit::Unit;
use crate::decimal::Decimal;

impl Quantity {
    /// The same amount in another unit, to 28 digits; `None` when that measures something else, and on overflow.
    #[must_use]
    pub fn convert_to(&self, unit: &Unit) -> Option<Quantity> {
        if self.unit == *unit {
            return Some(self.clone());
        }
        let value = Conversion::between(&self.unit, unit)?.apply(self.value)?;
        Some(Quantity {
            value: value.normalize(),
            unit: unit.clone(),
        })
    }

    /// The sum, in the finer unit of the two; `None` when they measure different things, and on overflow.
    #[must_use]
    pub fn add(&self, other: &Quantity) -> Option<Quantity> {
        self.in_finer_unit(other, Decimal::checked_add)
    }

    /// The difference, in the finer unit of the two; `None` when they measure different things, and on overflow.
    #[must_use]
    pub fn subtract(&self, other: &Quantity) -> Option<Quantity> {
        self.in_finer_unit(other, Decimal::checked_sub)
    }

    /// The product; its unit is the product of the units. `None` on overflow, and for units that take part in no
    /// product, such as `Cel`.
    #[must_use]
    pub fn multiply(&self, other: &Quantity) -> Option<Quantity> {
        self.combined(other, Operation::Multiply, Decimal::checked_mul)
    }

    /// The quotient; its unit is the quotient of the units. `None` for a division by zero, on overflow, and for units
    /// that take part in no quotient.
    #[must_use]
    pub fn divide(&self, other: &Quantity) -> Option<Quantity> {
        self.combined(other, Operation::Divide, Decimal::checked_div)
    }

    /// What `div` gives: the whole number of times that the other goes into this.
    #[must_use]
    pub fn div_truncated(&self, other: &Quantity) -> Option<Quantity> {
        self.combined(other, Operation::Divide, Decimal::div_truncated)
    }

    /// What `div` leaves, in the finer unit of the two.
    #[must_use]
    pub fn modulo(&self, other: &Quantity) -> Option<Quantity> {
        self.in_finer_unit(other, Decimal::modulo)
    }

    fn in_finer_unit(
        &self,
        other: &Quantity,
        apply: fn(Decimal, Decimal) -> Option<Decimal>,
    ) -> Option<Quantity> {
        let (left, right, unit) = match Conversion::between(&self.unit, &other.unit)? {
            _ if self.unit == other.unit => (self.value, other.value, &self.unit),
            Conversion::Same => (self.value, other.value, &self.unit),
            Conversion::Proportional(proportion)
                if proportion.compare_units() == Ordering::Less =>
            {
                let back = Conversion::between(&other.unit, &self.unit)?;
                (self.value, back.apply(other.value)?, &self.unit)
            }
            Conversion::Proportional(proportion) => {
                (proportion.apply(self.value)?, other.value, &other.unit)
            }
            // 1 Cel and 1 K is neither 2 Cel nor 2 K.
            Conversion::Temperature { .. } => return None,
        };
        Some(Quantity {
            value: apply(left, right)?,
            unit: unit.clone(),
        })
    }

    fn combined(
        &self,
        other: &Quantity,
        operation: Operation,
        apply: fn(Decimal, Decimal) -> Option<Decimal>,
    ) -> Option<Quantity> {
        if other.unit.is_one() {
            return Some(Quantity {
                value: apply(self.value, other.value)?,
                unit: self.unit.clone(),
            });
        }
        if self.unit.is_one() && operation == Operation::Multiply {
            return Some(Quantity {
                value: apply(self.value, other.value)?,
                unit: other.unit.clone(),
            });
        }
        // Lengths with lengths in one unit: 2 cm × 3 m is 600 cm2.
        let same = match Conversion::between(&other.unit, &self.unit) {
            Some(Conversion::Proportional(proportion)) => proportion.apply(other.value),
            _ => None,
        };
        let (value, unit) = match same {
            Some(value) => (value, &self.unit),
            None => (other.value, &other.unit),
        };
        let unit = product::combine(&self.unit.to_ucum(), &unit.to_ucum(), operation)?;
        Some(Quantity {
            value: apply(self.value, value)?,
            unit: Unit::Ucum(unit),
        })
    }
}
