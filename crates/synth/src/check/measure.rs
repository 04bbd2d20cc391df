//! Measures figures on a census.

use std::collections::BTreeMap;

use super::census::{Census, Person, Value, Visit};
use super::figure::{Figure, Measure, Whom};
use super::report::Row;
use crate::calendar::{Day, YEAR_DAYS, age_exact, civil, from_civil};

/// What was found, and on how many.
struct Found {
    value: Option<f64>,
    of: f64,
}

impl Found {
    /// `part` of `whole`, times `scale`.
    fn ratio(part: f64, whole: f64, scale: f64) -> Found {
        Found {
            value: (whole > 0.0).then(|| part / whole * scale),
            of: whole,
        }
    }
}

impl Census {
    pub(super) fn row(&self, figure: &Figure) -> Row {
        let found = self.found(figure);
        Row {
            what: figure.what.clone(),
            expected: figure.value,
            found: found.value,
            unit: figure.unit.clone(),
            of: found.of,
            source: figure.source.clone(),
        }
    }

    fn found(&self, figure: &Figure) -> Found {
        let whom = &figure.whom;
        match &figure.measure {
            Measure::Problem { codes } => self.share(whom, |p| Some(self.has(p, codes))),
            Measure::ValueShare {
                loinc,
                ucum,
                from,
                below,
            } => self.share(whom, |p| {
                let value = self.last_number(p, loinc, ucum)?;
                Some(value >= *from && value < *below)
            }),
            Measure::ValueMean { loinc, ucum } => self.mean(whom, loinc, ucum),
            Measure::CodeShare { loinc, codes } => self.share(whom, |p| {
                let code = self.last_code(p, loinc)?;
                Some(codes.iter().any(|c| c == code))
            }),
            Measure::AnyVisit { classes } => self.share(whom, |p| {
                let recent = |v: &&Visit| v.start > self.end - 365 && self.in_class(v, classes);
                Some(p.visits.iter().any(|v| recent(&v)))
            }),
            Measure::Medicines { least } => {
                self.share(whom, |p| Some(self.used(p).count() >= *least))
            }
            Measure::Medicine { names } => self.share(whom, |p| {
                let named = |name: &str| names.iter().any(|n| name.contains(n.as_str()));
                Some(self.used(p).any(named))
            }),
            Measure::SeasonVaccine { cvx } => self.season_vaccine(whom, cvx),
            Measure::Uninsured => self.share(whom, |p| {
                let covered = |&(_, from, to): &(usize, Day, Day)| (from..=to).contains(&self.end);
                Some(!p.covers.iter().any(covered))
            }),
            other => self.rate(whom, other),
        }
    }

    /// Measures over time rather than at the end.
    fn rate(&self, whom: &Whom, measure: &Measure) -> Found {
        match measure {
            Measure::Visits { classes, reasons } => {
                let visits = self.visits(whom, |v| {
                    self.in_class(v, classes)
                        && (reasons.is_empty() || self.starts(v.reason, reasons))
                });
                let mut found = Found::ratio(count(visits), self.person_years(whom), 100.0);
                found.of = found.of.round();
                found
            }
            Measure::StayDays => {
                let inpatient = ["IMP".to_owned()];
                let stays: Vec<f64> = self
                    .visits(whom, |v| self.in_class(v, &inpatient))
                    .map(|(_, v)| f64::from(v.end - v.start))
                    .collect();
                Found::ratio(stays.iter().sum(), count(stays.iter()), 1.0)
            }
            Measure::Readmission => self.readmission(whom),
            Measure::Allowed { plans } => self.money(whom, plans, |&(_, allowed, _)| allowed),
            Measure::Paid { plans } => self.money(whom, plans, |&(_, _, paid)| paid),
            Measure::Resources { resource } => {
                let made = self.resources.iter().find(|(kind, _)| *kind == resource);
                #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
                let made = made.map_or(0.0, |(_, &made)| made as f64);
                Found::ratio(made, self.person_years(&Whom::default()), 1.0)
            }
            Measure::Deaths => {
                let deaths = self.people.iter().filter(|p| {
                    let day = p.death.filter(|&d| (self.start..=self.end).contains(&d));
                    day.is_some_and(|day| self.fits(p, whom, day))
                });
                Found::ratio(count(deaths), self.person_years(whom), 1000.0)
            }
            Measure::MonthShare { reasons, months } => {
                let all = self.visits(whom, |v| self.starts(v.reason, reasons));
                let all: Vec<i32> = all.map(|(_, v)| civil(v.start).1).collect();
                let inside = all.iter().filter(|m| months.contains(m));
                Found::ratio(count(inside), count(all.iter()), 100.0)
            }
            Measure::PeakWeek { reasons } => self.peak_week(whom, reasons),
            _ => Found {
                value: None,
                of: 0.0,
            },
        }
    }

