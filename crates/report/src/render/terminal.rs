//! The scoreboard as text: aligned, and readable without colour.

use std::fmt::{Result, Write as _};

use super::headline::{Headline, Row, direction, headline, reason, signal_notes};
use super::numbers::count;
use crate::Scoreboard;
use crate::scoreboard::{Answer, Finding, Section, Series};

/// Whether the terminal shows colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Colour {
    /// ANSI colours.
    On,
    /// Plain text.
    Off,
}

impl From<bool> for Colour {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// Columns of the bars.
const BAR: usize = 20;
/// Narrowest text that is laid out; a narrower terminal wraps by itself.
const WIDTH_MIN: usize = 60;
/// Widest text, so that rows stay readable.
const WIDTH_MAX: usize = 100;

/// The scoreboard as text of at most `width` columns (60 to 100).
#[must_use]
pub fn terminal(scoreboard: &Scoreboard, width: usize, colour: Colour) -> String {
    let mut page = Page {
        text: String::new(),
        width: width.clamp(WIDTH_MIN, WIDTH_MAX),
        colour,
    };
    let _ = page.scoreboard(scoreboard);
    page.text
}

struct Page {
    text: String,
    width: usize,
    colour: Colour,
}

impl Page {
    fn scoreboard(&mut self, board: &Scoreboard) -> Result {
        let period = board.period;
        let title = self.bold("Salus scoreboard");
        writeln!(
            self.text,
            "{title}  {} to {} ({})",
            period.start, period.end, board.period_note
        )?;
        let people = format!(
            "{} patients on record, {} alive at the end of the period; snapshot {} of the lake",
            count(board.population.patients),
            count(board.population.living),
            board.snapshot
        );
        self.wrapped(0, &people)?;
        for section in &board.sections {
            self.section(section)?;
        }
        let more = self.dim("Who is behind a number: salus report --explain ID");
        writeln!(self.text, "\n{more}")
    }

