//! What is planted at rates: needless services, medicines in pregnancy, denied claims, corrected results, each with
//! twins, and all of it to be seen in the records.
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

use salus_synth::{Collected, ErrorRow, Label, Options, Rows, Sink, SinkError, stream};
use serde_json::Value;
use support::{Records, text};

#[derive(Default)]
struct Kept {
    records: Collected,
    errors: Vec<ErrorRow>,
}

impl Sink for Kept {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        self.records.put(resource_type, line)
    }

    fn rows(&mut self, rows: &Rows) -> Result<(), SinkError> {
        self.errors.extend(rows.latent.errors.iter().cloned());
        Ok(())
    }
}

/// A county, made once for all tests.
fn county() -> &'static (Records, Vec<ErrorRow>, Collected) {
    static COUNTY: OnceLock<(Records, Vec<ErrorRow>, Collected)> = OnceLock::new();
    COUNTY.get_or_init(|| {
        let mut kept = Kept::default();
        let options = Options {
            patients: 1200,
            seed: 11,
            ..Options::default()
        };
        stream(&options, &mut kept).unwrap();
        (Records::parse(&kept.records), kept.errors, kept.records)
    })
}

fn of(kind: &str) -> impl Iterator<Item = &'static ErrorRow> {
    county().1.iter().filter(move |e| e.kind == kind)
}

fn count(kind: &str, label: Label) -> usize {
    of(kind).filter(|e| e.label == label).count()
}

fn codes(encounter: &Value) -> BTreeSet<String> {
    let reasons = encounter["reasonCode"].as_array().into_iter().flatten();
    let code = |r: &Value| Some(r.pointer("/coding/0/code")?.as_str()?.to_owned());
    reasons.filter_map(code).collect()
}

