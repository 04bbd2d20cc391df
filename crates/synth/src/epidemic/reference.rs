//! The reference population: a stochastic SEIR in households and areas, day by day.
//!
//! It is simulated once per pathogen (or planted outbreak) and leaves only the force of infection
//! behind ([`Curves`]). Patients are exposed to that force and infect their own households in the same
//! way, so a patient depends neither on how many patients there are nor on which.

use super::curves::Curves;
use super::holidays::{is_holiday, is_school_holiday, season_of};
use super::mixing::{AGE_GROUPS, Contacts, Place, age_group, coupling, dominant};
use super::pathogen::Pathogen;
use super::{days_about, stream};
use crate::calendar::{Day, day_of_year, weekday};
use crate::chance::Chance;

/// A household of the reference population.
#[derive(Debug, Clone, PartialEq)]
pub struct Household {
    /// Index of the area.
    pub area: usize,
    /// Ages of its members in years.
    pub ages: Vec<f64>,
}

/// What stays the same between pathogens.
#[derive(Debug)]
pub struct Setting<'a> {
    /// Areas.
    pub places: &'a [Place],
    /// Who meets whom.
    pub contacts: &'a Contacts,
    /// The people.
    pub households: &'a [Household],
    /// First simulated day; years before the records, so that immunity finds its balance.
    pub first: Day,
    /// Last simulated day.
    pub last: Day,
    /// The seed.
    pub seed: u64,
}

/// How a pathogen gets into the population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry {
    /// It is always about: imported at a low rate, immunity in balance.
    Endemic,
    /// A few cases at once in one area, in people of whom nobody is immune.
    Introduced {
        /// Index of the area.
        area: usize,
        /// On which day.
        day: Day,
        /// How many.
        cases: u32,
        /// Other areas are spared.
        confined: bool,
        /// After so many days measures are taken …
        control_after_days: Option<i32>,
        /// … and transmission falls to this share.
        control_factor: f64,
    },
}

/// What a simulation leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The force of infection.
    pub curves: Curves,
    /// Infections from outside the home.
    pub from_community: u64,
    /// All infections.
    pub infections: u64,
}

/// Runs a pathogen through the reference population.
#[must_use]
pub fn simulate(
    setting: &Setting<'_>,
    pathogen: &Pathogen,
    entry: Entry,
    stream_id: &str,
) -> Passage {
    let mut run = Run::new(setting, pathogen, entry, stream_id);
    let mut daily = Vec::with_capacity(run.days());
    for day in setting.first..=setting.last {
        daily.push(run.step(day));
    }
    let cells = setting.places.len() * AGE_GROUPS;
    Passage {
        curves: Curves::from_daily(setting.first, cells, &daily),
        from_community: run.from_community,
        infections: run.infections,
    }
}

/// Not in the list of susceptible people.
const IMMUNE: usize = usize::MAX;

struct Person {
    cell: usize,
    household: usize,
    /// Where they stand among the susceptible of their cell, or [`IMMUNE`].
    at: usize,
}

struct Run<'a> {
    setting: &'a Setting<'a>,
    pathogen: &'a Pathogen,
    entry: Entry,
    chance: Chance,
    stream_id: &'a str,
    coupling: Vec<Vec<(usize, f64)>>,
    /// Transmission per contact.
    per_contact: f64,
    susceptibility: [f64; AGE_GROUPS],
    people: Vec<Person>,
    /// First and last member of each household.
    homes: Vec<(usize, usize)>,
    /// The susceptible of each cell.
    open: Vec<Vec<usize>>,
    /// People of each cell.
    size: Vec<f64>,
    infectious: Vec<f64>,
    /// Change of `infectious` by day since the first and cell.
    changes: Vec<Vec<(usize, f64)>>,
    /// Who meets the infection at home on a day.
    at_home: Vec<Vec<usize>>,
    /// Whose immunity ends on a day.
    returns: Vec<Vec<usize>>,
    season: Option<(i32, f64)>,
    from_community: u64,
    infections: u64,
}

