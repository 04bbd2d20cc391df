//! An answer in one number with its basis, and the rows below it: the same words for terminal and page.

use serde::Serialize;

use super::numbers::{count, decimal, measured, percent};
use crate::content::Direction;
use crate::scoreboard::{
    Answer, Finding, Fraction, Group, Line, Median, Ranking, Rate, Series, Share,
};

/// Up to so many strata are all shown.
const GROUPS_MAX: usize = 6;

/// The number of a finding, ready to be shown.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Headline {
    /// "62.6 %"; empty where there is none.
    pub(super) value: String,
    /// "per member per month".
    pub(super) unit: String,
    /// "109 of 174 patients".
    pub(super) basis: String,
    /// Further facts, each a phrase: "95 % interval 55.2 to 69.5 %".
    pub(super) notes: Vec<String>,
    /// The share, 0 to 100, for a bar.
    pub(super) bar: Option<Bar>,
    /// The rows below.
    pub(super) rows: Vec<Row>,
}

/// A share and its interval, in per cent of the bar.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Bar {
    pub(super) share: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// One row of a breakdown or ranking.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) basis: String,
    /// Length of its bar, 0 to 100.
    pub(super) length: f64,
}

/// Whether the answer is a number, in the words that stand in place of one.
pub(super) fn reason(answer: &Answer) -> Option<(&'static str, &str)> {
    match answer {
        Answer::CannotAnswer { reason } => Some(("Cannot answer", reason)),
        Answer::Failed { reason } => Some(("Failed", reason)),
        _ => None,
    }
}

/// "higher is better".
pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Higher => "higher is better",
        Direction::Lower => "lower is better",
        Direction::None => "",
    }
}

/// The headline of a finding.
pub(super) fn headline(finding: &Finding) -> Headline {
    match &finding.answer {
        Answer::Share(share) => of_share(share, &finding.subject),
        Answer::Rate(rate) => of_rate(rate, &finding.unit),
        Answer::Median(median) => of_median(median, &finding.unit),
        Answer::Ranking(ranking) => of_ranking(ranking, &finding.unit),
        Answer::Series(series) => of_series(series),
        Answer::CannotAnswer { .. } | Answer::Failed { .. } => Headline::default(),
    }
}

fn of_share(share: &Share, subject: &str) -> Headline {
    let total = share.total;
    let mut notes = Vec::new();
    if let Some((low, high)) = total.interval {
        notes.push(format!(
            "95 % interval {} to {} %",
            decimal(low * 100.0, 1),
            decimal(high * 100.0, 1)
        ));
    }
    if total.unknown > 0 {
        let why = if share.unknown_note.is_empty() {
            "could not be checked"
        } else {
            &share.unknown_note
        };
        notes.push(format!(
            "not counted: {} {subject} who {why}",
            count(total.unknown)
        ));
    }
    let (rows, none) = share_rows(&share.groups);
    if none > 0 {
        notes.push(format!("{none} others without any"));
    }
    Headline {
        value: total.share.map_or_else(|| "not known".to_owned(), percent),
        unit: String::new(),
        basis: format!("{} {subject}", of(total)),
        notes,
        bar: bar(total),
        rows,
    }
}

/// Strata by share, largest first. Of many, those with nothing in them are only counted.
fn share_rows(groups: &[Group]) -> (Vec<Row>, usize) {
    let mut shown: Vec<&Group> = groups.iter().collect();
    if groups.len() > GROUPS_MAX {
        shown.retain(|group| group.fraction.numerator > 0);
    }
    shown.sort_by(|a, b| {
        let share = |group: &Group| group.fraction.share.unwrap_or(-1.0);
        share(b).total_cmp(&share(a))
    });
    let rows = shown
        .iter()
        .map(|group| share_row(&group.label, group.fraction))
        .collect();
    (rows, groups.len() - shown.len())
}

fn of(fraction: Fraction) -> String {
    format!(
        "{} of {}",
        count(fraction.numerator),
        count(fraction.denominator)
    )
}

fn bar(fraction: Fraction) -> Option<Bar> {
    let (low, high) = fraction.interval?;
    Some(Bar {
        share: fraction.share? * 100.0,
        low: low * 100.0,
        high: high * 100.0,
    })
}

fn share_row(label: &str, fraction: Fraction) -> Row {
    Row {
        label: label.to_owned(),
        value: fraction
            .share
            .map_or_else(|| "not known".to_owned(), percent),
        basis: of(fraction),
        length: fraction.share.unwrap_or_default() * 100.0,
    }
}

