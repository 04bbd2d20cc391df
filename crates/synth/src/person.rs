//! Who a patient is: age, sex, place, income, habits, how they keep to care, when they die.

use crate::calendar::{Day, YEAR_DAYS, age_exact, civil, from_civil};
use crate::chance::{Chance, Purpose, interpolate};
use crate::content::{Area, FacilityKind, Plant, Race, StaffRole};
use crate::household::{Household, Member, Role};
use crate::world::World;

/// Smoking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Smoking {
    /// Never.
    Never,
    /// Stopped.
    Former,
    /// Every day.
    Current,
}

/// What households are made of: drawn for everybody before anything else.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Day of birth.
    pub birth: Day,
    /// Female sex.
    pub female: bool,
}

impl Identity {
    /// Draws patient `number`.
    #[must_use]
    pub fn draw(world: &World, number: u64) -> Identity {
        let chance = &mut Chance::new(world.seed, number, Purpose::Identity);
        let plant = world.plant(number);
        Identity {
            birth: birth(world, plant, chance),
            female: chance.happens(0.508),
        }
    }
}

/// What the people of a household have in common.
#[derive(Debug)]
pub struct Home<'w> {
    /// Where they live.
    pub area: &'w Area,
    /// Latitude and longitude.
    pub at: (f64, f64),
    /// Street line.
    pub line: String,
    /// Income in multiples of the federal poverty level.
    pub income: f64,
    /// Hispanic or Latino.
    pub hispanic: bool,
    /// OMB race.
    pub race: Option<&'w Race>,
    /// Family name.
    pub family: &'w str,
    /// BCP 47 language.
    pub language: &'static str,
    /// Index of the clinic.
    pub clinic: usize,
}

