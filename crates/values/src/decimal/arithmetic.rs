//! Arithmetic: exact where it can be, to 28 digits where it cannot, `None` where there is no result.

use std::cmp::Ordering;

use rust_decimal::{MathematicalOps, RoundingStrategy};

use super::Decimal;

/// `ln` and powers agree with the exact result to this many decimals at least; further ones are rounding noise.
const SCALE_TRUSTED: u32 = 20;

impl Decimal {
    /// `self + other`; `None` on overflow. Digits of the sum beyond the 28th are cut, as those of a literal are.
    #[must_use]
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let sum = self.0.checked_add(other.0)?;
        // What was rounded has fewer digits after the point than a summand.
        if sum.scale() < self.scale().max(other.scale())
            && let Some(cut) = sum_cut(self, other)
        {
            return Some(cut);
        }
        Some(Decimal(sum))
    }

    /// `self - other`; as [`Decimal::checked_add`].
    #[must_use]
    pub fn checked_sub(self, other: Decimal) -> Option<Decimal> {
        self.checked_add(other.negate())
    }

    /// `self × other`; `None` on overflow. Digits beyond the 28th are rounded away.
    #[must_use]
    pub fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_mul(other.0).map(Decimal)
    }

    /// `self / other` to 28 digits; `None` on overflow and for a division by zero.
    #[must_use]
    pub fn checked_div(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_div(other.0).map(Decimal)
    }

    /// The whole part of `self / other` (`div`).
    #[must_use]
    pub fn div_truncated(self, other: Decimal) -> Option<Decimal> {
        // Not by dividing: a quotient of 28 digits may have been rounded up to the next whole number.
        let rest = self.0.checked_rem(other.0)?;
        let whole = self.0.checked_sub(rest)?.checked_div(other.0)?;
        Some(Decimal(whole.trunc()))
    }

    /// What `div` leaves, with the sign of `self` (`mod`); `None` for a division by zero.
    #[must_use]
    pub fn modulo(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_rem(other.0).map(Decimal)
    }

    /// `-self`
    #[must_use]
    pub fn negate(self) -> Decimal {
        Decimal(-self.0)
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(self) -> Decimal {
        Decimal(self.0.abs())
    }

    /// The greatest whole number that is not above this.
    #[must_use]
    pub fn floor(self) -> Decimal {
        Decimal(self.0.floor())
    }

    /// The least whole number that is not below this.
    #[must_use]
    pub fn ceiling(self) -> Decimal {
        Decimal(self.0.ceil())
    }

    /// The whole part.
    #[must_use]
    pub fn truncate(self) -> Decimal {
        Decimal(self.0.trunc())
    }

    /// Rounded to that many digits after the point, halves away from zero (CQL 1.5.3 §16.19 `Round`, FHIRPath §6.6
    /// `round`). `None` for a negative number of digits.
    #[must_use]
    pub fn round(self, precision: i32) -> Option<Decimal> {
        Some(self.round_to(u32::try_from(precision).ok()?))
    }

    /// As [`Decimal::round`].
    #[must_use]
    pub fn round_to(self, scale: u32) -> Decimal {
        Decimal(
            self.0
                .round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero),
        )
    }

    /// Cut, not rounded, to that many digits after the point, towards zero.
    #[must_use]
    pub fn truncate_to(self, scale: u32) -> Decimal {
        Decimal(self.0.trunc_with_scale(scale))
    }

    /// As CQL has it: rounded to 8 digits after the point; `None` beyond [`Decimal::MIN`] and [`Decimal::MAX`].
    #[must_use]
    pub fn to_cql(self) -> Option<Decimal> {
        let rounded = self.round_to(Decimal::CQL_SCALE);
        (Decimal::MIN <= rounded && rounded <= Decimal::MAX).then_some(rounded)
    }

    /// eˢᵉˡᶠ; `None` on overflow.
    #[must_use]
    pub fn exp(self) -> Option<Decimal> {
        if self.is_zero() {
            return Some(Decimal::ONE);
        }
        if self.is_negative() {
            // The inverse of something huge is nothing.
            return match self.negate().exp() {
                Some(inverse) => Decimal::ONE
                    .checked_div(inverse)
                    .map(|value| settled(value.0)),
                None => Some(Decimal::ZERO),
            };
        }
        self.0
            .checked_exp_with_tolerance(rust_decimal::Decimal::new(1, 28))
            .map(settled)
    }

    /// The natural logarithm; `None` for zero and below.
    #[must_use]
    pub fn ln(self) -> Option<Decimal> {
        self.0.checked_ln().map(settled)
    }

    /// The logarithm to a base; `None` where there is none.
    #[must_use]
    pub fn log(self, base: Decimal) -> Option<Decimal> {
        if base == Decimal::ONE {
            return None;
        }
        if let Some(exponent) = whole_logarithm(self, base) {
            return Some(Decimal::from(exponent));
        }
        let (value, base) = (self.0.checked_ln()?, base.0.checked_ln()?);
        value.checked_div(base).map(settled)
    }

    /// The square root; `None` below zero.
    #[must_use]
    pub fn sqrt(self) -> Option<Decimal> {
        self.0.sqrt().map(|root| Decimal(root.normalize()))
    }

    /// `selfᵉˣᵖᵒⁿᵉⁿᵗ`; `None` where there is no real result, and on overflow. Exact for whole exponents of results that
    /// fit.
    #[must_use]
    pub fn power(self, exponent: Decimal) -> Option<Decimal> {
        if let Some(whole) = exponent.to_i64() {
            return self.power_whole(whole);
        }
        if exponent.normalize() == Decimal(rust_decimal::Decimal::new(5, 1)) {
            return self.sqrt();
        }
        match self.cmp(&Decimal::ZERO) {
            Ordering::Less => None,
            Ordering::Equal if exponent.is_negative() => None,
            Ordering::Equal => Some(Decimal::ZERO),
            Ordering::Greater => self.0.checked_powd(exponent.0).map(settled),
        }
    }

    fn power_whole(self, exponent: i64) -> Option<Decimal> {
        let (mut result, mut square) = (Decimal::ONE, self);
        let mut rest = exponent.unsigned_abs();
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.checked_mul(square)?;
            }
            rest >>= 1;
            if rest > 0 {
                square = match square.checked_mul(square) {
                    Some(square) => square,
                    // A negative exponent of something huge is nothing.
                    None if exponent < 0 => return Some(Decimal::ZERO),
                    None => return None,
                };
            }
        }
        if exponent < 0 {
            return Decimal::ONE.checked_div(result);
        }
        Some(result)
    }
}

