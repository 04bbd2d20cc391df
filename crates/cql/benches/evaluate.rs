//! How fast a measure is compiled and evaluated over the JSON of one patient: `cargo bench -p salus-cql`.
//!
//! The figures of issue 5 §3 are `evaluate all defines` (1 ms for a patient of 500 resources that was read before) and
//! `compile` with `translate` (100 ms for a measure with its includes).

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench that cannot go on has failed"
)]

mod measure;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use salus_cql::evaluate::{Evaluation, JsonDocuments, JsonRecords};
use salus_cql::operators::Scene;
use salus_values::DateTime;

fn scene(terminology: &salus_cql::terminology::LoadedTerminology) -> Scene<'_> {
    Scene {
        terminology,
        ..Scene::at(DateTime::parse("2026-01-01T00:00:00.000Z").unwrap())
    }
}

fn compile(criterion: &mut Criterion) {
    criterion.bench_function("translate", |bencher| bencher.iter(measure::translated));
    let (translated, models) = (measure::translated(), measure::models());
    criterion.bench_function("compile", |bencher| {
        bencher.iter(|| measure::compiled(black_box(&translated), &models));
    });
}

fn load(criterion: &mut Criterion) {
    let text = measure::bundle();
    criterion.bench_function("read 500 resources", |bencher| {
        bencher.iter(|| {
            let mut documents = JsonDocuments::new();
            documents.add(black_box(&text)).unwrap();
            JsonRecords::new(&documents).len()
        });
    });
}

fn evaluate(criterion: &mut Criterion) {
    let program = measure::compiled(&measure::translated(), &measure::models());
    let terminology = measure::terminology();
    let text = measure::bundle();
    let mut documents = JsonDocuments::new();
    documents.add(&text).unwrap();
    let records = JsonRecords::new(&documents);
    criterion.bench_function("evaluate all defines", |bencher| {
        bencher.iter(|| {
            let mut evaluation = Evaluation::new(&program, &records, scene(&terminology));
            let values = program
                .defines()
                .map(|name| evaluation.define(name).unwrap());
            values.count()
        });
    });
    criterion.bench_function("evaluate one define, first", |bencher| {
        bencher.iter(|| {
            let records = JsonRecords::new(&documents);
            let mut evaluation = Evaluation::new(&program, &records, scene(&terminology));
            evaluation.define("Numerator").unwrap()
        });
    });
}

criterion_group!(benches, compile, load, evaluate);
criterion_main!(benches);
