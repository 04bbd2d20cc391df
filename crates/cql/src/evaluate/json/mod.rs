//! Records of JSON: a Bundle, resources one to a line, or both.
//!
//! Read once; then a retrieve is a look-up by type, patient and code.

mod codes;
mod patients;

use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;
use salus_base::Cancel;
use salus_fhir::json::{Document, JsonError};
use salus_fhir::reference::{self, Reference};
use salus_fhir::schema::{self, TypeId};
use salus_fhir::view::{ElementView, JsonElement};

use self::codes::CodeIndex;
use self::patients::Entries;
use super::records::{Found, Records, RecordsError, Request};
use crate::program::Retrieve;

/// JSON texts, read. What [`JsonRecords`] looks into.
#[derive(Default)]
pub struct JsonDocuments<'t> {
    all: Vec<Document<'t>>,
}

impl<'t> JsonDocuments<'t> {
    /// No text yet.
    #[must_use]
    pub fn new() -> JsonDocuments<'t> {
        JsonDocuments::default()
    }

    /// Adds a text: one Bundle or other resource.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn add(&mut self, text: &'t str) -> Result<(), JsonError> {
        self.all.push(Document::parse(text)?);
        Ok(())
    }

    /// Adds a text with a resource on each line; empty lines are passed over.
    ///
    /// # Errors
    /// When a line is not JSON: the number of the line, from 1, and why. The lines before are added.
    pub fn add_lines(&mut self, text: &'t str, cancel: &Cancel) -> Result<(), (usize, JsonError)> {
        for (number, line) in (1..).zip(text.lines()) {
            if !line.trim().is_empty() {
                self.add(line).map_err(|error| (number, error))?;
            }
            if cancel.is_cancelled() {
                break;
            }
        }
        Ok(())
    }
}

/// A patient, or whatever else a context is about: a resource among the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JsonSubject(u32);

/// Whose a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    /// The patient's at this place.
    Patient(u32),
    /// A patient's who is not among the records, or nobody's.
    Nobody,
}

/// The records of one type and patient.
#[derive(Default)]
struct Group {
    members: Vec<u32>,
    /// By the path of an element with codes.
    codes: RwLock<Vec<(Arc<str>, Arc<CodeIndex>)>>,
}

/// Records of JSON documents.
pub struct JsonRecords<'d> {
    resources: Vec<JsonElement<'d>>,
    by_type: HashMap<TypeId, Group>,
    by_patient: HashMap<(TypeId, Owner), Group>,
    patients: Vec<u32>,
    entries: Entries,
}