impl<'w> Home<'w> {
    /// Draws a household's home; `None` only where the content has no areas.
    #[must_use]
    pub fn draw(world: &'w World, household: &Household) -> Option<Home<'w>> {
        let chance = &mut Chance::new(world.seed, household.id, Purpose::Home);
        let people = &world.content.people;
        // The first draw of this stream chose the area.
        let _area = chance.unit();
        let area = world.content.region.area.get(household.area)?;
        let median = people.income.median_fpl * area.income;
        let income = chance.log_normal(median, people.income.log_sd);
        let hispanic = chance.happens(area.hispanic);
        let at = home(area, chance);
        Some(Home {
            area,
            at,
            line: line(world, chance),
            income,
            hispanic,
            race: chance.weighted(&people.race, |r| r.share),
            family: chance.pick(&people.names.family).map_or("", String::as_str),
            language: language(world, hispanic, chance),
            clinic: clinic(world, at, income, chance),
        })
    }
}

/// A patient before any disease.
#[derive(Debug)]
pub struct Person<'w> {
    /// Number from 1.
    pub number: u64,
    /// Logical id of the Patient resource.
    pub id: String,
    /// Number of the head of the household.
    pub household: u64,
    /// What is planted in this patient.
    pub plant: Option<&'w Plant>,
    /// Day of birth.
    pub birth: Day,
    /// Day of death, if it falls in the window.
    pub death: Option<Day>,
    /// Female sex.
    pub female: bool,
    /// OMB race.
    pub race: Option<&'w Race>,
    /// Hispanic or Latino.
    pub hispanic: bool,
    /// BCP 47 language.
    pub language: &'static str,
    /// Family name.
    pub family: &'w str,
    /// Given name.
    pub given: &'w str,
    /// Where they live.
    pub area: &'w Area,
    /// Latitude and longitude of the home.
    pub home: (f64, f64),
    /// Street line.
    pub line: String,
    /// Last two digits of the telephone number (555-01xx is reserved for fiction).
    pub phone: i32,
    /// Income in multiples of the federal poverty level.
    pub income: f64,
    /// Smoking.
    pub smoking: Smoking,
    /// Adult body-mass index.
    pub bmi: f64,
    /// Adult height in centimetres.
    pub height_cm: f64,
    /// 0 never comes, 1 always comes when asked.
    pub engagement: f64,
    /// Days without any planned care, both included.
    pub absence: Option<(Day, Day)>,
    /// No contact of any kind in the absence (planted).
    pub absence_is_total: bool,
    /// Index of the clinic.
    pub clinic: usize,
    /// Number of the primary-care practitioner.
    pub practitioner: usize,
    /// How often they fall ill, relative to others.
    pub frailty: f64,
    /// How readily they go to an emergency department, relative to others.
    pub emergency_habit: f64,
    /// Births to come or past: days on which she gives birth.
    pub births: Vec<Day>,
    /// What they are in the household.
    pub role: Role,
    /// Number, sex and given name of a parent in the household, of those under 18.
    pub parent: Option<(u64, bool, &'w str)>,
    /// Registered twice without a link (planted).
    pub second_record: bool,
}

impl<'w> Person<'w> {
    /// Draws a member of a household.
    #[must_use]
    pub fn draw(world: &'w World, home: &Home<'w>, household: u64, member: &Member) -> Person<'w> {
        let number = member.number;
        let chance = &mut Chance::new(world.seed, number, Purpose::Person);
        let people = &world.content.people;
        let (birth, female) = (member.birth, member.female);
        let adult = age_exact(birth, world.end) >= 18.0;
        let ([height, height_sd], names) = if female {
            (people.body.height_cm_female, &people.names.female)
        } else {
            (people.body.height_cm_male, &people.names.male)
        };
        // A few in a household have another background or name than its head, or another doctor.
        let race = chance.weighted(&people.race, |r| r.share);
        let family = chance.pick(&people.names.family).map_or("", String::as_str);
        let same = member.role == Role::Head || chance.happens(0.9);
        let same_name = member.role == Role::Head || chance.happens(0.88);
        let mut person = Person {
            number,
            id: format!("{}p{number}", world.prefix),
            household,
            plant: world.plant(number),
            birth,
            death: None,
            female,
            race: if same { home.race } else { race },
            hispanic: home.hispanic && same,
            language: home.language,
            family: if same_name { home.family } else { family },
            given: chance.pick(names).map_or("", String::as_str),
            area: home.area,
            home: home.at,
            line: home.line.clone(),
            phone: chance.between(0, 99),
            income: home.income,
            smoking: smoking(world, adult, home.income, chance),
            bmi: chance
                .log_normal(people.body.bmi_median, people.body.bmi_log_sd)
                .clamp(16.5, 58.0),
            height_cm: chance.normal(height, height_sd),
            engagement: chance
                .normal(people.engagement.mean, people.engagement.sd)
                .clamp(0.03, 1.0),
            absence: None,
            absence_is_total: false,
            clinic: home.clinic,
            practitioner: world.someone(home.clinic, StaffRole::PrimaryCare, chance),
            frailty: chance.log_normal(0.62, 0.98),
            emergency_habit: chance.log_normal(0.42, 1.6),
            births: Vec::new(),
            role: member.role,
            parent: None,
            second_record: false,
        };
        person.draw_absence(world, chance);
        person.draw_death(world, chance);
        person
    }

    /// Draws the ties to others in the household: a child's parent, a mother's births.
    pub fn tie(&mut self, world: &'w World, home: &Home<'w>, household: &Household) {
        let Some(member) = household.member(self.number) else {
            return;
        };
        if self.age(world.end) < 18.0
            && let Some(parent) = household.parent(member)
        {
            let drawn = Person::draw(world, home, household.id, parent);
            self.parent = Some((parent.number, parent.female, drawn.given));
        }
        let (from, to) = (world.start, world.end + 280);
        self.births = household.births(self.number).collect();
        self.births.retain(|day| (from..=to).contains(day));
        let chance = &mut Chance::new(world.seed, self.number, Purpose::Pregnancy);
        // Those who are pregnant at the end: no household has their child yet (5.5 births per 100
        // women of 18 to 42 a year, NCHS NVSR 73(2), 2023).
        let expecting = chance.happens(0.045) && (18.0..42.0).contains(&self.age(world.end));
        let due = world.end + chance.between(10, 260);
        let recent = self.births.iter().any(|birth| due - birth < 450);
        if self.female && expecting && !recent {
            self.births.push(due);
        }
        if self.plant.is_some() {
            self.births.clear();
        }
    }

