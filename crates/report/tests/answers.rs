//! The definitions at work: small lakes whose every number can be counted by hand.

#![cfg(test)]

use salus_report::Outcome;
use salus_report::scoreboard::Answer;

#[path = "lake/mod.rs"]
mod lake;
#[path = "lake/write.rs"]
mod write;

use lake::Records;
use write::{ICD10, RXNORM, SNOMED};

/// An adult who was seen in primary care in the period.
fn seen(records: &mut Records, id: &str, birth: &str) {
    records
        .add(write::patient(id, birth, "female"))
        .add(write::visit(
            &format!("{id}-visit"),
            id,
            "AMB",
            "2026-02-01T09:00:00Z",
            "2026-02-01T09:20:00Z",
        ));
}

#[test]
fn blood_pressure_is_judged_at_the_last_office_reading() {
    let mut records = Records::new();
    for id in ["good", "bad", "unread", "pregnant", "ward"] {
        seen(&mut records, id, "1966-01-01");
        records.add(write::condition(
            &format!("{id}-dx"),
            id,
            ICD10,
            "I10",
            "2020-01-01",
        ));
    }
    records
        .add(write::blood_pressure(
            "o1",
            "good",
            "2026-01-01",
            (170.0, 100.0),
            None,
        ))
        .add(write::blood_pressure(
            "o2",
            "good",
            "2026-02-01",
            (139.0, 95.0),
            None,
        ))
        .add(write::blood_pressure(
            "o3",
            "good",
            "2026-02-01",
            (145.0, 89.0),
            None,
        ))
        .add(write::blood_pressure(
            "o4",
            "bad",
            "2026-02-01",
            (140.0, 80.0),
            None,
        ))
        .add(write::blood_pressure(
            "o5",
            "unread",
            "2024-02-01",
            (120.0, 80.0),
            None,
        ))
        .add(write::condition(
            "z",
            "pregnant",
            ICD10,
            "O09.90",
            "2026-01-01",
        ))
        .add(write::visit(
            "stay",
            "ward",
            "IMP",
            "2026-03-01",
            "2026-03-04",
        ))
        .add(write::blood_pressure(
            "o6",
            "ward",
            "2026-02-01",
            (150.0, 95.0),
            None,
        ))
        .add(write::blood_pressure(
            "o7",
            "ward",
            "2026-03-02",
            (110.0, 70.0),
            Some("stay"),
        ));
    assert_eq!(records.share("bp-control"), (1, 4, 0));
}

#[test]
fn hba1c_counts_high_and_missing_and_reads_ifcc_units() {
    let mut records = Records::new();
    for id in ["high", "missing", "fine", "ifcc"] {
        seen(&mut records, id, "1966-01-01");
        records.add(write::condition(
            &format!("{id}-dx"),
            id,
            SNOMED,
            "44054006",
            "2020-01-01",
        ));
    }
    records
        .add(write::laboratory(
            "l1",
            "high",
            "4548-4",
            "2026-01-01",
            9.1,
            "%",
        ))
        .add(write::laboratory(
            "l2",
            "fine",
            "4548-4",
            "2026-01-01",
            9.0,
            "%",
        ))
        .add(write::laboratory(
            "l3",
            "ifcc",
            "59261-8",
            "2026-01-01",
            90.0,
            "mmol/mol",
        ));
    // 90 mmol/mol is 10.4 %.
    assert_eq!(records.share("hba1c-poor-control"), (3, 4, 0));
}

#[test]
fn colonoscopy_counts_for_ten_years() {
    let mut records = Records::new();
    for id in ["recent", "old", "cancer"] {
        seen(&mut records, id, "1966-01-01");
    }
    seen(&mut records, "young", "1990-01-01");
    records
        .add(write::procedure("c1", "recent", "73761001", "2017-01-01"))
        .add(write::procedure("c2", "old", "73761001", "2015-01-01"))
        .add(write::condition(
            "z",
            "cancer",
            ICD10,
            "C18.7",
            "2020-01-01",
        ));
    assert_eq!(records.share("colorectal-screening"), (1, 2, 0));
}

