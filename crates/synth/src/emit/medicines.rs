//! MedicationRequest and MedicationDispense.

use super::places::{organization_id, practitioner_id};
use super::systems::{RXNORM, UCUM};
use super::{Emitter, Kind, concept, encounter_reference, hl7_body, ids, reference, subject};
use crate::chart::{Chart, Order};
use crate::content::Medicine;
use crate::json::Json;

impl<'w> Emitter<'w> {
    pub(super) fn orders(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, order) in chart.orders.iter().enumerate() {
            let id = ids::order(&chart.person.id, index);
            self.put(
                Kind::MedicationRequest,
                &id,
                Some("us-core-medicationrequest"),
                |j| {
                    j.str("status", order.status.code());
                    if let Some(why) = order
                        .stopped_for
                        .filter(|_| order.status.code() == "stopped")
                    {
                        j.obj("statusReason", |j| j.str("text", why));
                    }
                    j.str("intent", "order");
                    j.one("category", |j| {
                        hl7_body(j, "medicationrequest-category", "community")
                    });
                    j.bool("reportedBoolean", false);
                    let medicine = order.medicine;
                    concept(
                        j,
                        "medicationCodeableConcept",
                        RXNORM,
                        &medicine.rxcui,
                        &medicine.display,
                    );
                    subject(j, "subject", chart, Some(order.encounter));
                    encounter_reference(j, "encounter", chart, order.encounter);
                    j.date_time("authoredOn", order.authored);
                    let requester = chart
                        .encounters
                        .get(order.encounter)
                        .map_or(1, |e| e.practitioner);
                    reference(
                        j,
                        "requester",
                        "Practitioner",
                        &practitioner_id(world, requester),
                    );
                    if let Some(reason) = order.reason {
                        j.one("reasonCode", |j| {
                            let display = world.content.display(reason);
                            super::concept_body(j, super::systems::ICD10CM, reason, display);
                        });
                    }
                    j.one("dosageInstruction", |j| dosage(j, order));
                    dispense_request(j, order);
                },
            );
        }
    }

    pub(super) fn dispenses(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        for (index, dispense) in chart.dispenses.iter().enumerate() {
            let Some(order) = chart.orders.get(dispense.order) else {
                continue;
            };
            let id = ids::dispense(&chart.person.id, index);
            self.put(
                Kind::MedicationDispense,
                &id,
                Some("us-core-medicationdispense"),
                |j| {
                    j.str("status", "completed");
                    let medicine = order.medicine;
                    concept(
                        j,
                        "medicationCodeableConcept",
                        RXNORM,
                        &medicine.rxcui,
                        &medicine.display,
                    );
                    subject(j, "subject", chart, Some(order.encounter));
                    j.one("performer", |j| {
                        let pharmacy = organization_id(world, dispense.pharmacy);
                        reference(j, "actor", "Organization", &pharmacy);
                    });
                    j.one("authorizingPrescription", |j| {
                        let order = ids::order(&chart.person.id, dispense.order);
                        super::reference_body(j, "MedicationRequest", &order);
                    });
                    quantity(j, medicine);
                    supply(j, "daysSupply", medicine.days);
                    j.date("whenHandedOver", dispense.day);
                    j.one("dosageInstruction", |j| dosage(j, order));
                },
            );
        }
    }
}

fn dispense_request(j: &mut Json, order: &Order<'_>) {
    let days = order.medicine.days.max(1);
    let refills = ((order.supply_days + days - 1) / days - 1).max(0);
    j.obj("dispenseRequest", |j| {
        j.obj("validityPeriod", |j| {
            j.date("start", order.authored.day);
            // An order that was stopped ends on the day it was stopped.
            j.date("end", order.last_day().max(order.authored.day));
        });
        j.int("numberOfRepeatsAllowed", i64::from(refills));
        quantity(j, order.medicine);
        supply(j, "expectedSupplyDuration", days);
    });
}

/// The dose in words, and as numbers where there is one plain dose.
fn dosage(j: &mut Json, order: &Order<'_>) {
    let medicine = order.medicine;
    let usual = medicine.amount.zip(medicine.times_a_day);
    let unit = medicine.unit.as_deref();
    match (order.dose, unit) {
        (Some((amount, times)), Some(unit)) => {
            j.str("text", &format!("{amount} {unit}s, {times} times a day"));
        }
        _ => j.str("text", &medicine.dose),
    }
    let route = order.route.unwrap_or(&medicine.route);
    if let Some((code, display)) = route_code(route) {
        concept(j, "route", super::systems::SNOMED, code, display);
    }
    let (Some((amount, times)), Some(unit)) = (order.dose.or(usual), unit) else {
        return;
    };
    j.obj("timing", |j| {
        j.obj("repeat", |j| {
            j.int("frequency", i64::from(times));
            j.int("period", 1);
            j.str("periodUnit", "d");
        });
    });
    if medicine.as_needed {
        j.bool("asNeededBoolean", true);
    }
    j.one("doseAndRate", |j| {
        j.obj("doseQuantity", |j| {
            j.int("value", i64::from(amount));
            j.str("unit", unit);
        });
    });
}

/// SNOMED CT routes of FHIR's value set.
fn route_code(route: &str) -> Option<(&'static str, &'static str)> {
    Some(match route {
        "oral" => ("26643006", "Oral route"),
        "inhaled" => ("447694001", "Respiratory tract route"),
        "subcutaneous" => ("34206005", "Subcutaneous route"),
        "nasal" => ("46713006", "Nasal route"),
        "topical" => ("6064005", "Topical route"),
        "intravenous" => ("47625008", "Intravenous route"),
        _ => return None,
    })
}

/// How much is handed over at a time.
fn quantity(j: &mut Json, medicine: &Medicine) {
    if let Some((value, unit)) = medicine.quantity() {
        j.obj("quantity", |j| {
            j.int("value", value);
            j.str("unit", unit);
        });
    }
}

fn supply(j: &mut Json, key: &str, days: i32) {
    j.obj(key, |j| {
        j.int("value", i64::from(days));
        j.str("unit", "d");
        j.str("system", UCUM);
        j.str("code", "d");
    });
}
