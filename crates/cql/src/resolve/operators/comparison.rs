//! Comparison (Reference §3): equality of everything, order of what has one.

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::Equal, Kind::Equivalent],
        &[
            "Boolean, Boolean -> Boolean",
            "Integer, Integer -> Boolean",
            "Long, Long -> Boolean",
            "Decimal, Decimal -> Boolean",
            "String, String -> Boolean",
            "DateTime, DateTime -> Boolean",
            "Date, Date -> Boolean",
            "Time, Time -> Boolean",
            "Quantity, Quantity -> Boolean",
            "Ratio, Ratio -> Boolean",
            "Code, Code -> Boolean",
            "Concept, Concept -> Boolean",
            "C, C -> Boolean",
            "R, R -> Boolean",
            "H, H -> Boolean",
            "Interval<T>, Interval<T> -> Boolean",
            "List<T>, List<T> -> Boolean",
        ],
    ),
    (
        &[
            Kind::Less,
            Kind::LessOrEqual,
            Kind::Greater,
            Kind::GreaterOrEqual,
        ],
        &[
            "Integer, Integer -> Boolean",
            "Long, Long -> Boolean",
            "Decimal, Decimal -> Boolean",
            "String, String -> Boolean",
            "DateTime, DateTime -> Boolean",
            "Date, Date -> Boolean",
            "Time, Time -> Boolean",
            "Quantity, Quantity -> Boolean",
        ],
    ),
];
