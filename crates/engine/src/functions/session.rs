//! Functions that know the session: its day, its merges, its sources.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF};

use super::function::{Function, array};
use super::nested::{Text, text_array};

/// Which patients live on in which: from the chains of `Patient.link` replaced-by.
#[derive(Debug, Default)]
pub(crate) struct Survivors {
    survivor: HashMap<String, String>,
    members: HashMap<String, Vec<String>>,
}

impl Survivors {
    /// Follows each chain to its end. In a cycle nobody is replaced by a living patient, so
    /// the smallest id of the cycle is taken to live on, which every reader finds alike.
    pub(crate) fn of(replaced_by: &HashMap<String, String>) -> Self {
        let mut all = Self::default();
        for start in replaced_by.keys() {
            let end = end_of_chain(start, replaced_by);
            if end != *start {
                all.members
                    .entry(end.clone())
                    .or_default()
                    .push(start.clone());
                all.survivor.insert(start.clone(), end);
            }
        }
        all.members.values_mut().for_each(|members| members.sort());
        all
    }

    /// Whether no patient is merged into another.
    pub(crate) fn is_empty(&self) -> bool {
        self.survivor.is_empty()
    }

    /// Who this patient lives on in: itself, if it is not merged.
    pub(crate) fn survivor<'a>(&'a self, patient: &'a str) -> &'a str {
        self.survivor.get(patient).map_or(patient, String::as_str)
    }

    /// The patients that live on in this one, sorted, itself not among them.
    pub(crate) fn members(&self, survivor: &str) -> &[String] {
        self.members.get(survivor).map_or(&[], Vec::as_slice)
    }

    /// Merged patient and survivor, sorted by patient.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self
            .survivor
            .iter()
            .map(|(patient, end)| (patient.as_str(), end.as_str()));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_unstable();
        pairs
    }
}

fn end_of_chain(start: &str, replaced_by: &HashMap<String, String>) -> String {
    let mut seen = BTreeSet::from([start]);
    let mut at = start;
    while let Some(next) = replaced_by.get(at) {
        if !seen.insert(next) {
            return smallest_of_cycle(next, replaced_by);
        }
        at = next;
    }
    at.to_owned()
}

fn smallest_of_cycle(entry: &str, replaced_by: &HashMap<String, String>) -> String {
    let (mut at, mut smallest) = (entry, entry);
    while let Some(next) = replaced_by.get(at) {
        if next == entry {
            break;
        }
        smallest = smallest.min(next.as_str());
        at = next;
    }
    smallest.to_owned()
}

/// `survivor(patient)`.
pub(crate) fn survivor(survivors: Arc<Survivors>) -> ScalarUDF {
    let body = move |args: &[ColumnarValue], rows: usize| -> Result<ArrayRef> {
        let values = array(args, 0, rows)?;
        let text = Text::of(&values);
        let of = |row: usize| Some(survivors.survivor(text.get(row)?));
        Ok(text_array((0..values.len()).map(of)))
    };
    ScalarUDF::from(Function::new(
        "survivor",
        &[1],
        |_| Ok(DataType::Utf8),
        body,
    ))
}

/// `source_name(salus_source)`.
pub(crate) fn source_name(names: HashMap<i64, String>) -> ScalarUDF {
    let body = move |args: &[ColumnarValue], rows: usize| -> Result<ArrayRef> {
        let values = array(args, 0, rows)?;
        let ids = values.as_primitive_opt::<Int64Type>();
        let of = |row: usize| {
            let ids = ids.filter(|ids| ids.is_valid(row))?;
            names.get(&ids.value(row)).map(String::as_str)
        };
        Ok(text_array((0..values.len()).map(of)))
    };
    ScalarUDF::from(Function::new(
        "source_name",
        &[1],
        |_| Ok(DataType::Utf8),
        body,
    ))
}

/// `as_of()`, the day in days since 1970-01-01.
pub(crate) fn as_of(day: i32) -> ScalarUDF {
    let body = move |_: &[ColumnarValue], _: usize| -> Result<ArrayRef> {
        Ok(Arc::new(Date32Array::from(vec![day])))
    };
    ScalarUDF::from(Function::new("as_of", &[0], |_| Ok(DataType::Date32), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survivors(links: &[(&str, &str)]) -> Survivors {
        let links = links
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
        Survivors::of(&links.collect())
    }

    #[test]
    fn a_chain_of_merges_ends_in_one_patient() {
        let all = survivors(&[("a", "b"), ("b", "c")]);
        assert_eq!(all.pairs(), [("a", "c"), ("b", "c")]);
        assert_eq!(all.members("c"), ["a", "b"]);
        assert_eq!(all.survivor("other"), "other");
    }

    #[test]
    fn in_a_cycle_the_smallest_id_lives_on() {
        let all = survivors(&[("c", "b"), ("b", "a"), ("a", "b"), ("self", "self")]);
        assert_eq!(all.pairs(), [("b", "a"), ("c", "a")]);
    }
}
