//! Evaluating the simple expressions of the suite by the operators of the crate.

use std::cmp::Ordering;
use std::sync::Arc;

use salus_values::{
    CalendarUnit, CountedUnit, Date, DateTime, Decimal, Elements, Grain, Interval, Point,
    Precision, Quantity, Ratio, SameNode, Time, Tuple, Uncertain, Unit, Value, logic,
};

use crate::expression::{Reader, Token, tokens};
use crate::operators::{V, add, call, component, lists, multiply, negated, relate};

/// What an expression came to.
pub enum Outcome {
    Is(V),
    /// The reader does not know something in it.
    Unread,
}

pub fn evaluate(text: &str) -> Outcome {
    let read = || {
        let mut reader = Reader::new(tokens(text)?);
        let found = comparison(&mut reader)?;
        reader.is_at_end().then(|| found.into_value())
    };
    read().map_or(Outcome::Unread, Outcome::Is)
}

/// A value, or a number that is not certain.
#[derive(Clone)]
enum Found {
    Value(V),
    Count(Uncertain<i64>),
}

impl Found {
    fn into_value(self) -> V {
        let integer = |count| Value::Integer(i32::try_from(count).unwrap());
        match self {
            Found::Value(value) => value,
            Found::Count(count) => match count.certain() {
                Some(count) => integer(count),
                None => Value::interval(Interval::closed(
                    integer(count.low()),
                    integer(count.high()),
                )),
            },
        }
    }
}

fn comparison(reader: &mut Reader) -> Option<Found> {
    let mut left = logical(reader)?;
    if reader.skip("is null") {
        left = Found::Value(Value::Boolean(left.into_value().is_null()));
    }
    let Some(sign) = reader.skip_any(&["!=", "!~", "<=", ">=", "=", "~", "<", ">"]) else {
        return Some(left);
    };
    let right = logical(reader)?;
    if let (Found::Count(left), Found::Value(Value::Integer(right))) = (&left, &right) {
        let right = Uncertain::from(i64::from(*right));
        let result = match sign {
            "=" => left.equal(right),
            "<" => left.less(right),
            "<=" => left.less_or_equal(right),
            ">" => right.less(*left),
            ">=" => right.less_or_equal(*left),
            _ => return None,
        };
        return Some(Found::Value(result.into()));
    }
    let (left, right) = (left.into_value(), right.into_value());
    let grain = Grain::default();
    let order = || left.compare(&right, &grain);
    let result = match sign {
        "=" => left.equal(&right, &grain, &SameNode),
        "!=" => logic::not(left.equal(&right, &grain, &SameNode)),
        "~" => Some(left.equivalent(&right, &grain, &SameNode)),
        "!~" => Some(!left.equivalent(&right, &grain, &SameNode)),
        "<" => order().map(Ordering::is_lt),
        ">" => order().map(Ordering::is_gt),
        "<=" => order().map(Ordering::is_le),
        _ => order().map(Ordering::is_ge),
    };
    Some(Found::Value(result.into()))
}

fn logical(reader: &mut Reader) -> Option<Found> {
    let mut left = relation(reader)?;
    while let Some(word) = reader.skip_any(&["and", "or", "xor", "implies"]) {
        let right = relation(reader)?;
        let truth = |found: Found| match found.into_value() {
            Value::Boolean(value) => Some(Some(value)),
            Value::Null => Some(None),
            _ => None,
        };
        let (a, b) = (truth(left)?, truth(right)?);
        let result = match word {
            "and" => logic::and(a, b),
            "or" => logic::or(a, b),
            "xor" => logic::xor(a, b),
            _ => logic::implies(a, b),
        };
        left = Found::Value(result.into());
    }
    Some(left)
}

const RELATIONS: [&str; 30] = [
    "properly includes",
    "properly included in",
    "properly during",
    "includes",
    "included in",
    "during",
    "contains",
    "in",
    "before",
    "after",
    "on or before",
    "on or after",
    "meets before",
    "meets after",
    "meets",
    "overlaps before",
    "overlaps after",
    "overlaps",
    "starts",
    "ends",
    "union",
    "intersect",
    "except",
    "same or before",
    "same or after",
    "same as",
    "same",
    "within",
    "such",
    "sort",
];

fn relation(reader: &mut Reader) -> Option<Found> {
    let left = sum(reader)?;
    let Some(word) = reader.skip_any(&RELATIONS) else {
        return Some(left);
    };
    let mut grain = Grain::default();
    let precision = Precision::ALL
        .into_iter()
        .find(|precision| reader.skip(precision.name()));
    grain.precision = precision;
    let mut word = word.to_owned();
    if word == "same" {
        word = match reader.skip_any(&["or before", "or after", "as"])? {
            "as" => "same as".to_owned(),
            other => format!("same {other}"),
        };
    } else if precision.is_some() && !reader.skip("of") {
        return None;
    }
    let (left, right) = (left.into_value(), sum(reader)?.into_value());
    if let (Value::List(left), Value::List(right)) = (&left, &right) {
        return lists(&word, left, right).map(Found::Value);
    }
    let elements = Elements {
        grain: Grain::default(),
        nodes: &SameNode,
    };
    match (&left, word.as_str(), &right) {
        (Value::List(list), "contains" | "includes", point)
            if !point.is_null() || word == "contains" =>
        {
            return Some(Found::Value(elements.contains(list, point).into()));
        }
        (Value::List(list), "properly includes", point)
        | (point, "properly included in", Value::List(list)) => {
            return Some(Found::Value(elements.properly_contains(list, point).into()));
        }
        (point, "in" | "included in", Value::List(list)) if !point.is_null() => {
            return Some(Found::Value(elements.contains(list, point).into()));
        }
        (Value::List(_), ..) | (.., Value::List(_)) => return None,
        _ => {}
    }
    Some(Found::Value(relate(&word, &left, &right, &grain)?))
}

