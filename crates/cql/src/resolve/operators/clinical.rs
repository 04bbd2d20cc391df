//! Codes and ages (Reference §12).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::CalculateAge],
        &["DateTime -> Integer", "Date -> Integer"],
    ),
    (
        &[Kind::CalculateAgeAt],
        &["DateTime, DateTime -> Integer", "Date, Date -> Integer"],
    ),
    (
        &[Kind::InValueSet, Kind::InCodeSystem],
        &["String -> Boolean", "Code -> Boolean", "Concept -> Boolean"],
    ),
    (
        &[Kind::InValueSet],
        &[
            "String, ValueSet -> Boolean",
            "Code, ValueSet -> Boolean",
            "Concept, ValueSet -> Boolean",
        ],
    ),
    (
        &[Kind::InCodeSystem],
        &[
            "String, CodeSystem -> Boolean",
            "Code, CodeSystem -> Boolean",
            "Concept, CodeSystem -> Boolean",
        ],
    ),
    (
        &[Kind::AnyInValueSet, Kind::AnyInCodeSystem],
        &[
            "List<String> -> Boolean",
            "List<Code> -> Boolean",
            "List<Concept> -> Boolean",
        ],
    ),
    (
        &[Kind::AnyInValueSet],
        &[
            "List<String>, ValueSet -> Boolean",
            "List<Code>, ValueSet -> Boolean",
            "List<Concept>, ValueSet -> Boolean",
        ],
    ),
    (
        &[Kind::AnyInCodeSystem],
        &[
            "List<String>, CodeSystem -> Boolean",
            "List<Code>, CodeSystem -> Boolean",
            "List<Concept>, CodeSystem -> Boolean",
        ],
    ),
    (&[Kind::ExpandValueSet], &["ValueSet -> List<Code>"]),
    (
        &[Kind::Subsumes, Kind::SubsumedBy],
        &["Code, Code -> Boolean", "Concept, Concept -> Boolean"],
    ),
];
