//! How fast records are made: into nothing, or onto disk with their truth.
//!
//! `cargo run --release -p salus-synth --example speed -- [PATIENTS [YEARS [THREADS [FOLDER]]]]`
//! prints patients a minute, resources a patient, bytes a second, and the most memory that was in use. Without
//! FOLDER lines are counted and dropped.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::error::Error;
use std::time::Instant;

use salus_synth::{Folder, Options, Sink, SinkError, stream};

/// Counts bytes and drops them.
#[derive(Default)]
struct Count {
    bytes: u64,
}

impl Sink for Count {
    fn put(&mut self, _resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        self.bytes += u64::try_from(line.len())? + 1;
        Ok(())
    }

    fn lines(&mut self, _resource_type: &'static str, ndjson: &str) -> Result<(), SinkError> {
        self.bytes += u64::try_from(ndjson.len())?;
        Ok(())
    }
}

/// The most memory of this process so far in MB, where the system tells it.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut options = Options {
        patients: 10_000,
        ..Options::default()
    };
    if let Some(patients) = arguments.next() {
        options.patients = patients.parse()?;
    }
    if let Some(years) = arguments.next() {
        options.years = years.parse()?;
    }
    if let Some(threads) = arguments.next() {
        options.threads = threads.parse()?;
    }
    let mut count = Count::default();
    let begin = Instant::now();
    let summary = match arguments.next() {
        Some(path) => {
            let mut folder = Folder::create(path.as_ref())?;
            let summary = stream(&options, &mut folder)?;
            folder.finish()?;
            summary
        }
        None => stream(&options, &mut count)?,
    };
    let seconds = begin.elapsed().as_secs_f64();
    let resources: u64 = summary.counts.values().sum();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (patients, resources, bytes) = (
        options.patients as f64,
        resources as f64,
        count.bytes as f64,
    );
    print!(
        "{patients} patients, {} years, {seconds:.1} s: {:.0} patients/min, {:.0} resources/patient, ",
        options.years,
        patients / seconds * 60.0,
        resources / patients,
    );
    if bytes > 0.0 {
        print!("{:.0} MB/s, ", bytes / seconds / 1e6);
    }
    let peak = peak_megabytes().map_or("?".to_owned(), |mb| mb.to_string());
    println!("{peak} MB at most");
    Ok(())
}
