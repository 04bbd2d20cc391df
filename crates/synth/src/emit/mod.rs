//! From the chart to FHIR R4 JSON, US Core 6.1 shaped; claims CARIN Blue Button shaped.

mod buffers;
mod claims;
mod clinical;
pub mod ids;
mod medicines;
mod note;
mod papers;
mod patient;
mod places;
mod plans;

pub use buffers::{Buffers, Kind};
pub use patient::misspelled;

use crate::calendar::Moment;
use crate::chart::{Chart, EncounterIndex};
use crate::json::Json;
use crate::world::World;

/// Code systems by URL.
pub mod systems {
    /// ICD-10-CM.
    pub const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
    /// ICD-10-PCS.
    pub const ICD10PCS: &str = "http://www.cms.gov/Medicare/Coding/ICD10";
    /// HCPCS level II.
    pub const HCPCS: &str = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
    /// LOINC.
    pub const LOINC: &str = "http://loinc.org";
    /// RxNorm.
    pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
    /// SNOMED CT.
    pub const SNOMED: &str = "http://snomed.info/sct";
    /// UCUM.
    pub const UCUM: &str = "http://unitsofmeasure.org";
    /// CVX.
    pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
    /// MS-DRG.
    pub const DRG: &str = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software";
    /// CMS place of service.
    pub const PLACE_OF_SERVICE: &str =
        "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set";
    /// HL7 act codes (encounter classes, coverage types).
    pub const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    /// HL7 role codes (kin).
    pub const ROLE_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
}

/// Prefix of US Core profiles.
const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";

/// Writes resources as JSON text into buffers by type.
pub struct Emitter<'w> {
    pub(crate) world: &'w World,
    json: Json,
    buffers: Buffers,
}

impl<'w> Emitter<'w> {
    /// An emitter that fills these buffers.
    pub fn new(world: &'w World, buffers: Buffers) -> Emitter<'w> {
        let json = Json::new(world.content.region.utc_offset_minutes);
        Emitter {
            world,
            json,
            buffers,
        }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> Buffers {
        self.buffers
    }

    /// Writes everything of one patient.
    pub fn chart(&mut self, chart: &Chart<'w>) {
        self.patient(chart);
        self.coverages(chart);
        self.allergies(chart);
        self.encounters(chart);
        self.conditions(chart);
        self.observations(chart);
        self.reports(chart);
        self.orders(chart);
        self.dispenses(chart);
        self.immunizations(chart);
        self.procedures(chart);
        self.bills(chart);
        self.related(chart);
        self.care_team(chart);
        self.goals_and_plan(chart);
        self.requests(chart);
        self.specimens(chart);
        self.studies(chart);
        self.documents(chart);
        self.provenance(chart);
    }

    /// Writes one resource: type, id and profile, then the body.
    fn put(&mut self, kind: Kind, id: &str, profile: Option<&str>, body: impl FnOnce(&mut Json)) {
        self.write(kind, id, (profile, None), body);
    }

    /// Writes one version of a resource that has several.
    fn put_version(
        &mut self,
        kind: Kind,
        id: &str,
        profile: Option<&str>,
        version: Version,
        body: impl FnOnce(&mut Json),
    ) {
        self.write(kind, id, (profile, Some(version)), body);
    }

    fn write(
        &mut self,
        kind: Kind,
        id: &str,
        (profile, version): (Option<&str>, Option<Version>),
        body: impl FnOnce(&mut Json),
    ) {
        let Some(buffer) = self.buffers.of(kind) else {
            return;
        };
        self.json.swap(&mut buffer.text);
        self.json.object(|j| {
            j.str("resourceType", kind.name());
            j.str("id", id);
            if profile.is_some() || version.is_some() {
                j.obj("meta", |j| meta(j, profile, version));
            }
            body(j);
        });
        self.json.swap(&mut buffer.text);
        // Counted are resources; a further version is none.
        buffer.count += u64::from(version.is_none_or(|v| v.number == 1));
    }
}

/// A version of a resource.
#[derive(Debug, Clone, Copy)]
struct Version {
    /// From 1.
    number: u32,
    /// When it was sent.
    updated: Moment,
}

fn meta(j: &mut Json, profile: Option<&str>, version: Option<Version>) {
    if let Some(version) = version {
        j.str("versionId", &version.number.to_string());
        j.date_time("lastUpdated", version.updated);
    }
    if let Some(profile) = profile {
        j.arr("profile", |j| {
            let prefix = if profile.starts_with("http") {
                ""
            } else {
                US_CORE
            };
            j.parts_item(&[prefix, profile]);
        });
    }
}

/// `{"coding":[{"system","code","display"}]}` with the display as text.
fn concept(j: &mut Json, key: &str, system: &str, code: &str, display: &str) {
    j.obj(key, |j| concept_body(j, system, code, display));
}

fn concept_body(j: &mut Json, system: &str, code: &str, display: &str) {
    j.one("coding", |j| coding_body(j, system, code, display));
    if !display.is_empty() {
        j.str("text", display);
    }
}

fn coding_body(j: &mut Json, system: &str, code: &str, display: &str) {
    j.str("system", system);
    j.str("code", code);
    if !display.is_empty() {
        j.str("display", display);
    }
}

/// A concept of `http://terminology.hl7.org/CodeSystem/…`, without text.
fn hl7(j: &mut Json, key: &str, system: &str, code: &str) {
    j.obj(key, |j| hl7_body(j, system, code));
}

fn hl7_body(j: &mut Json, system: &str, code: &str) {
    j.one("coding", |j| {
        j.parts(
            "system",
            &["http://terminology.hl7.org/CodeSystem/", system],
        );
        j.str("code", code);
    });
}

/// `{"reference":"Type/id"}`.
fn reference(j: &mut Json, key: &str, resource_type: &str, id: &str) {
    j.obj(key, |j| reference_body(j, resource_type, id));
}

fn reference_body(j: &mut Json, resource_type: &str, id: &str) {
    j.parts("reference", &[resource_type, "/", id]);
}

/// The patient that a record hangs on: the survivor, or the duplicate of a person with two.
fn subject(j: &mut Json, key: &str, chart: &Chart<'_>, encounter: Option<EncounterIndex>) {
    let id = &chart.person.id;
    let suffix = if chart.on_duplicate(encounter) {
        "-dup"
    } else {
        ""
    };
    j.obj(key, |j| j.parts("reference", &["Patient/", id, suffix]));
}

fn encounter_reference(j: &mut Json, key: &str, chart: &Chart<'_>, encounter: EncounterIndex) {
    reference(
        j,
        key,
        "Encounter",
        &ids::encounter(&chart.person.id, encounter),
    );
}

/// Cents as dollars with two decimals.
fn money(j: &mut Json, key: &str, cents: i64) {
    j.obj(key, |j| {
        j.fixed(
            "value",
            crate::json::Fixed {
                units: cents,
                digits: 2,
            },
        );
        j.str("currency", "USD");
    });
}
