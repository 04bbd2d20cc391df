//! When things happen to a patient: an ordered list of events to which care may add more.

mod planned;

use std::collections::BTreeMap;

use crate::calendar::{Day, Moment, YEAR_DAYS, civil, day_of_year, weekday};
use crate::chance::{Chance, Purpose};
use crate::chart::EncounterIndex;
use crate::content::{Admission, Illness, Operation, Order, Outbreak, PlantKind, VisitKind};
use crate::epidemic::{Infection, Severity};
use crate::health::Health;
use crate::person::Person;
use crate::world::World;

/// Something that happens.
#[derive(Debug, Clone, Copy)]
pub enum Event<'w> {
    /// A preventive visit.
    Wellness,
    /// A follow-up of chronic conditions.
    FollowUp,
    /// An acute illness.
    Illness {
        /// Which.
        illness: &'w Illness,
        /// Where the person goes.
        place: VisitKind,
    },
    /// A case of a planted outbreak.
    Outbreak {
        /// Which.
        outbreak: &'w Outbreak,
        /// Where the person goes.
        place: VisitKind,
    },
    /// A hospital stay.
    Stay {
        /// Why.
        admission: &'w Admission,
        /// Planned.
        planned: bool,
        /// The stay before, for a readmission.
        after: Option<EncounterIndex>,
    },
    /// An infection for which care is sought.
    Infection {
        /// Which, in the patient's list.
        infection: Infection,
        /// Where the person goes.
        place: VisitKind,
    },
    /// A visit in pregnancy.
    Prenatal {
        /// Completed weeks.
        week: i32,
        /// Day of birth.
        due: Day,
    },
    /// Only for the yearly influenza vaccine.
    FluShot,
    /// A visit six weeks after birth.
    Postpartum,
    /// Being born.
    Newborn,
    /// A screening colonoscopy.
    Colonoscopy,
    /// A gynaecological check-up.
    Womens,
    /// A visit before an operation.
    Preoperative {
        /// Whether the operation is a major one.
        major: bool,
    },
    /// An operation without a night in hospital.
    Operation(&'w Operation),
    /// A visit with a specialist.
    Specialist {
        /// What the person was referred to.
        to: &'w str,
        /// ICD-10-CM reason.
        code: &'w str,
    },
    /// A visit made for a plant, with its order.
    Planted {
        /// What is ordered.
        order: Option<&'w Order>,
    },
}

/// Events in order of time.
#[derive(Debug, Default)]
pub struct Agenda<'w> {
    events: BTreeMap<(Moment, u32), Event<'w>>,
    added: u32,
}

impl<'w> Agenda<'w> {
    /// Adds an event.
    pub fn add(&mut self, at: Moment, event: Event<'w>) {
        self.events.insert((at, self.added), event);
        self.added += 1;
    }

    /// The next event.
    pub fn next(&mut self) -> Option<(Moment, Event<'w>)> {
        self.events.pop_first().map(|((at, _), event)| (at, event))
    }

    /// Everything that is foreseen for a patient.
    #[must_use]
    pub fn draw(
        world: &'w World,
        person: &Person<'w>,
        health: &Health<'w>,
        infections: &[Infection],
    ) -> Agenda<'w> {
        let mut drawing = Drawing {
            world,
            person,
            health,
            chance: Chance::new(world.seed, person.number, Purpose::Agenda),
            agenda: Agenda::default(),
        };
        drawing.wellness();
        drawing.follow_ups();
        drawing.womens_visits();
        drawing.flu_shots();
        drawing.illnesses();
        drawing.stays();
        drawing.operations();
        drawing.infections(infections);
        drawing.pregnancies();
        drawing.outbreaks();
        drawing.plants();
        drawing.agenda
    }
}

struct Drawing<'w, 'a> {
    world: &'w World,
    person: &'a Person<'w>,
    health: &'a Health<'w>,
    chance: Chance,
    agenda: Agenda<'w>,
}

