//! How fast records are made: nothing is written, lines are counted and dropped.
//!
//! `cargo run --release -p salus-synth --example speed -- [PATIENTS [YEARS [THREADS]]]`
//! prints patients a minute, resources a patient, bytes a second, and the most memory that was in use.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::error::Error;
use std::time::Instant;

use salus_synth::{Options, Sink, SinkError, stream};

#[derive(Default)]
struct Count {
    resources: u64,
    bytes: u64,
}

impl Sink for Count {
    fn put(&mut self, _resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        self.resources += 1;
        self.bytes += u64::try_from(line.len())? + 1;
        Ok(())
    }

    fn lines(&mut self, _resource_type: &'static str, ndjson: &str) -> Result<(), SinkError> {
        let ends = ndjson.bytes().filter(|&byte| byte == b'\n').count();
        self.resources += u64::try_from(ends)?;
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
    stream(&options, &mut count)?;
    let seconds = begin.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (patients, resources, bytes) = (
        options.patients as f64,
        count.resources as f64,
        count.bytes as f64,
    );
    println!(
        "{patients} patients, {} years, {seconds:.1} s: {:.0} patients/min, {:.0} resources/patient, {:.0} MB/s, {} MB at most",
        options.years,
        patients / seconds * 60.0,
        resources / patients,
        bytes / seconds / 1e6,
        peak_megabytes().map_or("?".to_owned(), |mb| mb.to_string()),
    );
    Ok(())
}
