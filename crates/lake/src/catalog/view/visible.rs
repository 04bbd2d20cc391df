//! The condition for rows that a snapshot sees.

/// Rows of `{alias}` that snapshot `$1` sees.
macro_rules! visible {
    ($alias:literal) => {
        concat!(
            $alias,
            ".begin_snapshot <= $1 AND (",
            $alias,
            ".end_snapshot IS NULL OR ",
            $alias,
            ".end_snapshot > $1)"
        )
    };
}

pub(super) use visible;
