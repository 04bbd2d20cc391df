//! Observations as Synthea writes them: newline scan, strings and brackets, a projection of ten leaves, and all
//! columns.
//!
//! `cargo bench -p salus-columns`. The records are a few hundred observations made here, of the shapes and sizes of
//! `../shared/data/synthea-r4`; with `SALUS_BENCH_NDJSON=FILE` those of a file of NDJSON of observations.

#![expect(
    clippy::unwrap_used,
    reason = "a bench whose records are wrong has nothing to measure"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use salus_columns::{
    ColumnIds, Extent, Lines, ProjectedTables, Projection, RowMeta, Rows, TableBuilder,
    resource_type,
};
use salus_fhir::schema::r4;
use salus_fhir::view::ElementView;

/// The leaves that a flat table of observations mostly has.
const LEAVES: [&[&str]; 11] = [
    &["id"],
    &["status"],
    &["category", "coding", "code"],
    &["code", "coding", "system"],
    &["code", "coding", "code"],
    &["code", "coding", "display"],
    &["subject", "reference"],
    &["encounter", "reference"],
    &["effectiveDateTime"],
    &["valueQuantity", "value"],
    &["valueQuantity", "unit"],
];

/// One observation; every fifth has coded values instead of quantities, and other ids.
fn observation(number: usize) -> String {
    let id = format!("74683d0b-d717-4951-85d3-{number:012x}");
    let value = match number % 5 {
        0 => r#""valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"266919005","display":"Never smoker"}],"text":"Never smoker"}"#.to_owned(),
        digit => format!(
            r#""valueQuantity":{{"value":{number}.98241711129{digit},"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}}"#
        ),
    };
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"vital-signs"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"8302-2","display":"Body Height"}}],"text":"Body Height"}},"subject":{{"reference":"Patient/ba18818d-faef-44cd-9744-b12d8973d402"}},"encounter":{{"reference":"Encounter/e7245eb5-a73f-4da8-a06c-6afb6f57710d"}},"effectiveDateTime":"2012-02-08T02:43:19+00:00","issued":"2012-02-08T02:43:19.205+00:00",{value},"meta":{{"tag":[{{"system":"https://smarthealthit.org/tags","code":"synthea-5-2019"}}]}}}}"#
    )
}

fn records() -> Vec<u8> {
    match std::env::var_os("SALUS_BENCH_NDJSON") {
        Some(path) => std::fs::read(path).unwrap(),
        None => (0..8192)
            .map(|number| observation(number) + "\n")
            .collect::<String>()
            .into_bytes(),
    }
}

fn projection(leaves: &[&[&str]]) -> Projection {
    let mut projection = Projection::new(r4().resource("Observation").unwrap());
    for leaf in leaves {
        projection.want(leaf, Extent::Value).unwrap();
    }
    projection
}

fn read(projection: &Projection, records: &[u8]) -> usize {
    let mut tables = ProjectedTables::new([projection.clone()]);
    let mut rows = 0;
    let take = |tables: &mut ProjectedTables| {
        tables
            .finish()
            .map(|batch| batch.unwrap().num_rows())
            .sum::<usize>()
    };
    for line in Lines::new(records) {
        tables.read(line.bytes).unwrap();
        if tables.rows_max() == 8192 {
            rows += take(&mut tables);
        }
    }
    rows + take(&mut tables)
}

fn read_all(records: &[u8]) -> usize {
    let ty = r4().resource("Observation").unwrap();
    let new = || TableBuilder::new(ty);
    let take = |builder: TableBuilder| builder.finish(&ColumnIds::new(&[])).unwrap().num_rows();
    let (mut builder, mut rows) = (new(), 0);
    for line in Lines::new(records) {
        let text = std::str::from_utf8(line.bytes).unwrap();
        builder.append(text, &RowMeta::default(), None).unwrap();
        if builder.rows() == 8192 {
            rows += take(std::mem::replace(&mut builder, new()));
        }
    }
    rows + take(builder)
}

fn text(c: &mut Criterion) {
    let records = records();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Bytes(records.len() as u64));
    group.bench_function("newlines", |b| {
        b.iter(|| memchr::memchr_iter(b'\n', black_box(&records)).count());
    });
    group.bench_function("lines and types", |b| {
        let mut scratch = String::new();
        b.iter(|| {
            let lines = Lines::new(black_box(&records));
            lines
                .filter(|line| {
                    let text = std::str::from_utf8(line.bytes).unwrap();
                    resource_type(text, &mut scratch).unwrap() == Some("Observation")
                })
                .count()
        });
    });
    group.bench_function("all skipped", |b| {
        let nothing = projection(&[]);
        b.iter(|| read(&nothing, black_box(&records)));
    });
    group.bench_function("one leaf", |b| {
        let id = projection(LEAVES.get(..1).unwrap());
        b.iter(|| read(&id, black_box(&records)));
    });
    group.bench_function("eleven leaves", |b| {
        let leaves = projection(&LEAVES);
        b.iter(|| read(&leaves, black_box(&records)));
    });
    group.bench_function("all columns", |b| {
        b.iter(|| read_all(black_box(&records)));
    });
    group.finish();
}

fn elements(c: &mut Criterion) {
    let ty = r4().resource("Observation").unwrap();
    let mut builder = TableBuilder::new(ty);
    let records = records();
    for line in Lines::new(&records).take(8192) {
        let text = std::str::from_utf8(line.bytes).unwrap();
        builder.append(text, &RowMeta::default(), None).unwrap();
    }
    let batch = builder.finish(&ColumnIds::new(&[])).unwrap();
    let mut group = c.benchmark_group("elements");
    group.throughput(Throughput::Elements(batch.num_rows() as u64));
    group.bench_function("code.coding.code of rows", |b| {
        b.iter(|| {
            let rows = Rows::new(ty, black_box(&batch)).unwrap();
            let mut found = 0_usize;
            for row in 0..rows.len() {
                rows.element(row).children("code", &mut |concept| {
                    concept.children("coding", &mut |coding| {
                        coding.children("code", &mut |code| {
                            found += usize::from(code.primitive().is_some());
                        });
                    });
                });
            }
            found
        });
    });
    group.bench_function("code.coding.code of columns", |b| {
        b.iter(|| {
            let rows = Rows::new(ty, black_box(&batch)).unwrap();
            let all: Vec<u32> = (0..).take(rows.len()).collect();
            let (mut column, mut at) = (rows.column(), all);
            for name in ["code", "coding", "code"] {
                let Some(member) = column.member(name).next() else {
                    return 0;
                };
                at = member.items(&at).values;
                column = member;
            }
            at.len()
        });
    });
    group.finish();
}

criterion_group!(benches, text, elements);
criterion_main!(benches);
