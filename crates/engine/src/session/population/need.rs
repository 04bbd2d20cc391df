//! What a program needs of the lake: for each type the columns, and the codes if they can be told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use salus_cql::requirements::{Codes, RecordsNeeded, Requirements};
use salus_fhir::schema::{self, Kind, TypeDef, TypeId};
use salus_lake::scan::WantedCodes;

/// The codes of a value set, by its URL and version, if it is known.
pub(super) type KnownCodes<'k> = dyn Fn(&str, Option<&str>) -> Option<Vec<String>> + 'k;

/// What is needed of all types.
#[derive(Debug)]
pub(super) struct Need {
    pub types: Vec<TypeNeed>,
}

/// What is needed of one type.
#[derive(Debug)]
pub(super) struct TypeNeed {
    pub ty: TypeId,
    /// Its elements, by their names in JSON without `_`; all if `None`.
    pub elements: Option<BTreeSet<String>>,
    pub codes: Option<WantedCodes>,
}

impl TypeNeed {
    /// The name of the type, and of its table.
    pub fn name(&self) -> &'static str {
        schema::r4().get(self.ty).name
    }

    /// Whether its records are those of a patient.
    pub fn is_of_patients(&self) -> bool {
        is_of_patients(self.ty)
    }
}

/// Whether records of a type are those of a patient; others are everyone's.
pub(super) fn is_of_patients(ty: TypeId) -> bool {
    let name = schema::r4().get(ty).name;
    name == "Patient" || !schema::clustering(name).patient.is_empty()
}

impl Need {
    pub fn of(requirements: &Requirements, known: &KnownCodes<'_>) -> Need {
        let mut by_type: BTreeMap<&str, Vec<&RecordsNeeded>> = BTreeMap::new();
        // Who they are is known by their records.
        by_type.insert("Patient", Vec::new());
        for records in requirements.records() {
            by_type.entry(&records.data_type).or_default().push(records);
        }
        let types = by_type.iter().filter_map(|(name, records)| {
            let ty = schema::r4().resource(name)?;
            let def = schema::r4().get(ty);
            Some(TypeNeed {
                ty,
                elements: elements(def, requirements),
                codes: codes(def, records, known),
            })
        });
        Need {
            types: types.collect(),
        }
    }
}

/// The elements of a type that a program may look at, all types of a choice among them.
fn elements(def: &TypeDef, requirements: &Requirements) -> Option<BTreeSet<String>> {
    let names = requirements.elements();
    // All elements are wanted when there are no names.
    let _ = names.names()?;
    let wanted = def.elements().iter().filter(|element| {
        names.contains(element.name) || element.choice_of.is_some_and(|name| names.contains(name))
    });
    Some(wanted.map(|element| element.name.to_owned()).collect())
}

/// The codes that all retrieves of a type want, when each of them wants codes of the element that the lake is sorted
/// by.
fn codes(def: &TypeDef, records: &[&RecordsNeeded], known: &KnownCodes<'_>) -> Option<WantedCodes> {
    let element = *schema::clustering(def.name).code.first()?;
    let ty = schema::r4().get(def.element(element)?.ty);
    if ty.name != "CodeableConcept" || ty.kind == Kind::Resource || records.is_empty() {
        return None;
    }
    let mut wanted = BTreeSet::new();
    for one in records {
        if one.code_property.as_deref() != Some(element) {
            return None;
        }
        match &one.codes {
            Codes::Any => return None,
            Codes::These(codes) => wanted.extend(codes.iter().map(|code| code.code.to_string())),
            Codes::ValueSet { id, version } => wanted.extend(known(id, version.as_deref())?),
        }
    }
    Some(WantedCodes {
        element: element.to_owned(),
        codes: Arc::new(wanted),
    })
}
