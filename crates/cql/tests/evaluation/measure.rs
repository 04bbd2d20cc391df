//! A measure in CQL, translated, compiled and evaluated over a patient: the one of the bench.

#[path = "../../benches/measure/mod.rs"]
mod made;

use salus_cql::evaluate::{Evaluation, JsonDocuments, JsonRecords};
use salus_cql::operators::Scene;
use salus_values::Value;

use super::support::scene;

#[test]
fn a_measure_has_the_values_that_its_patient_says() {
    let program = made::compiled(&made::translated(), &made::models());
    let terminology = made::terminology();
    let text = made::bundle();
    let mut documents = JsonDocuments::new();
    documents.add(&text).unwrap();
    let records = JsonRecords::new(&documents);
    assert_eq!(records.len(), made::RESOURCES);
    let scene = Scene {
        terminology: &terminology,
        ..scene()
    };
    let mut evaluation = Evaluation::new(&program, &records, scene);
    let mut found = |name: &str| match evaluation.define(name).unwrap() {
        Value::List(items) => format!("{} items", items.len()),
        other => format!("{other:?}"),
    };
    let expected = [
        ("Age at Start", "61"),
        ("Finished Encounters", "100 items"),
        // Every 20th resource is an office visit, every third of these in 2023.
        ("Office Visits", "8 items"),
        ("Diabetes Conditions", "13 items"),
        ("Frailty Conditions", "0 items"),
        ("Antidiabetics Ordered", "true"),
        ("Initial Population", "true"),
        ("Denominator Exclusions", "false"),
    ];
    for (name, value) in expected {
        assert_eq!(found(name), value, "{name}");
    }
    // One in two visits has a result.
    let with = found("Measured in a Visit");
    let without = found("Visits without HbA1c");
    assert_eq!((&*with, &*without), ("4 items", "4 items"));
    assert_eq!(found("Share in Numerator"), "1");
}
