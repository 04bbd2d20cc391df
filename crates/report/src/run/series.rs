//! Weekly counts by place, with EARS C2 signals.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::door::Door;
use crate::ReportError;
use crate::ears::C2;
use crate::period::Period;
use crate::scoreboard::{Answer, Day, Line, Series};

/// Places that are shown with their own line.
const PLACES_MAX: usize = 12;

/// Counts patients a week and place and judges each week that ended within the period.
pub(super) async fn series(
    door: Door<'_>,
    what: &str,
    sql: &str,
    period: &Period,
) -> Result<Answer, ReportError> {
    let sql = format!(
        "SELECT place, CAST(date_trunc('week', date) AS DATE) AS week, count(DISTINCT patient) AS patients
         FROM ({sql}) AS evidence GROUP BY 1, 2 ORDER BY 1, 2"
    );
    let rows = door.rows(what, &sql).await?;
    let detector = C2::default();
    let weeks = weeks(period, &detector);
    let mut counts: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let cells = rows
        .text("place")?
        .into_iter()
        .zip(rows.day("week")?)
        .zip(rows.count("patients")?);
    for ((place, week), patients) in cells {
        let (Some(place), Some(week)) = (place, week) else {
            continue;
        };
        let Some(index) = weeks.iter().position(|monday| *monday == week) else {
            continue;
        };
        let line = counts.entry(place).or_insert_with(|| vec![0; weeks.len()]);
        if let Some(cell) = line.get_mut(index) {
            *cell += patients;
        }
    }
    Ok(Answer::Series(assemble(&weeks, &counts, &detector)))
}

/// Mondays of the weeks that ended by the end of the period, from the detector's warm-up before its start.
fn weeks(period: &Period, detector: &C2) -> Vec<Date> {
    let warm_up = i64::try_from(detector.warm_up()).unwrap_or_default();
    let mut week = monday(period.start).saturating_sub(warm_up.weeks());
    let mut weeks = Vec::new();
    while week.saturating_add(6.days()) <= period.end {
        weeks.push(week);
        week = week.saturating_add(1.week());
    }
    weeks
}

fn monday(date: Date) -> Date {
    let past = i64::from(date.weekday().since(Weekday::Monday));
    date.saturating_sub(past.days())
}

fn assemble(weeks: &[Date], counts: &BTreeMap<String, Vec<u64>>, detector: &C2) -> Series {
    let total = (0..weeks.len())
        .map(|week| counts.values().filter_map(|line| line.get(week)).sum())
        .collect::<Vec<u64>>();
    let mut places: Vec<Line> = counts
        .iter()
        .map(|(place, counts)| line(place, counts, detector))
        .collect();
    places.sort_by(|a, b| {
        let key = |line: &Line| (line.signals.last().copied(), line.sum);
        key(b).cmp(&key(a)).then_with(|| a.label.cmp(&b.label))
    });
    let more = places.len().saturating_sub(PLACES_MAX);
    places.truncate(PLACES_MAX);
    Series {
        weeks: weeks
            .iter()
            .skip(detector.warm_up())
            .map(|monday| Day(*monday))
            .collect(),
        total: line("All places", &total, detector),
        places,
        more: more as u64,
    }
}

/// One place: the judged weeks only, with their thresholds and signals.
fn line(label: &str, counts: &[u64], detector: &C2) -> Line {
    let verdicts = detector.judge(counts);
    let shown: Vec<u64> = counts.iter().skip(detector.warm_up()).copied().collect();
    Line {
        label: label.to_owned(),
        sum: shown.iter().sum(),
        thresholds: verdicts
            .iter()
            .map(|verdict| Some(verdict.threshold))
            .collect(),
        signals: verdicts
            .iter()
            .enumerate()
            .filter(|(_, verdict)| verdict.signal)
            .map(|(week, _)| week)
            .collect(),
        counts: shown,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::{C2, Period, assemble, weeks};

    #[test]
    fn only_weeks_that_ended_within_the_period_are_judged() {
        let weeks = weeks(&Period::year_ending(date(2026, 11, 16)), &C2::default());
        // 2026-11-16 is a Monday: its own week has not ended.
        assert_eq!(weeks.last().copied(), Some(date(2026, 11, 9)));
        assert_eq!(weeks.get(9).copied(), Some(date(2025, 11, 17)));
    }

    #[test]
    fn a_burst_in_one_place_is_a_signal_there_and_comes_first() {
        let detector = C2::default();
        let weeks = weeks(&Period::year_ending(date(2026, 11, 16)), &detector);
        let mut burst = vec![1; weeks.len()];
        burst[40] = 15;
        let counts = BTreeMap::from([
            ("Adams".to_owned(), vec![4; weeks.len()]),
            ("Zion".to_owned(), burst),
        ]);
        let series = assemble(&weeks, &counts, &detector);
        assert_eq!(series.places[0].label, "Zion");
        assert_eq!(series.places[0].signals, [40 - detector.warm_up()]);
        assert_eq!(series.total.counts[0], 5);
    }
}
