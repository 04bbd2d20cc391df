//! Intervals (Reference §7).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[
    (
        &[
            Kind::After,
            Kind::Before,
            Kind::Ends,
            Kind::Includes,
            Kind::IncludedIn,
            Kind::Meets,
            Kind::MeetsAfter,
            Kind::MeetsBefore,
            Kind::Overlaps,
            Kind::OverlapsAfter,
            Kind::OverlapsBefore,
            Kind::ProperIncludes,
            Kind::ProperIncludedIn,
            Kind::SameAs,
            Kind::SameOrAfter,
            Kind::SameOrBefore,
            Kind::Starts,
        ],
        &["Interval<T>, Interval<T> -> Boolean"],
    ),
    (
        &[Kind::Contains, Kind::ProperContains],
        &["Interval<T>, T -> Boolean"],
    ),
    (&[Kind::In, Kind::ProperIn], &["T, Interval<T> -> Boolean"]),
    (
        &[Kind::Union, Kind::Intersect, Kind::Except],
        &["Interval<T>, Interval<T> -> Interval<T>"],
    ),
    (
        &[
            Kind::Start,
            Kind::End,
            Kind::PointFrom,
            Kind::Size,
            Kind::Width,
        ],
        &["Interval<T> -> T"],
    ),
    (
        &[Kind::Collapse, Kind::Expand],
        &["List<Interval<T>>, Quantity -> List<Interval<T>>"],
    ),
    (&[Kind::Expand], &["Interval<T>, Quantity -> List<T>"]),
];
