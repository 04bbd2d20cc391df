//! Contagion: who is infected with what, when, and how badly.
//!
//! ```text
//!  epidemics/*.toml ─► reference population: SEIR in households and areas, day by day (reference)
//!  scenario file ────►        │  leaves only the force of infection by area, age and week (curves)
//!                             ▼
//!  a household of patients ─► infected from outside by that force, from each other at home (household)
//!                             ▼
//!  symptoms, severity, the day they seek care: delay, weekday, holidays ─► Infection
//! ```
//!
//! The county's epidemic is simulated once from seed, window, region and scenario, on a population of
//! its own: it does not depend on how many patients are asked for, and one household does not
//! depend on another.
//!
//! What it does not do: contacts at school and work are not households but averages by age; immunity
//! has no strains; a patient's vaccination does not protect that patient (protection is in the
//! susceptibility by age); deaths are left to the hospital stay.

mod curves;
mod holidays;
mod household;
mod mixing;
mod pathogen;
mod population;
mod reference;
mod scenario;

use crate::calendar::{Day, weekday};
use crate::chance::{Chance, Purpose};
use crate::content::Content;
use crate::error::SynthError;
use crate::household::Household;

use curves::Curves;
use household::{Case, Exposed, Exposure};
use reference::{Entry, Passage, Setting, simulate};

pub use pathogen::Pathogen;
pub use scenario::{Outbreak, OutbreakKind, Scenario, ScenarioError};

/// Days simulated before the records begin, so that immunity finds its balance.
const BURN_IN_DAYS: Day = 4 * 365;

/// How badly, and so where the person goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No symptoms.
    Silent,
    /// Ill, stays at home: no record, only truth.
    Home,
    /// Seen at clinic, telehealth or urgent care.
    Ambulatory,
    /// Seen in an emergency department.
    Emergency,
    /// Admitted.
    Inpatient,
}

impl Severity {
    /// The word in the truth.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Silent => "silent",
            Severity::Home => "home",
            Severity::Ambulatory => "ambulatory",
            Severity::Emergency => "emergency",
            Severity::Inpatient => "inpatient",
        }
    }
}

/// Where an infection came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From outside the household.
    Community,
    /// From a member of the household (patient number).
    Household(u64),
    /// From a planted outbreak, outside the household (index into [`Epidemics::outbreaks`]).
    Outbreak(usize),
}

/// One infection of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Infection {
    /// Patient number.
    pub number: u64,
    /// Index of the pathogen.
    pub pathogen: usize,
    /// Day of exposure.
    pub exposed: Day,
    /// First day of symptoms (of what would be symptoms, where there are none).
    pub onset: Day,
    /// Day of seeking care: onset, delay, and a day on which such a place is open; meaningful from
    /// [`Severity::Ambulatory`] on.
    pub seeks: Day,
    /// How badly.
    pub severity: Severity,
    /// Where it came from.
    pub origin: Origin,
    /// The planted outbreak that it belongs to, whether infected by its source or at home (index into
    /// [`Epidemics::outbreaks`]).
    pub outbreak: Option<usize>,
    /// Index of the chief complaint in [`Pathogen::complaints`].
    pub complaint: usize,
    /// Days from care until a laboratory result is reported.
    pub report_delay_days: Day,
}

/// A planted outbreak.
#[derive(Debug)]
pub struct Planted {
    /// As the scenario says it.
    pub outbreak: Outbreak,
    /// Index of its pathogen.
    pub pathogen: usize,
    /// Index of its area.
    pub area: usize,
    /// Day of exposure, or of the first cases.
    pub day: Day,
    /// Chance of infection by the source (point source).
    source_share: f64,
    /// Force of infection (propagated).
    curves: Option<Curves>,
}

/// The epidemics of a county in a window.
#[derive(Debug)]
pub struct Epidemics {
    /// The pathogens, in the order that [`Infection::pathogen`] counts: those that are always about, then
    /// one for each planted outbreak.
    pub pathogens: Vec<Pathogen>,
    /// The planted outbreaks, in the order of the scenario.
    pub outbreaks: Vec<Planted>,
    /// Force of infection of the first pathogens.
    endemic: Vec<Curves>,
    seed: u64,
    /// First simulated day, first and last day of the records.
    days: (Day, Day, Day),
    /// Shares of arrivals by weekday: clinics and urgent care, emergency departments.
    week: ([f64; 7], [f64; 7]),
}

