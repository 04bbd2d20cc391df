//! Encounter, Condition, Observation, DiagnosticReport, Immunization, Procedure.

use super::places::{
    diagnosis, emergency_id, location_id, organization_id, practitioner_id, visit_type,
};
use super::systems::{ACT_CODE, CVX, HCPCS, ICD10CM, ICD10PCS, LOINC, SNOMED, UCUM};
use super::{
    Emitter, Kind, Version, concept, encounter_reference, hl7, hl7_body, ids, reference,
    reference_body, subject,
};
use crate::chart::{
    Amended, Asked, Chart, Encounter, Observation, Problem, ProcedureCode, Stay, Vaccine, Value,
};
use crate::content::{Measure, VisitKind};
use crate::json::{Fixed, Json};
use crate::world::World;

impl<'w> Emitter<'w> {
    pub(super) fn encounters(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, encounter) in chart.encounters.iter().enumerate() {
            let id = ids::encounter(&chart.person.id, index);
            self.put(Kind::Encounter, &id, Some("us-core-encounter"), |j| {
                let running = encounter
                    .stay
                    .as_ref()
                    .is_some_and(|s| s.discharge.is_empty());
                j.str("status", if running { "in-progress" } else { "finished" });
                let visit = encounter.visit;
                j.obj("class", |j| {
                    super::coding_body(j, ACT_CODE, &visit.class, &visit.class_display);
                });
                visit_type(j, &visit.snomed, &visit.display);
                if let Some(stay) = &encounter.stay {
                    let priority = if stay.planned { "EL" } else { "EM" };
                    hl7(j, "priority", "v3-ActPriority", priority);
                }
                subject(j, "subject", chart, Some(index));
                people_and_time(j, world, encounter);
                reasons(j, world, encounter);
                if let Some(stay) = &encounter.stay {
                    hospitalization(j, stay);
                }
                place(j, world, encounter);
            });
        }
    }

    pub(super) fn conditions(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, problem) in chart.problems.iter().enumerate() {
            let id = ids::condition(&chart.person.id, index);
            let listed = problem.condition.is_some();
            let profile = if listed {
                "us-core-condition-problems-health-concerns"
            } else {
                "us-core-condition-encounter-diagnosis"
            };
            self.put(Kind::Condition, &id, Some(profile), |j| {
                condition(j, world, chart, problem)
            });
        }
    }

    pub(super) fn observations(&mut self, chart: &Chart<'w>) {
        let content = &self.world.content;
        let pressures = content
            .measure("systolic")
            .zip(content.measure("diastolic"));
        for (index, observation) in chart.observations.iter().enumerate() {
            let id = ids::observation(&chart.person.id, index);
            let profile = profile_of(observation.measure);
            let Some(amended) = observation.amended else {
                self.put(Kind::Observation, &id, profile, |j| {
                    observed(j, chart, observation);
                    value(j, observation, pressures);
                });
                continue;
            };
            let first = Version {
                number: 1,
                updated: Amended::sent_first(observation.at),
            };
            self.put_version(Kind::Observation, &id, profile, first, |j| {
                observed(j, chart, &observation.as_sent_first(amended));
                value(j, &observation.as_sent_first(amended), pressures);
            });
        }
        self.amended(chart, pressures);
    }

    /// The newer versions of results that were sent wrong, after all that was there before: a reader that
    /// keeps the newest version and one that keeps the last line agree.
    fn amended(&mut self, chart: &Chart<'w>, pressures: Option<(&Measure, &Measure)>) {
        for (index, observation) in chart.observations.iter().enumerate() {
            let Some(amended) = observation.amended else {
                continue;
            };
            let id = ids::observation(&chart.person.id, index);
            let version = Version {
                number: 2,
                updated: amended.at,
            };
            let profile = profile_of(observation.measure);
            self.put_version(Kind::Observation, &id, profile, version, |j| {
                observed(j, chart, observation);
                value(j, observation, pressures);
            });
        }
    }

    pub(super) fn reports(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, report) in chart.reports.iter().enumerate() {
            let Some(first) = chart.observations.get(report.first) else {
                continue;
            };
            let id = ids::report(&chart.person.id, index);
            self.put(
                Kind::DiagnosticReport,
                &id,
                Some("us-core-diagnosticreport-lab"),
                |j| {
                    let mut results = chart.observations.iter().skip(report.first);
                    let corrected = results
                        .by_ref()
                        .take(report.count)
                        .any(|o| o.amended.is_some());
                    j.str("status", if corrected { "corrected" } else { "final" });
                    if let Some(request) = ordered(chart, index) {
                        j.one("basedOn", |j| reference_body(j, "ServiceRequest", &request));
                    }
                    j.one("category", |j| hl7_body(j, "v2-0074", "LAB"));
                    let code = report.panel.report.as_deref().unwrap_or("");
                    let display = report.panel.report_display.as_deref().unwrap_or("");
                    concept(j, "code", LOINC, code, display);
                    subject(j, "subject", chart, Some(first.encounter));
                    encounter_reference(j, "encounter", chart, first.encounter);
                    j.date_time("effectiveDateTime", first.at);
                    j.date_time("issued", first.at.plus_minutes(180));
                    if let Some(encounter) = chart.encounters.get(first.encounter) {
                        j.one("performer", |j| {
                            let id = organization_id(world, encounter.facility);
                            reference_body(j, "Organization", &id);
                        });
                    }
                    j.one("specimen", |j| {
                        reference_body(j, "Specimen", &ids::specimen(&chart.person.id, index));
                    });
                    j.arr("result", |j| {
                        for at in report.first..report.first + report.count {
                            let id = ids::observation(&chart.person.id, at);
                            j.item(|j| reference_body(j, "Observation", &id));
                        }
                    });
                },
            );
        }
    }

    pub(super) fn immunizations(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, given) in chart.immunizations.iter().enumerate() {
            let id = ids::immunization(&chart.person.id, index);
            let influenza = &world.content.prevention.influenza;
            let (cvx, display) = match given.vaccine {
                Vaccine::Scheduled(vaccine) => (&vaccine.cvx, &vaccine.display),
                Vaccine::Influenza => (&influenza.cvx, &influenza.display),
            };
            self.put(Kind::Immunization, &id, Some("us-core-immunization"), |j| {
                j.str("status", "completed");
                concept(j, "vaccineCode", CVX, cvx, display);
                subject(j, "patient", chart, Some(given.encounter));
                encounter_reference(j, "encounter", chart, given.encounter);
                j.date_time("occurrenceDateTime", given.at);
                j.bool("primarySource", true);
            });
        }
    }

    pub(super) fn procedures(&mut self, chart: &Chart<'w>) {
        for (index, procedure) in chart.procedures.iter().enumerate() {
            let id = ids::procedure(&chart.person.id, index);
            self.put(Kind::Procedure, &id, Some("us-core-procedure"), |j| {
                j.str("status", "completed");
                match procedure.code {
                    ProcedureCode::Pcs(code, display) => {
                        concept(j, "code", ICD10PCS, code, display)
                    }
                    ProcedureCode::Hcpcs(code, display) => concept(j, "code", HCPCS, code, display),
                }
                subject(j, "subject", chart, procedure.encounter);
                if let Some(encounter) = procedure.encounter {
                    encounter_reference(j, "encounter", chart, encounter);
                }
                j.date("performedDateTime", procedure.day);
            });
        }
    }
}

