//! Aggregates (Reference §10).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::AllTrue, Kind::AnyTrue],
        &["List<Boolean> -> Boolean"],
    ),
    (
        &[
            Kind::Avg,
            Kind::Median,
            Kind::PopulationStdDev,
            Kind::PopulationVariance,
            Kind::StdDev,
            Kind::Variance,
        ],
        &["List<Decimal> -> Decimal", "List<Quantity> -> Quantity"],
    ),
    (&[Kind::Count], &["List<T> -> Integer"]),
    (&[Kind::GeometricMean], &["List<Decimal> -> Decimal"]),
    (
        &[Kind::Max, Kind::Min],
        &[
            "List<Integer> -> Integer",
            "List<Long> -> Long",
            "List<Decimal> -> Decimal",
            "List<Quantity> -> Quantity",
            "List<DateTime> -> DateTime",
            "List<Date> -> Date",
            "List<Time> -> Time",
            "List<String> -> String",
        ],
    ),
    (&[Kind::Mode], &["List<T> -> T"]),
    (
        &[Kind::Product, Kind::Sum],
        &[
            "List<Integer> -> Integer",
            "List<Long> -> Long",
            "List<Decimal> -> Decimal",
            "List<Quantity> -> Quantity",
        ],
    ),
];