    /// Whether they are poor in the sense of Medicaid expansion.
    #[must_use]
    pub fn poor(&self) -> bool {
        self.income < 1.38
    }

    /// Age in years with the fraction.
    #[must_use]
    pub fn age(&self, on: Day) -> f64 {
        age_exact(self.birth, on)
    }

    /// Body-mass index at an age: children are thinner (shape of the CDC growth charts' median).
    #[must_use]
    pub fn bmi_at(&self, age: f64) -> f64 {
        let share = interpolate(
            &[
                [0.0, 0.50],
                [0.5, 0.63],
                [1.0, 0.63],
                [5.0, 0.57],
                [10.0, 0.63],
                [15.0, 0.76],
                [22.0, 1.0],
            ],
            age,
        );
        let typical = 27.0 * share;
        typical + (self.bmi - 27.0) * share * interpolate(&[[2.0, 0.35], [20.0, 1.0]], age)
    }

    /// Height in centimetres at an age: as much of the adult height as in the CDC growth charts' median (2000).
    #[must_use]
    pub fn height_at(&self, age: f64) -> f64 {
        const GIRLS: [[f64; 2]; 13] = [
            [0.0, 0.302],
            [0.5, 0.402],
            [1.0, 0.453],
            [2.0, 0.527],
            [3.0, 0.579],
            [4.0, 0.618],
            [6.0, 0.704],
            [8.0, 0.781],
            [10.0, 0.848],
            [12.0, 0.928],
            [14.0, 0.983],
            [16.0, 0.995],
            [18.0, 1.0],
        ];
        const BOYS: [[f64; 2]; 13] = [
            [0.0, 0.282],
            [0.5, 0.382],
            [1.0, 0.428],
            [2.0, 0.492],
            [3.0, 0.540],
            [4.0, 0.580],
            [6.0, 0.653],
            [8.0, 0.724],
            [10.0, 0.783],
            [12.0, 0.843],
            [14.0, 0.928],
            [16.0, 0.981],
            [18.0, 1.0],
        ];
        let shares: &[[f64; 2]] = if self.female { &GIRLS } else { &BOYS };
        self.height_cm * interpolate(shares, age)
    }

    /// Weeks since the last period before a pregnancy, up to half a year after birth.
    #[must_use]
    pub fn weeks_pregnant(&self, day: Day) -> Option<f64> {
        let begins = self.births.iter().map(|birth| birth - 280);
        let mut weeks = begins.map(|begin| f64::from(day - begin) / 7.0);
        weeks.find(|weeks| (0.0..66.0).contains(weeks))
    }

    /// Whether she is pregnant on a day.
    #[must_use]
    pub fn is_pregnant(&self, day: Day) -> bool {
        let mut births = self.births.iter();
        births.any(|birth| (birth - 280..*birth).contains(&day))
    }

    /// Whether planned care is out of reach on a day.
    #[must_use]
    pub fn absent(&self, day: Day) -> bool {
        self.absence
            .is_some_and(|(from, to)| (from..=to).contains(&day))
    }

    fn draw_absence(&mut self, world: &World, chance: &mut Chance) {
        if let Some(days) = self.plant.and_then(|p| p.make.lapse_days) {
            self.absence = Some((world.end - days, world.end));
            self.absence_is_total = true;
            return;
        }
        if self.plant.is_some() {
            self.engagement = self.engagement.max(0.75);
            return;
        }
        let p = world.content.people.engagement.lapse_per_year * world.years() * 1.6;
        if chance.happens(p * (1.15 - self.engagement)) {
            let from = chance.between(world.start, world.end - 30);
            self.absence = Some((from, from + chance.between(400, 1100)));
        }
    }

