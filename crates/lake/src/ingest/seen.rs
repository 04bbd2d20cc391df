//! Which resources a batch brings, and which of several versions counts.

use foldhash::HashMap;

use super::gather::Arrival;
use super::keys::Version;

/// One written row of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Index of its data file among the batch's files of the type.
    pub file: usize,
    /// Its row in that file.
    pub position: u32,
    /// xxh3-64 of the resource as it came.
    pub digest: i64,
    /// Its version.
    pub version: Version,
    /// Its place in the load.
    pub arrival: Arrival,
}

impl Written {
    /// Whether this row counts and `other`, of the same id, does not: the newer version; if versions do not
    /// tell, the one that came later.
    #[must_use]
    pub fn beats(&self, other: &Written) -> bool {
        if other.version.is_older_than(&self.version) {
            return true;
        }
        !self.version.is_older_than(&other.version) && self.arrival > other.arrival
    }
}

/// A row that does not count, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loser {
    /// The row.
    pub row: Written,
    /// Whether its bytes are those of the row that counts.
    pub same: bool,
}

/// All rows of one type in a batch, by the hash of their ids.
#[derive(Debug, Default)]
pub struct Seen {
    rows: HashMap<u128, Written>,
    losers: Vec<Loser>,
}

impl Seen {
    /// Adds a row.
    pub fn add(&mut self, id_hash: u128, row: Written) {
        let Some(known) = self.rows.get_mut(&id_hash) else {
            self.rows.insert(id_hash, row);
            return;
        };
        let same = known.digest == row.digest;
        if row.beats(known) && !same {
            self.losers.push(Loser { row: *known, same });
            *known = row;
        } else {
            self.losers.push(Loser { row, same });
        }
    }

    /// The row with this id that counts.
    #[must_use]
    pub fn get(&self, id_hash: u128) -> Option<&Written> {
        self.rows.get(&id_hash)
    }

    /// Takes a row out: it is deleted.
    pub fn remove(&mut self, id_hash: u128) -> Option<Written> {
        self.rows.remove(&id_hash)
    }

    /// How many ids there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that do not count.
    #[must_use]
    pub fn losers(&self) -> &[Loser] {
        &self.losers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(frame: u64, number: Option<u64>, digest: i64) -> Written {
        let version = Version {
            number,
            updated_us: None,
        };
        Written {
            file: 0,
            position: 0,
            digest,
            version,
            arrival: Arrival { source: 1, frame },
        }
    }

    #[test]
    fn the_newest_version_counts_whatever_the_order() {
        let rows = [row(0, Some(2), 1), row(1, Some(3), 2), row(2, Some(1), 3)];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let mut seen = Seen::default();
            for index in order {
                seen.add(7, rows[index]);
            }
            assert_eq!(seen.get(7).unwrap().version.number, Some(3));
            assert_eq!(seen.losers().len(), 2);
        }
    }

    #[test]
    fn without_versions_the_later_counts() {
        let mut seen = Seen::default();
        seen.add(7, row(5, None, 1));
        seen.add(7, row(2, None, 2));
        assert_eq!(seen.get(7).unwrap().arrival.frame, 5);
    }

    #[test]
    fn the_same_bytes_again_change_nothing() {
        let mut seen = Seen::default();
        seen.add(7, row(1, None, 1));
        seen.add(7, row(2, None, 1));
        assert_eq!(seen.get(7).unwrap().arrival.frame, 1);
        assert!(seen.losers()[0].same);
    }
}
