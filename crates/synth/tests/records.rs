//! What the generated records must be: the same again, whole, coded from the systems they name, and
//! in line with their truth.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use salus_synth::{Collected, Label, Options, Truth, generate};
use serde_json::Value;
use support::{Records, references, text};

fn options(patients: u64, seed: u64) -> Options {
    Options {
        patients,
        seed,
        ..Options::default()
    }
}

/// The demo, made once for all tests.
fn demo() -> &'static (Records, Truth) {
    static DEMO: OnceLock<(Records, Truth)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let (sink, truth) = made(1000, 42);
        (Records::parse(&sink), truth)
    })
}

fn made(patients: u64, seed: u64) -> (Collected, Truth) {
    let mut sink = Collected::default();
    let truth = generate(&options(patients, seed), &mut sink).unwrap();
    (sink, truth)
}

#[test]
fn the_same_options_give_the_same_bytes_and_another_seed_others() {
    let (first, truth) = made(60, 3);
    let (again, truth_again) = made(60, 3);
    assert!(first == again);
    assert_eq!(truth, truth_again);
    assert!(made(60, 4).0 != first);
}

#[test]
fn a_patient_does_not_depend_on_how_many_there_are() {
    let (few, _) = made(40, 5);
    let (many, _) = made(90, 5);
    for (resource_type, lines) in &few.by_type {
        let all = &many.by_type[resource_type];
        assert!(all.starts_with(lines.as_str()), "{resource_type}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |threads| {
        let mut sink = Collected::default();
        let options = Options {
            threads,
            years: 2,
            ..options(100, 8)
        };
        let truth = generate(&options, &mut sink).unwrap();
        (sink, truth)
    };
    let (one, truth_of_one) = with(1);
    for threads in [2, 3, 7] {
        let (many, truth) = with(threads);
        assert!(many == one, "{threads} threads");
        assert_eq!(truth, truth_of_one);
    }
}

#[test]
fn rows_of_truth_name_records_that_exist() {
    #[derive(Default)]
    struct Both(Collected, Vec<salus_synth::Rows>);
    impl salus_synth::Sink for Both {
        fn put(&mut self, ty: &'static str, line: &str) -> Result<(), salus_synth::SinkError> {
            self.0.put(ty, line)
        }
        fn rows(&mut self, rows: &salus_synth::Rows) -> Result<(), salus_synth::SinkError> {
            self.1.push(rows.clone());
            Ok(())
        }
    }
    let mut both = Both::default();
    let made = options(400, 12);
    salus_synth::stream(&made, &mut both).unwrap();
    let records = Records::parse(&both.0);
    let latent: Vec<_> = both.1.iter().map(|rows| &rows.latent).collect();
    let errors: Vec<_> = latent.iter().flat_map(|l| &l.errors).collect();
    assert!(errors.len() > 20, "{} errors", errors.len());
    for error in &errors {
        assert!(records.has(&error.resource), "{error:?}");
        assert!(records.has(&error.patient), "{error:?}");
    }
    let seen: Vec<_> = latent
        .iter()
        .flat_map(|l| &l.infections)
        .filter_map(|i| i.encounter.as_ref())
        .collect();
    assert!(seen.len() > 50, "{} infections seen", seen.len());
    assert!(seen.iter().all(|encounter| records.has(encounter)));
    assert_eq!(
        latent.iter().map(|l| l.households.len()).sum::<usize>(),
        400
    );
    let states = latent.iter().flat_map(|l| &l.states);
    assert!(
        states
            .into_iter()
            .any(|s| s.disease == "ckd" && s.state == "g3b")
    );
}

#[test]
fn options_out_of_range_are_refused() {
    let mut sink = Collected::default();
    let wrong = Options {
        years: 0,
        ..options(1, 1)
    };
    assert!(generate(&wrong, &mut sink).is_err());
    let wrong = Options {
        end_date: jiff::civil::date(1600, 1, 1),
        ..options(1, 1)
    };
    assert!(generate(&wrong, &mut sink).is_err());
}

#[test]
fn a_sink_that_fails_stops_generation() {
    struct Full(u32);
    impl salus_synth::Sink for Full {
        fn put(&mut self, _: &'static str, _: &str) -> Result<(), salus_synth::SinkError> {
            self.0 += 1;
            if self.0 > 50 {
                Err("no space left".into())
            } else {
                Ok(())
            }
        }
    }
    let mut sink = Full(0);
    let error = generate(&options(30, 1), &mut sink).unwrap_err();
    assert!(matches!(error, salus_synth::SynthError::Sink { .. }));
    assert_eq!(sink.0, 51);
}

#[test]
fn every_line_is_json_of_its_type_with_its_own_id_and_every_reference_resolves() {
    let (records, truth) = demo();
    for (resource_type, resources) in &records.by_type {
        let ids: BTreeSet<&str> = resources.iter().map(|r| text(r, "/id")).collect();
        // A corrected result has a second version under its id.
        let newer = resources
            .iter()
            .filter(|r| r.pointer("/meta/versionId").is_some_and(|v| v == "2"));
        assert_eq!(
            ids.len(),
            resources.len() - newer.count(),
            "{resource_type}: ids are unique"
        );
        assert_eq!(
            truth.counts[resource_type.as_str()],
            u64::try_from(ids.len()).unwrap()
        );
        for resource in resources {
            assert_eq!(text(resource, "/resourceType"), resource_type);
            let id = text(resource, "/id");
            assert!(id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            for reference in references(resource) {
                assert!(
                    records.has(&reference),
                    "{resource_type}/{id} points to {reference}"
                );
            }
        }
    }
}

#[test]
fn records_lie_between_birth_and_death_and_within_the_window() {
    let (records, truth) = demo();
    let people: BTreeMap<String, &Value> = records
        .all("Patient")
        .map(|p| (format!("Patient/{}", text(p, "/id")), p))
        .collect();
    for encounter in records.all("Encounter") {
        let start = &text(encounter, "/period/start")[..10];
        assert!(start >= truth.about.start_date.as_str() && start <= truth.about.end_date.as_str());
        let patient = people[text(encounter, "/subject/reference")];
        assert!(text(patient, "/birthDate") <= start);
        if let Some(death) = patient.pointer("/deceasedDateTime").and_then(Value::as_str) {
            assert!(start <= death, "{encounter}");
        }
    }
}

#[test]
fn nothing_is_dated_after_the_last_day() {
    let (records, truth) = demo();
    let last = truth.about.end_date.as_str();
    for (resource_type, pointer) in [
        ("Condition", "/recordedDate"),
        ("Condition", "/abatementDateTime"),
        ("Encounter", "/period/start"),
        ("MedicationRequest", "/authoredOn"),
        ("MedicationDispense", "/whenHandedOver"),
        ("Immunization", "/occurrenceDateTime"),
        ("Procedure", "/performedDateTime"),
        ("Observation", "/effectiveDateTime"),
        ("Claim", "/created"),
        ("ExplanationOfBenefit", "/created"),
        ("ExplanationOfBenefit", "/payment/date"),
        ("Coverage", "/period/end"),
        ("Patient", "/deceasedDateTime"),
        ("AllergyIntolerance", "/recordedDate"),
    ] {
        let mut seen = 0;
        for resource in records.all(resource_type) {
            if let Some(date) = resource.pointer(pointer).and_then(Value::as_str) {
                assert!(&date[..10] <= last, "{resource_type}{pointer} {date}");
                seen += 1;
            }
        }
        assert!(seen > 0, "{resource_type}{pointer}");
    }
}

#[test]
fn claim_lines_sum_to_the_totals_and_the_parts_to_the_allowed_amount() {
    let (records, _) = demo();
    let cents = |v: &Value| (v.as_f64().unwrap() * 100.0).round() as i64;
    let by_category = |list: &Value| -> BTreeMap<String, i64> {
        let entries = list.as_array().unwrap().iter();
        // A reason of denial has no amount.
        let entries = entries.filter(|a| a.get("amount").is_some());
        entries
            .map(|a| {
                (
                    text(a, "/category/coding/0/code").to_owned(),
                    cents(&a["amount"]["value"]),
                )
            })
            .collect()
    };
    let mut seen = 0;
    for benefit in records.all("ExplanationOfBenefit") {
        let totals = by_category(&benefit["total"]);
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for item in benefit["item"].as_array().unwrap() {
            for (code, amount) in by_category(&item["adjudication"]) {
                *sums.entry(code).or_default() += amount;
            }
        }
        for (code, total) in &totals {
            assert_eq!(sums[code], *total, "{code}");
        }
        assert_eq!(
            totals["benefit"] + totals["memberliability"],
            totals["eligible"]
        );
        assert!(totals["eligible"] <= totals["submitted"]);
        assert_eq!(
            cents(&benefit["payment"]["amount"]["value"]),
            totals["benefit"]
        );
        seen += 1;
    }
    assert!(seen > 500);
}

#[test]
fn the_demo_has_the_size_and_the_prevalence_it_promises() {
    let (records, truth) = demo();
    let total: u64 = truth.counts.values().sum();
    assert!((250_000..=450_000).contains(&total), "{total} resources");
    let adults = records
        .all("Patient")
        .filter(|p| {
            text(p, "/birthDate") < "2008-10-31" && p.pointer("/deceasedDateTime").is_none()
        })
        .count();
    let share = |condition: &str| 100.0 * truth.registries[condition].len() as f64 / adults as f64;
    for (condition, low, high) in [
        ("hypertension", 24.0, 42.0),
        ("diabetes", 8.0, 16.0),
        ("hyperlipidaemia", 20.0, 38.0),
        ("ckd", 4.0, 14.0),
        ("copd", 2.0, 7.5),
        ("heart-failure", 1.2, 5.0),
        ("depression", 4.0, 14.0),
        ("asthma", 4.0, 13.0),
    ] {
        let found = share(condition);
        assert!(
            (low..=high).contains(&found),
            "{condition}: {found:.1} % of adults"
        );
    }
    let emergency = records
        .all("Encounter")
        .filter(|e| text(e, "/class/code") == "EMER")
        .count();
    let per_1000 = emergency as f64 / 5.0;
    assert!(
        (300.0..=560.0).contains(&per_1000),
        "{per_1000} emergency visits per 1,000 a year"
    );
    let stays = records
        .all("Encounter")
        .filter(|e| text(e, "/class/code") == "IMP")
        .count();
    assert!(
        (60.0..=150.0).contains(&(stays as f64 / 5.0)),
        "{stays} stays"
    );
}

#[test]
fn every_kind_of_truth_has_something_to_say_in_the_demo() {
    let (_, truth) = demo();
    assert_eq!(truth.outbreaks.len(), 1);
    assert!(truth.outbreaks[0].cases.len() >= 8);
    let both =
        |labels: Vec<Label>| labels.contains(&Label::Harmful) && labels.contains(&Label::Harmless);
    assert!(both(truth.interactions.iter().map(|i| i.label).collect()));
    assert!(both(
        truth.allergy_conflicts.iter().map(|a| a.label).collect()
    ));
    assert!(both(
        truth.renal_conflicts.iter().map(|r| r.label).collect()
    ));
    for gap in [
        "hba1c-missing",
        "hba1c-above-9",
        "blood-pressure-uncontrolled",
        "colorectal-overdue",
        "lapsed",
    ] {
        assert!(truth.care_gaps.iter().any(|g| g.gap == gap), "{gap}");
    }
    assert!(truth.kidney.iter().any(|k| k.worsened));
    assert!(truth.uninsured.iter().any(|u| u.at_end));
    assert!(truth.readmissions.iter().any(|r| r.planned));
    assert!(
        truth
            .readmissions
            .iter()
            .any(|r| !r.planned && r.days <= 30)
    );
    assert!(
        truth
            .duplicates
            .iter()
            .any(|d| !d.encounters_on_replaced.is_empty())
    );
    assert_eq!(truth.registries.len(), 8);
}

/// Every plant is found by the truth as labelled: none lost on the way.
fn every_plant_is_found(truth: &Truth) {
    use salus_synth::PlantKind;
    for plant in &truth.plants {
        let found = match plant.kind {
            PlantKind::Interaction => truth
                .interactions
                .iter()
                .any(|i| i.patient == plant.patient && i.plant.is_some() && i.label == plant.label),
            PlantKind::Allergy => truth
                .allergy_conflicts
                .iter()
                .any(|a| a.patient == plant.patient && a.plant.is_some() && a.label == plant.label),
            PlantKind::Renal => truth
                .renal_conflicts
                .iter()
                .any(|r| r.patient == plant.patient && r.label == plant.label),
            PlantKind::KidneyDecline => truth
                .kidney
                .iter()
                .any(|k| k.patient == plant.patient && k.worsened),
            PlantKind::CareGap => truth.care_gaps.iter().any(|g| {
                let gap = match plant.plant.as_str() {
                    "diabetes-no-hba1c" => "hba1c-missing",
                    "diabetes-lapsed" => "lapsed",
                    _ => "colorectal-overdue",
                };
                g.patient == plant.patient && g.gap == gap
            }),
            PlantKind::Uninsured => truth
                .uninsured
                .iter()
                .any(|u| u.patient == plant.patient && u.at_end),
            PlantKind::Duplicate => truth.duplicates.iter().any(|d| d.survivor == plant.patient),
        };
        assert!(found, "{} in {}", plant.plant, plant.patient);
    }
}

#[test]
fn every_plant_shows_up_in_the_truth_with_its_label_in_the_demo() {
    every_plant_is_found(&demo().1);
}

#[test]
fn every_plant_shows_up_with_other_seeds_windows_and_end_dates() {
    for (seed, years, end_date) in [
        (1, 5, jiff::civil::date(2026, 10, 31)),
        (2, 2, jiff::civil::date(2024, 2, 29)),
        (3, 10, jiff::civil::date(2030, 1, 1)),
    ] {
        let mut sink = Collected::default();
        let options = Options {
            patients: 280,
            years,
            seed,
            end_date,
            ..Options::default()
        };
        let truth = generate(&options, &mut sink).unwrap();
        assert!(truth.plants.len() > 15);
        every_plant_is_found(&truth);
    }
}

#[test]
fn a_window_under_two_years_holds_no_plants() {
    let mut sink = Collected::default();
    let truth = generate(
        &Options {
            years: 1,
            ..options(120, 6)
        },
        &mut sink,
    )
    .unwrap();
    assert!(truth.plants.is_empty());
    assert!(truth.counts["Encounter"] > 50);
}

#[test]
fn the_truth_points_to_records_that_say_the_same() {
    let (records, truth) = demo();
    for interaction in &truth.interactions {
        for order in &interaction.orders {
            let request = records.get(&order.order);
            assert_eq!(text(request, "/status"), order.status);
            assert_eq!(
                text(request, "/medicationCodeableConcept/coding/0/code"),
                order.rxcui
            );
            let survivor = text(request, "/subject/reference").trim_end_matches("-dup");
            assert_eq!(survivor, interaction.patient);
            if interaction.label == Label::Harmful {
                assert_eq!(order.status, "active");
                let until = text(request, "/dispenseRequest/validityPeriod/end");
                assert!(until >= truth.about.end_date.as_str());
            }
        }
    }
    for renal in &truth.renal_conflicts {
        let egfr = records.get(&renal.egfr);
        assert_eq!(text(egfr, "/code/coding/0/code"), "98979-8");
        assert_eq!(
            egfr["valueQuantity"]["value"].as_f64(),
            Some(renal.egfr_value)
        );
    }
    for case in &truth.outbreaks[0].cases {
        let encounter = records.get(&case.encounter);
        assert_eq!(text(encounter, "/reasonCode/0/coding/0/code"), case.code);
        let patient = records.get(&case.patient);
        assert_eq!(
            text(patient, "/address/0/postalCode"),
            truth.outbreaks[0].postal_code
        );
    }
    for duplicate in &truth.duplicates {
        let replaced = records.get(&duplicate.replaced);
        assert_eq!(replaced["active"], Value::Bool(false));
        assert_eq!(
            text(replaced, "/link/0/other/reference"),
            duplicate.survivor
        );
        assert_eq!(text(replaced, "/link/0/type"), "replaced-by");
    }
}

/// EARS C2 on weekly counts: mean and deviation of seven weeks, two weeks before; above three deviations.
#[test]
fn the_outbreak_stands_out_by_ears_c2_in_its_place() {
    let (records, truth) = demo();
    let outbreak = &truth.outbreaks[0];
    let codes = ["A08.4", "K52.9", "R11.2", "R19.7", "A09"];
    let mut weeks = vec![0.0_f64; 30];
    let monday: jiff::civil::Date = outbreak.weeks[0].parse().unwrap();
    for encounter in records.all("Encounter") {
        let code = encounter
            .pointer("/reasonCode/0/coding/0/code")
            .and_then(Value::as_str);
        let patient = records.get(text(encounter, "/subject/reference"));
        let here = text(patient, "/address/0/postalCode") == outbreak.postal_code;
        if !here || !code.is_some_and(|c| codes.contains(&c)) {
            continue;
        }
        let day: jiff::civil::Date = text(encounter, "/period/start")[..10].parse().unwrap();
        let before = (monday - day).get_days();
        let week = (before + 6).div_euclid(7);
        if let Ok(week) = usize::try_from(week)
            && week < weeks.len()
        {
            weeks[week] += 1.0;
        }
    }
    // weeks[0] is the outbreak's first week; two weeks of lag, seven of baseline.
    let baseline = &weeks[3..10];
    let mean = baseline.iter().sum::<f64>() / 7.0;
    let variance = baseline.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / 6.0;
    let threshold = mean + 3.0 * variance.sqrt().max(0.5);
    assert!(
        weeks[0] > threshold,
        "{} cases, threshold {threshold}",
        weeks[0]
    );
}
