//! What answers for records in the lake: references are followed to other resources of the same snapshot.

use std::cell::RefCell;
use std::collections::HashMap;

use salus_columns::{RowElement, Rows};
use salus_engine::Session;
use salus_fhir::reference::{self, Reference};
use salus_fhir::schema::r4;
use salus_fhirpath::{Host, HostCode, HostError};
use salus_terminology::Terminology;

use super::arena::Arena;
use super::terminology;
use crate::work::Work;

/// Resources that were resolved, kept for as long as elements of them may be looked at.
pub type Resolved<'a> = Arena<'a, Rows<'a>>;

/// Resolves references in the lake, each once.
pub struct LakeHost<'a> {
    work: &'a Work,
    session: &'a Session,
    terminology: Option<&'a Terminology>,
    resolved: &'a Resolved<'a>,
    known: RefCell<HashMap<String, Option<RowElement<'a>>>>,
}

impl<'a> LakeHost<'a> {
    /// A host that asks the session.
    pub fn new(
        work: &'a Work,
        session: &'a Session,
        terminology: Option<&'a Terminology>,
        resolved: &'a Resolved<'a>,
    ) -> Self {
        Self {
            work,
            session,
            terminology,
            resolved,
            known: RefCell::default(),
        }
    }

    fn find(&self, type_name: &str, id: &str) -> Option<RowElement<'a>> {
        let resource = r4().resource(type_name)?;
        if !self.session.has_rows(type_name) {
            return None;
        }
        let id = id.replace('\'', "''");
        let query = format!("SELECT * FROM \"{type_name}\" WHERE id = '{id}' LIMIT 1");
        let answer = self.work.wait(self.session.sql(&query)).ok()?;
        let batch = answer
            .batches
            .into_iter()
            .find(|batch| batch.num_rows() > 0)?;
        let rows = self.resolved.add(Rows::new(resource, &batch).ok()?);
        Some(rows.element(0))
    }
}

impl<'a> Host<RowElement<'a>> for LakeHost<'a> {
    fn resolve(&self, text: &str, _: Option<&RowElement<'a>>) -> Option<RowElement<'a>> {
        let (Reference::Relative { type_name, id, .. } | Reference::Absolute { type_name, id, .. }) =
            reference::parse(text)
        else {
            return None;
        };
        let key = format!("{type_name}/{id}");
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let found = self.find(type_name, id);
        self.known.borrow_mut().insert(key, found);
        found
    }

    fn member_of(&self, codes: &[HostCode], value_set: &str) -> Result<Option<bool>, HostError> {
        terminology::member_of(self.terminology, codes, value_set)
    }

    fn subsumes(&self, general: &HostCode, special: &HostCode) -> Result<Option<bool>, HostError> {
        terminology::subsumes(self.terminology, general, special)
    }
}