#[test]
fn a_high_priority_pair_counts_only_while_both_are_active() {
    let mut records = Records::new();
    for id in ["both", "stopped", "harmless", "unclear"] {
        seen(&mut records, id, "1966-01-01");
    }
    // Clarithromycin 21212, simvastatin 36567, aspirin 1191 (RxNorm ingredients).
    records
        .add(write::order("m1", "both", "36567", "active"))
        .add(write::order("m2", "both", "21212", "active"))
        .add(write::order("m3", "stopped", "36567", "stopped"))
        .add(write::order("m4", "stopped", "21212", "active"))
        .add(write::order("m5", "harmless", "1191", "active"))
        .add(write::order("m6", "harmless", "21212", "active"))
        .add(write::order("m7", "unclear", "999999998", "active"))
        .add(write::order("m8", "unclear", "999999999", "active"));
    assert_eq!(records.share("interacting-medicines"), (1, 2, 1));
}

#[test]
fn an_allergy_speaks_against_its_class() {
    let mut records = Records::new();
    for id in ["class", "same", "other"] {
        seen(&mut records, id, "1966-01-01");
    }
    // Amoxicillin 723, penicillin V 7984, azithromycin 18631.
    records
        .add(write::allergy("a1", "class", SNOMED, "373270004"))
        .add(write::order("m1", "class", "723", "active"))
        .add(write::allergy("a2", "same", RXNORM, "723"))
        .add(write::order("m2", "same", "723", "active"))
        .add(write::allergy("a3", "other", RXNORM, "7984"))
        .add(write::order("m3", "other", "18631", "active"));
    assert_eq!(records.share("allergy-conflict"), (2, 3, 0));
}

#[test]
fn metformin_without_any_kidney_value_is_unknown_rather_than_safe() {
    let mut records = Records::new();
    for id in ["low", "fine", "unknown"] {
        seen(&mut records, id, "1956-01-01");
        records.add(write::order(&format!("{id}-m"), id, "6809", "active"));
    }
    records
        .add(write::laboratory(
            "l1",
            "low",
            "2160-0",
            "2026-01-01",
            2.4,
            "mg/dL",
        ))
        .add(write::laboratory(
            "l2",
            "fine",
            "98979-8",
            "2026-01-01",
            71.0,
            "mL/min/{1.73_m2}",
        ));
    assert_eq!(records.share("metformin-low-egfr"), (1, 2, 1));
}

#[test]
fn amounts_are_spread_over_covered_months() {
    let mut records = Records::new();
    seen(&mut records, "a", "1966-01-01");
    records
        .add(write::coverage("v", "a", "2025-07-01", None))
        .add(write::visit("stay", "a", "IMP", "2026-03-01", "2026-03-04"))
        .add(write::eob(
            "e1",
            "a",
            "institutional",
            "2026-03-01",
            (9_000.0, 8_000.0, 1_000.0),
        ))
        .add(write::eob(
            "e2",
            "a",
            "pharmacy",
            "2026-01-01",
            (120.0, 100.0, 20.0),
        ))
        .add(write::eob(
            "e3",
            "a",
            "pharmacy",
            "2024-01-01",
            (500.0, 500.0, 0.0),
        ));
    let answer = records.answer("allowed-pmpm");
    let Answer::Rate(rate) = &answer else {
        panic!("{answer:?}")
    };
    assert!((rate.amount - 9_120.0).abs() < 1e-9, "{rate:?}");
    assert!((rate.exposure - 365.0 / 30.4375).abs() < 1e-9, "{rate:?}");
    let labels: Vec<&str> = rate
        .groups
        .iter()
        .map(|group| group.label.as_str())
        .collect();
    assert_eq!(labels, ["Inpatient", "Pharmacy"]);
    let answer = records.answer("paid-pmpm");
    let Answer::Rate(paid) = &answer else {
        panic!("{answer:?}")
    };
    assert!((paid.amount - 8_100.0).abs() < 1e-9, "{paid:?}");
}

#[test]
fn a_stay_within_thirty_days_is_a_readmission_and_a_planned_one_is_not() {
    let mut records = Records::new();
    for id in ["back", "late", "planned"] {
        seen(&mut records, id, "1950-01-01");
        records.add(write::visit(
            &format!("{id}-1"),
            id,
            "IMP",
            "2026-01-01",
            "2026-01-05",
        ));
    }
    let mut planned = write::visit("planned-2", "planned", "IMP", "2026-01-20", "2026-01-21");
    planned["reasonCode"] =
        serde_json::json!([{ "coding": [{ "system": ICD10, "code": "Z51.11" }] }]);
    records
        .add(write::visit(
            "back-2",
            "back",
            "IMP",
            "2026-02-04",
            "2026-02-06",
        ))
        .add(write::visit(
            "late-2",
            "late",
            "IMP",
            "2026-02-05",
            "2026-02-06",
        ))
        .add(planned);
    // Six discharges; one was followed by an unplanned stay, 30 days later.
    assert_eq!(records.share("readmission-30-day"), (1, 6, 0));
}

