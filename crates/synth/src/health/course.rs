//! The course of one disease in one person: which states, from when.

use super::{Active, Health, days};
use crate::calendar::{Day, YEAR_DAYS};
use crate::chance::{Chance, Purpose};
use crate::content::{Disease, Effect, Move, Risk, State};
use crate::person::{Person, Smoking};
use crate::world::World;

/// Days after the end of the records to which courses go on: the truth says what comes next.
const BEYOND: Day = 730;

/// Moves in a life, at most: content that moves in circles must end.
const MOVES_MAX: usize = 60;

/// A stay in a state.
#[derive(Debug, Clone, Copy)]
pub struct Stay<'w> {
    /// Which; none: `well`.
    pub state: Option<&'w State>,
    /// First day.
    pub from: Day,
    /// ICD-10-CM code, where the person is told.
    pub code: Option<&'w str>,
    /// What brought the person here.
    pub by: Option<&'w Move>,
}

/// The course of a disease.
#[derive(Debug)]
pub struct Course<'w> {
    /// Which.
    pub disease: &'w Disease,
    /// States in order of time; the first is the first that is not `well`.
    pub stays: Vec<Stay<'w>>,
    /// For each effect: standard deviations from the mean, and the factor on its drift.
    drawn: Vec<Drawn>,
}

/// How an effect turns out in a person.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    spread: f64,
    drift: f64,
}

impl<'w> Course<'w> {
    /// The stay of a day.
    #[must_use]
    pub fn stay(&self, day: Day) -> Option<Stay<'w>> {
        self.stays.iter().rev().find(|s| s.from <= day).copied()
    }

    /// The state of a day, if it is not `well`.
    #[must_use]
    pub fn active(&self, day: Day) -> Option<Active<'w>> {
        let stay = self.stay(day)?;
        Some(Active {
            disease: self.disease,
            state: stay.state?,
            from: stay.from,
            code: stay.code,
        })
    }

    /// Effects on a measure.
    pub fn effects<'a>(
        &'a self,
        measure: &'a str,
    ) -> impl Iterator<Item = (&'w Effect, Drawn)> + 'a {
        let all = self.disease.effect.iter().zip(&self.drawn);
        all.filter(move |(effect, _)| effect.measure == measure)
            .map(|(effect, drawn)| (effect, *drawn))
    }

    /// What an effect makes of a value on a day.
    #[must_use]
    pub fn affect(&self, effect: &Effect, drawn: Drawn, value: f64, day: Day) -> f64 {
        let Some((share, years)) = self.reach(effect, day) else {
            return value;
        };
        let drift = effect.per_year * drawn.drift * years;
        let base = effect.level.unwrap_or(value * effect.times);
        let affected = base + effect.add + effect.sd * drawn.spread + drift;
        value + (affected - value) * share
    }

    /// How far an effect is built up on a day, and years since it began to work.
    fn reach(&self, effect: &Effect, day: Day) -> Option<(f64, f64)> {
        let works = |stay: &&Stay<'_>| stay.state.is_some_and(|s| effect.works_in(s));
        let now = self.stays.iter().rev().find(|s| s.from <= day);
        if now.is_some_and(|stay| works(&stay)) {
            let first = self.stays.iter().find(works)?;
            return Some((1.0, f64::from(day - first.from) / YEAR_DAYS));
        }
        let next = self.stays.iter().find(|s| s.from > day && works(s))?;
        let ahead = f64::from(next.from - day) / YEAR_DAYS;
        (ahead < effect.ramp_years).then(|| (1.0 - ahead / effect.ramp_years, 0.0))
    }

    /// Goes to a state on a day; what would have come later does not.
    pub fn advance(&mut self, state: &str, day: Day, chance: &mut Chance) {
        let found = self.disease.state.iter().find(|s| s.id == state);
        if let Some(state) = found {
            self.stays.retain(|s| s.from < day);
            self.stays.push(stay(Some(state), day, None, chance));
        }
    }

    /// Goes back to `well` on a day for good.
    pub fn clear(&mut self, day: Day) {
        self.stays.retain(|s| s.from < day);
        self.stays.push(Stay {
            state: None,
            from: day,
            code: None,
            by: None,
        });
    }
}

