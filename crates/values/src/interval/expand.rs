//! Intervals cut into pieces of one size (CQL 1.5.3 §19.13 `Expand`).
//!
//! Ends that are more precise than the pieces are cut to their precision; what is less precise than the pieces gives
//! none, since nobody knows where they would begin. A last piece that is not full is left out.

use std::cmp::Ordering;

use super::Interval;
use super::collapse::later;
use super::point::{Grain, Point};
use crate::decimal::Decimal;
use crate::quantity::{CalendarUnit, Quantity, Unit};
use crate::temporal::Precision;
use crate::value::Value;

/// More pieces than this are refused.
pub const INTERVALS_MAX: usize = 1_000_000;

/// What cutting gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Expanded<N> {
    /// The pieces, in order.
    Pieces(Vec<Interval<Value<N>>>),
    /// An end is not known, so neither is the result.
    Unknown,
    /// There would be more than [`INTERVALS_MAX`].
    TooMany,
}

impl<N: Clone> Interval<Value<N>> {
    /// `expand`: the pieces of all intervals, each once. Without `per`, the pieces are single points of the coarsest
    /// precision of the ends.
    #[must_use]
    pub fn expand(
        intervals: &[Interval<Value<N>>],
        per: Option<&Quantity>,
        grain: &Grain,
    ) -> Expanded<N> {
        let collapsed = Interval::collapse(intervals, None, grain);
        let default = default_size(&collapsed);
        let mut pieces = Vec::new();
        for interval in &collapsed {
            let (start, end) = (interval.start(), interval.end());
            let Some(per) = per.or(default.as_ref()) else {
                return Expanded::Unknown;
            };
            if start.is_null() || end.is_null() {
                return Expanded::Unknown;
            }
            if cut(&start, &end, per, grain, &mut pieces).is_none() {
                return Expanded::TooMany;
            }
        }
        Expanded::Pieces(pieces)
    }
}

/// Appends the pieces from `start` to `end`; `None` when there are too many.
fn cut<N: Clone>(
    start: &Value<N>,
    end: &Value<N>,
    per: &Quantity,
    grain: &Grain,
    pieces: &mut Vec<Interval<Value<N>>>,
) -> Option<()> {
    let Some((mut low, end)) = aligned(start, end, per) else {
        return Some(());
    };
    while let Some(next) = later(&low, per) {
        let Some(high) = before(&next, per) else {
            break;
        };
        if !matches!(high.compare(&end, grain), Some(order) if order.is_le())
            || !matches!(next.compare(&low, grain), Some(Ordering::Greater))
        {
            break;
        }
        if pieces.len() >= INTERVALS_MAX {
            return None;
        }
        pieces.push(Interval::closed(low, high));
        low = next;
    }
    Some(())
}

/// Both ends at the precision of the pieces; `None` when they are not known so precisely, or have no such pieces.
fn aligned<N: Clone>(
    start: &Value<N>,
    end: &Value<N>,
    per: &Quantity,
) -> Option<(Value<N>, Value<N>)> {
    if per.value <= Decimal::ZERO {
        return None;
    }
    let scale = per.value.normalize().scale();
    match (start, end) {
        (Value::Integer(_) | Value::Long(_), Value::Integer(_) | Value::Long(_)) if scale == 0 => {
            Some((start.clone(), end.clone()))
        }
        (Value::Quantity(start), Value::Quantity(end)) => aligned_quantities(start, end, per),
        (Value::Date(_) | Value::DateTime(_) | Value::Time(_), _) => {
            let precision = per.as_duration()?.unit;
            Some((cut_to(start, precision)?, cut_to(end, precision)?))
        }
        _ => {
            let (start, end) = (start.as_number()?, end.as_number()?);
            Some((written(start, scale)?.into(), last_of(end, scale)?.into()))
        }
    }
}

fn aligned_quantities<N>(
    start: &Quantity,
    end: &Quantity,
    per: &Quantity,
) -> Option<(Value<N>, Value<N>)> {
    let size = match per.unit.is_one() {
        true => per.value,
        false => per.convert_to(&start.unit)?.value,
    };
    let scale = size.normalize().scale();
    let end = last_of(end.convert_to(&start.unit)?.value, scale)?;
    let of = |value| Value::quantity(Quantity::new(value, start.unit.clone()));
    Some((of(start.value.truncate_to(scale)), of(end)))
}

/// A point in time cut to a precision; `None` when it is not known as precisely.
fn cut_to<N>(point: &Value<N>, precision: Precision) -> Option<Value<N>> {
    Some(match point {
        Value::Date(value) if value.precision() >= precision => value.truncate(precision).into(),
        Value::DateTime(value) if value.precision() >= precision => {
            value.truncate(precision).into()
        }
        Value::Time(value) if (Precision::Hour..=value.precision()).contains(&precision) => {
            value.truncate(precision).into()
        }
        _ => return None,
    })
}

/// The last number of a scale that a written number stands for: 10.9 for 10.
fn last_of(value: Decimal, scale: u32) -> Option<Decimal> {
    match value.scale() < scale {
        true => value.high_boundary_cql(Some(i32::try_from(scale).ok()?)),
        false => Some(value.truncate_to(scale)),
    }
}

/// A number with as many digits after the point.
fn written(value: Decimal, scale: u32) -> Option<Decimal> {
    value
        .truncate_to(scale)
        .checked_add(Decimal::new(0, scale)?)
}

/// The last point before a piece begins.
fn before<N: Clone>(next: &Value<N>, per: &Quantity) -> Option<Value<N>> {
    let step = Decimal::new(1, per.value.normalize().scale())?;
    match next {
        Value::Decimal(value) => value.checked_sub(step).map(Value::Decimal),
        Value::Quantity(value) => {
            let scale = value.value.normalize().scale().max(step.scale());
            let less = value.value.checked_sub(Decimal::new(1, scale)?)?;
            Some(Value::quantity(Quantity::new(less, value.unit.clone())))
        }
        _ => next.predecessor(),
    }
}

/// One of the coarsest precision that an end has.
fn default_size<N: Clone>(intervals: &[Interval<Value<N>>]) -> Option<Quantity> {
    let ends = intervals
        .iter()
        .flat_map(|interval| [interval.start(), interval.end()]);
    let mut coarsest: Option<Quantity> = None;
    for end in ends {
        let size = point_size(&end)?;
        coarsest = Some(match coarsest {
            Some(known) if known.compare(&size) != Some(Ordering::Less) => known,
            Some(known) if is_months(&known) && !is_months(&size) => known,
            _ => size,
        });
    }
    coarsest
}

fn is_months(size: &Quantity) -> bool {
    matches!(
        size.unit,
        Unit::Calendar(CalendarUnit::Year | CalendarUnit::Month)
    )
}

/// The size of a single point.
fn point_size<N>(point: &Value<N>) -> Option<Quantity> {
    let precision = match point {
        Value::Integer(_) | Value::Long(_) => return Some(Decimal::ONE.into()),
        Value::Decimal(value) => return Decimal::new(1, value.scale()).map(Quantity::from),
        Value::Quantity(value) => {
            let step = Decimal::new(1, value.value.scale())?;
            return Some(Quantity::new(step, value.unit.clone()));
        }
        Value::Date(value) => value.precision(),
        Value::DateTime(value) => value.precision(),
        Value::Time(value) => value.precision(),
        _ => return None,
    };
    Some(Quantity::new(
        Decimal::ONE,
        CalendarUnit::of_precision(precision).into(),
    ))
}