#[test]
fn who_was_not_in_primary_care_is_counted_among_all_living_patients() {
    let mut records = Records::new();
    seen(&mut records, "seen", "1966-01-01");
    records
        .add(write::patient("away", "1980-01-01", "male"))
        .add(write::visit(
            "ed",
            "away",
            "EMER",
            "2026-01-01",
            "2026-01-01",
        ));
    let mut dead = write::patient("dead", "1930-01-01", "male");
    dead["deceasedDateTime"] = "2026-01-01".into();
    records.add(dead);
    assert_eq!(records.share("no-primary-care"), (1, 2, 0));
}

#[test]
fn the_uninsured_and_those_who_pay_too_much_are_counted_once() {
    let mut records = Records::new();
    for id in ["insured", "lapsed", "burdened"] {
        seen(&mut records, id, "1966-01-01");
    }
    records
        .add(write::coverage("v1", "insured", "2025-01-01", None))
        .add(write::coverage(
            "v2",
            "lapsed",
            "2024-01-01",
            Some("2026-01-31"),
        ))
        .add(write::coverage("v3", "burdened", "2025-01-01", None))
        .add(write::eob(
            "e1",
            "insured",
            "professional",
            "2026-03-01",
            (100.0, 91.0, 9.0),
        ))
        .add(write::eob(
            "e2",
            "lapsed",
            "professional",
            "2026-01-01",
            (100.0, 50.0, 50.0),
        ))
        .add(write::eob(
            "e3",
            "burdened",
            "professional",
            "2026-01-01",
            (100.0, 80.0, 20.0),
        ));
    assert_eq!(records.share("financial-barrier"), (2, 3, 0));
}

#[test]
fn distance_is_measured_along_the_sphere() {
    let mut records = Records::new();
    let mut home = write::patient("p", "1966-01-01", "male");
    home["address"] = serde_json::json!([{ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/geolocation",
        "extension": [{ "url": "latitude", "valueDecimal": 42.0 }, { "url": "longitude", "valueDecimal": -71.0 }]
    }] }]);
    let mut visit = write::visit("e", "p", "AMB", "2026-01-01", "2026-01-01");
    visit["location"] = serde_json::json!([{ "location": { "reference": "Location/clinic" } }]);
    records.add(home).add(visit).add(serde_json::json!({
        "resourceType": "Location", "id": "clinic", "name": "Clinic", "position": { "latitude": 42.1, "longitude": -71.0 }
    }));
    let answer = records.answer("distance-to-care");
    let Answer::Median(median) = &answer else {
        panic!("{answer:?}")
    };
    // A tenth of a degree of a meridian on the mean sphere.
    assert!((median.median - 11.1195).abs() < 1e-3, "{median:?}");
}

#[test]
fn a_burst_of_gastroenteritis_is_a_signal_in_its_town() {
    let mut records = Records::new();
    for case in 0..12 {
        let id = format!("p{case}");
        records.add(write::patient(&id, "1980-01-01", "male"));
        // Twelve people in one week of April after one case every other week before it.
        let day = if case < 6 {
            format!("2026-0{}-1{}", 1 + case / 2, 1 + case % 2 * 7)
        } else {
            "2026-04-22".to_owned()
        };
        records.add(write::condition(
            &format!("c{case}"),
            &id,
            ICD10,
            "A09",
            &day,
        ));
    }
    let answer = records.answer("gastrointestinal");
    let Answer::Series(series) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(series.places[0].label, "Fernbrook");
    let week = series.places[0].signals.first().copied().unwrap();
    assert_eq!(series.weeks[week].0.to_string(), "2026-04-20");
    assert_eq!(series.places[0].counts[week], 6);
}

