//! What becomes of one household: infections from outside, chains at home, symptoms and care.

use super::curves::{Curves, Resident};
use super::pathogen::Pathogen;
use super::{Severity, days_about};
use crate::calendar::{Day, YEAR_DAYS, age_exact};
use crate::chance::{Chance, interpolate};
use crate::household::Member;

/// One infection of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// Index of the member in the household.
    pub member: usize,
    /// Day of infection.
    pub exposed: Day,
    /// The member who infected them; none: infected outside.
    pub source: Option<usize>,
    /// First day of symptoms (or of what would be symptoms).
    pub onset: Day,
    /// How ill.
    pub severity: Severity,
    /// Days from the first symptom to care.
    pub care_delay_days: Day,
    /// Index of the chief complaint.
    pub complaint: usize,
    /// Days from care until a laboratory result is reported.
    pub report_delay_days: Day,
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
    /// The pathogen.
    pub pathogen: &'a Pathogen,
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
    /// Only people of these ages are exposed outside.
    pub ages: Option<[f64; 2]>,
}

impl Exposed<'_> {
    /// All infections, in order of time.
    #[must_use]
    pub fn course(&self, chance: &mut Chance) -> Vec<Case> {
        let mut home = Home {
            exposed: self,
            outside: vec![None; self.members.len()],
            inside: Vec::new(),
            free_from: Vec::with_capacity(self.members.len()),
        };
        home.begin(chance);
        let mut cases = Vec::new();
        while let Some((day, member, source)) = home.next() {
            if let Some(case) = home.infect(day, member, source, chance) {
                cases.push(case);
            }
        }
        cases
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
        let spread = &self.exposed.pathogen.spread;
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
        let (first, until) = self.exposed.days;
        let age = age_exact(member.birth, first);
        if self
            .exposed
            .ages
            .is_some_and(|[from, to]| age < from || age >= to)
        {
            return;
        }
        let day = match self.exposure() {
            Exposure::Curves(curves) => {
                let who = Resident {
                    area: self.exposed.area,
                    birth: member.birth,
                };
                curves.passes(who, free, until, chance.exponential(1.0))
            }
            Exposure::Once(day, share) => {
                let hit = chance.happens(share);
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
    ) -> Option<Case> {
        let free = self.free_from.get_mut(index)?;
        if day < *free || day > self.exposed.days.1 {
            return None;
        }
        let spread = &self.exposed.pathogen.spread;
        let from = day + signed(days_about(spread.latent_days, chance)).max(1);
        let length = signed(days_about(spread.infectious_days, chance)).max(1);
        let immune = whole(chance.exponential(spread.immune_years * YEAR_DAYS));
        let again = from + length + immune + 1;
        *free = again;
        for (other, person) in self.exposed.members.iter().enumerate() {
            let age = age_exact(person.birth, day);
            if other == index || age < 0.0 {
                continue;
            }
            let own = self.exposed.pathogen.susceptibility_at(age);
            if chance.happens(spread.household_attack * own) {
                let later = chance.between(0, length - 1);
                self.inside.push((from + later, other, index));
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
        exposed: Day,
        index: usize,
        source: Option<usize>,
        chance: &mut Chance,
    ) -> Case {
        let pathogen = self.exposed.pathogen;
        let course = &pathogen.course;
        let birth = self.exposed.members.get(index).map_or(0, |m| m.birth);
        let age = age_exact(birth, exposed);
        let severity = severity(pathogen, age, chance);
        let incubation = chance.log_normal(course.incubation_days_median, course.incubation_log_sd);
        let delay = chance.log_normal(course.care_delay_days_median, course.care_delay_log_sd);
        let complaints = pathogen.complaints.iter().map(|&(_, weight)| weight);
        let complaint = chance.weighted_index(complaints);
        let report = chance.exponential(course.report_delay_days);
        Case {
            member: index,
            exposed,
            source,
            onset: exposed + whole(incubation),
            severity,
            care_delay_days: whole(delay),
            complaint: complaint.unwrap_or(0),
            report_delay_days: whole(report),
        }
    }
}

/// How ill an infected person of an age becomes.
fn severity(pathogen: &Pathogen, age: f64, chance: &mut Chance) -> Severity {
    let course = &pathogen.course;
    if !chance.happens(interpolate(&course.symptomatic, age)) {
        return Severity::Silent;
    }
    let draw = chance.unit();
    let hospital = interpolate(&course.hospital, age);
    if draw < hospital {
        Severity::Inpatient
    } else if draw >= hospital + interpolate(&course.seeks_care, age) {
        Severity::Home
    } else if chance.happens(interpolate(&course.emergency, age)) {
        Severity::Emergency
    } else {
        Severity::Ambulatory
    }
}

#[expect(clippy::cast_possible_truncation, reason = "days are far inside i32")]
fn whole(days: f64) -> Day {
    days.clamp(0.0, 1e6) as Day
}

fn signed(days: usize) -> Day {
    Day::try_from(days).unwrap_or(0)
}
