//! What an Observation view costs, resource by resource, over columns and from NDJSON: `cargo bench -p salus-views`.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "what prepares a bench fails the bench; criterion writes its own functions"
)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use salus_columns::{ColumnIds, RowMeta, TableBuilder};
use salus_fhir::schema::r4;
use salus_values::DateTime;
use salus_views::{CompiledView, NdjsonOptions, Sink, ViewDefinition};

const VIEW: &str = include_str!("../examples/observation.json");
const ROWS: usize = 4096;

/// Records as Synthea writes them.
fn observations() -> Vec<String> {
    let line = |n: usize| {
        format!(
            r#"{{"resourceType":"Observation","id":"75fab560-c4c9-ca5d-de0a-{n:012}","meta":{{"profile":["http://hl7.org/fhir/StructureDefinition/bodyheight"]}},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"vital-signs"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"8302-2","display":"Body Height"}}],"text":"Body Height"}},"subject":{{"reference":"Patient/ad134528-56a5-35fd-c37f-{n:012}"}},"encounter":{{"reference":"Encounter/ed6b02dc-9248-f597-6ef6-{n:012}"}},"effectiveDateTime":"2011-12-20T10:24:54-05:00","issued":"2011-12-20T10:24:54.881-05:00","valueQuantity":{{"value":181.9,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}}}}"#
        )
    };
    (0..ROWS).map(line).collect()
}

struct Dropped;

impl Sink for Dropped {
    fn rows(
        &mut self,
        batch: arrow::array::RecordBatch,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        std::hint::black_box(batch);
        Ok(())
    }
}

fn view(criterion: &mut Criterion) {
    let view = CompiledView::compile(&ViewDefinition::parse(VIEW).unwrap()).unwrap();
    let now = DateTime::parse("2026-01-01T00:00:00Z").unwrap();
    let lines = observations();
    let ndjson = lines.join("\n");
    let mut table = TableBuilder::new(r4().resource("Observation").unwrap());
    for line in &lines {
        table.append(line, &RowMeta::default(), None).unwrap();
    }
    let batch = table.finish(&ColumnIds::new(&[])).unwrap();

    let mut group = criterion.benchmark_group("observation view");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("columns", |bench| {
        bench.iter(|| view.run_batch(&batch, &now).unwrap())
    });
    group.bench_function("json", |bench| {
        bench.iter(|| {
            view.run_json(lines.iter().map(String::as_str), &now)
                .unwrap()
        });
    });
    group.throughput(Throughput::Bytes(ndjson.len() as u64));
    group.bench_function("ndjson", |bench| {
        let options = NdjsonOptions::new(now);
        bench.iter(|| {
            view.run_ndjson(ndjson.as_bytes(), &options, &mut Dropped)
                .unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, view);
criterion_main!(benches);
