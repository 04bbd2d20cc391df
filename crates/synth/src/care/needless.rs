//! Services that are done without need, at the rates of `low-value.toml`, and their twins in whom they are
//! indicated. Patients who carry a plant by number get none, so that the plant is what decides.

use super::Care;
use crate::chart::{EncounterIndex, ErrorAt, PlantedError};
use crate::content::{LowValue, Occasion};

/// Pain of the back or the head within so many days before is no first visit for it.
const FIRST_WITHIN_DAYS: i32 = 180;

/// A study or panel of a preventive visit is not repeated within so many days.
const REPEATED_DAYS: i32 = 300;

impl<'w> Care<'w> {
    /// A visit for an illness or a preventive visit: what is done although nothing asks for it.
    pub(super) fn needless(&mut self, encounter: EncounterIndex, occasion: Occasion) {
        if self.spared(encounter) {
            return;
        }
        for service in &self.world.content.low_value {
            if service.occasion != occasion || !service.medicines.is_empty() {
                continue;
            }
            // Drawn first, so that who it concerns does not move the others.
            let drawn = self.needless.unit();
            if !self.is_occasion(service, encounter) {
                continue;
            }
            let reason = self.has_reason(service, encounter);
            let limit = if reason { 0.0 } else { service.share };
            match drawn {
                _ if drawn < limit => self.serve(service, encounter, false),
                _ if drawn >= limit + service.twin_share => continue,
                _ if reason => self.serve(service, encounter, true),
                _ => self.flag_and_serve(service, encounter),
            }
            // A sign that makes one image indicated would do so for another of the same visit.
            if occasion == Occasion::Illness {
                return;
            }
        }
    }

    /// The visit before an operation: indicated before a major one, needless before a minor one.
    pub(super) fn before_operation(&mut self, encounter: EncounterIndex, major: bool) {
        if self.spared(encounter) {
            return;
        }
        let services = self.world.content.low_value.iter();
        for service in services.filter(|s| s.occasion == Occasion::Operation) {
            let share = if major {
                service.twin_share
            } else {
                service.share
            };
            if self.needless.happens(share) {
                self.serve(service, encounter, major);
            }
        }
    }

    /// Plants decide for themselves; a second record knows nothing of the first.
    fn spared(&self, encounter: EncounterIndex) -> bool {
        self.chart.person.plant.is_some() || self.chart.on_duplicate(Some(encounter))
    }

    fn is_occasion(&self, service: &LowValue, encounter: EncounterIndex) -> bool {
        let Some(visit) = self.chart.encounters.get(encounter) else {
            return false;
        };
        let day = visit.start.day;
        let person = &self.chart.person;
        if !service.concerns(person.age(day), person.female) {
            return false;
        }
        match service.occasion {
            Occasion::Illness => {
                let same = |reason: &str| service.codes.iter().any(|code| code == reason);
                let mut before = self.chart.encounters.iter().take(encounter);
                let first = !before
                    .any(|e| e.reason.is_some_and(same) && day - e.start.day < FIRST_WITHIN_DAYS);
                visit.reason.is_some_and(same) && first && self.in_person(encounter)
            }
            Occasion::Wellness => {
                let panel = service.panel.as_deref();
                let drawn = panel.and_then(|id| self.drawn.get(id));
                let repeated = drawn.is_some_and(|last| day - last < REPEATED_DAYS);
                let mut study = service.study.iter();
                !repeated && !study.any(|id| self.studied(id, encounter, REPEATED_DAYS))
            }
            Occasion::Operation => true,
        }
    }

    /// Whether the person is known to have a disease in which the service is indicated.
    fn has_reason(&self, service: &LowValue, encounter: EncounterIndex) -> bool {
        let day = self.start(encounter).day;
        let told = self.told(day).into_iter();
        let mut known = told.map(|(active, _)| (active.disease.id.as_str(), active.state));
        known.any(|(disease, state)| {
            service
                .indicated_in
                .iter()
                .any(|name| match name.split_once('/') {
                    Some((id, named)) => id == disease && named == state.id,
                    None => name == disease && state.proper,
                })
        })
    }

