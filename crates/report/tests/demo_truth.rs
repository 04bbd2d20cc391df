//! The demo against its answer key: every planted harm is found, no harmless twin is, and the outbreak is a signal.

#![cfg(test)]

use std::collections::BTreeSet;

use salus_report::Outcome;
use salus_report::scoreboard::{Answer, Finding, Scoreboard};
use salus_synth::{Collected, Label, Options, Truth, generate};

#[path = "lake/mod.rs"]
mod lake;

use lake::Records;

/// The demo's records and the truth about them.
fn demo() -> (Records, Truth) {
    let options = Options::default();
    let mut collected = Collected::default();
    let truth = generate(&options, &mut collected).unwrap();
    let mut records = Records::new();
    records.as_of = options.end_date;
    for lines in collected.by_type.values() {
        records.add_lines(lines);
    }
    (records, truth)
}

/// Ids without their type, of those that are harmful.
fn harmful<'t>(found: impl Iterator<Item = (&'t str, Label)>) -> BTreeSet<String> {
    let ids = found.filter(|(_, label)| *label == Label::Harmful);
    ids.map(|(reference, _)| id(reference)).collect()
}

fn id(reference: &str) -> String {
    reference.rsplit('/').next().unwrap_or(reference).to_owned()
}

/// Patients in the numerator of an indicator.
fn numerator(records: &Records, indicator: &str) -> BTreeSet<String> {
    let patients = records.explain(indicator).patients.into_iter();
    let met = patients.filter(|patient| patient.outcome == Outcome::Numerator);
    met.map(|patient| patient.patient).collect()
}

fn finding<'s>(board: &'s Scoreboard, id: &str) -> &'s Finding {
    let mut all = board.sections.iter().flat_map(|section| &section.findings);
    all.find(|finding| finding.id == id).unwrap()
}

#[test]
fn the_demo_is_answered_as_its_answer_key_says() {
    let (records, truth) = demo();
    let board = records.report(&[]);
    for finding in board.sections.iter().flat_map(|section| &section.findings) {
        let silent = matches!(
            finding.answer,
            Answer::CannotAnswer { .. } | Answer::Failed { .. }
        );
        assert!(!silent, "{} says nothing: {:?}", finding.id, finding.answer);
    }

    let pairs = truth
        .interactions
        .iter()
        .map(|one| (one.patient.as_str(), one.label));
    assert_eq!(numerator(&records, "interacting-medicines"), harmful(pairs));
    let allergies = truth
        .allergy_conflicts
        .iter()
        .map(|one| (one.patient.as_str(), one.label));
    assert_eq!(numerator(&records, "allergy-conflict"), harmful(allergies));
    let kidneys = truth
        .renal_conflicts
        .iter()
        .map(|one| (one.patient.as_str(), one.label));
    assert_eq!(numerator(&records, "metformin-low-egfr"), harmful(kidneys));

    let Answer::Share(barrier) = &finding(&board, "financial-barrier").answer else {
        panic!("no share")
    };
    let uninsured = barrier
        .groups
        .iter()
        .find(|group| group.label == "Uninsured")
        .unwrap();
    let without: BTreeSet<_> = truth
        .uninsured
        .iter()
        .filter(|one| one.at_end)
        .map(|one| &one.patient)
        .collect();
    assert_eq!(uninsured.fraction.numerator, without.len() as u64);

    let Answer::Ranking(registries) = &finding(&board, "registry-sizes").answer else {
        panic!("no ranking")
    };
    for (label, key) in [
        ("Hypertension", "hypertension"),
        ("Diabetes", "diabetes"),
        ("COPD", "copd"),
    ] {
        let row = registries
            .rows
            .iter()
            .find(|row| row.label == label)
            .unwrap();
        assert_eq!(row.patients, truth.registries[key].len() as u64, "{label}");
    }

    let Answer::Series(series) = &finding(&board, "gastrointestinal").answer else {
        panic!("no series")
    };
    let signals = series
        .total
        .signals
        .iter()
        .map(|&week| series.weeks[week].0.to_string());
    let signals: BTreeSet<String> = signals.collect();
    assert!(
        truth.outbreaks[0]
            .weeks
            .iter()
            .all(|week| signals.contains(&week.to_string())),
        "{signals:?}"
    );
}
