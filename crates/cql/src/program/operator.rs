//! The operators of ELM that are functions of their operands' values: which function of [`crate::operators`] each is.
//!
//! An operator that is in no table is unknown to the compiler, which says so; it never has a wrong value.

use salus_values::{CountedUnit, Precision};

use crate::elm::{Kind, Shape};
use crate::operators::{
    self, Outcome, Record, Scene, Value, aggregate, arithmetic, clinical, comparison, conversion,
    date_time, interval, list, logic, nullological, relation, set, text,
};

macro_rules! call {
    ($function:path, ($($operand:ident),*), $scene:ident) => {
        $function($($operand,)* $scene)
    };
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident ($($operand:ident: $ty:ty),*) as $operands:tt {
        $($kind:ident => $function:path,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($kind,)* }

        impl $name {
            /// The operator of a kind of ELM, if it is one of these.
            pub fn of(kind: Kind) -> Option<$name> {
                match kind {
                    $(Kind::$kind => Some($name::$kind),)*
                    _ => None,
                }
            }

            /// Its value for these operands.
            #[inline]
            pub fn apply<N: Record>(self, $($operand: $ty,)* scene: &Scene<'_>) -> Outcome<N> {
                match self {
                    $($name::$kind => call!($function, $operands, scene),)*
                }
            }
        }
    };
}

table! {
    /// Operators of one operand.
    Unary(operand: &Value<N>) as (operand) {
        Not => logic::not,
        IsNull => nullological::is_null,
        IsTrue => nullological::is_true,
        IsFalse => nullological::is_false,
        ToBoolean => conversion::to_boolean,
        ToInteger => conversion::to_integer,
        ToLong => conversion::to_long,
        ToDecimal => conversion::to_decimal,
        ToString => conversion::to_string,
        ToDate => conversion::to_date,
        ToDateTime => conversion::to_date_time,
        ToTime => conversion::to_time,
        ToQuantity => conversion::to_quantity,
        ToRatio => conversion::to_ratio,
        ToConcept => conversion::to_concept,
        ToList => conversion::to_list,
        ToChars => conversion::to_chars,
        ConvertsToBoolean => conversion::converts_to_boolean,
        ConvertsToInteger => conversion::converts_to_integer,
        ConvertsToLong => conversion::converts_to_long,
        ConvertsToDecimal => conversion::converts_to_decimal,
        ConvertsToString => conversion::converts_to_string,
        ConvertsToDate => conversion::converts_to_date,
        ConvertsToDateTime => conversion::converts_to_date_time,
        ConvertsToTime => conversion::converts_to_time,
        ConvertsToQuantity => conversion::converts_to_quantity,
        ConvertsToRatio => conversion::converts_to_ratio,
        Ceiling => arithmetic::ceiling,
        Floor => arithmetic::floor,
        Truncate => arithmetic::truncate,
        Abs => arithmetic::abs,
        Negate => arithmetic::negate,
        Ln => arithmetic::ln,
        Exp => arithmetic::exp,
        Successor => arithmetic::successor,
        Predecessor => arithmetic::predecessor,
        Precision => arithmetic::precision,
        Upper => text::upper,
        Lower => text::lower,
        Length => length,
        DateFrom => date_time::date_from,
        TimeFrom => date_time::time_from,
        TimezoneFrom => date_time::timezone_offset_from,
        TimezoneOffsetFrom => date_time::timezone_offset_from,
        Width => interval::width,
        Size => interval::size,
        PointFrom => interval::point_from,
        Exists => list::exists,
        First => list::first,
        Last => list::last,
        Flatten => list::flatten,
        Distinct => list::distinct,
        SingletonFrom => list::singleton_from,
        Count => aggregate::count,
        Sum => aggregate::sum,
        Product => aggregate::product,
        GeometricMean => aggregate::geometric_mean,
        Min => aggregate::min,
        Max => aggregate::max,
        Avg => aggregate::avg,
        Median => aggregate::median,
        Mode => aggregate::mode,
        Variance => aggregate::variance,
        PopulationVariance => aggregate::population_variance,
        StdDev => aggregate::std_dev,
        PopulationStdDev => aggregate::population_std_dev,
        AllTrue => aggregate::all_true,
        AnyTrue => aggregate::any_true,
    }
}

table! {
    /// Operators of two operands.
    Binary(left: &Value<N>, right: &Value<N>) as (left, right) {
        Xor => logic::xor,
        Equal => comparison::equal,
        NotEqual => comparison::not_equal,
        Equivalent => comparison::equivalent,
        Less => comparison::less,
        Greater => comparison::greater,
        LessOrEqual => comparison::less_or_equal,
        GreaterOrEqual => comparison::greater_or_equal,
        Add => arithmetic::add,
        Subtract => arithmetic::subtract,
        Multiply => arithmetic::multiply,
        Divide => arithmetic::divide,
        TruncatedDivide => arithmetic::truncated_divide,
        Modulo => arithmetic::modulo,
        Log => arithmetic::log,
        Power => arithmetic::power,
        LowBoundary => arithmetic::low_boundary,
        HighBoundary => arithmetic::high_boundary,
        ConvertQuantity => conversion::convert_quantity,
        CanConvertQuantity => conversion::can_convert_quantity,
        Indexer => indexer,
        StartsWith => text::starts_with,
        EndsWith => text::ends_with,
        Matches => text::matches,
        Split => text::split,
        SplitOnMatches => text::split_on_matches,
        PositionOf => text::position_of,
        LastPositionOf => text::last_position_of,
        Collapse => interval::collapse,
        Expand => interval::expand,
        Union => set::union,
        Intersect => set::intersect,
        Except => set::except,
        IndexOf => list::index_of,
        Times => list::times,
        Subsumes => clinical::subsumes,
        SubsumedBy => clinical::subsumed_by,
    }
}

