//! Geometry of the weekly charts: numbers to places in an SVG, so that the template only draws.

use serde::Serialize;

use super::headline::signal_notes;
use crate::scoreboard::{Day, Line, Series};

const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 170.0;
const LEFT: f64 = 30.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 22.0;

/// A weekly chart.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Chart {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    bottom: f64,
    /// Path of the area below the counts.
    area: String,
    /// Points of the counts.
    line: String,
    /// Points of the threshold.
    threshold: String,
    signals: Vec<Mark>,
    /// Horizontal lines with their value.
    grid: Vec<Tick>,
    /// Month names below.
    months: Vec<Tick>,
    /// What a screen reader says.
    label: String,
}

/// A week with a signal.
#[derive(Clone, Debug, Serialize)]
struct Mark {
    x: String,
    y: String,
    title: String,
}

/// A place on an axis.
#[derive(Clone, Debug, Serialize)]
struct Tick {
    at: String,
    label: String,
}

/// The counts of a place in miniature.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Spark {
    label: String,
    sum: u64,
    points: String,
    signals: Vec<Mark>,
    note: String,
}

/// From values to places.
struct Scale {
    weeks: usize,
    max: f64,
    width: f64,
    height: f64,
    left: f64,
    top: f64,
}

impl Scale {
    fn x(&self, week: usize) -> f64 {
        self.left + self.width * week as f64 / (self.weeks.max(2) - 1) as f64
    }

    fn y(&self, value: f64) -> f64 {
        self.top + self.height * (1.0 - (value / self.max).clamp(0.0, 1.0))
    }

    fn points<'a>(&self, values: impl Iterator<Item = f64> + 'a) -> String {
        let points: Vec<String> = values
            .enumerate()
            .map(|(week, value)| format!("{:.1},{:.1}", self.x(week), self.y(value)))
            .collect();
        points.join(" ")
    }

    fn marks(&self, weeks: &[Day], line: &Line) -> Vec<Mark> {
        let marks = line.signals.iter().filter_map(|&week| {
            let count = *line.counts.get(week)?;
            let threshold = line.thresholds.get(week).copied().flatten()?;
            let day = weeks.get(week)?.0;
            Some(Mark {
                x: format!("{:.1}", self.x(week)),
                y: format!("{:.1}", self.y(count as f64)),
                title: format!("week of {day}: {count}, threshold {threshold:.1}"),
            })
        });
        marks.collect()
    }
}

/// The chart of all places together.
pub(super) fn chart(series: &Series) -> Chart {
    let line = &series.total;
    let step = step(top(line));
    let scale = Scale {
        weeks: line.counts.len(),
        max: (top(line) / step).ceil().max(1.0) * step,
        width: WIDTH - LEFT - RIGHT,
        height: HEIGHT - TOP - BOTTOM,
        left: LEFT,
        top: TOP,
    };
    let counts = scale.points(line.counts.iter().map(|&count| count as f64));
    let (first, last) = (scale.x(0), scale.x(line.counts.len().saturating_sub(1)));
    let lines = (scale.max / step) as usize;
    Chart {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: WIDTH - RIGHT,
        bottom: HEIGHT - BOTTOM,
        area: format!(
            "M{first:.1},{base:.1} L{} L{last:.1},{base:.1} Z",
            counts.replace(' ', " L"),
            base = scale.y(0.0)
        ),
        threshold: scale.points(
            line.thresholds
                .iter()
                .map(|threshold| threshold.unwrap_or_default()),
        ),
        signals: scale.marks(&series.weeks, line),
        grid: (0..=lines)
            .map(|index| index as f64 * step)
            .map(|value| Tick {
                at: format!("{:.1}", scale.y(value)),
                label: format!("{value}"),
            })
            .collect(),
        months: months(&series.weeks, &scale),
        label: format!(
            "Patients a week in all places; {} weeks, {} with a signal",
            line.counts.len(),
            line.signals.len()
        ),
        line: counts,
    }
}

/// The place in miniature.
pub(super) fn spark(series: &Series, line: &Line) -> Spark {
    let most = line.counts.iter().copied().max().unwrap_or_default();
    let scale = Scale {
        weeks: line.counts.len(),
        max: most.max(1) as f64,
        width: 152.0,
        height: 20.0,
        left: 4.0,
        top: 4.0,
    };
    Spark {
        label: line.label.clone(),
        sum: line.sum,
        points: scale.points(line.counts.iter().map(|&count| count as f64)),
        signals: scale.marks(&series.weeks, line),
        note: signal_notes(series, line)
            .into_iter()
            .next()
            .unwrap_or_default(),
    }
}

/// The highest value to show. A threshold far above all counts is cut rather than flattening them.
fn top(line: &Line) -> f64 {
    let counts = line.counts.iter().copied().max().unwrap_or_default() as f64;
    let thresholds = line
        .thresholds
        .iter()
        .copied()
        .flatten()
        .fold(0.0, f64::max);
    counts.max(thresholds.min(counts * 1.6)).max(1.0)
}

/// A round step that makes at most five lines.
fn step(top: f64) -> f64 {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(30) {
        if top / step <= 4.0 {
            break;
        }
        step *= factor;
    }
    step.ceil()
}

/// The first week of every second month.
fn months(weeks: &[Day], scale: &Scale) -> Vec<Tick> {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut ticks = Vec::new();
    let mut before = None;
    for (index, week) in weeks.iter().enumerate() {
        let month = week.0.month();
        if before.is_some_and(|before| before != month) && month % 2 == 1 {
            let name = usize::try_from(month - 1)
                .ok()
                .and_then(|month| NAMES.get(month))
                .copied()
                .unwrap_or_default();
            let label = if month == 1 {
                format!("{name} {}", week.0.year())
            } else {
                name.to_owned()
            };
            ticks.push(Tick {
                at: format!("{:.1}", scale.x(index)),
                label,
            });
        }
        before = Some(month);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn grid_lines_are_few_and_round() {
        assert_eq!(step(1.0), 1.0);
        assert_eq!(step(7.0), 2.0);
        assert_eq!(step(35.0), 10.0);
        assert_eq!(step(1234.0), 500.0);
    }
}
