//! Ratios: two quantities that stand in a relation, such as a titer 1:128.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseError;
use crate::quantity::Quantity;

/// A relation of two quantities. It is not divided: 1:128 says more than a 128th.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// What comes first.
    pub numerator: Quantity,
    /// To what.
    pub denominator: Quantity,
}

impl Ratio {
    /// Reads two quantities with a colon between them: `1:128`, `1 'mg' : 2 'mL'` (CQL 1.5.3 §22.31 `ToRatio`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Ratio> {
        // No UCUM code has a colon.
        let (numerator, denominator) = text.split_once(':')?;
        Some(Ratio {
            numerator: Quantity::parse(numerator)?,
            denominator: Quantity::parse(denominator)?,
        })
    }

    /// Whether numerators and denominators are both equal: 1:2 is not 2:4 (CQL 1.5.3 §12.1).
    #[must_use]
    pub fn equal(&self, other: &Ratio) -> Option<bool> {
        crate::logic::and(
            self.numerator.equal(&other.numerator),
            self.denominator.equal(&other.denominator),
        )
    }

    /// Whether the quotients are the same: 1:2 is equivalent to 2:4 (CQL 1.5.3 §12.2).
    #[must_use]
    pub fn equivalent(&self, other: &Ratio) -> bool {
        let crosswise = || {
            let left = self.numerator.multiply(&other.denominator)?;
            let right = other.numerator.multiply(&self.denominator)?;
            Some(left.equivalent(&right))
        };
        crosswise().unwrap_or(false)
    }
}

impl FromStr for Ratio {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Ratio, ParseError> {
        Ratio::parse(text).ok_or_else(|| ParseError::new("Ratio", text))
    }
}

/// `1 'mg':2 'mL'`; numbers alone without their unit `'1'`: `1:128`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_part(f, &self.numerator)?;
        f.write_str(":")?;
        write_part(f, &self.denominator)
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &Quantity) -> fmt::Result {
    if part.unit.is_one() {
        return write!(f, "{}", part.value);
    }
    write!(f, "{part}")
}