impl<'a> Run<'a> {
    fn new(
        setting: &'a Setting<'a>,
        pathogen: &'a Pathogen,
        entry: Entry,
        stream_id: &'a str,
    ) -> Run<'a> {
        let cells = setting.places.len() * AGE_GROUPS;
        let days = usize::try_from(setting.last - setting.first + 1).unwrap_or(0);
        let susceptibility =
            [2.0, 11.0, 30.0, 55.0, 70.0, 82.0].map(|age| pathogen.susceptibility_at(age));
        let rich = dominant(setting.contacts, &susceptibility) * pathogen.spread.infectious_days;
        let mut run = Run {
            setting,
            pathogen,
            entry,
            chance: stream(setting.seed, stream_id, 0),
            stream_id,
            coupling: coupling(setting.places, setting.contacts),
            per_contact: if rich > 0.0 {
                pathogen.spread.community_r / rich
            } else {
                0.0
            },
            susceptibility,
            people: Vec::new(),
            homes: Vec::new(),
            open: vec![Vec::new(); cells],
            size: vec![0.0; cells],
            infectious: vec![0.0; cells],
            changes: vec![Vec::new(); days],
            at_home: vec![Vec::new(); days],
            returns: vec![Vec::new(); days],
            season: None,
            from_community: 0,
            infections: 0,
        };
        run.populate();
        run
    }

    fn days(&self) -> usize {
        self.changes.len()
    }

    fn populate(&mut self) {
        for (household, home) in self.setting.households.iter().enumerate() {
            let first = self.people.len();
            for &age in &home.ages {
                let cell = home.area * AGE_GROUPS + age_group(age);
                let person = self.people.len();
                self.people.push(Person {
                    cell,
                    household,
                    at: IMMUNE,
                });
                if let Some(size) = self.size.get_mut(cell) {
                    *size += 1.0;
                }
                self.begin(person);
            }
            self.homes.push((first, self.people.len()));
        }
    }

    /// Immune or not on the first day.
    fn begin(&mut self, person: usize) {
        let everybody = matches!(self.entry, Entry::Introduced { .. });
        if everybody
            || self
                .chance
                .happens(self.pathogen.spread.susceptible_at_start)
        {
            self.opens(person);
        } else {
            let days = self
                .chance
                .exponential(self.pathogen.spread.immune_years * 365.25);
            self.returns_after(0, days, person);
        }
    }

    /// One day; gives the hazard of each cell.
    fn step(&mut self, day: Day) -> Vec<f64> {
        let at = usize::try_from(day - self.setting.first).unwrap_or(0);
        for (cell, change) in take(&mut self.changes, at) {
            if let Some(count) = self.infectious.get_mut(cell) {
                *count += change;
            }
        }
        for person in take(&mut self.returns, at) {
            self.opens(person);
        }
        let hazards = self.hazards(day);
        for person in take(&mut self.at_home, at) {
            self.infect(person, at);
        }
        self.introduce(day, at);
        for (cell, hazard) in hazards.iter().enumerate() {
            self.infect_cell(cell, *hazard, at);
        }
        hazards
    }

    fn introduce(&mut self, day: Day, at: usize) {
        let Entry::Introduced {
            area,
            day: when,
            cases,
            ..
        } = self.entry
        else {
            return;
        };
        if day != when {
            return;
        }
        for _ in 0..cases {
            let shares = (0..AGE_GROUPS).map(|g| self.open_in(area * AGE_GROUPS + g));
            let shares: Vec<f64> = shares.collect();
            let group = self.chance.weighted_index(shares.into_iter()).unwrap_or(0);
            self.infect_one(area * AGE_GROUPS + group, at);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn open_in(&self, cell: usize) -> f64 {
        self.open.get(cell).map_or(0.0, |open| open.len() as f64)
    }

    fn hazards(&mut self, day: Day) -> Vec<f64> {
        let strength = self.per_contact * self.strength(day);
        let school = is_school_holiday(day);
        let areas = self.setting.places.len();
        let mut hazards = vec![0.0; areas * AGE_GROUPS];
        let imported = match self.entry {
            Entry::Endemic => self.pathogen.imported_at(f64::from(day_of_year(day))),
            Entry::Introduced { .. } => 0.0,
        };
        for area in 0..areas {
            let met = self.infectious_met(area);
            for (group, row) in self.setting.contacts.contacts_per_day.iter().enumerate() {
                let mut force: f64 = row.iter().zip(&met).map(|(c, m)| c * m).sum();
                if school && group == 1 {
                    let pupils = row.get(1).zip(met.get(1)).map_or(0.0, |(c, m)| c * m);
                    force -= pupils * (1.0 - self.setting.contacts.school_holiday_factor);
                }
                let own = self.susceptibility.get(group).copied().unwrap_or(1.0);
                let spared = self.spares(area);
                if let Some(hazard) = hazards.get_mut(area * AGE_GROUPS + group) {
                    *hazard = if spared {
                        0.0
                    } else {
                        own * (strength * force + imported)
                    };
                }
            }
        }
        hazards
    }

    fn spares(&self, area: usize) -> bool {
        matches!(self.entry, Entry::Introduced { area: source, confined: true, .. } if source != area)
    }

    /// Share of infectious people by age among those whom people of an area meet.
    fn infectious_met(&self, area: usize) -> [f64; AGE_GROUPS] {
        let mut met = [0.0; AGE_GROUPS];
        for &(other, share) in self.coupling.get(area).into_iter().flatten() {
            for (group, sum) in met.iter_mut().enumerate() {
                let cell = other * AGE_GROUPS + group;
                let ill = self.infectious.get(cell).copied().unwrap_or(0.0);
                let all = self.size.get(cell).copied().unwrap_or(0.0).max(1.0);
                *sum += share * ill / all;
            }
        }
        met
    }

    /// Season, strength of the season, weekend, and measures taken.
    fn strength(&mut self, day: Day) -> f64 {
        let week = if weekday(day) >= 5 || is_holiday(day) {
            self.setting.contacts.weekend_factor
        } else {
            1.0
        };
        match self.entry {
            Entry::Endemic => {
                let season = season_of(day);
                let year = match self.season {
                    Some((known, year)) if known == season => year,
                    _ => self.season_strength(season),
                };
                self.season = Some((season, year));
                week * year * self.pathogen.season_at(f64::from(day_of_year(day)))
            }
            Entry::Introduced {
                day: from,
                control_after_days: Some(after),
                control_factor,
                ..
            } if day >= from + after => week * control_factor,
            Entry::Introduced { .. } => week,
        }
    }

    fn season_strength(&self, season: i32) -> f64 {
        let number = u64::try_from(season).unwrap_or(0) + 1;
        let sd = self.pathogen.spread.season_log_sd;
        stream(self.setting.seed, self.stream_id, number).log_normal((-sd * sd / 2.0).exp(), sd)
    }

    fn infect_cell(&mut self, cell: usize, hazard: f64, at: usize) {
        let open = self.open_in(cell);
        let mean = open * (1.0 - (-hazard).exp());
        if mean <= 0.0 {
            return;
        }
        for _ in 0..self.chance.poisson(mean.min(open)) {
            if self.infect_one(cell, at) {
                self.from_community += 1;
            }
        }
    }

    /// Infects a random susceptible person of a cell; whether there was one.
    fn infect_one(&mut self, cell: usize, at: usize) -> bool {
        let Some(&person) = self.open.get(cell).and_then(|open| self.chance.pick(open)) else {
            return false;
        };
        self.infect(person, at);
        true
    }

    /// The person becomes infected, is infectious for some days, and may infect the household.
    fn infect(&mut self, person: usize, at: usize) {
        let Some((cell, household)) = self.closes(person) else {
            return;
        };
        self.infections += 1;
        let spread = &self.pathogen.spread;
        let from = at + days_about(spread.latent_days, &mut self.chance).max(1);
        let to = from + days_about(spread.infectious_days, &mut self.chance).max(1);
        for (day, change) in [(from, 1.0), (to, -1.0)] {
            if let Some(changes) = self.changes.get_mut(day) {
                changes.push((cell, change));
            }
        }
        let (first, end) = self.homes.get(household).copied().unwrap_or((0, 0));
        for other in first..end {
            let group = self.people.get(other).map_or(0, |p| p.cell % AGE_GROUPS);
            let own = self.susceptibility.get(group).copied().unwrap_or(1.0);
            if other != person && self.chance.happens(spread.household_attack * own) {
                let length = i32::try_from(to - from).unwrap_or(1);
                let later = usize::try_from(self.chance.between(0, length - 1)).unwrap_or(0);
                if let Some(day) = self.at_home.get_mut(from + later) {
                    day.push(other);
                }
            }
        }
        let immune = self.chance.exponential(spread.immune_years * 365.25);
        self.returns_after(to, immune, person);
    }

    fn returns_after(&mut self, at: usize, days: f64, person: usize) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and far inside usize"
        )]
        let day = at + days.min(1e6) as usize + 1;
        if let Some(list) = self.returns.get_mut(day) {
            list.push(person);
        }
    }

    fn opens(&mut self, person: usize) {
        let Some(who) = self.people.get_mut(person) else {
            return;
        };
        if let (IMMUNE, Some(open)) = (who.at, self.open.get_mut(who.cell)) {
            who.at = open.len();
            open.push(person);
        }
    }

    /// Takes somebody off the susceptible; their cell and household if they were.
    fn closes(&mut self, person: usize) -> Option<(usize, usize)> {
        let who = self.people.get_mut(person)?;
        let (cell, household, at) = (who.cell, who.household, who.at);
        if at == IMMUNE {
            return None;
        }
        who.at = IMMUNE;
        let open = self.open.get_mut(cell)?;
        open.swap_remove(at);
        if let Some(&moved) = open.get(at) {
            self.people.get_mut(moved)?.at = at;
        }
        Some((cell, household))
    }
}

fn take<T>(lists: &mut [Vec<T>], at: usize) -> Vec<T> {
    lists.get_mut(at).map(std::mem::take).unwrap_or_default()
}

/// The factor by which all hazards must be multiplied so that `share` of the people of an area are
/// infected from outside the home.
#[must_use]
pub fn scale(passage: &Passage, setting: &Setting<'_>, area: usize, share: f64) -> f64 {
    let mut groups = [0.0; AGE_GROUPS];
    for home in setting.households.iter().filter(|h| h.area == area) {
        for &age in &home.ages {
            if let Some(count) = groups.get_mut(age_group(age)) {
                *count += 1.0;
            }
        }
    }
    let all: f64 = groups.iter().sum();
    let infected = |factor: f64| -> f64 {
        let of = |(group, count): (usize, &f64)| {
            count * (1.0 - (-factor * passage.curves.total(area, group)).exp())
        };
        groups.iter().enumerate().map(of).sum::<f64>() / all.max(1.0)
    };
    let (mut low, mut high) = (0.0, 1.0);
    while infected(high) < share && high < 1e9 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if infected(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
