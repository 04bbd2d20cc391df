//! The parser: fixed positions, byte by byte.

use super::calendar::days_in_month;
use super::{PartialDateTime, Precision};

/// FHIR's largest zone offset, in minutes.
const OFFSET_MINUTES_MAX: u16 = 14 * 60;

pub(super) fn date_time(text: &[u8]) -> Option<PartialDateTime> {
    let (year, rest) = text.split_first_chunk::<4>()?;
    let year = two([year[0], year[1]])?.checked_mul(100)? + two([year[2], year[3]])?;
    let mut found = PartialDateTime {
        year,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        fraction_digits: 0,
        nanos: 0,
        offset_minutes: None,
        precision: Precision::Year,
    };
    if year == 0 {
        return None;
    }
    let Some((month, rest)) = part(rest, b'-')? else {
        return Some(found);
    };
    found.month = within(month, 1, 12)?;
    found.precision = Precision::Month;
    let Some((day, rest)) = part(rest, b'-')? else {
        return Some(found);
    };
    found.day = within(day, 1, days_in_month(i32::from(year), found.month))?;
    found.precision = Precision::Day;
    let Some((hour, rest)) = part(rest, b'T')? else {
        return Some(found);
    };
    found.hour = within(hour, 0, 23)?;
    clock(rest, &mut found)?;
    Some(found)
}

/// Everything after the hour.
fn clock(rest: &[u8], found: &mut PartialDateTime) -> Option<()> {
    let (minute, mut rest) = part(rest, b':')??;
    found.minute = within(minute, 0, 59)?;
    found.precision = Precision::Minute;
    if rest.first() == Some(&b':') {
        let (second, after) = part(rest, b':')??;
        found.second = within(second, 0, 60)?;
        found.precision = Precision::Second;
        rest = after;
        if let Some((b'.', digits)) = rest.split_first() {
            (found.nanos, found.fraction_digits, rest) = fraction(digits)?;
            found.precision = Precision::Fraction;
        }
    }
    found.offset_minutes = zone(rest)?;
    Some(())
}

/// `Some(None)` at the end of the text; else the two digits after `mark` and the rest.
#[inline]
pub(super) fn part(text: &[u8], mark: u8) -> Option<Option<(u16, &[u8])>> {
    if text.is_empty() {
        return Some(None);
    }
    let ([found, tens, ones], rest) = text.split_first_chunk::<3>()?;
    if *found != mark {
        return None;
    }
    Some(Some((two([*tens, *ones])?, rest)))
}

/// Two digits.
#[inline]
pub(super) fn two([tens, ones]: [u8; 2]) -> Option<u16> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u16::from(tens) * 10 + u16::from(ones))
}

#[inline]
pub(super) fn within(value: u16, min: u8, max: u8) -> Option<u8> {
    (u16::from(min)..=u16::from(max))
        .contains(&value)
        .then(|| u8::try_from(value).ok())?
}

/// Nanoseconds, number of digits (at least one) and the rest. Digits beyond the ninth are read but not kept.
pub(super) fn fraction(text: &[u8]) -> Option<(u32, u8, &[u8])> {
    let mut nanos = 0;
    let mut unit = 100_000_000;
    let digits = text.iter().take_while(|b| b.is_ascii_digit());
    let mut count = 0_usize;
    for digit in digits {
        nanos += u32::from(digit - b'0') * unit;
        unit /= 10;
        count += 1;
    }
    let rest = text.get(count..)?;
    (count > 0).then(|| (nanos, u8::try_from(count).unwrap_or(u8::MAX), rest))
}

/// The zone at the end: none, `Z`, or `±hh:mm`.
fn zone(text: &[u8]) -> Option<Option<i16>> {
    match text {
        [] => Some(None),
        [b'Z'] => Some(Some(0)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let minute = two([*m1, *m2]).filter(|m| *m < 60)?;
            let minutes = two([*h1, *h2])? * 60 + minute;
            let minutes = i16::try_from(minutes)
                .ok()
                .filter(|_| minutes <= OFFSET_MINUTES_MAX)?;
            Some(Some(if *sign == b'-' { -minutes } else { minutes }))
        }
        _ => None,
    }
}
