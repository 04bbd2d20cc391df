//! Logic and nulls (Reference §1 and §8).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::And, Kind::Or, Kind::Xor, Kind::Implies],
        &["Boolean, Boolean -> Boolean"],
    ),
    (
        &[Kind::Not, Kind::IsTrue, Kind::IsFalse],
        &["Boolean -> Boolean"],
    ),
    (&[Kind::IsNull], &["Any -> Boolean"]),
    (
        &[Kind::Coalesce],
        &[
            "List<T> -> T",
            "T, T -> T",
            "T, T, T -> T",
            "T, T, T, T -> T",
            "T, T, T, T, T -> T",
        ],
    ),
];
