//! The functions of System by their names, for the walk.

use salus_cql::operators::{self as op, Outcome, Scene, message::Message};
use salus_values::{CountedUnit, Precision};
use std::convert::Infallible;

use super::walk::{Found, V, refused};

/// Numbers of one type: the wider of the two.
pub fn promoted(left: V, right: V) -> (V, V) {
    let rank = rank(&left).max(rank(&right));
    (widened(left, rank), widened(right, rank))
}

pub fn promoted_all(values: Vec<V>) -> Vec<V> {
    let rank = values.iter().map(rank).max().unwrap_or(0);
    values
        .into_iter()
        .map(|value| widened(value, rank))
        .collect()
}

fn rank(value: &V) -> u8 {
    match value {
        V::Integer(_) => 1,
        V::Long(_) => 2,
        V::Decimal(_) => 3,
        V::Quantity(_) => 4,
        V::DateTime(_) => 11,
        _ => 0,
    }
}

fn widened(value: V, rank: u8) -> V {
    match (&value, rank) {
        (V::Integer(_), 2) => value.to_long().into(),
        (V::Integer(_) | V::Long(_), 3) => value.to_decimal().into(),
        (V::Integer(_) | V::Long(_) | V::Decimal(_), 4) => {
            value.to_quantity().map(V::quantity).into()
        }
        (V::Date(_), 11) => value.to_date_time().into(),
        _ => value,
    }
}

