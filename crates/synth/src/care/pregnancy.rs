//! Medicines in pregnancy: what is not begun, what is stopped, and the orders that should not be there.

use super::Care;
use crate::calendar::Day;
use crate::chance::Chance;
use crate::chart::{EncounterIndex, ErrorAt, Order, PlantedError, Problem};
use crate::content::{ErrorKind, ErrorSpec, Medicine, OrderStatus, VisitKind};

/// Days from the last period to birth.
pub(super) const TERM_DAYS: Day = 280;

/// A pregnancy of which no visit tells is held for known from its middle on.
const KNOWN_AFTER_DAYS: Day = 140;

/// A pregnancy in the records.
#[derive(Debug, Clone, Copy)]
struct Pregnancy {
    begin: Day,
    birth: Day,
    /// From when the record tells of it.
    known: Day,
}

impl<'w> Care<'w> {
    /// Whether a medicine must wait: she is pregnant, known or not.
    pub(super) fn harms_child(&self, medicine: &Medicine, day: Day) -> bool {
        medicine.avoid_in_pregnancy && self.chart.person.is_pregnant(day)
    }

    /// The first visit of a pregnancy ends what would harm the child.
    pub(super) fn stop_for_pregnancy(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        for order in &mut self.chart.orders {
            let harms = order.medicine.avoid_in_pregnancy && !order.planted;
            if harms && order.running(day) {
                order.stopped = Some(day);
                order.stopped_for = Some("pregnancy");
                order.renewed = false;
            }
        }
    }

    fn pregnancies(&self) -> Vec<Pregnancy> {
        let births = self.chart.person.births.iter();
        let one = |&birth: &Day| {
            let begin = birth - TERM_DAYS;
            let mut visits = self.chart.encounters.iter();
            let told = visits
                .find(|e| e.kind() == VisitKind::Prenatal && (begin..birth).contains(&e.start.day));
            let known = told.map_or(begin + KNOWN_AFTER_DAYS, |e| e.start.day);
            Pregnancy {
                begin,
                birth,
                known,
            }
        };
        births.map(one).collect()
    }

    /// Plants an order in a known pregnancy, or a twin in which it does no harm.
    pub(super) fn plant_in_pregnancy(
        &mut self,
        spec: &'w ErrorSpec,
        (wrong, twin): (bool, bool),
        chance: &mut Chance,
    ) {
        let kind = chance.between(0, 4);
        let (at, which) = (chance.unit(), chance.unit());
        if !self.chart.person.female {
            return;
        }
        let pregnancies = self.pregnancies();
        let last = pregnancies
            .last()
            .copied()
            .filter(|p| p.known <= self.world.end);
        match (wrong, twin, last) {
            (true, _, Some(pregnancy)) => {
                let from = pregnancy.known;
                let visits = self.visits(from, pregnancy.birth - 14);
                self.order_at(spec, chosen(&visits, which), None);
            }
            (_, true, Some(pregnancy)) => self.plant_beside(spec, pregnancy, kind, which),
            (_, true, None) => self.plant_without(spec, kind, at, which),
            _ => {}
        }
    }

    /// She was pregnant: the order came after birth, ended before, or was a mistake of typing.
    fn plant_beside(&mut self, spec: &'w ErrorSpec, p: Pregnancy, kind: i32, which: f64) {
        match kind {
            0 | 1 => {
                let visits = self.visits(p.birth + 20, p.birth + 500);
                self.order_at(spec, chosen(&visits, which), None);
            }
            2 | 3 => {
                let visits = self.visits(p.begin - 700, p.begin - 60);
                let before = Some((OrderStatus::Stopped, p.begin - 30));
                self.order_at(spec, chosen(&visits, which), before);
            }
            _ => {
                let visits = self.visits(p.known, p.birth - 14);
                let mistake = Some((OrderStatus::EnteredInError, p.birth));
                self.order_at(spec, chosen(&visits, which), mistake);
            }
        }
    }

    /// She is not pregnant; sometimes a pregnancy was suspected and refuted.
    fn plant_without(&mut self, spec: &'w ErrorSpec, kind: i32, at: f64, which: f64) {
        let visits = self.visits(self.world.start, self.world.end);
        let Some(encounter) = chosen(&visits, which) else {
            return;
        };
        let day = self.start(encounter).day;
        if !(18.0..42.0).contains(&self.chart.person.age(day)) {
            return;
        }
        let planted = self.order_at(spec, Some(encounter), None);
        if planted && kind == 4 {
            #[expect(clippy::cast_possible_truncation, reason = "some days")]
            let suspected = (day + 5 + (at * 20.0) as Day).min(self.world.end);
            self.chart.problems.push(Problem {
                condition: None,
                state: None,
                code: "Z34.90",
                onset: Some(day),
                abatement: None,
                recorded: suspected,
                encounter: Some(encounter),
                uncoded: false,
                refuted: true,
            });
        }
    }