/// The exact sum without its last digits; `None` when it takes more than 38.
fn sum_cut(left: Decimal, right: Decimal) -> Option<Decimal> {
    let mut scale = left.scale().max(right.scale());
    let digits = |summand: Decimal| {
        let zeros = 10i128.checked_pow(scale - summand.scale())?;
        summand.digits().checked_mul(zeros)
    };
    let mut sum = digits(left)?.checked_add(digits(right)?)?;
    loop {
        if let Some(decimal) = Decimal::new(sum, scale) {
            return Some(decimal);
        }
        scale = scale.checked_sub(1)?;
        sum /= 10;
    }
}

/// Series end with an error in the last places: `exp(ln 10)` is 9.9999…, which nobody means.
fn settled(value: rust_decimal::Decimal) -> Decimal {
    let strategy = RoundingStrategy::MidpointAwayFromZero;
    Decimal(
        value
            .round_dp_with_strategy(SCALE_TRUSTED, strategy)
            .normalize(),
    )
}

/// The whole number whose power of the base the value exactly is: `log(0.125, 2) = -3`.
fn whole_logarithm(value: Decimal, base: Decimal) -> Option<i32> {
    if value.is_negative() || value.is_zero() || base <= Decimal::ONE {
        return None;
    }
    if value < Decimal::ONE {
        let inverse = Decimal::ONE.checked_div(value)?;
        (inverse.checked_mul(value)? == Decimal::ONE).then_some(())?;
        return whole_logarithm(inverse, base).map(|exponent| -exponent);
    }
    let (mut power, mut exponent) = (Decimal::ONE, 0);
    while power < value {
        power = power.checked_mul(base)?;
        exponent += 1;
        // Bases barely above 1 have no whole logarithm worth finding.
        if exponent > 96 {
            return None;
        }
    }
    (power == value).then_some(exponent)
}