/// A stay with its code, if the person is told.
fn stay<'w>(
    state: Option<&'w State>,
    from: Day,
    by: Option<&'w Move>,
    chance: &mut Chance,
) -> Stay<'w> {
    let code = state
        .filter(|s| !s.code.is_empty() && chance.happens(s.recorded))
        .and_then(|s| chance.weighted(&s.code, |(_, weight)| *weight))
        .map(|(code, _)| code.as_str());
    Stay {
        state,
        from,
        code,
        by,
    }
}

/// What a course is drawn from.
pub struct Sampling<'w, 'a> {
    pub world: &'w World,
    pub person: &'a Person<'a>,
    /// The diseases that stand before this one.
    pub health: &'a Health<'w>,
    pub disease: &'w Disease,
}

impl<'w> Sampling<'w, '_> {
    /// The course, or `None` for a life without the disease.
    pub fn course(&self) -> Option<Course<'w>> {
        let named = |ids: &[String]| ids.contains(&self.disease.id);
        let make = self.person.plant.map(|p| &p.make);
        let forced = make.is_some_and(|m| named(&m.force));
        if make.is_some_and(|m| named(&m.forbid)) || (!forced && !self.possible()) {
            return None;
        }
        let salt = self
            .disease
            .id
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, b| {
                (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
            });
        let seed = self.world.seed ^ salt;
        let mut chance = Chance::new(seed, self.person.number, Purpose::Health);
        let effects = self.disease.effect.iter();
        let drawn = effects.map(|effect| Drawn {
            spread: chance.normal(0.0, 1.0),
            drift: chance.log_normal(1.0, effect.per_year_log_sd),
        });
        let mut course = Course {
            disease: self.disease,
            drawn: drawn.collect(),
            stays: Vec::new(),
        };
        if forced {
            self.force(&mut course, &mut chance);
        } else {
            self.live(&mut course, self.person.birth, true, &mut chance);
        }
        (!course.stays.is_empty()).then_some(course)
    }

    fn possible(&self) -> bool {
        match self.disease.only.as_deref() {
            Some("obese") => self.person.bmi >= self.world.content.people.body.obese_from,
            Some("female") => self.person.female,
            Some("male") => !self.person.female,
            _ => true,
        }
    }

    /// Planted: the disease itself some years before the end; then only what measured values bring.
    fn force(&self, course: &mut Course<'w>, chance: &mut Chance) {
        let from = self.world.end - days(1.5 + 8.0 * chance.unit()) - 500;
        let Some(state) = self.disease.state.iter().find(|s| s.proper) else {
            return;
        };
        let codes = &state.code;
        let code = chance.weighted(codes, |(_, weight)| *weight);
        course.stays.push(Stay {
            state: Some(state),
            from,
            code: code.map(|(code, _)| code.as_str()),
            by: None,
        });
        self.live(course, from, false, chance);
    }

    /// Lives from a day to the end; without `all`, only moves by limits happen.
    fn live(&self, course: &mut Course<'w>, from: Day, all: bool, chance: &mut Chance) {
        let last = f64::from(self.world.end + BEYOND);
        let birth = f64::from(self.person.birth);
        let mut at = f64::from(from);
        let mut fixed: Vec<Option<f64>> = vec![None; self.disease.moves.len()];
        let mut rates: Vec<(f64, &'w Move)> = Vec::new();
        while at < last && course.stays.len() < MOVES_MAX {
            let age = ((at - birth) / YEAR_DAYS).max(0.0).floor();
            let until = (birth + (age + 1.0) * YEAR_DAYS + 0.01).min(last);
            let here = course.stays.last().and_then(|s| s.state);
            rates.clear();
            if all {
                self.rates(here, age, at, &mut fixed, &mut rates);
            }
            let total: f64 = rates.iter().map(|(rate, _)| rate).sum();
            let wait = if total > 0.0 {
                chance.exponential(YEAR_DAYS / total)
            } else {
                f64::INFINITY
            };
            if at + wait < until {
                at += wait;
                let chosen = chance.weighted(&rates, |(rate, _)| *rate);
                if let Some((_, by)) = chosen.copied() {
                    self.enter(course, by, at, chance);
                }
            } else {
                at = until;
                self.pass_limits(course, at, chance);
            }
        }
    }

    /// The rates of all moves out of a state.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an age in years and a day"
    )]
    fn rates(
        &self,
        here: Option<&State>,
        age: f64,
        at: f64,
        fixed: &mut [Option<f64>],
        into: &mut Vec<(f64, &'w Move)>,
    ) {
        let from = here.map_or(crate::content::WELL, |s| s.id.as_str());
        for (one, fixed) in self.disease.moves.iter().zip(fixed) {
            let rate = one.rate(age as usize);
            if rate <= 0.0 || one.when.is_some() || one.from != from {
                continue;
            }
            let day = at as Day;
            if !one.needs.is_empty() && !one.needs.iter().any(|n| self.health.has(n, day)) {
                continue;
            }
            let traits = *fixed.get_or_insert_with(|| {
                let obese_from = self.world.content.people.body.obese_from;
                risk_ratio(&one.risk, self.person, obese_from)
            });
            let others: f64 = one
                .also
                .iter()
                .map(|also| {
                    let there = self.health.has(&also.disease, day);
                    let factor = if there { also.factor } else { 1.0 };
                    factor / (1.0 + (also.factor - 1.0) * also.share)
                })
                .product();
            into.push((rate * traits * others, one));
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a day")]
    fn enter(&self, course: &mut Course<'w>, by: &'w Move, at: f64, chance: &mut Chance) {
        let state = self.disease.state.iter().find(|s| s.id == by.to);
        course.stays.push(stay(state, at as Day, Some(by), chance));
    }

    /// Moves by limits on latent values, looked at every birthday.
    #[expect(clippy::cast_possible_truncation, reason = "a day")]
    fn pass_limits(&self, course: &mut Course<'w>, at: f64, chance: &mut Chance) {
        for _ in 0..self.disease.state.len() {
            let Some(here) = course.stays.last().and_then(|s| s.state) else {
                return;
            };
            let passed = self.disease.moves.iter().find(|one| {
                one.from == here.id
                    && one.when.as_ref().is_some_and(|limit| {
                        let measure = self.world.content.measure(&limit.measure);
                        let so_far = std::slice::from_ref(&*course);
                        measure.is_some_and(|m| {
                            let body = &self.health.body;
                            limit.passed(body.untreated(m, self.person, at as Day, so_far))
                        })
                    })
            });
            let Some(by) = passed else { return };
            self.enter(course, by, at, chance);
        }
    }
}

/// Product of the risk ratios, each divided by its mean over people so that the rate keeps its level.
fn risk_ratio(risk: &Risk, person: &Person<'_>, obese_from: f64) -> f64 {
    let black = person.race.is_some_and(|r| r.code == "2054-5");
    [
        (risk.obese, person.bmi >= obese_from, 0.40),
        (risk.smoker, person.smoking == Smoking::Current, 0.12),
        (risk.former_smoker, person.smoking == Smoking::Former, 0.21),
        (risk.never_smoker, person.smoking == Smoking::Never, 0.67),
        (risk.black, black, 0.17),
        (risk.hispanic, person.hispanic, 0.15),
        (risk.female, person.female, 0.51),
        (risk.male, !person.female, 0.49),
        (risk.poor, person.poor(), 0.18),
    ]
    .into_iter()
    .filter_map(|(ratio, applies, share)| ratio.map(|r| (r, applies, share)))
    .map(|(ratio, applies, share)| {
        (if applies { ratio } else { 1.0 }) / (1.0 + (ratio - 1.0) * share)
    })
    .product()
}
