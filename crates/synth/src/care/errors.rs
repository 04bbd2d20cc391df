//! Errors planted at rates, each with its harmless twin. Patients who carry a plant by number get none.

use super::Care;
use crate::calendar::{Day, Moment};
use crate::chance::{Chance, Purpose};
use crate::chart::{Amended, EncounterIndex, ErrorAt, Observation, Order, PlantedError, Value};
use crate::content::{ErrorKind, ErrorSpec, Medicine, VisitKind};
use crate::cover::Spell;
use crate::json::Fixed;
use crate::person::Person;
use crate::world::World;

/// Whether a patient is registered twice without a link. Only people with cover at the end: the
/// second record carries the same cover.
#[must_use]
pub fn second_record(world: &World, person: &Person<'_>, cover: &[Spell<'_>]) -> bool {
    let mut chance = Chance::new(world.seed, person.number, Purpose::Errors);
    let drawn = chance.unit();
    let specs = world.content.errors.iter();
    let share: f64 = specs
        .filter(|s| s.kind == ErrorKind::SecondRecord)
        .map(|s| s.share)
        .sum();
    let covered = cover.iter().any(|spell| spell.covers(world.end));
    person.plant.is_none() && person.death.is_none() && covered && drawn < share
}

impl<'w> Care<'w> {
    /// Plants what falls to this patient.
    pub(super) fn plant_errors(&mut self) {
        let person = &self.chart.person;
        if person.plant.is_some() || person.death.is_some() {
            return;
        }
        let mut chance = Chance::new(self.world.seed, person.number, Purpose::Errors);
        // The first draw decided about a second record.
        let _second = chance.unit();
        for spec in &self.world.content.errors {
            let (wrong, twin) = (chance.happens(spec.share), chance.happens(spec.twin_share));
            match spec.kind {
                ErrorKind::Unit => self.mislabel(spec, &mut chance),
                ErrorKind::Correction => self.correct(spec, &mut chance),
                ErrorKind::Amendment => self.amend(spec, &mut chance),
                ErrorKind::Pregnancy => {
                    self.plant_in_pregnancy(spec, (wrong, twin), &mut chance);
                }
                ErrorKind::Denial => {}
                ErrorKind::SecondRecord => self.note_second_record(spec),
                _ if wrong => self.plant_order_error(spec, false),
                _ if twin => self.plant_order_error(spec, true),
                _ => {}
            }
        }
    }

    fn plant_order_error(&mut self, spec: &'w ErrorSpec, twin: bool) {
        let at = match spec.kind {
            ErrorKind::DuplicateTherapy => self.second_of_class(spec, twin),
            ErrorKind::Dose => self.running_of(spec).inspect(|&at| {
                let [amount, times] = if twin { spec.twin_dose } else { spec.dose };
                if let Some(order) = self.chart.orders.get_mut(at) {
                    order.dose = Some((amount, times));
                }
            }),
            ErrorKind::Route => self.running_of(spec).filter(|_| !twin).inspect(|&at| {
                if let Some(order) = self.chart.orders.get_mut(at) {
                    order.route = Some(&spec.route);
                }
            }),
            ErrorKind::Renal => self.against_kidney(spec, twin),
            _ => None,
        };
        if let Some(at) = at {
            self.note(spec, twin, ErrorAt::Order(at));
        }
    }

    fn note(&mut self, spec: &'w ErrorSpec, twin: bool, at: ErrorAt) {
        self.chart.errors.push(PlantedError {
            kind: &spec.id,
            why: &spec.why,
            twin,
            at,
        });
    }

    /// A running order of one of the error's medicines.
    fn running_of(&self, spec: &ErrorSpec) -> Option<usize> {
        let end = self.world.end;
        let mut orders = self.chart.orders.iter();
        orders.position(|o| {
            spec.medicines.contains(&o.medicine.id) && o.running(end) && o.dose.is_none()
        })
    }

    /// The last planned visit of the last ten months.
    fn last_visit(&self) -> Option<EncounterIndex> {
        let since = self.world.end - 300;
        let visits = self.chart.encounters.iter().enumerate().rev();
        let mut planned = visits.filter(|(_, e)| {
            matches!(
                e.kind(),
                VisitKind::FollowUp | VisitKind::AdultWellness | VisitKind::Problem
            ) && e.start.day >= since
                && !e.duplicate
        });
        planned.next().map(|(at, _)| at)
    }

    /// Adds a second medicine of a class; in the twin the first is stopped on that day.
    fn second_of_class(&mut self, spec: &'w ErrorSpec, twin: bool) -> Option<usize> {
        let encounter = self.last_visit()?;
        let day = self.start(encounter).day;
        let content = &self.world.content;
        let all = spec.medicines.iter().filter_map(|id| content.medicine(id));
        let all: Vec<&'w Medicine> = all.collect();
        let class = all.first()?.class.as_deref();
        let first = self.chart.orders.iter().position(|o| {
            o.medicine.class.as_deref() == class
                && o.ladder.is_some()
                && o.authored.day < day - 20
                && o.running(day)
                && o.running(self.world.end)
        })?;
        let taken = self.chart.orders.get(first)?.medicine;
        let other = all.into_iter().find(|m| m.ingredient != taken.ingredient)?;
        if !self.safe(other, day) {
            return None;
        }
        if twin && let Some(order) = self.chart.orders.get_mut(first) {
            order.stopped = Some(day);
            order.stopped_for = Some("changed to another of the class");
        }
        self.add_order(encounter, other)
    }