fn sum(reader: &mut Reader) -> Option<Found> {
    let mut left = product(reader)?;
    while let Some(sign) = reader.skip_any(&["+", "-"]) {
        let right = product(reader)?;
        left = match (left, right) {
            (Found::Count(left), Found::Count(right)) => {
                Found::Count(left.combine(right, |a, b| {
                    if sign == "+" {
                        a.checked_add(b)
                    } else {
                        a.checked_sub(b)
                    }
                })?)
            }
            (left, right) => {
                Found::Value(add(&left.into_value(), &right.into_value(), sign == "-")?)
            }
        };
    }
    Some(left)
}

fn product(reader: &mut Reader) -> Option<Found> {
    let mut left = unary(reader)?;
    while let Some(sign) = reader.skip_any(&["*", "/", "^", "div", "mod"]) {
        let right = unary(reader)?;
        left = match (left, right) {
            (Found::Count(left), Found::Count(right)) if sign == "*" => {
                Found::Count(left.combine(right, i64::checked_mul)?)
            }
            (left, right) => Found::Value(multiply(&left.into_value(), &right.into_value(), sign)?),
        };
    }
    Some(left)
}

fn unary(reader: &mut Reader) -> Option<Found> {
    if reader.skip("-") {
        return Some(Found::Value(negated(&unary(reader)?.into_value())?));
    }
    if reader.skip("not") {
        let Value::Boolean(value) = unary(reader)?.into_value() else {
            return Some(Found::Value(Value::Null));
        };
        return Some(Found::Value(Value::Boolean(!value)));
    }
    for precision in Precision::ALL {
        if reader.skip(&format!("{precision} from")) {
            return Some(Found::Value(component(
                &unary(reader)?.into_value(),
                precision,
            )?));
        }
    }
    if let Some(prefix) = reader.skip_any(&[
        "start of",
        "end of",
        "width of",
        "point from",
        "predecessor of",
        "successor of",
        "minimum",
        "maximum",
        "collapse",
        "difference in",
        "date from",
        "distinct",
        "timezoneoffset from",
    ]) {
        return prefixed(prefix, reader);
    }
    if let Some(unit) = counted(reader, "between") {
        return between(reader, unit, false);
    }
    let mut found = primary(reader)?;
    if reader.skip("as") {
        // The type of a null or of what is of that type already.
        reader.next()?;
        if reader.skip("<") {
            return None;
        }
        if let Found::Value(value) = &mut found
            && !value.is_null()
        {
            return Some(found);
        }
    }
    Some(found)
}

/// A plural unit of time and a word after it.
fn counted(reader: &mut Reader, word: &str) -> Option<CountedUnit> {
    if reader.skip(&format!("weeks {word}")) {
        return Some(CountedUnit::Week);
    }
    let of = |precision: Precision| format!("{precision}s {word}");
    let found = Precision::ALL
        .into_iter()
        .find(|precision| reader.skip(&of(*precision)))?;
    Some(found.into())
}

fn prefixed(prefix: &str, reader: &mut Reader) -> Option<Found> {
    if prefix == "difference in" {
        let unit = counted(reader, "between")?;
        return between(reader, unit, true);
    }
    if matches!(prefix, "minimum" | "maximum") {
        let Token::Word(name) = reader.next()? else {
            return None;
        };
        let example: V = match name.as_str() {
            "Integer" => 0.into(),
            "Long" => 0i64.into(),
            "Decimal" => Decimal::ZERO.into(),
            "Date" => Date::MIN.into(),
            "DateTime" => DateTime::MIN.into(),
            "Time" => Time::MIN.into(),
            _ => return None,
        };
        let found = if prefix == "minimum" {
            example.minimum()
        } else {
            example.maximum()
        };
        return Some(Found::Value(found.into()));
    }
    let value = unary(reader)?.into_value();
    let grain = Grain::default();
    let result = match (prefix, &value) {
        (_, Value::Null) => Value::Null,
        ("start of", Value::Interval(interval)) => interval.start(),
        ("end of", Value::Interval(interval)) => interval.end(),
        ("width of", Value::Interval(interval)) => interval.width().into(),
        ("point from", Value::Interval(interval)) => interval.point(&grain).into(),
        ("predecessor of", value) => value.predecessor().into(),
        ("successor of", value) => value.successor().into(),
        ("date from", value) => value.to_date().into(),
        ("timezoneoffset from", Value::DateTime(moment)) => moment.offset_hours().into(),
        ("distinct", Value::List(items)) => {
            let elements = Elements {
                grain,
                nodes: &SameNode,
            };
            Value::list(elements.distinct(items))
        }
        ("collapse", Value::List(items)) => {
            let interval = |item: &V| match item {
                Value::Interval(interval) => Some(Interval::clone(interval)),
                _ => None,
            };
            let intervals: Vec<_> = items.iter().filter_map(interval).collect();
            Value::list(
                Interval::collapse(&intervals, None, &grain)
                    .into_iter()
                    .map(Value::interval),
            )
        }
        _ => return None,
    };
    Some(Found::Value(result))
}

