//! Records of the lake, as an evaluation asks for them.

use std::cell::RefCell;

use foldhash::HashMap;
use salus_columns::RowElement;
use salus_cql::evaluate::{CodeFilter, Found, Records, RecordsError, Request};
use salus_fhir::schema::{self, TypeId};
use salus_fhir::view::{ElementView, PrimitiveText};

use super::codes::matching;
use super::need::is_of_patients;
use super::portion::{Portion, RowAt, TableRows};

/// The records of a portion. One thread looks at it: what it finds of codes it keeps.
pub(super) struct LakeRecords<'p> {
    portion: &'p Portion,
    tables: HashMap<TypeId, &'p TableRows<'p>>,
    kept: RefCell<Vec<Option<Kept>>>,
}

/// Which rows of a table have the codes of a retrieve.
struct Kept {
    filter: CodeFilter,
    /// By position in the order of the table.
    has: Vec<bool>,
}

impl<'p> LakeRecords<'p> {
    pub fn new(portion: &'p Portion, rows: &'p [TableRows<'p>]) -> LakeRecords<'p> {
        LakeRecords {
            portion,
            tables: rows.iter().map(|rows| (rows.table.ty, rows)).collect(),
            kept: RefCell::default(),
        }
    }

    /// Gives the rows at some positions of a table, those that pass.
    fn give(
        rows: &'p TableRows<'p>,
        range: std::ops::Range<usize>,
        passes: impl Fn(usize) -> bool,
        into: &mut Vec<RowElement<'p>>,
    ) {
        let order = rows.table.order.get(range.clone()).unwrap_or_default();
        for (position, at) in range.zip(order) {
            if passes(position) {
                into.extend(element(rows, *at));
            }
        }
    }

    /// The row that stands for a patient: of several that were merged, their own.
    fn own(&self, rows: &'p TableRows<'p>, patient: u32, into: &mut Vec<RowElement<'p>>) {
        let mut found = Vec::new();
        Self::give(rows, rows.table.range(patient), |_| true, &mut found);
        let id = self.portion.patients().get(patient as usize);
        let own = found
            .iter()
            .find(|record| id.is_some_and(|id| has_id(record, id)));
        into.extend(own.or(found.first()).copied());
    }

    /// Calls `with` with what is known of the codes of a retrieve.
    fn with_codes<T>(
        &self,
        rows: &'p TableRows<'p>,
        request: &Request<'_, u32>,
        filter: &CodeFilter,
        path: &str,
        with: impl FnOnce(&[bool]) -> T,
    ) -> Result<T, RecordsError> {
        let mut kept = self.kept.borrow_mut();
        let number = request.retrieve.number();
        if kept.len() <= number {
            kept.resize_with(number + 1, || None);
        }
        let Some(slot) = kept.get_mut(number) else {
            return Ok(with(&[]));
        };
        match slot {
            Some(known) if known.filter == *filter => Ok(with(&known.has)),
            _ => {
                let has = matching(rows, path, filter, request.terminology)?;
                let known = slot.insert(Kept {
                    filter: filter.clone(),
                    has,
                });
                Ok(with(&known.has))
            }
        }
    }
}

fn element<'p>(rows: &'p TableRows<'p>, at: RowAt) -> Option<RowElement<'p>> {
    let batch = rows.batches.get(at.batch as usize)?;
    Some(batch.element(at.row as usize))
}

fn has_id(record: &RowElement<'_>, id: &str) -> bool {
    let mut found = false;
    record.children("id", &mut |child| {
        found |= matches!(child.primitive(), Some(PrimitiveText::Text(text)) if text == id);
    });
    found
}

impl<'p> Records for LakeRecords<'p> {
    type Node = RowElement<'p>;
    /// The number of the patient in the portion.
    type Subject = u32;

    fn subjects(&self, context: &str) -> Result<Vec<u32>, RecordsError> {
        if context != "Patient" {
            let cause = format!("a lake is walked by patient, not by {context}");
            return Err(RecordsError::Source { cause });
        }
        Ok((0..).take(self.portion.patients().len()).collect())
    }

    fn subject_of(&self, context: &str, node: &RowElement<'p>) -> Option<u32> {
        let is_patient = schema::r4().get(node.type_id()).name == "Patient";
        if context != "Patient" || !is_patient {
            return None;
        }
        let mut patients = self.portion.patients().iter();
        let found = patients.position(|patient| has_id(node, patient))?;
        u32::try_from(found).ok()
    }

    fn retrieve(
        &self,
        request: &Request<'_, u32>,
        into: &mut Vec<RowElement<'p>>,
    ) -> Result<Found, RecordsError> {
        let ty = request.retrieve.type_id();
        let Some(rows) = self.tables.get(&ty).copied() else {
            return Ok(Found::Exactly);
        };
        let range = match request.subject {
            Some(("Patient", patient)) if schema::r4().get(ty).name == "Patient" => {
                self.own(rows, *patient, into);
                return Ok(Found::ByType);
            }
            Some(("Patient", patient)) if is_of_patients(ty) => rows.table.range(*patient),
            Some(("Patient", _)) | None => 0..rows.table.order.len(),
            Some((context, _)) => {
                let cause = format!("a lake is walked by patient, not by {context}");
                return Err(RecordsError::Source { cause });
            }
        };
        let (Some(filter), Some(path)) = (request.codes, request.retrieve.code_path()) else {
            Self::give(rows, range, |_| true, into);
            return Ok(Found::ByType);
        };
        self.with_codes(rows, request, filter, path, |has| {
            let passes = |position: usize| has.get(position).copied().unwrap_or(false);
            Self::give(rows, range, passes, into);
        })?;
        Ok(Found::Exactly)
    }
}