    fn section(&mut self, section: &Section) -> Result {
        let rule = "─".repeat(
            self.width
                .saturating_sub(section.title.len() + section.question.len() + 4),
        );
        let (title, rule) = (self.bold(&section.title.to_uppercase()), self.dim(&rule));
        writeln!(self.text, "\n{title}  {}  {rule}", section.question)?;
        for finding in &section.findings {
            self.finding(finding)?;
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> Result {
        let headline = headline(finding);
        writeln!(self.text)?;
        if let Some((word, why)) = reason(&finding.answer) {
            let title = self.bold(&finding.title);
            writeln!(self.text, "  {title}")?;
            return self.wrapped(4, &format!("{word}: {why}. [{}]", finding.id));
        }
        self.first_line(finding, &headline)?;
        self.wrapped(4, &facts(finding, &headline))?;
        let labels = headline
            .rows
            .iter()
            .map(|row| row.label.chars().count())
            .max()
            .unwrap_or_default();
        for row in &headline.rows {
            self.row(
                row,
                labels.clamp(10, self.width.saturating_sub(68).clamp(12, 32)),
            )?;
        }
        if let Answer::Series(series) = &finding.answer {
            self.series(series)?;
        }
        Ok(())
    }

    /// Title, bar and number on one line, its basis behind where there is room.
    fn first_line(&mut self, finding: &Finding, headline: &Headline) -> Result {
        let number = [headline.value.as_str(), headline.unit.as_str()].join(" ");
        let number = number.trim();
        let (title, strong) = (self.bold(&finding.title), self.accent(number));
        if number.is_empty() {
            return writeln!(self.text, "  {title}");
        }
        let column = self.width.saturating_sub(48);
        let room = column.saturating_sub(finding.title.chars().count());
        write!(self.text, "  {title}{}", " ".repeat(room.max(2)))?;
        match headline.bar {
            Some(bar) => writeln!(self.text, "{} {strong}", blocks(bar.share, self.bar())),
            None => writeln!(self.text, "{strong}"),
        }
    }

    /// Columns of a bar.
    fn bar(&self) -> usize {
        if self.width < 90 { BAR / 2 } else { BAR }
    }

    fn row(&mut self, row: &Row, labels: usize) -> Result {
        let label = shortened(&row.label, labels);
        let bar = self.dim(&blocks(row.length, self.bar()));
        writeln!(
            self.text,
            "      {label:<labels$} {bar} {:>9}  {}",
            row.value, row.basis
        )
    }

    fn series(&mut self, series: &Series) -> Result {
        let line = sparkline(&series.total.counts);
        let shown: String = line
            .chars()
            .rev()
            .take(self.width.saturating_sub(22))
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        writeln!(self.text, "      {:<14} {}", "All places", self.dim(&shown))?;
        let places = series.places.iter();
        for place in places.filter(|place| !place.signals.is_empty()).take(3) {
            for note in signal_notes(series, place).into_iter().take(1) {
                self.wrapped(6, &format!("{}: {note}", place.label))?;
            }
        }
        Ok(())
    }

    /// Text broken at spaces, each line indented.
    fn wrapped(&mut self, indent: usize, words: &str) -> Result {
        let mut line = String::new();
        for word in words.split(' ') {
            if !line.is_empty()
                && indent + line.chars().count() + 1 + word.chars().count() > self.width
            {
                let full = self.dim(&std::mem::take(&mut line));
                writeln!(self.text, "{}{full}", " ".repeat(indent))?;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        let last = self.dim(&line);
        writeln!(self.text, "{}{last}", " ".repeat(indent))
    }

    fn bold(&self, text: &str) -> String {
        self.painted(text, "1")
    }

    fn accent(&self, text: &str) -> String {
        self.painted(text, "1;36")
    }

    fn dim(&self, text: &str) -> String {
        self.painted(text, "2")
    }

    fn painted(&self, text: &str, code: &str) -> String {
        match self.colour {
            Colour::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colour::Off => text.to_owned(),
        }
    }
}

/// Basis, notes, period and id, one after another.
fn facts(finding: &Finding, headline: &Headline) -> String {
    let mut facts = vec![headline.basis.clone()];
    facts.extend(headline.notes.iter().cloned());
    facts.push(direction(finding.direction).to_owned());
    facts.push(match finding.period {
        Some(period) => format!("{} to {}", period.start, period.end),
        None => "all records".to_owned(),
    });
    facts.push(format!("[{}]", finding.id));
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}

/// A bar of so many columns for 0 to 100.
fn blocks(share: f64, columns: usize) -> String {
    let full = ((share / 100.0 * columns as f64).round() as usize).min(columns);
    let full = if share > 0.0 { full.max(1) } else { full };
    format!("{}{}", "█".repeat(full), "░".repeat(columns - full))
}

/// Weekly counts, one block each.
fn sparkline(counts: &[u64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let block = |&count: &u64| {
        let index = (count * 7 + most / 2) / most;
        usize::try_from(index)
            .ok()
            .and_then(|index| BLOCKS.get(index))
            .copied()
            .unwrap_or('█')
    };
    counts.iter().map(block).collect()
}

/// At most so many characters, an ellipsis in place of the rest.
fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::{blocks, shortened, sparkline};

    #[test]
    fn a_bar_shows_something_for_the_smallest_share() {
        assert_eq!(blocks(0.0, 20).matches('█').count(), 0);
        assert_eq!(blocks(0.1, 20).matches('█').count(), 1);
        assert_eq!(blocks(100.0, 20).matches('█').count(), 20);
    }

    #[test]
    fn a_sparkline_has_one_block_a_week() {
        assert_eq!(sparkline(&[0, 1, 2, 7]), "▁▂▃█");
    }

    #[test]
    fn a_long_label_ends_in_an_ellipsis() {
        assert_eq!(shortened("Emergency hospital admission", 10), "Emergency…");
    }
}