/// The visit that a service was asked for in.
fn visit(records: &'static Records, resource: &str) -> &'static Value {
    records.get(text(records.get(resource), "/encounter/reference"))
}

#[test]
fn every_error_points_to_a_record_and_every_kind_has_both_labels() {
    let (records, errors, _) = county();
    for error in errors {
        assert!(records.has(&error.resource), "{error:?}");
        assert!(!error.why.is_empty());
    }
    for kind in [
        "xray-for-back-pain",
        "imaging-for-headache",
        "antibiotic-for-cold",
        "antibiotic-for-bronchitis",
        "psa-from-75",
        "vitamin-d-screening",
        "ecg-at-low-risk",
        "preoperative-bloods",
        "claim-denied-and-left",
    ] {
        for label in [Label::Harmful, Label::Harmless] {
            assert!(count(kind, label) > 0, "{kind}: no {label:?} one");
        }
    }
}

#[test]
fn imaging_is_needless_exactly_where_the_visit_says_nothing_but_the_pain() {
    let (records, ..) = county();
    for (kind, pain, flags) in [
        ("xray-for-back-pain", &["M54.50"][..], &["R63.4"][..]),
        ("mri-for-back-pain", &["M54.50"], &["G83.4", "R63.4"]),
        (
            "imaging-for-headache",
            &["R51.9", "G43.909"],
            &["G44.53", "H53.2", "R29.810"],
        ),
        ("imaging-for-syncope", &["R55"], &["S09.90XA", "R29.810"]),
    ] {
        for error in of(kind) {
            let found = codes(visit(records, &error.resource));
            assert!(
                found.iter().any(|c| pain.contains(&c.as_str())),
                "{found:?}"
            );
            let flagged = found.iter().any(|c| flags.contains(&c.as_str()));
            assert_eq!(flagged, error.label == Label::Harmless, "{kind} {found:?}");
        }
    }
}

#[test]
fn a_psa_test_from_75_years_is_needless_without_a_prostate_on_the_problem_list() {
    let (records, ..) = county();
    let mut problems: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for condition in records.all("Condition") {
        let code = condition
            .pointer("/code/coding/0/code")
            .and_then(Value::as_str);
        let of = problems
            .entry(text(condition, "/subject/reference"))
            .or_default();
        of.extend(code.map(str::to_owned));
    }
    for error in of("psa-from-75") {
        let test = records.get(&error.resource);
        assert_eq!(text(test, "/code/coding/0/code"), "2857-1");
        let patient = records.get(&error.patient);
        assert_eq!(text(patient, "/gender"), "male");
        let year = |value: &str| value[..4].parse::<i32>().unwrap();
        let age = year(text(test, "/effectiveDateTime")) - year(text(patient, "/birthDate"));
        assert!(age >= 75, "{age}");
        let own = &problems[error.patient.as_str()];
        let prostate = own
            .iter()
            .any(|c| c == "C61" || c == "Z85.46" || c.starts_with("N40"));
        if error.label == Label::Harmless {
            assert!(prostate, "{own:?}");
        }
    }
}

#[test]
fn antibiotics_are_labelled_by_the_reason_of_the_visit_and_none_is_left_out() {
    let (records, errors, _) = county();
    let labelled: BTreeMap<&str, Label> = errors
        .iter()
        .filter(|e| e.kind == "antibiotic-for-cold")
        .map(|e| (e.resource.as_str(), e.label))
        .collect();
    let antibiotics = ["308460", "308191", "308189", "1649988"];
    let mut colds = 0;
    for order in records.all("MedicationRequest") {
        let code = text(order, "/medicationCodeableConcept/coding/0/code");
        let reason = order.pointer("/reasonCode/0/coding/0/code");
        let reason = reason.and_then(Value::as_str).unwrap_or("");
        if !antibiotics.contains(&code) || !matches!(reason, "J06.9" | "J18.9" | "H66.90") {
            continue;
        }
        let id = format!("MedicationRequest/{}", text(order, "/id"));
        let label = labelled.get(id.as_str()).copied();
        if reason == "J06.9" {
            colds += 1;
            assert!(label.is_some(), "{id}");
        } else {
            assert_eq!(label, Some(Label::Harmless), "{id} {reason}");
        }
    }
    let visits = records
        .all("Encounter")
        .filter(|e| codes(e).contains("J06.9"));
    let share = f64::from(colds) / visits.count() as f64;
    assert!(
        (0.04..=0.15).contains(&share),
        "{share} of colds get an antibiotic"
    );
}

#[test]
fn medicines_in_pregnancy_are_harmful_exactly_where_they_go_on_after_the_first_visit() {
    let (records, errors, _) = county();
    let mut visits: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut births: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for encounter in records.all("Encounter") {
        let patient = text(encounter, "/subject/reference");
        let day = &text(encounter, "/period/start")[..10];
        if text(encounter, "/type/0/coding/0/code") == "424619006" {
            visits.entry(patient).or_default().push(day);
        }
        if codes(encounter).iter().any(|c| c == "O80" || c == "O82") {
            births.entry(patient).or_default().push(day);
        }
    }
    let mut seen = BTreeMap::new();
    for error in errors.iter().filter(|e| e.kind.ends_with("-in-pregnancy")) {
        let order = records.get(&error.resource);
        let void = matches!(text(order, "/status"), "entered-in-error" | "cancelled");
        let from = text(order, "/dispenseRequest/validityPeriod/start");
        let to = text(order, "/dispenseRequest/validityPeriod/end");
        let patient = error.patient.as_str();
        let none = Vec::new();
        let prenatal = visits.get(patient).unwrap_or(&none);
        // A visit in pregnancy on whose next day, or later, the medicine is still taken before the birth.
        let during = prenatal.iter().any(|visit| {
            let birth = births
                .get(patient)
                .and_then(|b| b.iter().find(|birth| *birth > visit));
            let ends = birth.copied().unwrap_or("9999-12-31");
            *visit < to && from < ends
        });
        *seen.entry(error.label).or_insert(0) += 1;
        if error.label == Label::Harmful {
            assert!(!void && during, "{error:?} {from} {to} {prenatal:?}");
        } else {
            assert!(void || !during, "{error:?} {from} {to} {prenatal:?}");
        }
    }
    assert!(
        seen[&Label::Harmful] >= 2 && seen[&Label::Harmless] >= 4,
        "{seen:?}"
    );
}

#[test]
fn denied_claims_pay_nothing_say_why_and_are_left_or_sent_again_as_labelled() {
    let (records, ..) = county();
    let mut again = BTreeSet::new();
    let mut all = 0.0;
    for benefit in records.all("ExplanationOfBenefit") {
        all += f64::from(text(benefit, "/type/coding/0/code") != "pharmacy");
        if let Some(claim) = benefit.pointer("/related/0/claim/reference") {
            again.insert(claim.as_str().unwrap().to_owned());
        }
    }
    let mut denied = 0.0;
    for error in of("claim-denied-and-left") {
        denied += 1.0;
        let benefit = records.get(&error.resource);
        assert_eq!(benefit["payment"]["amount"]["value"].as_f64(), Some(0.0));
        assert_eq!(text(benefit, "/payment/type/coding/0/code"), "denied");
        assert!(text(benefit, "/disposition").starts_with("Denied: "));
        let first = &benefit["item"][0]["adjudication"][0];
        assert_eq!(text(first, "/category/coding/0/code"), "denialreason");
        assert!(!text(first, "/reason/coding/0/code").is_empty());
        let sent = again.contains(text(benefit, "/claim/reference"));
        // What would be sent again after the last day is not there yet.
        assert!(!sent || error.label == Label::Harmless, "{error:?}");
        let late = text(benefit, "/created") > "2026-07-20";
        assert!(sent || late || error.label == Label::Harmful, "{error:?}");
    }
    let share = denied / all;
    assert!((0.08..=0.16).contains(&share), "{share} of claims denied");
}

#[test]
fn a_corrected_result_is_a_newer_version_of_the_same_id_and_stands_later() {
    let (_, errors, raw) = county();
    let mut versions: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in raw.by_type["Observation"].lines() {
        if line.contains("\"versionId\"") {
            let found: Value = serde_json::from_str(line).unwrap();
            versions
                .entry(text(&found, "/id").to_owned())
                .or_default()
                .push(found);
        }
    }
    let amended = errors.iter().filter(|e| e.kind == "result-amended");
    let amended: BTreeSet<&str> = amended
        .map(|e| e.resource.strip_prefix("Observation/").unwrap())
        .collect();
    assert!(amended.len() > 20, "{} corrected results", amended.len());
    assert_eq!(amended, versions.keys().map(String::as_str).collect());
    for both in versions.values() {
        let [first, second] = &both[..] else {
            panic!("not two versions: {both:?}")
        };
        assert_eq!(text(first, "/meta/versionId"), "1");
        assert_eq!(text(second, "/meta/versionId"), "2");
        assert!(text(first, "/meta/lastUpdated") < text(second, "/meta/lastUpdated"));
        assert_eq!(text(first, "/status"), "final");
        assert_eq!(text(second, "/status"), "corrected");
        assert_eq!(first["effectiveDateTime"], second["effectiveDateTime"]);
        assert_ne!(
            first["valueQuantity"]["value"],
            second["valueQuantity"]["value"]
        );
    }
}

#[test]
fn nobody_is_operated_while_ill_and_an_eye_is_operated_once() {
    let (records, ..) = county();
    let mut eyes = BTreeSet::new();
    for procedure in records.all("Procedure") {
        let code = text(procedure, "/code/coding/0/code");
        if code == "08RJ3JZ" || code == "08RK3JZ" {
            let whose = (text(procedure, "/subject/reference"), code);
            assert!(eyes.insert(whose), "{whose:?}");
        }
    }
    assert!(eyes.len() > 5, "{} cataracts", eyes.len());
}
