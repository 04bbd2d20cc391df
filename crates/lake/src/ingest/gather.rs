//! Resources of one type, gathered as raw text until there are enough of them for a data file.

use std::sync::Arc;

use crate::source::BundleInfo;
use salus_columns::RowMeta;

use super::keys::Version;
use super::layout::Layout;

/// Where a resource stands among all that a load brings: later wins where versions do not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// The source, by its number.
    pub source: i64,
    /// Which of the source's frames, from 0.
    pub frame: u64,
}

/// One gathered resource.
#[derive(Debug)]
pub struct Pending {
    /// First byte in [`Gather::text`].
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What the lake keeps beside the elements.
    pub meta: RowMeta,
    /// xxh3-128 of the id.
    pub id_hash: u128,
    /// Its version.
    pub version: Version,
    /// Its place in the load.
    pub arrival: Arrival,
    /// The Bundle that it came in, which resolves its references.
    pub bundle: Option<Arc<BundleInfo>>,
}

/// Resources that wait for their data file.
#[derive(Debug, Default)]
pub struct Gather {
    /// Their JSON, one after the other.
    pub text: String,
    /// Where each one is, and what is known of it.
    pub rows: Vec<Pending>,
}

impl Gather {
    /// Adds one resource. With `assigned_id`, the id is written into it: it came without.
    pub fn push(&mut self, json: &str, assigned_id: Option<&str>, mut row: Pending) {
        row.start = self.text.len();
        match assigned_id {
            Some(id) => {
                let body = json.trim_start().strip_prefix('{').unwrap_or_default();
                let comma = if body.trim_start().starts_with('}') {
                    ""
                } else {
                    ","
                };
                self.text.push_str("{\"id\":\"");
                self.text.push_str(id);
                self.text.push('"');
                self.text.push_str(comma);
                self.text.push_str(body);
            }
            None => self.text.push_str(json),
        }
        row.end = self.text.len();
        self.rows.push(row);
    }

    /// Takes over everything from `other`.
    pub fn append(&mut self, other: Gather) {
        if self.rows.is_empty() && self.text.capacity() == 0 {
            *self = other;
            return;
        }
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.rows.extend(other.rows.into_iter().map(|mut row| {
            row.start += shift;
            row.end += shift;
            row
        }));
    }

    /// The JSON of one of its rows.
    #[must_use]
    pub fn json(&self, row: &Pending) -> &str {
        self.text.get(row.start..row.end).unwrap_or_default()
    }

    /// Puts the rows in the order of the data file.
    pub fn sort(&mut self, layout: Layout) {
        self.rows.sort_unstable_by(|a, b| layout.compare(a, b));
    }
}