#[test]
fn kidney_disease_is_found_by_two_low_values_ninety_days_apart() {
    let mut records = Records::new();
    for id in ["chronic", "once", "recovered"] {
        seen(&mut records, id, "1956-01-01");
    }
    records
        .add(write::laboratory(
            "l1",
            "chronic",
            "98979-8",
            "2025-08-01",
            44.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l2",
            "chronic",
            "98979-8",
            "2026-01-01",
            38.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l3",
            "once",
            "98979-8",
            "2026-01-01",
            40.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l4",
            "recovered",
            "98979-8",
            "2025-08-01",
            50.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l5",
            "recovered",
            "98979-8",
            "2025-10-01",
            75.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l6",
            "recovered",
            "98979-8",
            "2026-01-01",
            55.0,
            "mL/min",
        ));
    let answer = records.answer("ckd-stages");
    let Answer::Ranking(stages) = &answer else {
        panic!("{answer:?}")
    };
    let stages: Vec<(&str, u64)> = stages
        .rows
        .iter()
        .map(|row| (row.label.as_str(), row.patients))
        .collect();
    assert_eq!(stages, [("G3b", 1)]);
}

#[test]
fn a_worse_category_with_a_quarter_less_is_worsening() {
    let mut records = Records::new();
    for id in ["worse", "drift"] {
        seen(&mut records, id, "1956-01-01");
        records.add(write::condition(
            &format!("{id}-dx"),
            id,
            ICD10,
            "N18.31",
            "2020-01-01",
        ));
    }
    records
        .add(write::laboratory(
            "l1",
            "worse",
            "98979-8",
            "2025-01-01",
            50.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l2",
            "worse",
            "98979-8",
            "2026-01-01",
            37.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l3",
            "drift",
            "98979-8",
            "2025-01-01",
            46.0,
            "mL/min",
        ))
        .add(write::laboratory(
            "l4",
            "drift",
            "98979-8",
            "2026-01-01",
            43.0,
            "mL/min",
        ));
    assert_eq!(records.share("stage-worsened"), (1, 2, 0));
}

#[test]
fn who_has_neither_visit_nor_test_for_a_year_fell_out_of_care() {
    let mut records = Records::new();
    seen(&mut records, "seen", "1966-01-01");
    records.add(write::condition("d1", "seen", ICD10, "E11.9", "2020-01-01"));
    for id in ["lapsed", "tested"] {
        records
            .add(write::patient(id, "1966-01-01", "male"))
            .add(write::condition(
                &format!("{id}-dx"),
                id,
                ICD10,
                "E11.9",
                "2020-01-01",
            ))
            .add(write::visit(
                &format!("{id}-v"),
                id,
                "AMB",
                "2024-01-01",
                "2024-01-01",
            ));
    }
    records.add(write::laboratory(
        "l",
        "tested",
        "4548-4",
        "2026-01-01",
        7.0,
        "%",
    ));
    assert_eq!(records.share("lapse-in-care"), (1, 3, 0));
}

#[test]
fn records_that_cannot_answer_say_what_is_missing_and_never_zero() {
    let mut records = Records::new();
    records.add(write::patient("alone", "1980-01-01", "male"));
    for finding in records
        .report(&[])
        .sections
        .iter()
        .flat_map(|section| &section.findings)
    {
        if finding.id == "record-completeness" {
            continue;
        }
        let Answer::CannotAnswer { reason } = &finding.answer else {
            panic!("{} answers from nothing: {:?}", finding.id, finding.answer)
        };
        assert!(!reason.is_empty());
    }
}

#[test]
fn an_explanation_goes_down_to_file_and_byte() {
    let mut records = Records::new();
    seen(&mut records, "low", "1956-01-01");
    records
        .add(write::order("m", "low", "6809", "active"))
        .add(write::laboratory(
            "l",
            "low",
            "2160-0",
            "2026-01-01",
            2.4,
            "mg/dL",
        ));
    let explanation = records.explain("metformin-low-egfr");
    assert_eq!(explanation.patients.len(), 1);
    assert_eq!(explanation.patients[0].outcome, Outcome::Numerator);
    let types: Vec<&str> = explanation.patients[0]
        .records
        .iter()
        .map(|one| one.resource_type.as_str())
        .collect();
    assert_eq!(types, ["Observation", "MedicationRequest"]);
    for record in &explanation.patients[0].records {
        assert!(
            record
                .source
                .as_deref()
                .is_some_and(|name| name.ends_with("records.ndjson")),
            "{record:?}"
        );
        assert!(record.offset.is_some_and(|offset| offset > 0), "{record:?}");
    }
}
