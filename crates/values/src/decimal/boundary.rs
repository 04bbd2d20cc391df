//! The least and the greatest number that a written decimal may stand for (FHIRPath §5.8 `lowBoundary`,
//! `highBoundary`; CQL 1.5.3 §16 `LowBoundary`, `HighBoundary`).
//!
//! The two languages differ: to FHIRPath `1.587` is what rounds to it, 1.5865 to 1.5875; to CQL it is what begins with
//! its digits, 1.58700000 to 1.58799999.

use rust_decimal::RoundingStrategy;

use super::Decimal;

/// Digits after the point when none are asked for.
const SCALE_DEFAULT: i32 = 8;

#[derive(Clone, Copy, PartialEq)]
enum End {
    Low,
    High,
}

impl Decimal {
    /// FHIRPath's `lowBoundary` to that many digits after the point (8 when `None`); `None` for more than 28 or fewer
    /// than 0, and for numbers too long.
    #[must_use]
    pub fn low_boundary(self, precision: Option<i32>) -> Option<Decimal> {
        self.half_step(precision, End::Low)
    }

    /// FHIRPath's `highBoundary` to that many digits after the point (8 when `None`); `None` for more than 28 or fewer
    /// than 0, and for numbers too long.
    #[must_use]
    pub fn high_boundary(self, precision: Option<i32>) -> Option<Decimal> {
        self.half_step(precision, End::High)
    }

    /// CQL's `LowBoundary` to that many digits after the point (8 when `None`); `None` for more than 8 or fewer than 0.
    #[must_use]
    pub fn low_boundary_cql(self, precision: Option<i32>) -> Option<Decimal> {
        let scale = cql_scale(precision)?;
        match self.is_negative() && scale > self.scale() {
            true => self.last_digits(scale),
            false => self.cut(scale),
        }
    }

    /// CQL's `HighBoundary` to that many digits after the point (8 when `None`); `None` for more than 8 or fewer than
    /// 0.
    #[must_use]
    pub fn high_boundary_cql(self, precision: Option<i32>) -> Option<Decimal> {
        let scale = cql_scale(precision)?;
        match !self.is_negative() && scale > self.scale() {
            true => self.last_digits(scale),
            false => self.cut(scale),
        }
    }

    /// The number of digits after the point, zeros included (FHIRPath §5.8 `precision`).
    #[must_use]
    pub fn precision(self) -> i32 {
        i32::try_from(self.scale()).unwrap_or(0)
    }

    fn half_step(self, precision: Option<i32>, end: End) -> Option<Decimal> {
        let scale = u32::try_from(precision.unwrap_or(SCALE_DEFAULT)).ok()?;
        if scale > Decimal::SCALE_MAX || self.scale() == Decimal::SCALE_MAX {
            return None;
        }
        let half = Decimal::new(5, self.scale() + 1)?;
        let (edge, outwards) = match end {
            End::Low => (
                self.checked_sub(half)?,
                RoundingStrategy::ToNegativeInfinity,
            ),
            End::High => (
                self.checked_add(half)?,
                RoundingStrategy::ToPositiveInfinity,
            ),
        };
        // What is zero at that precision has zero for its boundaries: the official suite asks for 0.0 of 0.0034.
        if scale < self.scale() && edge.round_to(scale).is_zero() {
            return Decimal::ZERO.with_scale(scale);
        }
        Decimal(edge.0.round_dp_with_strategy(scale, outwards)).with_scale(scale)
    }

    /// With nines after the written digits.
    fn last_digits(self, scale: u32) -> Option<Decimal> {
        let added = 10i128.checked_pow(scale - self.scale())?;
        let digits = self.digits().checked_mul(added)?;
        let nines = if self.is_negative() {
            1 - added
        } else {
            added - 1
        };
        Decimal::new(digits.checked_add(nines)?, scale)
    }

    /// With zeros after the written digits, or without the last of them.
    fn cut(self, scale: u32) -> Option<Decimal> {
        self.truncate_to(scale).with_scale(scale)
    }

    /// The same number written with that many digits after the point; it must not have more.
    fn with_scale(self, scale: u32) -> Option<Decimal> {
        let mut inner = self.0;
        inner.rescale(scale);
        (inner.scale() == scale).then_some(Decimal(inner))
    }
}

fn cql_scale(precision: Option<i32>) -> Option<u32> {
    let scale = u32::try_from(precision.unwrap_or(SCALE_DEFAULT)).ok()?;
    (scale <= Decimal::CQL_SCALE).then_some(scale)
}
