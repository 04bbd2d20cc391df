//! RelatedPerson, CareTeam, Goal, CarePlan, ServiceRequest, Specimen.

use super::places::{organization_id, practitioner_id};
use super::systems::{ICD10CM, LOINC, ROLE_CODE, SNOMED, UCUM};
use super::{
    Emitter, Kind, concept, concept_body, encounter_reference, ids, reference, reference_body,
    subject,
};
use crate::chart::{Asked, Chart, Request};
use crate::content::{Department, Disease};
use crate::json::{Fixed, Json};

impl<'w> Emitter<'w> {
    /// The parent of a child.
    pub(super) fn related(&mut self, chart: &Chart<'w>) {
        let person = &chart.person;
        let Some((_, mother, given)) = person.parent else {
            return;
        };
        let id = format!("{}-k1", person.id);
        let (code, display) = if mother {
            ("MTH", "mother")
        } else {
            ("FTH", "father")
        };
        self.put(
            Kind::RelatedPerson,
            &id,
            Some("us-core-relatedperson"),
            |j| {
                j.bool("active", true);
                reference(j, "patient", "Patient", &person.id);
                j.one("relationship", |j| {
                    concept_body(j, ROLE_CODE, code, display)
                });
                j.one("name", |j| {
                    j.str("use", "official");
                    j.str("family", person.family);
                    j.arr("given", |j| j.text_item(given));
                });
                j.one("telecom", |j| {
                    j.str("system", "phone");
                    j.str("value", &format!("555-555-01{:02}", person.phone));
                    j.str("use", "home");
                });
                j.str("gender", if mother { "female" } else { "male" });
            },
        );
    }

    /// Patient and primary-care practitioner (SNOMED CT roles of US Core's value set).
    pub(super) fn care_team(&mut self, chart: &Chart<'w>) {
        if chart.encounters.is_empty() {
            return;
        }
        let world = self.world;
        let person = &chart.person;
        let id = team_id(chart);
        self.put(Kind::CareTeam, &id, Some("us-core-careteam"), |j| {
            j.str("status", "active");
            j.str("name", "Primary care team");
            reference(j, "subject", "Patient", &person.id);
            j.arr("participant", |j| {
                j.item(|j| {
                    let (code, display) = ("446050000", "Primary care provider");
                    j.arr("role", |j| {
                        j.item(|j| concept_body(j, SNOMED, code, display))
                    });
                    let id = practitioner_id(world, person.practitioner);
                    reference(j, "member", "Practitioner", &id);
                });
                j.item(|j| {
                    j.arr("role", |j| {
                        j.item(|j| concept_body(j, SNOMED, "116154003", "Patient"))
                    });
                    reference(j, "member", "Patient", &person.id);
                });
            });
            j.one("managingOrganization", |j| {
                reference_body(j, "Organization", &organization_id(world, person.clinic));
            });
        });
    }

    /// Goals of the diseases on the list, and the plan that holds them.
    pub(super) fn goals_and_plan(&mut self, chart: &Chart<'w>) {
        let mut goals = 0;
        let mut problems = Vec::new();
        for (at, problem) in chart.problems.iter().enumerate() {
            let open = problem.abatement.is_none() && problem.state.is_some_and(|s| s.proper);
            let disease = problem
                .condition
                .filter(|_| open)
                .and_then(|id| self.disease(id));
            let Some(disease) = disease else { continue };
            if disease.state.iter().all(|s| s.visit_every_days == 0) {
                continue;
            }
            problems.push((at, disease));
            for goal in &disease.goal {
                let id = ids::goal(&chart.person.id, goals);
                goals += 1;
                self.goal(chart, &id, (disease, at), &goal.measure, goal.above);
            }
        }
        if !problems.is_empty() {
            self.care_plan(chart, &problems, goals);
        }
    }

