//! How many items a collection may have.

use std::fmt;

/// How many items there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// So many are there in any record.
    pub least: usize,
    /// No more are there in any record; `None` without a bound.
    pub most: Option<usize>,
}

impl Count {
    /// No items.
    pub const NONE: Count = Count::of(0, Some(0));
    /// One item, always.
    pub const ONE: Count = Count::of(1, Some(1));
    /// One item or none.
    pub const AT_MOST_ONE: Count = Count::of(0, Some(1));
    /// Any number.
    pub const MANY: Count = Count::of(0, None);

    const fn of(least: usize, most: Option<usize>) -> Count {
        Count { least, most }
    }

    /// Whether there may be several.
    #[must_use]
    pub fn may_be_many(self) -> bool {
        self.most.is_none_or(|most| most > 1)
    }

    /// The same, but perhaps fewer.
    pub(super) fn or_fewer(self) -> Count {
        Count::of(0, self.most)
    }

    /// The same, but one at most.
    pub(super) fn or_one(self) -> Count {
        Count::of(
            self.least.min(1),
            Some(self.most.map_or(1, |most| most.min(1))),
        )
    }

    /// One or the other.
    pub(super) fn either(self, other: Count) -> Count {
        let most = self.most.zip(other.most).map(|(a, b)| a.max(b));
        Count::of(self.least.min(other.least), most)
    }

    /// Both together, without saying that none is in both.
    pub(super) fn and(self, other: Count) -> Count {
        let most = self
            .most
            .zip(other.most)
            .and_then(|(a, b)| a.checked_add(b));
        Count::of(self.least.max(other.least), most)
    }

    /// So many for each of these.
    pub(super) fn each(self, of: Count) -> Count {
        let most = match (self.most, of.most) {
            (Some(0), _) | (_, Some(0)) => Some(0),
            (Some(a), Some(b)) => a.checked_mul(b),
            _ => None,
        };
        Count::of(0, most)
    }
}

impl fmt::Display for Count {
    /// As FHIR writes it: `0..1`, `0..*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) => write!(f, "{}..{most}", self.least),
            None => write!(f, "{}..*", self.least),
        }
    }
}