/// Id of the order behind a report.
fn ordered(chart: &Chart<'_>, report: usize) -> Option<String> {
    let mut requests = chart.requests.iter();
    let at = requests.position(|r| matches!(r.asked, Asked::Panel(_, at) if at == report))?;
    Some(ids::request(&chart.person.id, at))
}

fn people_and_time(j: &mut Json, world: &World, encounter: &Encounter<'_>) {
    j.one("participant", |j| {
        j.arr("type", |j| {
            j.item(|j| hl7_body(j, "v3-ParticipationType", "PPRF"));
        });
        let id = practitioner_id(world, encounter.practitioner);
        reference(j, "individual", "Practitioner", &id);
    });
    j.obj("period", |j| {
        j.date_time("start", encounter.start);
        if !encounter.open {
            j.date_time("end", encounter.end);
        }
    });
}

fn reasons(j: &mut Json, world: &World, encounter: &Encounter<'_>) {
    if encounter.reason.is_none() {
        return;
    }
    j.arr("reasonCode", |j| {
        for code in encounter.reason.iter().chain(&encounter.secondary) {
            j.item(|j| super::concept_body(j, ICD10CM, code, world.content.display(code)));
        }
        // The complaint in the patient's words stands beside the codes.
        if let Some(complaint) = &encounter.complaint {
            j.item(|j| j.str("text", complaint));
        }
    });
}

