//! Reports of studies, notes, provenance.

use base64::Engine as _;

use super::note::note;
use super::places::{organization_id, practitioner_id};
use super::systems::LOINC;
use super::{Emitter, Kind, concept, concept_body, ids, reference, reference_body, subject};
use crate::chart::{Asked, Chart};
use crate::content::VisitKind;
use crate::json::Json;
use crate::world::World;

impl<'w> Emitter<'w> {
    /// Imaging and cytology with their conclusions.
    pub(super) fn studies(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, study) in chart.studies.iter().enumerate() {
            let Some(encounter) = chart.encounters.get(study.encounter) else {
                continue;
            };
            let id = ids::study(&chart.person.id, index);
            let profile = Some("us-core-diagnosticreport-note");
            self.put(Kind::DiagnosticReport, &id, profile, |j| {
                j.str("status", "final");
                if let Some(request) = ordered(chart, index) {
                    j.one("basedOn", |j| reference_body(j, "ServiceRequest", &request));
                }
                j.one("category", |j| {
                    let (code, display) = study.kind.category.code();
                    concept_body(j, LOINC, code, display);
                });
                concept(j, "code", LOINC, &study.kind.loinc, &study.kind.display);
                subject(j, "subject", chart, Some(study.encounter));
                super::encounter_reference(j, "encounter", chart, study.encounter);
                j.date_time("effectiveDateTime", encounter.start.plus_minutes(20));
                j.date_time("issued", encounter.start.plus_minutes(400));
                j.one("performer", |j| {
                    reference_body(
                        j,
                        "Organization",
                        &organization_id(world, encounter.facility),
                    );
                });
                j.str("conclusion", study.conclusion);
            });
        }
    }

    /// The note of a visit for a complaint or of a stay, as text.
    pub(super) fn documents(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        let mut written = 0;
        for (index, encounter) in chart.encounters.iter().enumerate() {
            let (code, display) = match encounter.kind() {
                VisitKind::Inpatient
                    if encounter
                        .stay
                        .as_ref()
                        .is_some_and(|s| s.discharge.is_empty()) =>
                {
                    continue;
                }
                VisitKind::Inpatient => ("18842-5", "Discharge summary"),
                VisitKind::Emergency => ("34111-5", "Emergency department Note"),
                VisitKind::Specialist => ("11488-4", "Consult note"),
                VisitKind::Problem
                | VisitKind::UrgentCare
                | VisitKind::FollowUp
                | VisitKind::Prenatal => ("11506-3", "Progress note"),
                _ => continue,
            };
            let id = ids::document(&chart.person.id, written);
            written += 1;
            let text = note(world, chart, index, encounter);
            self.put(Kind::DocumentReference, &id, Some("us-core-documentreference"), |j| {
                j.one("identifier", |j| {
                    j.str("system", "https://salus.example/synth/document");
                    j.str("value", &id);
                });
                j.str("status", "current");
                concept(j, "type", LOINC, code, display);
                j.one("category", |j| {
                    let system = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category";
                    concept_body(j, system, "clinical-note", "Clinical Note");
                });
                subject(j, "subject", chart, Some(index));
                j.date_time("date", encounter.end.plus_minutes(15));
                j.one("author", |j| {
                    let by = practitioner_id(world, encounter.practitioner);
                    reference_body(j, "Practitioner", &by);
                });
                j.one("content", |j| {
                    j.obj("attachment", |j| {
                        j.str("contentType", "text/plain; charset=utf-8");
                        j.str("data", &base64::engine::general_purpose::STANDARD.encode(&text));
                    });
                });
                j.obj("context", |j| {
                    j.one("encounter", |j| {
                        reference_body(j, "Encounter", &ids::encounter(&chart.person.id, index));
                    });
                    j.obj("period", |j| {
                        j.date_time("start", encounter.start);
                        j.date_time("end", encounter.end);
                    });
                });
            });
        }
    }

    /// Who sent the patient's record.
    pub(super) fn provenance(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        let person = &chart.person;
        let id = format!("{}-w1", person.id);
        let recorded = chart.encounters.last().map_or(
            crate::calendar::Moment {
                day: world.end,
                minute: 1200,
            },
            |e| e.end,
        );
        self.put(Kind::Provenance, &id, Some("us-core-provenance"), |j| {
            j.one("target", |j| reference_body(j, "Patient", &person.id));
            j.date_time("recorded", recorded);
            j.arr("agent", |j| {
                for (code, display) in [("author", "Author"), ("transmitter", "Transmitter")] {
                    j.item(|j| agent(j, world, person.clinic, (code, display)));
                }
            });
        });
    }
}

fn agent(j: &mut Json, world: &World, clinic: usize, (code, display): (&str, &str)) {
    j.obj("type", |j| {
        j.one("coding", |j| {
            let system = if code == "author" {
                "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
            } else {
                "http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type"
            };
            super::coding_body(j, system, code, display);
        });
    });
    reference(j, "who", "Organization", &organization_id(world, clinic));
}

/// Id of the order behind a study.
fn ordered(chart: &Chart<'_>, study: usize) -> Option<String> {
    let mut requests = chart.requests.iter();
    let at = requests.position(|r| matches!(r.asked, Asked::Study(at) if at == study))?;
    Some(ids::request(&chart.person.id, at))
}
