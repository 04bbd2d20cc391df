//! Conversions that are called (Reference §2).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::ToString],
        &[
            "Boolean -> String",
            "Integer -> String",
            "Long -> String",
            "Decimal -> String",
            "DateTime -> String",
            "Date -> String",
            "Time -> String",
            "Quantity -> String",
            "Ratio -> String",
            "String -> String",
        ],
    ),
    (
        &[Kind::ToBoolean],
        &[
            "String -> Boolean",
            "Integer -> Boolean",
            "Decimal -> Boolean",
            "Long -> Boolean",
            "Boolean -> Boolean",
        ],
    ),
    (&[Kind::ToChars], &["String -> List<String>"]),
    (
        &[Kind::ToInteger],
        &[
            "String -> Integer",
            "Long -> Integer",
            "Boolean -> Integer",
            "Integer -> Integer",
        ],
    ),
    (
        &[Kind::ToLong],
        &[
            "String -> Long",
            "Integer -> Long",
            "Boolean -> Long",
            "Long -> Long",
        ],
    ),
    (
        &[Kind::ToDecimal],
        &[
            "String -> Decimal",
            "Integer -> Decimal",
            "Long -> Decimal",
            "Boolean -> Decimal",
            "Decimal -> Decimal",
        ],
    ),
    (
        &[Kind::ToDateTime],
        &[
            "String -> DateTime",
            "Date -> DateTime",
            "DateTime -> DateTime",
        ],
    ),
    (
        &[Kind::ToDate],
        &["String -> Date", "DateTime -> Date", "Date -> Date"],
    ),
    (&[Kind::ToTime], &["String -> Time"]),
    (
        &[Kind::ToQuantity],
        &[
            "String -> Quantity",
            "Ratio -> Quantity",
            "Integer -> Quantity",
            "Decimal -> Quantity",
            "Quantity -> Quantity",
        ],
    ),
    (&[Kind::ToRatio], &["String -> Ratio"]),
    (
        &[Kind::ToConcept],
        &["Code -> Concept", "List<Code> -> Concept"],
    ),
    (
        &[
            Kind::ConvertsToBoolean,
            Kind::ConvertsToInteger,
            Kind::ConvertsToLong,
            Kind::ConvertsToDecimal,
            Kind::ConvertsToDateTime,
            Kind::ConvertsToDate,
            Kind::ConvertsToTime,
            Kind::ConvertsToString,
            Kind::ConvertsToQuantity,
            Kind::ConvertsToRatio,
        ],
        &["Any -> Boolean"],
    ),
    (
        &[Kind::CanConvertQuantity],
        &["Quantity, String -> Boolean"],
    ),
    (&[Kind::ConvertQuantity], &["Quantity, String -> Quantity"]),
];