    fn draw_death(&mut self, world: &World, chance: &mut Chance) {
        let mortality = &world.content.people.mortality;
        let mut year_start = world.start.max(self.birth);
        while year_start <= world.end {
            let age = self.age(year_start);
            let rest = if age < 40.0 {
                1.0
            } else {
                mortality.without_diseases
            };
            let hazard = rest * interpolate(&mortality.curve, age) / 1000.0;
            if chance.happens(hazard) && self.plant.is_none() {
                let day = year_start + chance.between(1, 365);
                self.death = (day <= world.end).then_some(day);
                return;
            }
            year_start += 365;
        }
    }
}

/// A point around the middle of an area.
fn home(area: &Area, chance: &mut Chance) -> (f64, f64) {
    let spread = area.spread_degrees;
    let mut off = || {
        chance
            .normal(0.0, spread)
            .clamp(-2.0 * spread, 2.0 * spread)
    };
    (area.latitude + off(), area.longitude + off())
}

fn birth(world: &World, plant: Option<&Plant>, chance: &mut Chance) -> Day {
    let (from, to) = match plant.map(|p| p.make.age) {
        Some(Some([from, to])) => (from, to),
        // Other plants go into adults.
        Some(None) => (30, 70),
        None => chance
            .weighted(&world.content.people.age, |band| band.share)
            .map_or((30, 70), |band| (band.from, band.to)),
    };
    let age_days = f64::from(from) + chance.unit() * f64::from(to - from + 1);
    // Truncation is wanted: a whole day.
    #[expect(clippy::cast_possible_truncation, reason = "ages are far inside i32")]
    let day = world.end - (age_days * YEAR_DAYS) as Day - 1;
    // Nobody is born on 29 February: keeps birthdays plain.
    match civil(day) {
        (year, 2, 29) => from_civil(year, 2, 28),
        _ => day,
    }
}

fn language(world: &World, hispanic: bool, chance: &mut Chance) -> &'static str {
    let language = &world.content.people.language;
    if hispanic && chance.happens(language.spanish_share_of_hispanic) {
        "es"
    } else if chance.happens(language.other_share) {
        "zh"
    } else {
        "en-US"
    }
}

fn line(world: &World, chance: &mut Chance) -> String {
    let street = chance
        .pick(&world.content.people.names.street)
        .map_or("", String::as_str);
    let number = chance.between(1, 940);
    if chance.happens(0.25) {
        format!("{number} {street}, Apt {}", chance.between(1, 40))
    } else {
        format!("{number} {street}")
    }
}

fn smoking(world: &World, adult: bool, income: f64, chance: &mut Chance) -> Smoking {
    let rates = &world.content.people.smoking;
    let current = rates.current * if income < 2.0 { 1.7 } else { 0.75 };
    let draw = chance.unit();
    if !adult || draw > current + rates.former {
        Smoking::Never
    } else if draw < current {
        Smoking::Current
    } else {
        Smoking::Former
    }
}

/// Mostly the nearest clinic; poorer people often the safety-net clinic.
fn clinic(world: &World, home: (f64, f64), income: f64, chance: &mut Chance) -> usize {
    let near = world.nearest(FacilityKind::Clinic, home);
    let safety_net = near
        .iter()
        .copied()
        .find(|&at| world.facility(at).is_some_and(|f| f.safety_net));
    if income < 1.38 && chance.happens(0.35) {
        return safety_net.unwrap_or(0);
    }
    let rank = chance
        .weighted_index([0.78, 0.16, 0.06].into_iter())
        .unwrap_or(0);
    near.get(rank)
        .or_else(|| near.first())
        .copied()
        .unwrap_or(0)
}
