//! Specialists: who is asked, and the visits that follow.

use super::Care;
use crate::agenda::Event;
use crate::calendar::{Moment, weekday};
use crate::chart::{Asked, EncounterIndex, Request};
use crate::content::{VisitKind, names};

/// Share of referrals that lead to a visit: own estimate, after Mehrotra 2011, Milbank Q 89:39 (about half).
const SEEN: f64 = 0.65;

/// Chance of a further visit with the specialist.
const RETURNS: f64 = 0.55;

impl<'w> Care<'w> {
    /// Specialists that the states ask for.
    pub(super) fn refer(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        for (active, code) in self.told(day) {
            for referral in &active.disease.referral {
                let same =
                    |r: &&Request<'_>| matches!(r.asked, Asked::Referral(to) if to == referral.to);
                let last = self.chart.requests.iter().rev().find(same);
                let due =
                    last.is_none_or(|r| day - self.start(r.encounter).day >= referral.every_days);
                let asked = due
                    && names(&referral.state, active.state)
                    && self.chance.happens(0.5 * referral.share);
                if asked {
                    self.refer_to(encounter, &referral.to, code);
                }
            }
        }
    }

    /// A referral; most lead to a visit some weeks later.
    pub(super) fn refer_to(&mut self, encounter: EncounterIndex, to: &'w str, code: &'w str) {
        let at = self.start(encounter);
        let seen = self.chance.happens(SEEN);
        let on = at.day + self.chance.between(9, 60);
        let done = seen && on <= self.world.end;
        self.chart.requests.push(Request {
            asked: Asked::Referral(to),
            encounter,
            reason: Some(code),
            done,
        });
        if done {
            self.appoint(on, to, code);
        }
    }

    fn appoint(&mut self, day: i32, to: &'w str, code: &'w str) {
        // Specialists see people from Monday to Friday.
        let day = day - (weekday(day) - 4).max(0);
        let minute = self.chance.between(48, 96) * 10;
        let event = Event::Specialist { to, code };
        self.agenda.add(Moment { day, minute }, event);
    }

    /// A visit with a specialist; some come again.
    pub(super) fn specialist(&mut self, at: Moment, to: &'w str, code: &'w str) {
        let Some(encounter) = self.open(VisitKind::Specialist, at, Some(code)) else {
            return;
        };
        let who = self.world.specialist(to, &mut self.chance);
        if let (Some((facility, practitioner)), Some(visit)) =
            (who, self.chart.encounters.get_mut(encounter))
        {
            (visit.facility, visit.practitioner) = (facility, practitioner);
        }
        self.record_problems(encounter);
        if self.chance.happens(0.75) {
            self.pressure(encounter, 9.0);
        }
        if to.starts_with("cardiology") && self.chance.happens(0.6) {
            self.study(encounter, "ecg");
        }
        if self.chance.happens(RETURNS) {
            let later = self.chance.between(60, 210);
            self.appoint(at.day + later, to, code);
        }
    }
}
