//! Rows as columns: joined, united, and padded with nulls.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::{concat, take};
use arrow::error::ArrowError;

use super::owners::{Owners, narrow, wide};

/// The rows that a select makes of items: whose each row is, and its columns.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub owners: Owners,
    pub columns: Vec<ArrayRef>,
}

/// Why rows are not joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooMany {
    /// One item would have too many.
    OfItem(usize),
    /// All together would be too many to hold.
    Together,
}

/// How many rows one batch may give: they are held in memory together.
pub(crate) const ROWS_PER_BATCH_MAX: usize = 1 << 26;

impl Rows {
    /// One row without columns for each item.
    pub(crate) fn each(items: usize) -> Rows {
        Rows {
            owners: Owners::Each(items),
            columns: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.owners.len()
    }

    /// Each row of an item with each of the item's rows on the other side.
    pub(crate) fn join(self, right: Rows) -> Result<Rows, ArrowError> {
        let (left_at, right_at, owners) = match (&self.owners, &right.owners) {
            (Owners::Each(_), Owners::Each(_)) => (None, None, self.owners.clone()),
            (Owners::Each(_), Owners::Of { owners, .. }) => (
                Some(UInt32Array::from(owners.to_vec())),
                None,
                right.owners.clone(),
            ),
            (Owners::Of { owners, .. }, Owners::Each(_)) => (
                None,
                Some(UInt32Array::from(owners.to_vec())),
                self.owners.clone(),
            ),
            (left, right) => {
                let (left_at, right_at, owners) = pairs(left, right);
                (Some(left_at.into()), Some(right_at.into()), owners)
            }
        };
        let mut columns = at(self.columns, left_at.as_ref())?;
        columns.extend(at(right.columns, right_at.as_ref())?);
        Ok(Rows { owners, columns })
    }

    /// Whether joining the two would give more rows of one item than this, or more together than can be held.
    pub(crate) fn exceeds(&self, right: &Rows, rows_max: usize) -> Option<TooMany> {
        if let (Owners::Each(_), _) | (_, Owners::Each(_)) = (&self.owners, &right.owners) {
            return None;
        }
        let (left, right) = (self.owners.counts(), right.owners.counts());
        let mut together = 0_usize;
        for (item, (left, right)) in left.iter().zip(&right).enumerate() {
            let product = wide(*left).saturating_mul(wide(*right));
            if product > rows_max {
                return Some(TooMany::OfItem(item));
            }
            together = together.saturating_add(product);
        }
        (together > ROWS_PER_BATCH_MAX).then_some(TooMany::Together)
    }

    /// The rows of several selects on the same items: of each item first those of the first select.
    pub(crate) fn union(parts: Vec<Rows>) -> Result<Rows, ArrowError> {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Ok(Rows::each(0));
        };
        let others: Vec<Rows> = parts.collect();
        if others.is_empty() {
            return Ok(first);
        }
        let all = || std::iter::once(&first).chain(&others);
        let mut order: Vec<(u32, u32)> = Vec::new();
        for (place, owner) in (0_u32..).zip(all().flat_map(|rows| rows.owners.iter())) {
            order.push((owner, place));
        }
        // Stable by construction: the places of one item keep their order.
        order.sort_unstable();
        let places = UInt32Array::from_iter_values(order.iter().map(|(_, place)| *place));
        let mut columns = Vec::with_capacity(first.columns.len());
        for index in 0..first.columns.len() {
            let arrays: Vec<&dyn Array> = all()
                .filter_map(|rows| rows.columns.get(index).map(AsRef::as_ref))
                .collect();
            columns.push(take(&concat(&arrays)?, &places, None)?);
        }
        Ok(Rows {
            owners: Owners::Of {
                items: first.owners.items(),
                owners: order.iter().map(|(owner, _)| *owner).collect(),
            },
            columns,
        })
    }

    /// The same with a row of nulls for each item on which nothing was found: what was found may have no rows either,
    /// and an item of such has none. Also gives which rows are of nulls.
    pub(crate) fn or_null(self, found: &Owners) -> Result<(Rows, Vec<bool>), ArrowError> {
        let (found, counts) = (found.counts(), self.owners.counts());
        if found.iter().all(|count| *count > 0) {
            let none = vec![false; self.len()];
            return Ok((self, none));
        }
        let mut places: Vec<Option<u32>> = Vec::with_capacity(self.len() + counts.len());
        let mut owners = Vec::with_capacity(places.capacity());
        let mut next = 0;
        for ((item, found), count) in (0_u32..).zip(found).zip(&counts) {
            match found {
                0 => {
                    places.push(None);
                    owners.push(item);
                }
                _ => {
                    places.extend((next..next + count).map(Some));
                    owners.extend(std::iter::repeat_n(item, wide(*count)));
                    next += count;
                }
            }
        }
        let is_null = places.iter().map(Option::is_none).collect();
        let columns = at(self.columns, Some(&UInt32Array::from(places)))?;
        let owners = Owners::Of {
            items: counts.len(),
            owners: owners.into(),
        };
        Ok((Rows { owners, columns }, is_null))
    }
}

