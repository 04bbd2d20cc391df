//! The rows of some patients, by type and patient.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use salus_columns::Rows;
use salus_fhir::schema::TypeId;

use crate::error::EngineError;

/// The row of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowAt {
    pub batch: u32,
    pub row: u32,
}

/// The rows of one type.
#[derive(Debug)]
pub(super) struct Table {
    pub ty: TypeId,
    batches: Vec<RecordBatch>,
    /// The rows by patient, those of one patient by id.
    pub order: Vec<RowAt>,
    /// Where in the order the rows of each patient end; they start where those of the one before end.
    ends: Vec<u32>,
}

/// The records that are everyone's: organizations, medications, places.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub tables: Vec<Table>,
}

/// Whose a row is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose<'s> {
    /// The patient's whom it names.
    Named,
    /// The one's in whom that patient lives on.
    Survivor(&'s str),
    /// Nobody's who is in the portion.
    Nobody,
}

impl<'s> Whose<'s> {
    /// The patient, of a row that names this one.
    fn patient<'r>(self, named: &'r str) -> Option<&'r str>
    where
        's: 'r,
    {
        match self {
            Whose::Named => Some(named),
            Whose::Survivor(survivor) => Some(survivor),
            Whose::Nobody => None,
        }
    }
}

/// The records of some patients.
#[derive(Debug)]
pub(super) struct Portion {
    patients: Vec<Box<str>>,
    tables: Vec<Table>,
}

/// The rows of a table as elements.
pub(super) struct TableRows<'p> {
    pub table: &'p Table,
    pub batches: Vec<Rows<'p>>,
}

/// The batches of one type, as they were read.
pub(super) struct Batches {
    pub ty: TypeId,
    pub batches: Vec<RecordBatch>,
}

impl Table {
    /// Where in the order the rows of a patient are.
    pub fn range(&self, patient: u32) -> std::ops::Range<usize> {
        let end = |number: usize| self.ends.get(number).map_or(0, |end| *end as usize);
        let number = patient as usize;
        number.checked_sub(1).map_or(0, end)..end(number)
    }
}

impl Portion {
    /// Sorts rows by patient. Patients are those who have a record of type Patient; rows of others are left out.
    /// `whose` says whose a row is that names a patient.
    pub fn of<'s>(read: Vec<Batches>, whose: impl Fn(&str) -> Whose<'s>) -> Portion {
        let patients = patients(&read, &whose);
        let numbers: HashMap<&str, u32> =
            patients.iter().map(|patient| &**patient).zip(0..).collect();
        let tables = read
            .into_iter()
            .map(|batches| {
                let number = |patient: Option<&str>| {
                    let patient = patient.and_then(|named| whose(named).patient(named))?;
                    numbers.get(patient).copied()
                };
                Table::of(batches, patients.len(), number)
            })
            .collect();
        Portion { patients, tables }
    }

    /// The ids of the patients, in order.
    pub fn patients(&self) -> &[Box<str>] {
        &self.patients
    }

    /// The rows of all tables, those that are everyone's among them.
    pub fn rows<'p>(&'p self, shared: &'p Shared) -> Result<Vec<TableRows<'p>>, EngineError> {
        let tables = self.tables.iter().chain(&shared.tables);
        tables.map(Table::rows).collect()
    }
}

impl Shared {
    /// Sorts rows by id.
    pub fn of(read: Vec<Batches>) -> Shared {
        let one = |batches| Table::of(batches, 1, |_| Some(0));
        Shared {
            tables: read.into_iter().map(one).collect(),
        }
    }
}

impl Table {
    fn of(read: Batches, patients: usize, number: impl Fn(Option<&str>) -> Option<u32>) -> Table {
        let ids: Vec<Option<&StringArray>> =
            read.batches.iter().map(|batch| text(batch, "id")).collect();
        let id = |at: RowAt| {
            ids.get(at.batch as usize)
                .copied()
                .flatten()
                .and_then(|ids| value(ids, at.row as usize))
        };
        let mut rows: Vec<(u32, RowAt)> = Vec::new();
        for (batch, records) in (0..).zip(&read.batches) {
            let keys = text(records, "salus_patient");
            for row in 0..records.num_rows() {
                let patient = keys.and_then(|keys| value(keys, row));
                if let Some(patient) = number(patient) {
                    let row = u32::try_from(row).unwrap_or(u32::MAX);
                    rows.push((patient, RowAt { batch, row }));
                }
            }
        }
        rows.sort_unstable_by(|(one, a), (other, b)| {
            one.cmp(other)
                .then_with(|| id(*a).cmp(&id(*b)))
                .then_with(|| (a.batch, a.row).cmp(&(b.batch, b.row)))
        });
        let mut ends = vec![0; patients];
        for (position, (patient, _)) in (1..).zip(&rows) {
            if let Some(end) = ends.get_mut(*patient as usize) {
                *end = position;
            }
        }
        let mut last = 0;
        for end in &mut ends {
            last = std::cmp::max(last, *end);
            *end = last;
        }
        Table {
            ty: read.ty,
            order: rows.into_iter().map(|(_, at)| at).collect(),
            ends,
            batches: read.batches,
        }
    }

    fn rows(&self) -> Result<TableRows<'_>, EngineError> {
        let rows = self.batches.iter().map(|batch| Rows::new(self.ty, batch));
        let batches = rows
            .collect::<Result<_, _>>()
            .map_err(|source| EngineError::Bug {
                what: "the columns of records",
                source: Box::new(source),
            })?;
        Ok(TableRows {
            table: self,
            batches,
        })
    }
}

/// The patients who have a record, in order.
fn patients<'s>(read: &[Batches], whose: &impl Fn(&str) -> Whose<'s>) -> Vec<Box<str>> {
    let is_patient =
        |batches: &&Batches| salus_fhir::schema::r4().get(batches.ty).name == "Patient";
    let batches = read
        .iter()
        .filter(is_patient)
        .flat_map(|read| &read.batches);
    let keys = batches.filter_map(|batch| text(batch, "salus_patient"));
    let mut patients: Vec<Box<str>> = keys
        .flat_map(|keys| keys.iter().flatten())
        .filter_map(|named| whose(named).patient(named).map(Box::from))
        .collect();
    patients.sort_unstable();
    patients.dedup();
    patients
}

fn text<'b>(batch: &'b RecordBatch, column: &str) -> Option<&'b StringArray> {
    batch.column_by_name(column)?.as_string_opt()
}

fn value(array: &StringArray, row: usize) -> Option<&str> {
    (row < array.len() && array.is_valid(row)).then(|| array.value(row))
}
