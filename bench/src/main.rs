//! What Salus costs: timed runs of the real binary on Synthea's records, repeated with new ids.
//!
//! `cargo run --release -p salus-bench -- --size 2G` prepares the records once, then prints one line for each bar.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod run;
mod scale;
mod views;

use std::io;
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};

use run::{Run, run};

/// Measures load, scan, one patient, start and report.
#[derive(Debug, Parser)]
struct Arguments {
    /// NDJSON to load: bytes, or with K, M or G at the end.
    #[arg(long, default_value = "200M")]
    size: String,
    /// Where records and lakes are put; kept, so that a second run need not prepare them.
    #[arg(long, default_value = "/tmp/salus-bench")]
    work: PathBuf,
    /// The records that are repeated.
    #[arg(long, default_value = "../shared/data/synthea-r4/v2.4-ma")]
    records: PathBuf,
    /// Order of rows in the data files: `bucket`, `code` or `patient` (docs/adr/0004).
    #[arg(long, default_value = "bucket")]
    layout: String,
    /// The binary.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// How often each query is run; the median counts.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// What is measured; `views` takes the lake of a run before if there is one.
    #[arg(long, value_enum, default_value_t = Part::All)]
    part: Part,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Everything.
    All,
    /// Loading and queries.
    Lake,
    /// SQL-on-FHIR views, from the lake and straight from NDJSON.
    Views,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let binary = arguments.binary.clone().map_or_else(beside_this, Ok)?;
    let bytes = size(&arguments.size)
        .ok_or_else(|| io::Error::other("`--size` is a number with K, M or G"))?;
    let records = arguments.work.join(format!("records-{}", arguments.size));
    if !records.exists() {
        let scaled = scale::scale(&arguments.records, &records, bytes)?;
        println!("prepared: {scaled:?}");
    }
    let lake = arguments.work.join("lake");
    let lake_text = lake.display().to_string();
    if arguments.part != Part::Views || !lake.exists() {
        load(&arguments, &binary, &records, &lake)?;
    }
    if arguments.part != Part::Views {
        queries(&binary, &lake_text, arguments.repeat)?;
    }
    if arguments.part != Part::Lake {
        let work = &arguments.work;
        views::measure(&binary, &lake_text, &records, work, arguments.repeat)?;
    }
    Ok(())
}

fn load(arguments: &Arguments, binary: &Path, records: &Path, lake: &Path) -> io::Result<()> {
    if lake.exists() {
        std::fs::remove_dir_all(lake)?;
    }
    let loaded = run(
        binary,
        &[
            "--lake",
            &lake.display().to_string(),
            "--quiet",
            "load",
            "--json",
            "--layout",
            &arguments.layout,
            &records.display().to_string(),
        ],
    )?;
    let summary: serde_json::Value =
        serde_json::from_str(&loaded.stdout).map_err(io::Error::other)?;
    let rows = summary
        .get("resources")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(0);
    print_load(&loaded, folder_bytes(records)?, rows, folder_bytes(lake)?);
    Ok(())
}

fn print_load(load: &Run, json_bytes: u64, rows: u64, lake_bytes: u64) {
    let seconds = load.wall.as_secs_f64();
    println!("load: {seconds:.2} s, {json_bytes} bytes of JSON, {rows} resources");
    println!(
        "load: {:.0} resources/s, {:.1} MB/s",
        rows as f64 / seconds,
        json_bytes as f64 / seconds / 1e6
    );
    println!(
        "load: peak memory {:.0} MiB",
        load.peak_bytes as f64 / 1048576.0
    );
    println!(
        "lake: {lake_bytes} bytes, 1/{:.1} of the JSON",
        json_bytes as f64 / lake_bytes as f64
    );
}

fn queries(binary: &Path, lake: &str, repeat: usize) -> io::Result<()> {
    let help = median(repeat * 4, || run(binary, &["--help"]))?;
    println!("help: {:.1} ms", help * 1e3);
    let observations: u64 = scalar(binary, lake, "select count(*) from Observation")?
        .parse()
        .unwrap_or(0);
    let scan = "select count(*) from Observation where status = 'final'";
    let scans = median(repeat, || sql(binary, lake, scan))?;
    let nothing = median(repeat, || sql(binary, lake, "select 1"))?;
    println!(
        "scan: {observations} rows in {:.1} ms, start included ({:.1} ms)",
        scans * 1e3,
        nothing * 1e3
    );
    println!(
        "scan: {:.1} M rows/s without the start",
        observations as f64 / (scans - nothing).max(1e-4) / 1e6
    );
    let code = "select count(*) from Observation where salus_code = '4548-4'";
    let coded = median(repeat, || sql(binary, lake, code))?;
    println!("one code: {:.1} ms, start included", coded * 1e3);
    let values = "select sum(valueQuantity.value) from Observation where salus_code = '4548-4'";
    let summed = median(repeat, || sql(binary, lake, values))?;
    println!("values of one code: {:.1} ms, start included", summed * 1e3);
    let patient = scalar(
        binary,
        lake,
        "select id from Patient order by id limit 1 offset 7",
    )?;
    let one = format!(
        "select id, salus_code, salus_date from Observation where salus_patient = '{patient}'"
    );
    let found = median(repeat, || sql(binary, lake, &one))?;
    println!("one patient: {:.1} ms, start included", found * 1e3);
    Ok(())
}

fn sql(binary: &Path, lake: &str, query: &str) -> io::Result<Run> {
    run(binary, &["--lake", lake, "sql", query, "--format", "csv"])
}

fn scalar(binary: &Path, lake: &str, query: &str) -> io::Result<String> {
    let answer = sql(binary, lake, query)?;
    Ok(answer
        .stdout
        .lines()
        .nth(1)
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned())
}

fn median(repeat: usize, mut once: impl FnMut() -> io::Result<Run>) -> io::Result<f64> {
    let mut seconds = Vec::new();
    for _ in 0..repeat.max(1) {
        seconds.push(once()?.wall.as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds.get(seconds.len() / 2).copied().unwrap_or(0.0))
}

fn beside_this() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.with_file_name("salus"))
}

fn folder_bytes(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in walkdir::WalkDir::new(folder) {
        let metadata = entry
            .map_err(io::Error::other)?
            .metadata()
            .map_err(io::Error::other)?;
        bytes += if metadata.is_file() {
            metadata.len()
        } else {
            0
        };
    }
    Ok(bytes)
}

fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(['K', 'M', 'G']);
    let unit = match text.strip_prefix(digits)? {
        "" => 1,
        "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
