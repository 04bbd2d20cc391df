//! Texts (Reference §5).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[Kind::Add, Kind::Concatenate],
        &["String, String -> String"],
    ),
    (
        &[Kind::Combine],
        &["List<String> -> String", "List<String>, String -> String"],
    ),
    (
        &[Kind::StartsWith, Kind::EndsWith, Kind::Matches],
        &["String, String -> Boolean"],
    ),
    (&[Kind::Indexer], &["String, Integer -> String"]),
    (
        &[Kind::PositionOf, Kind::LastPositionOf],
        &["String, String -> Integer"],
    ),
    (&[Kind::Length], &["String -> Integer"]),
    (&[Kind::Upper, Kind::Lower], &["String -> String"]),
    (
        &[Kind::ReplaceMatches],
        &["String, String, String -> String"],
    ),
    (
        &[Kind::Split, Kind::SplitOnMatches],
        &["String, String -> List<String>"],
    ),
    (
        &[Kind::Substring],
        &[
            "String, Integer -> String",
            "String, Integer, Integer -> String",
        ],
    ),
];
