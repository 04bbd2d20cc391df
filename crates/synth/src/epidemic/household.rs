//! What becomes of one household: infections from outside, chains at home, symptoms and care.

use super::curves::{Curves, Resident};
use super::disease::Disease;
use super::days_about;
use crate::calendar::{Day, YEAR_DAYS, age_exact};
use crate::chance::{Chance, interpolate};

/// A member of a household.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Day of birth.
    pub birth: Day,
    /// Day of death.
    pub death: Option<Day>,
    /// Relative susceptibility: 1, or less for somebody who is protected.
    pub susceptibility: f64,
}

/// How ill an infected person becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No symptoms.
    Silent,
    /// Symptoms, stays at home.
    Home,
    /// Seeks care and goes home again.
    Care,
    /// Needs a hospital.
    Hospital,
}

impl Severity {
    /// The word in the truth.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Silent => "silent",
            Severity::Home => "home",
            Severity::Care => "care",
            Severity::Hospital => "hospital",
        }
    }
}

/// One infection of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Infection {
    /// Index of the member in the household.
    pub member: usize,
    /// Day of infection.
    pub infected: Day,
    /// The member who infected them; none: infected outside.
    pub source: Option<usize>,
    /// First day with symptoms.
    pub onset: Option<Day>,
    /// How ill.
    pub severity: Severity,
    /// The day from which they seek care; the place decides when it is open.
    pub care_from: Option<Day>,
    /// Index of the chief complaint of the disease.
    pub complaint: usize,
    /// Days from care until a laboratory result is reported.
    pub report_delay_days: i32,
}

/// How people of a household get infected from outside.
#[derive(Debug, Clone, Copy)]
pub enum Exposure<'a> {
    /// All the time, by the force of infection of their area.
    Curves(&'a Curves),
    /// Once, on a day, each with this chance.
    Once(Day, f64),
}

/// A household with what it is exposed to.
#[derive(Debug)]
pub struct Exposed<'a> {
    /// The disease.
    pub disease: &'a Disease,
    /// How it comes from outside.
    pub exposure: Exposure<'a>,
    /// Index of the area.
    pub area: usize,
    /// The members.
    pub members: &'a [Member],
    /// First and last day that are simulated.
    pub days: (Day, Day),
    /// Whether immunity is in balance on the first day; else nobody is immune.
    pub endemic: bool,
}

impl Exposed<'_> {
    /// All infections, in order of time.
    #[must_use]
    pub fn course(&self, chance: &mut Chance) -> Vec<Infection> {
        let mut home = Home {
            exposed: self,
            outside: vec![None; self.members.len()],
            inside: Vec::new(),
            free_from: Vec::with_capacity(self.members.len()),
        };
        home.begin(chance);
        let mut infections = Vec::new();
        while let Some((day, member, source)) = home.next() {
            if let Some(infection) = home.infect(day, member, source, chance) {
                infections.push(infection);
            }
        }
        infections
    }
}

struct Home<'a> {
    exposed: &'a Exposed<'a>,
    /// The next infection from outside, by member.
    outside: Vec<Option<Day>>,
    /// Contacts at home that would infect: day, member, source.
    inside: Vec<(Day, usize, usize)>,
    /// The day from which a member is susceptible.
    free_from: Vec<Day>,
}