fn of_rate(rate: &Rate, unit: &str) -> Headline {
    let money = unit == "USD";
    let show = |number: f64| {
        if money {
            decimal(number, 2)
        } else {
            decimal(number, 1)
        }
    };
    let months = decimal(rate.exposure, 0);
    let basis = if money {
        format!(
            "{} USD over {months} member months of {} people",
            decimal(rate.amount, 0),
            count(rate.members)
        )
    } else {
        format!(
            "{} over {months} member months of {} people",
            decimal(rate.amount, 0),
            count(rate.members)
        )
    };
    let largest = rate
        .groups
        .iter()
        .map(|group| group.rate)
        .fold(0.0, f64::max);
    let rows = rate.groups.iter().map(|group| Row {
        label: group.label.clone(),
        value: show(group.rate),
        basis: format!(
            "{} in {} claims",
            decimal(group.amount, 0),
            count(group.events)
        ),
        length: portion(group.rate, largest),
    });
    Headline {
        value: show(rate.rate),
        unit: if money {
            "USD per member per month".to_owned()
        } else {
            unit.to_owned()
        },
        basis,
        rows: rows.collect(),
        ..Headline::default()
    }
}

fn of_median(median: &Median, unit: &str) -> Headline {
    Headline {
        value: measured(median.median),
        unit: format!("{unit}, median"),
        basis: format!(
            "{} patients, {} visits",
            count(median.patients),
            count(median.events)
        ),
        notes: vec![format!(
            "nine of ten within {} {unit}",
            measured(median.ninetieth)
        )],
        ..Headline::default()
    }
}

fn of_ranking(ranking: &Ranking, unit: &str) -> Headline {
    let largest = ranking.rows.iter().map(|row| row.value).fold(0.0, f64::max);
    let people = unit == "patients";
    let rows = ranking.rows.iter().map(|row| Row {
        label: row.label.clone(),
        value: row.share.map_or_else(String::new, percent),
        basis: if people {
            format!("{} of {}", count(row.patients), decimal(ranking.total, 0))
        } else {
            format!(
                "{} {unit}, {} patients",
                decimal(row.value, 0),
                count(row.patients)
            )
        },
        length: portion(row.value, largest),
    });
    let mut notes = Vec::new();
    if ranking.more > 0 {
        notes.push(format!("{} more are not shown", count(ranking.more)));
    }
    let total = if people {
        decimal(ranking.total, 0)
    } else {
        format!("{} {unit}", decimal(ranking.total, 0))
    };
    Headline {
        basis: format!("of {total} ({})", ranking.total_note),
        notes,
        rows: rows.collect(),
        ..Headline::default()
    }
}

fn of_series(series: &Series) -> Headline {
    let recent = series.total.counts.last().copied().unwrap_or_default();
    let mut notes = Vec::new();
    if let Some(week) = series.weeks.last() {
        notes.push(format!("{} in the week of {}", count(recent), week.0));
    }
    notes.extend(signal_notes(series, &series.total));
    let signals = series.total.signals.len();
    let places = series
        .places
        .iter()
        .filter(|line| !line.signals.is_empty())
        .count();
    if places > 0 {
        notes.push(format!(
            "{} with signals of their own",
            plural(places, "place")
        ));
    }
    Headline {
        value: match signals {
            0 => "no signal".to_owned(),
            1 => "1 signal".to_owned(),
            more => format!("{more} signals"),
        },
        unit: String::new(),
        basis: format!(
            "{} patient-weeks in {} weeks",
            count(series.total.sum),
            series.weeks.len()
        ),
        notes,
        ..Headline::default()
    }
}

/// The strongest signal of a line and, if it is another, the newest, in words.
pub(super) fn signal_notes(series: &Series, line: &Line) -> Vec<String> {
    let strongest = strongest(line);
    let newest = line.signals.last().copied();
    let mut weeks: Vec<usize> = strongest.into_iter().chain(newest).collect();
    weeks.dedup();
    weeks
        .into_iter()
        .filter_map(|week| {
            let (day, cases) = (series.weeks.get(week)?, line.counts.get(week)?);
            let threshold = line.thresholds.get(week).copied().flatten()?;
            let word = if Some(week) == strongest {
                "signal"
            } else {
                "newest signal"
            };
            Some(format!(
                "{word} in the week of {}: {} against a threshold of {}",
                day.0,
                count(*cases),
                decimal(threshold, 1)
            ))
        })
        .collect()
}

/// The week whose count is furthest above its threshold, by ratio; the newer of two equals.
fn strongest(line: &Line) -> Option<usize> {
    let weeks = line.signals.iter().copied();
    weeks.max_by(|&a, &b| excess(line, a).total_cmp(&excess(line, b)))
}

/// Count by threshold in a week.
fn excess(line: &Line, week: usize) -> f64 {
    let count = line.counts.get(week).copied().unwrap_or_default() as f64;
    let threshold = line.thresholds.get(week).copied().flatten();
    threshold.map_or(0.0, |threshold| count / threshold.max(1.0))
}

/// How far a series is above what was expected, at its strongest signal; 0 without one.
pub(super) fn strength(series: &Series) -> f64 {
    strongest(&series.total).map_or(0.0, |week| excess(&series.total, week))
}

fn plural(number: usize, word: &str) -> String {
    if number == 1 {
        format!("1 {word}")
    } else {
        format!("{number} {word}s")
    }
}

fn portion(value: f64, largest: f64) -> f64 {
    if largest > 0.0 {
        (value / largest * 100.0).clamp(0.0, 100.0)
    } else {
        0.0
    }
}
