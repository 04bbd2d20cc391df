//! How fast programs run over JSON: `cargo bench -p salus-fhirpath`.
//!
//! `official given name` is the figure of issue 4: one evaluation a turn over a patient that was read before. `with
//! reading` reads the record's text each time too.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench that cannot go on has failed"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use salus_fhir::json::Document;
use salus_fhir::view::JsonElement;
use salus_fhirpath::{Environment, Program};
use salus_values::DateTime;

/// The patient of FHIR's examples, with three names.
const PATIENT: &str = include_str!("patient.json");

/// What is measured: a name, and an expression.
const EXPRESSIONS: [(&str, &str); 5] = [
    (
        "official given name",
        "Patient.name.where(use = 'official').given.first()",
    ),
    ("member path", "name.given"),
    (
        "exists",
        "telecom.exists(system = 'phone' and use = 'work')",
    ),
    ("date", "birthDate <= @2000-01-01"),
    ("descendants", "descendants().count()"),
];

fn environment<'e, 't>() -> Environment<'e, JsonElement<'t>> {
    Environment::new(DateTime::parse("2026-01-01T00:00:00.000Z").unwrap())
}

fn evaluate(criterion: &mut Criterion) {
    let document = Document::parse(PATIENT).unwrap();
    let patient = JsonElement::resource(&document).unwrap();
    let environment = environment();
    for (name, expression) in EXPRESSIONS {
        let program = Program::compile(expression).unwrap();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                program
                    .evaluate(black_box(patient), &environment)
                    .unwrap()
                    .len()
            });
        });
    }
}

fn evaluate_with_reading(criterion: &mut Criterion) {
    let (name, expression) = EXPRESSIONS[0];
    let program = Program::compile(expression).unwrap();
    criterion.bench_function(&format!("{name}, with reading"), |bencher| {
        bencher.iter(|| {
            let document = Document::parse(black_box(PATIENT)).unwrap();
            let patient = JsonElement::resource(&document).unwrap();
            program.evaluate(patient, &environment()).unwrap().len()
        });
    });
}

fn compile(criterion: &mut Criterion) {
    let (name, expression) = EXPRESSIONS[0];
    criterion.bench_function(&format!("compile {name}"), |bencher| {
        bencher.iter(|| Program::compile(black_box(expression)).unwrap());
    });
}

criterion_group!(benches, evaluate, evaluate_with_reading, compile);
criterion_main!(benches);