    /// Percent of the living of whom something is so; people of whom it is not known are left out.
    fn share(&self, whom: &Whom, so: impl Fn(&Person) -> Option<bool>) -> Found {
        let living = self.living(whom);
        let known: Vec<bool> = living.filter_map(so).collect();
        let yes = known.iter().filter(|&&yes| yes);
        Found::ratio(count(yes), count(known.iter()), 100.0)
    }

    fn living<'a>(&'a self, whom: &'a Whom) -> impl Iterator<Item = &'a Person> {
        let end = self.end;
        self.people
            .iter()
            .filter(move |p| p.death.is_none_or(|d| d > end) && p.birth <= end)
            .filter(move |p| self.fits(p, whom, end))
    }

    fn fits(&self, person: &Person, whom: &Whom, on: Day) -> bool {
        let age = age_exact(person.birth, on);
        let sex = match whom.sex.as_deref() {
            Some("female") => person.female,
            Some(_) => !person.female,
            None => true,
        };
        let with = whom.with.is_empty() || self.has(person, &whom.with);
        sex && with && age >= whom.from && age < whom.below
    }

    fn has(&self, person: &Person, prefixes: &[String]) -> bool {
        person.problems.iter().any(|&p| self.starts(p, prefixes))
    }

    fn starts(&self, word: usize, prefixes: &[String]) -> bool {
        let word = self.words.word(word);
        prefixes
            .iter()
            .any(|prefix| word.starts_with(prefix.as_str()))
    }

    fn in_class(&self, visit: &Visit, classes: &[String]) -> bool {
        let class = self.words.word(visit.class);
        classes.iter().any(|c| c == class)
    }

    fn last_number(&self, person: &Person, loinc: &[String], ucum: &str) -> Option<f64> {
        let values = person.last.iter();
        let mine = values.filter(|(code, _)| {
            let code = self.words.word(**code);
            loinc.iter().any(|l| l == code)
        });
        let numbers = mine.filter_map(|(_, &(day, value))| match value {
            Value::Number(number, unit) if self.words.word(unit) == ucum => Some((day, number)),
            _ => None,
        });
        numbers
            .max_by_key(|&(day, _)| day)
            .map(|(_, number)| number)
    }

    fn last_code(&self, person: &Person, loinc: &[String]) -> Option<&str> {
        let mut values = person.last.iter();
        values.find_map(|(code, (_, value))| {
            let code = self.words.word(*code);
            match value {
                Value::Code(found) if loinc.iter().any(|l| l == code) => {
                    Some(self.words.word(*found))
                }
                _ => None,
            }
        })
    }

    fn mean(&self, whom: &Whom, loinc: &[String], ucum: &str) -> Found {
        let living = self.living(whom);
        let values: Vec<f64> = living
            .filter_map(|p| self.last_number(p, loinc, ucum))
            .collect();
        Found::ratio(values.iter().sum(), count(values.iter()), 1.0)
    }

