//! Reading dates and times: one pass over the bytes, no allocation.

use super::date::Date;
use super::date_time::DateTime;
use super::precision::Precision;
use super::time::Time;

/// Two digits, and what follows them.
fn two(text: &[u8]) -> Option<(i32, &[u8])> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] = text else {
        return None;
    };
    Some((i32::from(tens - b'0') * 10 + i32::from(ones - b'0'), rest))
}

/// Two digits after a separator; `Some(None)` without the separator.
#[expect(
    clippy::option_option,
    reason = "a part that is not there is not one that cannot be read"
)]
fn next(text: &[u8], separator: u8) -> Option<Option<(i32, &[u8])>> {
    match text {
        [found, rest @ ..] if *found == separator => two(rest).map(Some),
        _ => Some(None),
    }
}

/// `YYYY[-MM[-DD]]`, and what follows.
pub(super) fn date(text: &[u8]) -> Option<(Date, &[u8])> {
    let (century, rest) = two(text)?;
    let (year, rest) = two(rest)?;
    let year = century * 100 + year;
    let Some((month, rest)) = next(rest, b'-')? else {
        return Some((Date::new(year, None, None)?, rest));
    };
    let Some((day, rest)) = next(rest, b'-')? else {
        return Some((Date::new(year, Some(month), None)?, rest));
    };
    Some((Date::new(year, Some(month), Some(day))?, rest))
}

/// `hh[:mm[:ss[.f…]]]`, and what follows.
pub(super) fn time(text: &[u8]) -> Option<(Time, &[u8])> {
    let (hour, rest) = two(text)?;
    let Some((minute, rest)) = next(rest, b':')? else {
        return Some((Time::new(hour, None, None, None)?, rest));
    };
    let Some((second, rest)) = next(rest, b':')? else {
        return Some((Time::new(hour, Some(minute), None, None)?, rest));
    };
    let [b'.', fraction @ ..] = rest else {
        return Some((Time::new(hour, Some(minute), Some(second), None)?, rest));
    };
    let (millis, rest) = thousandths(fraction)?;
    Some((
        Time::new(hour, Some(minute), Some(second), Some(millis))?,
        rest,
    ))
}

/// The digits of a fraction as thousandths, cut after the third.
fn thousandths(text: &[u8]) -> Option<(i32, &[u8])> {
    let mut millis = 0;
    let mut weight = 100;
    let mut rest = text;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        millis += i32::from(digit - b'0') * weight;
        weight /= 10;
        rest = after;
    }
    (rest.len() < text.len()).then_some((millis, rest))
}

/// `date[T[time[offset]]]` and nothing after it.
pub(super) fn date_time(text: &[u8]) -> Option<DateTime> {
    let (date, rest) = date(text)?;
    match rest {
        [] | [b'T'] => return Some(DateTime::of_date(date)),
        [b'T', ..] if date.precision() == Precision::Day => {}
        _ => return None,
    }
    let (time, rest) = time(rest.get(1..)?)?;
    DateTime::new(date, Some(time), offset(rest)?)
}

/// `Z`, `+hh:mm`, `-hh:mm` or nothing.
#[expect(
    clippy::option_option,
    reason = "no offset is not one that cannot be read"
)]
pub(super) fn offset(text: &[u8]) -> Option<Option<i16>> {
    let (sign, digits) = match text {
        [] => return Some(None),
        b"Z" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = two(digits)?;
    let (minutes, []) = next(rest, b':')?? else {
        return None;
    };
    if minutes >= 60 {
        return None;
    }
    i16::try_from(sign * (hours * 60 + minutes)).ok().map(Some)
}