table! {
    /// Operators of two operands that compare as far as a precision.
    Precise(left: &Value<N>, right: &Value<N>, precision: Option<Precision>) as (left, right, precision) {
        SameAs => relation::same_as,
        SameOrBefore => relation::same_or_before,
        SameOrAfter => relation::same_or_after,
        Before => relation::before,
        After => relation::after,
        Meets => relation::meets,
        MeetsBefore => relation::meets_before,
        MeetsAfter => relation::meets_after,
        Overlaps => relation::overlaps,
        OverlapsBefore => relation::overlaps_before,
        OverlapsAfter => relation::overlaps_after,
        Starts => relation::starts,
        Ends => relation::ends,
        Contains => relation::contains,
        ProperContains => relation::proper_contains,
        In => relation::in_,
        ProperIn => relation::proper_in,
        Includes => relation::includes,
        IncludedIn => relation::included_in,
        ProperIncludes => relation::proper_includes,
        ProperIncludedIn => relation::proper_included_in,
    }
}

table! {
    /// Operators that count in a unit of time from one operand to the other.
    Counted(left: &Value<N>, right: &Value<N>, unit: CountedUnit) as (left, right, unit) {
        DurationBetween => date_time::duration_between,
        DifferenceBetween => date_time::difference_between,
        CalculateAgeAt => clinical::calculate_age_at,
    }
}

table! {
    /// Operators of three operands.
    Ternary(first: &Value<N>, second: &Value<N>, third: &Value<N>) as (first, second, third) {
        ReplaceMatches => text::replace_matches,
        Slice => list::slice,
    }
}

table! {
    /// Operators of any number of operands: none, several, or some of which the last may be left out.
    Nary(operands: &[Value<N>]) as (operands) {
        Concatenate => text::concatenate,
        Combine => combine,
        Substring => substring,
        Round => round,
        Date => date_time::date,
        DateTime => date_time,
        Time => date_time::time,
        Now => now,
        Today => today,
        TimeOfDay => time_of_day,
    }
}

/// The fields that hold the operands of an operator, where that is not a list `operand`.
pub(crate) fn operand_fields(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        kind if kind.shape() == Shape::Aggregate => &["source"],
        Kind::First | Kind::Last => &["source"],
        Kind::Slice => &["source", "startIndex", "endIndex"],
        Kind::IndexOf => &["source", "element"],
        Kind::Combine => &["source", "separator"],
        Kind::Split => &["stringToSplit", "separator"],
        Kind::SplitOnMatches => &["stringToSplit", "separatorPattern"],
        Kind::PositionOf | Kind::LastPositionOf => &["pattern", "string"],
        Kind::Substring => &["stringToSub", "startIndex", "length"],
        Kind::Round => &["operand", "precision"],
        Kind::Date => &["year", "month", "day"],
        Kind::DateTime => &[
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "millisecond",
            "timezoneOffset",
        ],
        Kind::Time => &["hour", "minute", "second", "millisecond"],
        Kind::Now | Kind::Today | Kind::TimeOfDay => &[],
        _ => return None,
    })
}

/// `Length` of a text or list.
fn length<N: Record>(operand: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::List(_) => list::length(operand, scene),
        _ => text::length(operand, scene),
    }
}

/// An item of a list, or a character of a text.
fn indexer<N: Record>(operand: &Value<N>, index: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    match operand {
        Value::List(_) => list::indexer(operand, index, scene),
        _ => text::indexer(operand, index, scene),
    }
}

/// Operands that are left out at the end are not in the list.
fn first<N>(operands: &[Value<N>]) -> &Value<N> {
    operands.first().unwrap_or(&Value::Null)
}

fn combine<N: Record>(operands: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    text::combine(first(operands), operands.get(1), scene)
}

fn substring<N: Record>(operands: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    let start = operands.get(1).unwrap_or(&Value::Null);
    text::substring(first(operands), start, operands.get(2), scene)
}

fn round<N: Record>(operands: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    arithmetic::round(first(operands), operands.get(1), scene)
}

fn date_time<N: Record>(operands: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    let (parts, offset) = operands.split_at_checked(7).unwrap_or((operands, &[]));
    operators::date_time::date_time(parts, offset.first(), scene)
}

fn now<N: Record>(_: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    operators::date_time::now(scene)
}

fn today<N: Record>(_: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    operators::date_time::today(scene)
}

fn time_of_day<N: Record>(_: &[Value<N>], scene: &Scene<'_>) -> Outcome<N> {
    operators::date_time::time_of_day(scene)
}