    fn against_kidney(&mut self, spec: &'w ErrorSpec, twin: bool) -> Option<usize> {
        let egfr = *self.last.get("egfr")?;
        let fits = if twin { egfr > 60.0 } else { egfr < 30.0 };
        let encounter = self.last_visit().filter(|_| fits)?;
        let day = self.start(encounter).day;
        let content = &self.world.content;
        let all = spec.medicines.iter().filter_map(|id| content.medicine(id));
        let all: Vec<&'w Medicine> = all.collect();
        let medicine = all.into_iter().find(|m| self.safe(m, day))?;
        self.add_order(encounter, medicine)
    }

    fn add_order(&mut self, encounter: EncounterIndex, medicine: &'w Medicine) -> Option<usize> {
        let reason = self.chart.encounters.get(encounter).and_then(|e| e.reason);
        // Long enough to be running at the end.
        let days = medicine.days.max(310);
        self.write_order(encounter, medicine, days, None, reason);
        self.chart.orders.len().checked_sub(1)
    }

    /// No allergy, no high-priority pair, not the same ingredient: only the planted error is wrong.
    pub(super) fn safe(&self, medicine: &Medicine, day: Day) -> bool {
        let clash = |o: &Order<'_>| {
            let (a, b) = (&o.medicine.ingredient, &medicine.ingredient);
            a == b || self.world.content.interactions.item(a, b).is_some()
        };
        let mut near = self
            .chart
            .orders
            .iter()
            .filter(|o| o.last_day() >= day - 10);
        !near.any(clash) && !self.allergic(medicine)
    }

    /// Numbers that say another unit than they are in.
    fn mislabel(&mut self, spec: &'w ErrorSpec, chance: &mut Chance) {
        for at in 0..self.chart.observations.len() {
            let Some(observation) = self.chart.observations.get_mut(at) else {
                continue;
            };
            let measure = observation.measure;
            if !spec.measures.contains(&measure.id) || !chance.happens(spec.share) {
                continue;
            }
            if let Some(variant) = measure.variant.first().filter(|_| !observation.unitless) {
                observation.variant = Some(variant);
                observation.mislabelled = true;
                self.note(spec, false, ErrorAt::Observation(at));
            }
        }
    }

    /// Results entered wrongly: the wrong one is void, the right one is there as well.
    fn correct(&mut self, spec: &'w ErrorSpec, chance: &mut Chance) {
        for at in 0..self.chart.observations.len() {
            let Some(right) = self.chart.observations.get(at) else {
                continue;
            };
            if !spec.measures.contains(&right.measure.id) || !chance.happens(spec.share) {
                continue;
            }
            let Value::Number(number) = right.value else {
                continue;
            };
            if right.amended.is_some() {
                continue;
            }
            let wrong = Fixed {
                units: number.units * if chance.happens(0.5) { 10 } else { 2 },
                ..number
            };
            let wrong = Observation {
                value: Value::Number(wrong),
                void: true,
                mislabelled: false,
                ..*right
            };
            self.chart.observations.push(wrong);
            let at = self.chart.observations.len() - 1;
            self.note(spec, false, ErrorAt::Observation(at));
        }
    }

    /// Results that were sent with a wrong value and sent again, corrected, one to five days later.
    fn amend(&mut self, spec: &'w ErrorSpec, chance: &mut Chance) {
        for at in 0..self.chart.observations.len() {
            let Some(right) = self.chart.observations.get_mut(at) else {
                continue;
            };
            if !spec.measures.contains(&right.measure.id) || !chance.happens(spec.share) {
                continue;
            }
            let (later, times) = (chance.between(1, 5), chance.between(0, 2));
            let minute = chance.between(420, 1020);
            let sent = Moment {
                day: right.at.day + later,
                minute,
            };
            let whole = !(right.void || right.mislabelled || right.undated || right.unitless);
            let Value::Number(number) = right.value else {
                continue;
            };
            if !whole || sent.day > self.world.end {
                continue;
            }
            // Another patient's tube, a misread digit, a haemolysed sample.
            let share = [0.6, 1.4, 2.0].get(usize::try_from(times).unwrap_or(0));
            let wrong = Fixed::round(
                number.value() * share.copied().unwrap_or(2.0),
                number.digits,
            );
            right.amended = Some(Amended {
                first: wrong,
                at: sent,
            });
            self.note(spec, false, ErrorAt::Observation(at));
        }
    }

    fn note_second_record(&mut self, spec: &'w ErrorSpec) {
        let used = self.chart.encounters.iter().any(|e| e.duplicate);
        if self.chart.person.second_record && used {
            self.note(spec, false, ErrorAt::SecondRecord);
        }
        self.chart.person.second_record &= used;
    }
}