impl<'d> JsonRecords<'d> {
    /// Sorts the resources of documents by type and patient.
    ///
    /// A resource is the patient's whom its main reference to a patient names. When there is one patient only, what
    /// names no patient is theirs, too.
    #[must_use]
    pub fn new(documents: &'d JsonDocuments<'d>) -> JsonRecords<'d> {
        let mut records = JsonRecords {
            resources: Vec::new(),
            by_type: HashMap::default(),
            by_patient: HashMap::default(),
            patients: Vec::new(),
            entries: Entries::default(),
        };
        for document in &documents.all {
            if let Some(resource) = JsonElement::resource(document) {
                records.add(resource);
            }
        }
        records.group();
        records
    }

    /// How many resources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The resource that a subject stands for.
    #[must_use]
    pub fn resource(&self, subject: JsonSubject) -> Option<JsonElement<'d>> {
        self.resources.get(subject.0 as usize).copied()
    }

    fn add(&mut self, resource: JsonElement<'d>) {
        if type_name(&resource) != "Bundle" {
            self.entry(resource, "");
            return;
        }
        resource.children("entry", &mut |entry| {
            let full_url = patients::text(&entry, "fullUrl").unwrap_or_default();
            entry.children("resource", &mut |resource| self.entry(resource, &full_url));
        });
    }

    fn entry(&mut self, resource: JsonElement<'d>, full_url: &str) {
        let number = u32::try_from(self.resources.len()).unwrap_or(u32::MAX);
        let name = type_name(&resource);
        if name == "Patient" {
            self.patients.push(number);
        }
        let id = patients::text(&resource, "id");
        self.entries
            .insert(full_url, name, id.as_deref().unwrap_or(full_url), number);
        self.resources.push(resource);
    }

    fn group(&mut self) {
        for (number, resource) in (0..).zip(&self.resources) {
            let ty = resource.type_id();
            self.by_type.entry(ty).or_default().members.push(number);
            let owner = self.owner(number, resource);
            let group = self.by_patient.entry((ty, owner)).or_default();
            group.members.push(number);
        }
        self.order_by_id();
    }

    /// Retrieves give records by id, as a lake does: the order in a document says nothing.
    fn order_by_id(&mut self) {
        let ids: Vec<String> = self
            .resources
            .iter()
            .map(|resource| patients::text(resource, "id").unwrap_or_default())
            .collect();
        let id = |number: &u32| ids.get(*number as usize);
        let groups = self
            .by_type
            .values_mut()
            .chain(self.by_patient.values_mut());
        for group in groups {
            group.members.sort_by(|one, other| id(one).cmp(&id(other)));
        }
    }

    fn owner(&self, number: u32, resource: &JsonElement<'d>) -> Owner {
        let name = type_name(resource);
        if name == "Patient" {
            return Owner::Patient(number);
        }
        let mut names_patient = false;
        let mut found = None;
        for path in &schema::clustering(name).patient {
            patients::references(resource, path, &mut |literal| {
                let target = reference::parse(literal).target();
                names_patient |= target.is_some_and(|(name, _)| name == "Patient")
                    || matches!(reference::parse(literal), Reference::Urn(_));
                found = found.or_else(|| self.entries.find(literal, "Patient"));
            });
            if let Some(found) = found {
                return Owner::Patient(found);
            }
        }
        match self.patients.as_slice() {
            [only] if !names_patient => Owner::Patient(*only),
            _ => Owner::Nobody,
        }
    }

    /// The group that a request is about; what no patient owns by its type is everyone's.
    fn wanted(&self, retrieve: &Retrieve, subject: Option<(&str, &JsonSubject)>) -> Wanted<'_> {
        let ty = retrieve.type_id();
        let all = || self.by_type.get(&ty).map_or(Wanted::Nothing, Wanted::Group);
        let Some((context, subject)) = subject else {
            return all();
        };
        let name = schema::r4().get(ty).name;
        if name == context {
            return Wanted::One(subject.0);
        }
        if context == "Patient" {
            if schema::clustering(name).patient.is_empty() {
                return all();
            }
            let group = self.by_patient.get(&(ty, Owner::Patient(subject.0)));
            return group.map_or(Wanted::Nothing, Wanted::Group);
        }
        let paths = schema::r4().compartment(context, name);
        match (paths, self.by_type.get(&ty)) {
            ([], _) => all(),
            (_, None) => Wanted::Nothing,
            (paths, Some(group)) => {
                Wanted::Some(self.in_compartment(group, paths, context, subject))
            }
        }
    }

    fn in_compartment(
        &self,
        group: &Group,
        paths: &[&'static str],
        context: &str,
        subject: &JsonSubject,
    ) -> Vec<u32> {
        let is_in = |number: &u32| {
            let Some(resource) = self.resources.get(*number as usize) else {
                return false;
            };
            let mut found = false;
            for path in paths {
                patients::references(resource, path, &mut |literal| {
                    found |= self.entries.find(literal, context) == Some(subject.0);
                });
            }
            found
        };
        group.members.iter().copied().filter(is_in).collect()
    }

    fn code_index(&self, group: &Group, retrieve: &Retrieve) -> Option<Arc<CodeIndex>> {
        let path = retrieve.code_path.as_ref()?;
        let text = &retrieve.code_path_text;
        let known = group.codes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, index)) = known.iter().find(|(known, _)| known == text) {
            return Some(index.clone());
        }
        drop(known);
        let members = (0..).zip(&group.members);
        let members = members
            .filter_map(|(place, number)| Some((place, self.resources.get(*number as usize)?)));
        let index = Arc::new(CodeIndex::of(members, path));
        let mut known = group.codes.write().unwrap_or_else(PoisonError::into_inner);
        known.push((text.clone(), index.clone()));
        Some(index)
    }
}

/// What a request is about.
enum Wanted<'r> {
    Nothing,
    One(u32),
    Group(&'r Group),
    Some(Vec<u32>),
}

impl<'d> Records for JsonRecords<'d> {
    type Node = JsonElement<'d>;
    type Subject = JsonSubject;

    fn subjects(&self, context: &str) -> Result<Vec<JsonSubject>, RecordsError> {
        let ty = schema::r4().resource(context);
        let group = ty.and_then(|ty| self.by_type.get(&ty));
        let members = group.map_or(&[][..], |group| group.members.as_slice());
        Ok(members.iter().copied().map(JsonSubject).collect())
    }

    fn subject_of(&self, context: &str, node: &JsonElement<'d>) -> Option<JsonSubject> {
        let resource = node.resource()?;
        let id = patients::text(&resource, "id")?;
        let name = type_name(&resource);
        (name == context)
            .then(|| self.entries.find(&format!("{name}/{id}"), context))
            .flatten()
            .map(JsonSubject)
    }

    fn retrieve(
        &self,
        request: &Request<'_, JsonSubject>,
        into: &mut Vec<JsonElement<'d>>,
    ) -> Result<Found, RecordsError> {
        let mut give = |numbers: &[u32]| {
            let found = numbers
                .iter()
                .filter_map(|number| self.resources.get(*number as usize));
            into.extend(found.copied());
        };
        match self.wanted(request.retrieve, request.subject) {
            Wanted::Nothing => {}
            Wanted::One(number) => give(&[number]),
            Wanted::Some(numbers) => give(&numbers),
            Wanted::Group(group) => {
                let index = request
                    .codes
                    .and_then(|_| self.code_index(group, request.retrieve));
                if let (Some(codes), Some(index)) = (request.codes, index) {
                    let places = index.find(codes, request.terminology)?;
                    let number = |place: &u32| group.members.get(*place as usize).copied();
                    give(&places.iter().filter_map(number).collect::<Vec<_>>());
                    return Ok(Found::Exactly);
                }
                give(&group.members);
            }
        }
        Ok(Found::ByType)
    }
}

fn type_name(resource: &JsonElement<'_>) -> &'static str {
    schema::r4().get(resource.type_id()).name
}
