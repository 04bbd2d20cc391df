//! The operators of the crate by their names in CQL.

use std::cmp::Ordering;

use salus_values::{
    Date, DateTime, Elements, Grain, Interval, Point, Precision, SameNode, Time, Value,
};

pub type V = Value<()>;

pub fn lists(word: &str, left: &[V], right: &[V]) -> Option<V> {
    let elements = Elements {
        grain: Grain::default(),
        nodes: &SameNode,
    };
    Some(match word {
        "includes" => elements.includes(left, right).into(),
        "included in" | "during" => elements.includes(right, left).into(),
        "properly includes" => elements.properly_includes(left, right).into(),
        "properly included in" => elements.properly_includes(right, left).into(),
        "union" => Value::list(elements.union(left, right)),
        "intersect" => Value::list(elements.intersect(left, right)),
        "except" => Value::list(elements.except(left, right)),
        _ => return None,
    })
}

pub fn relate(word: &str, left: &V, right: &V, grain: &Grain) -> Option<V> {
    if left.is_null() || right.is_null() {
        return Some(Value::Null);
    }
    if !matches!(left, Value::Interval(_)) && !matches!(right, Value::Interval(_)) {
        let order = left.compare(right, grain);
        return Some(match word {
            "before" => order.map(Ordering::is_lt).into(),
            "after" => order.map(Ordering::is_gt).into(),
            "same or before" | "on or before" => order.map(Ordering::is_le).into(),
            "same or after" | "on or after" => order.map(Ordering::is_ge).into(),
            "same as" => order.map(Ordering::is_eq).into(),
            _ => return None,
        });
    }
    let interval = |value: &V| match value {
        Value::Interval(interval) => Interval::clone(interval),
        point => Interval::of_point(point.clone()),
    };
    let (is_left_point, is_right_point) = (
        !matches!(left, Value::Interval(_)),
        !matches!(right, Value::Interval(_)),
    );
    let (a, b) = (interval(left), interval(right));
    Some(match word {
        "properly includes" if is_right_point => a.properly_contains(right, grain).into(),
        "properly included in" | "properly during" if is_left_point => {
            b.properly_contains(left, grain).into()
        }
        "properly includes" => a.properly_includes(&b, grain).into(),
        "properly included in" | "properly during" => b.properly_includes(&a, grain).into(),
        "includes" | "contains" => a.includes(&b, grain).into(),
        "included in" | "during" | "in" => b.includes(&a, grain).into(),
        "before" => a.before(&b, grain).into(),
        "after" => a.after(&b, grain).into(),
        "on or before" | "same or before" => a.same_or_before(&b, grain).into(),
        "on or after" | "same or after" => a.same_or_after(&b, grain).into(),
        "same as" => a.same_as(&b, grain).into(),
        "meets" => a.meets(&b, grain).into(),
        "meets before" => a.meets_before(&b, grain).into(),
        "meets after" => a.meets_after(&b, grain).into(),
        "overlaps" => a.overlaps(&b, grain).into(),
        "overlaps before" => a.overlaps_before(&b, grain).into(),
        "overlaps after" => a.overlaps_after(&b, grain).into(),
        "starts" => a.starts(&b, grain).into(),
        "ends" => a.ends(&b, grain).into(),
        "union" => a.union(&b, grain).map_or(Value::Null, Value::interval),
        "intersect" => a.intersect(&b, grain).map_or(Value::Null, Value::interval),
        "except" => a.except(&b, grain).map_or(Value::Null, Value::interval),
        _ => return None,
    })
}

pub fn add(left: &V, right: &V, negative: bool) -> Option<V> {
    if left.is_null() || right.is_null() {
        return Some(Value::Null);
    }
    let right = if negative {
        negated(right)?
    } else {
        right.clone()
    };
    Some(match (left, &right) {
        (Value::Integer(left), Value::Integer(right)) => left.checked_add(*right).into(),
        (Value::Long(left), Value::Long(right)) => left.checked_add(*right).into(),
        (Value::Quantity(left), Value::Quantity(right)) => {
            left.add(right).map_or(Value::Null, Value::quantity)
        }
        (Value::Date(date), Value::Quantity(by)) => date.add(&by.as_duration()?).into(),
        (Value::DateTime(moment), Value::Quantity(by)) => moment.add(&by.as_duration()?).into(),
        (Value::Time(time), Value::Quantity(by)) => time.add(&by.as_duration()?).into(),
        (left, right) => left.as_number()?.checked_add(right.as_number()?).into(),
    })
}

pub fn negated(value: &V) -> Option<V> {
    Some(match value {
        Value::Null => Value::Null,
        Value::Integer(value) => value.checked_neg().into(),
        Value::Long(value) => value.checked_neg().into(),
        Value::Decimal(value) => value.negate().into(),
        Value::Quantity(value) => Value::quantity(value.negate()),
        _ => return None,
    })
}

