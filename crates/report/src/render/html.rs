//! One HTML file: no network, no script, light and dark, readable on a phone and on paper.

use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::chart::{Chart, Spark, chart, spark};
use super::headline::{Headline, direction, headline, reason, strength};
use super::numbers::count;
use crate::scoreboard::{Answer, Finding, Section};
use crate::{ReportError, Scoreboard};

const TEMPLATE: &str = include_str!("../../templates/scoreboard.html");

/// What the template sees.
#[derive(Serialize)]
struct Page<'a> {
    start: String,
    end: String,
    period_note: &'a str,
    patients: String,
    living: String,
    snapshot: i64,
    sections: Vec<PageSection<'a>>,
}

#[derive(Serialize)]
struct PageSection<'a> {
    id: &'static str,
    title: &'static str,
    question: &'static str,
    /// The number shown at the top of the page.
    lead: Option<Lead<'a>>,
    answered: usize,
    asked: usize,
    cards: Vec<Card<'a>>,
}

#[derive(Clone, Serialize)]
struct Lead<'a> {
    value: String,
    unit: String,
    basis: String,
    title: &'a str,
    share: Option<f64>,
}

#[derive(Serialize)]
struct Card<'a> {
    finding: &'a Finding,
    headline: Headline,
    direction: &'static str,
    missing: Option<Missing<'a>>,
    period: String,
    chart: Option<Chart>,
    sparks: Vec<Spark>,
    more_places: u64,
}

#[derive(Serialize)]
struct Missing<'a> {
    word: &'static str,
    reason: &'a str,
}

/// The scoreboard as one self-contained HTML file.
///
/// # Errors
///
/// When the template fails, which a test keeps from being released.
pub fn html(scoreboard: &Scoreboard) -> Result<String, ReportError> {
    let failed = |source| ReportError::Template {
        source: Box::new(source),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment
        .add_template("scoreboard.html", TEMPLATE)
        .map_err(failed)?;
    let template = environment
        .get_template("scoreboard.html")
        .map_err(failed)?;
    template.render(page(scoreboard)).map_err(failed)
}

fn page(scoreboard: &Scoreboard) -> Page<'_> {
    Page {
        start: scoreboard.period.start.to_string(),
        end: scoreboard.period.end.to_string(),
        period_note: &scoreboard.period_note,
        patients: count(scoreboard.population.patients),
        living: count(scoreboard.population.living),
        snapshot: scoreboard.snapshot,
        sections: scoreboard.sections.iter().map(section).collect(),
    }
}

fn section(section: &Section) -> PageSection<'_> {
    let cards: Vec<Card<'_>> = section.findings.iter().map(card).collect();
    PageSection {
        id: section.id,
        title: section.title,
        question: section.question,
        lead: foremost(&cards),
        answered: cards.iter().filter(|card| card.missing.is_none()).count(),
        asked: cards.len(),
        cards,
    }
}

/// The number that stands for the section: of the strongest outbreak signal, else of the first card that has one.
fn foremost<'a>(cards: &[Card<'a>]) -> Option<Lead<'a>> {
    let strength = |card: &Card<'_>| match &card.finding.answer {
        Answer::Series(series) => strength(series),
        _ => 0.0,
    };
    let mut order: Vec<&Card<'a>> = cards.iter().collect();
    order.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    order.into_iter().find_map(lead)
}

/// The number of a card for the top of the page: its own, or that of its first row.
fn lead<'a>(card: &Card<'a>) -> Option<Lead<'a>> {
    if card.missing.is_some() {
        return None;
    }
    let headline = &card.headline;
    let row = headline.rows.first();
    let (value, basis) = if headline.value.is_empty() {
        let row = row?;
        (row.value.clone(), format!("{}: {}", row.label, row.basis))
    } else {
        let signal = headline
            .notes
            .iter()
            .find(|note| note.starts_with("signal"));
        (
            headline.value.clone(),
            signal.unwrap_or(&headline.basis).clone(),
        )
    };
    let unit = headline.unit.clone();
    Some(Lead {
        value,
        unit,
        basis,
        title: &card.finding.title,
        share: headline.bar.map(|bar| bar.share),
    })
}

fn card(finding: &Finding) -> Card<'_> {
    let series = match &finding.answer {
        Answer::Series(series) => Some(series),
        _ => None,
    };
    Card {
        finding,
        headline: headline(finding),
        direction: direction(finding.direction),
        missing: reason(&finding.answer).map(|(word, reason)| Missing { word, reason }),
        period: finding.period.map_or_else(
            || "all records".to_owned(),
            |period| format!("{} to {}", period.start, period.end),
        ),
        chart: series.map(chart),
        sparks: series
            .map(|series| {
                series
                    .places
                    .iter()
                    .map(|line| spark(series, line))
                    .collect()
            })
            .unwrap_or_default(),
        more_places: series.map(|series| series.more).unwrap_or_default(),
    }
}