impl Epidemics {
    /// Simulates the county. `scenario` is the text of a scenario file (TOML).
    ///
    /// # Errors
    /// What is wrong with the scenario or the content.
    pub fn simulate(
        content: &Content,
        seed: u64,
        (start, end): (Day, Day),
        scenario: Option<&str>,
    ) -> Result<Epidemics, SynthError> {
        let scenario = scenario.map(Scenario::parse).transpose()?;
        let places = population::places(content);
        let households = population::households(content, &places, seed);
        let setting = Setting {
            places: &places,
            contacts: &pathogen::contacts()?,
            households: &households,
            first: start - BURN_IN_DAYS,
            last: end,
            seed,
        };
        let pathogens = pathogen::embedded()?;
        pathogens.iter().try_for_each(|p| p.check(content))?;
        let endemic = pathogens
            .iter()
            .map(|p| simulate(&setting, p, Entry::Endemic, &p.id).curves);
        let visits = &content.visits.week;
        let mut ambulatory = visits.clinic;
        for (day, more) in ambulatory.iter_mut().zip(&visits.urgent_care) {
            *day = (*day + more) / 2.0;
        }
        let mut epidemics = Epidemics {
            endemic: endemic.collect(),
            pathogens,
            outbreaks: Vec::new(),
            seed,
            days: (setting.first, start, end),
            week: (ambulatory, visits.emergency),
        };
        for outbreak in scenario.into_iter().flat_map(|s| s.outbreak) {
            let planted = epidemics.plant(content, &setting, outbreak)?;
            epidemics.outbreaks.push(planted);
        }
        Ok(epidemics)
    }

    fn plant(
        &mut self,
        content: &Content,
        setting: &Setting<'_>,
        outbreak: Outbreak,
    ) -> Result<Planted, SynthError> {
        let (_, _, end) = self.days;
        let resolved = outbreak.resolve(content, &self.pathogens, end)?;
        let (source_share, curves) = match outbreak.kind {
            OutbreakKind::PointSource => {
                let home = growth_at_home(setting.households, &resolved.pathogen);
                (resolved.attack_share / home, None)
            }
            OutbreakKind::Propagated => (0.0, Some(propagate(setting, &outbreak, &resolved))),
        };
        self.pathogens.push(resolved.pathogen);
        Ok(Planted {
            pathogen: self.pathogens.len() - 1,
            area: resolved.area,
            day: resolved.day,
            outbreak,
            source_share,
            curves,
        })
    }

    /// Where an infection came from, in a word: `community`, a household member's patient id, an outbreak's id.
    #[must_use]
    pub fn origin(&self, infection: &Infection, prefix: &str) -> String {
        match infection.origin {
            Origin::Community => "community".to_owned(),
            Origin::Household(number) => format!("{prefix}p{number}"),
            Origin::Outbreak(at) => {
                let planted = self.outbreaks.get(at);
                planted.map_or_else(String::new, |p| p.outbreak.id.clone())
            }
        }
    }

    /// The share of an illness of `acute.toml` that the pathogens take the place of, 0 to 1.
    #[must_use]
    pub fn replaced(&self, illness: &str) -> f64 {
        let pathogens = self.pathogens.iter().flat_map(|p| &p.replaces);
        let mine = pathogens.filter(|(id, _)| id == illness);
        mine.map(|(_, share)| share).sum::<f64>().clamp(0.0, 1.0)
    }

    /// The syndrome of a planted outbreak.
    #[must_use]
    pub fn syndrome(&self, planted: &Planted) -> &str {
        let pathogen = self.pathogens.get(planted.pathogen);
        pathogen.map_or("", |p| p.syndrome.as_str())
    }

    /// All infections of a household in the window, in order of exposure. A function of the county's
    /// epidemic, the seed and the household only.
    #[must_use]
    pub fn infect(&self, household: &Household) -> Vec<Infection> {
        let mut infections = Vec::new();
        for (index, curves) in self.endemic.iter().enumerate() {
            self.expose(
                household,
                index,
                Exposure::Curves(curves),
                None,
                &mut infections,
            );
        }
        for (index, planted) in self.outbreaks.iter().enumerate() {
            let exposure = match &planted.curves {
                Some(curves) => Exposure::Curves(curves),
                None if planted.area == household.area => {
                    Exposure::Once(planted.day, planted.source_share)
                }
                None => continue,
            };
            let pathogen = planted.pathogen;
            self.expose(household, pathogen, exposure, Some(index), &mut infections);
        }
        infections.sort_by_key(|i| (i.exposed, i.number, i.pathogen));
        infections
    }

