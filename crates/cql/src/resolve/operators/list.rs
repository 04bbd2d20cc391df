//! Lists (Reference §9).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::Contains, Kind::ProperContains],
        &["List<T>, T -> Boolean"],
    ),
    (&[Kind::In, Kind::ProperIn], &["T, List<T> -> Boolean"]),
    (
        &[
            Kind::Includes,
            Kind::IncludedIn,
            Kind::ProperIncludes,
            Kind::ProperIncludedIn,
        ],
        &["List<T>, List<T> -> Boolean"],
    ),
    (
        &[Kind::Union, Kind::Intersect, Kind::Except],
        &["List<T>, List<T> -> List<T>"],
    ),
    (&[Kind::Distinct], &["List<T> -> List<T>"]),
    (&[Kind::Exists], &["List<T> -> Boolean"]),
    (&[Kind::Flatten], &["List<List<T>> -> List<T>"]),
    (
        &[Kind::First, Kind::Last, Kind::SingletonFrom],
        &["List<T> -> T"],
    ),
    (&[Kind::Indexer], &["List<T>, Integer -> T"]),
    (&[Kind::IndexOf], &["List<T>, T -> Integer"]),
    (&[Kind::Length], &["List<T> -> Integer"]),
    (
        &[Kind::Slice],
        &[
            "List<T> -> List<T>",
            "List<T>, Integer -> List<T>",
            "List<T>, Integer, Integer -> List<T>",
        ],
    ),
];