    fn disease(&self, id: &str) -> Option<&'w Disease> {
        self.world.content.diseases.iter().find(|d| d.id == id)
    }

    fn goal(
        &mut self,
        chart: &Chart<'w>,
        id: &str,
        (disease, problem): (&Disease, usize),
        measure: &str,
        above: f64,
    ) {
        let world = self.world;
        let Some(measure) = world.content.measure(measure) else {
            return;
        };
        let recorded = chart.problems.get(problem).map(|p| p.recorded);
        self.put(Kind::Goal, id, Some("us-core-goal"), |j| {
            j.str("lifecycleStatus", "active");
            j.obj("description", |j| {
                let limit = Fixed::round(above, measure.digits.min(1));
                let text = format!(
                    "{}: {} below {} {}",
                    disease.name,
                    measure.display,
                    limit.value(),
                    measure.unit
                );
                j.str("text", text.trim_end());
            });
            reference(j, "subject", "Patient", &chart.person.id);
            if let Some(day) = recorded {
                j.date("startDate", day.max(world.start));
            }
            j.one("target", |j| {
                concept(j, "measure", LOINC, &measure.loinc, &measure.display);
                j.obj("detailQuantity", |j| {
                    j.fixed("value", Fixed::round(above, measure.digits));
                    j.str("comparator", "<");
                    j.str("unit", &measure.unit);
                    j.str("system", UCUM);
                    j.str("code", &measure.ucum);
                });
                j.date("dueDate", world.end + 180);
            });
            j.one("addresses", |j| {
                reference_body(j, "Condition", &ids::condition(&chart.person.id, problem));
            });
        });
    }

    fn care_plan(&mut self, chart: &Chart<'w>, problems: &[(usize, &Disease)], goals: usize) {
        let world = self.world;
        let person = &chart.person;
        let id = format!("{}-j1", person.id);
        self.put(Kind::CarePlan, &id, Some("us-core-careplan"), |j| {
            let names: Vec<&str> = problems.iter().map(|(_, d)| d.name.as_str()).collect();
            j.obj("text", |j| {
                j.str("status", "generated");
                let text = format!("Follow-up of: {}", names.join(", "));
                let open = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
                j.parts("div", &[open, &text, "</div>"]);
            });
            j.str(
                "status",
                if person.death.is_some() {
                    "completed"
                } else {
                    "active"
                },
            );
            j.str("intent", "plan");
            j.one("category", |j| {
                let system = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category";
                concept_body(j, system, "assess-plan", "Assessment and Plan of Treatment");
            });
            j.str("title", "Care of chronic conditions");
            reference(j, "subject", "Patient", &person.id);
            j.obj("period", |j| j.date("start", world.start.max(person.birth)));
            j.one("careTeam", |j| {
                reference_body(j, "CareTeam", &team_id(chart))
            });
            j.arr("addresses", |j| {
                for (at, _) in problems {
                    j.item(|j| reference_body(j, "Condition", &ids::condition(&person.id, *at)));
                }
            });
            if goals > 0 {
                j.arr("goal", |j| {
                    for goal in 0..goals {
                        j.item(|j| reference_body(j, "Goal", &ids::goal(&person.id, goal)));
                    }
                });
            }
        });
    }

    pub(super) fn requests(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, request) in chart.requests.iter().enumerate() {
            let id = ids::request(&chart.person.id, index);
            self.put(
                Kind::ServiceRequest,
                &id,
                Some("us-core-servicerequest"),
                |j| {
                    j.str("status", if request.done { "completed" } else { "active" });
                    j.str("intent", "order");
                    asked(j, chart, request);
                    subject(j, "subject", chart, Some(request.encounter));
                    encounter_reference(j, "encounter", chart, request.encounter);
                    let Some(encounter) = chart.encounters.get(request.encounter) else {
                        return;
                    };
                    j.date_time("occurrenceDateTime", encounter.start.plus_minutes(5));
                    j.date_time("authoredOn", encounter.start.plus_minutes(5));
                    let by = practitioner_id(world, encounter.practitioner);
                    reference(j, "requester", "Practitioner", &by);
                    if let Some(code) = request.reason {
                        j.one("reasonCode", |j| {
                            concept_body(j, ICD10CM, code, world.content.display(code));
                        });
                    }
                },
            );
        }
    }

    /// The laboratory's specimen of each report.
    pub(super) fn specimens(&mut self, chart: &Chart<'w>) {
        for (index, report) in chart.reports.iter().enumerate() {
            let Some(first) = chart.observations.get(report.first) else {
                continue;
            };
            let (code, display) = match report.panel.id.as_str() {
                "urinalysis" => ("122575003", "Urine specimen"),
                _ => ("119297000", "Blood specimen"),
            };
            let id = ids::specimen(&chart.person.id, index);
            self.put(Kind::Specimen, &id, Some("us-core-specimen"), |j| {
                j.one("identifier", |j| {
                    j.str("system", "https://salus.example/synth/specimen");
                    j.str("value", &id);
                });
                j.str("status", "available");
                concept(j, "type", SNOMED, code, display);
                subject(j, "subject", chart, Some(first.encounter));
                j.obj("collection", |j| j.date_time("collectedDateTime", first.at));
            });
        }
    }
}

fn team_id(chart: &Chart<'_>) -> String {
    format!("{}-t1", chart.person.id)
}

/// What is asked for: a laboratory panel or a study by LOINC, or a specialist.
fn asked(j: &mut Json, chart: &Chart<'_>, request: &Request<'_>) {
    match request.asked {
        Asked::Study(at) => {
            let Some(study) = chart.studies.get(at) else {
                return;
            };
            let (code, display) = match study.kind.category {
                Department::Pathology => ("108252007", "Laboratory procedure"),
                Department::Radiology | Department::Cardiology => ("363679005", "Imaging"),
            };
            j.one("category", |j| concept_body(j, SNOMED, code, display));
            concept(j, "code", LOINC, &study.kind.loinc, &study.kind.display);
        }
        Asked::Panel(panel, _) => {
            j.one("category", |j| {
                concept_body(j, SNOMED, "108252007", "Laboratory procedure");
            });
            let code = panel.report.as_deref().unwrap_or("");
            let display = panel.report_display.as_deref().unwrap_or("");
            concept(j, "code", LOINC, code, display);
        }
        Asked::Referral(to) => {
            j.one("category", |j| {
                concept_body(j, SNOMED, "409063005", "Counselling");
            });
            j.obj("code", |j| {
                j.one("coding", |j| {
                    super::coding_body(j, SNOMED, "3457005", "Patient referral");
                });
                j.parts("text", &["Referral to ", to]);
            });
        }
    }
}
