//! How a load goes on: a bar with rate and time left on a terminal, a plain line now and then otherwise.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use salus_lake::ingest::Progress;

use crate::face::{Face, bytes, thousands};

/// How often a plain line is written.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// How often the bar is drawn anew when nothing happens.
const TICK: Duration = Duration::from_millis(120);
/// Characters of a source's name that are shown.
const NAME_CHARS_MAX: usize = 36;

/// Shows how a load goes on, on stderr.
pub struct Meter {
    face: Face,
    bar: Option<ProgressBar>,
    total_bytes: Option<u64>,
    started: Instant,
    resources: AtomicU64,
    quarantined: AtomicU64,
    state: Mutex<State>,
}

struct State {
    /// Bytes of the sources that are done.
    done_bytes: u64,
    /// Bytes of the source that is being read.
    source_bytes: u64,
    source: String,
    last_line: Instant,
}

impl Meter {
    /// A meter for sources of `total_bytes` together, if that is known.
    pub fn new(face: &Face, total_bytes: Option<u64>) -> Self {
        let now = Instant::now();
        let state = State {
            done_bytes: 0,
            source_bytes: 0,
            source: String::new(),
            last_line: now,
        };
        Self {
            face: face.clone(),
            bar: face.lively().then(|| bar(total_bytes)),
            total_bytes,
            started: now,
            resources: AtomicU64::new(0),
            quarantined: AtomicU64::new(0),
            state: Mutex::new(state),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn show(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let read = state.done_bytes.saturating_add(state.source_bytes);
        if let Some(bar) = &self.bar {
            bar.set_position(read);
            bar.set_message(self.counts(&state.source));
        } else if state.last_line.elapsed() >= LINE_EVERY {
            state.last_line = Instant::now();
            self.face.talk(&self.line(read, &state.source));
        }
    }

    fn counts(&self, source: &str) -> String {
        let resources = thousands(self.resources.load(Ordering::Relaxed));
        let quarantined = self.quarantined.load(Ordering::Relaxed);
        let set_aside = match quarantined {
            0 => String::new(),
            count => format!(", {} quarantined", thousands(count)),
        };
        format!("{resources} resources{set_aside}  {source}")
    }

    fn line(&self, read: u64, source: &str) -> String {
        let seconds = self.started.elapsed().as_secs().max(1);
        let rate = read / seconds;
        let of = match self.total_bytes {
            Some(total) => format!("{} of {}", bytes(read), bytes(total)),
            None => bytes(read),
        };
        let left = self
            .total_bytes
            .and_then(|total| total.saturating_sub(read).checked_div(rate))
            .map_or(String::new(), |left| format!(", {left} s left"));
        format!(
            "Loading: {of}, {}/s{left}, {}",
            bytes(rate),
            self.counts(source)
        )
    }
}

fn bar(total_bytes: Option<u64>) -> ProgressBar {
    let (bar, template) = match total_bytes {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:24} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta} left  {wide_msg}",
        ),
        None => (
            ProgressBar::no_length(),
            "{spinner} {decimal_bytes} {decimal_bytes_per_sec}  {wide_msg}",
        ),
    };
    let style = ProgressStyle::with_template(template);
    let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(TICK);
    bar
}

/// The last part of a path, or its end if even that is long.
fn short(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    let count = last.chars().count();
    if count <= NAME_CHARS_MAX {
        return last.to_owned();
    }
    let end: String = last.chars().skip(count - NAME_CHARS_MAX + 1).collect();
    format!("…{end}")
}

impl Progress for Meter {
    fn read(&self, bytes: u64) {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.source_bytes = bytes;
        }
        self.show();
    }

    fn source(&self, name: &str) {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.done_bytes = state.done_bytes.saturating_add(state.source_bytes);
            state.source_bytes = 0;
            state.source = short(name);
        }
        self.show();
    }

    fn taken(&self, resources: u64, quarantined: u64) {
        self.resources.fetch_add(resources, Ordering::Relaxed);
        self.quarantined.fetch_add(quarantined, Ordering::Relaxed);
        self.show();
    }

    fn committing(&self) {
        if let Some(bar) = &self.bar {
            bar.set_message("committing");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, short};
    use crate::app::When;
    use crate::face::Face;
    use salus_lake::ingest::Progress as _;

    #[test]
    fn a_plain_line_tells_bytes_rate_and_counts() {
        let meter = Meter::new(&Face::new(When::Never, true), Some(4_000_000));
        meter.source("/data/a.ndjson");
        meter.read(1_000_000);
        meter.source("/data/b.ndjson");
        meter.read(500_000);
        meter.taken(1200, 3);
        let line = meter.line(1_500_000, "b.ndjson");
        assert!(
            line.starts_with("Loading: 1.5 MB of 4.0 MB, 1.5 MB/s, 1 s left"),
            "{line}"
        );
        assert!(
            line.ends_with("1,200 resources, 3 quarantined  b.ndjson"),
            "{line}"
        );
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(short("/a/b/c.ndjson"), "c.ndjson");
        let long = short("/a/0123456789012345678901234567890123456789.ndjson.gz");
        assert_eq!(long.chars().count(), 36);
        assert!(long.starts_with('…') && long.ends_with(".ndjson.gz"));
    }
}
