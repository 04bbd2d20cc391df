//! Care as it happens: walks a patient's agenda and writes the chart.

mod birth;
mod errors;
mod laboratory;
mod measure;
mod needless;
mod operation;
mod pregnancy;
mod prescribe;
mod prevent;
mod problems;
mod screen;
mod specialist;
mod stay;
mod study;
mod visit;

pub use errors::second_record;

use std::collections::BTreeMap;

use crate::agenda::{Agenda, Event};
use crate::calendar::{Day, Moment};
use crate::chance::{Chance, Purpose};
use crate::chart::{Chart, Encounter, EncounterIndex, RecordedAllergy};
use crate::content::{PlantKind, StaffRole, VisitKind};
use crate::cover::Spell;
use crate::epidemic::Infection;
use crate::health::Health;
use crate::person::Person;
use crate::world::World;

/// Days between two planned visits, at least.
const APART_DAYS: Day = 9;

/// So many days after an acute illness nothing elective is done …
const ILL_DAYS: Day = 10;

/// … but so many days later.
const POSTPONED_DAYS: Day = 28;

/// What a chart is written with.
pub struct Care<'w> {
    world: &'w World,
    health: Health<'w>,
    chart: Chart<'w>,
    agenda: Agenda<'w>,
    chance: Chance,
    flaws: Chance,
    /// What is done without need.
    needless: Chance,
    /// When measurements are taken, if not soon after the visit begins.
    clock: Option<Moment>,
    /// In hospital until then.
    busy_until: Option<Moment>,
    /// When a panel was drawn last.
    drawn: BTreeMap<&'w str, Day>,
    /// The last measured number of a measure.
    last: BTreeMap<&'w str, f64>,
    prevention: prevent::State<'w>,
}

