//! Codes belong to the systems they name, and drugs and pairs to the shared knowledge.
//!
//! Needs `../shared/data`; skipped where it is not there, except in CI.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use salus_synth::{Collected, Options, generate};
use support::{Records, codings, shared};

/// Rows of a tab-separated file, plain or gzip, without its header.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).unwrap();
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

fn column(path: &Path, at: usize) -> BTreeSet<String> {
    rows(path)
        .into_iter()
        .filter_map(|row| row.get(at).cloned())
        .collect()
}

fn used() -> BTreeMap<String, BTreeSet<String>> {
    let mut sink = Collected::default();
    let options = Options {
        patients: 600,
        ..Options::default()
    };
    generate(&options, &mut sink).unwrap();
    let records = Records::parse(&sink);
    let mut by_system: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for resource in records.by_type.values().flatten() {
        for (system, code) in codings(resource) {
            by_system.entry(system).or_default().insert(code);
        }
    }
    by_system
}

#[test]
fn codes_belong_to_the_systems_they_name() {
    let Some(shared) = shared() else { return };
    let used = used();
    let check = |system: &str, known: &BTreeSet<String>, also: &[&str]| {
        let codes = used
            .get(system)
            .unwrap_or_else(|| panic!("no code of {system}"));
        for code in codes {
            let plain = code.replace('.', "");
            let found = known.contains(code) || known.contains(&plain);
            assert!(
                found || also.contains(&code.as_str()),
                "{code} is not in {system}"
            );
        }
    };
    let terminology = shared.join("terminology");
    let billable: BTreeSet<String> = rows(&terminology.join("icd10cm_2026-04.tsv.gz"))
        .into_iter()
        .filter(|row| row.get(2).is_some_and(|b| b == "1"))
        .filter_map(|row| row.first().cloned())
        .collect();
    check("http://hl7.org/fhir/sid/icd-10-cm", &billable, &[]);
    let hcpcs = column(&terminology.join("hcpcs2_opps_2026-04.tsv.gz"), 0);
    check(
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        &hcpcs,
        &[],
    );
    check(
        "http://hl7.org/fhir/sid/cvx",
        &column(&terminology.join("used_cvx.tsv.gz"), 0),
        &[],
    );
    // The list holds only codes that other data uses; these are in LOINC 2.80 as well.
    let loinc = column(&terminology.join("used_loinc.tsv.gz"), 0);
    let more = [
        "98979-8",
        "9318-7",
        "20150-9",
        "19868-9",
        "29771-3",
        "24331-1",
        "1989-3",
        "20438-8",
        "94558-4",
        "94500-6",
        "59261-8",
        "14749-6",
        "24606-6",
        "10524-7",
        "34111-5",
        "LP29684-5",
        "LP7839-6",
        "80382-5",
        "11488-4",
        "11524-6",
        "11525-3",
        "24541-5",
        "24616-5",
        "24970-6",
        "28565-0",
        "30679-5",
        "36529-6",
        "36643-5",
        "38269-7",
        "LP29708-2",
    ];
    check("http://loinc.org", &loinc, &more);
    let subset = shared.join("knowledge/rxnorm_subset");
    let mut rxnorm = column(&subset.join("product_components.tsv"), 0);
    rxnorm.extend(column(&subset.join("other_concepts.tsv"), 0));
    rxnorm.extend(column(&subset.join("ingredients.tsv"), 0));
    rxnorm.extend(column(&terminology.join("used_rxnorm.tsv.gz"), 0));
    check("http://www.nlm.nih.gov/research/umls/rxnorm", &rxnorm, &[]);
    assert!(!used.contains_key("http://www.ama-assn.org/go/cpt"));
}

#[test]
fn our_interaction_pairs_are_those_of_the_onc_list_among_our_medicines() {
    let Some(shared) = shared() else { return };
    let content = include_str!("../../../content/synth/medicines.toml");
    let medicines: toml::Table = content.parse().unwrap();
    let ingredients: BTreeSet<&str> = medicines["medicine"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["ingredient"].as_str().unwrap())
        .collect();
    let listed: BTreeSet<(String, String, String)> =
        rows(&shared.join("knowledge/onc_ddi/high_priority.tsv"))
            .into_iter()
            .filter(|row| {
                ingredients.contains(row[2].as_str()) && ingredients.contains(row[5].as_str())
            })
            .map(|row| (row[0].clone(), row[2].clone(), row[5].clone()))
            .collect();
    let ours: toml::Table = include_str!("../../../content/synth/interactions.toml")
        .parse()
        .unwrap();
    let ours: BTreeSet<(String, String, String)> = ours["pair"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| {
            let text = |key: &str| pair[key].as_str().unwrap().to_owned();
            (
                pair["item"].as_integer().unwrap().to_string(),
                text("object"),
                text("precipitant"),
            )
        })
        .collect();
    assert_eq!(ours, listed);
}