    /// Planned visits between two days, on the patient's own record.
    fn visits(&self, from: Day, to: Day) -> Vec<EncounterIndex> {
        let all = self.chart.encounters.iter().enumerate();
        let fitting = all.filter(|(_, e)| {
            let planned = matches!(
                e.kind(),
                VisitKind::Prenatal
                    | VisitKind::FollowUp
                    | VisitKind::AdultWellness
                    | VisitKind::Problem
            );
            planned && !e.duplicate && (from..=to).contains(&e.start.day)
        });
        fitting.map(|(at, _)| at).collect()
    }

    fn order_at(
        &mut self,
        spec: &'w ErrorSpec,
        encounter: Option<EncounterIndex>,
        ends: Option<(OrderStatus, Day)>,
    ) -> bool {
        let content = &self.world.content;
        let medicine = spec.medicines.first().and_then(|id| content.medicine(id));
        let (Some(encounter), Some(medicine)) = (encounter, medicine) else {
            return false;
        };
        let day = self.start(encounter).day;
        let known = |e: &PlantedError<'_>| matches!(e.at, ErrorAt::Order(_));
        // One planted order is enough: two might harm each other.
        if self.chart.errors.iter().any(known) || !self.safe(medicine, day) {
            return false;
        }
        let days = medicine.days.max(90);
        self.write_order(encounter, medicine, days, None, Some(&spec.reason));
        let at = self.chart.orders.len() - 1;
        let Some(order) = self.chart.orders.get_mut(at) else {
            return false;
        };
        if let Some((status, until)) = ends {
            order.status = status;
            if status == OrderStatus::Stopped {
                order.stopped = Some(until.clamp(day + 1, day + days));
                order.stopped_for = Some("wants to become pregnant");
            }
        }
        // The label follows from what is in the record: see below.
        self.chart.errors.push(PlantedError {
            kind: &spec.id,
            why: &spec.why,
            twin: true,
            at: ErrorAt::Order(at),
        });
        true
    }

    /// Labels every order of such a medicine that meets a pregnancy: harmful where it goes on although the record
    /// tells of the pregnancy. Planted ones that meet none keep the label of a twin.
    pub(super) fn label_pregnancy_orders(&mut self) {
        let pregnancies = self.pregnancies();
        let specs = self.world.content.errors.iter();
        for spec in specs.filter(|s| s.kind == ErrorKind::Pregnancy) {
            for at in 0..self.chart.orders.len() {
                self.label_pregnancy_order(spec, at, &pregnancies);
            }
        }
    }

    fn label_pregnancy_order(&mut self, spec: &'w ErrorSpec, at: usize, all: &[Pregnancy]) {
        let Some(order) = self.chart.orders.get(at) else {
            return;
        };
        let taken = !matches!(
            order.status,
            OrderStatus::Cancelled | OrderStatus::EnteredInError
        );
        let named = spec.medicines.contains(&order.medicine.id) && taken;
        let meets = |from: Day, to: Day| {
            named
                && order.authored.day <= to
                && order.last_day() >= from
                && order.last_day() >= order.authored.day
        };
        // The day of the visit that stops it does not count.
        let harmful = all.iter().any(|p| meets(p.known + 1, p.birth - 1));
        let early = all.iter().any(|p| meets(p.begin, p.known));
        let mut known = self.chart.errors.iter_mut();
        let own = known
            .find(|e| e.kind == spec.id && matches!(e.at, ErrorAt::Order(other) if other == at));
        match own {
            Some(planted) => planted.twin = !harmful,
            None if harmful || early => self.chart.errors.push(PlantedError {
                kind: &spec.id,
                why: &spec.why,
                twin: !harmful,
                at: ErrorAt::Order(at),
            }),
            None => {}
        }
    }
}

/// One of the visits, by a number in 0..1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "an index of a short list"
)]
fn chosen(visits: &[EncounterIndex], by: f64) -> Option<EncounterIndex> {
    visits.get((by * visits.len() as f64) as usize).copied()
}

impl Order<'_> {
    /// Whether its status says that it was never meant.
    pub(super) fn is_void(&self) -> bool {
        matches!(
            self.status,
            OrderStatus::Cancelled | OrderStatus::EnteredInError
        )
    }
}
