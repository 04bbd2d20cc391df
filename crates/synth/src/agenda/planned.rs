//! Care that is planned: check-ups, follow-up, vaccines, operations, pregnancies.

use super::{Drawing, Event, in_week, whole_days};
use crate::calendar::{Day, Moment, YEAR_DAYS, civil, from_civil};
use crate::content::VisitKind;
use crate::health::Stay;

impl<'w> Drawing<'w, '_> {
    pub(super) fn wellness(&mut self) {
        for months in [0.5, 2.0, 4.0, 6.0, 9.0, 12.0, 15.0, 18.0, 24.0, 30.0, 36.0] {
            let day = self.person.birth + whole_days(months * 30.44) + self.chance.between(0, 12);
            let keeps = 0.55 + 0.45 * self.person.engagement;
            if self.world.holds(day) && self.chance.happens(keeps) {
                self.visit(day, Event::Wellness);
            }
        }
        let mut day = self.world.start.max(self.person.birth + 1400) + self.chance.between(0, 364);
        while day <= self.world.end {
            let keeps = self.person.engagement
                * match self.person.age(day) {
                    ..12.0 => 0.85,
                    12.0..18.0 => 0.65,
                    18.0..40.0 => 0.34,
                    40.0..65.0 => 0.52,
                    _ => 0.66,
                };
            if self.chance.happens(keeps) {
                self.visit(day, Event::Wellness);
            }
            day += 365 + self.chance.between(-25, 40);
        }
    }

    /// Women of 21 to 69 see somebody about screening in some years.
    pub(super) fn womens_visits(&mut self) {
        let mut day = self.world.start + self.chance.between(0, 364);
        while day <= self.world.end {
            let age = self.person.age(day);
            let asked = self.person.female && (21.0..70.0).contains(&age);
            if self.chance.happens(0.36 * self.person.engagement) && asked {
                self.visit(day, Event::Womens);
            }
            day += 365 + self.chance.between(-40, 40);
        }
    }

    /// A day in autumn of every year on which the person would come for the vaccine.
    pub(super) fn flu_shots(&mut self) {
        for year in civil(self.world.start).0..=civil(self.world.end).0 {
            let day = from_civil(year, 9, 12) + self.chance.between(0, 90);
            let comes = self.chance.happens(0.4 + 0.55 * self.person.engagement);
            if comes && self.world.holds(day) {
                self.visit(day, Event::FluShot);
            }
        }
    }

    pub(super) fn follow_ups(&mut self) {
        let mut day = self.world.start;
        let mut first = true;
        while day <= self.world.end {
            let every = self.interval(day);
            let Some(every) = every else {
                day += 45;
                continue;
            };
            let step = f64::from(every) * (0.75 + 0.6 * self.chance.unit());
            let step = if first {
                step * self.chance.unit()
            } else {
                step
            };
            first = false;
            day += whole_days(step).max(12);
            if self.chance.happens(0.25 + 0.75 * self.person.engagement) {
                self.visit(day, Event::FollowUp);
            }
        }
        // A new state is told at a visit of its own; some come with a stay in hospital.
        for course in &self.health.courses {
            for stay in &course.stays {
                self.new_state(stay);
            }
        }
    }

    pub(super) fn new_state(&mut self, stay: &Stay<'w>) {
        if !self.world.holds(stay.from) {
            return;
        }
        let content = &self.world.content;
        let admission = stay.by.and_then(|by| by.admission.as_deref());
        // Planted patients stay out of hospital so that the plant is what decides.
        let planted = self.person.plant.is_some();
        if let Some(admission) = admission.and_then(|id| content.admission(id))
            && !planted
        {
            return self.stay(admission, stay.from);
        }
        let illness = stay.by.and_then(|by| by.illness.as_deref());
        if let Some(illness) = illness.and_then(|id| content.illness(id)) {
            let place = VisitKind::Emergency;
            let at = self.moment(stay.from, place);
            return self.agenda.add(at, Event::Illness { illness, place });
        }
        let seen = stay.state.is_some_and(|s| s.visit_every_days > 0);
        if seen && stay.code.is_some() {
            let later = self.chance.between(0, 20);
            self.visit(stay.from + later, Event::FollowUp);
        }
    }

    pub(super) fn interval(&self, day: Day) -> Option<i32> {
        let told = self.health.active(day).filter(|a| a.code.is_some());
        told.map(|a| a.state.visit_every_days)
            .filter(|&days| days > 0)
            .min()
    }

    /// Three in four are seen in the weeks before an operation.
    pub(super) fn preoperative(&mut self, day: Day, major: bool) {
        let (seen, before) = (self.chance.happens(0.75), self.chance.between(6, 25));
        if seen {
            self.visit(day - before, Event::Preoperative { major });
        }
    }

    pub(super) fn operations(&mut self) {
        // Planted patients stay out of hospital so that the plant is what decides.
        if self.person.plant.is_some() {
            return;
        }
        let mut from = self.world.start.max(self.person.birth + 20);
        while from <= self.world.end {
            let to = (from + 364).min(self.world.end);
            let years = f64::from(to - from + 1) / YEAR_DAYS;
            let age = whole_days(self.person.age(from + (to - from) / 2));
            for operation in &self.world.content.operations {
                if self.chance.happens(operation.rate(age) * years) {
                    let elective = &self.world.content.visits.week.elective;
                    let day = self.chance.between(from, to);
                    let day = in_week(day, elective, &mut self.chance);
                    let minute = self.chance.between(42, 84) * 10;
                    let event = Event::Operation(operation);
                    self.agenda.add(Moment { day, minute }, event);
                    self.preoperative(day, false);
                }
            }
            from = to + 1;
        }
    }

    /// Visits as ACOG recommends, births, the visit after; and the person's own birth.
    pub(super) fn pregnancies(&mut self) {
        const WEEKS: [i32; 12] = [8, 12, 16, 20, 24, 28, 31, 34, 36, 37, 38, 39];
        for &due in &self.person.births {
            for week in WEEKS {
                if self.chance.happens(0.55 + 0.43 * self.person.engagement) {
                    let day = due - 280 + week * 7;
                    self.visit(day.min(due - 1), Event::Prenatal { week, due });
                }
            }
            let kind = if self.chance.happens(0.32) {
                "cesarean"
            } else {
                "delivery"
            };
            if let Some(admission) = self.world.content.admission(kind) {
                let minute = self.chance.between(0, 1300);
                let event = Event::Stay {
                    admission,
                    planned: false,
                    after: None,
                };
                self.agenda.add(Moment { day: due, minute }, event);
            }
            if self.chance.happens(0.45 + 0.5 * self.person.engagement) {
                let later = self.chance.between(30, 56);
                self.visit(due + later, Event::Postpartum);
            }
        }
        if self.world.holds(self.person.birth) {
            let minute = self.chance.between(30, 1400);
            let at = Moment {
                day: self.person.birth,
                minute,
            };
            self.agenda.add(at, Event::Newborn);
        }
    }
}