impl Home<'_> {
    fn begin(&mut self, chance: &mut Chance) {
        let (first, _) = self.exposed.days;
        let spread = &self.exposed.disease.spread;
        for (index, member) in self.exposed.members.iter().enumerate() {
            let naive = !self.exposed.endemic
                || member.birth > first
                || chance.happens(spread.susceptible_at_start);
            let free = if naive {
                first.max(member.birth)
            } else {
                first + whole(chance.exponential(spread.immune_years * YEAR_DAYS))
            };
            self.free_from.push(free);
            self.expose(index, free, chance);
        }
    }

    /// Draws when a member who is susceptible from `free` is infected outside.
    fn expose(&mut self, index: usize, free: Day, chance: &mut Chance) {
        let Some(member) = self.exposed.members.get(index) else {
            return;
        };
        let until = self.last_day(member);
        let day = match self.exposure() {
            Exposure::Curves(curves) => {
                let who = Resident {
                    area: self.exposed.area,
                    birth: member.birth,
                    susceptibility: member.susceptibility,
                };
                curves.passes(who, free, until, chance.exponential(1.0))
            }
            Exposure::Once(day, share) => {
                let hit = chance.happens(share * member.susceptibility);
                (hit && (free..=until).contains(&day)).then_some(day)
            }
        };
        if let Some(next) = self.outside.get_mut(index) {
            *next = day;
        }
    }

    fn exposure(&self) -> Exposure<'_> {
        self.exposed.exposure
    }

    fn last_day(&self, member: &Member) -> Day {
        let (_, last) = self.exposed.days;
        member.death.map_or(last, |death| death.min(last))
    }

    /// The next infection or contact, in order of day and member.
    fn next(&mut self) -> Option<(Day, usize, Option<usize>)> {
        let outside = self.outside.iter().enumerate();
        let outside = outside.filter_map(|(member, day)| day.map(|day| (day, member)));
        let outside = outside.min();
        let inside = self.inside.iter().copied().enumerate();
        let inside = inside.min_by_key(|&(_, contact)| contact);
        match (outside, inside) {
            (_, Some((at, (day, member, source))))
                if outside.is_none_or(|(other, _)| day <= other) =>
            {
                self.inside.swap_remove(at);
                Some((day, member, Some(source)))
            }
            (Some((day, member)), _) => {
                if let Some(next) = self.outside.get_mut(member) {
                    *next = None;
                }
                Some((day, member, None))
            }
            _ => None,
        }
    }

    fn infect(
        &mut self,
        day: Day,
        index: usize,
        source: Option<usize>,
        chance: &mut Chance,
    ) -> Option<Infection> {
        let member = self.exposed.members.get(index)?;
        let free = self.free_from.get_mut(index)?;
        if day < *free || day > self.exposed.days.1 || member.death.is_some_and(|end| day > end) {
            return None;
        }
        let spread = &self.exposed.disease.spread;
        let from = day + signed(days_about(spread.latent_days, chance));
        let length = signed(days_about(spread.infectious_days, chance)).max(1);
        let immune = whole(chance.exponential(spread.immune_years * YEAR_DAYS));
        let again = from + length + immune + 1;
        *free = again;
        for (other, person) in self.exposed.members.iter().enumerate() {
            let age = age_exact(person.birth, day);
            if other == index || age < 0.0 {
                continue;
            }
            let own = self.exposed.disease.susceptibility_at(age) * person.susceptibility;
            if chance.happens(spread.household_attack * own) {
                let later = chance.between(0, length - 1);
                self.inside.push(((from + later).max(day + 1), other, index));
            }
        }
        if !matches!(self.exposed.exposure, Exposure::Once(..)) {
            self.expose(index, again, chance);
        }
        Some(self.illness(day, index, source, chance))
    }

    /// Symptoms and care of an infected member.
    fn illness(
        &self,
        infected: Day,
        index: usize,
        source: Option<usize>,
        chance: &mut Chance,
    ) -> Infection {
        let disease = self.exposed.disease;
        let course = &disease.course;
        let birth = self.exposed.members.get(index).map_or(0, |m| m.birth);
        let age = age_exact(birth, infected);
        let severity = severity(disease, age, chance);
        let incubation = chance.log_normal(course.incubation_days_median, course.incubation_log_sd);
        let onset = infected + whole(incubation);
        let delay = chance.log_normal(course.care_delay_days_median, course.care_delay_log_sd);
        let delay = if severity == Severity::Hospital {
            delay + 1.0
        } else {
            delay
        };
        let complaint = chance.weighted_index(disease.complaint.iter().map(|c| c.weight));
        let report = chance.exponential(course.report_delay_days);
        let care = severity >= Severity::Care;
        Infection {
            member: index,
            infected,
            source,
            onset: (severity > Severity::Silent).then_some(onset),
            severity,
            care_from: care.then_some(onset + whole(delay)),
            complaint: complaint.unwrap_or(0),
            report_delay_days: whole(report),
        }
    }
}

fn severity(disease: &Disease, age: f64, chance: &mut Chance) -> Severity {
    let course = &disease.course;
    let draw = chance.unit();
    let symptomatic = interpolate(&course.symptomatic, age);
    if draw >= symptomatic {
        return Severity::Silent;
    }
    let within = draw / symptomatic.max(1e-9);
    let hospital = interpolate(&course.hospital, age);
    if within < hospital {
        Severity::Hospital
    } else if within < hospital + interpolate(&course.seeks_care, age) {
        Severity::Care
    } else {
        Severity::Home
    }
}

#[expect(clippy::cast_possible_truncation, reason = "days are far inside i32")]
fn whole(days: f64) -> Day {
    days.clamp(0.0, 1e6) as Day
}

fn signed(days: usize) -> Day {
    Day::try_from(days).unwrap_or(0)
}
