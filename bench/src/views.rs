//! What views cost: from the lake and straight from NDJSON, per second of CPU.

use std::io;
use std::path::{Path, PathBuf};

use crate::run::{Run, run};

/// Eleven columns of an Observation: keys, codes, a choice, a filter.
const VIEW: &str = include_str!("../../crates/views/examples/observation.json");
/// The columns of the view, which a query asks for one by one.
const COLUMNS: [&str; 11] = [
    "id",
    "patient",
    "encounter",
    "status",
    "category",
    "code",
    "display",
    "effective",
    "value",
    "unit",
    "value_code",
];
/// What the view is called in the lake.
const NAME: &str = "bench_observations";

/// Prints a line for each way of running the view.
///
/// # Errors
/// When the binary cannot be run, or a file not written.
pub fn measure(
    binary: &Path,
    lake: &str,
    records: &Path,
    work: &Path,
    repeat: usize,
) -> io::Result<()> {
    let file = work.join("observation.view.json");
    std::fs::write(&file, VIEW)?;
    let writing = from_lake(binary, lake, &file, work, repeat)?;
    from_ndjson(binary, &file, &observations(records)?, writing, repeat)
}

/// What writing the rows took, which is the same wherever they come from.
struct Writing {
    out: String,
    cpu_seconds: f64,
}

fn from_lake(
    binary: &Path,
    lake: &str,
    file: &Path,
    work: &Path,
    repeat: usize,
) -> io::Result<Writing> {
    let file = file.display().to_string();
    // One that a run before registered is replaced.
    let known = run(binary, &["--lake", lake, "--quiet", "view", "list"])?;
    if known.stdout.contains(NAME) {
        run(binary, &["--lake", lake, "--quiet", "view", "drop", NAME])?;
    }
    run(
        binary,
        &["--lake", lake, "--quiet", "view", "create", NAME, &file],
    )?;
    let start = least_cpu(repeat, || sql(binary, lake, "SELECT 1"))?;
    let counts: Vec<String> = COLUMNS
        .iter()
        .map(|name| format!("count({name})"))
        .collect();
    let query = format!("SELECT {} FROM {NAME}", counts.join(", "));
    let made = least_cpu(repeat, || sql(binary, lake, &query))?;
    let resources: f64 = made
        .stdout
        .lines()
        .nth(1)
        .and_then(|line| line.split(',').next()?.parse().ok())
        .unwrap_or(0.0);
    let start = start.cpu_seconds;
    lake_line("made (counted, not written)", resources, &made, start);
    let write = |format: &str| {
        let out = work.join(format!("observations.{format}"));
        let out = out.display().to_string();
        let arguments = ["--lake", lake, "--quiet", "view", "run", &file, "-o", &out];
        let written = least_cpu(repeat, || run(binary, &arguments))?;
        lake_line(&format!("written as {format}"), resources, &written, start);
        let cpu_seconds = written.cpu_seconds - made.cpu_seconds;
        Ok::<_, io::Error>(Writing { out, cpu_seconds })
    };
    write("csv")?;
    write("parquet")
}

fn lake_line(what: &str, resources: f64, run: &Run, start: f64) {
    let cpu = run.cpu_seconds - start;
    println!(
        "view from the lake, {what}: {resources} resources in {cpu:.2} CPU s and {:.2} s: {:.2} M/CPU s, peak {:.0} MiB",
        run.wall.as_secs_f64(),
        resources / cpu / 1e6,
        run.peak_bytes as f64 / 1048576.0
    );
}

/// Twice: of an eighth of the files and of all, whose memory must be the same. The files are all the records of the
/// lake.
fn from_ndjson(
    binary: &Path,
    view: &Path,
    files: &[PathBuf],
    writing: Writing,
    repeat: usize,
) -> io::Result<()> {
    let view = view.display().to_string();
    for part in [files.len().div_ceil(8), files.len()] {
        let mut arguments = vec!["--quiet".to_owned(), "view".to_owned(), "run".to_owned()];
        arguments.extend([view.clone(), "-o".to_owned(), writing.out.clone()]);
        let mut bytes = 0;
        for file in files.iter().take(part) {
            bytes += std::fs::metadata(file)?.len();
            arguments.extend(["--from".to_owned(), file.display().to_string()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let done = least_cpu(repeat, || run(binary, &arguments))?;
        let megabytes = bytes as f64 / 1e6;
        let share = part as f64 / files.len() as f64;
        let made = done.cpu_seconds - writing.cpu_seconds * share;
        println!(
            "view from NDJSON: {megabytes:.0} MB in {:.2} CPU s and {:.2} s, {made:.2} CPU s without the writing: {:.0} MB/CPU s, {:.0} written as parquet, peak {:.0} MiB",
            done.cpu_seconds,
            done.wall.as_secs_f64(),
            megabytes / made,
            megabytes / done.cpu_seconds,
            done.peak_bytes as f64 / 1048576.0
        );
    }
    Ok(())
}

/// The files of Observations among the records.
fn observations(records: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(records)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("Observation.") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn sql(binary: &Path, lake: &str, query: &str) -> io::Result<Run> {
    run(
        binary,
        &["--lake", lake, "--quiet", "sql", query, "--format", "csv"],
    )
}

/// The run that took the least: the machine's other work only adds.
fn least_cpu(repeat: usize, mut once: impl FnMut() -> io::Result<Run>) -> io::Result<Run> {
    let mut best = once()?;
    for _ in 1..repeat {
        let next = once()?;
        if next.cpu_seconds < best.cpu_seconds {
            best = next;
        }
    }
    Ok(best)
}