/// All pairs of the rows of each item.
fn pairs(left: &Owners, right: &Owners) -> (Vec<u32>, Vec<u32>, Owners) {
    let (left_offsets, right_offsets) = (left.offsets(), right.offsets());
    let (mut left_at, mut right_at, mut owners) = (Vec::new(), Vec::new(), Vec::new());
    let both = left_offsets
        .array_windows()
        .zip(right_offsets.array_windows());
    for (item, ([left_from, left_to], [right_from, right_to])) in both.enumerate() {
        for l in *left_from..*left_to {
            for r in *right_from..*right_to {
                left_at.push(l);
                right_at.push(r);
                owners.push(narrow(item));
            }
        }
    }
    let owners = Owners::Of {
        items: left.items(),
        owners: owners.into(),
    };
    (left_at, right_at, owners)
}

/// The columns at these places; as they are without.
fn at(columns: Vec<ArrayRef>, places: Option<&UInt32Array>) -> Result<Vec<ArrayRef>, ArrowError> {
    match places {
        None => Ok(columns),
        Some(places) => columns
            .iter()
            .map(|column| take(column, places, None))
            .collect(),
    }
}

/// Arrays of no rows, so that a union of nothing has its columns.
pub(crate) fn none(
    items: usize,
    columns: impl Iterator<Item = arrow::datatypes::DataType>,
) -> Rows {
    Rows {
        owners: Owners::none(items),
        columns: columns
            .map(|ty| arrow::array::new_empty_array(&ty))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use arrow::array::{AsArray, Int32Array};
    use arrow::datatypes::Int32Type;

    fn rows(items: usize, owners: &[u32], values: &[i32]) -> Rows {
        Rows {
            owners: Owners::Of {
                items,
                owners: owners.into(),
            },
            columns: vec![Arc::new(Int32Array::from(values.to_vec()))],
        }
    }

    fn values(rows: &Rows, column: usize) -> Vec<Option<i32>> {
        rows.columns[column]
            .as_primitive::<Int32Type>()
            .iter()
            .collect()
    }

    #[test]
    fn every_row_of_an_item_meets_every_row_of_the_same_item() {
        let joined = rows(3, &[0, 0, 2], &[1, 2, 3])
            .join(rows(3, &[0, 1, 2, 2], &[10, 20, 30, 40]))
            .unwrap();
        assert_eq!(values(&joined, 0), [Some(1), Some(2), Some(3), Some(3)]);
        assert_eq!(values(&joined, 1), [Some(10), Some(10), Some(30), Some(40)]);
        assert_eq!(joined.owners.iter().collect::<Vec<_>>(), [0, 0, 2, 2]);
    }

    #[test]
    fn one_row_for_each_item_is_repeated_beside_many() {
        let each = Rows {
            owners: Owners::Each(2),
            columns: vec![Arc::new(Int32Array::from(vec![7, 8]))],
        };
        let joined = each.join(rows(2, &[1, 1], &[1, 2])).unwrap();
        assert_eq!(values(&joined, 0), [Some(8), Some(8)]);
    }

    #[test]
    fn united_rows_stand_item_by_item_and_branch_by_branch() {
        let united = Rows::union(vec![
            rows(2, &[0, 1], &[1, 2]),
            rows(2, &[0, 0, 1], &[3, 4, 5]),
        ])
        .unwrap();
        let found: Vec<i32> = values(&united, 0).into_iter().flatten().collect();
        assert_eq!(found, [1, 3, 4, 2, 5]);
    }

    #[test]
    fn an_item_on_which_nothing_was_found_gets_a_row_of_nulls() {
        let found = Owners::Of {
            items: 4,
            owners: [1, 3].into(),
        };
        let (padded, is_null) = rows(4, &[1], &[5]).or_null(&found).unwrap();
        assert_eq!(values(&padded, 0), [None, Some(5), None]);
        assert_eq!(padded.owners.iter().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(is_null, [true, false, true]);
    }

    #[test]
    fn a_product_beyond_the_bound_is_found_before_it_is_made() {
        let many = rows(2, &[1, 1, 1], &[1, 2, 3]);
        assert_eq!(many.exceeds(&many.clone(), 8), Some(TooMany::OfItem(1)));
        assert_eq!(many.exceeds(&many.clone(), 9), None);
    }
}