pub fn multiply(left: &V, right: &V, sign: &str) -> Option<V> {
    if left.is_null() || right.is_null() {
        return Some(Value::Null);
    }
    if matches!(left, Value::Quantity(_)) || matches!(right, Value::Quantity(_)) {
        let (left, right) = (left.to_quantity()?, right.to_quantity()?);
        let result = match sign {
            "*" => left.multiply(&right),
            "/" => left.divide(&right),
            "div" => left.div_truncated(&right),
            "mod" => left.modulo(&right),
            _ => return None,
        };
        return Some(result.map_or(Value::Null, Value::quantity));
    }
    let (a, b) = (left.as_number()?, right.as_number()?);
    let result = match sign {
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "^" => a.power(b),
        "div" => a.div_truncated(b),
        _ => a.modulo(b),
    };
    Some(result.into())
}

pub fn component(value: &V, precision: Precision) -> Option<V> {
    Some(match value {
        Value::Date(value) => value.component(precision).into(),
        Value::DateTime(value) => value.component(precision).into(),
        Value::Time(value) => value.component(precision).into(),
        _ => return None,
    })
}

pub fn call(name: &str, arguments: &[V]) -> Option<V> {
    let integer = |nth: usize| match arguments.get(nth) {
        Some(Value::Integer(value)) => Some(*value),
        _ => None,
    };
    match name {
        "Date" => {
            return Some(Date::new(integer(0)?, integer(1), integer(2)).into());
        }
        "DateTime" => return Some(date_time(arguments).into()),
        _ => {}
    }
    let first = arguments.first()?;
    if first.is_null() {
        return name
            .starts_with(|c: char| "CFLPRT".contains(c))
            .then_some(Value::Null);
    }
    let digits = integer(1);
    Some(match name {
        "Abs" => match first {
            Value::Integer(value) => value.checked_abs().into(),
            Value::Long(value) => value.checked_abs().into(),
            Value::Quantity(value) => Value::quantity(value.abs()),
            value => value.as_number()?.abs().into(),
        },
        "Ceiling" => first.as_number()?.ceiling().to_i32().into(),
        "Floor" => first.as_number()?.floor().to_i32().into(),
        "Truncate" => first.as_number()?.truncate().to_i32().into(),
        "Round" => first.as_number()?.round(digits.unwrap_or(0)).into(),
        "Ln" => first.as_number()?.ln().into(),
        "Exp" => first.as_number()?.exp().into(),
        "Log" => match arguments.get(1)? {
            Value::Null => Value::Null,
            base => first.as_number()?.log(base.as_number()?).into(),
        },
        "Power" => first
            .as_number()?
            .power(arguments.get(1)?.as_number()?)
            .into(),
        "Precision" => match first {
            Value::Decimal(value) => value.precision().into(),
            Value::Date(value) => value.precision().digits().into(),
            Value::DateTime(value) => value.precision().digits().into(),
            Value::Time(value) => value.digits().into(),
            _ => return None,
        },
        "LowBoundary" | "HighBoundary" => boundary(first, digits, name == "LowBoundary")?,
        "IndexOf" if !arguments.get(1)?.is_null() => match first {
            Value::List(items) => {
                let elements = Elements {
                    grain: Grain::default(),
                    nodes: &SameNode,
                };
                let found = elements.index_of(items, arguments.get(1)?);
                Value::Integer(found.map_or(-1, |at| i32::try_from(at).unwrap()))
            }
            _ => return None,
        },
        "Flatten" => match first {
            Value::List(items) => Value::list(Value::flatten(items)),
            _ => return None,
        },
        "ToBoolean" => first.to_boolean().into(),
        "ToInteger" => first.to_integer().into(),
        "ToLong" => first.to_long().into(),
        "ToDecimal" => first.to_decimal().into(),
        "ToString" => first
            .to_text()
            .map_or(Value::Null, |text| Value::string(&text)),
        "ToDate" => first.to_date().into(),
        "ToDateTime" => first.to_date_time().into(),
        "ToTime" => first.to_time().into(),
        "ToQuantity" => first.to_quantity().map_or(Value::Null, Value::quantity),
        _ => return None,
    })
}

fn date_time(arguments: &[V]) -> Option<DateTime> {
    let integer = |nth: usize| match arguments.get(nth) {
        Some(Value::Integer(value)) => Some(*value),
        _ => None,
    };
    let date = Date::new(integer(0)?, integer(1), integer(2))?;
    let time = match integer(3) {
        Some(hour) => Some(Time::new(hour, integer(4), integer(5), integer(6))?),
        None => None,
    };
    let offset = arguments.get(7).and_then(Value::as_number);
    DateTime::new(date, time, offset.and_then(DateTime::offset_of_hours))
}

fn boundary(value: &V, digits: Option<i32>, is_low: bool) -> Option<V> {
    Some(match (value, is_low) {
        (Value::Decimal(value), true) => value.low_boundary_cql(digits).into(),
        (Value::Decimal(value), false) => value.high_boundary_cql(digits).into(),
        (Value::Date(value), true) => value.low_boundary(digits).into(),
        (Value::Date(value), false) => value.high_boundary(digits).into(),
        (Value::DateTime(value), true) => value.low_boundary_cql(digits).into(),
        (Value::DateTime(value), false) => value.high_boundary_cql(digits).into(),
        (Value::Time(value), true) => value.low_boundary(digits).into(),
        (Value::Time(value), false) => value.high_boundary(digits).into(),
        _ => return None,
    })
}