fn hospitalization(j: &mut Json, stay: &Stay<'_>) {
    j.obj("hospitalization", |j| {
        let source = if stay.through_emergency { "emd" } else { "gp" };
        hl7(j, "admitSource", "admit-source", source);
        if stay.readmission_of.is_some() {
            hl7(j, "reAdmission", "v2-0092", "R");
        }
        if !stay.discharge.is_empty() {
            hl7(
                j,
                "dischargeDisposition",
                "discharge-disposition",
                stay.discharge,
            );
        }
    });
}

fn place(j: &mut Json, world: &World, encounter: &Encounter<'_>) {
    // A virtual visit has no place.
    if encounter.kind() != VisitKind::Telehealth {
        j.one("location", |j| {
            let id = match encounter.kind() {
                VisitKind::Emergency => emergency_id(world),
                _ => location_id(world, encounter.facility),
            };
            reference(j, "location", "Location", &id);
        });
    }
    let organization = organization_id(world, encounter.facility);
    reference(j, "serviceProvider", "Organization", &organization);
}

fn condition(j: &mut Json, world: &World, chart: &Chart<'_>, problem: &Problem<'_>) {
    let (clinical, verified) = match (problem.refuted, problem.abatement) {
        (true, _) => ("inactive", "refuted"),
        (false, Some(_)) => ("resolved", "confirmed"),
        (false, None) => ("active", "confirmed"),
    };
    hl7(j, "clinicalStatus", "condition-clinical", clinical);
    hl7(j, "verificationStatus", "condition-ver-status", verified);
    let category = if problem.condition.is_some() {
        "problem-list-item"
    } else {
        "encounter-diagnosis"
    };
    j.one("category", |j| hl7_body(j, "condition-category", category));
    if problem.uncoded {
        j.obj("code", |j| {
            j.str("text", world.content.display(problem.code))
        });
    } else {
        diagnosis(j, world, "code", problem.code);
    }
    subject(j, "subject", chart, problem.encounter);
    if let Some(encounter) = problem.encounter {
        encounter_reference(j, "encounter", chart, encounter);
    }
    if let Some(onset) = problem.onset {
        j.date("onsetDateTime", onset);
    }
    if let Some(abatement) = problem.abatement {
        j.date("abatementDateTime", abatement);
    }
    j.date("recordedDate", problem.recorded);
}

fn profile_of(measure: &Measure) -> Option<&'static str> {
    match (measure.id.as_str(), measure.category.as_str()) {
        ("blood-pressure", _) => Some("us-core-blood-pressure"),
        ("bmi", _) => Some("us-core-bmi"),
        ("weight", _) => Some("us-core-body-weight"),
        ("height", _) => Some("us-core-body-height"),
        ("temperature", _) => Some("us-core-body-temperature"),
        ("pulse", _) => Some("us-core-heart-rate"),
        ("respiration", _) => Some("us-core-respiratory-rate"),
        ("smoking", _) => Some("us-core-smokingstatus"),
        (_, "laboratory") => Some("us-core-observation-lab"),
        (_, "survey") => Some("us-core-observation-screening-assessment"),
        (_, "procedure") => Some("us-core-observation-clinical-result"),
        _ => None,
    }
}