type Unary = fn(&V, &Scene<'_>) -> Outcome<Infallible>;
type Binary = fn(&V, &V, &Scene<'_>) -> Outcome<Infallible>;

pub fn call(name: &str, values: &[V], first_is_list: bool, scene: &Scene<'_>) -> Found {
    if let Some(found) = of_any_number(name, values, scene) {
        return found;
    }
    match values {
        [one] => match unary(name, one, first_is_list) {
            Some(function) => Ok(function(one, scene)?),
            None => refused(format!("no function {name}({})", one.type_name())),
        },
        [one, two] => match binary(name, one) {
            Some(function) => {
                let (one, two) = match name {
                    "Power" | "Log" => promoted(one.clone(), two.clone()),
                    _ => (one.clone(), two.clone()),
                };
                Ok(function(&one, &two, scene)?)
            }
            None => refused(format!("no function {name} of two")),
        },
        _ => refused(format!("no function {name} of {}", values.len())),
    }
}

fn of_any_number(name: &str, values: &[V], scene: &Scene<'_>) -> Option<Found> {
    let null = V::Null;
    let found = match (name, values) {
        ("Coalesce", values) => op::nullological::coalesce(values, scene),
        ("Date", values) => op::date_time::date(values, scene),
        ("Time", values) => op::date_time::time(values, scene),
        ("DateTime", values) => {
            let (parts, offset) = values.split_at(values.len().min(7));
            op::date_time::date_time(parts, offset.first(), scene)
        }
        ("Concatenate", values) => op::text::concatenate(values, scene),
        ("Now", []) => op::date_time::now(scene),
        ("Today", []) => op::date_time::today(scene),
        ("TimeOfDay", []) => op::date_time::time_of_day(scene),
        ("Round", [value]) => op::arithmetic::round(value, None, scene),
        ("Round", [value, digits]) => op::arithmetic::round(value, Some(digits), scene),
        ("Combine", [source]) => op::text::combine(source, None, scene),
        ("Combine", [source, separator]) => op::text::combine(source, Some(separator), scene),
        ("Substring", [text, start]) => op::text::substring(text, start, None, scene),
        ("Substring", [text, start, length]) => {
            op::text::substring(text, start, Some(length), scene)
        }
        ("ReplaceMatches", [text, pattern, by]) => {
            op::text::replace_matches(text, pattern, by, scene)
        }
        ("LowBoundary", [value]) => op::arithmetic::low_boundary(value, &null, scene),
        ("HighBoundary", [value]) => op::arithmetic::high_boundary(value, &null, scene),
        ("Slice", [list]) => op::list::slice_from_either_end(list, &null, &null, scene),
        ("Slice", [list, start]) => op::list::slice_from_either_end(list, start, &null, scene),
        ("Slice", [list, start, end]) => op::list::slice_from_either_end(list, start, end, scene),
        ("Tail", [list]) => op::list::slice(list, &V::Integer(1), &null, scene),
        ("Skip", [list, count]) => op::list::slice(list, count, &null, scene),
        ("Take", [list, V::Null]) => op::list::slice(list, &V::Integer(0), &V::Integer(0), scene),
        ("Take", [list, count]) => op::list::slice(list, &V::Integer(0), count, scene),
        ("Message", [source, condition, code, severity, text]) => {
            let message = Message {
                condition,
                code,
                severity,
                text,
            };
            op::message::message(source, &message, scene)
        }
        (name, values) => return age(name, values, scene),
    };
    Some(found.map_err(Into::into))
}

fn age(name: &str, values: &[V], scene: &Scene<'_>) -> Option<Found> {
    let unit = name.strip_prefix("CalculateAgeIn")?;
    let unit = unit.strip_suffix("At").unwrap_or(unit).to_lowercase();
    let unit = match unit.as_str() {
        "weeks" => CountedUnit::Week,
        other => CountedUnit::Of(other.parse::<Precision>().ok()?),
    };
    let found = match values {
        [birth] => op::clinical::calculate_age(birth, unit, scene),
        [birth, as_of] => op::clinical::calculate_age_at(birth, as_of, unit, scene),
        _ => return None,
    };
    Some(found.map_err(Into::into))
}

fn unary(name: &str, value: &V, is_list: bool) -> Option<Unary> {
    use op::{aggregate as a, arithmetic as n, conversion as c};
    Some(match name {
        "IsNull" => op::nullological::is_null,
        "IsTrue" => op::nullological::is_true,
        "IsFalse" => op::nullological::is_false,
        "Not" => op::logic::not,
        "ToBoolean" => c::to_boolean,
        "ToInteger" => c::to_integer,
        "ToLong" => c::to_long,
        "ToDecimal" => c::to_decimal,
        "ToString" => c::to_string,
        "ToDate" => c::to_date,
        "ToDateTime" => c::to_date_time,
        "ToTime" => c::to_time,
        "ToQuantity" => c::to_quantity,
        "ToRatio" => c::to_ratio,
        "ToConcept" => c::to_concept,
        "ToChars" => c::to_chars,
        "ConvertsToBoolean" => c::converts_to_boolean,
        "ConvertsToInteger" => c::converts_to_integer,
        "ConvertsToLong" => c::converts_to_long,
        "ConvertsToDecimal" => c::converts_to_decimal,
        "ConvertsToString" => c::converts_to_string,
        "ConvertsToDate" => c::converts_to_date,
        "ConvertsToDateTime" => c::converts_to_date_time,
        "ConvertsToTime" => c::converts_to_time,
        "ConvertsToQuantity" => c::converts_to_quantity,
        "ConvertsToRatio" => c::converts_to_ratio,
        "Abs" => n::abs,
        "Ceiling" => n::ceiling,
        "Floor" => n::floor,
        "Truncate" => n::truncate,
        "Ln" => n::ln,
        "Exp" => n::exp,
        "Precision" => n::precision,
        "Length" if is_list || matches!(value, V::List(_)) => op::list::length,
        "Length" => op::text::length,
        "Upper" => op::text::upper,
        "Lower" => op::text::lower,
        "Size" => op::interval::size,
        "Exists" => op::list::exists,
        "First" => op::list::first,
        "Last" => op::list::last,
        "Flatten" => op::list::flatten,
        "Distinct" => op::list::distinct,
        "Count" => a::count,
        "Sum" => a::sum,
        "Product" => a::product,
        "Min" => a::min,
        "Max" => a::max,
        "Avg" => a::avg,
        "Median" => a::median,
        "Mode" => a::mode,
        "Variance" => a::variance,
        "PopulationVariance" => a::population_variance,
        "StdDev" => a::std_dev,
        "PopulationStdDev" => a::population_std_dev,
        "GeometricMean" => a::geometric_mean,
        "AllTrue" => a::all_true,
        "AnyTrue" => a::any_true,
        _ => return None,
    })
}

fn binary(name: &str, first: &V) -> Option<Binary> {
    Some(match name {
        "ConvertQuantity" => op::conversion::convert_quantity,
        "CanConvertQuantity" => op::conversion::can_convert_quantity,
        "Log" => op::arithmetic::log,
        "Power" => op::arithmetic::power,
        "LowBoundary" => op::arithmetic::low_boundary,
        "HighBoundary" => op::arithmetic::high_boundary,
        "Split" => op::text::split,
        "SplitOnMatches" => op::text::split_on_matches,
        "PositionOf" => op::text::position_of,
        "LastPositionOf" => op::text::last_position_of,
        "StartsWith" => op::text::starts_with,
        "EndsWith" => op::text::ends_with,
        "Matches" => op::text::matches,
        "IndexOf" => op::list::index_of,
        "Indexer" if matches!(first, V::List(_)) => op::list::indexer,
        "Indexer" => op::text::indexer,
        _ => return None,
    })
}
