//! Organization, Location, Practitioner, PractitionerRole: the same for every patient.

use super::systems::SNOMED;
use super::{Emitter, Kind, concept, concept_body, hl7_body, reference, reference_body};
use crate::content::{Facility, FacilityKind};
use crate::json::{Fixed, Json};
use crate::world::{Practitioner, World};

/// Id of a payer's Organization.
pub(super) fn payer_id(world: &World, plan: &str) -> String {
    format!("{}-payer-{plan}", world.prefix)
}

/// Id of a facility's Organization.
pub(super) fn organization_id(world: &World, facility: usize) -> String {
    let name = world.facility(facility).map_or("", |f| f.id.as_str());
    format!("{}-org-{name}", world.prefix)
}

/// Id of a facility's Location.
pub(super) fn location_id(world: &World, facility: usize) -> String {
    let name = world.facility(facility).map_or("", |f| f.id.as_str());
    format!("{}-loc-{name}", world.prefix)
}

/// Id of the hospital's emergency department.
pub(super) fn emergency_id(world: &World) -> String {
    format!("{}-loc-hospital-ed", world.prefix)
}

/// Id of a Practitioner.
pub(super) fn practitioner_id(world: &World, number: usize) -> String {
    format!("{}-prac-{number}", world.prefix)
}

impl Emitter<'_> {
    /// Writes places, payers and staff.
    pub fn places(&mut self) {
        let world = self.world;
        for (index, facility) in world.content.region.facility.iter().enumerate() {
            self.organization(index, facility);
            self.location(index, facility);
        }
        for plan in &world.content.coverage.plan {
            let id = payer_id(world, &plan.id);
            self.put(Kind::Organization, &id, Some("us-core-organization"), |j| {
                j.bool("active", true);
                j.one("type", |j| hl7_body(j, "organization-type", "pay"));
                j.str("name", &plan.payer);
            });
        }
        for practitioner in &world.staff {
            self.practitioner(practitioner);
        }
    }

    fn organization(&mut self, index: usize, facility: &Facility) {
        let world = self.world;
        let id = organization_id(world, index);
        self.put(Kind::Organization, &id, Some("us-core-organization"), |j| {
            npi(j, 800_000_000 + index);
            j.bool("active", true);
            j.one("type", |j| hl7_body(j, "organization-type", "prov"));
            j.str("name", &facility.name);
            telecom(j, index);
            j.arr("address", |j| j.item(|j| address(j, world, facility)));
        })
    }

    fn location(&mut self, index: usize, facility: &Facility) {
        let world = self.world;
        // HL7 v3 RoleCode, as Location.type asks.
        let (code, display) = match facility.kind {
            FacilityKind::Hospital => ("HOSP", "Hospital"),
            FacilityKind::Clinic => ("PC", "Primary care clinic"),
            FacilityKind::UrgentCare => ("OF", "Outpatient facility"),
            FacilityKind::Pharmacy => ("PHARM", "Pharmacy"),
        };
        let body = |j: &mut Json, name: &str, code: &str, display: &str| {
            j.str("status", "active");
            j.str("name", name);
            j.str("mode", "instance");
            j.one("type", |j| {
                let system = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
                concept_body(j, system, code, display);
            });
            telecom(j, index);
            j.obj("address", |j| address(j, world, facility));
            j.obj("position", |j| {
                j.fixed("longitude", Fixed::round(facility.longitude, 4));
                j.fixed("latitude", Fixed::round(facility.latitude, 4));
            });
            reference(
                j,
                "managingOrganization",
                "Organization",
                &organization_id(world, index),
            );
        };
        let id = location_id(world, index);
        self.put(Kind::Location, &id, Some("us-core-location"), |j| {
            body(j, &facility.name, code, display);
        });
        if facility.kind != FacilityKind::Hospital {
            return;
        }
        let name = format!("{} Emergency Department", facility.name);
        self.put(
            Kind::Location,
            &emergency_id(world),
            Some("us-core-location"),
            |j| {
                body(j, &name, "ER", "Emergency room");
                reference(j, "partOf", "Location", &id);
            },
        )
    }

    fn practitioner(&mut self, practitioner: &Practitioner) {
        let world = self.world;
        let id = practitioner_id(world, practitioner.number);
        let (family, given) = &practitioner.name;
        self.put(Kind::Practitioner, &id, Some("us-core-practitioner"), |j| {
            npi(j, practitioner.number);
            j.bool("active", true);
            j.one("name", |j| {
                j.str("family", family);
                j.arr("given", |j| j.text_item(given));
            });
            telecom(j, practitioner.number);
            j.str("gender", practitioner.gender);
        });
        let role = format!("{}-role-{}", world.prefix, practitioner.number);
        self.put(
            Kind::PractitionerRole,
            &role,
            Some("us-core-practitionerrole"),
            |j| {
                j.bool("active", true);
                reference(j, "practitioner", "Practitioner", &id);
                let facility = practitioner.facility;
                reference(
                    j,
                    "organization",
                    "Organization",
                    &organization_id(world, facility),
                );
                j.one("code", |j| hl7_body(j, "practitioner-role", "doctor"));
                j.one("specialty", |j| {
                    concept_body(
                        j,
                        SNOMED,
                        &practitioner.specialty.0,
                        &practitioner.specialty.1,
                    );
                });
                j.one("location", |j| {
                    reference_body(j, "Location", &location_id(world, facility))
                });
                telecom(j, facility);
            },
        )
    }
}

/// A made-up national provider identifier: real ones begin with 1 or 2.
fn npi(j: &mut Json, number: usize) {
    j.one("identifier", |j| {
        j.str("system", "http://hl7.org/fhir/sid/us-npi");
        j.str("value", &format!("9{number:09}"));
    });
}

/// 555-01xx numbers are reserved for fiction.
fn telecom(j: &mut Json, number: usize) {
    j.one("telecom", |j| {
        j.str("system", "phone");
        j.str("value", &format!("555-555-01{:02}", number % 100));
        j.str("use", "work");
    });
}

fn address(j: &mut Json, world: &World, facility: &Facility) {
    let region = &world.content.region;
    let city = region
        .area
        .iter()
        .find(|a| a.code == facility.area)
        .map_or("", |a| &a.city);
    j.arr("line", |j| j.text_item(&facility.line));
    j.str("city", city);
    j.str("district", &region.county);
    j.str("state", &region.state);
    j.str("postalCode", &facility.area);
    j.str("country", &region.country);
}

/// The concept of the visit's type, for encounters.
pub(super) fn visit_type(j: &mut Json, code: &str, display: &str) {
    j.arr("type", |j| {
        j.item(|j| concept_body(j, SNOMED, code, display))
    });
}

/// A reason by ICD-10-CM.
pub(super) fn diagnosis(j: &mut Json, world: &World, key: &str, code: &str) {
    concept(
        j,
        key,
        super::systems::ICD10CM,
        code,
        world.content.display(code),
    );
}
