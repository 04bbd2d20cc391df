//! Records in few words.

use serde_json::{Value, json};

pub const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub const LOINC: &str = "http://loinc.org";
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub const SNOMED: &str = "http://snomed.info/sct";

fn subject(patient: &str) -> Value {
    json!({ "reference": format!("Patient/{patient}") })
}

fn concept(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": format!("display of {code}") }] })
}

pub fn patient(id: &str, birth: &str, sex: &str) -> Value {
    json!({ "resourceType": "Patient", "id": id, "birthDate": birth, "gender": sex, "address": [{ "city": "Fernbrook" }] })
}

pub fn visit(id: &str, patient: &str, class: &str, start: &str, end: &str) -> Value {
    json!({
        "resourceType": "Encounter", "id": id, "status": "finished", "class": { "code": class },
        "type": [concept(SNOMED, if class == "AMB" { "185349003" } else { "32485007" })],
        "subject": subject(patient), "period": { "start": start, "end": end }
    })
}

pub fn condition(id: &str, patient: &str, system: &str, code: &str, onset: &str) -> Value {
    json!({
        "resourceType": "Condition", "id": id, "subject": subject(patient), "code": concept(system, code), "onsetDateTime": onset,
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "verificationStatus": concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed")
    })
}

pub fn blood_pressure(
    id: &str,
    patient: &str,
    date: &str,
    values: (f64, f64),
    encounter: Option<&str>,
) -> Value {
    let part = |code: &str, value: f64| json!({ "code": concept(LOINC, code), "valueQuantity": { "value": value, "unit": "mmHg", "code": "mm[Hg]" } });
    let mut record = json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": concept(LOINC, "85354-9"),
        "subject": subject(patient), "effectiveDateTime": date,
        "component": [part("8480-6", values.0), part("8462-4", values.1)]
    });
    if let Some(encounter) = encounter {
        record["encounter"] = json!({ "reference": format!("Encounter/{encounter}") });
    }
    record
}

pub fn laboratory(
    id: &str,
    patient: &str,
    code: &str,
    date: &str,
    value: f64,
    unit: &str,
) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": concept(LOINC, code),
        "category": [concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")],
        "subject": subject(patient), "effectiveDateTime": date, "valueQuantity": { "value": value, "unit": unit, "code": unit }
    })
}

pub fn order(id: &str, patient: &str, rxnorm: &str, status: &str) -> Value {
    json!({
        "resourceType": "MedicationRequest", "id": id, "status": status, "intent": "order",
        "medicationCodeableConcept": concept(RXNORM, rxnorm), "subject": subject(patient), "authoredOn": "2026-05-01"
    })
}

pub fn allergy(id: &str, patient: &str, system: &str, code: &str) -> Value {
    json!({
        "resourceType": "AllergyIntolerance", "id": id, "code": concept(system, code), "patient": subject(patient),
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active"),
        "verificationStatus": concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "confirmed")
    })
}

pub fn procedure(id: &str, patient: &str, code: &str, date: &str) -> Value {
    json!({
        "resourceType": "Procedure", "id": id, "status": "completed", "code": concept(SNOMED, code),
        "subject": subject(patient), "performedDateTime": date
    })
}

pub fn coverage(id: &str, patient: &str, start: &str, end: Option<&str>) -> Value {
    let mut period = json!({ "start": start });
    if let Some(end) = end {
        period["end"] = json!(end);
    }
    json!({
        "resourceType": "Coverage", "id": id, "status": "active", "beneficiary": subject(patient), "period": period,
        "payor": [{ "display": "Anchor Mutual" }]
    })
}

/// An adjudicated claim: allowed, paid, the patient's own share.
pub fn eob(id: &str, patient: &str, kind: &str, date: &str, amounts: (f64, f64, f64)) -> Value {
    let total = |code: &str, value: f64| {
        json!({
            "category": concept("http://terminology.hl7.org/CodeSystem/adjudication", code),
            "amount": { "value": value, "currency": "USD" }
        })
    };
    let own = json!({
        "category": concept("http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication", "memberliability"),
        "amount": { "value": amounts.2, "currency": "USD" }
    });
    json!({
        "resourceType": "ExplanationOfBenefit", "id": id, "status": "active", "use": "claim", "outcome": "complete",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", kind), "patient": subject(patient),
        "created": date, "billablePeriod": { "start": date, "end": date }, "insurer": { "display": "Anchor Mutual" },
        "provider": { "display": "Fernbrook Clinic" },
        "insurance": [{ "focal": true, "coverage": { "display": "Anchor Mutual" } }],
        "item": [{ "sequence": 1, "productOrService": concept(SNOMED, "185349003") }],
        "total": [total("eligible", amounts.0), total("benefit", amounts.1), own]
    })
}