    /// Names of different medicines used in the last 30 days.
    fn used<'a>(&'a self, person: &Person) -> impl Iterator<Item = &'a str> + use<'a> {
        let recent = self.end - 30..=self.end;
        let mut names: Vec<usize> = person
            .medicines
            .iter()
            .filter(|&&(_, from, to)| from <= *recent.end() && to >= *recent.start())
            .map(|&(name, _, _)| name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| self.words.word(name))
    }

    fn season_vaccine(&self, whom: &Whom, cvx: &[String]) -> Found {
        let (year, month, _) = civil(self.end);
        // The last season that is over: it began in July of the year before the last.
        let year = if month >= 7 { year - 1 } else { year - 2 };
        let season = from_civil(year, 7, 1)..from_civil(year + 1, 7, 1);
        self.share(whom, |p| {
            let given = p.vaccines.iter().any(|&(vaccine, day)| {
                season.contains(&day) && cvx.iter().any(|c| c == self.words.word(vaccine))
            });
            (p.birth < season.start).then_some(given)
        })
    }

    /// Encounters in the time of the records of people who then were of the right age.
    fn visits<'a>(
        &'a self,
        whom: &'a Whom,
        counts: impl Fn(&Visit) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a Person, &'a Visit)> {
        self.people
            .iter()
            .flat_map(|p| p.visits.iter().map(move |v| (p, v)))
            .filter(|(_, v)| (self.start..=self.end).contains(&v.start))
            .filter(move |(p, v)| counts(v) && self.fits(p, whom, v.start))
    }

    fn person_years(&self, whom: &Whom) -> f64 {
        let years = |p: &Person| {
            let born = f64::from(p.birth);
            let from = (born + whom.from * YEAR_DAYS).max(f64::from(self.start));
            let last = f64::from(p.death.unwrap_or(Day::MAX).min(self.end));
            let to = (born + whom.below * YEAR_DAYS).min(last);
            (to - from).max(0.0) / YEAR_DAYS
        };
        let anybody = Whom {
            from: f64::NEG_INFINITY,
            below: f64::INFINITY,
            ..whom.clone()
        };
        let mine = self
            .people
            .iter()
            .filter(|p| self.fits(p, &anybody, self.end));
        mine.map(years).sum()
    }

    fn readmission(&self, whom: &Whom) -> Found {
        let inpatient = ["IMP".to_owned()];
        let (mut stays, mut followed) = (0.0, 0.0);
        for person in &self.people {
            let mut mine: Vec<(Day, Day)> = person
                .visits
                .iter()
                .filter(|v| self.in_class(v, &inpatient) && self.fits(person, whom, v.start))
                .map(|v| (v.start, v.end))
                .collect();
            mine.sort_unstable();
            for (at, &(_, end)) in mine.iter().enumerate() {
                stays += 1.0;
                let next = mine.get(at + 1);
                if next.is_some_and(|&(start, _)| start - end <= 30) {
                    followed += 1.0;
                }
            }
        }
        Found::ratio(followed, stays, 100.0)
    }

    /// Dollars per member-month in plans.
    fn money(
        &self,
        whom: &Whom,
        plans: &[String],
        amount: impl Fn(&(usize, f64, f64)) -> f64,
    ) -> Found {
        let mine = |plan: usize| plans.iter().any(|p| p == self.words.word(plan));
        let (mut days, mut dollars) = (0.0, 0.0);
        for person in self.people.iter().filter(|p| self.fits(p, whom, self.end)) {
            let spent = person.money.iter().filter(|m| mine(m.0));
            dollars += spent.map(&amount).sum::<f64>();
            let last = person.death.unwrap_or(Day::MAX).min(self.end);
            for &(_, from, to) in person.covers.iter().filter(|c| mine(c.0)) {
                let covered = to.min(last) - from.max(self.start).max(person.birth) + 1;
                days += f64::from(covered.max(0));
            }
        }
        Found::ratio(dollars, days / (YEAR_DAYS / 12.0), 1.0)
    }

    fn peak_week(&self, whom: &Whom, reasons: &[String]) -> Found {
        let mut seasons: BTreeMap<i32, [f64; 54]> = BTreeMap::new();
        let mut visits = 0.0;
        for (_, visit) in self.visits(whom, |v| self.starts(v.reason, reasons)) {
            let (year, month, _) = civil(visit.start);
            let year = if month >= 7 { year } else { year - 1 };
            let week = (visit.start - from_civil(year, 7, 1)) / 7;
            let weeks = seasons.entry(year).or_insert([0.0; 54]);
            if let Some(count) = usize::try_from(week).ok().and_then(|w| weeks.get_mut(w)) {
                *count += 1.0;
                visits += 1.0;
            }
        }
        // Seasons that the records hold from July to June.
        let whole = seasons.iter().filter(|&(&year, _)| {
            from_civil(year, 7, 1) >= self.start && from_civil(year + 1, 6, 30) <= self.end
        });
        let peaks: Vec<f64> = whole.map(|(_, weeks)| peak(weeks)).collect();
        let mut found = Found::ratio(peaks.iter().sum(), count(peaks.iter()), 1.0);
        found.of = visits;
        found
    }
}

/// The middle of the three weeks in a row with most.
fn peak(weeks: &[f64]) -> f64 {
    let sums = weeks.windows(3).map(|w| w.iter().sum::<f64>()).enumerate();
    let best = sums.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    #[expect(clippy::cast_precision_loss, reason = "0 to 53")]
    let week = best.map_or(0.0, |(at, _)| at as f64 + 1.0);
    week
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(items: impl Iterator) -> f64 {
    items.count() as f64
}
