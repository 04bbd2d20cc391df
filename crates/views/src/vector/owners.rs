//! Whose each value is: the bookkeeping of ragged columns.

use std::sync::Arc;

/// For a number of items, the values that each has: value `k` is one of item `owner(k)`, and owners ascend.
#[derive(Debug, Clone)]
pub(crate) enum Owners {
    /// Every item has one place for a value, the item's own.
    Each(usize),
    /// Any number of values for each of `items` items.
    Of { items: usize, owners: Arc<[u32]> },
}

/// An index as Arrow and the owners have it. Batches are far smaller than 4 G rows.
pub(crate) fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The inverse of [`narrow`].
pub(crate) fn wide(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

impl Owners {
    /// No value for any item.
    pub(crate) fn none(items: usize) -> Owners {
        Owners::Of {
            items,
            owners: Arc::new([]),
        }
    }

    /// How many items there are.
    pub(crate) fn items(&self) -> usize {
        match self {
            Owners::Each(items) | Owners::Of { items, .. } => *items,
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Owners::Each(items) => *items,
            Owners::Of { owners, .. } => owners.len(),
        }
    }

    /// Whose value `index` is.
    pub(crate) fn owner(&self, index: usize) -> u32 {
        match self {
            Owners::Each(_) => narrow(index),
            Owners::Of { owners, .. } => owners.get(index).copied().unwrap_or(u32::MAX),
        }
    }

    /// The owners of all values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).map(|index| self.owner(index))
    }

    /// The values at these places only.
    pub(crate) fn pick(&self, picks: &[u32]) -> Owners {
        Owners::Of {
            items: self.items(),
            owners: picks.iter().map(|pick| self.owner(wide(*pick))).collect(),
        }
    }

    /// Values of values: `inner` says whose of these values each is; the result says whose item's.
    pub(crate) fn compose(&self, inner: &Owners) -> Owners {
        match (self, inner) {
            (Owners::Each(_), inner) => inner.clone(),
            (outer, Owners::Each(_)) => outer.clone(),
            (outer, Owners::Of { owners, .. }) => Owners::Of {
                items: outer.items(),
                owners: owners
                    .iter()
                    .map(|value| outer.owner(wide(*value)))
                    .collect(),
            },
        }
    }

    /// How many values each item has.
    pub(crate) fn counts(&self) -> Vec<u32> {
        match self {
            Owners::Each(items) => vec![1; *items],
            Owners::Of { items, owners } => {
                let mut counts = vec![0; *items];
                for owner in owners.iter() {
                    if let Some(count) = counts.get_mut(wide(*owner)) {
                        *count += 1;
                    }
                }
                counts
            }
        }
    }

    /// Where the values of each item start, and where the last end.
    pub(crate) fn offsets(&self) -> Vec<u32> {
        let mut offsets = Vec::with_capacity(self.items() + 1);
        let mut at = 0;
        offsets.push(at);
        for count in self.counts() {
            at += count;
            offsets.push(at);
        }
        offsets
    }

    /// Whether no item has two values.
    pub(crate) fn is_single(&self) -> bool {
        match self {
            Owners::Each(_) => true,
            Owners::Of { owners, .. } => owners.array_windows().all(|[a, b]| a != b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(items: usize, owners: &[u32]) -> Owners {
        Owners::Of {
            items,
            owners: owners.into(),
        }
    }

    #[test]
    fn values_of_values_belong_to_the_item_of_the_outer_one() {
        let composed = of(3, &[0, 2, 2]).compose(&of(3, &[0, 0, 2]));
        assert_eq!(composed.iter().collect::<Vec<_>>(), [0, 0, 2]);
        assert_eq!(composed.items(), 3);
        assert_eq!(composed.offsets(), [0, 2, 2, 3]);
    }

    #[test]
    fn two_values_of_one_item_are_not_single() {
        assert!(of(3, &[0, 2]).is_single() && Owners::Each(3).is_single());
        assert!(!of(3, &[0, 2, 2]).is_single());
        assert_eq!(of(3, &[0, 2, 2]).pick(&[0, 2]).counts(), [1, 0, 1]);
    }
}
