//! The examples of docs/synth.md are read by the same code as the content: the page cannot rot.

use crate::check::check;
use crate::epidemic::Scenario;
use crate::{Collected, Options, generate};

const PAGE: &str = include_str!("../../../docs/synth.md");

/// The blocks fenced as `toml KIND`.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```toml {kind}\n");
    let parts = PAGE.split(fence.as_str()).skip(1);
    parts.filter_map(|p| p.split("```").next()).collect()
}

fn with_psoriasis(patients: u64) -> Options {
    let found = blocks("disease");
    assert_eq!(found.len(), 1);
    Options {
        patients,
        diseases: vec![found[0].to_owned()],
        ..Options::default()
    }
}

#[test]
fn the_worked_disease_is_had_treated_and_referred_as_it_says() {
    let (mut with, mut without) = (Collected::default(), Collected::default());
    let options = with_psoriasis(400);
    generate(&options, &mut with).unwrap();
    generate(
        &Options {
            diseases: Vec::new(),
            ..options
        },
        &mut without,
    )
    .unwrap();
    for (kind, word) in [
        ("Condition", "\"L40.0\",\"display\":\"Psoriasis vulgaris\""),
        ("MedicationRequest", "\"861495\""),
        ("ServiceRequest", "Referral to dermatology"),
    ] {
        assert!(with.by_type[kind].contains(word), "{kind}: {word}");
        assert!(!without.by_type[kind].contains(word), "{kind}: {word}");
    }
}

#[test]
fn the_worked_disease_is_held_against_the_figure_that_it_brings() {
    let report = check(&with_psoriasis(60)).unwrap();
    let rows = report.rows.iter().filter(|r| r.what == "Psoriasis, adults");
    assert_eq!(rows.count(), 1);
}

#[test]
fn a_misspelled_name_in_a_disease_is_refused_with_what_was_meant() {
    let options = with_psoriasis(1);
    let wrong = options.diseases[0].replace("measure = \"crp\"", "measure = \"cpr\"");
    let options = Options {
        diseases: vec![wrong],
        ..options
    };
    let error = generate(&options, &mut Collected::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`psoriasis` names the measure `cpr`, which no content file defines"
    );
    let help = error.diagnostic().help;
    assert_eq!(help.as_deref(), Some("did you mean `crp`?"));
}

#[test]
fn the_worked_scenario_is_a_scenario() {
    let scenario = Scenario::parse(blocks("scenario")[0]).unwrap();
    assert_eq!(scenario.outbreak.len(), 2);
}