    fn expose(
        &self,
        household: &Household,
        index: usize,
        exposure: Exposure<'_>,
        outbreak: Option<usize>,
        infections: &mut Vec<Infection>,
    ) {
        let Some(pathogen) = self.pathogens.get(index) else {
            return;
        };
        let (first, start, end) = self.days;
        let planted = outbreak.and_then(|at| self.outbreaks.get(at));
        let exposed = Exposed {
            pathogen,
            exposure,
            area: household.area,
            members: &household.members,
            days: (planted.map_or(first, |p| p.day), end),
            endemic: outbreak.is_none(),
            ages: planted.and_then(|p| p.outbreak.ages),
        };
        let name = planted.map_or(pathogen.id.as_str(), |p| p.outbreak.id.as_str());
        let mut chance = stream(self.seed, name, household.id);
        for case in exposed.course(&mut chance) {
            if case.onset >= start && case.exposed <= end {
                let infection = self.infection(household, index, outbreak, &case, &mut chance);
                infections.extend(infection);
            }
        }
    }

    fn infection(
        &self,
        household: &Household,
        pathogen: usize,
        outbreak: Option<usize>,
        case: &Case,
        chance: &mut Chance,
    ) -> Option<Infection> {
        let number = household.members.get(case.member)?.number;
        let source = case.source.and_then(|at| household.members.get(at));
        let origin = match (source, outbreak) {
            (Some(member), _) => Origin::Household(member.number),
            (None, Some(outbreak)) => Origin::Outbreak(outbreak),
            (None, None) => Origin::Community,
        };
        Some(Infection {
            number,
            pathogen,
            exposed: case.exposed,
            onset: case.onset,
            seeks: self.arrival(case.onset + case.care_delay_days, case.severity, chance),
            severity: case.severity,
            origin,
            outbreak,
            complaint: case.complaint,
            report_delay_days: case.report_delay_days,
        })
    }

    /// The first day from `day` on which the person comes: each day is taken by the share of arrivals that
    /// such a place has on it.
    fn arrival(&self, day: Day, severity: Severity, chance: &mut Chance) -> Day {
        let acute = severity >= Severity::Emergency;
        let week = if acute { &self.week.1 } else { &self.week.0 };
        let most = week.iter().copied().fold(0.0, f64::max);
        for later in 0..7 {
            let on = day + later;
            let share = usize::try_from(weekday(on))
                .ok()
                .and_then(|at| week.get(at));
            let share = share.copied().unwrap_or(1.0) / most.max(1e-9);
            if chance.happens(share * holidays::holiday_factor(on, acute)) {
                return on;
            }
        }
        day
    }
}

/// All infections per infection from outside, by chains in the households of the county.
fn growth_at_home(households: &[reference::Household], pathogen: &Pathogen) -> f64 {
    let attack = pathogen.spread.household_attack;
    let (mut people, mut others) = (0.0, 0.0);
    for household in households {
        #[expect(clippy::cast_precision_loss, reason = "a few people")]
        let size = household.ages.len() as f64;
        people += size;
        others += size * (size - 1.0);
    }
    1.0 + attack * others / f64::max(people, 1.0)
}

/// The force of infection of a propagated outbreak, scaled so that the wanted share is infected.
fn propagate(setting: &Setting<'_>, outbreak: &Outbreak, resolved: &scenario::Resolved) -> Curves {
    let entry = Entry::Introduced {
        area: resolved.area,
        day: resolved.day,
        cases: outbreak.introduced,
        confined: !outbreak.leaves_area,
        control_after_days: outbreak.control_after_days,
        control_factor: outbreak.control_factor,
    };
    let setting = Setting {
        first: resolved.day,
        ..*setting
    };
    // An outbreak that dies out by chance is tried again: the scenario says that there is one.
    let mut passage: Option<Passage> = None;
    for attempt in 0..20 {
        let name = format!("{}/{attempt}", outbreak.id);
        let tried = simulate(&setting, &resolved.pathogen, entry, &name);
        let grew = tried.from_community >= u64::from(outbreak.introduced) * 5;
        if passage
            .as_ref()
            .is_none_or(|p| p.infections < tried.infections)
        {
            passage = Some(tried);
        }
        if grew {
            break;
        }
    }
    let Some(passage) = passage else {
        return Curves::from_daily(resolved.day, 0, &[]);
    };
    let growth = growth_at_home(setting.households, &resolved.pathogen);
    let factor = reference::scale(
        &passage,
        &setting,
        resolved.area,
        resolved.attack_share / growth,
    );
    passage.curves.scaled(factor)
}

/// A stream of random numbers of the county (number 0) or of a household for one disease.
fn stream(seed: u64, name: &str, number: u64) -> Chance {
    // FNV-1a: any fixed mixing of name and seed will do.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Chance::new(seed ^ hash, number, Purpose::Contagion)
}

/// A number of whole days around a mean.
fn days_about(mean: f64, chance: &mut Chance) -> usize {
    let days = chance.log_normal(mean * 0.92, 0.4).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 1000"
    )]
    let days = days.clamp(0.0, 1000.0) as usize;
    days
}

#[cfg(test)]
mod tests;
