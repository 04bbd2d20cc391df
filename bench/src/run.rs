//! One run of the binary: how long, how much memory, what it printed.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Run {
    /// From start to end.
    pub wall: Duration,
    /// Time on all cores, in the program and in the kernel for it; in steps of 10 ms. 0 where the system does not tell.
    pub cpu_seconds: f64,
    /// The most memory that it held at once (`VmHWM`), bytes; 0 where the system does not tell.
    pub peak_bytes: u64,
    /// Its standard output.
    pub stdout: String,
}

/// Runs `binary` with `arguments` and watches it.
///
/// # Errors
/// When it cannot be started, or ends with another code than 0 or 3 (something quarantined).
pub fn run(binary: &Path, arguments: &[&str]) -> io::Result<Run> {
    let cpu_before = cpu_of_children();
    let begin = Instant::now();
    let mut child = Command::new(binary)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let reader = child
        .stdout
        .take()
        .map(|out| std::thread::spawn(move || io::read_to_string(out)));
    let mut peak_bytes = 0;
    let code = loop {
        peak_bytes = peak_bytes.max(peak(&status));
        match child.try_wait()? {
            Some(code) => break code,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let wall = begin.elapsed();
    let stdout = reader
        .and_then(|reader| reader.join().ok())
        .transpose()?
        .unwrap_or_default();
    if !matches!(code.code(), Some(0 | 3)) {
        return Err(io::Error::other(format!(
            "`{}` {} ended with {code}",
            binary.display(),
            arguments.join(" ")
        )));
    }
    Ok(Run {
        wall,
        cpu_seconds: cpu_of_children() - cpu_before,
        peak_bytes,
        stdout,
    })
}

/// Seconds of CPU of all runs so far (`cutime` and `cstime` of proc_pid_stat(5), 100 in a second on Linux).
fn cpu_of_children() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may have spaces.
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(13).take(2);
    ticks
        .filter_map(|field| field.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn peak(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line
        .and_then(|line| line.split_whitespace().next())
        .and_then(|number| number.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
