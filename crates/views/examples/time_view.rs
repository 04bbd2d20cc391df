//! Times a view: `cargo run --release -p salus-views --example time_view -- FILE.ndjson [VIEW.json] [THREADS]`.
//!
//! Says how fast the view runs straight from the file and from Arrow batches in memory, per second of CPU, and the
//! rows of the readable execution beside them for a part of the input.

use std::error::Error;
use std::io::Read;
use std::time::Instant;

use arrow::array::RecordBatch;
use salus_columns::{ColumnIds, Lines, RowMeta, TableBuilder};
use salus_fhir::schema::r4;
use salus_values::DateTime;
use salus_views::{CompiledView, NdjsonOptions, Sink, ViewDefinition};

const VIEW: &str = include_str!("observation.json");
/// How many resources one Arrow batch has.
const BATCH_ROWS: usize = 8192;
/// How often the batches are run: the clock of CPU time is coarse.
const ROUNDS: usize = 20;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which NDJSON file?")?;
    let view = match arguments.next() {
        Some(file) => std::fs::read_to_string(file)?,
        None => VIEW.to_owned(),
    };
    let threads = arguments.next().map_or(Ok(1), |threads| threads.parse())?;
    let view = ViewDefinition::parse(&view).map_err(|found| format!("{found:#?}"))?;
    let view = CompiledView::compile(&view).map_err(|found| format!("{found:#?}"))?;
    let now = DateTime::parse("2026-01-01T00:00:00Z").ok_or("no clock")?;

    for _ in 0..3 {
        let mut counted = Counted::default();
        let options = NdjsonOptions {
            threads,
            ..NdjsonOptions::new(now)
        };
        let cpu = cpu_seconds()?;
        let wall = Instant::now();
        let done = view.run_ndjson(std::fs::File::open(&file)?, &options, &mut counted)?;
        let (cpu, wall) = (cpu_seconds()? - cpu, wall.elapsed().as_secs_f64());
        let megabytes = done.bytes as f64 / 1e6;
        report(&format!(
            "ndjson: {:.0} MB, {} resources, {} rows: {:.0} MB/CPU s, {:.2} M resources/CPU s, {:.0} MB/s of wall, {} RSS at most",
            megabytes,
            done.resources,
            done.rows,
            megabytes / cpu,
            done.resources as f64 / cpu / 1e6,
            megabytes / wall,
            rss_max()?,
        ));
    }
    let ndjson = read(&file)?;
    let batches = batches(&view, &ndjson)?;
    let resources: usize = batches.iter().map(RecordBatch::num_rows).sum();
    for _ in 0..3 {
        let cpu = cpu_seconds()?;
        let mut rows = 0;
        for batch in std::iter::repeat_n(&batches, ROUNDS).flatten() {
            rows += view.run_batch(batch, &now)?.num_rows();
        }
        let cpu = cpu_seconds()? - cpu;
        report(&format!(
            "columns: {resources} resources {ROUNDS} times, {rows} rows: {:.2} M resources/CPU s",
            (resources * ROUNDS) as f64 / cpu / 1e6
        ));
    }
    let part: Vec<&str> = Lines::new(&ndjson)
        .take(20_000)
        .filter_map(|line| std::str::from_utf8(line.bytes).ok())
        .collect();
    let cpu = cpu_seconds()?;
    let rows = view.run_json(part.iter().copied(), &now)?.num_rows();
    let cpu = cpu_seconds()? - cpu;
    report(&format!(
        "json: {} resources, {rows} rows: {:.3} M resources/CPU s",
        part.len(),
        part.len() as f64 / cpu / 1e6
    ));
    Ok(())
}

#[derive(Default)]
struct Counted {
    rows: usize,
}

impl Sink for Counted {
    fn rows(&mut self, batch: RecordBatch) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.rows += batch.num_rows();
        Ok(())
    }
}

fn read(file: &str) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The resources as a lake has them.
fn batches(
    view: &CompiledView,
    ndjson: &[u8],
) -> Result<Vec<RecordBatch>, Box<dyn Error + Send + Sync>> {
    let ty = r4()
        .resource(view.resource())
        .ok_or("no such resource type")?;
    let ids = ColumnIds::new(&[]);
    let wanted = format!("\"resourceType\":\"{}\"", view.resource());
    let mut batches = Vec::new();
    let mut builder = TableBuilder::new(ty);
    for line in Lines::new(ndjson) {
        let line = std::str::from_utf8(line.bytes)?;
        if line.contains(&wanted) || line.contains(&wanted.replace("\":\"", "\": \"")) {
            builder.append(line, &RowMeta::default(), None)?;
        }
        if builder.rows() == BATCH_ROWS {
            let full = std::mem::replace(&mut builder, TableBuilder::new(ty));
            batches.push(full.finish(&ids)?);
        }
    }
    batches.push(builder.finish(&ids)?);
    Ok(batches)
}

/// CPU seconds of this process so far, of all its threads.
fn cpu_seconds() -> Result<f64, Box<dyn Error + Send + Sync>> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("no /proc/self/stat")?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|f| f.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    Ok((ticks(11) + ticks(12)) / TICKS_PER_SECOND)
}

/// The most memory that this process has had.
fn rss_max() -> Result<String, Box<dyn Error + Send + Sync>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line.unwrap_or_default().trim().to_owned())
}

#[expect(clippy::print_stdout, reason = "an example that is run by hand")]
fn report(line: &str) {
    println!("{line}");
}
