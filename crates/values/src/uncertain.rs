//! Results that are known to lie in a range only (CQL 1.5.3 Author's Guide, "Uncertainty").

use std::cmp::Ordering;

/// A value between two bounds, both included; certain when they are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uncertain<T> {
    low: T,
    high: T,
}

impl<T: Ord + Copy> Uncertain<T> {
    /// A value between `low` and `high`; in whichever order they come.
    #[must_use]
    pub fn new(low: T, high: T) -> Uncertain<T> {
        Uncertain {
            low: low.min(high),
            high: high.max(low),
        }
    }

    /// The least it may be.
    #[must_use]
    pub fn low(self) -> T {
        self.low
    }

    /// The greatest it may be.
    #[must_use]
    pub fn high(self) -> T {
        self.high
    }

    /// The value, if there is only one that it may be.
    #[must_use]
    pub fn certain(self) -> Option<T> {
        (self.low == self.high).then_some(self.low)
    }

    /// The order, when it is the same for all values that both may be.
    #[must_use]
    pub fn compare(self, other: Uncertain<T>) -> Option<Ordering> {
        if self.high < other.low {
            return Some(Ordering::Less);
        }
        if self.low > other.high {
            return Some(Ordering::Greater);
        }
        (self.certain()? == other.certain()?).then_some(Ordering::Equal)
    }

    /// `self < other`, when that is known.
    #[must_use]
    pub fn less(self, other: Uncertain<T>) -> Option<bool> {
        decide(self.high < other.low, self.low >= other.high)
    }

    /// `self <= other`, when that is known.
    #[must_use]
    pub fn less_or_equal(self, other: Uncertain<T>) -> Option<bool> {
        decide(self.high <= other.low, self.low > other.high)
    }

    /// `self = other`, when that is known.
    #[must_use]
    pub fn equal(self, other: Uncertain<T>) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// The result of an operation that only grows or only falls with each operand; `None` where it has none.
    #[must_use]
    pub fn combine(
        self,
        other: Uncertain<T>,
        apply: impl Fn(T, T) -> Option<T>,
    ) -> Option<Uncertain<T>> {
        let corners = [
            apply(self.low, other.low)?,
            apply(self.low, other.high)?,
            apply(self.high, other.low)?,
            apply(self.high, other.high)?,
        ];
        let low = corners.into_iter().min()?;
        let high = corners.into_iter().max()?;
        Some(Uncertain { low, high })
    }
}

impl<T: Copy> From<T> for Uncertain<T> {
    fn from(value: T) -> Uncertain<T> {
        Uncertain {
            low: value,
            high: value,
        }
    }
}

fn decide(surely: bool, surely_not: bool) -> Option<bool> {
    match (surely, surely_not) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