impl<'w> Drawing<'w, '_> {
    fn illnesses(&mut self) {
        for illness in &self.world.content.illnesses {
            let mut from = self.world.start.max(self.person.birth + 10);
            while from <= self.world.end {
                let to = (from + 364).min(self.world.end);
                self.illness_between(illness, from, to);
                from = to + 1;
            }
        }
    }

    fn illness_between(&mut self, illness: &'w Illness, from: Day, to: Day) {
        let middle = from + (to - from) / 2;
        if illness
            .needs
            .as_deref()
            .is_some_and(|c| !self.health.has(c, middle))
        {
            return;
        }
        let years = f64::from(to - from + 1) / YEAR_DAYS;
        let replaced = self.world.epidemics.replaced(&illness.id);
        let rate = illness.rate(whole_days(self.person.age(middle))) * (1.0 - replaced);
        let seeking = self.world.content.care_seeking * self.person.frailty;
        let cases = self.chance.poisson(rate * years * seeking);
        for _ in 0..cases {
            let day = self.season_day(illness.season, from, to);
            let place = self.place(illness.places);
            let at = self.moment(day, place);
            self.agenda.add(at, Event::Illness { illness, place });
        }
    }

    /// A day by the season's shape: accepted by 1 + amplitude × a peaked wave.
    fn season_day(&mut self, [amplitude, peak]: [f64; 2], from: Day, to: Day) -> Day {
        for _ in 0..40 {
            let day = self.chance.between(from, to);
            let angle = (f64::from(day_of_year(day)) - peak) / YEAR_DAYS * std::f64::consts::TAU;
            // A cosine sharpened, so that winter peaks are narrower than the summer trough.
            let wave = angle.cos();
            let shape = if wave > 0.0 {
                wave.powf(1.5)
            } else {
                -wave.abs()
            };
            if self
                .chance
                .happens((1.0 + amplitude * shape) / (1.0 + amplitude))
            {
                return day;
            }
        }
        from
    }

    /// Where people go: the poor and uninsured more to the emergency department.
    fn place(&mut self, [clinic, telehealth, urgent, emergency]: [f64; 4]) -> VisitKind {
        let poor = self.person.poor();
        let (emergency_poor, emergency_others) = self.world.content.emergency_factor;
        let (home, away) = if poor {
            (0.8, emergency_poor)
        } else {
            (1.1, emergency_others)
        };
        let far = if self.person.engagement < 0.5 {
            1.25
        } else {
            1.0
        };
        let shares = [
            clinic * home,
            telehealth * home,
            urgent,
            emergency * away * far * self.person.emergency_habit,
        ];
        let kinds = [
            VisitKind::Problem,
            VisitKind::Telehealth,
            VisitKind::UrgentCare,
            VisitKind::Emergency,
        ];
        let at = self.chance.weighted_index(shares.into_iter()).unwrap_or(0);
        kinds.get(at).copied().unwrap_or(VisitKind::Problem)
    }

    fn stays(&mut self) {
        let mut from = self.world.start.max(self.person.birth + 20);
        while from <= self.world.end {
            let to = (from + 364).min(self.world.end);
            let middle = from + (to - from) / 2;
            let years = f64::from(to - from + 1) / YEAR_DAYS;
            for admission in &self.world.content.admissions {
                if !self.eligible(admission, middle) {
                    continue;
                }
                let rate = admission.rate(whole_days(self.person.age(middle)));
                for _ in 0..self.chance.poisson(rate * years * self.person.frailty) {
                    let day = self.chance.between(from, to);
                    self.stay(admission, day);
                }
            }
            from = to + 1;
        }
    }

    fn stay(&mut self, admission: &'w Admission, day: Day) {
        let week = &self.world.content.visits.week;
        let days = if admission.planned {
            &week.elective
        } else {
            &week.emergency
        };
        let day = in_week(day, days, &mut self.chance);
        let minute = if admission.planned {
            390
        } else {
            self.chance.between(0, 1439)
        };
        let event = Event::Stay {
            admission,
            planned: admission.planned,
            after: None,
        };
        self.agenda.add(Moment { day, minute }, event);
        if admission.planned && !admission.procedures.is_empty() && admission.id != "cesarean" {
            self.preoperative(day, true);
        }
    }

    fn eligible(&self, admission: &Admission, day: Day) -> bool {
        let sex = match admission.only.as_deref() {
            Some("female") => self.person.female,
            Some("male") => !self.person.female,
            _ => true,
        };
        // Planted patients stay out of hospital so that the plant is what decides.
        let planted = self.person.plant.is_some();
        sex && !planted
            && (admission.needs.is_empty()
                || admission.needs.iter().any(|c| self.health.has(c, day)))
    }

    fn infections(&mut self, infections: &[Infection]) {
        for &infection in infections {
            let place = match infection.severity {
                Severity::Silent | Severity::Home => continue,
                Severity::Ambulatory => self.place([0.5, 0.15, 0.35, 0.0]),
                Severity::Emergency => VisitKind::Emergency,
                Severity::Inpatient if self.person.plant.is_some() => VisitKind::Emergency,
                Severity::Inpatient => VisitKind::Inpatient,
            };
            let minute = self.minute(place);
            let at = Moment {
                day: infection.seeks,
                minute,
            };
            self.agenda.add(at, Event::Infection { infection, place });
        }
    }

    fn outbreaks(&mut self) {
        for outbreak in &self.world.content.outbreaks {
            let here = outbreak.area == self.person.area.code;
            let absent = self.person.absence_is_total;
            if !here || absent || !self.chance.happens(outbreak.attack_share) {
                continue;
            }
            let exposure = exposure_day(outbreak, self.world.end);
            let days = self
                .chance
                .log_normal(outbreak.incubation_days_median, outbreak.incubation_log_sd);
            let later = self.chance.happens(outbreak.secondary_share);
            let wave = if later {
                outbreak.secondary_delay_days
            } else {
                0
            };
            let day = exposure + whole_days(days.min(6.0)) + wave;
            let place = self.place(outbreak.places);
            let minute = self.minute(place);
            self.agenda
                .add(Moment { day, minute }, Event::Outbreak { outbreak, place });
        }
    }

    fn plants(&mut self) {
        let Some(plant) = self.person.plant else {
            return;
        };
        for order in &plant.orders {
            let at = self.clinic_moment(self.world.end - order.days_before);
            self.agenda.add(at, Event::Planted { order: Some(order) });
        }
        let days_before: &[i32] = match plant.kind {
            PlantKind::Renal | PlantKind::KidneyDecline => &[410, 200, 25],
            PlantKind::CareGap if plant.make.lapse_days.is_none() => &[200, 80],
            PlantKind::CareGap => &[700, 560],
            PlantKind::Duplicate => &[420, 60],
            _ => &[],
        };
        for &days in days_before {
            let at = self.clinic_moment(self.world.end - days);
            self.agenda.add(at, Event::Planted { order: None });
        }
    }

    fn visit(&mut self, day: Day, event: Event<'w>) {
        let day = in_week(
            day,
            &self.world.content.visits.week.clinic,
            &mut self.chance,
        );
        let at = self.clinic_moment(day);
        self.agenda.add(at, event);
    }

    /// At the clinic; a planted day on Sunday moves to the Friday before.
    fn clinic_moment(&mut self, day: Day) -> Moment {
        let day = if weekday(day) == 6 { day - 2 } else { day };
        Moment {
            day,
            minute: self.minute(VisitKind::FollowUp),
        }
    }

    fn moment(&mut self, day: Day, place: VisitKind) -> Moment {
        let week = &self.world.content.visits.week;
        let shares = match place {
            VisitKind::Emergency => &week.emergency,
            VisitKind::UrgentCare => &week.urgent_care,
            _ => &week.clinic,
        };
        let day = in_week(day, shares, &mut self.chance);
        Moment {
            day,
            minute: self.minute(place),
        }
    }

    fn minute(&mut self, place: VisitKind) -> i32 {
        match place {
            VisitKind::Emergency if self.chance.happens(0.3) => self.chance.between(0, 1439),
            VisitKind::Emergency => self.chance.between(540, 1380),
            VisitKind::UrgentCare => self.chance.between(480, 1200),
            _ => self.chance.between(48, 99) * 10,
        }
    }
}

/// The same week, another weekday by shares.
fn in_week(day: Day, shares: &[f64; 7], chance: &mut Chance) -> Day {
    let chosen = chance.weighted_index(shares.iter().copied()).unwrap_or(0);
    day - weekday(day) + i32::try_from(chosen).unwrap_or(0)
}

/// The day of exposure of an outbreak.
#[must_use]
pub fn exposure_day(outbreak: &Outbreak, end: Day) -> Day {
    let monday = end - weekday(end) - 7 * outbreak.weeks_before_end;
    monday + outbreak.exposure_weekday
}

/// The influenza season of a day by the year it begins, or `None` outside September to January.
#[must_use]
pub fn influenza_season(day: Day) -> Option<i32> {
    let (year, month, _) = civil(day);
    match month {
        9..=12 => Some(year),
        1 => Some(year - 1),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a life in days is far inside i32"
)]
fn whole_days(days: f64) -> i32 {
    days as i32
}
