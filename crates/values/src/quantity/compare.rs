//! Order, equality and equivalence of quantities (FHIRPath §6.1, §6.2; CQL 1.5.3 §12).

use std::cmp::Ordering;

use super::Quantity;
use super::conversion::Conversion;

impl Quantity {
    /// The order of two quantities; `None` when their units measure different things, or one is of months or years and
    /// the other is not.
    #[must_use]
    pub fn compare(&self, other: &Quantity) -> Option<Ordering> {
        if self.unit == other.unit {
            return Some(self.value.cmp(&other.value));
        }
        Conversion::between(&self.unit, &other.unit)?.compare(self.value, other.value)
    }

    /// Whether two quantities are the same amount; `None` as for [`Quantity::compare`].
    #[must_use]
    pub fn equal(&self, other: &Quantity) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// Whether two quantities are the same amount, at the precision of the less precise one. Here years and months are
    /// those of UCUM, and what measures different things is different.
    #[must_use]
    pub fn equivalent(&self, other: &Quantity) -> bool {
        if self.unit == other.unit {
            return self.value.equivalent(other.value);
        }
        let Some(conversion) = Conversion::between_equivalents(&self.unit, &other.unit) else {
            return false;
        };
        if conversion.compare(self.value, other.value) == Some(Ordering::Equal) {
            return true;
        }
        // In the coarser unit, so that which one comes first does not matter.
        if let Conversion::Proportional(proportion) = conversion
            && proportion.compare_units() == Ordering::Greater
        {
            return Conversion::between_equivalents(&other.unit, &self.unit)
                .and_then(|back| back.apply(other.value))
                .is_some_and(|value| value.equivalent(self.value));
        }
        conversion
            .apply(self.value)
            .is_some_and(|value| value.equivalent(other.value))
    }

    /// Whether the two measure the same thing, so that they can be compared (FHIRPath §5.8 `comparable`).
    #[must_use]
    pub fn comparable(&self, other: &Quantity) -> bool {
        self.unit == other.unit || Conversion::between(&self.unit, &other.unit).is_some()
    }
}

impl Quantity {
    /// An order of all quantities, for sorting: those that can be compared stand together.
    #[must_use]
    pub fn order(&self, other: &Quantity) -> Ordering {
        if let Some(order) = self.compare(other) {
            return order;
        }
        let (left, right) = (self.unit.kind(), other.unit.kind());
        left.cmp(&right)
            // Of one kind and yet not compared: beyond 28 digits. Doubles are exact enough there.
            .then_with(|| self.magnitude().total_cmp(&other.magnitude()))
    }

    fn magnitude(&self) -> f64 {
        let unit = self.unit.to_ucum();
        let factor = unit
            .meaning()
            .map_or(1.0, |meaning| meaning.value.factor.to_f64());
        self.value.to_f64() * factor
    }
}
