//! How long a measure takes from text to ELM, with what it includes. The bound is 100 ms, models read from the start.

#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use salus_cql::model::Model;
use salus_cql::resolve::{Found, LibraryName, Options, SourceError, Sources, translate};

/// The libraries of a folder, `NAME.cql`.
struct Folder(PathBuf);

impl Sources for Folder {
    fn library(&self, name: &LibraryName) -> Result<Found, SourceError> {
        let path = self.0.join(format!("{}.cql", name.name));
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Found::Text(text.into())),
            Err(_) => Err(SourceError::NotFound {
                name: name.name.clone(),
                known: Vec::new(),
            }),
        }
    }
}

fn measures(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let sources = Folder(folder.clone());
    for name in ["DiabetesControl", "BloodPressure", "Readmission"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.cql"))).unwrap();
        criterion.bench_function(&format!("translate {name}"), |bencher| {
            bencher.iter(|| translate(black_box(&text), &sources, &Options::bare()));
        });
    }
}

fn models(criterion: &mut Criterion) {
    for (name, version) in [("FHIR", "4.0.1"), ("QICore", "6.0.0")] {
        criterion.bench_function(&format!("read model {name} {version}"), |bencher| {
            bencher.iter(|| Model::embedded(name, Some(version)));
        });
    }
}

fn many(criterion: &mut Criterion) {
    let mut text = String::from("library Many\n");
    for nth in 0..100_000 {
        text.push_str(&format!("define D{nth}: D{} + 1\n", nth + 1));
    }
    text.push_str("define D100000: 1\n");
    let mut group = criterion.benchmark_group("many");
    group.sample_size(10);
    group.bench_function("translate a chain of 100,000 definitions", |bencher| {
        let sources = salus_cql::resolve::NoSources;
        bencher.iter(|| translate(black_box(&text), &sources, &Options::bare()));
    });
}

criterion_group!(benches, measures, models, many);
criterion_main!(benches);
