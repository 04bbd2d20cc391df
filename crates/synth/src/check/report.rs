//! The outcome of a check as a table.

use std::fmt;

/// Relative error up to which a figure counts as met.
const TOLERANCE: f64 = 0.2;

/// A figure and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it says, in words.
    pub what: String,
    /// The published figure.
    pub expected: f64,
    /// What the records say; none: nobody to measure it on.
    pub found: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// People, stays or visits that it was measured on.
    pub of: f64,
    /// Who published the figure.
    pub source: String,
}

impl Row {
    /// Found relative to expected, minus one.
    #[must_use]
    pub fn relative_error(&self) -> Option<f64> {
        Some(self.found? / self.expected - 1.0)
    }

    /// Whether it is at most 20 % off.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.relative_error()
            .is_some_and(|error| error.abs() <= TOLERANCE)
    }
}

/// All figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One for each figure.
    pub rows: Vec<Row>,
    /// People in the records.
    pub people: usize,
}

impl Report {
    pub(super) fn new(rows: Vec<Row>, people: usize) -> Report {
        Report { rows, people }
    }

    /// Share of figures that are met, 0 to 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some hundred rows")]
    pub fn met_share(&self) -> f64 {
        let met = self.rows.iter().filter(|row| row.is_met()).count();
        met as f64 / self.rows.len().max(1) as f64
    }
}

impl fmt::Display for Report {
    /// A table: what, published, found, relative error; the last line sums up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&Row) -> usize| self.rows.iter().map(text).max().unwrap_or(0);
        let (what, unit) = (
            width(|r| r.what.chars().count()),
            width(|r| r.unit.chars().count()),
        );
        writeln!(
            f,
            "{:<what$}  {:>10}  {:>10}  {:>8}  {:<unit$}  {:>8}  source",
            "figure", "published", "found", "error", "unit", "of"
        )?;
        for row in &self.rows {
            let found = row.found.map_or("–".to_owned(), number);
            let error = row
                .relative_error()
                .map_or("–".to_owned(), |e| format!("{:+.0} %", e * 100.0));
            let mark = if row.is_met() { ' ' } else { '!' };
            writeln!(
                f,
                "{:<what$}  {:>10}  {found:>10}  {error:>6} {mark}  {:<unit$}  {:>8}  {}",
                row.what,
                number(row.expected),
                row.unit,
                number(row.of),
                row.source
            )?;
        }
        let met = self.rows.iter().filter(|row| row.is_met()).count();
        write!(
            f,
            "{met} of {} figures within 20 % ({:.0} %), measured on {} people",
            self.rows.len(),
            self.met_share() * 100.0,
            self.people
        )
    }
}

/// Three significant digits.
fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