fn between(reader: &mut Reader, unit: CountedUnit, is_difference: bool) -> Option<Found> {
    let left = sum(reader)?.into_value();
    if !reader.skip("and") {
        return None;
    }
    let right = sum(reader)?.into_value();
    let count = match (&left, &right, unit) {
        (Value::Time(left), Value::Time(right), CountedUnit::Of(precision)) => {
            match is_difference {
                true => left.difference_to(right, precision),
                false => left.duration_to(right, precision),
            }
        }
        _ => {
            let (left, right) = (left.to_date_time()?, right.to_date_time()?);
            match is_difference {
                true => left.difference_to(&right, unit, 0),
                false => left.duration_to(&right, unit, 0),
            }
        }
    };
    count.map(Found::Count)
}

fn primary(reader: &mut Reader) -> Option<Found> {
    let value = match reader.next()? {
        Token::Number(digits) => number(&digits, reader)?,
        Token::Text(text) => Value::string(&text),
        Token::Moment(text) => moment(&text)?,
        Token::Sign(sign) if sign == "(" => {
            let inner = comparison(reader)?;
            return reader.skip(")").then_some(inner);
        }
        Token::Sign(sign) if sign == "{" => Value::list(items(reader, "}")?),
        Token::Word(word) => match word.as_str() {
            "null" => Value::Null,
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            "Interval" => return interval(reader).map(Found::Value),
            "Tuple" => return tuple(reader).map(Found::Value),
            name => {
                if !reader.skip("(") {
                    return None;
                }
                let arguments = items(reader, ")")?;
                call(name, &arguments)?
            }
        },
        Token::Sign(_) => return None,
    };
    Some(Found::Value(value))
}

fn items(reader: &mut Reader, end: &str) -> Option<Vec<V>> {
    let mut items = Vec::new();
    while !reader.skip(end) {
        items.push(comparison(reader)?.into_value());
        reader.skip(",");
    }
    Some(items)
}

fn number(digits: &str, reader: &mut Reader) -> Option<V> {
    if let Some(long) = digits.strip_suffix('L') {
        return Some(Value::Long(long.parse().ok()?));
    }
    let value = Decimal::parse(digits)?;
    let unit = match reader.peek() {
        Some(Token::Text(code)) => Some(Unit::ucum_valid(code).ok()?),
        Some(Token::Word(word)) => CalendarUnit::parse(word).map(Unit::from),
        _ => None,
    };
    if let Some(unit) = unit {
        reader.next();
        let quantity = Quantity::new(value, unit);
        if reader.skip(":") {
            let Value::Quantity(denominator) = primary(reader)?.into_value() else {
                return None;
            };
            let denominator = Quantity::clone(&denominator);
            return Some(Value::Ratio(Arc::new(Ratio {
                numerator: quantity,
                denominator,
            })));
        }
        return Some(Value::quantity(quantity));
    }
    Some(if digits.contains('.') {
        value.into()
    } else {
        // The least Integer is read before its sign.
        value.to_i32().map_or(Value::Decimal(value), Value::Integer)
    })
}

fn moment(text: &str) -> Option<V> {
    if let Some(time) = text.strip_prefix('T') {
        return Time::parse(time).map(Value::Time);
    }
    if text.contains('T') {
        return DateTime::parse(text).map(Value::DateTime);
    }
    Date::parse(text).map(Value::Date)
}

fn interval(reader: &mut Reader) -> Option<V> {
    let low_closed = reader.skip_any(&["[", "("])? == "[";
    let low = sum(reader)?.into_value();
    reader.skip(",");
    let high = sum(reader)?.into_value();
    let high_closed = reader.skip_any(&["]", ")"])? == "]";
    Some(Value::interval(Interval::new(
        low,
        low_closed,
        high,
        high_closed,
    )))
}

fn tuple(reader: &mut Reader) -> Option<V> {
    if !reader.skip("{") {
        return None;
    }
    let mut elements = Vec::new();
    while !reader.skip("}") {
        let Token::Word(name) = reader.next()? else {
            return None;
        };
        if !reader.skip(":") {
            return None;
        }
        elements.push((name, comparison(reader)?.into_value()));
        reader.skip(",");
    }
    Some(Value::Tuple(Arc::new(Tuple::new(elements))))
}
