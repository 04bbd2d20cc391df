//! Date and time operators (CQL 1.5.3 §9.B "Date and Time Operators"). `Add` and `Subtract` are with the other
//! [arithmetic](super::arithmetic), `Before`, `After`, `SameAs`, `SameOrBefore`, `SameOrAfter` with the
//! [relations](super::relation) of intervals.

use salus_values::{CountedUnit, Date, DateTime, Precision, Time, Uncertain};

use super::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// `Now()`: the moment of the evaluation request.
pub fn now<N: Record>(scene: &Scene<'_>) -> Outcome<N> {
    Ok(Value::DateTime(scene.now))
}

/// `Today()`: the date of the evaluation request.
pub fn today<N: Record>(scene: &Scene<'_>) -> Outcome<N> {
    Ok(Value::Date(scene.now.date()))
}

/// `TimeOfDay()`: the time of day of the evaluation request.
pub fn time_of_day<N: Record>(scene: &Scene<'_>) -> Outcome<N> {
    Ok(scene.now.time().into())
}

/// Whole numbers, each or null; those that are left out are null.
fn parts<N: Record, const COUNT: usize>(
    operator: &'static str,
    values: &[Value<N>],
) -> Result<[Option<i32>; COUNT], EvaluationError> {
    let mut parts = [None; COUNT];
    for (part, value) in parts.iter_mut().zip(values) {
        *part = match value {
            Value::Integer(value) => Some(*value),
            Value::Null => None,
            other => return wrong_operands(operator, &[other]),
        };
    }
    Ok(parts)
}

fn impossible<N: Record>(operator: &'static str, values: &[Value<N>]) -> EvaluationError {
    let parts: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    EvaluationError::BadOperand {
        operator,
        value: format!("({})", parts.join(", ")).into(),
        reason: "is none that a calendar or clock has, or leaves out a part before one that is there",
    }
}

/// `Date(year, month, day)`; parts may be left out or null from the end. Null when all are null.
///
/// # Errors
/// When there is no such date, or a part is null before one that is not.
pub fn date<N: Record>(values: &[Value<N>], _: &Scene<'_>) -> Outcome<N> {
    let [year, month, day] = parts("Date", values)?;
    if [year, month, day].iter().all(Option::is_none) {
        return Ok(Value::Null);
    }
    let date = year.and_then(|year| Date::new(year, month, day));
    date.map(Value::Date)
        .ok_or_else(|| impossible("Date", values))
}

/// `DateTime(year, month, day, hour, minute, second, millisecond)`, and the offset from UTC in hours; parts may be left
/// out or null from the end. Null when all parts are null. Without an offset it is where the evaluation request is.
///
/// # Errors
/// When there is no such moment, or a part is null before one that is not.
pub fn date_time<N: Record>(
    values: &[Value<N>],
    offset_hours: Option<&Value<N>>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let [year, month, day, hour, minute, second, millisecond] = parts("DateTime", values)?;
    let clock = [hour, minute, second, millisecond];
    if [year, month, day].iter().chain(&clock).all(Option::is_none) {
        return Ok(Value::Null);
    }
    let offset = match offset_hours {
        None | Some(Value::Null) => None,
        Some(hours) => {
            let minutes = hours.as_number().and_then(DateTime::offset_of_hours);
            Some(minutes.ok_or_else(|| EvaluationError::BadOperand {
                operator: "DateTime",
                value: format!("{hours:?}").into(),
                reason: "is no offset from UTC in hours, -14 to 14",
            })?)
        }
    };
    let moment = || {
        let date = Date::new(year?, month, day)?;
        let time = match hour {
            Some(hour) => Some(Time::new(hour, minute, second, millisecond)?),
            None if clock.iter().any(Option::is_some) => return None,
            None => None,
        };
        DateTime::new(date, time, offset)
    };
    moment()
        .map(Value::DateTime)
        .ok_or_else(|| impossible("DateTime", values))
}

/// `Time(hour, minute, second, millisecond)`; parts may be left out or null from the end. Null when all are null.
///
/// # Errors
/// When there is no such time, or a part is null before one that is not.
pub fn time<N: Record>(values: &[Value<N>], _: &Scene<'_>) -> Outcome<N> {
    let [hour, minute, second, millisecond] = parts("Time", values)?;
    if [hour, minute, second, millisecond]
        .iter()
        .all(Option::is_none)
    {
        return Ok(Value::Null);
    }
    let time = hour.and_then(|hour| Time::new(hour, minute, second, millisecond));
    time.map(Value::Time)
        .ok_or_else(|| impossible("Time", values))
}

