//! Dates and times (Reference §6).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::Add, Kind::Subtract],
        &[
            "DateTime, Quantity -> DateTime",
            "Date, Quantity -> Date",
            "Time, Quantity -> Time",
        ],
    ),
    (
        &[
            Kind::Before,
            Kind::After,
            Kind::SameAs,
            Kind::SameOrBefore,
            Kind::SameOrAfter,
        ],
        &[
            "DateTime, DateTime -> Boolean",
            "Date, Date -> Boolean",
            "Time, Time -> Boolean",
        ],
    ),
    (
        &[Kind::DifferenceBetween, Kind::DurationBetween],
        &[
            "DateTime, DateTime -> Integer",
            "Date, Date -> Integer",
            "Time, Time -> Integer",
        ],
    ),
    (
        &[Kind::DateTime],
        &[
            "Integer -> DateTime",
            "Integer, Integer -> DateTime",
            "Integer, Integer, Integer -> DateTime",
            "Integer, Integer, Integer, Integer -> DateTime",
            "Integer, Integer, Integer, Integer, Integer -> DateTime",
            "Integer, Integer, Integer, Integer, Integer, Integer -> DateTime",
            "Integer, Integer, Integer, Integer, Integer, Integer, Integer -> DateTime",
            "Integer, Integer, Integer, Integer, Integer, Integer, Integer, Decimal -> DateTime",
        ],
    ),
    (
        &[Kind::Date],
        &[
            "Integer -> Date",
            "Integer, Integer -> Date",
            "Integer, Integer, Integer -> Date",
        ],
    ),
    (
        &[Kind::Time],
        &[
            "Integer -> Time",
            "Integer, Integer -> Time",
            "Integer, Integer, Integer -> Time",
            "Integer, Integer, Integer, Integer -> Time",
        ],
    ),
    (&[Kind::Now], &["-> DateTime"]),
    (&[Kind::Today], &["-> Date"]),
    (&[Kind::TimeOfDay], &["-> Time"]),
    (&[Kind::DateFrom], &["DateTime -> Date"]),
    (&[Kind::TimeFrom], &["DateTime -> Time"]),
    (&[Kind::TimezoneOffsetFrom], &["DateTime -> Decimal"]),
    (
        &[Kind::DateTimeComponentFrom],
        &["DateTime -> Integer", "Date -> Integer", "Time -> Integer"],
    ),
];
