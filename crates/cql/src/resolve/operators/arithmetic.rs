//! Arithmetic (Reference §4).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[
            Kind::Add,
            Kind::Subtract,
            Kind::Multiply,
            Kind::Modulo,
            Kind::TruncatedDivide,
        ],
        &[
            "Integer, Integer -> Integer",
            "Long, Long -> Long",
            "Decimal, Decimal -> Decimal",
            "Quantity, Quantity -> Quantity",
        ],
    ),
    (
        &[Kind::Divide],
        &[
            "Decimal, Decimal -> Decimal",
            "Quantity, Quantity -> Quantity",
        ],
    ),
    (
        &[Kind::Power],
        &[
            "Integer, Integer -> Integer",
            "Long, Long -> Long",
            "Decimal, Decimal -> Decimal",
        ],
    ),
    (&[Kind::Log], &["Decimal, Decimal -> Decimal"]),
    (
        &[Kind::Abs, Kind::Negate],
        &[
            "Integer -> Integer",
            "Long -> Long",
            "Decimal -> Decimal",
            "Quantity -> Quantity",
        ],
    ),
    (
        &[Kind::Ceiling, Kind::Floor, Kind::Truncate],
        &["Decimal -> Integer"],
    ),
    (&[Kind::Exp, Kind::Ln], &["Decimal -> Decimal"]),
    (
        &[Kind::Round],
        &["Decimal -> Decimal", "Decimal, Integer -> Decimal"],
    ),
    (
        &[Kind::Predecessor, Kind::Successor],
        &[
            "Integer -> Integer",
            "Long -> Long",
            "Decimal -> Decimal",
            "Date -> Date",
            "DateTime -> DateTime",
            "Time -> Time",
            "Quantity -> Quantity",
        ],
    ),
    (
        &[Kind::LowBoundary, Kind::HighBoundary],
        &[
            "Decimal, Integer -> Decimal",
            "Date, Integer -> Date",
            "DateTime, Integer -> DateTime",
            "Time, Integer -> Time",
        ],
    ),
    (
        &[Kind::Precision],
        &[
            "Decimal -> Integer",
            "Date -> Integer",
            "DateTime -> Integer",
            "Time -> Integer",
        ],
    ),
];