impl<'w> Care<'w> {
    /// Walks through the agenda and gives back the chart.
    #[must_use]
    pub fn walk(
        world: &'w World,
        person: Person<'w>,
        health: Health<'w>,
        cover: Vec<Spell<'w>>,
        infections: Vec<Infection>,
    ) -> Chart<'w> {
        let agenda = Agenda::draw(world, &person, &health, &infections);
        let mut chance = Chance::new(world.seed, person.number, Purpose::Care);
        let prevention = prevent::State::draw(world, &person, &mut chance);
        let flaws = Chance::new(world.seed, person.number, Purpose::Flaws);
        let needless = Chance::new(world.seed, person.number, Purpose::Needless);
        let mut care = Care {
            world,
            health,
            chart: Chart::new(person, cover),
            agenda,
            chance,
            flaws,
            needless,
            clock: None,
            busy_until: None,
            drawn: BTreeMap::new(),
            last: BTreeMap::new(),
            prevention,
        };
        care.chart.infections = infections.into_iter().map(|i| (i, None)).collect();
        care.history();
        while let Some((at, event)) = care.agenda.next() {
            care.happen(at, event);
        }
        care.finish();
        care.chart.courses = care.health.courses;
        care.chart
    }

    /// What the record holds from before its first encounter.
    fn history(&mut self) {
        if let Some(allergy) = self.chart.person.plant.and_then(|p| p.allergy.as_ref()) {
            let recorded = self.world.start + 40;
            self.chart
                .allergies
                .push(RecordedAllergy::planted(allergy, recorded));
        } else {
            self.draw_allergy();
        }
        self.past_colonoscopy();
    }

    /// Common medicine allergies (prevalence: Zhou 2016, Allergy 71:1305, about one patient in six; here half of that).
    fn draw_allergy(&mut self) {
        const COMMON: [(&str, &str, f64); 5] = [
            ("7984", "penicillin V", 0.36),
            ("723", "amoxicillin", 0.20),
            ("10180", "sulfamethoxazole", 0.20),
            ("2670", "codeine", 0.12),
            ("5640", "ibuprofen", 0.12),
        ];
        let has = self.chance.happens(0.085);
        let which = self.chance.weighted(&COMMON, |(_, _, weight)| *weight);
        let severe = self.chance.happens(0.08);
        let years = self.chance.between(200, 4000);
        let child = self.chart.person.age(self.world.end) < 8.0;
        let (true, Some(&(rxcui, display, _)), false) = (has, which, child) else {
            return;
        };
        // A medicine that a plant orders must not meet an allergy by chance.
        if self.chart.person.plant.is_some() {
            return;
        }
        self.chart.allergies.push(RecordedAllergy {
            rxcui,
            display,
            status: "active",
            verification: "confirmed",
            reaction: if severe { "anaphylaxis" } else { "hives" },
            recorded: (self.world.end - years).max(self.chart.person.birth + 300),
        });
    }

    fn happen(&mut self, at: Moment, event: Event<'w>) {
        let person = &self.chart.person;
        let dead = person.death.is_some_and(|death| at.day >= death);
        let unborn = at.day <= person.birth && !matches!(event, Event::Newborn);
        if dead || unborn || !self.world.holds(at.day) {
            return;
        }
        let planted = matches!(event, Event::Planted { .. });
        let in_hospital = self.busy_until.is_some_and(|until| at <= until);
        let elective = matches!(event, Event::Colonoscopy | Event::Operation(_));
        if elective && (in_hospital || self.ill_lately(at.day)) {
            let later = Moment {
                day: at.day + POSTPONED_DAYS,
                ..at
            };
            return self.agenda.add(later, event);
        }
        if !planted && in_hospital {
            return;
        }
        let away = person.absent(at.day)
            && (person.absence_is_total
                || matches!(
                    event,
                    Event::Wellness | Event::FollowUp | Event::Womens | Event::FluShot
                ));
        if away && !planted {
            return;
        }
        let routine = matches!(event, Event::Wellness | Event::FollowUp | Event::Womens);
        if routine && self.seen_lately(at.day) {
            return;
        }
        self.respond(at, event);
    }

    /// Whether there was a planned visit in the days before: nobody is asked to come again so soon.
    fn seen_lately(&self, day: Day) -> bool {
        let latest = self.chart.encounters.iter().rev().take(4);
        latest.into_iter().any(|e| {
            let planned = matches!(
                e.kind(),
                VisitKind::AdultWellness
                    | VisitKind::ChildWellness
                    | VisitKind::FollowUp
                    | VisitKind::Telehealth
            );
            planned && day - e.start.day < APART_DAYS
        })
    }

    /// Whether there was an acute visit or a stay in the days before.
    fn ill_lately(&self, day: Day) -> bool {
        let latest = self.chart.encounters.iter().rev().take(4);
        latest.into_iter().any(|e| {
            let acute = matches!(
                e.kind(),
                VisitKind::Problem
                    | VisitKind::UrgentCare
                    | VisitKind::Emergency
                    | VisitKind::Inpatient
            );
            acute && day - e.end.day < ILL_DAYS
        })
    }

    fn respond(&mut self, at: Moment, event: Event<'w>) {
        match event {
            Event::Wellness => self.wellness(at),
            Event::FollowUp => self.follow_up(at),
            Event::Illness { illness, place } => self.illness(at, illness, place),
            Event::Outbreak { outbreak, place } => self.outbreak(at, outbreak, place),
            Event::Stay {
                admission,
                planned,
                after,
            } => self.stay(at, admission, planned, after),
            Event::Infection { infection, place } => self.infection(at, infection, place),
            Event::Prenatal { week, due } => self.prenatal(at, week, due),
            Event::FluShot => self.flu_shot(at),
            Event::Postpartum => self.postpartum(at),
            Event::Newborn => self.newborn(at),
            Event::Colonoscopy => self.colonoscopy(at),
            Event::Womens => self.womens_visit(at),
            Event::Preoperative { major } => self.preoperative(at, major),
            Event::Operation(operation) => self.operation(at, operation),
            Event::Specialist { to, code } => self.specialist(at, to, code),
            Event::Planted { order } => self.planted(at, order),
        }
    }

    /// Opens an encounter of a kind and puts it into the chart.
    fn open(
        &mut self,
        kind: VisitKind,
        at: Moment,
        reason: Option<&'w str>,
    ) -> Option<EncounterIndex> {
        let visit = self.world.content.visit(kind)?;
        let (facility, role) = self.place(kind);
        let at_home = facility == self.chart.person.clinic && self.chance.happens(0.8);
        let practitioner = if at_home && role == StaffRole::PrimaryCare {
            self.chart.person.practitioner
        } else {
            self.world.someone(facility, role, &mut self.chance)
        };
        let minutes = f64::from(visit.minutes) * (0.7 + 0.7 * self.chance.unit());
        #[expect(clippy::cast_possible_truncation, reason = "minutes of a visit")]
        let end = at.plus_minutes(minutes as i32);
        let plant = self.chart.person.plant;
        let twice = plant.is_some_and(|p| p.kind == PlantKind::Duplicate);
        let linked = twice && at.day < self.world.end - 180 && self.chance.happens(0.35);
        // Without a link: only where nobody knows the person and nothing chronic is written down.
        let elsewhere = matches!(kind, VisitKind::UrgentCare | VisitKind::Emergency);
        let unlinked = self.chart.person.second_record && elsewhere && self.chance.happens(0.5);
        let duplicate = linked || unlinked;
        let open = self
            .flaws
            .happens(self.world.content.visits.flaws.encounter_without_end);
        if kind == VisitKind::Emergency {
            self.busy_until = self.busy_until.max(Some(end));
        }
        self.chart.encounters.push(Encounter {
            visit,
            start: at,
            end,
            reason: reason.or(visit.reason.as_deref()),
            complaint: None,
            secondary: Vec::new(),
            facility,
            practitioner,
            level: 3,
            stay: None,
            operation: None,
            services: Vec::new(),
            duplicate,
            open,
        });
        Some(self.chart.encounters.len() - 1)
    }

    /// Where a kind of visit takes place, and who sees the patient.
    fn place(&mut self, kind: VisitKind) -> (usize, StaffRole) {
        use crate::content::FacilityKind;
        let home = self.chart.person.home;
        let hospital = self
            .world
            .nearest(FacilityKind::Hospital, home)
            .first()
            .copied();
        let hospital = hospital.unwrap_or(0);
        match kind {
            VisitKind::Emergency => (hospital, StaffRole::Emergency),
            VisitKind::Inpatient => (hospital, StaffRole::Hospitalist),
            VisitKind::Colonoscopy => (hospital, StaffRole::Gastroenterology),
            VisitKind::Operation => (hospital, StaffRole::Surgery),
            VisitKind::Specialist => (hospital, StaffRole::Specialist),
            VisitKind::UrgentCare => {
                let near = self.world.nearest(FacilityKind::UrgentCare, home);
                let rank = usize::from(self.chance.happens(0.15));
                let place = near.get(rank).or_else(|| near.first()).copied();
                (place.unwrap_or(hospital), StaffRole::UrgentCare)
            }
            _ => (self.chart.person.clinic, StaffRole::PrimaryCare),
        }
    }

    /// The start of an encounter.
    fn start(&self, encounter: EncounterIndex) -> Moment {
        let start = self.chart.encounters.get(encounter).map(|e| e.start);
        start.unwrap_or(Moment {
            day: self.world.start,
            minute: 0,
        })
    }

    /// End of cover, states of orders, what was dispensed.
    fn finish(&mut self) {
        self.end_cover();
        self.plant_errors();
        self.label_services();
        self.label_pregnancy_orders();
        self.close_orders();
        self.dispense();
    }

    /// Cover ends with life.
    fn end_cover(&mut self) {
        if let Some(death) = self.chart.person.death {
            self.chart.cover.retain(|spell| spell.from <= death);
            for spell in &mut self.chart.cover {
                spell.to = Some(spell.to.map_or(death, |to| to.min(death)));
            }
        }
    }
}