    /// With a sign that makes the service indicated.
    fn flag_and_serve(&mut self, service: &'w LowValue, encounter: EncounterIndex) {
        // Without red flags the twins are those with a disease.
        let flag = Some(&service.red_flags).filter(|flags| !flags.is_empty());
        let flag = flag.and_then(|flags| self.needless.pick(flags));
        let Some(flag) = flag else {
            return;
        };
        if let Some(visit) = self.chart.encounters.get_mut(encounter) {
            visit.secondary.push(flag);
        }
        self.diagnose(encounter, flag);
        self.serve(service, encounter, true);
    }

    fn serve(&mut self, service: &'w LowValue, encounter: EncounterIndex, twin: bool) {
        let other = service.twin_study.as_deref().filter(|_| twin);
        let at = if let Some(study) = other.or(service.study.as_deref()) {
            self.study(encounter, study).map(ErrorAt::Study)
        } else {
            self.serve_panel(service, encounter)
        };
        if let Some(at) = at {
            self.label(service, twin, at);
        }
    }

    fn serve_panel(&mut self, service: &'w LowValue, encounter: EncounterIndex) -> Option<ErrorAt> {
        let panel = self.world.content.panel(service.panel.as_deref()?)?;
        let (first, report) = (self.chart.observations.len(), self.chart.reports.len());
        self.draw_panel(encounter, panel, 1.0);
        if let (Some(id), Some(visit)) = (&service.bill, self.chart.encounters.get_mut(encounter)) {
            visit.services.push(id);
        }
        let reported = self.chart.reports.len() > report;
        let drawn = self.chart.observations.len() > first;
        match reported {
            true => Some(ErrorAt::Report(report)),
            false => drawn.then_some(ErrorAt::Observation(first)),
        }
    }

    fn label(&mut self, service: &'w LowValue, twin: bool, at: ErrorAt) {
        self.chart.errors.push(PlantedError {
            kind: &service.id,
            why: &service.why,
            twin,
            at,
        });
    }

    /// Labels what care did by itself: antibiotics by the reason of the visit, and panels that a disease asked for.
    pub(super) fn label_services(&mut self) {
        for service in &self.world.content.low_value {
            for at in 0..self.chart.orders.len() {
                self.label_order(service, at);
            }
            for at in 0..self.chart.observations.len() {
                self.label_panel(service, at);
            }
        }
    }

    fn label_order(&mut self, service: &'w LowValue, at: usize) {
        let Some(order) = self.chart.orders.get(at) else {
            return;
        };
        let named = service.medicines.contains(&order.medicine.id);
        let Some(reason) = order.reason.filter(|_| named && !order.planted) else {
            return;
        };
        let is = |codes: &[String]| codes.iter().any(|code| code == reason);
        // Who has COPD is left out by the measures: for them it may be right.
        let lungs = self.health.has("copd", order.authored.day);
        match (is(&service.codes), is(&service.indicated_codes)) {
            (true, _) => self.label(service, lungs, ErrorAt::Order(at)),
            (_, true) => self.label(service, true, ErrorAt::Order(at)),
            _ => {}
        }
    }

    fn label_panel(&mut self, service: &'w LowValue, at: usize) {
        let panel = service.panel.as_deref();
        let panel = panel.and_then(|id| self.world.content.panel(id));
        let Some(panel) = panel.filter(|p| p.report.is_none()) else {
            return;
        };
        let Some(seen) = self.chart.observations.get(at) else {
            return;
        };
        let (day, encounter) = (seen.at.day, seen.encounter);
        let person = &self.chart.person;
        let of_it = panel.members.first() == Some(&seen.measure.id) && !seen.void;
        let mut labelled = self.chart.errors.iter();
        let known = labelled.any(|e| {
            e.kind == service.id && matches!(e.at, ErrorAt::Observation(other) if other == at)
        });
        let concerned = service.concerns(person.age(day), person.female);
        if of_it && !known && concerned && self.has_reason(service, encounter) {
            self.label(service, true, ErrorAt::Observation(at));
        }
    }
}
