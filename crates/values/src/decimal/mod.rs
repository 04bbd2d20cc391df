//! Decimals without floating point, with the number of digits that were written.

mod arithmetic;
mod boundary;
mod parse;
mod step;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::error::ParseError;

/// A decimal number, exact: 28 significant digits, with a scale of at most 28.
///
/// The scale is the number of digits after the point *as written or as calculated*: `1.50` has a scale of 2, which
/// [`Decimal::precision`], the boundaries and equivalence (CQL 1.5.3 §12.2, FHIRPath §6.1.2) look at. Equality, order
/// and hash look at the number only: `1.5 = 1.50`.
///
/// ```
/// use salus_values::Decimal;
///
/// let dose = Decimal::parse("0.50").unwrap();
/// assert_eq!(dose, Decimal::parse("0.5").unwrap());
/// assert_eq!(dose.to_string(), "0.50");
/// assert_eq!(Decimal::parse("1e-3").unwrap().to_string(), "0.001");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Decimal(rust_decimal::Decimal);

impl Decimal {
    /// 0
    pub const ZERO: Decimal = Decimal(rust_decimal::Decimal::ZERO);
    /// 1
    pub const ONE: Decimal = Decimal(rust_decimal::Decimal::ONE);
    /// The greatest Decimal of CQL: 20 digits before the point, 8 after it (CQL 1.5.3 §4.3, `maximum Decimal`).
    pub const MAX: Decimal = Decimal::cql_limit(false);
    /// The least Decimal of CQL.
    pub const MIN: Decimal = Decimal::cql_limit(true);
    /// The greatest scale of CQL: the smallest step between two Decimals is 10⁻⁸.
    pub const CQL_SCALE: u32 = 8;
    /// The greatest scale there is.
    pub const SCALE_MAX: u32 = 28;

    /// ±(10²⁸ - 1) × 10⁻⁸
    const fn cql_limit(negative: bool) -> Decimal {
        let digits: u128 = 10u128.pow(28) - 1;
        Decimal(rust_decimal::Decimal::from_parts(
            (digits & 0xFFFF_FFFF) as u32,
            ((digits >> 32) & 0xFFFF_FFFF) as u32,
            ((digits >> 64) & 0xFFFF_FFFF) as u32,
            negative,
            8,
        ))
    }

    /// `digits × 10⁻ˢᶜᵃˡᵉ`; `None` outside the range.
    #[must_use]
    pub fn new(digits: i128, scale: u32) -> Option<Decimal> {
        rust_decimal::Decimal::try_from_i128_with_scale(digits, scale)
            .ok()
            .map(Decimal)
    }

    /// The decimal that a text is: an optional sign, digits with an optional point, an optional exponent (`-1.50`,
    /// `1.2e-3`). Digits after the 28th significant one are rounded away. `None` for every other text and for numbers
    /// out of range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        parse::decimal(text.as_bytes())
    }

    /// The number of digits after the point.
    #[must_use]
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// All digits without the point: 150 for `1.50`.
    #[must_use]
    pub fn digits(self) -> i128 {
        self.0.mantissa()
    }

    /// Whether this is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether this is less than 0.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Whether there is nothing after the point but zeros.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.0.is_integer()
    }

    /// The same number without zeros at the end of its fraction.
    #[must_use]
    pub fn normalize(self) -> Decimal {
        Decimal(self.0.normalize())
    }

    /// The whole number that this is, if it is one in the range of Integer.
    #[must_use]
    pub fn to_i32(self) -> Option<i32> {
        self.to_i64().and_then(|value| i32::try_from(value).ok())
    }

    /// The whole number that this is, if it is one in the range of Long.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        if !self.is_whole() {
            return None;
        }
        i64::try_from(self.0.normalize().mantissa()).ok()
    }

    /// The nearest double. For display and statistics, where the last digits do not matter; never on the way to another
    /// Decimal.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        use rust_decimal::prelude::ToPrimitive;
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    /// Whether two numbers are the same when both are rounded to the scale of the less precise one; zeros at the end do
    /// not count as precision (FHIRPath §6.1.2; CQL 1.5.3 §12.2).
    #[must_use]
    pub fn equivalent(self, other: Decimal) -> bool {
        if self == other {
            return true;
        }
        let (left, right) = (self.normalize(), other.normalize());
        let scale = left.scale().min(right.scale());
        left.round_to(scale) == right.round_to(scale)
    }

    pub(crate) const fn from_inner(inner: rust_decimal::Decimal) -> Decimal {
        Decimal(inner)
    }
}

impl From<i32> for Decimal {
    fn from(value: i32) -> Decimal {
        Decimal(value.into())
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal(value.into())
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Decimal {
        Decimal(value.into())
    }
}

impl FromStr for Decimal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Decimal, ParseError> {
        Decimal::parse(text).ok_or_else(|| ParseError::new("Decimal", text))
    }
}

/// With the digits that it has, zeros included: `1.50`. Never an exponent.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() && self.0.is_sign_negative() {
            return fmt::Display::fmt(&self.0.abs(), f);
        }
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
