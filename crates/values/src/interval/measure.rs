//! Single values of intervals: `start of`, `end of`, `width of`, `point from`, `Size` (CQL 1.5.3 §19).

use super::Interval;
use super::point::{Grain, Point};
use crate::decimal::Decimal;
use crate::quantity::Quantity;
use crate::value::Value;

impl<V: Point> Interval<V> {
    /// `start of self`: its first point; null when that is not known.
    #[must_use]
    pub fn start(&self) -> V {
        let start = match (self.low.is_null(), self.low_closed) {
            (false, true) => Some(self.low.clone()),
            (false, false) => self.low.successor(),
            (true, true) => self.high.minimum(),
            (true, false) => None,
        };
        start.unwrap_or_else(V::null)
    }

    /// `end of self`: its last point; null when that is not known.
    #[must_use]
    pub fn end(&self) -> V {
        let end = match (self.high.is_null(), self.high_closed) {
            (false, true) => Some(self.high.clone()),
            (false, false) => self.high.predecessor(),
            (true, true) => self.low.maximum(),
            (true, false) => None,
        };
        end.unwrap_or_else(V::null)
    }

    /// `point from self`: the only point of the interval; `None` when it has several, or that is not known.
    #[must_use]
    pub fn point(&self, grain: &Grain) -> Option<V> {
        let (start, end) = (self.start(), self.end());
        start
            .compare(&end, grain)
            .is_some_and(std::cmp::Ordering::is_eq)
            .then_some(start)
    }
}

impl<N: Clone> Interval<Value<N>> {
    /// `width of self`: the distance of its ends; `None` when one is not known, and for types whose distance has a unit
    /// of its own (dates, times), which the language does not allow.
    #[must_use]
    pub fn width(&self) -> Option<Value<N>> {
        distance(&self.start(), &self.end())
    }

    /// `Size(self)`: its width and the size of a point; `None` as for [`Interval::width`].
    #[must_use]
    pub fn size(&self) -> Option<Value<N>> {
        let (start, end) = (self.start(), self.end());
        // One point more than the distance, taken at the start so that the end may be the last value there is.
        match (&start, &end) {
            (Value::Integer(start), Value::Integer(end)) => {
                end.checked_sub(*start)?.checked_add(1).map(Value::Integer)
            }
            (Value::Long(start), Value::Long(end)) => {
                end.checked_sub(*start)?.checked_add(1).map(Value::Long)
            }
            (Value::Decimal(start), Value::Decimal(end)) => {
                end.checked_sub(*start)?.successor().map(Value::Decimal)
            }
            (Value::Quantity(start), Value::Quantity(end)) => {
                let width = end.subtract(start)?;
                let value = width.value.successor()?;
                Some(Value::quantity(Quantity::new(value, width.unit)))
            }
            _ => None,
        }
    }
}

/// `end - start` of numbers and quantities.
fn distance<N>(start: &Value<N>, end: &Value<N>) -> Option<Value<N>> {
    match (start, end) {
        (Value::Integer(start), Value::Integer(end)) => end.checked_sub(*start).map(Value::Integer),
        (Value::Long(start), Value::Long(end)) => end.checked_sub(*start).map(Value::Long),
        (Value::Quantity(start), Value::Quantity(end)) => end.subtract(start).map(Value::quantity),
        _ => {
            let (start, end): (Decimal, Decimal) = (start.as_number()?, end.as_number()?);
            end.checked_sub(start).map(Value::Decimal)
        }
    }
}