fn observed(j: &mut Json, chart: &Chart<'_>, observation: &Observation<'_>) {
    let measure = observation.measure;
    let status = match (observation.void, observation.amended) {
        (true, _) => "entered-in-error",
        (false, Some(_)) => "corrected",
        (false, None) => "final",
    };
    j.str("status", status);
    j.one("category", |j| {
        hl7_body(j, "observation-category", &measure.category)
    });
    let variant = observation.variant.filter(|_| !observation.unitless);
    let own = variant.and_then(|v| v.loinc.as_deref().zip(v.display.as_deref()));
    let (loinc, display) = own.unwrap_or((&measure.loinc, &measure.display));
    concept(j, "code", LOINC, loinc, display);
    subject(j, "subject", chart, Some(observation.encounter));
    encounter_reference(j, "encounter", chart, observation.encounter);
    if !observation.undated {
        j.date_time("effectiveDateTime", observation.at);
    }
}

fn value(j: &mut Json, observation: &Observation<'_>, pressures: Option<(&Measure, &Measure)>) {
    match observation.value {
        Value::Number(number) => number_of(j, observation, number),
        Value::Coded(code, display) => concept(j, "valueCodeableConcept", SNOMED, code, display),
        Value::Pressure(systolic, diastolic) => {
            let Some((upper, lower)) = pressures else {
                return;
            };
            j.arr("component", |j| {
                for (measure, units) in [(upper, systolic), (lower, diastolic)] {
                    j.item(|j| {
                        concept(j, "code", LOINC, &measure.loinc, &measure.display);
                        j.obj("valueQuantity", |j| {
                            j.fixed("value", Fixed { units, digits: 0 });
                            unit(j, measure);
                        });
                    });
                }
            });
        }
    }
}

/// A number in the unit of the report, its flag and reference range.
fn number_of(j: &mut Json, observation: &Observation<'_>, number: Fixed) {
    let measure = observation.measure;
    let variant = observation.variant.filter(|_| !observation.unitless);
    let convert = |value: f64, digits: u8| match variant {
        // Planted: the number stays as it was.
        Some(_) if observation.mislabelled => Fixed::round(value, digits),
        Some(v) => Fixed::round(value * v.times + v.plus, v.digits),
        None => Fixed::round(value, digits),
    };
    j.obj("valueQuantity", |j| {
        j.fixed(
            "value",
            variant.map_or(number, |_| convert(number.value(), number.digits)),
        );
        if observation.unitless {
            return;
        }
        match variant {
            Some(v) => quantity_unit(j, &v.unit, &v.ucum),
            None => unit(j, measure),
        }
    });
    let Some([low, high]) = measure.range.filter(|_| !observation.unitless) else {
        return;
    };
    let flag = match number.value() {
        value if value < low => "L",
        value if value > high => "H",
        _ => "N",
    };
    j.one("interpretation", |j| {
        hl7_body(j, "v3-ObservationInterpretation", flag);
    });
    j.one("referenceRange", |j| {
        for (key, limit) in [("low", low), ("high", high)] {
            j.obj(key, |j| {
                j.fixed("value", convert(limit, measure.digits));
                match variant {
                    Some(v) => quantity_unit(j, &v.unit, &v.ucum),
                    None => unit(j, measure),
                }
            });
        }
    });
}

fn unit(j: &mut Json, measure: &Measure) {
    quantity_unit(j, &measure.unit, &measure.ucum);
}

fn quantity_unit(j: &mut Json, unit: &str, ucum: &str) {
    j.str("unit", unit);
    j.str("system", UCUM);
    j.str("code", ucum);
}