/// `date from operand`, on the clock that the value is written by.
pub fn date_from<N: Record>(operand: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::DateTime(moment) => Ok(Value::Date(moment.date())),
        Value::Date(date) => Ok(Value::Date(*date)),
        other => wrong_operands("DateFrom", &[other]),
    }
}

/// `time from operand`, on the clock of the evaluation request. Null when no hour is known.
pub fn time_from<N: Record>(operand: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::DateTime(moment) => {
            let here = moment.at_offset(scene.offset(), scene.offset());
            Ok(here.and_then(DateTime::time).into())
        }
        other => wrong_operands("TimeFrom", &[other]),
    }
}

/// `timezoneoffset from operand`, in hours; that of the evaluation request for a value without one.
pub fn timezone_offset_from<N: Record>(operand: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::DateTime(moment) => {
            let placed = match moment.offset() {
                Some(_) => Some(*moment),
                None => moment.with_offset(Some(scene.offset())),
            };
            Ok(placed.and_then(DateTime::offset_hours).into())
        }
        other => wrong_operands("TimezoneOffsetFrom", &[other]),
    }
}

/// `year from operand` and so on. Null when that part is not known.
pub fn component_from<N: Record>(
    operand: &Value<N>,
    precision: Precision,
    _: &Scene<'_>,
) -> Outcome<N> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::Date(value) => Ok(value.component(precision).into()),
        Value::DateTime(value) => Ok(value.component(precision).into()),
        Value::Time(value) => Ok(value.component(precision).into()),
        other => wrong_operands("DateTimeComponentFrom", &[other]),
    }
}

/// `years between left and right` and so on: whole units that have passed, negative when the right is earlier. Not
/// certain when one is not known precisely enough. Null when an Integer cannot hold it.
pub fn duration_between<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    unit: CountedUnit,
    scene: &Scene<'_>,
) -> Outcome<N> {
    let offset = scene.offset();
    let counted = Counted {
        dates: |left, right, unit| left.duration_to(right, unit),
        moments: |left, right, unit, offset| left.duration_to(right, unit, offset),
        times: |left, right, unit| left.duration_to(right, unit),
    };
    counted.between("DurationBetween", left, right, unit, offset)
}

/// `difference in years between left and right` and so on: boundaries of the unit that were crossed. Otherwise as
/// [`duration_between`]. Weeks begin on Sunday.
pub fn difference_between<N: Record>(
    left: &Value<N>,
    right: &Value<N>,
    unit: CountedUnit,
    scene: &Scene<'_>,
) -> Outcome<N> {
    let offset = scene.offset();
    let counted = Counted {
        dates: |left, right, unit| left.difference_to(right, unit),
        moments: |left, right, unit, offset| left.difference_to(right, unit, offset),
        times: |left, right, unit| left.difference_to(right, unit),
    };
    counted.between("DifferenceBetween", left, right, unit, offset)
}

/// A way of counting, for each type.
struct Counted {
    dates: fn(&Date, &Date, CountedUnit) -> Option<Uncertain<i64>>,
    moments: fn(&DateTime, &DateTime, CountedUnit, i16) -> Option<Uncertain<i64>>,
    times: fn(&Time, &Time, Precision) -> Option<Uncertain<i64>>,
}

impl Counted {
    fn between<N: Record>(
        &self,
        operator: &'static str,
        left: &Value<N>,
        right: &Value<N>,
        unit: CountedUnit,
        offset: i16,
    ) -> Outcome<N> {
        let is_of_dates = !matches!(unit, CountedUnit::Of(unit) if unit > Precision::Day);
        let count = match (left, right, unit) {
            (Value::Null, _, _) | (_, Value::Null, _) => return Ok(Value::Null),
            (Value::Date(left), Value::Date(right), _) if is_of_dates => {
                (self.dates)(left, right, unit)
            }
            (Value::Time(left), Value::Time(right), CountedUnit::Of(unit)) if !is_of_dates => {
                (self.times)(left, right, unit)
            }
            (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_), _) => {
                match (left.to_date_time(), right.to_date_time()) {
                    (Some(left), Some(right)) => (self.moments)(&left, &right, unit, offset),
                    _ => None,
                }
            }
            _ => return wrong_operands(operator, &[left, right]),
        };
        Ok(count.and_then(narrowed).map(Value::of_uncertain).into())
    }
}

fn narrowed(count: Uncertain<i64>) -> Option<Uncertain<i32>> {
    let low = i32::try_from(count.low()).ok()?;
    let high = i32::try_from(count.high()).ok()?;
    Some(Uncertain::new(low, high))
}
