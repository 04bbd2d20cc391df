//! Reading decimals: one pass over the bytes, no allocation.

use super::Decimal;

/// The greatest number of significant digits that is kept.
const DIGITS_MAX: u32 = 28;
/// Exponents beyond this name no number in range, whatever their digits.
const EXPONENT_MAX: i32 = 10_000;

/// Digits read so far: `digits × 10⁻ˢᶜᵃˡᵉ`.
#[derive(Default)]
struct Digits {
    value: u128,
    /// Significant digits in `value`.
    count: u32,
    /// Digits after the point in `value`, less the digits before it that were dropped.
    scale: i32,
    /// The first digit that was dropped, and so decides the rounding.
    dropped: Option<u8>,
    /// Whether there was any digit at all.
    any: bool,
}

impl Digits {
    fn push(&mut self, digit: u8, after_point: bool) {
        self.any = true;
        if self.count < DIGITS_MAX {
            self.value = self.value * 10 + u128::from(digit);
            self.count += u32::from(self.value != 0);
            self.scale += i32::from(after_point);
        } else {
            self.dropped.get_or_insert(digit);
            self.scale -= i32::from(!after_point);
        }
    }
}

/// See [`Decimal::parse`].
pub(super) fn decimal(text: &[u8]) -> Option<Decimal> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if let Some(short) = short(rest, negative) {
        return Some(short);
    }
    let (digits, exponent) = read(rest)?;
    let round_up = digits.dropped.is_some_and(|digit| digit >= 5);
    let value = i128::try_from(digits.value + u128::from(round_up)).ok()?;
    scaled(
        if negative { -value } else { value },
        digits.scale - exponent,
    )
}

/// Digits with an optional point, and an exponent, 0 if there is none.
fn read(text: &[u8]) -> Option<(Digits, i32)> {
    let mut digits = Digits::default();
    let mut after_point = false;
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        match byte {
            b'0'..=b'9' => digits.push(byte - b'0', after_point),
            b'.' if !after_point && digits.any => {
                after_point = true;
                after.first().filter(|next| next.is_ascii_digit())?;
            }
            b'e' | b'E' if digits.any => return Some((digits, read_exponent(after)?)),
            _ => return None,
        }
        rest = after;
    }
    digits.any.then_some((digits, 0))
}

/// Numbers of up to 18 characters without exponent, which nearly all are.
fn short(text: &[u8], negative: bool) -> Option<Decimal> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let mut value: i64 = 0;
    let mut point = None;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 => point = Some(at),
            _ => return None,
        }
    }
    let scale = match point {
        None => 0,
        Some(at) => text.len() - at - 1,
    };
    if point.is_some() && scale == 0 {
        return None;
    }
    let value = if negative { -value } else { value };
    let scale = u32::try_from(scale).ok()?;
    rust_decimal::Decimal::try_new(value, scale)
        .ok()
        .map(Decimal::from_inner)
}

fn read_exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value: i32 = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = (value * 10 + i32::from(byte - b'0')).min(EXPONENT_MAX);
    }
    Some(if negative { -value } else { value })
}

/// `digits × 10⁻ˢᶜᵃˡᵉ` with any scale: zeros are appended for a negative one, and digits rounded away (half away from
/// zero) where there are too many.
pub(super) fn scaled(mut digits: i128, mut scale: i32) -> Option<Decimal> {
    if digits == 0 {
        let scale = u32::try_from(scale.max(0)).ok()?.min(Decimal::SCALE_MAX);
        return Decimal::new(0, scale);
    }
    while scale < 0 {
        digits = digits.checked_mul(10)?;
        scale += 1;
    }
    let scale_max = i32::try_from(Decimal::SCALE_MAX).ok()?;
    if scale > scale_max {
        let drop = u32::try_from(scale - scale_max).ok()?;
        digits = match 10i128.checked_pow(drop) {
            Some(power) => (digits + digits.signum() * (power / 2)) / power,
            None => 0,
        };
        scale = scale_max;
    }
    Decimal::new(digits, u32::try_from(scale).ok()?)
}
